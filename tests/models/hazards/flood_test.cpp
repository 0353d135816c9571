#include "models/hazards/flood.h"

#include <array>
#include <vector>

#include "sim/core/rng.h"
#include "tests/support/statistics.h"
#include "tests/support/tiny_world.h"

using namespace musi;
using namespace musi::models;

namespace {

constexpr std::size_t c4a = static_cast<std::size_t>(Criterion::c4a);

/// Months [first, last) of floods alone.
void run(World& world, sim::Month first, sim::Month last, const Floods::Params& params) {
  Floods floods(params);
  for (sim::Month t = first; t < last; ++t) floods.step(world, {t, world.future.seed()});
}

void set_class(World& world, std::size_t rt) {
  constexpr std::array<float, 3> flooded{0.1f, 0.5f, 0.9f};
  world.rts.physical[c4a][rt] = flooded[rt % 3];
}

World flooded_world(const Scenario& scenario, const City& city, std::uint64_t seed) {
  World world = build_world_without_spin_up(scenario, city, seed);
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) set_class(world, rt);
  return world;
}

constexpr Floods::Params usual{.is_on = true, .low = 0.02, .mid = 0.05, .high = 0.15,
                                 .shock_years = 1.0};

}  // namespace

TEST_CASE("wet months are counted from November to April", "[unit]") {
  int n = 0;
  for (sim::Month t = 0; t < 600; ++t) {
    REQUIRE(wet_months_before(t) == n);
    if (!is_wet(t)) continue;
    REQUIRE(wet_month(n) == t);
    ++n;
  }
  REQUIRE(n == 300);
  REQUIRE((is_wet(3) && !is_wet(4) && !is_wet(9) && is_wet(10)));
}

TEST_CASE("the class of 4a gives the chance of a flood, borders in the middle class", "[unit]") {
  const Floods floods(usual);
  REQUIRE(floods.chance(0.0f) == 0.02);
  REQUIRE(floods.chance(0.2499f) == 0.02);
  REQUIRE(floods.chance(0.25f) == 0.05);
  REQUIRE(floods.chance(0.75f) == 0.05);
  REQUIRE(floods.chance(0.7501f) == 0.15);
  REQUIRE(floods.bound() == 0.15);
}

TEST_CASE("RTs are flooded with the chance of their class in every wet month", "[statistical]") {
  const City city = tests::tiny_city(8);
  const Scenario scenario = tests::tiny_scenario();
  World world = flooded_world(scenario, city, 31);
  constexpr int n_years = 200;
  std::array<double, 3> floods{};
  std::array<double, 3> months{};
  std::array<double, 12> by_month{};
  Floods process(usual);
  for (sim::Month t = 0; t < 12 * n_years; ++t) {
    const std::vector<double> before = world.rts.clock_calendar;
    process.step(world, {t, world.future.seed()});
    for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
      months[rt % 3] += is_wet(t);
      if (world.rts.clock_calendar[rt] == before[rt]) continue;
      floods[rt % 3] += 1.0;
      by_month[static_cast<std::size_t>(t % 12)] += 1.0;
    }
  }
  tests::require_share(floods[0], months[0], usual.low);
  tests::require_share(floods[1], months[1], usual.mid);
  tests::require_share(floods[2], months[2], usual.high);
  const double all = floods[0] + floods[1] + floods[2];
  for (std::size_t m = 0; m < 12; ++m) {
    if (m >= 4 && m <= 9) {
      REQUIRE(by_month[m] == 0.0);
    } else {
      tests::require_share(by_month[m], all, 1.0 / 6.0);
    }
  }
  REQUIRE(static_cast<double>(world.state.counts.floods) == all);
  REQUIRE(world.state.counts.bound_crossings == 0);
}

TEST_CASE("the bound holds and rates are right where the least flooded class is worst",
          "[statistical]") {
  const City city = tests::tiny_city(6);
  const Scenario scenario = tests::tiny_scenario();
  World world = flooded_world(scenario, city, 32);
  for (float& flooded : world.rts.physical[c4a]) flooded = 0.0f;
  Floods::Params odd = usual;
  odd.low = 0.4;
  run(world, 0, 1200, odd);
  tests::require_share(static_cast<double>(world.state.counts.floods),
                       600.0 * static_cast<double>(world.n_rts()), 0.4);
  REQUIRE(world.state.counts.bound_crossings == 0);
}

TEST_CASE("a flood jumps both clocks by the shock and touches nothing else", "[property]") {
  const City city = tests::tiny_city(4);
  const Scenario scenario = tests::tiny_scenario();
  World world = flooded_world(scenario, city, 33);
  const World before = world;
  Floods::Params params = usual;
  params.shock_years = 0.125;
  run(world, 0, 120, params);
  double jumps = 0.0;
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    const double jump = world.rts.clock_calendar[rt] - before.rts.clock_calendar[rt];
    REQUIRE(world.rts.clock_community[rt] - before.rts.clock_community[rt] == jump);
    jumps += jump / 0.125;
  }
  REQUIRE(world.state.counts.floods > 0);
  REQUIRE(jumps == static_cast<double>(world.state.counts.floods));
  REQUIRE(world.households.flags == before.households.flags);
  REQUIRE(world.households.fails == before.households.fails);
  REQUIRE(world.rts.good == before.rts.good);
  REQUIRE(world.rts.physical == before.rts.physical);
  REQUIRE(world.rts.next_failure == before.rts.next_failure);
}

TEST_CASE("one more RT floods nobody else", "[property]") {
  const City city = tests::tiny_city(4);
  const Scenario scenario = tests::tiny_scenario();
  World world = flooded_world(scenario, city, 34);
  World larger = world;
  run(world, 0, 40, usual);
  run(larger, 0, 40, usual);
  const std::size_t n = larger.n_rts();
  larger.rts.resize(n + 1);
  larger.rts.key[n] = sim::mix(larger.rts.key[0], 999);
  larger.rts.physical[c4a][n] = 0.9f;
  REQUIRE(larger.rts.next_flood[n] == never);
  run(world, 40, 400, usual);
  run(larger, 40, 400, usual);
  for (std::size_t rt = 0; rt < n; ++rt) {
    REQUIRE(larger.rts.clock_calendar[rt] == world.rts.clock_calendar[rt]);
    REQUIRE(larger.rts.next_flood[rt] == world.rts.next_flood[rt]);
  }
  REQUIRE(larger.rts.clock_calendar[n] > 0.0);
}

TEST_CASE("without hazards.flood no bit of the world changes", "[property]") {
  const City city = tests::tiny_city(4);
  Scenario scenario = tests::tiny_scenario();
  scenario.hazards.flood = false;
  World world = flooded_world(scenario, city, 35);
  const World before = world;
  run(world, 0, 240, Floods::params_of(world));
  REQUIRE(world.rts.next_flood == before.rts.next_flood);
  REQUIRE(world.rts.clock_calendar == before.rts.clock_calendar);
  REQUIRE(world.rts.clock_community == before.rts.clock_community);
  REQUIRE(world.state.counts.floods == 0);
}

TEST_CASE("floods take the parameters of the future", "[unit]") {
  const City city = tests::tiny_city(2);
  const Scenario scenario = tests::tiny_scenario();
  const World world = build_world_without_spin_up(scenario, city, 36);
  const Floods::Params params = Floods::params_of(world);
  REQUIRE(params.is_on);
  REQUIRE(params.low == Approx(0.02));
  REQUIRE(params.mid == Approx(0.05));
  REQUIRE(params.high == Approx(0.15));
  REQUIRE(params.shock_years == Approx(0.10));
}
