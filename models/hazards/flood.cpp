#include "models/hazards/flood.h"

#include <algorithm>

#include "models/draws.h"
#include "models/score/classes.h"
#include "sim/core/distributions.h"

namespace musi::models {
namespace {

/// Block numbers of Draw::flood_wait. An RT without a waiting time draws its first one apart from
/// the block of a candidate in the same month.
enum : std::uint32_t { candidate_block = 0, first_wait_block = 1 };

constexpr float low_flooded = 0.25f, high_flooded = 0.75f;

}  // namespace

Floods::Floods(const Params& params)
    : params_(params), bound_(std::max({params.low, params.mid, params.high})) {}

Floods::Params Floods::params_of(const World& world) {
  const Future& f = world.future;
  return {.is_on = world.scenario->hazards.flood,
          .low = f[Param::flood_month_chance_low],
          .mid = f[Param::flood_month_chance_mid],
          .high = f[Param::flood_month_chance_high],
          .shock_years = f[Param::flood_shock_years]};
}

double Floods::chance(float flooded) const {
  if (flooded < low_flooded) return params_.low;
  return flooded > high_flooded ? params_.high : params_.mid;
}

std::uint16_t Floods::candidate(int first_wet_month, double uniform) const {
  const int wait = sim::geometric_wait(uniform, bound_, never);
  return static_cast<std::uint16_t>(std::min(wet_month(first_wet_month + wait - 1), never - 1));
}

void Floods::step(World& world, const sim::Step& step) {
  if (!params_.is_on || !is_wet(step.month)) return;
  Neighbourhoods& rts = world.rts;
  YearCounts& counts = world.state.counts;
  const std::vector<float>& flooded = rts.physical[static_cast<std::size_t>(Criterion::c4a)];
  const sim::Chance luck = step.chance(Draw::flood_wait);
  const int this_wet_month = wet_months_before(step.month);
  for (std::size_t rt = 0; rt < rts.size(); ++rt) {
    if (rts.next_flood[rt] == never) {  // at month 0, and where an RT is new
      const sim::Block words = luck.block(rts.key[rt], first_wait_block);
      rts.next_flood[rt] =
          candidate(this_wet_month, sim::fine_uniform_of(words[0], words[1]));
    }
    if (rts.next_flood[rt] != step.month) continue;
    const sim::Block words = luck.block(rts.key[rt], candidate_block);
    rts.next_flood[rt] =
        candidate(this_wet_month + 1, sim::fine_uniform_of(words[0], words[1]));
    const double now = chance(flooded[rt]);
    if (now > bound_) ++counts.bound_crossings;
    if (static_cast<double>(sim::uniform24(words[2])) * bound_ >= now) continue;
    rts.clock_community[rt] += params_.shock_years;
    rts.clock_calendar[rt] += params_.shock_years;
    rts.flooded[rt] = static_cast<std::uint16_t>(step.month);
    ++counts.floods;
  }
}

}  // namespace musi::models
