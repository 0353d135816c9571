#include "models/programmes/replay.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "models/build_world.h"
#include "models/finance/ledger.h"
#include "models/run.h"
#include "tests/support/money_run.h"

using namespace musi;
using namespace musi::models;

namespace {

WorksRow row(int month, Item item, double units, double cost_idr_mn) {
  WorksRow w;
  w.year = 2019;
  w.month = month;
  w.site_id = "T-1";
  w.programme = "neighbourhood_roads";
  w.funding_source = "apbd_city";
  w.source = "made_up";
  w.item = item;
  w.units = units;
  w.cost_idr_mn = cost_idr_mn;
  w.is_realised = true;
  return w;
}

/// Two years replayed, then the own budget.
Scenario replaying(int months = 24) {
  Scenario s = tests::tiny_scenario();
  s.replays = true;
  s.replay_until = months;
  return s;
}

World replay(const Scenario& scenario, const City& city, int months) {
  World world = build_world_without_spin_up(scenario, city, 9);
  tests::let_pass(standard_schedule(world), world, 0, months);
  return world;
}

std::size_t index_of_site(const World& world, const std::string& id) {
  for (std::size_t i = 0; i < world.city->sites.size(); ++i) {
    if (world.city->sites[i].site_id == id) return i;
  }
  return 0;
}

}  // namespace

TEST_CASE("An empty works table equals a run with zero budget until then", "[property]") {
  const City city = tests::tiny_city(4);
  Scenario poor = tests::tiny_scenario();
  for (SourceSpec& source : poor.funding.sources) {
    for (const int year : {2019, 2020}) {
      tests::set(source.schedule[year], 0.0);
    }
  }
  const auto a = run_future(replaying(), city, 9);
  const auto b = run_future(poor, city, 9);
  const auto series = series_of(poor, city);
  for (std::size_t i = 0; i < series.size(); ++i) {
    INFO(series[i].name);
    REQUIRE(a.series[i].size() == b.series[i].size());
    for (std::size_t k = 0; k < a.series[i].size(); ++k) {
      const bool both_missing = std::isnan(a.series[i][k]) && std::isnan(b.series[i][k]);
      REQUIRE((both_missing || a.series[i][k] == b.series[i][k]));
    }
  }
}

TEST_CASE("Metres of a row are built, booked and paid in its month, no sooner", "[unit]") {
  City city = tests::tiny_city(4);
  const Scenario scenario = replaying();
  const World before = replay(scenario, city, 6);
  city.works = {row(6, Item::road_surface, 50.0, 40.0)};
  const World sooner = replay(scenario, city, 5);
  const World after = replay(scenario, city, 6);
  const std::size_t site = index_of_site(after, "T-1");
  double metres = 0.0, ledger_metres = 0.0;
  for (const std::uint32_t rt : after.sites.rts[site]) {
    metres += static_cast<double>(good_units(after.rts, Stock::path_land, rt) +
                                  good_units(after.rts, Stock::path_river, rt) -
                                  good_units(before.rts, Stock::path_land, rt) -
                                  good_units(before.rts, Stock::path_river, rt));
    const std::size_t k = index(Criterion::c2b);
    ledger_metres += static_cast<double>(before.rts.ledger[k][rt] - after.rts.ledger[k][rt]) *
                     static_cast<double>(after.rts.ideal_road[rt]);
  }
  CHECK(metres == Approx(50.0).epsilon(0.02));
  CHECK(ledger_metres == Approx(50.0).epsilon(1e-3));
  const auto paid = [](const World& w) {
    Rupiah sum = 0;
    for (const SourceState& s : w.money.sources) sum += s.paid[0];
    return sum;
  };
  CHECK(paid(sooner) == 0);
  CHECK(paid(after) == rupiah_of_million(40.0 / city.price_level(2019)));
  for (const SourceState& s : after.money.sources) CHECK(ledger::is_closed(s, 0));
}

TEST_CASE("Houses go to those who lack one, in the order of service", "[unit]") {
  City city = tests::tiny_city(4);
  WorksRow w = row(3, Item::house_repair_city, 3.0, 60.0);
  w.programme = "bedah_rumah";
  city.works = {w};
  const Scenario scenario = replaying();
  const World world = replay(scenario, city, 3);
  CHECK(world.state.counts.houses_repaired == 3);
}

TEST_CASE("Units beyond the deficit are paid and counted as wasted", "[unit]") {
  City city = tests::tiny_city(4);
  city.works = {row(2, Item::road_surface, 1e7, 100.0)};
  const World world = replay(replaying(), city, 2);
  CHECK(world.money.wasted[0] > rupiah_of_million(90.0));
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    CHECK(true_need(world, rt, Item::road_surface) >= 0.0);
  }
}

TEST_CASE("What was replayed in the year is taken off the budget that starts within it",
          "[unit]") {
  City city = tests::tiny_city(4);
  Scenario scenario = replaying(6);
  tests::lose_nothing(scenario);
  const World plain = replay(scenario, city, 7);
  city.works = {row(3, Item::road_surface, 10.0, 50.0)};
  const World world = replay(scenario, city, 7);
  const std::size_t f = *source_of(scenario, city.works[0]);
  const std::size_t p = *programme_of(scenario, city.works[0]);
  // Voted in all: the same; the part replayed is voted as it is paid.
  REQUIRE(plain.money.sources[f].voted[0] > rupiah_of_million(50.0));
  CHECK(std::abs(world.money.sources[f].voted[0] - plain.money.sources[f].voted[0]) < million);
  CHECK(world.money.programmes[p].voted[0] >= rupiah_of_million(50.0));
  CHECK(plain.money.packages.size() > 0);
}

TEST_CASE("The own budget of a year does not depend on how long works were replayed before",
          "[property]") {
  const City city = tests::tiny_city(4);
  const World a = replay(replaying(12), city, 25);
  const World b = replay(replaying(18), city, 25);
  for (std::size_t f = 0; f < a.money.sources.size(); ++f) {
    CHECK(a.money.sources[f].voted[2] == b.money.sources[f].voted[2]);
  }
}
