#include "models/participation/spin_up.h"

#include <algorithm>

#include "models/draws.h"
#include "models/participation/influence.h"
#include "models/population/plain_visits.h"
#include "models/population/row_words.h"
#include "models/population/visits.h"
#include "sim/core/check.h"
#include "sim/core/distributions.h"
#include "sim/core/quantile_columns.h"

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
  for_each_tile_of_words(h, chance, [&](std::size_t first, std::size_t n, const RowWords& drawn) {
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t row = first + i;
      if ((h.flags[row] & flag::alive) == 0) continue;
      const bool engaged =
          sim::uniform24(drawn.words[0][i]) < share[world.rts.site[h.record[row].rt]];
      world.change_flags(row, engaged ? flag::engaged : 0u, engaged ? 0u : flag::engaged);
    }
  });
}

/// Trials start in the first month of the spin-up; months count from there.
void draw_first_revisions(World& world) {
  Households& h = world.households;
  const sim::Chance chance(world.future.seed(), static_cast<std::uint32_t>(Draw::revision),
                           sim::start_state);
  const sim::GeometricLaw law = Visits::law_of_waits(world.future);
  for_each_tile_of_words(h, chance, [&](std::size_t first, std::size_t n, const RowWords& drawn) {
    std::array<double, tile_of_words> u;
    for (std::size_t i = 0; i < n; ++i) {
      u[i] = static_cast<double>(sim::uniform24(drawn.words[0][i]));
    }
    sim::logs(std::span(u).first(n));
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t row = first + i;
      h.record[row].last_visit = 0;
      if ((h.flags[row] & flag::alive) == 0) continue;
      h.next_revision[row] = static_cast<std::uint16_t>(std::min(law.wait(u[i]) - 1, never - 1));
    }
  });
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
