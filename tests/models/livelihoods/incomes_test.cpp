#include "models/livelihoods/incomes.h"

#include <catch2/catch.hpp>
#include <vector>

#include "tests/support/bare_world.h"

using namespace musi;
using namespace musi::models;

TEST_CASE("Incomes are those of the living, RT by RT, whatever the number of rows", "[unit]") {
  tests::BareWorld bare(4);
  constexpr std::size_t n_rows[] = {3, 8, 1, 13};
  for (std::size_t rt = 0; rt < 4; ++rt) bare.settle(rt, n_rows[rt]);
  Households& h = bare.world.households;
  std::vector<float> expected;
  for (std::size_t row = 0; row < h.size_rows(); ++row) {
    h.record[row].mu = 0.1f * static_cast<float>(row % 7) - 0.3f;
    h.record[row].dy = 0.01f * static_cast<float>(row % 5);
    if (row % 4 == 1) h.flags[row] &= ~flag::alive;
    expected.push_back(row % 4 == 1 ? no_income : h.record[row].mu + h.record[row].dy);
  }
  const auto incomes = log_incomes(bare.world, bare.world.sites.rts[0]);
  CHECK(std::vector<float>(incomes.begin(), incomes.end()) == expected);
}
