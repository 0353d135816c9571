#include "models/participation/spin_up.h"

#include <algorithm>

#include "models/draws.h"
#include "models/participation/influence.h"
#include "models/population/plain_visits.h"
#include "models/population/visits.h"
#include "sim/core/check.h"

namespace musi::models {
namespace {

void draw_engaged(World& world) {
  Households& h = world.households;
  const sim::Chance chance(world.future.seed(), static_cast<std::uint32_t>(Draw::initial_engaged),
                           sim::start_state);
  std::vector<float> share;
  for (const sim::EntityKey site : world.sites.key) {
    share.push_back(
        static_cast<float>(world.future.at_site(Param::part_initial_engaged, site)));
  }
  for (std::size_t i = 0; i < h.size_rows(); ++i) {
    if ((h.flags[i] & flag::alive) == 0) continue;
    const bool engaged = chance.uniform(h.record[i].key) < share[world.rts.site[h.record[i].rt]];
    world.change_flags(i, engaged ? flag::engaged : 0u, engaged ? 0u : flag::engaged);
  }
}

/// Trials start in the first month of the spin-up; months count from there.
void draw_first_revisions(World& world) {
  Households& h = world.households;
  for (std::size_t i = 0; i < h.size_rows(); ++i) {
    h.record[i].last_visit = 0;
    if ((h.flags[i] & flag::alive) == 0) continue;
    const int wait = Visits::first_wait(world, h.record[i].key, sim::start_state);
    h.next_revision[i] = static_cast<std::uint16_t>(std::min(wait - 1, never - 1));
  }
}

/// Influence and visits, month after month up to the start.
template <class AnyVisits>
void live(World& world, const AnyVisits& visits) {
  Influence influence(world);
  for (sim::Month month = -visit_offset; month < 0; ++month) {
    const sim::Step step{.month = month, .seed = world.future.seed()};
    influence.step(world, step);
    visits.spin_up_step(world, step);
  }
}

}  // namespace

void spin_up(World& world) {
  draw_engaged(world);
  draw_first_revisions(world);
  if (world.scenario->sampling.plain_evaluation) {
    live(world, PlainVisits(world));
    return;  // trials every month need no waiting times
  }
  live(world, Visits(world));
  for (std::uint16_t& next : world.households.next_revision) {
    if (next == never) continue;
    MUSI_ENSURE(next >= visit_offset);
    next = static_cast<std::uint16_t>(next - visit_offset);
  }
}

}  // namespace musi::models
