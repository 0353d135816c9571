#include "models/observation/zero.h"

#include "models/observation/areas.h"
#include "models/stocks/refresh.h"

namespace musi::models {
namespace {

void note(ZeroState& zero, ZeroDefinition definition, bool is_met, sim::Month month) {
  int& reached = zero.reached_month[index(definition)];
  if (is_met && reached < 0) reached = month;
}

/// Month since which a state has been held, -1 when it is not held.
int held_since(int since, bool is_held, sim::Month month) {
  if (!is_held) return -1;
  return since >= 0 ? since : month;
}

}  // namespace

bool every_rt_is_clear(const World& world) {
  const Neighbourhoods& rts = world.rts;
  for (std::size_t rt = 0; rt < rts.size(); ++rt) {
    if (counts_as_slum(*world.scenario, rts.physical_class[rt], rts.physical, rt)) return false;
  }
  return true;
}

bool no_household_is_deprived(const World& world) {
  const Neighbourhoods& rts = world.rts;
  for (std::size_t rt = 0; rt < rts.size(); ++rt) {
    if (rts.n_unfit[rt] + rts.n_no_water[rt] + rts.n_no_toilet[rt] + rts.n_no_tank[rt] +
            rts.n_crowded[rt] >
        0) {
      return false;
    }
  }
  return true;
}

ZeroWatch::ZeroWatch(const World& world)
    : p_{.tolerance = world.scenario->zero.tolerance_pct / 100.0,
         .sustained_months = world.scenario->zero.sustained_months} {}

void ZeroWatch::step(World& world, const sim::Step& step) {
  ZeroState& zero = world.zero;
  const sim::Month month = step.month;
  if (sim::Clock::ends_quarter(month)) {
    const double area = physical_area(world);
    const bool z1 = every_rt_is_clear(world);
    const bool z3 = area <= p_.tolerance * world.state.baseline_area;
    zero.held_z1_since = held_since(zero.held_z1_since, z1, month);
    zero.held_z3_since = held_since(zero.held_z3_since, z3, month);
    note(zero, ZeroDefinition::Z1, z1, month);
    note(zero, ZeroDefinition::Z3, z3, month);
    note(zero, ZeroDefinition::Z3b, area <= wide_tolerance * world.state.baseline_area, month);
    note(zero, ZeroDefinition::Z4,
         is_sustained(zero.held_z3_since, month, p_.sustained_months), month);
    note(zero, ZeroDefinition::Z4a,
         is_sustained(zero.held_z1_since, month, p_.sustained_months), month);
    note(zero, ZeroDefinition::Z5, no_household_is_deprived(world), month);
  }
  if (sim::Clock::is_december(month)) {
    note(zero, ZeroDefinition::Z2a, world.state.ledger_figure < zero_hectares, month);
  }
  if (world.state.last_decree_month == month) {
    note(zero, ZeroDefinition::Z2b, world.state.decree_figure < zero_hectares, month);
  }
}

}  // namespace musi::models
