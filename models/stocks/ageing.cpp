#include "models/stocks/ageing.h"

#include <algorithm>

#include "models/stocks/refresh.h"
#include "sim/core/vector_level.h"

namespace musi::models {
namespace {

constexpr std::size_t tile = rt_tile;
/// Fewer units than this are none; keeps denormal numbers, which are slow, out of the loops.
constexpr float nothing = 1e-20f;

struct Elapsed {
  std::array<float, tile> community;  ///< [years on the community clock]
  std::array<float, tile> tide_time;  ///< the same times the tide factor
};

/// Works of one kind. Local columns cannot alias, so that the loop over RTs vectorises.
template <std::size_t phases>
MUSI_BODY void age_body(const std::array<float*, n_phases>& columns, std::size_t n,
                        const std::array<float, tile>& years, const float rate) {
  std::array<std::array<float, tile>, phases> good;  // not cleared: many calls are for few RTs
  for (std::size_t p = 0; p < phases; ++p) std::copy_n(columns[p], n, good[p].begin());
  for (std::size_t i = 0; i < n; ++i) {
    const float x = years[i] * rate;
    const float still = sim::portable::exp(-x);
    std::array<float, n_phases> one{};
    for (std::size_t p = 0; p < phases; ++p) one[p] = good[p][i];
    age_phases_to<phases - 1>(one, x, still);
    for (std::size_t p = 0; p < phases; ++p) good[p][i] = one[p] > nothing ? one[p] : 0.0f;
  }
  for (std::size_t p = 0; p < phases; ++p) std::copy_n(good[p].begin(), n, columns[p]);
}

MUSI_BODY void age_by_phases(const RtColumns& rts, std::size_t stock, std::size_t n,
                             const std::array<float, tile>& years, const AgeingRates& rates) {
  const auto& columns = rts.good[stock];
  const float rate = rates.phase_rate[stock];
  switch (rates.phases) {
    case 1: return age_body<1>(columns, n, years, rate);
    case 2: return age_body<2>(columns, n, years, rate);
    case 3: return age_body<3>(columns, n, years, rate);
    default: return age_body<4>(columns, n, years, rate);
  }
}

#if defined(MUSI_HAS_VECTOR_LEVELS)
MUSI_AVX2 void age_avx2(const RtColumns& rts, std::size_t stock, std::size_t n,
                        const std::array<float, tile>& years, const AgeingRates& rates) {
  age_by_phases(rts, stock, n, years, rates);
}
MUSI_AVX512 void age_avx512(const RtColumns& rts, std::size_t stock, std::size_t n,
                            const std::array<float, tile>& years, const AgeingRates& rates) {
  age_by_phases(rts, stock, n, years, rates);
}
#endif
void age_baseline(const RtColumns& rts, std::size_t stock, std::size_t n,
                  const std::array<float, tile>& years, const AgeingRates& rates) {
  age_by_phases(rts, stock, n, years, rates);
}

/// The same for one RT alone, without the detour by way of local columns.
void age_alone(const RtColumns& rts, std::size_t stock, float years, const AgeingRates& rates) {
  const auto phases = static_cast<std::size_t>(rates.phases);
  const float x = years * rates.phase_rate[stock];
  std::array<float, n_phases> good{};
  for (std::size_t p = 0; p < phases; ++p) good[p] = *rts.good[stock][p];
  age_phases(good, x, sim::portable::exp(-x), rates.phases);
  for (std::size_t p = 0; p < phases; ++p) *rts.good[stock][p] = good[p] > nothing ? good[p] : 0.0f;
}

void age_works(const RtColumns& rts, std::size_t stock, std::size_t n,
               const std::array<float, tile>& years, const AgeingRates& rates) {
  if (n == 1) return age_alone(rts, stock, years.front(), rates);
#if defined(MUSI_HAS_VECTOR_LEVELS)
  switch (sim::vector_level()) {
    case sim::VectorLevel::avx512: return age_avx512(rts, stock, n, years, rates);
    case sim::VectorLevel::avx2: return age_avx2(rts, stock, n, years, rates);
    case sim::VectorLevel::baseline: break;
  }
#endif
  age_baseline(rts, stock, n, years, rates);
}

void relax_clogging(const RtColumns& rts, std::size_t n, const Clogging& clogging) {
  for (std::size_t rt = 0; rt < n; ++rt) {
    if (rts.upkeep_months[rt] == 0) continue;
    const double months = rts.upkeep_months[rt];
    const double mean_upkeep = static_cast<double>(rts.upkeep_sum[rt]) / months;
    rts.clog[rt] = static_cast<float>(
        clogging.after(static_cast<double>(rts.clog[rt]), months / 12.0, mean_upkeep));
    rts.upkeep_sum[rt] = 0.0f;
    rts.upkeep_months[rt] = 0;
  }
}

}  // namespace

AgeingRates::AgeingRates(const Future& future)
    : phases(future.ageing_phases()),
      phase_rate{},
      tide_speeds_up{},
      tide_gain(static_cast<float>(future[Param::tide_hazard_factor] - 1.0)),
      clogging{.life_uncleaned =
                   future[Param::life_drain_uncleaned] * future[Param::life_factor],
               .cleaning_rate = future[Param::cleaning_rate]} {
  const auto set = [&](Stock stock, Param life, bool tide) {
    phase_rate[static_cast<std::size_t>(stock)] =
        static_cast<float>(phases / (future[life] * future[Param::life_factor]));
    tide_speeds_up[static_cast<std::size_t>(stock)] = tide;
  };
  set(Stock::path_land, Param::life_concrete_alley, true);
  set(Stock::path_river, Param::life_timber_walkway, true);
  set(Stock::drain, Param::life_drain, true);
  set(Stock::flood_works, Param::life_flood_works, false);
  set(Stock::waste_kit, Param::life_waste_vehicle, false);
  set(Stock::hydrant, Param::life_hydrant, false);
  set(Stock::extinguisher, Param::life_extinguisher, false);
}

void age_columns(const RtColumns& rts, std::size_t n, const AgeingRates& rates) {
  Elapsed elapsed;
  for (std::size_t i = 0; i < n; ++i) {
    elapsed.community[i] = static_cast<float>(rts.clock_community[i] - rts.refreshed_community[i]);
    elapsed.tide_time[i] = elapsed.community[i] * (1.0f + rates.tide_gain * rts.tide[i]);
    rts.refreshed_community[i] = rts.clock_community[i];
    rts.refreshed_calendar[i] = rts.clock_calendar[i];
  }
  for (std::size_t stock = 0; stock < n_stocks; ++stock) {
    const auto& years = rates.tide_speeds_up[stock] ? elapsed.tide_time : elapsed.community;
    age_works(rts, stock, n, years, rates);
  }
  relax_clogging(rts, n, rates.clogging);
}

void age_stocks(World& world, std::size_t first, std::size_t last, const AgeingRates& rates) {
  for (std::size_t start = first; start < last; start += tile) {
    age_columns(columns_from(world.rts, start), std::min(tile, last - start), rates);
  }
}

void age_stocks(World& world, std::size_t rt) {
  age_stocks(world, rt, rt + 1, AgeingRates(world.future));
}

float good_units(const Neighbourhoods& rts, Stock stock, std::size_t rt) {
  const auto& phases = rts.good[static_cast<std::size_t>(stock)];
  float sum = 0.0f;
  for (std::size_t p = 0; p < n_phases; ++p) sum += phases[p][rt];
  return sum;
}

}  // namespace musi::models
