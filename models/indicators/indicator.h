#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/indicators/groups.h"
#include "models/indicators/implementation/evaluate.h"
#include "models/world.h"
#include "sim/core/recorder.h"

namespace musi::models {

/// Households counted once each December.
struct Census {
  std::int64_t households = 0, unfit = 0, deprived = 0;
};

/// Areas of RTs, added up once for all indicators of a reading. [ha]
struct AreaSums {
  std::array<double, 4> by_class{};                             ///< by Slum
  std::array<double, n_barriers> by_barrier{};                  ///< by Barrier
  std::vector<std::array<double, n_barriers>> by_site_barrier;  ///< by row of the world's sites
};

/// What a run remembers from year to year for its records.
struct History {
  std::int64_t displaced = 0, bound_crossings = 0;
  std::vector<int> site_zero_year;  ///< by row of the world's sites; 0: not yet
  std::vector<int> rt_zero_year;    ///< by row of City::surveyed; 0: not yet
  std::vector<double> rt_start_points;  ///< by row of City::surveyed; NaN: not in the run
  double target_area = 0.0;         ///< official path at the end of the last year [ha]
};

/// What an indicator may look at.
struct Observation {
  const World& world;
  const Census& census;
  const AreaSums& area;
  const History& history;
  std::size_t year_index;
  const PeopleStats* people = nullptr;  ///< in December, like the next
  const implementation::LookBack* past = nullptr;
};

/// When a number is taken: at the end of each December, once at the end of the run, or at the end
/// of each quarter.
enum class Reading : std::uint8_t { december, end, quarter };

/// One number or array of a run's record. `measure` fills `out`, one December, one quarter or the
/// whole; the span has the size of the dimensions behind "year" or "quarter".
struct Indicator {
  sim::SeriesInfo info;
  Reading reading;
  void (*measure)(const Observation& at, std::span<double> out);
  /// Runs that report it; none given: all.
  bool (*is_wanted)(const Scenario& scenario, const City& city) = nullptr;
};

using Indicators = std::vector<Indicator>;
using Measure = void (*)(const Observation& at, std::span<double> out);

/// An indicator of one number per year.
inline Indicator yearly(std::string name, std::string unit, std::string long_name,
                        std::string definition, Measure measure) {
  return {{.name = std::move(name),
           .unit = std::move(unit),
           .long_name = std::move(long_name),
           .definition = std::move(definition),
           .source = {},
           .dims = {"year"},
           .is_whole = false,
           .only_mean = false},
          Reading::december,
          measure,
          nullptr};
}

/// An indicator of one number per year and element of `dim`.
inline Indicator yearly_by(std::string dim, std::string name, std::string unit,
                           std::string long_name, std::string definition, Measure measure) {
  Indicator i = yearly(std::move(name), std::move(unit), std::move(long_name),
                       std::move(definition), measure);
  i.info.dims.push_back(std::move(dim));
  return i;
}

/// An indicator of one number per future.
inline Indicator once(std::string name, std::string unit, std::string long_name,
                      std::string definition, Measure measure) {
  Indicator i = yearly(std::move(name), std::move(unit), std::move(long_name),
                       std::move(definition), measure);
  i.info.dims.clear();
  i.reading = Reading::end;
  return i;
}

/// An indicator of one number per future and element of `dim`.
inline Indicator once_by(std::string dim, std::string name, std::string unit,
                         std::string long_name, std::string definition, Measure measure) {
  Indicator i = once(std::move(name), std::move(unit), std::move(long_name),
                     std::move(definition), measure);
  i.info.dims.push_back(std::move(dim));
  return i;
}

/// Kept as mean over the futures.
inline Indicator only_mean(Indicator i) {
  i.info.only_mean = true;
  return i;
}

/// Stored as a whole number.
inline Indicator whole(Indicator i) {
  i.info.is_whole = true;
  return i;
}

}  // namespace musi::models
