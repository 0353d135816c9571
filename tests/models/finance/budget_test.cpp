#include "models/finance/budget.h"

#include <catch2/catch.hpp>

#include <cmath>

#include "sim/core/portable_math.h"
#include "sim/core/rng.h"

using namespace musi::models;

TEST_CASE("the budget process has the deviation and memory of its formula", "[statistical]") {
  const BudgetProcess process{.level = 4.0, .growth = 0.0, .pull = 0.4, .sd = 0.2};
  constexpr int n = 40'000;
  double x = 0.0, sum = 0.0, square = 0.0, product = 0.0;
  for (int y = 0; y < n; ++y) {
    const double u = musi::sim::Chance(3, 20, y).fine_uniform(1);
    const double z = musi::sim::portable::normal_quantile(u);
    const double next =
        y == 0 ? first_log_budget(process, z) : next_log_budget(process, x, z);
    if (y > 0) product += (x - 4.0) * (next - 4.0);
    x = next;
    sum += x - 4.0;
    square += (x - 4.0) * (x - 4.0);
  }
  // Standard errors of an AR(1) with coefficient 0.6: of the mean sd sqrt(4/n), of the variance
  // sqrt(2 (1+.36)/(1-.36)/n), of the correlation sqrt((1-.36)/n). 2 % off is caught.
  const double variance = square / n;
  REQUIRE(std::abs(sum / n) < 4 * 0.25 * std::sqrt(4.0 / n));
  REQUIRE(std::abs(variance / 0.0625 - 1) < 4 * std::sqrt(2 * 1.36 / 0.64 / n));
  REQUIRE(std::abs(product / square - 0.6) < 4 * std::sqrt(0.64 / n));
}

TEST_CASE("the first year of the money has the stationary deviation", "[unit]") {
  const BudgetProcess process{.level = 1.0, .growth = 0.0, .pull = 0.4, .sd = 0.2};
  REQUIRE(first_log_budget(process, 1.0) - 1.0 == Approx(0.25));
  REQUIRE(first_log_budget({.level = 1.0, .growth = 0, .pull = 0, .sd = 0.2}, 3.0) == 1.0);
}

TEST_CASE("the pull of a target mixes the levels of money on the log scale", "[unit]") {
  using musi::sim::portable::log;
  REQUIRE(log_budget_level(65'000, 100, 400, 0.0) == log(65'000.0));
  REQUIRE(log_budget_level(65'000, 100, 400, 1.0) == Approx(log(40'000.0)));
  REQUIRE(log_budget_level(65'000, 100, 400, 0.5) == Approx(log(std::sqrt(65e3 * 40e3))));
  REQUIRE(log_budget_level(65'000, 0, 400, 0.5) == log(65'000.0));
}

TEST_CASE("splitting money spends what each source has and no more", "[property]") {
  const std::vector<double> sources{35, 20, 3, 40, 2};
  const std::vector<double> shares{0.3, 0.2, 0.1, 0.4};
  const std::vector<double> amounts{-1, -1, 12, -1};
  const std::vector<std::vector<std::size_t>> payers{{0, 1}, {1}, {3, 2}, {3}};
  const auto split = split_money(sources, shares, amounts, payers);
  std::vector<double> spent(5, 0.0);
  double own = 0.0;
  for (std::size_t p = 0; p < 4; ++p) {
    for (std::size_t f = 0; f < 5; ++f) {
      REQUIRE(split[p][f] >= 0);
      spent[f] += split[p][f];
    }
  }
  for (std::size_t f = 0; f < 4; ++f) REQUIRE(spent[f] == Approx(sources[f]));
  REQUIRE(spent[4] == 0);  // no programme draws on it
  own = split[2][3] + split[2][2];
  REQUIRE(own >= 12 - 1e-9);
  REQUIRE(split[1][0] == 0);
}

TEST_CASE("a programme draws on its payers in their order", "[unit]") {
  const auto split = split_money({10, 10}, {0.5, 0.5}, {4, 8}, {{0, 1}, {0, 1}});
  REQUIRE(split[0][0] + split[1][0] == Approx(10));
  const auto one = split_money({10, 10}, {0.0, 1.0}, {4, -1}, {{0, 1}, {1}});
  REQUIRE(one[0][0] == Approx(4));
  REQUIRE(one[0][1] == 0);
}
