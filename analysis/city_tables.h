#pragma once

#include "analysis/city_reader.h"

/// The tables of a city folder, one function each. All report to `problems`.
namespace musi::analysis {

/// Where names of a city folder point to.
struct CityBox {
  bool is_given = false;
  double south = -90.0, north = 90.0, west = -180.0, east = 180.0;
};

struct CityFrame {
  CityBox box;
  double centre_latitude = -999.0, centre_longitude = -999.0;
  std::vector<std::string> river_names;
  std::vector<std::string> south_bank;  ///< kecamatan
  int expected_sites = 0;
  sim::Place expected_sites_place;
  double start_area_ha = 0.0;  ///< of the year that the table describes; 0: not given
};

void read_references(const InputPath& folder, CityData& data, InputFiles& files,
                     sim::io::Problems& problems);
void read_sites(const InputPath& folder, const CityFrame& frame, CityData& data, InputFiles& files,
                sim::io::Problems& problems);
void read_budgets(const InputPath& folder, CityData& data, InputFiles& files,
                  sim::io::Problems& problems);
void read_observed(const InputPath& folder, CityData& data, InputFiles& files,
                   sim::io::Problems& problems);
void read_targets(const InputPath& folder, CityData& data, InputFiles& files,
                  sim::io::Problems& problems);
void read_rotation(const InputPath& folder, CityData& data, InputFiles& files,
                   sim::io::Problems& problems);
/// NOTES.md has a heading for each file of the folder.
void check_notes(const InputPath& folder, InputFiles& files, sim::io::Problems& problems);

/// Mean deficits, their shift and their correlations; `folder`: of the city.
void read_method_tables(const InputPath& folder, models::City& city, InputFiles& files,
                        sim::io::Problems& problems);

/// A file that must be in the folder: its path, or nothing after `missing_file`.
std::optional<InputPath> needed_file(const InputPath& folder, const std::string& name,
                                     sim::io::Problems& problems);
/// Reports keys of a `source` cell that references.csv does not hold.
void check_source_cell(const sim::io::CsvTable& table, std::size_t row, const CityData& data,
                       sim::io::Problems& problems);

}  // namespace musi::analysis
