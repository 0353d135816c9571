#include "sim/core/find_equal.h"

#include <catch2/catch.hpp>
#include <cstdint>
#include <vector>

#include "sim/core/vector_level.h"

using namespace musi::sim;

TEST_CASE("Equal numbers are found as one by one, at every width of vectors", "[unit]") {
  const VectorLevel best = vector_level();
  for (const VectorLevel level : {VectorLevel::baseline, VectorLevel::avx2, VectorLevel::avx512}) {
    use_vector_level(level);
    for (std::size_t n = 0; n <= 200; ++n) {
      std::vector<std::uint16_t> numbers(n);
      for (std::size_t i = 0; i < n; ++i) {
        numbers[i] = static_cast<std::uint16_t>(i * 37 % 11 < 4 ? 0xFFFF : i % 3);
      }
      for (const int sought : {0, 2, 0xFFFF, 77}) {
        const auto wanted = static_cast<std::uint16_t>(sought);
        constexpr std::uint32_t first = 1000;
        std::vector<std::uint32_t> expected;
        for (std::size_t i = 0; i < n; ++i) {
          if (numbers[i] == wanted) expected.push_back(first + static_cast<std::uint32_t>(i));
        }
        std::vector<std::uint32_t> places(n + find_equal_slack + 1, 7);
        const std::size_t n_found = find_equal(numbers, wanted, first, places.data());
        CHECK(places.back() == 7);
        places.resize(n_found);
        CHECK(places == expected);
      }
    }
  }
  use_vector_level(best);
}
