#include "models/stocks/clocks.h"

#include <algorithm>
#include <array>

#include "models/stocks/ageing.h"
#include "sim/core/best_level.h"
#include "sim/core/portable_math.h"

namespace musi::models {
namespace {

constexpr double month_in_years = 1.0 / 12.0;

}  // namespace

Clocks::Clocks(const World& world)
    : p_{.board_weight = static_cast<float>(world.future[Param::upkeep_board_weight]),
         .hazard_factor = world.future[Param::maintenance_hazard_factor],
         .service_loss_monthly = static_cast<float>(world.future[Param::decay_6b] / 12.0)} {}

void Clocks::step(World& world, const sim::Step& step) {
  for (std::size_t first = 0; first < world.rts.size(); first += rt_tile) {
    const std::size_t n = std::min(rt_tile, world.rts.size() - first);
    step_tile(world, first, n, step.month);
  }
}

void Clocks::step_tile(World& world, std::size_t first, std::size_t n, sim::Month month) const {
  Neighbourhoods& rts = world.rts;
  std::array<float, rt_tile> board, upkeep_now, still;  // local columns, so that loops vectorise
  std::array<double, rt_tile> years;
  for (std::size_t i = 0; i < n; ++i) board[i] = world.sites.board[rts.site[first + i]];
  const std::uint32_t* const households = rts.n_households.data() + first;
  const std::uint32_t* const engaged_river = rts.n_engaged[0].data() + first;
  const std::uint32_t* const engaged_land = rts.n_engaged[1].data() + first;
  const std::uint16_t* const upkeep_paid_until = rts.upkeep_paid_until.data() + first;
  const std::uint16_t* const service_paid_until = rts.service_paid_until.data() + first;
  const auto number = [](std::uint32_t x) {
    return static_cast<float>(static_cast<std::int32_t>(x));
  };
  sim::at_best_level([&]() MUSI_LOOP {
    const Params p = p_;
    for (std::size_t i = 0; i < n; ++i) {
      const float all = number(households[i]);
      const float engaged = number(engaged_river[i] + engaged_land[i]);
      const float of_some = engaged / (all > 0.0f ? all : 1.0f);
      const float share = all > 0.0f ? of_some : 0.0f;
      const float fund = month < upkeep_paid_until[i] ? upkeep_fund_share : 0.0f;
      upkeep_now[i] = upkeep(p.board_weight, board[i], share, fund);
      const double speed = clock_speed(p.hazard_factor, static_cast<double>(upkeep_now[i]));
      years[i] = month_in_years * speed;
      // Waste collection that is not paid for fades.
      const float fading = -p.service_loss_monthly * static_cast<float>(speed);
      const float left = sim::portable::exp(fading);
      still[i] = month >= service_paid_until[i] && fading != 0.0f ? left : 1.0f;
    }
  });
  for (std::size_t i = 0; i < n; ++i) rts.clock_calendar[first + i] += month_in_years;
  for (std::size_t i = 0; i < n; ++i) rts.clock_community[first + i] += years[i];
  for (std::size_t i = 0; i < n; ++i) rts.upkeep_sum[first + i] += upkeep_now[i];
  for (std::size_t i = 0; i < n; ++i) ++rts.upkeep_months[first + i];
  for (std::size_t i = 0; i < n; ++i) rts.waste_service[first + i] *= still[i];
}

}  // namespace musi::models
