#include "analysis/city_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/core/ids.h"
#include "sim/core/portable_math.h"
#include "sim/io/number.h"
#include "sim/io/text.h"

namespace musi::analysis {
namespace {

using sim::io::CellType;
using sim::io::CsvColumn;
using sim::io::CsvSpec;
using sim::io::CsvTable;
using sim::io::NumberSpec;
using sim::io::Problems;
using sim::io::set_hint;
using sim::io::set_remark;
using sim::io::Text;

const std::vector<std::string> status_words = {"measured",   "reported", "derived", "estimated",
                                               "calibrated", "expert",   "assumed", "synthetic"};

NumberSpec between(double min, double max) {
  NumberSpec spec;
  spec.min = min;
  spec.max = max;
  return spec;
}

NumberSpec above_zero(double max) {
  NumberSpec spec = between(0.0, max);
  spec.min_open = true;
  return spec;
}

NumberSpec share() {
  NumberSpec spec = between(0.0, 1.0);
  spec.is_share = true;
  return spec;
}

CsvColumn text(std::string name) { return {.name = std::move(name)}; }
CsvColumn filled(std::string name) {
  return {.name = std::move(name), .needed = true, .filled = true};
}
CsvColumn number(std::string name, NumberSpec spec) {
  return {.name = std::move(name), .type = CellType::number, .number = std::move(spec)};
}
CsvColumn whole(std::string name, double min, double max) {
  return {.name = std::move(name), .type = CellType::whole, .number = between(min, max)};
}
CsvColumn flag(std::string name) { return {.name = std::move(name), .type = CellType::flag}; }
CsvColumn choice(std::string name, std::vector<std::string> words) {
  return {.name = std::move(name), .type = CellType::choice, .choices = std::move(words)};
}
CsvColumn needed(CsvColumn column) {
  column.needed = column.filled = true;
  return column;
}
CsvColumn status(std::string name) { return choice(std::move(name), status_words); }
CsvColumn year(std::string name) { return whole(std::move(name), 1900, 2200); }

int whole_or(const CsvTable& table, std::size_t row, std::string_view name, int otherwise) {
  return static_cast<int>(table.whole(row, name).value_or(otherwise));
}

int flag_or(const CsvTable& table, std::size_t row, std::string_view name, int otherwise) {
  const auto value = table.flag(row, name);
  return value ? static_cast<int>(*value) : otherwise;
}

std::string string_at(const CsvTable& table, std::size_t row, std::string_view name) {
  return std::string(table.text(row, name));
}

CsvSpec sites_spec(const CityFrame& frame) {
  CsvColumn id = filled("site_id");
  id.unique = true;
  id.longest = 16;
  CsvColumn code = text("kelurahan_code");
  code.unique = true;
  code.longest = 16;
  CsvColumn distance = number("distance_to_centre_km", between(0, 1000));
  distance.also_named = {"distance_to_ampera_km"};
  std::vector<std::string> rivers = frame.river_names;
  rivers.push_back("none");
  CsvColumn sign = whole("tenure_item", -1, 1);
  CsvColumn plan = whole("plan_item", -1, 1);
  return {.columns = {id,
                      code,
                      filled("kelurahan"),
                      filled("kecamatan"),
                      text("kecamatan_since_2018"),
                      number("lat_deg", between(-90, 90)),
                      number("lon_deg", between(-180, 180)),
                      flag("river_frontage"),
                      choice("river_name", rivers),
                      number("river_group_share", share()),
                      distance,
                      number("kelurahan_area_ha", above_zero(1e6)),
                      number("area_ha", above_zero(1e6)),
                      status("area_status"),
                      whole("n_rt", 1, 100'000),
                      number("persons_per_ha", between(10, 2000)),
                      status("density_status"),
                      whole("households", 0, 1e7),
                      flag("heavy_class_reported"),
                      flag("named_as_slum"),
                      number("unclear_land_share", share()),
                      flag("strategic"),
                      sign,
                      plan,
                      choice("livelihood_business", {models::business_words.begin(),
                                                     models::business_words.end()}),
                      needed(status("status")),
                      filled("source"),
                      text("notes")}};
}

/// Great-circle distance [km] on a sphere, by the small-angle form: sites lie within a city.
double distance_km(double lat_a, double lon_a, double lat_b, double lon_b) {
  constexpr double km_per_degree = 111.195;
  constexpr double radians = 0.017453292519943295;
  const double middle = 0.5 * (lat_a + lat_b) * radians;
  // cos(x) by its series: enough below 1e-6 for |x| < 0.5, better than 1e-3 everywhere we look.
  const double x2 = middle * middle;
  const double cosine = 1.0 - x2 / 2.0 + x2 * x2 / 24.0 - x2 * x2 * x2 / 720.0;
  const double north = (lat_a - lat_b) * km_per_degree;
  const double east = (lon_a - lon_b) * km_per_degree * cosine;
  return std::sqrt(north * north + east * east);
}

bool reported(std::string_view status) {
  return !status.empty() && status != "synthetic" && status != "assumed";
}

void check_place(const CsvTable& table, std::size_t row, const CityFrame& frame,
                 const models::SiteFacts& site, Problems& problems) {
  const CityBox& box = frame.box;
  if (!box.is_given || site.latitude < -900.0) return;
  const auto inside = [&](double lat, double lon) {
    return lat >= box.south && lat <= box.north && lon >= box.west && lon <= box.east;
  };
  if (inside(site.latitude, site.longitude)) return;
  const bool swapped = inside(site.longitude, site.latitude);
  auto& problem = problems.warning(
      "outside_city", table.place(row, "lat_deg"),
      fmt::format("site '{}' at {}, {} lies outside the box of city.yaml{}", site.site_id,
                  sim::io::number_text(site.latitude), sim::io::number_text(site.longitude),
                  swapped ? "; latitude and longitude swapped?" : ""));
  problem.message_indonesian =
      fmt::format("lokasi '{}' di {}, {} berada di luar kotak city.yaml{}", site.site_id,
                  sim::io::number_text(site.latitude), sim::io::number_text(site.longitude),
                  swapped ? "; lintang dan bujur tertukar?" : "");
  problem.source_line = table.source_line(row);
}

void check_cap(const CsvTable& table, std::size_t row, const models::SiteFacts& site,
               Problems& problems) {
  if (site.area_ha <= 0.0 || site.kelurahan_area_ha <= 0.0) return;
  if (site.area_ha <= site.kelurahan_area_ha) return;
  auto& problem =
      table.error(row, "area_ha", "area_above_cap",
                  {fmt::format("slum area {} ha of '{}' is above its kelurahan_area_ha {}",
                               sim::io::number_text(site.area_ha), site.site_id,
                               sim::io::number_text(site.kelurahan_area_ha)),
                   fmt::format("luas kumuh {} ha di '{}' melebihi kelurahan_area_ha {}",
                               sim::io::number_text(site.area_ha), site.site_id,
                               sim::io::number_text(site.kelurahan_area_ha))},
                  problems);
  set_hint(problem, {"a site lies inside its kelurahan; correct one of the two",
                     "lokasi berada di dalam kelurahannya; perbaiki salah satu"});
}

models::SiteFacts site_at(const CsvTable& table, std::size_t row, const CityFrame& frame,
                          sim::EntityKey city_key) {
  models::SiteFacts site;
  site.site_id = string_at(table, row, "site_id");
  site.key = sim::mix(city_key, sim::fnv1a(site.site_id.data(), site.site_id.size()));
  site.kelurahan = string_at(table, row, "kelurahan");
  site.kelurahan_code = string_at(table, row, "kelurahan_code");
  site.kecamatan = string_at(table, row, "kecamatan");
  site.kecamatan_since_2018 = string_at(table, row, "kecamatan_since_2018");
  site.latitude = table.number(row, "lat_deg").value_or(-999.0);
  site.longitude = table.number(row, "lon_deg").value_or(-999.0);
  site.river_frontage = flag_or(table, row, "river_frontage", 0) == 1;
  site.river_group_share = table.number(row, "river_group_share").value_or(0.0);
  site.distance_to_centre_km = table.number(row, "distance_to_centre_km").value_or(-1.0);
  if (site.distance_to_centre_km < 0.0 && site.latitude > -900.0 &&
      frame.centre_latitude > -900.0) {
    site.distance_to_centre_km =
        distance_km(site.latitude, site.longitude, frame.centre_latitude, frame.centre_longitude);
  }
  site.kelurahan_area_ha = table.number(row, "kelurahan_area_ha").value_or(-1.0);
  site.area_ha = table.number(row, "area_ha").value_or(-1.0);
  site.area_is_reported = site.area_ha > 0.0 && reported(table.text(row, "area_status"));
  site.n_rt = whole_or(table, row, "n_rt", -1);
  site.persons_per_ha = table.number(row, "persons_per_ha").value_or(-1.0);
  site.density_is_reported = table.text(row, "density_status") == "reported";
  site.households = whole_or(table, row, "households", -1);
  site.heavy_class_reported = flag_or(table, row, "heavy_class_reported", 0) == 1;
  site.named_as_slum = flag_or(table, row, "named_as_slum", 0) == 1;
  site.unclear_land_share = table.number(row, "unclear_land_share").value_or(-1.0);
  site.strategic = flag_or(table, row, "strategic", -1);
  site.tenure_item = whole_or(table, row, "tenure_item", 0);
  site.plan_item = whole_or(table, row, "plan_item", 0);
  const auto& words = models::business_words;
  const auto word = std::find(words.begin(), words.end(), table.text(row, "livelihood_business"));
  if (word != words.end()) site.business = static_cast<models::Business>(word - words.begin());
  const auto& south = frame.south_bank;
  site.is_ulu = std::find(south.begin(), south.end(), site.kecamatan) != south.end();
  site.status = string_at(table, row, "status");
  site.source = string_at(table, row, "source");
  site.notes = string_at(table, row, "notes");
  return site;
}

/// `60 sites found, city.yaml expects 59`, and which ids might be the reason.
void check_site_count(const CsvTable& table, const CityFrame& frame, Problems& problems) {
  const int n = static_cast<int>(table.n_rows());
  if (n == frame.expected_sites || frame.expected_sites == 0) return;
  sim::Place place;
  place.file = table.file();
  place.line = n > 0 ? table.line(table.n_rows() - 1) : 1;
  const sim::Place& expected = frame.expected_sites_place;
  auto& problem = problems.error(
      "site_count", place,
      Text{fmt::format("{} sites found, city.yaml expects {} ({}:{}:{})", n, frame.expected_sites,
                       expected.file, expected.line, expected.column),
           fmt::format("{} lokasi ditemukan, city.yaml mengharapkan {} ({}:{}:{})", n,
                       frame.expected_sites, expected.file, expected.line, expected.column)});
  std::vector<std::string> twice;
  for (std::size_t a = 0; a < table.n_rows(); ++a) {
    for (std::size_t b = a + 1; b < table.n_rows(); ++b) {
      if (table.text(a, "site_id") == table.text(b, "site_id")) {
        twice.push_back(fmt::format("site_id '{}' appears in lines {} and {}",
                                    table.text(a, "site_id"), table.line(a), table.line(b)));
      }
    }
  }
  if (!twice.empty()) {
    set_remark(problem, {twice.front(), twice.front()});
  } else {
    set_remark(problem,
               {n > frame.expected_sites ? "delete the row that is too much, or change "
                                           "expected_sites in city.yaml"
                                         : "add the row that is missing, or change expected_sites "
                                           "in city.yaml",
                "sesuaikan baris atau expected_sites di city.yaml"});
  }
}

void check_area_total(const CsvTable& table, const CityFrame& frame, const models::City& city,
                      Problems& problems) {
  double sum = 0.0;
  for (const models::SiteFacts& site : city.sites) {
    if (site.area_ha <= 0.0) return;  // drawn to fit the total
    sum += site.area_ha;
  }
  if (frame.start_area_ha <= 0.0 || std::abs(sum - frame.start_area_ha) <= 0.005) return;
  auto& problem = problems.warning(
      "area_total", table.header_place("area_ha"),
      fmt::format("site areas sum to {:.2f} ha, start_area_ha of city.yaml is {:.2f}", sum,
                  frame.start_area_ha));
  problem.message_indonesian = fmt::format(
      "jumlah luas lokasi {:.2f} ha, start_area_ha di city.yaml {:.2f}", sum, frame.start_area_ha);
  set_remark(problem, {"the areas of each run are scaled to the total of its start year",
                       "luas setiap lokasi disesuaikan dengan total tahun awal"});
}

}  // namespace

void check_source_cell(const CsvTable& table, std::size_t row, const CityData& data,
                       Problems& problems) {
  const std::string cell = string_at(table, row, "source");
  std::size_t begin = 0;
  while (begin <= cell.size()) {
    const std::size_t end = std::min(cell.find(';', begin), cell.size());
    const std::string key(sim::io::trimmed(std::string_view(cell).substr(begin, end - begin)));
    begin = end + 1;
    if (key.empty() || data.reference_keys.contains(key)) continue;
    auto& problem = table.error(
        row, "source", "unknown_source",
        {fmt::format("source '{}' is not in references.csv", sim::io::quoted_value(key)),
         fmt::format("sumber '{}' tidak ada di references.csv", sim::io::quoted_value(key))},
        problems);
    const std::vector<std::string> known(data.reference_keys.begin(), data.reference_keys.end());
    if (const auto nearest = sim::io::nearest_name(key, known)) {
      problem.suggestion = *nearest;
      set_hint(problem, {fmt::format("did you mean '{}'?", *nearest),
                         fmt::format("maksud Anda '{}'?", *nearest)});
    }
  }
}

void read_references(const InputPath& folder, CityData& data, InputFiles& files,
                     Problems& problems) {
  const auto path = needed_file(folder, "references.csv", problems);
  if (!path) return;
  CsvColumn key = filled("key");
  key.unique = true;
  const CsvSpec spec{.columns = {key, filled("citation"), text("address"), year("year"),
                                 text("accessed"), choice("confidence", {"high", "medium", "low"})},
                     .may_have_no_rows = true};
  const auto table = read_input_csv(*path, spec, files, problems);
  if (!table) return;
  for (std::size_t row = 0; row < table->n_rows(); ++row) {
    Reference r;
    r.key = string_at(*table, row, "key");
    r.citation = string_at(*table, row, "citation");
    r.address = string_at(*table, row, "address");
    r.confidence = string_at(*table, row, "confidence");
    r.year = whole_or(*table, row, "year", 0);
    data.reference_keys.insert(r.key);
    data.references.push_back(std::move(r));
  }
}

void read_sites(const InputPath& folder, const CityFrame& frame, CityData& data, InputFiles& files,
                Problems& problems) {
  const auto path = needed_file(folder, "sites.csv", problems);
  if (!path) return;
  const auto table = read_input_csv(*path, sites_spec(frame), files, problems);
  if (!table) return;
  models::City& city = *data.city;
  const std::size_t n_errors = problems.n_errors();
  for (std::size_t row = 0; row < table->n_rows(); ++row) {
    models::SiteFacts site = site_at(*table, row, frame, city.key);
    check_place(*table, row, frame, site, problems);
    check_cap(*table, row, site, problems);
    check_source_cell(*table, row, data, problems);
    if (site.area_ha > 0.0 && !site.area_is_reported) ++data.n_synthetic_areas;
    data.kecamatan.insert(site.kecamatan);
    if (!site.kecamatan_since_2018.empty()) data.kecamatan.insert(site.kecamatan_since_2018);
    city.sites.push_back(std::move(site));
  }
  check_site_count(*table, frame, problems);
  // A wrong row makes a wrong sum; one message is enough.
  if (problems.n_errors() == n_errors) check_area_total(*table, frame, city, problems);
}

void read_budgets(const InputPath& folder, CityData& data, InputFiles& files, Problems& problems) {
  const auto path = file_in(folder, "budgets.csv");
  if (!path) return;
  const CsvSpec spec{
      .columns = {needed(year("year")), filled("funding_source"), filled("programme"),
                  number("amount_idr_bn", between(0, 1e6)),
                  needed(choice("planned_or_realised", {"planned", "allocated", "realised"})),
                  needed(flag("use_in_total")), number("units", between(0, 1e9)), text("unit_name"),
                  filled("source"), needed(status("status")), text("note")},
      .may_have_no_rows = true};
  const auto table = read_input_csv(*path, spec, files, problems);
  if (!table) return;
  for (std::size_t row = 0; row < table->n_rows(); ++row) {
    check_source_cell(*table, row, data, problems);
    if (flag_or(*table, row, "use_in_total", 0) == 0) continue;
    models::BudgetRow b;
    b.year = whole_or(*table, row, "year", 0);
    b.funding_source = string_at(*table, row, "funding_source");
    b.programme = string_at(*table, row, "programme");
    b.amount_idr_bn = table->number(row, "amount_idr_bn").value_or(0.0);
    b.is_planned = table->text(row, "planned_or_realised") == "planned";
    b.units = table->number(row, "units").value_or(-1.0);
    data.budget_years.insert(b.year);
    data.budget_sources.insert(b.funding_source);
    data.budget_programmes.insert(b.programme);
    data.city->budgets.push_back(std::move(b));
  }
}

void read_observed(const InputPath& folder, CityData& data, InputFiles& files, Problems& problems) {
  const auto path = needed_file(folder, "observed.csv", problems);
  if (!path) return;
  const NumberSpec any = between(-1e12, 1e12);
  const CsvSpec spec{
      .columns = {filled("indicator"), filled("place"), needed(year("year")), whole("month", 1, 12),
                  number("value", any), filled("unit"), number("low", any), number("high", any),
                  text("series"), needed(choice("use", {"calibrate", "check", "do_not_use"})),
                  needed(status("status")), filled("source"), text("note")},
      .may_have_no_rows = true};
  const auto table = read_input_csv(*path, spec, files, problems);
  if (!table) return;
  for (std::size_t row = 0; row < table->n_rows(); ++row) {
    check_source_cell(*table, row, data, problems);
    Observation o;
    o.indicator = string_at(*table, row, "indicator");
    o.place = string_at(*table, row, "place");
    o.unit = string_at(*table, row, "unit");
    o.series = string_at(*table, row, "series");
    o.use = string_at(*table, row, "use");
    o.status = string_at(*table, row, "status");
    o.source = string_at(*table, row, "source");
    o.note = string_at(*table, row, "note");
    o.year = whole_or(*table, row, "year", 0);
    o.month = whole_or(*table, row, "month", 0);
    o.value = table->number(row, "value");
    o.low = table->number(row, "low");
    o.high = table->number(row, "high");
    data.observed.push_back(std::move(o));
  }
}

void read_targets(const InputPath& folder, CityData& data, InputFiles& files, Problems& problems) {
  const auto path = file_in(folder, "targets.csv");
  if (!path) return;
  const NumberSpec any = between(-1e12, 1e12);
  CsvColumn id = filled("target_id");
  id.unique = true;
  const CsvSpec spec{
      .columns = {id, filled("text_en"), text("text_id"), filled("indicator"), number("value", any),
                  filled("unit"), year("set_year"), year("target_year"), number("base_value", any),
                  choice("met", {"yes", "no", "partly", "unclear", "unknown"}), text("evidence"),
                  filled("source"), needed(status("status")), text("note")},
      .may_have_no_rows = true};
  const auto table = read_input_csv(*path, spec, files, problems);
  if (!table) return;
  for (std::size_t row = 0; row < table->n_rows(); ++row) {
    check_source_cell(*table, row, data, problems);
    OfficialTarget t;
    t.id = string_at(*table, row, "target_id");
    t.text_en = string_at(*table, row, "text_en");
    t.text_id = string_at(*table, row, "text_id");
    t.indicator = string_at(*table, row, "indicator");
    t.unit = string_at(*table, row, "unit");
    t.met = string_at(*table, row, "met");
    t.evidence = string_at(*table, row, "evidence");
    t.source = string_at(*table, row, "source");
    t.status = string_at(*table, row, "status");
    t.note = string_at(*table, row, "note");
    t.value = table->number(row, "value");
    t.base_value = table->number(row, "base_value");
    t.set_year = whole_or(*table, row, "set_year", 0);
    t.target_year = whole_or(*table, row, "target_year", 0);
    data.targets.push_back(std::move(t));
  }
}

void read_rotation(const InputPath& folder, CityData& data, InputFiles& files, Problems& problems) {
  const auto path = file_in(folder, "rotation.csv");
  if (!path) return;
  const CsvSpec spec{.columns = {needed(year("year")), filled("kecamatan"), filled("programme")},
                     .may_have_no_rows = true};
  const auto table = read_input_csv(*path, spec, files, problems);
  if (!table) return;
  const std::vector<std::string> known(data.kecamatan.begin(), data.kecamatan.end());
  for (std::size_t row = 0; row < table->n_rows(); ++row) {
    models::RotationRow r;
    r.year = whole_or(*table, row, "year", 0);
    r.kecamatan = string_at(*table, row, "kecamatan");
    r.programme = string_at(*table, row, "programme");
    if (!known.empty() && !data.kecamatan.contains(r.kecamatan)) {
      auto& problem = table->error(
          row, "kecamatan", "unknown_id",
          {fmt::format("no site lies in kecamatan '{}'", sim::io::quoted_value(r.kecamatan)),
           fmt::format("tidak ada lokasi di kecamatan '{}'", sim::io::quoted_value(r.kecamatan))},
          problems);
      if (const auto nearest = sim::io::nearest_name(r.kecamatan, known)) {
        problem.suggestion = *nearest;
        set_hint(problem, {fmt::format("did you mean '{}'?", *nearest),
                           fmt::format("maksud Anda '{}'?", *nearest)});
      }
    }
    data.city->rotation.push_back(std::move(r));
  }
}

}  // namespace musi::analysis
