#include "models/relocation/relocations.h"

#include <cmath>

#include "models/population/moves.h"
#include "models/relocation/homes.h"
#include "models/stocks/refresh.h"
#include "tests/support/crowd.h"
#include "tests/support/money_run.h"
#include "tests/support/statistics.h"

using namespace musi;
using namespace musi::models;

namespace {

const City city = tests::tiny_city(4);
const Scenario scenario = tests::tiny_scenario();

/// Position of a programme in the scenario.
std::uint16_t place_of(const Scenario& s, const std::string& id) {
  for (std::size_t p = 0; p < s.programmes.size(); ++p) {
    if (s.programmes[p].id == id) return static_cast<std::uint16_t>(p);
  }
  FAIL("no programme " << id);
  return 0;
}

/// Flats for every household of every RT, open in a month.
void invite_all(World& world, const Scenario& s, sim::Month opens) {
  const std::uint16_t flats = place_of(s, "rusunawa");
  for (std::size_t i = 0; i < world.households.size_rows(); ++i) {
    if ((world.households.flags[i] & flag::alive) == 0) continue;
    world.relocation.offers.push_back({.household = world.households.record[i].key,
                                       .rt = world.households.record[i].rt,
                                       .programme = flats,
                                       .opens = static_cast<std::uint16_t>(opens)});
  }
}

void require_conserved(const World& world) {
  const Relocation& r = world.relocation;
  REQUIRE(r.relocated == static_cast<std::int64_t>(r.living.size() + r.returning.size()) +
                             r.returned + r.gone);
}

/// Kept counters equal a recount.
void require_counters(const World& world) {
  World copy = world;
  for (std::size_t rt = 0; rt < copy.n_rts(); ++rt) copy.recount(rt);
  REQUIRE(copy.rts.n_households == world.rts.n_households);
  REQUIRE(copy.rts.n_persons == world.rts.n_persons);
  REQUIRE(copy.rts.n_unfit == world.rts.n_unfit);
  REQUIRE(copy.rts.n_engaged == world.rts.n_engaged);
}

}  // namespace

TEST_CASE("D11: of ten thousand invited a third never move and a third have left after 14 years",
          "[validation]") {
  World world = tests::crowd(scenario, city, {.n_rts = 10, .per_rt = 1000});
  Relocations relocations({.take_up = 0.66, .exit_rate = 0.047, .return_share = 0.5,
                           .demolish = 1.0});
  invite_all(world, scenario, 0);
  for (sim::Month t = 0; t <= 14 * 12; ++t) relocations.step(world, {.month = t, .seed = 5});
  const double n = 10'000;
  const double there = std::exp(-0.047 * 14);
  CHECK(0.66 * there == Approx(0.342).margin(5e-4));
  const Relocation& r = world.relocation;
  const auto living = static_cast<double>(r.living.size());
  tests::require_share(n - static_cast<double>(r.relocated), n, 0.34);
  tests::require_share(living, n, 0.66 * there);
  tests::require_share(static_cast<double>(r.relocated) - living, n, 0.66 * (1 - there));
  tests::require_share(static_cast<double>(r.returning.size()),
                       static_cast<double>(r.relocated) - living, 0.5);
  require_conserved(world);
}

TEST_CASE("river households take up less, homes with roads are taken up more", "[unit]") {
  const Relocations relocations({.take_up = 0.6, .river_factor = 0.8});
  const std::uint32_t land = flag::alive | flag::land_group, river = flag::alive;
  CHECK(relocations.take_up_chance(land, 0.0) == Approx(0.60));
  CHECK(relocations.take_up_chance(river, 0.0) == Approx(0.48));
  CHECK(relocations.take_up_chance(land, 1.0) == Approx(0.65));
  CHECK(relocations.take_up_chance(land, 0.5) == Approx(0.625));
  CHECK(relocations.take_up_chance(river, 1.0) == Approx(0.52));
  CHECK(Relocations({.take_up = 0.99}).take_up_chance(land, 1.0) == 1.0);
}

TEST_CASE("river households move less than land households", "[statistical]") {
  double moved[2] = {};
  for (const bool river : {true, false}) {
    World world = tests::crowd(
        scenario, city,
        {.per_rt = 5000, .flags = river ? flag::alive : flag::alive | flag::land_group});
    invite_all(world, scenario, 3);
    Relocations relocations({.take_up = 0.66, .river_factor = 0.8});
    relocations.step(world, {.month = 2, .seed = 5});
    REQUIRE(world.relocation.relocated == 0);  // not open yet
    relocations.step(world, {.month = 3, .seed = 5});
    moved[river ? 0 : 1] = static_cast<double>(world.relocation.relocated);
    REQUIRE(world.relocation.offers.empty());
  }
  tests::require_share(moved[1], 5000, 0.66);
  tests::require_share(moved[0], 5000, 0.66 * 0.8);
}

TEST_CASE("who moves leaves numerators and denominators, and demolition takes buildings away",
          "[property]") {
  World world = build_world_without_spin_up(scenario, city, 3);
  const std::size_t rt = 0;
  const std::uint32_t households = world.rts.n_households[rt];
  const std::uint32_t rows = world.rts.n_rows[rt];
  world.rts.irregular[rt] = 5.0f;
  const float buildings = world.rts.buildings[rt];
  std::size_t row = world.rts.first_row[rt] + 1;
  while ((world.households.flags[row] & flag::lacks_house) == 0) ++row;
  REQUIRE(world.households.record[row].rt == rt);
  const std::uint32_t unfit = world.rts.n_unfit[rt];
  const sim::EntityKey behind = world.households.record[row + 1].key;
  const HouseholdRow left = move_out(world, row, 4);
  CHECK((left.flags & flag::relocated) != 0);
  CHECK((left.flags & flag::engaged) == 0);
  CHECK(world.rts.n_households[rt] == households - 1);
  CHECK(world.rts.n_unfit[rt] == unfit - 1);
  CHECK(world.rts.n_rows[rt] == rows);  // the dwelling still stands
  demolish(world, row, 4);
  const float lost = buildings / static_cast<float>(rows);
  CHECK(world.rts.buildings[rt] == Approx(buildings - lost));
  CHECK(world.rts.irregular[rt] == Approx(5.0f - lost));
  CHECK(world.rts.n_rows[rt] == rows - 1);
  CHECK(world.households.record[row].key == behind);
  CHECK(world.state.counts.demolished == 1);
  require_counters(world);
}

TEST_CASE("an RT that everybody left and that was taken down is no slum in any book but the decree",
          "[property]") {
  World world = build_world_without_spin_up(scenario, city, 3);
  invite_all(world, scenario, 0);
  Relocations({.take_up = 1.0, .demolish = 1.0}).step(world, {.month = 0, .seed = 5});
  Refresh(world).step(world, {.month = 2, .seed = 5});
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    INFO("RT " << rt);
    CHECK(world.rts.n_rows[rt] == 0);
    CHECK(world.rts.n_households[rt] == 0);
    CHECK(world.rts.physical_class[rt] == Slum::not_slum);
    CHECK(world.rts.ledger_class[rt] == Slum::not_slum);
  }
  require_conserved(world);
}

TEST_CASE("households are conserved while they move out, come back and move on", "[property]") {
  World world = build_world(scenario, city, 31);
  world.future.set(Param::renter_out_rate, 0.3);
  draw_first_rare(world);
  invite_all(world, scenario, 6);
  RareEvents rare_events(world);
  Moves moves(world);
  Relocations relocations(
      {.take_up = 0.5, .exit_rate = 0.5, .return_share = 0.7, .demolish = 0.6});
  const auto before = static_cast<std::int64_t>(world.n_households());
  for (sim::Month t = 0; t < 60; ++t) {
    const sim::Step step{.month = t, .seed = 31};
    world.month = t;
    rare_events.step(world, step);
    moves.step(world, step);
    relocations.step(world, step);
    require_conserved(world);
  }
  const YearCounts& c = world.state.counts;
  const auto after = static_cast<std::int64_t>(world.n_households());
  REQUIRE(after - before == c.splits + c.arrived + c.returned - c.left - c.relocated);
  REQUIRE(c.relocated > 100);
  REQUIRE(c.returned > 20);
  REQUIRE(c.demolished > 50);
  REQUIRE(c.homes_opened == c.relocated + c.declined);
  REQUIRE(world.relocation.gone + c.returned +
              static_cast<std::int64_t>(world.relocation.returning.size()) ==
          c.left_relocation);
  require_counters(world);
}

TEST_CASE("dwellings that are not demolished are let again with their state", "[property]") {
  World world = build_world_without_spin_up(scenario, city, 3);
  invite_all(world, scenario, 0);
  const std::vector<std::uint32_t> rows = world.rts.n_rows;
  const std::vector<std::uint32_t> unfit = world.rts.n_unfit;
  Relocations({.take_up = 1.0, .demolish = 0.0}).step(world, {.month = 0, .seed = 5});
  REQUIRE(world.n_households() == 0);
  Moves(world).step(world, {.month = 1, .seed = 5});
  REQUIRE(world.rts.n_rows == rows);
  REQUIRE(world.rts.n_unfit == unfit);
  REQUIRE(world.relocation.to_let.empty());
  require_counters(world);
}

TEST_CASE("a household that went back is not asked to move again", "[unit]") {
  World world = tests::crowd(scenario, city, {.per_rt = 50});
  invite_all(world, scenario, 0);
  Relocations relocations({.take_up = 1.0, .exit_rate = 1e6, .return_share = 1.0,
                           .demolish = 1.0});
  world.rts.start_share[2][0] = 0.0f;
  relocations.step(world, {.month = 0, .seed = 5});
  relocations.step(world, {.month = 1, .seed = 5});
  REQUIRE(world.relocation.returning.size() == 50);
  Moves(world).step(world, {.month = 2, .seed = 5});
  REQUIRE(world.state.counts.returned == 50);
  REQUIRE(world.n_households() == 50);
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    for (std::size_t i = 0; i < world.rts.n_rows[rt]; ++i) {
      const std::size_t row = world.rts.first_row[rt] + i;
      CHECK((world.households.flags[row] & flag::relocated) != 0);
      CHECK(tenure_of(world.households.flags[row]) == Tenure::informal_own);
    }
  }
  require_conserved(world);
}
