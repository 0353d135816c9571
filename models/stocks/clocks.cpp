#include "models/stocks/clocks.h"

#include <vector>

#include "sim/core/portable_math.h"

namespace musi::models {

Clocks::Clocks(const World& world)
    : p_{.board_weight = static_cast<float>(world.future[Param::upkeep_board_weight]),
         .hazard_factor = world.future[Param::maintenance_hazard_factor],
         .service_loss_monthly = static_cast<float>(world.future[Param::decay_6b] / 12.0)} {}

void Clocks::step(World& world, const sim::Step& step) {
  Neighbourhoods& rts = world.rts;
  constexpr double month = 1.0 / 12.0;
  std::vector<float> fading(rts.size());  // of waste collection [log]; 0: none
  for (std::size_t rt = 0; rt < rts.size(); ++rt) {
    const std::uint32_t households = rts.n_households[rt];
    const float engaged = static_cast<float>(rts.n_engaged[0][rt] + rts.n_engaged[1][rt]);
    const float share = households > 0 ? engaged / static_cast<float>(households) : 0.0f;
    const float fund = step.month < rts.upkeep_paid_until[rt] ? upkeep_fund_share : 0.0f;
    const float now = upkeep(p_.board_weight, world.sites.board[rts.site[rt]], share, fund);
    const double speed = clock_speed(p_.hazard_factor, static_cast<double>(now));
    rts.clock_calendar[rt] += month;
    rts.clock_community[rt] += month * speed;
    rts.upkeep_sum[rt] += now;
    ++rts.upkeep_months[rt];
    const bool fades = step.month >= rts.service_paid_until[rt];
    fading[rt] = fades ? -p_.service_loss_monthly * static_cast<float>(speed) : 0.0f;
  }
  // In a loop of its own, which vectorises.
  float* const service = rts.waste_service.data();
  for (std::size_t rt = 0; rt < fading.size(); ++rt) {
    const float still = sim::portable::exp(fading[rt]);
    service[rt] *= fading[rt] != 0.0f ? still : 1.0f;
  }
}

}  // namespace musi::models
