#pragma once

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/validation/palembang.h"

/// Futures of the years 2015 to 2021, as records.
namespace musi::tests {

inline std::vector<sim::RunRecord> records_of(const models::Scenario& s, const models::City& city,
                                              std::size_t n) {
  return side_by_side<sim::RunRecord>(n, [&](std::size_t i) {
    return models::run_future(s, city, sim::mix(s.sampling.seed, i));
  });
}

inline std::size_t series_named(const models::Scenario& s, const models::City& city,
                                const std::string& name) {
  const auto infos = models::series_of(s, city);
  for (std::size_t i = 0; i < infos.size(); ++i) {
    if (infos[i].name == name) return i;
  }
  throw std::runtime_error("no series " + name);
}

/// Share of futures that met a definition of zero by the end of `year`.
inline double share_zero_by(const std::vector<sim::RunRecord>& records, std::size_t series,
                            models::ZeroDefinition definition, int year) {
  double met = 0.0;
  for (const auto& record : records) {
    const double reached = record.series[series][static_cast<std::size_t>(definition)];
    met += std::isfinite(reached) && reached <= year ? 1.0 : 0.0;
  }
  return met / static_cast<double>(records.size());
}

/// Futures of one option of the hindcast, 2015 to 2021.
struct Hindcast {
  analysis::ReadResult read;
  std::string option;
  std::vector<sim::RunRecord> records;

  Hindcast(const std::string& option_in, std::size_t n_replicates)
      : read(tests::read(shipped("palembang-hindcast.yaml"), option_in)),
        option(option_in), records(records_of(scenario(), city(), n_replicates)) {}
  const models::Scenario& scenario() const { return read.variants.front().scenario; }
  const models::City& city() const { return *read.city->city; }
  /// A yearly series in a December, by future.
  std::vector<double> december(const char* series, int year) const {
    const std::size_t at = series_named(scenario(), city(), series);
    std::vector<double> values;
    for (const auto& record : records) {
      values.push_back(record.series[at][static_cast<std::size_t>(year - 2015)]);
    }
    return values;
  }
};

}  // namespace musi::tests
