#include "analysis/city_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string_view>

#include "analysis/city_tables.h"
#include "analysis/rt_table.h"
#include "sim/core/ids.h"
#include "sim/io/number.h"
#include "sim/io/text.h"

namespace musi::analysis {
namespace {

using sim::io::NumberSpec;
using sim::io::Problems;
using sim::io::set_remark;
using sim::io::Text;
using sim::io::YamlEntry;
using sim::io::YamlNode;

NumberSpec between(double min, double max) {
  NumberSpec spec;
  spec.min = min;
  spec.max = max;
  return spec;
}

struct NeededKey {
  const char* key;
  const char* meaning;
  const char* example;
};
constexpr NeededKey needed_keys[] = {
    {"schema", "version of the format", "schema: 1"},
    {"name", "name of the city in files", "name: palembang"},
    {"title", "name of the city for readers", "title: {en: \"Palembang\", id: \"Palembang\"}"},
    {"country", "ISO code of the country", "country: ID"},
    {"language", "ISO code of the language", "language: id"},
    {"size_class", "metropolitan, large, medium or small", "size_class: metropolitan"},
    {"expected_sites", "rows that sites.csv must have", "expected_sites: 59"},
    {"city_area_ha", "denominator of slum coverage", "city_area_ha: 35250"},
    {"start_area_ha", "total of the sites by start year", "start_area_ha: {2019: 1729.84}"},
    {"price_year", "year of constant prices", "price_year: 2019"},
    {"price_index", "construction prices by year, any base", "price_index: {2019: 100}"},
};

/// Reads city.yaml.
class CityFile {
 public:
  CityFile(const YamlNode& root, CityData& data, CityFrame& frame, Problems& problems)
      : root_(root), data_(data), city_(*data.city), frame_(frame), problems_(problems) {}

  void read() {
    root_.check_keys(
        {"schema", "name", "title", "country", "language", "size_class", "expected_sites",
         "city_area_ha", "official_unfit_houses", "start_area_ha", "price_year", "price_index",
         "centre", "box", "river_names", "south_bank", "decree_years", "event_years",
         "target_path", "defaults"},
        problems_);
    for (const NeededKey& key : needed_keys) {
      if (!root_.has(key.key) && root_.find_entry(key.key) == nullptr) {
        root_.report_missing_key(key.key, {key.meaning, key.meaning}, key.example, problems_);
      }
    }
    read_identity();
    read_numbers();
    read_places();
    read_years("decree_years", city_.decree_years);
    read_years("event_years", city_.event_years);
    read_target_path();
    if (const YamlNode* defaults = root_.find("defaults")) {
      if (defaults->as_map(problems_) != nullptr) data_.defaults = *defaults;
    }
  }

 private:
  void read_identity() {
    if (const YamlNode* schema = root_.find("schema")) {
      const auto version = schema->as_whole({}, problems_);
      if (version && *version != 1) {
        schema->error(
            "schema_version",
            {fmt::format("city format {} is not known; this program reads 1", *version),
             fmt::format("format kota {} tidak dikenal; program ini membaca 1", *version)},
            problems_);
      }
    }
    if (const YamlNode* name = root_.find("name")) {
      city_.name = name->as_text(problems_).value_or("");
      city_.key = sim::mix64(sim::fnv1a(city_.name.data(), city_.name.size()));
    }
    for (const char* key : {"country", "language"}) {
      if (const YamlNode* node = root_.find(key)) node->as_text(problems_);
    }
    if (const YamlNode* title = root_.find("title")) {
      if (title->is_map()) {
        title->check_keys({"en", "id"}, problems_);
        if (const YamlNode* en = title->find("en")) city_.title_en = en->text;
        if (const YamlNode* id = title->find("id")) city_.title_id = id->text;
      } else {
        city_.title_en = city_.title_id = title->as_text(problems_).value_or("");
      }
      if (city_.title_id.empty()) city_.title_id = city_.title_en;
      if (city_.title_en.empty()) city_.title_en = city_.title_id;
    }
    if (const YamlNode* size = root_.find("size_class")) {
      const std::vector<std::string> words = {"metropolitan", "large", "medium", "small"};
      if (const auto word = size->as_choice(words, problems_)) {
        const auto at = std::find(words.begin(), words.end(), *word) - words.begin();
        city_.size_class = static_cast<models::SizeClass>(at);
      }
    }
  }

  void read_numbers() {
    if (const YamlNode* n = root_.find("expected_sites")) {
      frame_.expected_sites =
          static_cast<int>(n->as_whole(between(1, 100'000), problems_).value_or(0));
      frame_.expected_sites_place = n->place();
    }
    NumberSpec area = between(0, 1e8);
    area.min_open = true;
    area.unit = {"ha", "ha"};
    if (const YamlNode* n = root_.find("official_unfit_houses")) {
      city_.official_unfit_houses = n->as_number(between(0, 1e7), problems_).value_or(-1.0);
    }
    if (const YamlNode* n = root_.find("city_area_ha")) {
      city_.city_area_ha = n->as_number(area, problems_).value_or(0.0);
    }
    if (const YamlNode* n = root_.find("price_year")) {
      city_.price_year =
          static_cast<int>(n->as_whole(between(1950, 2200), problems_).value_or(2019));
    }
    if (const YamlNode* n = root_.find("start_area_ha")) {
      read_by_year(*n, area, city_.start_area_ha);
    }
    NumberSpec index = between(0, 1e9);
    index.min_open = true;
    if (const YamlNode* n = root_.find("price_index")) read_by_year(*n, index, city_.price_index);
    const YamlNode* prices = root_.find("price_index");
    if (prices != nullptr && !city_.price_index.empty() && root_.has("price_year") &&
        prices->find_entry(std::to_string(city_.price_year)) == nullptr) {
      root_.find("price_year")
          ->error("out_of_range",
                  {fmt::format("price_year {} has no value in price_index", city_.price_year),
                   fmt::format("price_year {} tidak ada di price_index", city_.price_year)},
                  problems_);
    }
    // The site table describes the latest year that is not after it was drawn up.
    if (!city_.start_area_ha.empty()) {
      frame_.start_area_ha = city_.start_area_ha.rbegin()->second;
    }
  }

  void read_by_year(const YamlNode& node, const NumberSpec& range, std::map<int, double>& into) {
    if (node.as_map(problems_) == nullptr) return;
    NumberSpec years = between(1900, 2200);
    years.whole = true;
    for (const YamlEntry& entry : node.entries) {
      const auto year = sim::io::read_number(entry.key, years);
      if (!year.value) {
        entry.error("bad_number",
                    {fmt::format("'{}' is not a year", sim::io::quoted_value(entry.key)),
                     fmt::format("'{}' bukan tahun", sim::io::quoted_value(entry.key))},
                    problems_);
        continue;
      }
      if (entry.value.is_null()) {
        node.report_empty_value(entry, {}, problems_);
      } else if (const auto value = entry.value.as_number(range, problems_)) {
        into[static_cast<int>(*year.value)] = *value;
      }
    }
  }

  double number_in(const YamlNode& node, const char* key, double min, double max) {
    const YamlNode* value = node.find(key);
    if (value == nullptr) {
      node.report_missing_key(key, {"degrees", "derajat"}, fmt::format("{}: 0.5", key), problems_);
      return 0.0;
    }
    return value->as_number(between(min, max), problems_).value_or(0.0);
  }

  void read_places() {
    if (const YamlNode* centre = root_.find("centre");
        centre != nullptr && centre->as_map(problems_) != nullptr) {
      centre->check_keys({"lat_deg", "lon_deg"}, problems_);
      frame_.centre_latitude = number_in(*centre, "lat_deg", -90, 90);
      frame_.centre_longitude = number_in(*centre, "lon_deg", -180, 180);
    }
    if (const YamlNode* box = root_.find("box");
        box != nullptr && box->as_map(problems_) != nullptr) {
      box->check_keys({"south", "north", "west", "east"}, problems_);
      frame_.box.is_given = true;
      frame_.box.south = number_in(*box, "south", -90, 90);
      frame_.box.north = number_in(*box, "north", -90, 90);
      frame_.box.west = number_in(*box, "west", -180, 180);
      frame_.box.east = number_in(*box, "east", -180, 180);
    }
    frame_.river_names = texts("river_names");
    frame_.south_bank = texts("south_bank");
  }

  std::vector<std::string> texts(const char* key) {
    std::vector<std::string> all;
    const YamlNode* node = root_.find(key);
    if (node == nullptr || node->as_list(problems_) == nullptr) return all;
    for (const YamlNode& item : node->items) all.push_back(item.as_text(problems_).value_or(""));
    return all;
  }

  void read_years(const char* key, std::vector<int>& into) {
    const YamlNode* node = root_.find(key);
    if (node == nullptr || node->as_list(problems_) == nullptr) return;
    for (const YamlNode& item : node->items) {
      const auto year = item.as_whole(between(1900, 2200), problems_);
      if (year) into.push_back(static_cast<int>(*year));
    }
    std::sort(into.begin(), into.end());
  }

  void read_target_path() {
    using Kind = models::TargetPath::Kind;
    const YamlNode* node = root_.find("target_path");
    if (node == nullptr || node->as_map(problems_) == nullptr) return;
    node->check_keys({"zero_by", "abs_ha_per_year", "pct_of_base", "pct_of_rest"}, problems_);
    if (node->entries.size() != 1) {
      node->error("wrong_type",
                  {"a target path has exactly one key", "jalur target punya tepat satu kunci"},
                  problems_);
      return;
    }
    const YamlEntry& entry = node->entries.front();
    models::TargetPath& path = city_.target_path;
    path.kind = entry.key == "zero_by"       ? Kind::zero_by
                : entry.key == "pct_of_base" ? Kind::pct_of_base
                : entry.key == "pct_of_rest" ? Kind::pct_of_rest
                                             : Kind::abs_ha_per_year;
    path.value = entry.value.as_number(between(0, 1e6), problems_).value_or(0.0);
  }

  const YamlNode& root_;
  CityData& data_;
  models::City& city_;
  CityFrame& frame_;
  Problems& problems_;
};

}  // namespace

std::optional<InputPath> needed_file(const InputPath& folder, const std::string& name,
                                     Problems& problems) {
  const auto path = file_in(folder, name);
  if (path) return path;
  sim::Place place;
  place.file = folder.shown() + "/" + name;
  auto& problem = problems.error("missing_file", place,
                                 Text{fmt::format("the city folder has no {}", name),
                                      fmt::format("folder kota tidak punya {}", name)});
  set_remark(problem,
             {"a city folder needs city.yaml, sites.csv, observed.csv, references.csv and NOTES.md",
              "folder kota memerlukan city.yaml, sites.csv, observed.csv, references.csv dan "
              "NOTES.md"});
  return std::nullopt;
}

/// Shapes of sites: no submodel reads them, exports do. They travel in the result.
void keep_shapes(const InputPath& folder, InputFiles& files, Problems& problems) {
  const auto path = file_in(folder, "sites.geojson");
  if (path) read_input_text(*path, files, problems);
}

void check_notes(const InputPath& folder, InputFiles& files, Problems& problems) {
  const auto path = needed_file(folder, "NOTES.md", problems);
  if (!path) return;
  const auto text = read_input_text(*path, files, problems);
  if (!text) return;
  for (const char* name : {"city.yaml", "sites.csv", "rt.csv", "works.csv", "budgets.csv",
                           "observed.csv", "targets.csv", "references.csv", "rotation.csv",
                           "adjacency.csv", "population.csv", "sites.geojson"}) {
    if (!file_in(folder, name)) continue;
    bool found = false;
    std::string_view rest = *text;
    while (!rest.empty() && !found) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      const std::string_view line = rest.substr(0, end);
      found = line.starts_with("#") && line.find(name) != std::string_view::npos;
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    if (found) continue;
    sim::Place place;
    place.file = path->shown();
    auto& problem = problems.error("missing_notes", place,
                                   Text{fmt::format("no heading for {}", name),
                                        fmt::format("tidak ada judul untuk {}", name)});
    set_remark(problem, {fmt::format("add '## {}' with origin, year, licence and gaps", name),
                         fmt::format("tambahkan '## {}' dengan asal, tahun, lisensi dan "
                                     "kekurangan",
                                     name)});
  }
}

std::optional<CityData> read_city(const InputPath& folder, InputFiles& files, Problems& problems) {
  const std::size_t n_errors = problems.n_errors();
  CityData data;
  data.city = std::make_shared<models::City>();
  data.city->folder = folder.shown();
  const auto path = needed_file(folder, "city.yaml", problems);
  if (!path) return std::nullopt;
  const auto root = read_input_yaml(*path, files, problems);
  if (!root) return std::nullopt;
  CityFrame frame;
  CityFile(*root, data, frame, problems).read();
  read_references(folder, data, files, problems);
  read_sites(folder, frame, data, files, problems);
  read_budgets(folder, data, files, problems);
  read_observed(folder, data, files, problems);
  read_targets(folder, data, files, problems);
  read_rotation(folder, data, files, problems);
  read_surveyed_rts(folder, data, files, problems);
  read_works(folder, data, files, problems);
  keep_shapes(folder, files, problems);
  check_notes(folder, files, problems);
  for (const char* later : {"adjacency.csv", "population.csv"}) {
    const auto table = file_in(folder, later);
    if (!table) continue;
    sim::Place place;
    place.file = table->shown();
    problems.error(
        "not_available", place,
        Text{fmt::format("{} is not read in this version; take it out of the folder", later),
             fmt::format("{} belum dibaca dalam versi ini; keluarkan dari folder", later)});
  }
  read_method_tables(folder, *data.city, files, problems);
  if (problems.n_errors() > n_errors) return std::nullopt;
  data.city->prepare();
  return data;
}

}  // namespace musi::analysis
