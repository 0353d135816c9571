#include "sim/core/order_statistics.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "sim/core/equal_bits.h"
#include "sim/core/portable_math.h"
#include "sim/core/rng.h"

using namespace musi::sim;

TEST_CASE("Order statistics are the values of the sorted list", "[unit]") {
  const Chance chance(7, 1, 0);
  for (const std::size_t n : {1u, 2u, 17u, 5000u}) {
    std::vector<float> values;
    for (std::size_t i = 0; i < n; ++i) {
      // Rounded, so that many are equal; both signs and both zeros.
      const float z = portable::normal_quantile(chance.uniform(i));
      values.push_back(static_cast<float>(static_cast<int>(z * 20.0f)) * 0.05f * (i % 2 ? 1 : -1));
    }
    values[n / 2] = std::numeric_limits<float>::max();
    std::vector<float> sorted = values;
    std::sort(sorted.begin(), sorted.end());
    // Bins that are finer than the values, bins for few of them, all values in an outer bin.
    for (const auto& [low, high] : {std::pair{-3.0f, 3.0f}, {0.5f, 0.6f}, {-1e9f, -1e8f}}) {
      const OrderStatistics statistics(values, low, high);
      for (std::size_t k = 0; k < n; k += 1 + n / 40) CHECK(statistics.at(k) == sorted[k]);
      CHECK(statistics.at(n - 1) == sorted[n - 1]);
    }
  }
}

TEST_CASE("Ordered bits stand in the order of the numbers", "[unit]") {
  const std::vector<float> rising{-1e30f, -2.0f, -1e-30f, 0.0f, 1e-30f, 2.0f, 1e30f};
  for (std::size_t i = 1; i < rising.size(); ++i) {
    CHECK(ordered_bits(rising[i - 1]) < ordered_bits(rising[i]));
  }
  CHECK(ordered_bits(-0.0f) == ordered_bits(0.0f));
}

TEST_CASE("Numbers at most a limit are found as one by one", "[unit]") {
  std::vector<float> numbers;
  for (std::size_t n = 0; n <= 64; ++n) {
    for (const float most : {-1.5f, 0.0f, 0.25f, 2.0f}) {
      std::uint64_t wanted = 0;
      for (std::size_t i = 0; i < n; ++i) wanted |= std::uint64_t{numbers[i] <= most} << i;
      CHECK(at_most_bits(numbers.data(), n, most) == wanted);
    }
    numbers.push_back(static_cast<float>(n * 37 % 17) * 0.25f - 2.0f);
  }
}

TEST_CASE("Months that are equal, or at most a limit, are found as one by one", "[unit]") {
  std::vector<std::uint16_t> months(64);
  for (std::size_t i = 0; i < months.size(); ++i) {
    months[i] = i % 5 == 0 ? 0xFFFF : static_cast<std::uint16_t>(i * 37 % 17 * 2500);
  }
  for (const int limit : {0, 2500, 2501, 32500, 40000, 0xFFFE, 0xFFFF}) {
    const auto now = static_cast<std::uint16_t>(limit);
    std::uint64_t equal = 0, at_most = 0;
    for (std::size_t i = 0; i < months.size(); ++i) {
      equal |= std::uint64_t{months[i] == now} << i;
      at_most |= std::uint64_t{months[i] <= now} << i;
    }
    CHECK(equal_bits(months.data(), now) == equal);
    CHECK(equal_bits<32>(months.data(), now) == (equal & 0xFFFFFFFF));
    CHECK(at_most_bits(months.data(), now) == at_most);
    std::uint16_t least = 0xFFFF;
    for (std::size_t i = 0; i < 32; ++i) {
      if (months[i] != now) least = std::min(least, months[i]);
    }
    CHECK(least_other<32>(months.data(), now) == least);
  }
}

TEST_CASE("Numbers that are not zero are found as one by one", "[unit]") {
  std::vector<std::uint32_t> numbers(64);
  std::uint64_t wanted = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    numbers[i] = std::array{0u, 1u, 0u, 0x80000000u, 0xFFFFFFFFu, 0u, 0x10000u}[i * 5 % 7];
    wanted |= std::uint64_t{numbers[i] != 0} << i;
  }
  CHECK(nonzero_bits(numbers.data()) == wanted);
  CHECK(nonzero_bits(std::vector<std::uint32_t>(64).data()) == 0);
}
