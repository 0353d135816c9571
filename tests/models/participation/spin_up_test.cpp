#include "models/participation/spin_up.h"

#include "models/population/rare_events.h"
#include "tests/support/statistics.h"
#include "tests/support/tiny_world.h"

using namespace musi;
using namespace musi::models;

TEST_CASE("after the spin-up every household is due from the start on", "[unit]") {
  const City city = tests::tiny_city(4);
  const Scenario scenario = tests::tiny_scenario();
  World world = build_world_without_spin_up(scenario, city, 11);
  spin_up(world);
  draw_first_rare(world);
  const Households& h = world.households;
  std::size_t due = 0, alive = 0;
  for (std::size_t i = 0; i < h.size_rows(); ++i) {
    if ((h.flags[i] & flag::alive) == 0) {
      REQUIRE(h.next_revision[i] == never);
      REQUIRE(h.next_rare[i] == never);
      continue;
    }
    ++alive;
    due += h.next_revision[i] == 0;
    REQUIRE(h.record[i].last_visit < visit_offset);
    REQUIRE(h.next_revision[i] != never);
  }
  REQUIRE(alive == world.n_households());
  // The trial of month 0 succeeds with chance psi, whatever happened before.
  tests::require_share(static_cast<double>(due), static_cast<double>(alive),
                       world.future[Param::part_revision_rate]);
}

TEST_CASE("counters of the engaged equal a recount after the spin-up", "[property]") {
  const City city = tests::tiny_city(4);
  const Scenario scenario = tests::tiny_scenario();
  World world = build_world_without_spin_up(scenario, city, 12);
  spin_up(world);
  World copy = world;
  for (std::size_t rt = 0; rt < copy.n_rts(); ++rt) copy.recount(rt);
  REQUIRE(copy.rts.n_engaged == world.rts.n_engaged);
  REQUIRE(copy.rts.n_group == world.rts.n_group);
}
