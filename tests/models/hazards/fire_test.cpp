#include "models/hazards/fire.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "sim/core/rng.h"
#include "tests/support/statistics.h"
#include "tests/support/tiny_world.h"

using namespace musi;
using namespace musi::models;

namespace {

constexpr std::uint32_t burnt = flag::lacks_house | flag::failed_twice | flag::lacks_water |
                                flag::low_water | flag::lacks_toilet | flag::lacks_tank;

void run(World& world, sim::Month first, sim::Month last, const Fires::Params& params) {
  Fires fires(params);
  for (sim::Month t = first; t < last; ++t) fires.step(world, {t, world.future.seed()});
}

/// RTs of about `per_ha` persons a hectare; nothing protects them.
World dense_world(const Scenario& scenario, City& city, double per_ha, std::uint64_t seed) {
  for (SiteFacts& site : city.sites) site.persons_per_ha = per_ha;
  World world = build_world_without_spin_up(scenario, city, seed);
  for (const Criterion k : {Criterion::c7a, Criterion::c7b}) {
    auto& column = world.rts.physical[static_cast<std::size_t>(k)];
    std::fill(column.begin(), column.end(), 1.0f);
  }
  return world;
}

void protect(World& world, Criterion criterion, float share) {
  auto& column = world.rts.physical[static_cast<std::size_t>(criterion)];
  std::fill(column.begin(), column.end(), share);
}

bool is_wooden(const World& world, std::size_t row) {
  constexpr std::uint32_t both = flag::alive | flag::wood;
  return (world.households.flags[row] & both) == both;
}

double n_wooden(const World& world) {
  double n = 0.0;
  for (std::size_t row = 0; row < world.households.size_rows(); ++row) {
    n += is_wooden(world, row);
  }
  return n;
}

/// Houses lost in months with exactly one fire.
std::vector<double> sizes_of_fires(World& world, int n_months, const Fires::Params& params) {
  Fires fires(params);
  std::vector<double> sizes;
  YearCounts before;
  for (sim::Month t = 0; t < n_months; ++t) {
    fires.step(world, {t, world.future.seed()});
    const YearCounts& now = world.state.counts;
    if (now.fires - before.fires == 1) {
      sizes.push_back(static_cast<double>(now.houses_lost - before.houses_lost));
    }
    before = now;
  }
  return sizes;
}

}  // namespace

TEST_CASE("each wooden house ignites within a year with its yearly chance", "[statistical]") {
  City city = tests::tiny_city(6);
  const Scenario scenario = tests::tiny_scenario();
  World world = dense_world(scenario, city, 1500.0, 41);  // most RTs outgrow the least slots
  REQUIRE(*std::max_element(world.rts.n_rows.begin(), world.rts.n_rows.end()) > 256);
  Households& h = world.households;
  for (std::uint32_t& flags : h.flags) flags &= ~burnt;
  run(world, 0, 12, {.is_on = true, .yearly_chance = 0.2, .mean_lost = 1.0});
  double burnt_houses = 0.0;
  for (std::size_t row = 0; row < h.size_rows(); ++row) {
    const bool is_burnt = (h.flags[row] & burnt) == burnt;
    if (is_burnt) REQUIRE(is_wooden(world, row));
    burnt_houses += is_burnt;
  }
  tests::require_share(burnt_houses, n_wooden(world), 0.2);
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    REQUIRE(world.rts.fire_slots[rt] >= world.rts.n_rows[rt]);
    REQUIRE(world.rts.fire_slots[rt] >= 256);
  }
}

TEST_CASE("fires come at the rate of the wooden houses over many years", "[statistical]") {
  City city = tests::tiny_city(8);
  const Scenario scenario = tests::tiny_scenario();
  World world = dense_world(scenario, city, 120.0, 42);
  const Fires::Params params{.is_on = true, .yearly_chance = 0.001, .mean_lost = 5.0};
  constexpr int n_months = 12 * 400;
  run(world, 0, n_months, params);
  const double expected = n_wooden(world) * Fires(params).rate() * n_months;
  const double fires = static_cast<double>(world.state.counts.fires);
  INFO(fires << " fires, expected " << expected);
  REQUIRE(expected > 200.0);
  REQUIRE(std::abs(fires - expected) < tests::max_standard_errors * std::sqrt(expected));
}

TEST_CASE("an RT that grows past its slots keeps its rate of fires", "[statistical]") {
  City city = tests::tiny_city(4);
  const Scenario scenario = tests::tiny_scenario();
  World world = dense_world(scenario, city, 700.0, 43);
  const Fires::Params params{.is_on = true, .yearly_chance = 0.02, .mean_lost = 1.0};
  Fires fires(params);
  double expected = 0.0;
  HouseholdRow house;
  house.flags = flag::alive | flag::wood;
  for (sim::Month t = 0; t < 360; ++t) {
    for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {  // a new wooden house a month
      house.key = sim::mix(world.rts.key[rt], 7777, t);
      world.count_household(world.add_row(rt, house), +1);
    }
    expected += n_wooden(world) * fires.rate();
    fires.step(world, {t, world.future.seed()});
  }
  const double n = static_cast<double>(world.state.counts.fires);
  INFO(n << " fires, expected " << expected);
  REQUIRE(std::abs(n - expected) < tests::max_standard_errors * std::sqrt(expected));
}

TEST_CASE("fires take one house and geometrically more, at most twenty", "[statistical]") {
  const double q = 0.8;
  double mean = 0.0;
  for (int k = 0; k < largest_fire; ++k) mean += std::pow(q, k);
  const Fires fires({.is_on = true, .yearly_chance = 0.0, .mean_lost = mean});
  std::vector<double> observed(largest_fire), expected(largest_fire);
  constexpr int n = 20'000;
  const sim::Chance chance(1, 2, 3);
  for (sim::EntityKey i = 0; i < n; ++i) {
    const int size = fires.size(chance.fine_uniform(i));
    REQUIRE((size >= 1 && size <= largest_fire));
    observed[static_cast<std::size_t>(size - 1)] += 1.0;
  }
  for (int k = 0; k < largest_fire; ++k) {
    const bool is_last = k + 1 == largest_fire;
    expected[static_cast<std::size_t>(k)] = n * std::pow(q, k) * (is_last ? 1.0 : 1.0 - q);
  }
  tests::require_distribution(observed, expected);
}

TEST_CASE("the mean of fires is as asked over the whole range", "[property]") {
  for (const double mean : {1.0, 1.5, 5.0, 12.0, 19.0, 20.0}) {
    const Fires fires({.is_on = true, .yearly_chance = 0.0, .mean_lost = mean});
    double sum = 0.0;
    constexpr int n = 100'000;
    for (int i = 0; i < n; ++i) sum += fires.size((i + 0.5) / n);
    REQUIRE(sum / n == Approx(mean).epsilon(1e-3));
  }
}

TEST_CASE("7a and 7b below a quarter halve the houses lost, both together quarter them",
          "[statistical]") {
  City city = tests::tiny_city(6);
  const Scenario scenario = tests::tiny_scenario();
  const World bare = dense_world(scenario, city, 1000.0, 44);
  const Fires::Params params{.is_on = true, .yearly_chance = 0.004, .mean_lost = 5.0};
  constexpr int n_months = 3000;
  World world = bare;
  tests::require_mean_of(sizes_of_fires(world, n_months, params), 5.0);
  world = bare;
  protect(world, Criterion::c7a, 0.249f);
  tests::require_mean_of(sizes_of_fires(world, n_months, params), 2.5);
  world = bare;
  protect(world, Criterion::c7b, 0.0f);
  tests::require_mean_of(sizes_of_fires(world, n_months, params), 2.5);
  protect(world, Criterion::c7a, 0.0f);
  world.state.counts = {};
  world.rts.fire_slots.assign(world.n_rts(), 0);
  tests::require_mean_of(sizes_of_fires(world, n_months, params), 1.25);
  world = bare;
  protect(world, Criterion::c7a, 0.25f);
  tests::require_mean_of(sizes_of_fires(world, n_months, params), 5.0);
}

TEST_CASE("lost houses are neighbours of the origin and counters equal a recount",
          "[property]") {
  City city = tests::tiny_city(4);
  const Scenario scenario = tests::tiny_scenario();
  World world = dense_world(scenario, city, 300.0, 45);
  Households& h = world.households;
  for (std::size_t row = 0; row < h.size_rows(); ++row) {
    if ((h.flags[row] & flag::alive) != 0) world.change_flags(row, 0, burnt);
  }
  const Fires::Params params{.is_on = true, .yearly_chance = 0.01, .mean_lost = 12.0};
  Fires fires(params);
  sim::Month t = 0;
  while (world.state.counts.fires == 0) fires.step(world, {t++, world.future.seed()});
  REQUIRE(world.state.counts.fires == 1);
  std::vector<std::size_t> lost;
  std::set<std::uint32_t> in_rts;
  for (std::size_t row = 0; row < h.size_rows(); ++row) {
    if ((h.flags[row] & burnt) == 0) continue;
    REQUIRE((h.flags[row] & burnt) == burnt);
    REQUIRE(h.fails[row].house == no_failure);
    REQUIRE(h.fails[row].water == no_failure);
    REQUIRE(h.fails[row].sanitation == no_failure);
    lost.push_back(row);
    in_rts.insert(h.record[row].rt);
  }
  REQUIRE(static_cast<std::int64_t>(lost.size()) == world.state.counts.houses_lost);
  REQUIRE(lost.back() - lost.front() + 1 == lost.size());
  REQUIRE(in_rts.size() == 1);
  for (; t < 240; ++t) fires.step(world, {t, world.future.seed()});
  World copy = world;
  for (std::size_t rt = 0; rt < copy.n_rts(); ++rt) copy.recount(rt);
  REQUIRE(copy.rts.n_unfit == world.rts.n_unfit);
  REQUIRE(copy.rts.n_no_water == world.rts.n_no_water);
  REQUIRE(copy.rts.n_low_water == world.rts.n_low_water);
  REQUIRE(copy.rts.n_no_toilet == world.rts.n_no_toilet);
  REQUIRE(copy.rts.n_no_tank == world.rts.n_no_tank);
  REQUIRE(copy.rts.n_households == world.rts.n_households);
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    for (std::size_t i = 0; i < world.rts.n_rows[rt]; ++i) {
      REQUIRE(h.fails[world.rts.first_row[rt] + i].house >= world.rts.next_failure[rt]);
    }
  }
}

TEST_CASE("a fire stops at the ends of its RT", "[unit]") {
  City city = tests::tiny_city(4);
  const Scenario scenario = tests::tiny_scenario();
  World world = dense_world(scenario, city, 30.0, 46);  // fewer dwellings than the largest fire
  run(world, 0, 600, {.is_on = true, .yearly_chance = 0.05, .mean_lost = 20.0});
  REQUIRE(world.state.counts.fires > 100);
  const Households& h = world.households;
  for (std::size_t row = 0; row < h.size_rows(); ++row) {
    if (h.record[row].key == 0) REQUIRE(h.flags[row] == 0);
  }
}

TEST_CASE("one more household or RT ignites nobody else", "[property]") {
  City city = tests::tiny_city(4);
  const Scenario scenario = tests::tiny_scenario();
  World world = dense_world(scenario, city, 120.0, 47);
  World larger = world;
  HouseholdRow brick;
  brick.key = sim::mix(world.rts.key[3], 5555);
  brick.flags = flag::alive;
  const std::size_t n_before = world.rts.n_rows[3];
  larger.count_household(larger.add_row(3, brick), +1);
  const std::size_t n = larger.n_rts();
  larger.rts.resize(n + 1);
  larger.rts.key[n] = sim::mix(world.rts.key[0], 999);
  const Fires::Params params{.is_on = true, .yearly_chance = 0.05, .mean_lost = 1.0};
  run(world, 0, 240, params);
  run(larger, 0, 240, params);
  REQUIRE(world.state.counts.fires > 100);
  REQUIRE(larger.state.counts.fires == world.state.counts.fires);
  for (std::size_t rt = 0; rt < n; ++rt) {
    REQUIRE(larger.rts.next_fire[rt] == world.rts.next_fire[rt]);
    const std::size_t rows = rt == 3 ? n_before : world.rts.n_rows[rt];
    for (std::size_t i = 0; i < rows; ++i) {
      REQUIRE(larger.households.flags[larger.rts.first_row[rt] + i] ==
              world.households.flags[world.rts.first_row[rt] + i]);
    }
  }
}

TEST_CASE("without hazards.fire no bit of the world changes", "[property]") {
  City city = tests::tiny_city(4);
  Scenario scenario = tests::tiny_scenario();
  scenario.hazards.fire = false;
  World world = dense_world(scenario, city, 120.0, 48);
  world.future.set(Param::fire_rate, 0.5);
  const World before = world;
  run(world, 0, 240, Fires::params_of(world));
  REQUIRE(world.households.flags == before.households.flags);
  REQUIRE(world.rts.next_fire == before.rts.next_fire);
  REQUIRE(world.rts.fire_slots == before.rts.fire_slots);
  REQUIRE(world.state.counts.fires == 0);
}

TEST_CASE("fires take the parameters of the future", "[unit]") {
  const City city = tests::tiny_city(2);
  const Scenario scenario = tests::tiny_scenario();
  const World world = build_world_without_spin_up(scenario, city, 49);
  const Fires::Params params = Fires::params_of(world);
  REQUIRE(params.is_on);
  REQUIRE(params.yearly_chance == Approx(0.0005));
  REQUIRE(params.mean_lost == Approx(5.0));
}
