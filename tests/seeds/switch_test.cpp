#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "analysis/scenario/reader.h"
#include "models/finance/lines.h"
#include "models/indicators/implementation/measures.h"
#include "models/run.h"
#include "sim/core/parallel.h"
#include "tests/support/documents.h"
#include "tests/support/moments.h"

/// The table of switches, tests/seeds/table.csv: every fact of the founding texts acts as it says.

using namespace musi;
using namespace musi::models;

namespace {

constexpr double most_errors = 4.0;  ///< standard errors that tell a direction
constexpr std::array<std::size_t, 4> futures_tried{6, 18, 54, 162};

struct Fact {
  std::vector<std::string> ids;
  std::string kind, scope, key, from, to, quantity, direction, says;
};

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  return cells;
}

std::vector<std::string> words_of(const std::string& text, char mark = ' ') {
  std::vector<std::string> words;
  std::istringstream in(text);
  for (std::string word; std::getline(in, word, mark);) {
    const std::size_t first = word.find_first_not_of(' ');
    if (first == std::string::npos) continue;
    words.push_back(word.substr(first, word.find_last_not_of(' ') - first + 1));
  }
  return words;
}

std::vector<Fact> table() {
  std::vector<Fact> rows;
  std::istringstream text(tests::repository_text("tests/seeds/table.csv"));
  std::string line;
  std::getline(text, line);
  REQUIRE(line == "facts,kind,scope,switch,from,to,quantity,direction,says");
  while (std::getline(text, line)) {
    const auto c = cells_of(line);
    INFO(line);
    REQUIRE(c.size() == 9);
    rows.push_back({words_of(c[0]), c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8]});
  }
  return rows;
}

std::vector<Fact> rows_of_kind(std::initializer_list<const char*> kinds) {
  std::vector<Fact> chosen;
  for (const Fact& row : table()) {
    for (const char* kind : kinds) {
      if (row.kind == kind) chosen.push_back(row);
    }
  }
  return chosen;
}

// Runs --------------------------------------------------------------------------------------------

/// Futures of one side of a switch; more are added when they are asked for.
struct Side {
  analysis::ReadResult read;
  std::vector<sim::RunRecord> records;

  const Scenario& scenario() const { return read.variants.front().scenario; }
  const City& city() const { return *read.city->city; }
  void run(std::size_t n) {
    const std::size_t before = records.size();
    if (n <= before) return;
    records.resize(n);
    sim::for_each_index(n - before, [&](std::size_t i) {
      records[before + i] =
          run_future(scenario(), city(), sim::run_seed(scenario().sampling.seed, before + i));
    });
  }
};

Side& side(const std::string& scope, const std::string& key, const std::string& value) {
  static std::map<std::string, Side> sides;
  std::vector<std::string> sets;
  for (const std::string& part : words_of(key, '&')) {
    sets.push_back(part.find('=') == std::string::npos ? part + "=" + value : part);
  }
  std::string name = scope;
  for (const std::string& set : sets) name += " " + set;
  Side& one = sides[name];
  if (one.records.empty()) {
    analysis::ReadOptions options;
    options.sets = sets;
    one.read =
        analysis::read_scenario(MUSI_SOURCE_DIR "/tests/seeds/" + scope + ".yaml", options);
    INFO(name);
    std::string problems;
    for (const auto& problem : one.read.problems.all()) problems += problem.message + "\n";
    INFO(problems);
    CHECK(one.read.ok());
  }
  return one;
}

// Quantities --------------------------------------------------------------------------------------

std::size_t series_named(const Side& s, const std::string& name) {
  const auto infos = series_of(s.scenario(), s.city());
  for (std::size_t i = 0; i < infos.size(); ++i) {
    if (infos[i].name == name) return i;
  }
  FAIL("no series " << name);
  return 0;
}

std::size_t position(const std::vector<std::string>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  INFO("element " << name);
  REQUIRE(found != names.end());
  return static_cast<std::size_t>(found - names.begin());
}

/// Elements of a dimension of the result file.
std::vector<std::string> elements(const Side& s, const std::string& dim) {
  std::vector<std::string> names;
  if (dim == "funds") {
    for (const SourceSpec& f : s.scenario().funding.sources) names.push_back(f.id);
  } else if (dim == "criterion") {
    for (std::size_t k = 0; k < n_criteria; ++k) {
      names.emplace_back(info(static_cast<Criterion>(k)).code);
    }
  } else if (dim == "definition") {
    names = {"Z1", "Z2a", "Z2b", "Z3", "Z3b", "Z4", "Z4a", "Z5"};
  } else if (dim == "site") {
    for (const SiteFacts& site : s.city().sites) names.push_back(site.site_id);
  } else if (dim == "line") {
    for (const LineInfo& line : budget_lines()) names.emplace_back(line.word);
  } else if (dim == "programme") {
    for (const ProgrammeSpec& p : s.scenario().programmes) names.push_back(p.id);
  }
  return names;
}

/// `name[element]@when`, in parts.
struct Quantity {
  std::string name, element, when;

  explicit Quantity(std::string text) {
    const std::size_t at = text.find('@');
    if (at != std::string::npos) when = text.substr(at + 1), text.resize(at);
    const std::size_t bracket = text.find('[');
    if (bracket != std::string::npos) {
      element = text.substr(bracket + 1, text.size() - bracket - 2);
      text.resize(bracket);
    }
    name = text;
  }
};

double at_time(const std::vector<double>& years, const Quantity& q, const Side& s) {
  if (q.when == "sum") {
    double sum = 0.0;
    for (const double v : years) sum += std::isfinite(v) ? v : 0.0;
    return sum;
  }
  if (q.when == "last") return years.back();
  return years.at(static_cast<std::size_t>(std::stoi(q.when) - s.scenario().clock.start_year));
}

/// A yearly or single number of a record; over a dimension the element, or the sum of all.
double series_value(const Side& s, const sim::RunRecord& record, const Quantity& q) {
  const std::size_t series = series_named(s, q.name);
  const auto infos = series_of(s.scenario(), s.city());
  const std::vector<double>& values = record.series[series];
  std::vector<std::string> dims = infos[series].dims;
  const bool yearly = !dims.empty() && dims.front() == "year";
  if (yearly) dims.erase(dims.begin());
  const std::size_t n_years =
      yearly ? static_cast<std::size_t>(s.scenario().clock.n_years()) : std::size_t{1};
  const std::size_t width = values.size() / n_years;
  std::vector<double> years(n_years, 0.0);
  for (std::size_t y = 0; y < n_years; ++y) {
    if (q.element.empty()) {
      for (std::size_t i = 0; i < width; ++i) years[y] += values[y * width + i];
    } else {
      REQUIRE(!dims.empty());
      years[y] = values[y * width + position(elements(s, dims.front()), q.element)];
    }
  }
  if (yearly) return at_time(years, q, s);
  // A definition of zero that was not met counts as the year after the horizon.
  return std::isfinite(years[0]) ? years[0] : s.scenario().clock.end_year + 1.0;
}

/// Slum area of the sites that `wanted` chooses.
double area_of_sites(const Side& s, const sim::RunRecord& record, const Quantity& q,
                     const std::function<bool(const SiteFacts&)>& wanted) {
  double sum = 0.0;
  for (const SiteFacts& site : s.city().sites) {
    if (!wanted(site)) continue;
    Quantity one("site_area[" + site.site_id + "]@" + q.when);
    sum += series_value(s, record, one);
  }
  return sum;
}

/// Sites in which a quarter of the area was no slum at the end.
double sites_touched(const Side& s, const sim::RunRecord& record) {
  double n = 0.0;
  for (const SiteFacts& site : s.city().sites) {
    const double end = series_value(s, record, Quantity("site_area[" + site.site_id + "]@last"));
    n += end < 0.75 * site.area_ha ? 1.0 : 0.0;
  }
  return n;
}

/// Points of the criteria 2a to 7b: all that is not the house.
double service_points(const Side& s, const sim::RunRecord& record, const Quantity& q) {
  double sum = 0.0;
  for (const std::string& code : elements(s, "criterion")) {
    if (code.front() == '1') continue;
    sum += series_value(s, record, Quantity("mean_points[" + code + "]@" + q.when));
  }
  return sum;
}

/// Households that moved over homes that opened.
double take_up(const Side& s, const sim::RunRecord& record) {
  const double opened = series_value(s, record, Quantity("homes_opened@sum"));
  return opened > 0.0 ? series_value(s, record, Quantity("households_relocated")) / opened : 0.0;
}

/// Indicator of implementation of the whole city: years x places x measures, the city first.
double implementation_value(const Side& s, const sim::RunRecord& record, const Quantity& q) {
  std::vector<std::string> names;
  for (std::size_t m = 0; m < implementation::n_measures; ++m) {
    names.emplace_back(implementation::info(static_cast<implementation::Measure>(m)).code);
  }
  const std::vector<double>& values = record.series[series_named(s, "implementation/value")];
  const auto n_years = static_cast<std::size_t>(s.scenario().clock.n_years());
  const std::size_t measure = position(names, q.element);
  std::vector<double> years;
  for (std::size_t y = 0; y < n_years; ++y) {
    years.push_back(values[y * (values.size() / n_years) + measure]);
  }
  return at_time(years, q, s);
}

/// Deviation between sites of their slum area.
double site_spread(const Side& s, const sim::RunRecord& record, const Quantity& q) {
  std::vector<double> areas;
  for (const SiteFacts& site : s.city().sites) {
    areas.push_back(series_value(s, record, Quantity("site_area[" + site.site_id + "]@" + q.when)));
  }
  return tests::moments(areas).sd;
}

double value_of(const Side& s, const sim::RunRecord& record, const std::string& text) {
  const Quantity q(text);
  if (q.name == "service_points") return service_points(s, record, q);
  if (q.name == "take_up") return take_up(s, record);
  if (q.name == "implementation") return implementation_value(s, record, q);
  if (q.name == "site_spread") return site_spread(s, record, q);
  if (q.name == "sites_touched") return sites_touched(s, record);
  if (q.name == "river_area") {
    return area_of_sites(s, record, q, [](const SiteFacts& f) { return f.river_frontage; });
  }
  if (q.name == "strategic_area") {
    return area_of_sites(s, record, q, [](const SiteFacts& f) {
      return f.river_frontage && f.distance_to_centre_km <= 3.0;
    });
  }
  if (q.name == "area_in") {
    return area_of_sites(s, record, q,
                         [&](const SiteFacts& f) { return f.kecamatan == q.element; });
  }
  return series_value(s, record, q);
}

/// Standard errors of the mean paired difference to - from, with as many futures as are needed.
double errors_of(const Fact& row, std::string& told) {
  Side& from = side(row.scope, row.key, row.from);
  Side& to = side(row.scope, row.key, row.to);
  if (!from.read.ok() || !to.read.ok()) return 0.0;
  double errors = 0.0;
  for (const std::size_t n : futures_tried) {
    from.run(n);
    to.run(n);
    std::vector<double> differences;
    double sum = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      const double a = value_of(from, from.records[i], row.quantity);
      sum += a;
      differences.push_back(value_of(to, to.records[i], row.quantity) - a);
    }
    const tests::Moments m = tests::moments(differences);
    errors = m.mean == 0.0 ? 0.0
             : m.sd == 0.0 ? (m.mean > 0.0 ? 1e9 : -1e9)
                           : tests::mean_error(m.mean, m.sd, m.n, 0.0);
    told = fmt::format("{} futures: {:.5g} at {}, {:+.5g} at {}, {:+.1f} standard errors", n,
                       sum / double(n), row.from, m.mean, row.to, errors);
    if (std::abs(errors) > most_errors) break;
  }
  return errors;
}

void require_direction(const Fact& row) {
  std::string told;
  const double errors = errors_of(row, told);
  INFO(row.ids.front() << ", " << row.key << ", " << row.quantity << " " << row.direction << ": "
                       << told);
  CHECK((row.direction == "up" || row.direction == "down"));
  CHECK((row.direction == "up" ? errors : -errors) > most_errors);
}

/// Series of money and of its shares; everything else is bit for bit the same on both sides of a
/// line.
bool is_money(const sim::SeriesInfo& info) {
  return info.unit.find("IDR") != std::string::npos || info.name == "crowding_index" ||
         info.name.starts_with("paid_by_");
}

/// The indicators of implementation that judge the budget.
bool judges_money(std::size_t element) {
  const auto measure =
      static_cast<implementation::Measure>(element % implementation::n_measures);
  const auto code = implementation::info(measure).code;
  return code.front() == 'B' || code == "budget";
}

bool is_same(const sim::SeriesInfo& info, const std::vector<double>& a,
             const std::vector<double>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (info.name.starts_with("implementation/") && judges_money(i)) continue;
    if (std::memcmp(&a[i], &b[i], sizeof(double)) != 0) return false;
  }
  return true;
}

void require_nothing_but_money(const Fact& row) {
  const Side& from = side(row.scope, row.key, row.from);
  const Side& to = side(row.scope, row.key, row.to);
  const auto infos = series_of(from.scenario(), from.city());
  for (std::size_t f = 0; f < futures_tried.front(); ++f) {
    for (std::size_t i = 0; i < infos.size(); ++i) {
      if (is_money(infos[i])) continue;
      INFO(row.ids.front() << " changes " << infos[i].name);
      CHECK(is_same(infos[i], from.records[f].series[i], to.records[f].series[i]));
    }
  }
}

// Data --------------------------------------------------------------------------------------------

const analysis::ReadResult& palembang() {
  static const analysis::ReadResult read =
      analysis::read_scenario(MUSI_SOURCE_DIR "/scenarios/palembang-baseline.yaml");
  REQUIRE(read.ok());
  return read;
}

std::string number(double x) { return fmt::format("{}", x); }

/// Numbers of the shipped folder, by the names in the table.
std::string datum(const std::string& name) {
  const City& city = *palembang().city->city;
  if (name == "name") return city.name;
  if (name == "sites") return number(double(city.sites.size()));
  if (name == "start_area_2019") return number(city.start_area_ha.at(2019));
  if (name == "official_unfit_houses") return number(city.official_unfit_houses);
  if (name == "event_year") return number(city.event_years.at(0));
  if (name == "target_ha_per_year") {
    REQUIRE(city.target_path.kind == TargetPath::Kind::abs_ha_per_year);
    return number(city.target_path.value);
  }
  if (name == "livelihood_reach") {
    const Scenario s = default_scenario();
    return number(double(s.livelihoods.places * s.livelihoods.groups_per_place) * 10.0);
  }
  if (name == "banks") {
    std::set<bool> banks;
    for (const SiteFacts& site : city.sites) banks.insert(site.is_ulu);
    return number(double(banks.size()));
  }
  double n = 0.0;
  for (const SiteFacts& site : city.sites) {
    const bool in_su1 = site.kecamatan == "Seberang Ulu I";
    if (name == "heavy_labels_in_seberang_ulu_i") n += in_su1 && site.heavy_class_reported;
    if (name == "near_the_bridge") n += in_su1 && site.distance_to_centre_km <= 3.0;
  }
  return number(n);
}

/// All test sources as one text.
std::string all_tests() {
  std::string text;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(MUSI_SOURCE_DIR "/tests")) {
    if (entry.path().extension() != ".cpp") continue;
    text += tests::repository_text(
        std::filesystem::relative(entry.path(), MUSI_SOURCE_DIR).string());
  }
  return text;
}

}  // namespace

TEST_CASE("every fact of the founding texts has a row in the table of switches", "[unit]") {
  std::set<std::string> covered;
  const std::set<std::string> kinds{"switch", "money_only", "data", "text",
                                    "test",   "context",    "waits"};
  for (const Fact& row : table()) {
    INFO(row.says << " " << row.quantity);
    CHECK(kinds.count(row.kind) == 1);
    covered.insert(row.ids.begin(), row.ids.end());
    if (row.kind == "waits") WARN("no mechanism yet: " << row.says);
  }
  std::set<std::string> facts;
  std::istringstream text(tests::repository_text("scenarios/seed_facts.csv"));
  std::string line;
  std::getline(text, line);
  while (std::getline(text, line)) facts.insert(line.substr(0, line.find(',')));
  CHECK(facts.size() == 180);
  CHECK(covered == facts);
}

TEST_CASE("switching a fact changes the named quantity in the named direction",
          "[statistical][slow]") {
  for (const Fact& row : rows_of_kind({"switch", "money_only"})) {
    require_direction(row);
    if (row.kind == "money_only") require_nothing_but_money(row);
  }
}

TEST_CASE("a lever at its default equals no lever, bit by bit", "[property]") {
  const char* const levers[] = {
      "funding.scale_pct=100", "funding.unlimited=false", "allocation.rule=official",
      "allocation.rt_order=score_desc", "allocation.composition=menu",
      "allocation.authority=advisory", "participation.facilitators.department_only=false",
      "participation.elders_appointed=false", "procedure.guideline_preset=central",
      "procedure.pre_positioned_guideline=false", "procedure.verbal_start=false",
      "procedure.multi_year_contract=false", "procedure.october_reallocation=true",
      "procedure.audit=false", "land.handling=practice", "land.setback_tolerated=false",
      "growth.prevention_effort_pct=0", "hazards.flood=true", "hazards.fire=true",
      "reporting.mode=ledger", "score.exit_rule=score", "score.cuts=operational",
      "sampling.evaluation=lazy", "participation.mode=simulated", "funding.mode=process"};
  Side& without = side("all", "", "");
  without.run(2);
  const auto infos = series_of(without.scenario(), without.city());
  for (const char* lever : levers) {
    Side& with = side("all", lever, "");
    with.run(2);
    for (std::size_t f = 0; f < 2; ++f) {
      for (std::size_t i = 0; i < infos.size(); ++i) {
        INFO(lever << " changes " << infos[i].name);
        const auto& a = without.records[f].series[i];
        const auto& b = with.records[f].series[i];
        REQUIRE(a.size() == b.size());
        CHECK(std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0);
      }
    }
  }
}

TEST_CASE("facts that another test switches name one that exists", "[unit]") {
  const std::string sources = all_tests();
  for (const Fact& row : rows_of_kind({"test"})) {
    INFO(row.ids.front() << ": " << row.quantity);
    CHECK(sources.find("TEST_CASE(\"" + row.quantity + '"') != std::string::npos);
  }
}

TEST_CASE("the properties of the specification name tests that exist", "[unit]") {
  const std::string text = tests::repository_text("tests/README.md");
  const std::size_t from = text.find("## The properties of the specification");
  REQUIRE(from != std::string::npos);
  const std::string sources = all_tests();
  int rows = 0;
  std::istringstream lines(text.substr(from));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("## ") && rows > 0) break;
    if (!line.starts_with("| ") || line.find('"') == std::string::npos) continue;
    ++rows;
    std::size_t at = 0;
    while ((at = line.find('"', at)) != std::string::npos) {
      const std::size_t end = line.find('"', at + 1);
      REQUIRE(end != std::string::npos);
      const std::string name = line.substr(at, end + 1 - at);
      INFO(name);
      CHECK(sources.find(name) != std::string::npos);
      at = end + 1;
    }
  }
  CHECK(rows == 11);
}

TEST_CASE("the numbers of the founding texts are those of the shipped folder", "[unit]") {
  for (const Fact& row : rows_of_kind({"data"})) {
    INFO(row.ids.front() << " " << row.quantity);
    CHECK(datum(row.quantity) == row.to);
  }
  for (const Fact& row : rows_of_kind({"text"})) {
    INFO(row.ids.front() << " in " << row.quantity);
    CHECK(tests::repository_text(row.quantity).find(row.to) != std::string::npos);
  }
}
