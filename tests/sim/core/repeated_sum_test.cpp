#include "sim/core/repeated_sum.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "sim/core/rng.h"

using namespace musi;

namespace {

double one_by_one(double sum, double part, std::uint32_t n) {
  for (std::uint32_t i = 0; i < n; ++i) sum += part;
  return sum;
}

}  // namespace

TEST_CASE("adding a part many times at once gives what adding it one by one gives, to the bit",
          "[property]") {
  const sim::Chance chance(7, 1, 0);
  for (std::uint64_t i = 0; i < 20000; ++i) {
    sim::Stream luck(chance, i);
    const auto power = [&](double from, double to) {
      return static_cast<int>(from + (to - from) * luck.fine_uniform());
    };
    const double sum = i % 8 == 0 ? 0.0 : std::ldexp(luck.fine_uniform(), power(-5, 35));
    const double part = std::ldexp(luck.fine_uniform(), power(-45, 15));
    const auto n = static_cast<std::uint32_t>(300.0 * luck.fine_uniform());
    REQUIRE(sim::add_repeatedly(sum, part, n) == one_by_one(sum, part, n));
  }
}

TEST_CASE("halves of the last digit are rounded as they would be one by one", "[property]") {
  for (const double start : {0x1p52, 0x1p52 + 1.0, 0x1p53 - 7.0, 0x1p53 + 2.0}) {
    for (const double part : {0.5, 1.0, 1.5, 2.5, 3.0, 7.5}) {
      for (const std::uint32_t n : {1u, 7u, 8u, 9u, 100u}) {
        REQUIRE(sim::add_repeatedly(start, part, n) == one_by_one(start, part, n));
      }
    }
  }
}
