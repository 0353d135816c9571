#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "analysis/result_file.h"
#include "sim/core/record_store.h"

namespace musi::tests {

inline constexpr double missing_number = std::numeric_limits<double>::quiet_NaN();

inline sim::SeriesInfo sample_series(std::string name, std::string unit,
                                     std::vector<std::string> dims, bool is_whole = false) {
  sim::SeriesInfo info;
  info.long_name = "sample of " + name;
  info.name = std::move(name);
  info.unit = std::move(unit);
  info.dims = std::move(dims);
  info.is_whole = is_whole;
  return info;
}

/// A small result whose numbers follow from simple rules: option o, replicate r, year y (0 = 2019).
inline analysis::ResultInput sample_input(std::size_t n_replicates) {
  analysis::ResultInput input;
  input.title = "A sample";
  input.summary = "Two options with numbers by rule";
  input.options = {{.name = "current", .base = "current", .level = "", .title_en = "As today",
                    .title_id = "Seperti sekarang"},
                   {.name = "need", .base = "need", .level = "", .title_en = "What is needed",
                    .title_id = "Sesuai kebutuhan", .kind = "solved",
                    .solved = analysis::SolvedValue{394.0, 361.0, 431.0}}};
  input.levers = {{"funding.scale_pct", {100.0, 394.0}}};
  input.years = {2019, 2020, 2021, 2022};
  input.sites = {{"p01", "Kemas Rindo", "Kertapati", "reported", -3.02, 104.75, 30.5},
                 {"p02", "Ogan Baru", "Kertapati", "synthetic", -3.01, 104.76, 12.0},
                 {"p03", "1 Ulu", "Seberang Ulu I", "synthetic", missing_number,
                  missing_number, 8.0}};
  input.quantiles_pct = {5, 50, 95};
  input.criteria = {"1a", "1b"};
  input.definitions = {"Z1", "Z2a"};
  input.funds = {"city", "state"};
  input.kecamatan = {"Kertapati", "Seberang Ulu I"};
  input.inputs = {{"parameters.x_pct", "percent", "measured", "bps2019"},
                  {"parameters.y", "1", "assumed", ""}};
  for (std::size_t i = 0; i < 2 * n_replicates * 2; ++i) {
    input.input_values.push_back(static_cast<float>(i) / 8.0f);
  }
  input.observations = {{2019, 12, 1729.84, 1700, 1760, "slum_area", "decree", "check", "sk_2019"},
                        {2021, 12, 1215.0, missing_number, missing_number, "slum_area", "reported",
                         "compare", "rp2kpkp"}};
  input.provenance.scenario_yaml = "schema: 1\nname: sample\n";
  input.provenance.resolved_yaml = "schema: 1\nname: sample  # sample.yaml:2\n";
  input.provenance.inputs = {{"cities/palembang/sites.csv", "site_id,name\np01,Kemas Rindo\n", ""},
                             {"large.csv", "", std::string(64, 'a')}};
  input.provenance.seed = 20261122;
  input.provenance.design = "sobol";
  input.provenance.replicates_planned = n_replicates;
  return input;
}

inline double sample_area(std::size_t option, std::size_t replicate, std::size_t year) {
  return 1000.0 - 100.0 * static_cast<double>(option) - static_cast<double>(replicate) -
         10.0 * static_cast<double>(year);
}

/// Z1 in 2020 + replicate % 4 if that is at most 2022, else missing; Z2a never in option 0.
inline double sample_zero(std::size_t option, std::size_t replicate, std::size_t definition) {
  const std::size_t year = 2020 + replicate % 4;
  if (year > 2022 || (definition == 1 && option == 0)) return missing_number;
  return static_cast<double>(year);
}

inline std::vector<sim::SeriesInfo> sample_series_list() {
  return {sample_series("zero_year", "year", {"definition"}, true),
          sample_series("paid_total", "1e9 IDR", {}),
          sample_series("households_displaced", "1", {}, true),
          sample_series("slum_area", "ha", {"year"}),
          sample_series("coverage", "percent", {"year"}),
          sample_series("paid", "1e9 IDR", {"year", "funds"}),
          sample_series("mean_points", "points", {"year", "criterion"}),
          sample_series("site_area", "ha", {"year", "site"}),
          sample_series("site_zero_year", "year", {"site"}, true)};
}

inline sim::RunRecord sample_record(std::size_t option, std::size_t replicate) {
  sim::RunRecord record;
  record.series.resize(9);
  const auto r = static_cast<double>(replicate);
  record.series[0] = {sample_zero(option, replicate, 0), sample_zero(option, replicate, 1)};
  record.series[1] = {0.1 + r};
  record.series[2] = {static_cast<double>(10 * option) + r};
  for (std::size_t year = 0; year < 4; ++year) {
    const auto y = static_cast<double>(year);
    record.series[3].push_back(sample_area(option, replicate, year));
    record.series[4].push_back(year == 3 ? missing_number : 4.5 - y);
    for (int fund = 0; fund < 2; ++fund) record.series[5].push_back(r + y + 0.5 * fund);
    for (int criterion = 0; criterion < 2; ++criterion) {
      record.series[6].push_back(r + 100.0 * criterion);
    }
    for (int site = 0; site < 3; ++site) record.series[7].push_back(r + 10.0 * site);
  }
  record.series[8] = {2020, missing_number, 2022};
  return record;
}

inline sim::RecordStore sample_records(const analysis::ResultInput& input,
                                       std::size_t n_replicates) {
  sim::RecordStore records(sample_series_list(), analysis::dimension_lengths(input), 2,
                           n_replicates);
  for (std::size_t option = 0; option < 2; ++option) {
    for (std::size_t replicate = 0; replicate < n_replicates; ++replicate) {
      records.write(option, replicate, sample_record(option, replicate));
    }
  }
  return records;
}

}  // namespace musi::tests
