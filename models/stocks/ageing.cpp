#include "models/stocks/ageing.h"

#include <algorithm>
#include <numeric>
#include <span>
#include <vector>

#include "models/stocks/refresh.h"
#include "sim/core/best_level.h"

namespace musi::models {
namespace {

constexpr std::size_t most = RtTile::most;
/// Fewer units than this are none; keeps denormal numbers, which are slow, out of the loops.
constexpr float nothing = 1e-20f;

using Phases = std::array<RtTile::Column<float>, n_phases>;

/// Works of one kind.
template <std::size_t phases>
MUSI_BODY void age_body(Phases& good, const RtTile::Column<float>& years, const float rate) {
  for (std::size_t i = 0; i < most; ++i) {
    const float x = years[i] * rate;
    const float still = sim::portable::exp(-x);
    std::array<float, n_phases> one{};
    for (std::size_t p = 0; p < phases; ++p) one[p] = good[p][i];
    age_phases_to<phases - 1>(one, x, still);
    for (std::size_t p = 0; p < phases; ++p) good[p][i] = one[p] > nothing ? one[p] : 0.0f;
  }
}

MUSI_BODY void age_by_phases(Phases& good, const RtTile::Column<float>& years, const float rate,
                             const int phases) {
  switch (phases) {
    case 1: return age_body<1>(good, years, rate);
    case 2: return age_body<2>(good, years, rate);
    case 3: return age_body<3>(good, years, rate);
    default: return age_body<4>(good, years, rate);
  }
}

/// Clogged share after `months` with this sum of upkeep over them; as it was after none.
MUSI_BODY float relaxed(const Clogging& clogging, float clogged, double months, float upkeep_sum) {
  const double mean_upkeep = static_cast<double>(upkeep_sum) / (months > 0.0 ? months : 1.0);
  const double after =
      clogging.after(static_cast<double>(clogged), months / 12.0, mean_upkeep);
  return months > 0.0 ? static_cast<float>(after) : clogged;
}

MUSI_BODY void age_body(RtTile& rts, const AgeingRates& rates) {
  RtTile::Column<float> tide_time;  // years times the tide factor
  const float gain = rates.tide_gain;
  for (std::size_t i = 0; i < most; ++i) {
    tide_time[i] = rts.years[i] * (1.0f + gain * rts.tide[i]);
  }
  for (std::size_t stock = 0; stock < n_stocks; ++stock) {
    const auto& years = rates.tide_speeds_up[stock] ? tide_time : rts.years;
    age_by_phases(rts.good[stock], years, rates.phase_rate[stock], rates.phases);
  }
  const Clogging clogging = rates.clogging;
  RtTile::Column<double> months;
  for (std::size_t i = 0; i < most; ++i) months[i] = rts.upkeep_months[i];
  for (std::size_t i = 0; i < most; ++i) {
    rts.clog[i] = relaxed(clogging, rts.clog[i], months[i], rts.upkeep_sum[i]);
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

void age_tile(RtTile& rts, const AgeingRates& rates) {
  sim::at_best_level([&]() MUSI_LOOP { age_body(rts, rates); });
}

void age_stocks(World& world, std::size_t first, std::size_t last, const AgeingRates& rates) {
  std::vector<std::uint32_t> rows(last - first);
  std::iota(rows.begin(), rows.end(), static_cast<std::uint32_t>(first));
  RtTile tile{};
  for (std::size_t at = 0; at < rows.size(); at += most) {
    const auto part = std::span(rows).subspan(at, std::min(most, rows.size() - at));
    tile.take_works(world.rts, part, rates.phases);
    age_tile(tile, rates);
    tile.give_works(world.rts, part, rates.phases);
  }
}

void age_stocks(World& world, std::size_t rt) {
  age_stocks(world, rt, AgeingRates(world.future));
}

void age_stocks(World& world, std::size_t rt, const AgeingRates& rates) {
  Neighbourhoods& rts = world.rts;
  const auto phases = static_cast<std::size_t>(rates.phases);
  const auto years = static_cast<float>(rts.clock_community[rt] - rts.refreshed_community[rt]);
  const float tide_time = years * (1.0f + rates.tide_gain * rts.tide[rt]);
  for (std::size_t stock = 0; stock < n_stocks; ++stock) {
    auto& columns = rts.good[stock];
    const float x = (rates.tide_speeds_up[stock] ? tide_time : years) * rates.phase_rate[stock];
    std::array<float, n_phases> good{};
    for (std::size_t p = 0; p < phases; ++p) good[p] = columns[p][rt];
    age_phases(good, x, sim::portable::exp(-x), rates.phases);
    for (std::size_t p = 0; p < phases; ++p) columns[p][rt] = good[p] > nothing ? good[p] : 0.0f;
  }
  rts.clog[rt] =
      relaxed(rates.clogging, rts.clog[rt], rts.upkeep_months[rt], rts.upkeep_sum[rt]);
  rts.upkeep_sum[rt] = 0.0f;
  rts.upkeep_months[rt] = 0;
  rts.refreshed_community[rt] = rts.clock_community[rt];
  rts.refreshed_calendar[rt] = rts.clock_calendar[rt];
}

}  // namespace musi::models
