#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "models/beta.h"
#include "models/build_world.h"
#include "models/indicators/groups.h"
#include "models/programmes/items.h"
#include "models/uncertain.h"
#include "sim/core/portable_math.h"
#include "tests/support/tiny_world.h"

using namespace musi;
using namespace musi::models;

TEST_CASE("A table of beta quantiles has the bits of its quantiles one by one", "[unit]") {
  constexpr std::size_t n = 65;
  // Bell, bathtub, and nearly everything at one end.
  for (const auto& [p, q] : {std::pair{2.5, 7.0}, {0.4, 0.6}, {0.05, 3.0}, {9.0, 0.08}}) {
    const std::vector<float> table = beta_quantiles(p, q, n);
    REQUIRE(table.size() == n);
    CHECK(table.front() == 0.0f);
    CHECK(table.back() == 1.0f);
    for (std::size_t i = 1; i + 1 < n; ++i) {
      const double u = static_cast<double>(i) / (n - 1);
      CHECK(table[i] == static_cast<float>(beta_quantile(u, p, q)));
    }
  }
}

TEST_CASE("Every item is found by its word and nothing by another", "[unit]") {
  for (std::size_t i = 0; i < n_items; ++i) {
    const auto item = static_cast<Item>(i);
    CHECK(item_of(word(item)) == item);
    CHECK_FALSE(item_of(std::string(word(item)) + "s").has_value());
  }
  CHECK_FALSE(item_of("").has_value());
}

TEST_CASE("The median income is the income of the household in the middle", "[unit]") {
  const City city = tests::tiny_city(4);
  const Scenario scenario = tests::tiny_scenario();
  const World world = build_world_without_spin_up(scenario, city, 4);
  const Households& h = world.households;
  std::vector<float> incomes;
  for (std::size_t row = 0; row < h.size_rows(); ++row) {
    if ((h.flags[row] & flag::alive) != 0) incomes.push_back(h.record[row].mu + h.record[row].dy);
  }
  std::sort(incomes.begin(), incomes.end());
  const PeopleStats stats = people_stats(world);
  const auto at = [&](double p) {
    const double place = p * static_cast<double>(incomes.size() - 1) + 0.5;
    return sim::portable::exp(static_cast<double>(incomes[static_cast<std::size_t>(place)]));
  };
  CHECK(stats.income_p10 == at(0.1));
  CHECK(stats.income_p50 == at(0.5));
  CHECK(stats.income_p90 == at(0.9));
}
