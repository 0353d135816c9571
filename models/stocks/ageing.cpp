#include "models/stocks/ageing.h"

#include <algorithm>

#include "models/stocks/refresh.h"

namespace musi::models {
namespace {

/// RTs handled together, so that the loops over them vectorise and stay in cache.
constexpr std::size_t tile = 256;
/// Fewer units than this are none; keeps denormal numbers, which are slow, out of the loops.
constexpr float nothing = 1e-20f;

struct Elapsed {
  std::array<float, tile> community;  ///< [years on the community clock]
  std::array<float, tile> tide_time;  ///< the same times the tide factor
};

template <int phases>
void age_tile(Neighbourhoods& rts, std::size_t stock, std::size_t first, std::size_t n,
              const std::array<float, tile>& years, float rate) {
  std::array<float, tile> x, still;  // not cleared: most calls are for one RT
  for (std::size_t i = 0; i < n; ++i) x[i] = years[i] * rate;
  for (std::size_t i = 0; i < n; ++i) still[i] = sim::portable::exp(-x[i]);
  std::array<float*, n_phases> columns{};
  for (std::size_t p = 0; p < n_phases; ++p) columns[p] = rts.good[stock][p].data() + first;
  for (std::size_t i = 0; i < n; ++i) {
    std::array<float, n_phases> good{};
    for (std::size_t p = 0; p < phases; ++p) good[p] = columns[p][i];
    age_phases(good, x[i], still[i], phases);
    for (std::size_t p = 0; p < phases; ++p) {
      columns[p][i] = good[p] > nothing ? good[p] : 0.0f;
    }
  }
}

void age_tile(Neighbourhoods& rts, std::size_t stock, std::size_t first, std::size_t n,
              const std::array<float, tile>& years, const AgeingRates& rates) {
  const float rate = rates.phase_rate[stock];
  switch (rates.phases) {
    case 1: return age_tile<1>(rts, stock, first, n, years, rate);
    case 2: return age_tile<2>(rts, stock, first, n, years, rate);
    case 3: return age_tile<3>(rts, stock, first, n, years, rate);
    default: return age_tile<4>(rts, stock, first, n, years, rate);
  }
}

void relax_clogging(Neighbourhoods& rts, std::size_t first, std::size_t n,
                    const Clogging& clogging) {
  for (std::size_t rt = first; rt < first + n; ++rt) {
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

void age_stocks(World& world, std::size_t first, std::size_t last, const AgeingRates& rates) {
  Neighbourhoods& rts = world.rts;
  for (std::size_t start = first; start < last; start += tile) {
    const std::size_t n = std::min(tile, last - start);
    Elapsed elapsed;
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t rt = start + i;
      elapsed.community[i] =
          static_cast<float>(rts.clock_community[rt] - rts.refreshed_community[rt]);
      elapsed.tide_time[i] = elapsed.community[i] * (1.0f + rates.tide_gain * rts.tide[rt]);
      rts.refreshed_community[rt] = rts.clock_community[rt];
      rts.refreshed_calendar[rt] = rts.clock_calendar[rt];
    }
    for (std::size_t stock = 0; stock < n_stocks; ++stock) {
      const auto& years = rates.tide_speeds_up[stock] ? elapsed.tide_time : elapsed.community;
      age_tile(rts, stock, start, n, years, rates);
    }
    relax_clogging(rts, start, n, rates.clogging);
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
