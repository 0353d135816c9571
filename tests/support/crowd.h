#pragma once

#include <cstddef>

#include "models/population/synthesis.h"
#include "models/world.h"
#include "tests/support/tiny_world.h"

/// Worlds of equal households made by hand, for docking cases of participation and demography.
namespace musi::tests {

struct CrowdSpec {
  std::size_t n_rts = 1;
  std::size_t per_rt = 1000;
  std::uint64_t seed = 1;
  std::uint32_t flags = models::flag::alive | models::flag::land_group;  ///< title holders on land
  float c0 = 0.0f;
};

/// One site of RTs of 1 ha with equal households, all due in month 0 by the trials' law. `World`
/// keeps pointers to the scenario and the city.
inline models::World crowd(const models::Scenario& scenario, const models::City& city,
                           const CrowdSpec& spec) {
  using namespace models;
  World world(scenario, city, Future(scenario, city, spec.seed));
  world.sites.resize(1);
  world.sites.key[0] = sim::mix(city.key, 77);
  world.sites.rts.resize(1);
  world.sites.delivery_ratio[0] = 0.5f;
  world.rts.resize(spec.n_rts);
  world.households.resize(spec.n_rts * spec.per_rt);  // row i of RT r is r * per_rt + i
  for (std::size_t rt = 0; rt < spec.n_rts; ++rt) {
    world.sites.rts[0].push_back(static_cast<std::uint32_t>(rt));
    world.rts.key[rt] = sim::mix(world.sites.key[0], rt);
    world.rts.ordinal[rt] = static_cast<std::uint16_t>(rt);
    world.rts.area[rt] = 1.0f + static_cast<float>(spec.per_rt) / 100.0f;
    world.rts.buildings[rt] = world.rts.buildings_at_start[rt] = static_cast<float>(spec.per_rt);
    world.rts.ideal_road[rt] = world.rts.ideal_drain[rt] = 400.0f;
    world.rts.miss_road[rt] = world.rts.miss_drain[rt] = 400.0f;
    world.rts.start_share[3][rt] = world.rts.start_share[8][rt] = 1.0f;  // no path, no drain
    world.rts.first_row[rt] = static_cast<std::uint32_t>(rt * spec.per_rt);
    world.rts.capacity[rt] = static_cast<std::uint32_t>(spec.per_rt);
    for (std::size_t i = 0; i < spec.per_rt; ++i) {
      HouseholdRow h;
      h.key = sim::mix(world.rts.key[rt], i);
      h.flags = with_size(spec.flags, 4);
      h.c0 = spec.c0;
      h.mu = 0.9f;
      h.last_visit = visit_offset;
      h.next_revision = 0;
      const std::size_t row = world.add_row(rt, h);
      world.count_household(row, +1);
    }
  }
  world.zero.reached_month.fill(-1);
  return world;
}

/// Engages every household whose place in its RT is below `share`; all trials then start afresh.
inline void engage_share(models::World& world, double share) {
  using namespace models;
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    const std::size_t first = world.rts.first_row[rt];
    const std::size_t n = world.rts.n_rows[rt];
    for (std::size_t i = 0; i < n; ++i) {
      const bool engaged = static_cast<double>(i) < share * static_cast<double>(n);
      world.change_flags(first + i, engaged ? flag::engaged : 0u, engaged ? 0u : flag::engaged);
    }
  }
}

inline double engaged_share(const models::World& world, std::size_t rt = 0) {
  const double n = world.rts.n_households[rt];
  return (world.rts.n_engaged[0][rt] + world.rts.n_engaged[1][rt]) / n;
}

}  // namespace musi::tests
