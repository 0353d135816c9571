#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include "models/stocks/rt_columns.h"
#include "models/world.h"
#include "sim/core/portable_math.h"

/// Works age through phases (good, fair, poor), each left at the same rate: the life is
/// Erlang-distributed, and any stretch of clock time has a closed form. MODEL.md 15.1.
namespace musi::models {

/// Good units of phase `to` and of those before it; see age_phases. The sums are written out, since
/// a compiler that met loops here would not vectorise the loop over RTs around them.
template <std::size_t to, class Real>
constexpr void age_phases_to(std::array<Real, n_phases>& good, Real x, Real still) {
  Real sum = good[to];
  [[maybe_unused]] Real weight = Real{1};
  [&]<std::size_t... before>(std::index_sequence<before...>) {
    ((weight = weight * x / static_cast<Real>(before + 1), sum += good[to - 1 - before] * weight),
     ...);
  }(std::make_index_sequence<to>{});
  good[to] = sum * still;
  // From the last phase down, so that every phase reads those before it as they were.
  if constexpr (to > 0) age_phases_to<to - 1>(good, x, still);
}

/// Good units by phase after `x` = phases * tide factor * clock time / life, given their share e^-x
/// that leaves no phase. What is missing from the sum has failed. `phases`: 1 to 4.
template <class Real>
constexpr void age_phases(std::array<Real, n_phases>& good, Real x, Real still, int phases) {
  switch (phases) {
    case 1: return age_phases_to<0>(good, x, still);
    case 2: return age_phases_to<1>(good, x, still);
    case 3: return age_phases_to<2>(good, x, still);
    default: return age_phases_to<3>(good, x, still);
  }
}

/// The same from the elapsed clock time in units of phase lives.
inline void age_phases(std::array<double, n_phases>& good, double x, int phases) {
  age_phases(good, x, sim::portable::exp(-x), phases);
}

/// Clogged share of good drains after `years` with mean upkeep `mean_upkeep`: linear relaxation
/// towards the balance of silting (1/life) and cleaning. MODEL.md 15.2.
struct Clogging {
  double life_uncleaned;  ///< [years]
  double cleaning_rate;   ///< at full upkeep [1/year]

  double rate(double mean_upkeep) const {
    return 1.0 / life_uncleaned + cleaning_rate * mean_upkeep;
  }
  double balance(double mean_upkeep) const { return 1.0 / (life_uncleaned * rate(mean_upkeep)); }
  double after(double clogged, double years, double mean_upkeep) const {
    const double end = balance(mean_upkeep);
    return end + (clogged - end) * sim::portable::exp(-rate(mean_upkeep) * years);
  }
};

/// How fast the public works of one future age.
struct AgeingRates {
  explicit AgeingRates(const Future& future);

  int phases;
  std::array<float, n_stocks> phase_rate;    ///< phases / life [1/year of the community clock]
  std::array<bool, n_stocks> tide_speeds_up;
  float tide_gain;                           ///< tide factor - 1
  Clogging clogging;
};

/// RTs that other loops over columns handle together, so that they vectorise and stay in cache.
inline constexpr std::size_t rt_tile = 256;

/// Ages the works in a tile by the years in it.
void age_tile(RtTile& rts, const AgeingRates& rates);
/// Ages the works of RTs [first, last) to their present clocks and remembers the clocks; the same
/// bits whatever the range.
void age_stocks(World& world, std::size_t first, std::size_t last, const AgeingRates& rates);

/// The same for one RT.
void age_stocks(World& world, std::size_t rt, const AgeingRates& rates);

/// Units that still work, all phases.
inline float good_units(const Neighbourhoods& rts, Stock stock, std::size_t rt) {
  const auto& phases = rts.good[static_cast<std::size_t>(stock)];
  float sum = 0.0f;
  for (std::size_t p = 0; p < n_phases; ++p) sum += phases[p][rt];
  return sum;
}

}  // namespace musi::models
