#include "sim/core/unset_array.h"

#include <catch2/catch.hpp>
#include <numeric>
#include <span>

TEST_CASE("An unset array holds what was written to it, number by number", "[unit]") {
  musi::sim::UnsetArray<int> numbers(5);
  std::iota(numbers.begin(), numbers.end(), 1);
  const auto& written = numbers;
  REQUIRE(written.size() == 5);
  CHECK(std::accumulate(written.begin(), written.end(), 0) == 15);
  CHECK(std::span<const int>(written).back() == 5);
  CHECK(written.data()[2] == 3);
  CHECK(musi::sim::UnsetArray<int>(0).size() == 0);
}
