#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "models/hazards/fire.h"
#include "models/programmes/delivery.h"
#include "models/programmes/households.h"
#include "models/stocks/failures.h"
#include "tests/support/bare_world.h"
#include "tests/support/money_run.h"

using namespace musi;
using namespace musi::models;

namespace {

const City city = tests::tiny_city();

void give(Scenario& s, const char* id, double idr_bn, int year) {
  Uncertain amount;
  amount.path = std::string("programmes.") + id + ".amount_idr_bn";
  amount.value = constant(idr_bn);
  tests::programme(s, id).amount_idr_bn[year] = amount;
  tests::set(tests::programme(s, id).share_pct, 0);
}

Rupiah paid_by(const World& world, const char* id) {
  Rupiah sum = 0;
  for (std::size_t p = 0; p < world.scenario->programmes.size(); ++p) {
    if (world.scenario->programmes[p].id != id) continue;
    for (const Rupiah in_year : world.money.programmes[p].paid) sum += in_year;
  }
  return sum;
}

/// Burns the first `n` households of an RT that live in owned dwellings.
std::vector<std::uint32_t> burn(World& world, std::size_t rt, std::size_t n, sim::Month month) {
  constexpr std::uint32_t gone = flag::lacks_house | flag::failed_twice;
  std::vector<std::uint32_t> rows;
  for (std::size_t i = world.rts.first_row[rt]; rows.size() < n; ++i) {
    if ((world.households.flags[i] & flag::alive) == 0) continue;
    world.change_flags(i, gone, 0);
    world.note_loss(i, month);
    rows.push_back(static_cast<std::uint32_t>(i));
  }
  return rows;
}

}  // namespace

TEST_CASE("half of what cash for work pays reaches the savings of the poorest who take part",
          "[property]") {
  Scenario s = tests::tiny_scenario();
  tests::lose_nothing(s);
  tests::keep_programmes(s, {"cash_for_work"});
  give(s, "cash_for_work", 2.0, 2019);
  World world = build_world(s, city, 5);
  tests::engage_all(world);  // somebody takes part everywhere
  const Households before = world.households;
  tests::run_money(world, 0, 12);
  const double paid = static_cast<double>(paid_by(world, "cash_for_work")) * 1e-6;
  REQUIRE(paid > 100.0);
  double earned = 0.0;
  std::set<std::uint32_t> rts;
  for (std::size_t i = 0; i < before.size_rows(); ++i) {
    const double more =
        double{world.households.record[i].savings} - double{before.record[i].savings};
    CHECK(more >= 0.0);
    if (!(more > 0.0)) continue;
    earned += more;
    CHECK((before.flags[i] & flag::engaged) != 0);
    rts.insert(before.record[i].rt);
    const auto workers = poorest_engaged(world, before.record[i].rt, 20);
    CHECK(std::find(workers.begin(), workers.end(), i) != workers.end());
  }
  CHECK(earned == Approx(0.5 * paid).epsilon(1e-3));
  CHECK(static_cast<double>(world.state.counts.wages) * 1e-6 == Approx(0.5 * paid).epsilon(1e-6));
}

TEST_CASE("wages are part of the cost of works: the same metres are built", "[property]") {
  Scenario s = tests::tiny_scenario();
  tests::lose_nothing(s);
  tests::keep_programmes(s, {"cash_for_work"});
  give(s, "cash_for_work", 2.0, 2019);
  World with = build_world(s, city, 5);
  Scenario no_wages = s;
  tests::programme(no_wages, "cash_for_work").wage_share = 0.0;
  World without = build_world(no_wages, city, 5);
  tests::run_money(with, 0, 12);
  tests::run_money(without, 0, 12);
  CHECK(tests::units_delivered(with) == tests::units_delivered(without));
  CHECK(paid_by(with, "cash_for_work") == paid_by(without, "cash_for_work"));
  CHECK(with.households.record != without.households.record);
}

TEST_CASE("a fire gives those who lived there a claim, an empty dwelling none", "[unit]") {
  tests::BareWorld bare(1);
  bare.settle(0, 3);
  bare.world.households.flags[1] = 0;
  for (std::size_t row = 0; row < 3; ++row) bare.world.note_loss(row, 5);
  REQUIRE(bare.world.support.losses.size() == 2);
  CHECK(bare.world.support.losses[0].who.key == bare.world.households.record[0].key);
  CHECK(bare.world.support.losses[1].who.row == 2);
  CHECK(bare.world.support.losses[1].month == 5);
}

TEST_CASE("houses that fail in the years a flood took are lost to the flood", "[unit]") {
  tests::BareWorld bare(1, [](Scenario& s) { tests::fix(s, Param::flood_shock_years, 0.2); });
  bare.settle(0, 3);
  World& world = bare.world;
  world.rts.clock_calendar[0] = 10.0;  // after the flood and the month
  world.rts.flooded[0] = 7;
  world.households.fails[0].house = 9.7f;   // due before
  world.households.fails[1].house = 9.9f;   // due because of the flood
  world.households.fails[2].house = 10.5f;  // still stands
  note_failure_ages(world, 0);
  Failures(world).step(world, {.month = 7, .seed = 1});
  CHECK((world.households.flags[0] & flag::lacks_house) != 0);
  CHECK((world.households.flags[1] & flag::lacks_house) != 0);
  CHECK((world.households.flags[2] & flag::lacks_house) == 0);
  REQUIRE(world.support.losses.size() == 1);
  CHECK(world.support.losses[0].who.row == 1);
  // Without a flood this month nothing is a disaster.
  world.rts.clock_calendar[0] = 11.0;
  Failures(world).step(world, {.month = 12, .seed = 1});
  CHECK((world.households.flags[2] & flag::lacks_house) != 0);
  CHECK(world.support.losses.size() == 1);
}

TEST_CASE("lost houses have the first claim on house money of their payer", "[property]") {
  Scenario s = tests::tiny_scenario();
  tests::lose_nothing(s);
  tests::keep_programmes(s, {"disaster_rehab", "bedah_rumah"});
  give(s, "bedah_rumah", 0.3, 2020);
  give(s, "disaster_rehab", 0.0, 2020);
  World world = build_world(s, city, 5);
  tests::engage_all(world);
  tests::run_money(world, 0, 11);
  const auto rows = burn(world, 3, 4, 10);
  tests::run_money(world, 11, 24);
  for (const std::uint32_t row : rows) {
    CHECK((world.households.flags[row] & (flag::lacks_house | flag::failed_twice)) == 0);
    CHECK((world.households.flags[row] & flag::helped) != 0);
  }
  const double site = static_cast<double>(world.sites.cost_factor[world.rts.site[3]]);
  const double price = world.future[Param::house_repair_city] * site;
  const Rupiah claims = paid_by(world, "disaster_rehab");
  CHECK(static_cast<double>(claims) * 1e-6 == Approx(4.0 * price).epsilon(1e-6));
  CHECK(paid_by(world, "bedah_rumah") <= rupiah_of_million(300.0) - claims);
  CHECK(world.support.losses.empty());
  CHECK(world.state.counts.rehabilitated == 4);
  for (const SourceState& f : world.money.sources) {
    CHECK(f.voted[1] + f.carried_in[1] ==
          f.paid[1] + f.returned[1] + f.carried[1] + f.committed[1] + f.uncommitted[1]);
  }
}

TEST_CASE("a house that is repaired ends all claims of its household and nobody else's", "[unit]") {
  tests::BareWorld bare(1);
  bare.settle(0, 4);
  World& world = bare.world;
  for (const std::size_t row : {0u, 2u, 1u, 2u, 3u}) world.note_loss(row, 5);
  world.change_flags(2, flag::lacks_house, 0);
  CHECK(serve_household(world, 2, Item::house_repair_city, false, 9));
  std::vector<sim::EntityKey> left;
  for (const DisasterLoss& loss : world.support.losses) left.push_back(loss.who.key);
  const auto key = [&](std::size_t row) { return world.households.record[row].key; };
  CHECK(left == std::vector{key(0), key(1), key(3)});
  CHECK(world.state.counts.rehabilitated == 1);
}

TEST_CASE("a claim ends 24 months after the loss and with the household that bore it", "[unit]") {
  Scenario s = tests::tiny_scenario();
  tests::lose_nothing(s);
  World world = build_world(s, city, 5);
  const auto rows = burn(world, 0, 2, 0);
  const ProgrammeSpec& rehab = tests::programme(s, "disaster_rehab");
  const auto served = [&](sim::Month month) {
    return households_to_serve(world, 0, rehab, Item::house_repair_city,
                               {.month = month, .seed = 1});
  };
  CHECK(served(23) == rows);
  CHECK(served(24).empty());
  world.households.record[rows[0]].key = 99;  // others live there now
  CHECK(served(23) == std::vector<std::uint32_t>{rows[1]});
  // No other programme repairs a house that is gone.
  ProgrammeSpec ordinary = tests::programme(s, "bedah_rumah");
  CHECK_FALSE(is_eligible(world, rows[1], ordinary, Item::house_repair_city, 12));
}
