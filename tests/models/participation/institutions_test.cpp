#include "models/participation/institutions.h"

#include <cmath>

#include "models/participation/complaints.h"
#include "models/participation/influence.h"
#include "tests/support/crowd.h"
#include "tests/support/statistics.h"

using namespace musi;
using namespace musi::models;

namespace {

const City city = tests::tiny_city(1);
const Scenario scenario = tests::tiny_scenario();

}  // namespace

TEST_CASE("D15: with every package late disappointment settles at 0.8166", "[unit]") {
  World world = tests::crowd(scenario, city, {.per_rt = 10});
  Institutions institutions(Institutions::Params{.fade = 0.03});
  BrokenPromises promises(0.25);
  for (sim::Month t = 0; t < 12 * 60; ++t) {
    if (sim::Clock::is_january(t)) world.sites.promised[0] = 4;
    institutions.step(world, {.month = t, .seed = 1});
    if (sim::Clock::is_january(t)) world.sites.promised[0] = 4;
    promises.step(world, {.month = t, .seed = 1});
  }
  const double expected = 0.25 / (1.0 - std::pow(0.97, 12));
  REQUIRE(world.sites.disappointment[0] == Approx(expected).epsilon(1e-5));
  REQUIRE(world.sites.disappointment[0] == Approx(0.8166).margin(5e-5));
  REQUIRE(world.sites.delivery_ratio[0] == 0.0f);
}

TEST_CASE("D16: a staffed board settles at 0.7143 and halves in 34 months without", "[unit]") {
  World world = tests::crowd(scenario, city, {.per_rt = 10});
  Institutions institutions(
      Institutions::Params{.growth = 0.05, .decay = 0.02, .months_full = 2.0});
  world.sites.facilitator_months[0] = 2.0f;
  for (sim::Month t = 0; t < 400; ++t) institutions.step(world, {.month = t, .seed = 1});
  REQUIRE(world.sites.board[0] == Approx(0.05 / 0.07).epsilon(1e-4));
  world.sites.facilitator_months[0] = 0.0f;
  double months = 0.0;
  const double half = 0.5 * double{world.sites.board[0]};
  double before = world.sites.board[0];
  for (sim::Month t = 0; double{world.sites.board[0]} > half; ++t) {
    before = world.sites.board[0];
    institutions.step(world, {.month = t, .seed = 1});
    months += 1.0;
  }
  months -= 1.0 - std::log(before / half) / std::log(1.0 / 0.98);
  REQUIRE(months == Approx(34.3).margin(0.05));
}

TEST_CASE("disappointment follows the undelivered share and keeps its place without promises",
          "[unit]") {
  World world = tests::crowd(scenario, city, {.per_rt = 10});
  BrokenPromises promises(0.2);
  world.sites.promised[0] = 4;
  world.sites.delivered[0] = 3;
  promises.step(world, {.month = 10, .seed = 1});
  REQUIRE(world.sites.disappointment[0] == 0.0f);
  promises.step(world, {.month = 11, .seed = 1});
  REQUIRE(world.sites.disappointment[0] == Approx(0.05));
  REQUIRE(world.sites.delivery_ratio[0] == 0.75f);
  world.sites.promised[0] = 0;
  promises.step(world, {.month = 23, .seed = 1});
  REQUIRE(world.sites.disappointment[0] == Approx(0.05));
  REQUIRE(world.sites.delivery_ratio[0] == 0.75f);
}

TEST_CASE("private initiative lifts unstaffed boards with its yearly chance", "[statistical]") {
  const int n = 20'000;
  int lifted = 0;
  World world = tests::crowd(scenario, city, {.per_rt = 10});
  Institutions institutions(Institutions::Params{.initiative_chance = 0.1});
  for (int i = 0; i < n; ++i) {
    world.sites.key[0] = sim::mix(5, i);
    world.sites.board[0] = 0.2f;
    institutions.step(world, {.month = 12, .seed = 1});
    lifted += world.sites.board[0] > 0.2f;
  }
  tests::require_share(lifted, n, 0.1);
  world.sites.facilitator_months[0] = 1.0f;
  institutions.step(world, {.month = 24, .seed = 1});
  REQUIRE(world.sites.board[0] <= 0.25f);
}

TEST_CASE("appointing elders doubles them once and lifts the board", "[statistical]") {
  Scenario elders = tests::tiny_scenario();
  elders.participation.elders_appointed = true;
  elders.forecast_from_year = 2020;
  World world = tests::crowd(elders, city, {.per_rt = 100'000});
  world.future.set(Param::part_initial_leaders, 0.01);
  world.future.set(Param::part_lkm_elder_jump, 0.15);
  world.future.set(Param::part_lkm_decay, 0.0);
  world.future.set(Param::private_initiative_chance, 0.0);
  for (std::size_t i = 0; i < 100'000; i += 100) world.households.flags[i] |= flag::elder;
  Institutions institutions(world);
  const auto count = [&] {
    double n = 0;
    for (const std::uint32_t f : world.households.flags) n += (f & flag::elder) != 0;
    return n;
  };
  for (sim::Month t = 0; t < 12; ++t) institutions.step(world, {.month = t, .seed = 1});
  REQUIRE(count() == 1000);
  REQUIRE(world.sites.board[0] == 0.0f);
  for (sim::Month t = 12; t < 40; ++t) institutions.step(world, {.month = t, .seed = 1});
  tests::require_share(count() - 1000, 99'000, 0.01 / 0.99);
  REQUIRE(world.sites.board[0] == Approx(0.15));
  REQUIRE(world.sites.elders_appointed[0] == 1);
}

TEST_CASE("a complaint channel lets disappointment fade faster, as far as it handles complaints",
          "[unit]") {
  Scenario s = scenario;
  s.participation.complaint_channel_start_year = s.clock.start_year;
  tests::fix(s, Param::complaint_handling, 3.0);
  World world = tests::crowd(s, city, {.per_rt = 10});
  Institutions institutions(Institutions::Params{.fade = 0.03, .complaint_fade = 0.02});
  world.sites.disappointment[0] = 0.5f;
  institutions.step(world, {.month = 6, .seed = 1});
  REQUIRE(world.sites.disappointment[0] == Approx(0.485));  // no desk is paid yet
  world.money.desk_share = 1.0;  // three months of twelve are on their way
  institutions.step(world, {.month = 7, .seed = 1});
  REQUIRE(world.sites.disappointment[0] == Approx(0.485 * (1 - 0.03 - 0.02 * 0.75)));
  world.money.desk_share = 0.5;  // half the money: six months
  CHECK(handling_months(world, s.clock.start_year) == Approx(6.0));
  CHECK(complaints_handled(world, s.clock.start_year) == Approx(0.5));
  CHECK(complaints_handled(world, s.clock.start_year - 1) == 0.0);
}

TEST_CASE("facilitation turns negative where social capital is low", "[unit]") {
  World world = tests::crowd(scenario, city, {.n_rts = 2, .per_rt = 10});
  Influence influence(Influence::Params{.facilitation = 2.0,
                                        .social_capital_gain = 0.5,
                                        .river_receptivity = 0.8,
                                        .months_full = 2.0});
  world.sites.board[0] = 0.5f;
  world.sites.facilitator_months[0] = 1.0f;
  world.rts.sc[0] = -4.0f;
  world.rts.sc[1] = 1.0f;
  influence.step(world, {.month = 1, .seed = 1});
  REQUIRE(world.rts.gamma[1][0] == Approx(2.0 * 0.25 * (1.0 - 2.0)));
  REQUIRE(world.rts.gamma[1][1] == Approx(2.0 * 0.25 * 1.5));
  REQUIRE(world.rts.gamma[0][1] == Approx(0.8 * 2.0 * 0.25 * 1.5));
}

TEST_CASE("neighbours count by group, permeability and adjacency", "[unit]") {
  World world = tests::crowd(scenario, city, {.n_rts = 2, .per_rt = 100});
  for (std::size_t i = 0; i < 40; ++i) {  // 40 river households in the first RT
    world.change_flags(world.rts.first_row[0] + i, 0, flag::land_group);
  }
  for (std::size_t i = 0; i < 10; ++i) {
    world.change_flags(world.rts.first_row[0] + i, flag::engaged, 0);
  }
  for (std::size_t i = 60; i < 90; ++i) {
    world.change_flags(world.rts.first_row[0] + i, flag::engaged, 0);
  }
  Influence influence(
      Influence::Params{.neighbours = 3.0, .permeability = 0.2, .adjacent = 0.1});
  influence.step(world, {.month = 1, .seed = 1});
  const double river = 0.25, land = 0.5, next = 0.0;
  REQUIRE(world.rts.gamma[0][0] ==
          Approx(3.0 * (0.8 * river + 0.2 * land + 0.1 * (next - river))));
  REQUIRE(world.rts.gamma[1][0] ==
          Approx(3.0 * (0.8 * land + 0.2 * river + 0.1 * (next - land))));
  // No river household lives in the second RT: the share of the other group stands in.
  REQUIRE(world.rts.gamma[0][1] == Approx(3.0 * 0.1 * 0.4));
}
