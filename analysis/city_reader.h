#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "analysis/input_files.h"
#include "models/city.h"
#include "sim/io/problems.h"

/// Reads city folders, INTERFACE 5.
namespace musi::analysis {

/// One row of references.csv.
struct Reference {
  std::string key, citation, address, confidence;
  int year = 0;  ///< 0: not known
};

/// One row of observed.csv: what results are compared with. No sub-model sees it.
struct Observation {
  std::string indicator, place, unit, series, use, status, source, note;
  int year = 0, month = 0;  ///< month 0: not known
  std::optional<double> value, low, high;
};

/// One row of targets.csv.
struct OfficialTarget {
  std::string id, text_en, text_id, indicator, unit, met, evidence, source, status, note;
  std::optional<double> value, base_value;
  int set_year = 0, target_year = 0;
};

/// A city with everything that its folder holds.
/// Where a row of works.csv stands, for what only a scenario can tell.
struct WorksPlace {
  sim::Place month, programme, funding_source, item;
  std::string source_line;
};

struct CityData {
  std::shared_ptr<models::City> city;
  std::vector<Reference> references;
  std::vector<Observation> observed;
  std::vector<OfficialTarget> targets;
  std::set<std::string, std::less<>> reference_keys;
  std::set<std::string, std::less<>> kecamatan;  ///< at the decree and today
  std::set<std::string, std::less<>> budget_sources, budget_programmes;
  std::set<int> budget_years;  ///< of rows that are used
  /// `defaults` of city.yaml: assumptions laid over the built-in ones. Entries are paths.
  std::optional<sim::io::YamlNode> defaults;
  std::size_t n_synthetic_areas = 0;
  std::vector<WorksPlace> works_places;  ///< as City::works
};

/// Reads and checks a whole folder. All problems are reported; nothing if there were errors.
/// `method`: folder of the official score's tables, found beside the folder of cities, else the one
/// compiled in.
std::optional<CityData> read_city(const InputPath& folder, InputFiles& files,
                                  sim::io::Problems& problems);

}  // namespace musi::analysis
