#include "analysis/rt_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/city_tables.h"
#include "analysis/score_sheet_columns.h"
#include "models/programmes/items.h"
#include "models/score/classes.h"
#include "sim/io/number.h"
#include "sim/io/text.h"

namespace musi::analysis {
namespace {

using models::Criterion;
using models::SurveyedRt;
using sim::io::CellType;
using sim::io::CsvColumn;
using sim::io::CsvSpec;
using sim::io::CsvTable;
using sim::io::number_text;
using sim::io::NumberSpec;
using sim::io::Problems;
using sim::io::set_hint;
using sim::io::set_remark;
using sim::io::Text;

constexpr double area_tolerance = 0.05;  ///< of the site's area
const std::vector<std::string> status_words = {"measured",   "reported", "derived", "estimated",
                                               "calibrated", "expert",   "assumed", "synthetic"};
const std::vector<std::string> land_words = {"clear", "disputed", "river_setback",
                                             "state_or_other"};

CsvColumn column(std::string name, CellType type, double min = 0.0, double max = 0.0) {
  CsvColumn c{.name = std::move(name), .type = type};
  if (type == CellType::number || type == CellType::whole) {
    c.number.min = min;
    c.number.max = max;
  }
  return c;
}

CsvColumn choice(std::string name, std::vector<std::string> words) {
  return {.name = std::move(name), .type = CellType::choice, .choices = std::move(words)};
}

CsvColumn needed(CsvColumn c) {
  c.needed = c.filled = true;
  return c;
}

CsvSpec rt_spec() {
  CsvColumn id = needed(column("rt_id", CellType::text));
  id.unique = true;
  CsvColumn area = needed(column("area_ha", CellType::number, 0, 1e5));
  area.number.min_open = true;
  CsvColumn river = column("share_river", CellType::number, 0, 1);
  river.number.is_share = true;
  CsvColumn population = column("population", CellType::whole, 0, 1e6);
  population.needed = true;
  CsvSpec spec{
      .columns = {id, needed(column("site_id", CellType::text)), area,
                  needed(column("buildings", CellType::number, 1, 1e5)),
                  needed(column("households", CellType::whole, models::fewest_surveyed_households,
                                1e5)),
                  population, needed(column("ideal_road_m", CellType::number, 0, 1e6)),
                  needed(column("ideal_drain_m", CellType::number, 0, 1e6)),
                  choice("land_status", land_words), river, column("survey_date", CellType::date),
                  column("score_total", CellType::whole, 0, 80), choice("status", status_words),
                  column("source", CellType::text)}};
  for (const Criterion c : models::criteria_of(models::Regulation::permen_2018)) {
    spec.columns.push_back(needed(column(column_name("num_", c), CellType::number, -1e7, 1e7)));
    spec.columns.push_back(column(column_name("den_", c), CellType::number, 0, 1e7));
  }
  spec.may_have_no_rows = true;  // an empty form is no survey
  return spec;
}

CsvSpec works_spec() {
  std::vector<std::string> items;
  for (std::size_t i = 0; i < models::n_items; ++i) {
    items.emplace_back(word(static_cast<models::Item>(i)));
  }
  return {.columns = {needed(column("month", CellType::month)), column("site_id", CellType::text),
                      column("rt_id", CellType::text), needed(column("programme", CellType::text)),
                      needed(choice("item", items)),
                      needed(column("units", CellType::number, 0, 1e9)),
                      column("cost_idr_mn", CellType::number, 0, 1e9),
                      needed(column("funding_source", CellType::text)),
                      needed(choice("planned_or_realised", {"planned", "realised"})),
                      needed(column("source", CellType::text))},
          .may_have_no_rows = true};
}

std::string header_of(const CsvSpec& spec) {
  std::string line;
  for (const CsvColumn& c : spec.columns) line += (line.empty() ? "" : ",") + c.name;
  return line + "\n";
}

/// A warning at a cell.
void warn(const CsvTable& table, std::size_t row, std::string_view name, std::string code,
          Text message, Problems& problems) {
  sim::Problem& problem =
      problems.warning(std::move(code), table.place(row, name), message.english);
  problem.message_indonesian = std::move(message.indonesian);
  problem.source_line = table.source_line(row);
}

/// What the row itself holds for a denominator.
double denominator_of_row(const SurveyedRt& rt, models::Denominator denominator) {
  switch (denominator) {
    case models::Denominator::buildings: return rt.buildings;
    case models::Denominator::verified_area: return rt.area_ha;
    case models::Denominator::ideal_road: return rt.ideal_road;
    case models::Denominator::ideal_drain: return rt.ideal_drain;
    case models::Denominator::households: break;
  }
  return rt.households;
}

/// `unknown_id` with the nearest known one.
void unknown_id(const CsvTable& table, std::size_t row, std::string_view name,
                const std::vector<std::string>& known, const char* file, Problems& problems) {
  const std::string id(table.text(row, name));
  sim::Problem& problem = table.error(
      row, name, "unknown_id",
      {fmt::format("{} '{}' is not in {}", name, sim::io::quoted_value(id), file),
       fmt::format("{} '{}' tidak ada di {}", name, sim::io::quoted_value(id), file)},
      problems);
  if (const auto nearest = sim::io::nearest_name(id, known)) {
    problem.suggestion = *nearest;
    set_hint(problem, {fmt::format("did you mean '{}'?", *nearest),
                       fmt::format("maksud Anda '{}'?", *nearest)});
  }
}

const models::SiteFacts* site_of(const models::City& city, const std::string& site_id) {
  const auto found = std::find_if(city.sites.begin(), city.sites.end(),
                                  [&](const auto& site) { return site.site_id == site_id; });
  return found == city.sites.end() ? nullptr : &*found;
}

std::vector<std::string> site_ids(const models::City& city) {
  std::vector<std::string> ids;
  for (const models::SiteFacts& site : city.sites) ids.push_back(site.site_id);
  return ids;
}

/// One row of rt.csv.
class RtRow {
 public:
  RtRow(const CsvTable& table, std::size_t row, Problems& problems)
      : table_(table), row_(row), problems_(problems) {}

  SurveyedRt read() {
    rt_.rt_id = table_.text(row_, "rt_id");
    rt_.site_id = table_.text(row_, "site_id");
    rt_.area_ha = table_.number(row_, "area_ha").value_or(0.0);
    rt_.buildings = table_.number(row_, "buildings").value_or(0.0);
    rt_.households = static_cast<int>(table_.whole(row_, "households").value_or(0));
    rt_.population = static_cast<int>(table_.whole(row_, "population").value_or(-1));
    rt_.ideal_road = table_.number(row_, "ideal_road_m").value_or(0.0);
    rt_.ideal_drain = table_.number(row_, "ideal_drain_m").value_or(0.0);
    rt_.share_river = table_.number(row_, "share_river").value_or(-1.0);
    rt_.score_total = static_cast<int>(table_.whole(row_, "score_total").value_or(-1));
    rt_.survey_date = table_.text(row_, "survey_date");
    rt_.status = table_.text(row_, "status");
    rt_.source = table_.text(row_, "source");
    const auto land =
        std::find(land_words.begin(), land_words.end(), table_.text(row_, "land_status"));
    if (land != land_words.end()) {
      rt_.land_status = static_cast<models::LandStatus>(land - land_words.begin());
    }
    if (rt_.area_ha <= 0.0 || rt_.buildings <= 0.0 || rt_.households <= 0) return rt_;  // reported
    for (const Criterion c : models::criteria_of(models::Regulation::permen_2018)) read_volumes(c);
    check_pair(Criterion::c2a, Criterion::c2b);
    check_pair(Criterion::c4b, Criterion::c4c);
    check_population();
    check_total();
    return rt_;
  }

 private:
  void read_volumes(Criterion c) {
    const std::size_t k = models::index(c);
    const std::string numerator = column_name("num_", c);
    const std::string denominator = column_name("den_", c);
    const double of_row = denominator_of_row(rt_, models::info(c).denominator);
    rt_.numerator[k] = table_.number(row_, numerator).value_or(0.0);
    rt_.denominator[k] = table_.number(row_, denominator).value_or(of_row);
    if (rt_.denominator[k] > 0.0 && !(of_row > 0.0)) {
      const std::string_view quantity = row_denominator_column(models::info(c).denominator);
      table_.error(row_, denominator, "criterion",
                   {fmt::format("{} is {} but {} is 0", denominator,
                                number_text(rt_.denominator[k]), quantity),
                    fmt::format("{} bernilai {} tetapi {} nol", denominator,
                                number_text(rt_.denominator[k]), quantity)},
                   problems_);
    }
    const models::Share share = models::share(rt_.numerator[k], rt_.denominator[k]);
    if (!share.clamped_low && !share.clamped_high) return;
    warn(table_, row_, numerator, "clamped",
         {fmt::format("{} of {} is taken as {} %", number_text(rt_.numerator[k]),
                      number_text(rt_.denominator[k]), share.clamped_low ? 0 : 100),
          fmt::format("{} dari {} dianggap {} %", number_text(rt_.numerator[k]),
                      number_text(rt_.denominator[k]), share.clamped_low ? 0 : 100)},
         problems_);
  }

  /// What is missing and what is bad are parts of one length.
  void check_pair(Criterion missing, Criterion bad) {
    const auto shares = rt_.shares();
    const double sum = shares[models::index(missing)] + shares[models::index(bad)];
    if (sum <= 1.0 + 1e-6) return;
    const std::string_view first = models::info(missing).code;
    const std::string_view second = models::info(bad).code;
    sim::Problem& problem = table_.error(
        row_, column_name("num_", bad), "criterion",
        {fmt::format("RT '{}': {} and {} together are {:.2f} % of the ideal length", rt_.rt_id,
                     first, second, 100.0 * sum),
         fmt::format("RT '{}': {} dan {} bersama {:.2f} % dari panjang ideal", rt_.rt_id, first,
                     second, 100.0 * sum)},
        problems_);
    set_hint(problem, {"metres are missing, bad or good: the two cannot exceed 100 %",
                       "meter hilang, buruk atau baik: keduanya tidak dapat melebihi 100 %"});
  }

  void check_population() {
    if (rt_.population < 0 || rt_.households <= 0) return;
    if (rt_.population >= rt_.households &&
        rt_.population <= models::largest_household * rt_.households) {
      return;
    }
    table_.error(row_, "population", "out_of_range",
                 {fmt::format("{} persons in {} households; expected 1 to {} persons a household",
                              rt_.population, rt_.households, models::largest_household),
                  fmt::format("{} jiwa dalam {} rumah tangga; seharusnya 1 sampai {} jiwa per "
                              "rumah tangga",
                              rt_.population, rt_.households, models::largest_household)},
                 problems_);
  }

  void check_total() {
    if (rt_.score_total < 0) return;
    const auto shares = rt_.shares();
    const int total = models::total(shares, models::CutRule::operational);
    if (total == rt_.score_total) return;
    const bool by_law = models::total(shares, models::CutRule::law) == rt_.score_total;
    warn(table_, row_, "score_total", "score_total",
         {fmt::format("RT '{}': score_total is {}, its volumes give {}{}", rt_.rt_id,
                      rt_.score_total, total,
                      by_law ? " (the cuts of the law give the sheet's total)" : ""),
          fmt::format("RT '{}': score_total {}, volumenya menghasilkan {}{}", rt_.rt_id,
                      rt_.score_total, total,
                      by_law ? " (batas peraturan menghasilkan total lembar)" : "")},
         problems_);
  }

  const CsvTable& table_;
  std::size_t row_;
  Problems& problems_;
  SurveyedRt rt_;
};

/// RT areas of each site sum to the site's area.
void check_areas(const CsvTable& table, const std::vector<SurveyedRt>& rts,
                 const models::City& city, Problems& problems) {
  for (const models::SiteFacts& site : city.sites) {
    double sum = 0.0;
    std::size_t last = 0;
    for (std::size_t row = 0; row < rts.size(); ++row) {
      if (rts[row].site_id != site.site_id) continue;
      sum += rts[row].area_ha;
      last = row;
    }
    if (sum <= 0.0 || site.area_ha <= 0.0) continue;
    if (std::abs(sum - site.area_ha) <= area_tolerance * site.area_ha) continue;
    const Text message{
        fmt::format("the RTs of '{}' sum to {:.2f} ha; area_ha of sites.csv is {:.2f}",
                    site.site_id, sum, site.area_ha),
        fmt::format("RT di '{}' berjumlah {:.2f} ha; area_ha di sites.csv {:.2f}", site.site_id,
                    sum, site.area_ha)};
    if (site.area_is_reported) {
      table.error(last, "area_ha", "area_total", message, problems);
    } else {
      warn(table, last, "area_ha", "area_total", message, problems);
    }
  }
}

}  // namespace

std::string rt_csv_header() { return header_of(rt_spec()); }
std::string works_csv_header() { return header_of(works_spec()); }

void read_surveyed_rts(const InputPath& folder, CityData& data, InputFiles& files,
                       Problems& problems) {
  const auto path = file_in(folder, "rt.csv");
  if (!path) return;
  const auto table = read_input_csv(*path, rt_spec(), files, problems);
  if (!table) return;
  models::City& city = *data.city;
  for (std::size_t row = 0; row < table->n_rows(); ++row) {
    check_source_cell(*table, row, data, problems);
    city.surveyed.push_back(RtRow(*table, row, problems).read());
    if (site_of(city, city.surveyed.back().site_id) == nullptr) {
      unknown_id(*table, row, "site_id", site_ids(city), "sites.csv", problems);
    }
  }
  check_areas(*table, city.surveyed, city, problems);
}

void read_works(const InputPath& folder, CityData& data, InputFiles& files, Problems& problems) {
  const auto path = file_in(folder, "works.csv");
  if (!path) return;
  const auto table = read_input_csv(*path, works_spec(), files, problems);
  if (!table) return;
  models::City& city = *data.city;
  std::vector<std::string> rt_ids;
  for (const SurveyedRt& rt : city.surveyed) rt_ids.push_back(rt.rt_id);
  for (std::size_t row = 0; row < table->n_rows(); ++row) {
    check_source_cell(*table, row, data, problems);
    models::WorksRow works;
    const int month = table->month(row, "month").value_or(0);
    works.year = month / 12;
    works.month = month % 12 + 1;
    works.site_id = table->text(row, "site_id");
    works.rt_id = table->text(row, "rt_id");
    works.programme = table->text(row, "programme");
    works.item = models::item_of(table->text(row, "item")).value_or(models::Item::road_surface);
    works.units = table->number(row, "units").value_or(0.0);
    works.cost_idr_mn = table->number(row, "cost_idr_mn").value_or(0.0);
    works.funding_source = table->text(row, "funding_source");
    works.is_realised = table->text(row, "planned_or_realised") == "realised";
    works.source = table->text(row, "source");
    if (month > 0 && !city.start_area_ha.empty() &&
        works.year < city.start_area_ha.begin()->first) {
      table->error(row, "month", "year_outside",
                   {fmt::format("{} is before the first start year of the city, {}",
                                table->text(row, "month"), city.start_area_ha.begin()->first),
                    fmt::format("{} sebelum tahun awal pertama kota, {}",
                                table->text(row, "month"), city.start_area_ha.begin()->first)},
                   problems);
    }
    if (works.site_id.empty() && works.rt_id.empty()) {
      table->error(row, "rt_id", "empty_value",
                   {"neither rt_id nor site_id is given", "rt_id dan site_id keduanya kosong"},
                   problems);
    }
    if (!works.site_id.empty() && site_of(city, works.site_id) == nullptr) {
      unknown_id(*table, row, "site_id", site_ids(city), "sites.csv", problems);
    }
    const auto rt = std::find(rt_ids.begin(), rt_ids.end(), works.rt_id);
    if (!works.rt_id.empty() && rt == rt_ids.end()) {
      unknown_id(*table, row, "rt_id", rt_ids, "rt.csv", problems);
    } else if (!works.rt_id.empty()) {
      const auto at = static_cast<std::size_t>(rt - rt_ids.begin());
      if (works.site_id.empty()) works.site_id = city.surveyed[at].site_id;
      if (works.site_id != city.surveyed[at].site_id) {
        table->error(row, "site_id", "unknown_id",
                     {fmt::format("RT '{}' lies in site '{}'", works.rt_id,
                                  city.surveyed[at].site_id),
                      fmt::format("RT '{}' berada di lokasi '{}'", works.rt_id,
                                  city.surveyed[at].site_id)},
                     problems);
      }
    }
    city.works.push_back(std::move(works));
    data.works_places.push_back({.month = table->place(row, "month"),
                                 .programme = table->place(row, "programme"),
                                 .funding_source = table->place(row, "funding_source"),
                                 .item = table->place(row, "item"),
                                 .source_line = table->source_line(row)});
  }
}

}  // namespace musi::analysis
