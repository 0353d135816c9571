#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "models/build_world.h"
#include "models/population/visits.h"
#include "models/programmes/delivery.h"
#include "models/programmes/households.h"
#include "models/programmes/unit_costs.h"
#include "models/relocation/homes.h"
#include "models/relocation/invitations.h"
#include "models/relocation/relocations.h"
#include "tests/support/crowd.h"
#include "tests/support/money_run.h"
#include "tests/support/statistics.h"

using namespace musi;
using namespace musi::models;

namespace {

/// Only these programmes, everything lost on the way off, so much money of each source.
Scenario relocation_scenario(std::initializer_list<const char*> ids, double bn) {
  Scenario s = tests::tiny_scenario();
  tests::lose_nothing(s);
  tests::keep_programmes(s, ids);
  tests::fix(s, Param::budget_pull, 100.0);
  tests::fix(s, Param::part_consent_exponent, 1.0);
  for (SourceSpec& source : s.funding.sources) {
    tests::set(source.share_pct, 0.0);
    const bool used = source.id == "apbd_city" || source.id == "apbn";
    if (used) tests::set(source.annual_idr_bn, bn);
  }
  return s;
}

/// A world in which nobody's land is clear and everybody takes part.
World contested_world(const Scenario& s, const City& city, LandStatus land) {
  World world = build_world_without_spin_up(s, city, 5);
  std::fill(world.rts.land_status.begin(), world.rts.land_status.end(), land);
  std::fill(world.sites.cost_factor.begin(), world.sites.cost_factor.end(), 1.0f);
  tests::engage_all(world);
  return world;
}

template <class After>
void run(World& world, sim::Month from, sim::Month to, After after) {
  auto schedule = tests::money_schedule(world);
  schedule.add<Relocations>(sim::Cadence::monthly, "relocations", world);
  tests::let_pass(schedule, world, from, to, after);
}
void run(World& world, sim::Month from, sim::Month to) {
  run(world, from, to, [](sim::Month) {});
}

double total(const std::vector<double>& column) {
  double sum = 0.0;
  for (const double x : column) sum += x;
  return sum;
}

double paid_by_all(const World& world) {
  double sum = 0.0;
  for (const SourceState& source : world.money.sources) {
    for (const Rupiah amount : source.paid) sum += static_cast<double>(amount);
  }
  return sum;
}

}  // namespace

TEST_CASE("without land bought no low-income house is built and its money is not paid",
          "[property]") {
  const City city = tests::tiny_city();
  const Scenario s = relocation_scenario({"low_income_housing"}, 5.0);
  World world = contested_world(s, city, LandStatus::river_setback);
  run(world, 0, 36);
  CHECK(world.relocation.relocated == 0);
  CHECK(paid_by_all(world) == 0);
}

TEST_CASE("low-income houses follow the land that was bought and never exceed its room",
          "[property]") {
  const City city = tests::tiny_city();
  const Scenario s = relocation_scenario({"low_income_housing", "land_compensation"}, 8.0);
  World world = contested_world(s, city, LandStatus::river_setback);
  const double plot = world.future[Param::low_income_plot];
  run(world, 0, 60, [&](sim::Month) {
    for (std::size_t site = 0; site < world.n_sites(); ++site) {
      REQUIRE(at_site(world.relocation.homes, site) * plot <=
              at_site(world.relocation.land_bought, site) + 1e-6);
      REQUIRE(at_site(world.relocation.land_used, site) ==
              Approx(at_site(world.relocation.homes, site) * plot));
    }
  });
  CHECK(total(world.relocation.land_bought) > 50 * plot);
  CHECK(total(world.relocation.homes) > 20);
  CHECK(world.relocation.relocated > 10);
  CHECK(static_cast<double>(world.relocation.relocated) < total(world.relocation.homes));
  // A set-back stays one, whatever was paid.
  for (const LandStatus land : world.rts.land_status) CHECK(land == LandStatus::river_setback);
}

TEST_CASE("land counts as clear once enough of its owners were compensated", "[unit]") {
  const City city = tests::tiny_city(1);
  Scenario s = relocation_scenario({"land_compensation"}, 1.0);
  tests::fix(s, Param::land_clear_share, 75.0);
  World world = contested_world(s, city, LandStatus::disputed);
  const std::size_t rt = 0;
  std::vector<sim::EntityKey> owners;
  for (std::size_t i = 0; i < world.rts.n_rows[rt]; ++i) {
    const std::size_t row = world.rts.first_row[rt] + i;
    const std::uint32_t f = world.households.flags[row];
    if ((f & flag::alive) != 0 && is_owner(f)) owners.push_back(world.households.record[row].key);
  }
  REQUIRE(owners.size() > 10);
  const Package package;
  PackageLine line;
  line.rt = rt;
  line.item = static_cast<std::uint8_t>(Item::land_m2);
  std::size_t bought = 0;
  for (const sim::EntityKey owner : owners) {
    const bool enough = static_cast<double>(bought) >= 0.75 * static_cast<double>(owners.size());
    REQUIRE((world.rts.land_status[rt] == LandStatus::clear) == enough);
    REQUIRE(hand_over(world, package, line, owner, {.month = 3, .seed = 5}));
    REQUIRE_FALSE(hand_over(world, package, line, owner, {.month = 3, .seed = 5}));  // once
    ++bought;
  }
  CHECK(world.rts.land_status[rt] == LandStatus::clear);
  CHECK(total(world.relocation.land_bought) ==
        Approx(static_cast<double>(bought) * world.future[Param::low_income_plot]));
  CHECK(world.state.counts.legalised == 1);
}

TEST_CASE("households consent with the engaged share to the power of the exponent",
          "[statistical]") {
  const City city = tests::tiny_city(12);
  Scenario s = relocation_scenario({"rusunawa"}, 1.0);
  tests::programme(s, "rusunawa").income_max_idr_mn = 1e9;
  for (const double exponent : {0.5, 1.0, 2.0}) {
    tests::fix(s, Param::part_consent_exponent, exponent);
    World world = build_world_without_spin_up(s, city, 5);
    double asked = 0.0, expected = 0.0, yes = 0.0, variance = 0.0;
    for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
      const std::size_t first = world.rts.first_row[rt];
      for (std::size_t i = first; i < first + world.rts.n_rows[rt]; ++i) {
        world.change_flags(i, i % 3 == 0 ? flag::engaged : 0u, i % 3 == 0 ? 0u : flag::engaged);
      }
      const double p = std::pow(engaged_share(world, rt), exponent);
      const double n = world.rts.n_households[rt];
      asked += n;
      expected += n * p;
      variance += n * p * (1 - p);
      yes += static_cast<double>(consenting(world, tests::programme(s, "rusunawa"), rt,
                                            Item::rental_flat, 0, {.month = 0, .seed = 5})
                                     .size());
    }
    REQUIRE(asked > 3000);
    REQUIRE(std::abs(yes - expected) < tests::max_standard_errors * std::sqrt(variance));
  }
}

TEST_CASE("where nobody takes part nobody consents and nothing is paid", "[property]") {
  const City city = tests::tiny_city();
  const Scenario s = relocation_scenario({"rusunawa", "land_compensation"}, 5.0);
  World world = contested_world(s, city, LandStatus::disputed);
  for (std::size_t i = 0; i < world.households.size_rows(); ++i) {
    if ((world.households.flags[i] & flag::alive) != 0) {
      world.change_flags(i, 0, flag::engaged);
    }
  }
  run(world, 0, 24);
  CHECK(world.relocation.relocated == 0);
  CHECK(paid_by_all(world) == 0);
}

TEST_CASE("low-income housing asks only where the land is not clear, flats ask the poor anywhere",
          "[property]") {
  const City city = tests::tiny_city();
  Scenario s = relocation_scenario({"low_income_housing", "rusunawa"}, 60.0);
  World world = build_world_without_spin_up(s, city, 5);
  tests::engage_all(world);
  world.relocation.land_bought.assign(world.n_sites(), 1e5);
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    world.rts.land_status[rt] = rt % 2 == 0 ? LandStatus::clear : LandStatus::disputed;
  }
  std::size_t homes = 0, flats = 0;
  run(world, 0, 12, [&](sim::Month) {
    for (const Package& p : world.money.packages) {
      for (const PackageLine& line : p.lines) {
        const bool is_flat = static_cast<Item>(line.item) == Item::rental_flat;
        (is_flat ? flats : homes) += line.households.size();
        if (!is_flat) REQUIRE(line.rt % 2 == 1);
      }
    }
  });
  REQUIRE(homes > 0);
  REQUIRE(flats > 0);
  for (const Relocated& r : world.relocation.living) {
    if (s.programmes[r.programme].id != "rusunawa") continue;
    REQUIRE(std::exp(double{r.household.mu} + double{r.household.dy}) <= 4.0 * (1 + 1e-5));
  }
}

TEST_CASE("D17: a billion rupiah pays fifty house grants or 2.7 flats", "[validation]") {
  City city = tests::tiny_city(12);
  city.price_index[2022] = 109.0;  // 400 of 2022 are 367 of 2019
  city.prepare();
  Scenario s = relocation_scenario({"rusunawa"}, 100.0);
  tests::programme(s, "rusunawa").income_max_idr_mn = 1e9;
  tests::set(s.procedure.guideline_month, 1.0);
  tests::fix(s, Param::flat_late_chance, 0.0);
  tests::set(tests::programme(s, "rusunawa").max_package_idr_mn, 1e6);
  World world = contested_world(s, city, LandStatus::clear);
  const double price =
      money_per_unit(world, tests::programme(s, "rusunawa"), 0, Item::rental_flat, 2019);
  CHECK(1000.0 / price == Approx(2.725).margin(0.005));
  // Flats are whole: a hundred billions show the same 2.7 a billion, less one a package.
  run(world, 0, 12);
  double flats = 0.0, packages = 0.0;
  for (const Package& p : world.money.packages) {
    packages += p.lines.empty() ? 0.0 : 1.0;
    for (const PackageLine& line : p.lines) flats += static_cast<double>(line.units_delivered);
  }
  CHECK(flats <= 272.5);
  CHECK(flats > 272.5 - packages - 1.0);
  CHECK(static_cast<double>(world.state.counts.homes_opened) == flats);
}

TEST_CASE("D17: cash repairs some houses, but fewer than grants of the same money",
          "[validation]") {
  // A billion as cash of one grant each for the same fifty households, in ten cities; three years.
  const City city = tests::tiny_city(4);
  const Scenario s = tests::tiny_scenario();
  double repaired[2] = {};
  for (const bool cash : {false, true}) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      World world = tests::crowd(
          s, city,
          {.per_rt = 50, .seed = seed,
           .flags = flag::alive | flag::land_group | flag::lacks_house});
      for (HouseholdRecord& r : world.households.record) r.savings += cash ? 19.95f : 0.0f;
      Visits visits(world);
      for (sim::Month t = 0; t < 36; ++t) visits.step(world, {.month = t, .seed = seed});
      repaired[cash ? 1 : 0] += 50.0 - world.rts.n_unfit[0];
    }
  }
  const double more = (repaired[1] - repaired[0]) / 10.0;
  CHECK(more > 0.0);
  CHECK(repaired[1] / 10.0 < 50.1);
}

TEST_CASE("some flats open a year to three years late", "[statistical]") {
  const City city = tests::tiny_city();
  Scenario s = relocation_scenario({"rusunawa"}, 1.0);
  tests::fix(s, Param::flat_late_chance, 30.0);
  World world = contested_world(s, city, LandStatus::clear);
  Package package;
  PackageLine line;
  line.item = static_cast<std::uint8_t>(Item::rental_flat);
  const double n = 20'000;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    package.key = sim::mix(99, i);
    hand_over(world, package, line, sim::mix(98, i), {.month = 7, .seed = 5});
  }
  double late = 0.0, months = 0.0;
  for (const HomeOffer& offer : world.relocation.offers) {
    const int delay = offer.opens - 7;
    REQUIRE((delay == 0 || (delay >= 12 && delay <= 36)));
    late += delay > 0 ? 1.0 : 0.0;
    months += delay;
  }
  tests::require_share(late, n, 0.3);
  // Whole months, so half a month below the mean of a uniform from 12 to 36.
  tests::require_mean(months / late, 24.0 / std::sqrt(12.0), late, 23.5);
}

TEST_CASE("roads come after the houses and never to more of them than stand", "[property]") {
  const City city = tests::tiny_city();
  const Scenario s = relocation_scenario(
      {"low_income_housing", "land_compensation", "low_income_housing_roads"}, 20.0);
  World world = contested_world(s, city, LandStatus::river_setback);
  run(world, 0, 60, [&](sim::Month) {
    for (std::size_t site = 0; site < world.n_sites(); ++site) {
      REQUIRE(at_site(world.relocation.homes_served, site) <=
              at_site(world.relocation.homes, site) + 1e-9);
    }
  });
  CHECK(total(world.relocation.homes_served) > 5);
}

TEST_CASE("the books of relocation close and every rupiah is paid, returned or carried",
          "[property]") {
  const City city = tests::tiny_city();
  Scenario s = tests::tiny_scenario();
  tests::keep_programmes(s, {"low_income_housing", "land_compensation", "rusunawa",
                             "low_income_housing_roads"});
  tests::set(s.funding.total_idr_bn_per_year, 60.0);
  World world = contested_world(s, city, LandStatus::disputed);
  run(world, 0, 72, [&](sim::Month month) {
    if (!sim::Clock::is_december(month)) return;
    const auto y = static_cast<std::size_t>(sim::Clock::year_index(month));
    for (const SourceState& f : world.money.sources) {
      REQUIRE(f.voted[y] + f.carried_in[y] == f.paid[y] + f.returned[y] + f.carried[y]);
    }
  });
  CHECK(world.relocation.relocated > 10);
  CHECK(paid_by_all(world) > 0);
}

TEST_CASE("relocation without money changes no bit", "[property]") {
  const City city = tests::tiny_city();
  Scenario s = tests::tiny_scenario();
  for (const char* id : {"low_income_housing", "land_compensation", "rusunawa",
                         "low_income_housing_roads"}) {
    tests::programme(s, id).enabled = false;
  }
  World without = build_world(s, city, 4);
  for (const char* id : {"low_income_housing", "land_compensation", "rusunawa",
                         "low_income_housing_roads"}) {
    tests::programme(s, id).enabled = true;
    tests::set(tests::programme(s, id).share_pct, 0.0);
  }
  World with = build_world(s, city, 4);
  run(without, 0, 36);
  run(with, 0, 36);
  REQUIRE(with.households.flags == without.households.flags);
  REQUIRE(with.rts.physical == without.rts.physical);
  REQUIRE(with.rts.ledger == without.rts.ledger);
  for (std::size_t f = 0; f < with.money.sources.size(); ++f) {
    REQUIRE(with.money.sources[f].paid == without.money.sources[f].paid);
  }
}

TEST_CASE("the letter of the law resettles illegal sites and leaves legal ones to works",
          "[property]") {
  const City city = tests::tiny_city();
  Scenario s = tests::tiny_scenario();
  s.letter_of_law = true;
  tests::set(s.funding.total_idr_bn_per_year, 80.0);
  tests::set(tests::programme(s, "rusunawa").share_pct, 30.0);
  tests::set(tests::programme(s, "land_compensation").share_pct, 10.0);
  tests::set(tests::programme(s, "low_income_housing").share_pct, 10.0);
  World world = build_world(s, city, 4);
  world.sites.is_legal = {1, 0, 1, 0};
  tests::engage_all(world);
  std::fill(world.rts.land_status.begin(), world.rts.land_status.end(), LandStatus::clear);
  std::set<std::size_t> resettled;
  std::size_t works = 0;
  run(world, 0, 36, [&](sim::Month) {
    for (const Package& p : world.money.packages) {
      const bool moves = relocation_item(s.programmes[p.programme]).has_value();
      REQUIRE(moves == (world.sites.is_legal[p.site] == 0));
      if (moves && p.stage == Stage::booked) resettled.insert(p.programme);
      works += moves ? 0 : 1;
    }
  });
  CHECK(works > 0);
  // Clear land of an illegal site counts as land to be left: all three programmes work there.
  CHECK(resettled.size() == 3);
  CHECK(world.relocation.relocated > 0);
}

TEST_CASE("renewal builds unfit houses anew in rows, restoration repairs them", "[property]") {
  const City city = tests::tiny_city();
  Scenario s = tests::tiny_scenario();
  s.letter_of_law = true;
  World world = build_world_without_spin_up(s, city, 4);
  std::size_t row = 0;
  while ((world.households.flags[row] & flag::lacks_house) == 0 ||
         (world.households.flags[row] & flag::alive) == 0 ||
         (world.households.flags[row] & flag::failed_twice) != 0 ||
         !is_owner(world.households.flags[row])) {
    ++row;
  }
  const std::size_t rt = world.households.record[row].rt;
  const std::size_t site = world.rts.site[rt];
  const ProgrammeSpec& fresh = tests::programme(s, "new_house");
  world.rts.irregular[rt] = 10.0f;
  world.sites.renewal[site] = 0;
  CHECK_FALSE(is_eligible(world, row, fresh, Item::house_new, 0));
  const double plain = unit_cost(world, rt, Item::house_new, 2019);
  world.sites.renewal[site] = 1;
  CHECK(is_eligible(world, row, fresh, Item::house_new, 0));
  const double rows_cost = unit_cost(world, rt, Item::house_new, 2019);
  CHECK(rows_cost > plain);
  REQUIRE(serve_household(world, row, Item::house_new, false, 3));
  CHECK(world.rts.irregular[rt] < 10.0f);
  s.letter_of_law = false;
  CHECK(unit_cost(world, rt, Item::house_new, 2019) == Approx(plain));
}
