#include "models/population/plain_rare_events.h"

#include <cstdint>

#include "models/draws.h"

namespace musi::models {

void PlainRareEvents::step(World& world, const sim::Step& step) {
  const Households& h = world.households;
  const sim::Chance kind = step.chance(Draw::plain_rare);
  world.wishes.clear();
  for (std::size_t row = 0; row < h.size_rows(); ++row) {
    if ((h.flags[row] & flag::alive) == 0) continue;
    const RareEvents::Chances chances =
        events_.chances(world, h.record[row].rt, tenure_of(h.flags[row]), step.month);
    events_.decide(world, static_cast<std::uint32_t>(row), chances,
                   kind.fine_uniform(h.record[row].key));
  }
}

}  // namespace musi::models
