#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "models/livelihoods/candidates.h"
#include "models/livelihoods/livelihoods.h"
#include "tests/support/columns.h"
#include "tests/support/money_run.h"
#include "tests/support/statistics.h"

using namespace musi;
using namespace musi::models;

namespace {

const City city = tests::tiny_city();

void set_amount(Scenario& s, const char* id, double idr_bn, int year) {
  Uncertain amount;
  amount.path = std::string("programmes.") + id + ".amount_idr_bn";
  amount.value = constant(idr_bn);
  tests::programme(s, id).amount_idr_bn[year] = amount;
}

/// One programme, with money in the first year only.
Scenario only(const char* id, double idr_bn) {
  Scenario s = tests::tiny_scenario();
  tests::lose_nothing(s);
  tests::keep_programmes(s, {id});
  set_amount(s, id, idr_bn, 2019);
  tests::set(tests::programme(s, id).share_pct, 0);
  return s;
}

Rupiah paid(const World& world) {
  Rupiah sum = 0;
  for (const SourceState& f : world.money.sources) {
    for (const Rupiah in_year : f.paid) sum += in_year;
  }
  return sum;
}

/// Money of P2KP for loans that is not lent yet this year.
Rupiah left_for_loans(const World& world) {
  for (std::size_t p = 0; p < world.scenario->programmes.size(); ++p) {
    if (world.scenario->programmes[p].id != "p2kp") continue;
    return world.support.left[p][static_cast<std::size_t>(Aid::loan)];
  }
  return 0;
}

}  // namespace

TEST_CASE("banks lend private money to informal workers who own what they will repair", "[unit]") {
  Scenario s = only("bank_credit", 0.3);
  tests::fix(s, Param::loan_default_rate, 0);
  World world = build_world(s, city, 2);
  const World before = world;
  tests::run_money(world, 0, 12);
  REQUIRE(world.support.loans.size() == 30);  // 300 million, ten each
  CHECK(paid(world) == 30 * rupiah_of_million(10.0));
  CHECK(world.state.counts.loans == 30);
  for (std::size_t f = 0; f < world.money.sources.size(); ++f) {
    const SourceState& source = world.money.sources[f];
    CHECK((source.paid[0] > 0) == (source.kind == SourceKind::private_));
  }
  for (const Loan& loan : world.support.loans) {
    const std::uint32_t f = world.households.flags[loan.who.row];
    CHECK((f & flag::informal) != 0);
    CHECK(is_owner(f));
    CHECK((f & flag::has_loan) != 0);
    CHECK(loan.fund == no_fund);
    CHECK((before.households.flags[loan.who.row] &
           (flag::lacks_house | flag::lacks_water | flag::low_water | flag::lacks_toilet |
            flag::lacks_tank | flag::crowded)) != 0);
  }
}

TEST_CASE("a loan adds its amount to savings and takes a thirty-sixth a month", "[unit]") {
  Scenario s = only("bank_credit", 0.02);
  tests::fix(s, Param::loan_default_rate, 0);
  tests::fix(s, Param::savings_rate, 0);
  World world = build_world(s, city, 2);
  const std::vector<float> before = tests::column_of(world.households, &HouseholdRecord::savings);
  std::uint32_t row = 0;
  sim::Month granted = 0;
  tests::run_money(world, 0, 48, [&](sim::Month month) {
    if (row == 0 && !world.support.loans.empty()) {
      row = world.support.loans[0].who.row;
      granted = month;
    }
    if (row == 0) return;
    const int n = std::min(36, month - granted);
    const double left = double{before[row]} + 10.0 - 10.0 / 36.0 * n;
    CHECK(double{world.households.record[row].savings} == Approx(left).margin(1e-4));
    CHECK(((world.households.flags[row] & flag::has_loan) != 0) == (month < granted + 36));
  });
  REQUIRE(row != 0);
  CHECK(world.support.loans.empty());
}

TEST_CASE("a default closes credit in the RT for 24 months", "[unit]") {
  Scenario s = only("bank_credit", 0.5);
  tests::fix(s, Param::loan_default_rate, 0);
  World world = build_world(s, city, 2);
  tests::run_money(world, 0, 6);
  REQUIRE_FALSE(world.support.loans.empty());
  Loan& loan = world.support.loans[0];
  loan.defaults = 7;
  const std::uint32_t rt = loan.who.rt, row = loan.who.row;
  const std::uint32_t site = world.rts.site[rt];
  const ProgrammeSpec& bank = tests::programme(s, "bank_credit");
  const auto in_rt = [&](sim::Month month) {
    const auto rows = borrowers(world, site, bank, everybody, {.month = month, .seed = 1});
    return std::count_if(rows.begin(), rows.end(),
                         [&](std::uint32_t i) { return world.households.record[i].rt == rt; });
  };
  // Somebody in the RT could still borrow.
  for (std::size_t i = world.rts.first_row[rt]; i < world.rts.first_row[rt] + 3; ++i) {
    if (i != row) world.households.flags[i] = flag::alive | flag::informal | flag::lacks_house;
  }
  CHECK(in_rt(6) > 0);
  const float savings = world.households.record[row].savings;
  tests::run_money(world, 6, 9);
  CHECK(world.rts.credit_closed_until[rt] == 7 + 24);
  CHECK((world.households.flags[row] & flag::has_loan) == 0);
  // One part was paid in month 6 and none from the default on.
  CHECK(double{savings} - double{world.households.record[row].savings} ==
        Approx(10.0 / 36.0).margin(0.001));
  CHECK(in_rt(30) == 0);
  CHECK(in_rt(31) > 0);
}

TEST_CASE("as many loans default as the rate says, spread over their months", "[statistical]") {
  Scenario s = only("bank_credit", 3.0);
  tests::fix(s, Param::loan_default_rate, 15);
  double n = 0, defaults = 0;
  std::vector<double> months;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    World world = build_world_without_spin_up(s, city, seed);
    tests::run_money(world, 0, 4);
    for (const Loan& loan : world.support.loans) {
      n += 1;
      if (loan.defaults == never) continue;
      defaults += 1;
      months.push_back(loan.defaults - loan.granted);
      CHECK(loan.defaults > loan.granted);
      CHECK(loan.defaults <= loan.granted + 36);
    }
  }
  REQUIRE(n > 1000);
  tests::require_share(defaults, n, 0.15);
  tests::require_mean(tests::moments(months).mean, std::sqrt((36.0 * 36.0 - 1.0) / 12.0),
                      double(months.size()), 18.5);
}

TEST_CASE("P2KP builds with seven tenths of its money, lends two and teaches with one", "[unit]") {
  Scenario s = only("p2kp", 4.0);
  tests::fix(s, Param::loan_default_rate, 0);
  World world = build_world(s, city, 2);
  tests::engage_all(world);
  tests::run_money(world, 0, 12);
  const double lent = 800.0 - static_cast<double>(left_for_loans(world)) * 1e-6;
  std::size_t taught = 0;
  for (const std::uint32_t f : world.households.flags) taught += (f & flag::trained) != 0;
  CHECK(lent <= 800.0);
  CHECK(lent > 700.0);
  CHECK(0.5 * static_cast<double>(taught) <= 400.0);
  double works = 0.0;
  for (const Package& p : world.money.packages) works += static_cast<double>(p.cost_paid) * 1e-6;
  CHECK(works > 0.0);
  CHECK(works <= 2800.0);
  CHECK(static_cast<double>(paid(world)) * 1e-6 ==
        Approx(works + lent + 0.5 * static_cast<double>(taught)).epsilon(1e-6));
  for (const Loan& loan : world.support.loans) CHECK(loan.fund == world.rts.site[loan.who.rt]);
}

TEST_CASE("what borrowers pay back to a board is lent again in its site, to the rupiah",
          "[property]") {
  Scenario s = only("p2kp", 2.0);
  tests::fix(s, Param::loan_default_rate, 0);
  World world = build_world(s, city, 2);
  tests::engage_all(world);
  Rupiah lent = 0;  // money of the programme, all of it voted in the first year
  tests::run_money(world, 0, 60, [&](sim::Month month) {
    if (month == 11) lent = rupiah_of_million(400.0) - left_for_loans(world);
    for (const Rupiah fund : world.support.fund) CHECK(fund >= 0);
  });
  REQUIRE(lent > rupiah_of_million(300.0));
  // The money of the first year is still at work: loans of later years run now.
  const auto later = std::count_if(world.support.loans.begin(), world.support.loans.end(),
                                   [](const Loan& loan) { return loan.granted > 24; });
  CHECK(later > 0);
  Rupiah outstanding = 0;
  for (const Loan& loan : world.support.loans) {
    const int paid_parts = 59 - loan.granted;
    outstanding +=
        rupiah_of_million(10.0) - paid_parts * rupiah_of_million(static_cast<double>(loan.part));
  }
  for (const Rupiah fund : world.support.fund) outstanding += fund;
  // Thirty-six parts of a loan differ from it by rounding only.
  CHECK(static_cast<double>(outstanding) ==
        Approx(static_cast<double>(lent)).margin(100.0 * 36 * 200));
}

TEST_CASE("a course raises income twelve months later, once a household", "[unit]") {
  Scenario s = only("training", 0.05);
  tests::fix(s, Param::training_income_effect, 2);
  World world = build_world(s, city, 2);
  const std::vector<float> before = tests::column_of(world.households, &HouseholdRecord::mu);
  tests::run_money(world, 0, 6);
  REQUIRE(world.support.courses.size() == 100);  // 50 million, half a million each
  const std::vector<Course> courses = world.support.courses;
  CHECK(tests::column_of(world.households, &HouseholdRecord::mu) == before);
  tests::run_money(world, 6, courses[0].due);
  CHECK(tests::column_of(world.households, &HouseholdRecord::mu) == before);
  tests::run_money(world, courses[0].due, courses[0].due + 1);
  CHECK(world.support.courses.empty());
  double raised = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (world.households.record[i].mu == before[i]) continue;
    ++raised;
    CHECK(double{world.households.record[i].mu} == Approx(double{before[i]} + 0.02).margin(1e-6));
    CHECK((world.households.flags[i] & flag::trained) != 0);
  }
  CHECK(raised == 100);
}

TEST_CASE("courses go to the poorest third of the sites", "[unit]") {
  Scenario s = only("training", 100.0);
  World world = build_world(s, city, 2);
  tests::run_money(world, 0, 6);
  const double n = static_cast<double>(world.n_households());
  CHECK(static_cast<double>(world.support.courses.size()) == Approx(n / 3.0).margin(4.0));
}
