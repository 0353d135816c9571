#pragma once

#include "models/world.h"
#include "sim/core/process.h"

namespace musi::tests {

/// Lets months [from, to) pass, calling `after(month)` at the end of each.
template <class After>
void let_pass(const sim::Schedule<models::World>& schedule, models::World& world, sim::Month from,
              sim::Month to, After&& after) {
  for (sim::Month month = from; month < to; ++month) {
    world.month = month;
    schedule.run(world, {.month = month, .seed = world.future.seed()});
    after(month);
  }
}
inline void let_pass(const sim::Schedule<models::World>& schedule, models::World& world,
                     sim::Month from, sim::Month to) {
  let_pass(schedule, world, from, to, [](sim::Month) {});
}

}  // namespace musi::tests
