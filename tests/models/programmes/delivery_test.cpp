#include "models/programmes/delivery.h"

#include <catch2/catch.hpp>

#include "models/build_world.h"
#include "models/draws.h"
#include "models/finance/budget.h"
#include "models/programmes/packages.h"
#include "models/stocks/ageing.h"
#include "tests/support/money_run.h"

using namespace musi;
using namespace musi::models;

TEST_CASE("works never exceed the true deficit and close it when there is enough", "[property]") {
  City city = tests::tiny_city();
  Scenario s = tests::tiny_scenario();
  World world = build_world_without_spin_up(s, city, 5);
  open_books(world);
  for (std::size_t i = 0; i < n_items; ++i) {
    const Item item = static_cast<Item>(i);
    if (!is_works(item) || facts(item).lacks != 0 || facts(item).is_relocation) continue;
    for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
      const double need = true_need(world, rt, item);
      const double met = add_works(world, rt, item, 2 * need + 1, 0.3, 0);
      REQUIRE(met == Approx(need).margin(1e-3));
      const bool flood = item == Item::flood_works || item == Item::river_wall;
      REQUIRE(true_need(world, rt, item) <= (flood ? 1e-3 : 1e-4) * (1 + need));
      REQUIRE(world.rts.irregular[rt] >= 0);
      REQUIRE(world.rts.miss_road[rt] >= 0);
      REQUIRE(world.rts.miss_drain[rt] >= 0);
      REQUIRE(good_units(world.rts, Stock::hydrant, rt) <=
              world.rts.buildings[rt] * (1 + 1e-5f));
    }
  }
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    refresh(world, rt);
    for (const Criterion c : {Criterion::c1a, Criterion::c2a, Criterion::c2b, Criterion::c4a,
                              Criterion::c4b, Criterion::c4c, Criterion::c6a, Criterion::c6b,
                              Criterion::c7a, Criterion::c7b}) {
      REQUIRE(world.rts.physical[index(c)][rt] < 1e-3f);
    }
  }
}

TEST_CASE("faulty wet works start in the last phase of their life", "[unit]") {
  City city = tests::tiny_city();
  Scenario s = tests::tiny_scenario();
  World world = build_world_without_spin_up(s, city, 5);
  std::size_t rt = 0;
  while (true_need(world, rt, Item::drain_new) < 10) ++rt;
  const auto before = world.rts.good[static_cast<std::size_t>(Stock::drain)];
  add_works(world, rt, Item::drain_new, 10, 0.2, 0);
  const auto& after = world.rts.good[static_cast<std::size_t>(Stock::drain)];
  REQUIRE(after[0][rt] - before[0][rt] == Approx(8).margin(1e-3));
  REQUIRE(after[2][rt] - before[2][rt] == Approx(2).margin(1e-3));
  REQUIRE(world.rts.touched[rt] == 1);
  REQUIRE(world.rts.works_until[rt] == 36);
  REQUIRE(world.rts.attracts_until[rt] == 60);
}

TEST_CASE("a household is served once, counted and remembered as helped", "[unit]") {
  City city = tests::tiny_city();
  Scenario s = tests::tiny_scenario();
  World world = build_world_without_spin_up(s, city, 5);
  std::size_t row = 0;
  while ((world.households.flags[row] & flag::lacks_house) == 0 ||
         (world.households.flags[row] & flag::alive) == 0) {
    ++row;
  }
  const std::size_t rt = world.households.record[row].rt;
  const std::uint32_t unfit = world.rts.n_unfit[rt];
  REQUIRE(serve_household(world, row, Item::house_repair_grant, false, 7));
  REQUIRE_FALSE(serve_household(world, row, Item::house_repair_grant, false, 8));
  REQUIRE(world.rts.n_unfit[rt] == unfit - 1);
  REQUIRE((world.households.flags[row] & flag::helped) != 0);
  REQUIRE(world.households.record[row].repaired == 7);
  REQUIRE(world.households.fails[row].house > world.rts.clock_calendar[rt]);
  REQUIRE(world.rts.next_failure[rt] <= world.households.fails[row].house);
  world.recount(rt);
  REQUIRE(world.rts.n_unfit[rt] == unfit - 1);
}

TEST_CASE("whole units of a package are always rounded by the one number of its key", "[unit]") {
  const City city = tests::tiny_city();
  const Scenario s = tests::tiny_scenario();
  World world = build_world_without_spin_up(s, city, 5);
  tests::engage_all(world);
  tests::run_money(world, 0, 12);
  const sim::Chance chance(world.future.seed(), static_cast<std::uint32_t>(Draw::leakage),
                           sim::start_state);
  int n_rounded = 0;
  for (const Package& package : world.money.packages) {
    if (package.rounding_luck < 0.0f) continue;
    CHECK(package.rounding_luck == chance.uniform(package.key));
    ++n_rounded;
  }
  CHECK(n_rounded > 0);
}

TEST_CASE("endless money, everybody engaged and nothing lost clears every neighbourhood in a year",
          "[property]") {
  City city = tests::tiny_city();
  for (SiteFacts& site : city.sites) site.unclear_land_share = 0.0;
  Scenario s = tests::tiny_scenario();
  tests::lose_nothing(s);
  tests::keep_programmes(s, {"kotaku_community"});
  s.funding.unlimited = true;
  s.setback_tolerated = true;
  tests::set(s.procedure.guideline_month, 4.0);
  tests::set(s.funding.sources[0].effective_month, 2.0);
  tests::fix(s, Param::verification_months, 1.5);
  tests::fix(s, Param::alloc_rt_per_site, 1000);
  tests::programme(s, "kotaku_community").menu = tests::menu_of_works();
  World world = build_world_without_spin_up(s, city, 5);
  std::fill(world.rts.land_status.begin(), world.rts.land_status.end(), LandStatus::clear);
  tests::engage_all(world);
  tests::run_money(world, 0, 9);
  REQUIRE_FALSE(world.money.packages.empty());
  for (const Package& p : world.money.packages) {
    REQUIRE(p.start == 6.5);
    REQUIRE(p.progress == 0.5);
  }
  tests::run_money(world, 9, 12);
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    REQUIRE(world.rts.physical_class[rt] == Slum::not_slum);
  }
  for (const Package& p : world.money.packages) REQUIRE(p.stage == Stage::booked);
}

TEST_CASE("a billion rupiah of house grants repairs fifty houses", "[unit]") {
  City city = tests::tiny_city(12);
  Scenario s = tests::tiny_scenario();
  tests::lose_nothing(s);
  tests::keep_programmes(s, {"bsps"});
  tests::set(s.procedure.guideline_month, 1.0);
  tests::fix(s, Param::house_programme_support, 17.5 * 0.14);
  tests::fix(s, Param::part_group_min, 1);
  for (const Param p : {Param::initial_owner_share, Param::land_certified_share_ilir}) {
    tests::fix(s, p, 100.0);
  }
  auto& bsps = tests::programme(s, "bsps");
  bsps.eligible_tenure = 0xF;
  bsps.income_max_idr_mn = 1e9;
  tests::fix(s, Param::repair_grant_income_limit, 1e9);
  for (SourceSpec& source : s.funding.sources) {
    tests::set(source.share_pct, 0.0);
    if (source.id == "apbn") tests::set(source.annual_idr_bn, 1.0);
  }
  World world = build_world_without_spin_up(s, city, 5);
  std::fill(world.sites.cost_factor.begin(), world.sites.cost_factor.end(), 1.0f);
  tests::engage_all(world);
  tests::run_money(world, 0, 12);
  // 1,000 / (17.5 * 1.14) = 50.1; the last group may leave less than one house unused.
  const double houses = tests::units_delivered(world)[static_cast<std::size_t>(
      Item::house_repair_grant)];
  REQUIRE(houses == 50);
  REQUIRE(world.state.counts.houses_repaired == 50);
}
