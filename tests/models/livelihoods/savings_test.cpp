#include "models/livelihoods/savings.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "models/draws.h"
#include "models/population/moves.h"
#include "models/population/plain_visits.h"
#include "models/population/visits.h"
#include "tests/support/crowd.h"

using namespace musi;
using namespace musi::models;

namespace {

const City city = tests::tiny_city(1);

/// A crowd of one RT; incomes of all grow by 3 % a year.
World crowd_of(const Scenario& scenario, std::size_t n) {
  World world = tests::crowd(scenario, city, {.per_rt = n});
  world.future.set(Param::income_growth_real, 0.03);
  world.future.set(Param::savings_rate, 0.02);
  return world;
}

/// Monthly savings of one household whose log income rises by `change` in month `rises`.
double by_hand(double mu, int rises, float change, int months) {
  double sum = 0.0;
  for (int t = 0; t < months; ++t) {
    const double income = std::exp(mu + (t >= rises ? double{change} : 0.0));
    sum += 0.02 * income * std::pow(1.03, t / 12.0);
  }
  return std::min(30.0, sum);
}

}  // namespace

TEST_CASE("savings are exact when income changes between two visits", "[unit]") {
  const Scenario scenario = tests::tiny_scenario();
  for (const float change : {0.4f, -0.3f}) {
    World world = crowd_of(scenario, 4);
    const SavingsBook book(world);
    Households& h = world.households;
    // Household 0 is visited in months 0 and 24, and its income changes in month 9.
    book.raise_income(world, 0, change, 9);
    CHECK(book.saved(world, 0, 9) == Approx(by_hand(0.9, 9, change, 9)).epsilon(1e-5));
    Visits visits(world);
    std::fill(h.next_revision.begin(), h.next_revision.end(), never);
    h.next_revision[0] = 24;
    visits.step(world, {.month = 24, .seed = 3});
    CHECK(double{h.record[0].savings} == Approx(by_hand(0.9, 9, change, 24)).epsilon(1e-5));
  }
}

TEST_CASE("a change of income is the same whether the household was visited or not", "[property]") {
  const Scenario scenario = tests::tiny_scenario();
  World seldom = crowd_of(scenario, 1), often = crowd_of(scenario, 1);
  const SavingsBook book(seldom);
  std::fill(seldom.households.next_revision.begin(), seldom.households.next_revision.end(), never);
  Visits visits(seldom), visits_often(often);
  for (sim::Month t = 1; t <= 36; ++t) {
    often.households.next_revision[0] = static_cast<std::uint16_t>(t);
    visits_often.step(often, {.month = t, .seed = 3});
    if (t == 7 || t == 20) {
      for (World* world : {&seldom, &often}) {
        book.raise_income(*world, 0, t == 7 ? 0.5f : -0.5f, t);
        book.take(*world, 0, 0.2, t);
      }
    }
    if (t % 5 == 0) {
      for (World* world : {&seldom, &often}) CHECK(book.take(*world, 0, 0.05, t) > 0.0);
    }
  }
  CHECK(book.saved(seldom, 0, 36) == Approx(book.saved(often, 0, 36)).epsilon(1e-5));
}

TEST_CASE("households whose income has risen save more and build more", "[statistical]") {
  const Scenario scenario = tests::tiny_scenario();
  const std::size_t n = 8000;
  World world = tests::crowd(
      scenario, city, {.per_rt = n, .flags = flag::alive | flag::land_group | flag::lacks_toilet});
  world.future.set(Param::part_revision_rate, 0.5);
  const SavingsBook book(world);
  const std::vector<float> criterion = world.rts.physical[9];
  for (std::size_t row = 0; row < n; row += 2) book.raise_income(world, row, 0.5f, 0);
  CHECK(world.rts.physical[9] == criterion);  // no criterion moves by itself
  Visits visits(world);
  for (sim::Month t = 0; t < 96; ++t) visits.step(world, {.month = t, .seed = 7});
  double built[2] = {};
  for (std::size_t row = 0; row < n; ++row) {
    built[row % 2] += (world.households.flags[row] & flag::lacks_toilet) == 0;
  }
  // Half of the households each: a difference of 3 standard errors is 2.4 points of a hundred.
  const double half = static_cast<double>(n) / 2.0;
  const double error = std::sqrt(0.5 * 0.5 * 2.0 / half);
  CHECK((built[0] - built[1]) / half > 3.0 * error);
}

TEST_CASE("savings are taken as far as they go and no further", "[unit]") {
  const Scenario scenario = tests::tiny_scenario();
  World world = crowd_of(scenario, 2);
  const SavingsBook book(world);
  world.households.record[0].savings = 1.0f;
  CHECK(book.take(world, 0, 0.75, 0) == Approx(0.75));
  CHECK(book.take(world, 0, 0.75, 0) == Approx(0.25));
  CHECK(book.take(world, 0, 0.75, 0) == Approx(0.0).margin(1e-6));
  // Savings of the months since the last visit count, and savings never exceed the cap.
  CHECK(book.take(world, 0, 100.0, 12) == Approx(0.02 * std::exp(0.9) * 12).epsilon(0.02));
  CHECK(book.saved(world, 0, 12) == Approx(0.0).margin(1e-5));
  world.households.record[1].savings = 29.99f;
  CHECK(book.saved(world, 1, 12) == 30.0);
}

TEST_CASE("tables follow a household that moves and lose one that leaves", "[unit]") {
  const Scenario scenario = tests::tiny_scenario();
  World world = tests::crowd(scenario, city, {.n_rts = 2, .per_rt = 3});
  const sim::EntityKey key = world.households.record[1].key;
  world.households.flags[1] |= flag::has_loan;
  world.support.loans.push_back({.who = {.key = key, .rt = 0, .row = 1}, .part = 0.1f});
  CHECK(find_row(world, world.support.loans[0].who) == 1);
  // It takes the dwelling of row 4, in the other RT.
  HouseholdRow household = world.row(1);
  world.households.record[1].key = 77;
  world.households.flags[1] = 0;
  world.set_row(4, household);
  CHECK(find_row(world, world.support.loans[0].who) == world.households.size_rows());
  follow(world, {{.key = world.households.record[4].key, .rt = world.households.record[4].rt}});
  CHECK(find_row(world, world.support.loans[0].who) == 4);
  world.households.record[4].key = 78;
  CHECK(find_row(world, world.support.loans[0].who) == world.households.size_rows());
}

TEST_CASE("a relocated household leaves its business and its loan behind", "[unit]") {
  const Scenario scenario = tests::tiny_scenario();
  World world = tests::crowd(scenario, city, {.per_rt = 3});
  const HouseholdRef who{.key = world.households.record[1].key, .rt = 0, .row = 1};
  LivelihoodGroup group;
  group.members.push_back({.who = who, .effect = 0.25f, .is_earning = true});
  world.support.groups.push_back(group);
  world.support.loans.push_back({.who = who, .part = 0.1f});
  world.support.courses.push_back({.who = who, .due = 12});
  world.households.record[1].mu = 1.25f;
  world.households.flags[1] |= flag::in_livelihood_group | flag::has_loan | flag::trained;
  leave_tables(world, 1);
  CHECK(world.households.record[1].mu == 1.0f);
  CHECK((world.households.flags[1] & flag::has_loan) == 0);
  CHECK(world.support.groups[0].members.empty());
  CHECK(world.support.loans.empty());
  CHECK(world.support.courses.empty());
}

TEST_CASE("a child takes over the income of its parents without their group business", "[unit]") {
  const Scenario scenario = tests::tiny_scenario();
  World world = tests::crowd(scenario, city, {.per_rt = 3});
  LivelihoodGroup group;
  group.members.push_back({.who = {.key = world.households.record[2].key, .rt = 0, .row = 2},
                           .effect = 0.25f,
                           .is_earning = true});
  world.support.groups.push_back(group);
  world.households.flags[2] |= flag::in_livelihood_group;
  world.households.record[2].mu = 1.25f;
  CHECK(income_without_business(world, 2) == 1.0f);
  CHECK(income_without_business(world, 1) == world.households.record[1].mu);
}
