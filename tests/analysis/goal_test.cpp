#include "analysis/goal.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "analysis/barriers.h"
#include "sim/core/rng.h"

using namespace musi;
using namespace musi::analysis;

namespace {

/// Futures that succeed from a value of their own on: thresholds spread evenly over 100 to 300.
std::vector<double> thresholds(std::size_t n, std::uint64_t seed) {
  std::vector<double> values;
  for (std::size_t r = 0; r < n; ++r) {
    values.push_back(100.0 + 200.0 * sim::Chance(seed, 1, 0).fine_uniform(r));
  }
  return values;
}

Trials from_threshold(const std::vector<double>& of, double value, bool is_rising = true) {
  Trials succeeds;
  for (const double threshold : of) {
    succeeds.push_back(is_rising ? value >= threshold : value <= threshold);
  }
  return succeeds;
}

}  // namespace

TEST_CASE("goal finds the value that a brute-force sweep finds", "[property]") {
  const std::vector<double> of = thresholds(500, 3);
  const GoalAnswer answer = find_goal(
      {.low = 0, .high = 1000, .wanted = 0.8},
      [&](double value) { return from_threshold(of, value); }, 11);
  REQUIRE(answer.is_reachable);
  CHECK(answer.steps.size() <= 16);
  double swept = 0.0;
  const auto count = [&](double value) {
    const Trials succeeds = from_threshold(of, value);
    return std::count(succeeds.begin(), succeeds.end(), 1);
  };
  while (count(swept) < 400) swept += 0.25;
  CHECK(answer.steps[answer.answer].value == Approx(swept).margin(4.0));
  CHECK(answer.steps[answer.answer].chance.estimate >= 0.8);
  CHECK(answer.low < swept);
  CHECK(answer.high > swept);
}

TEST_CASE("the interval of goal holds the true value in nine of ten repetitions", "[statistical]") {
  // True value: 80 % of thresholds spread over 100 to 300 lie below 260.
  std::size_t covered = 0;
  const std::size_t n = 200;
  for (std::size_t seed = 0; seed < n; ++seed) {
    const std::vector<double> of = thresholds(200, 1000 + seed);
    const GoalAnswer answer = find_goal(
        {.low = 0, .high = 500, .wanted = 0.8},
        [&](double value) { return from_threshold(of, value); }, seed);
    REQUIRE(answer.is_reachable);
    covered += answer.low <= 260.0 && answer.high >= 260.0;
  }
  // Standard error 2.1 points; an interval of 80 % or less would be found out.
  CHECK(std::abs(static_cast<double>(covered) / n - 0.9) < 4.5 * std::sqrt(0.09 / n));
}

TEST_CASE("a lever that harms is searched from the other side", "[unit]") {
  const std::vector<double> of = thresholds(400, 5);  // succeed up to their threshold
  const GoalAnswer answer = find_goal(
      {.low = 0, .high = 400, .wanted = 0.5},
      [&](double value) { return from_threshold(of, value, false); }, 1);
  REQUIRE(answer.is_reachable);
  CHECK(answer.steps[answer.answer].value == Approx(200.0).margin(15.0));
  CHECK(answer.steps[answer.answer].chance.estimate >= 0.5);
  CHECK(answer.low <= answer.steps[answer.answer].value);
  CHECK(answer.high >= answer.steps[answer.answer].value);
}

TEST_CASE("a count is solved to the whole number", "[unit]") {
  const GoalAnswer answer = find_goal(
      {.low = 0, .high = 60, .step = 1, .wanted = 0.5},
      [&](double value) {
        CHECK(value == std::round(value));
        return Trials(10, value >= 37.0 ? 1 : 0);
      },
      1);
  REQUIRE(answer.is_reachable);
  CHECK(answer.steps[answer.answer].value == 37.0);
}

TEST_CASE("a wish that no value grants is unreachable, and the best value is named", "[unit]") {
  const std::vector<double> of = thresholds(100, 7);
  const GoalAnswer answer = find_goal(
      {.low = 0, .high = 200, .wanted = 0.8},
      [&](double value) { return from_threshold(of, value); }, 1);
  CHECK(!answer.is_reachable);
  CHECK(!answer.is_stopped);
  CHECK(answer.steps.size() == 5);  // both bounds and three values between them
  CHECK(answer.steps[answer.best].value == 200.0);
}

TEST_CASE("a wish that only middle values grant is found", "[unit]") {
  const GoalAnswer answer = find_goal(
      {.low = 0, .high = 100, .wanted = 0.5},
      [](double value) { return Trials(10, value > 40 && value < 60 ? 1 : 0); }, 1);
  REQUIRE(answer.is_reachable);
  CHECK(answer.steps[answer.answer].value == Approx(40.0).margin(1.0));
}

TEST_CASE("a wish granted everywhere says so", "[unit]") {
  const GoalAnswer answer = find_goal(
      {.low = 5, .high = 100, .wanted = 0.5}, [](double) { return Trials(10, 1); }, 1);
  CHECK(answer.is_everywhere);
  CHECK(answer.steps[answer.answer].value == 5.0);
  CHECK(answer.steps.size() == 2);
}

TEST_CASE("a search that is stopped keeps its evaluations and gives no answer", "[unit]") {
  int n = 0;
  const GoalAnswer answer = find_goal(
      {.low = 0, .high = 100, .wanted = 0.5},
      [&](double value) -> std::optional<Trials> {
        if (++n == 4) return std::nullopt;
        return Trials(10, value > 40 ? 1 : 0);
      },
      1);
  CHECK(answer.is_stopped);
  CHECK(!answer.steps.empty());
  CHECK(answer.steps.size() == 3);
}

TEST_CASE("barriers are shares of hectare-years of the futures and years asked for", "[unit]") {
  const std::vector<int> years{2020, 2021, 2022};
  const auto yearly = [](const std::string& name) -> std::vector<double> {
    if (name == "barrier_land") return {1, 2, 3, 10, 10, 10};  // two futures
    if (name == "barrier_money") return {1, 1, 1, NAN, 0, 0};
    return std::vector<double>(6, 0.0);
  };
  const BarrierShares all = barrier_shares(yearly, years, 2020, 2022);
  CHECK(all.total == Approx((6 + 30 + 3) / 2.0));
  CHECK(all.ranking() == std::vector<std::size_t>{0, 1});
  const std::vector<unsigned char> first{1, 0};
  const BarrierShares some = barrier_shares(yearly, years, 2021, 2022, first);
  CHECK(some.percent(0) == Approx(100.0 * 5 / 7));
  CHECK(barrier_text(some, "en") == "land status 71, money 29");
  CHECK(barrier_text(some, "id") == "status lahan 71, dana 29");
  CHECK(barrier_json(some).starts_with("{\"land\":71.4286,\"money\":28.5714,\"guideline\":0"));
}
