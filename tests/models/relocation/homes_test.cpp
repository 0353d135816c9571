#include "models/relocation/homes.h"

#include <catch2/catch.hpp>

#include "tests/support/bare_world.h"

using namespace musi;
using namespace musi::models;

TEST_CASE("A household is found in whatever row of its RT it lives, and in no other", "[unit]") {
  tests::BareWorld bare(2);
  bare.settle(0, 11);
  bare.settle(1, 4);
  const Households& h = bare.world.households;
  for (std::size_t row = 0; row < h.size_rows(); ++row) {
    const std::size_t home = row < 11 ? 0 : 1;
    CHECK(find_household(bare.world, home, h.record[row].key) == row);
    CHECK(find_household(bare.world, 1 - home, h.record[row].key) == h.size_rows());
  }
}
