#include "tests/support/statistics.h"

#include <array>

using namespace musi::tests;

TEST_CASE("A share that is off by more than chance allows is noticed", "[unit]") {
  REQUIRE(std::abs(share_error(5000, 10000, 0.5)) < max_standard_errors);
  REQUIRE(std::abs(share_error(5300, 10000, 0.5)) > max_standard_errors);
}

TEST_CASE("A mean that is off by more than chance allows is noticed", "[unit]") {
  REQUIRE(std::abs(mean_error(1.0, 2.0, 10000, 1.05)) < max_standard_errors);
  REQUIRE(std::abs(mean_error(1.0, 2.0, 10000, 1.10)) > max_standard_errors);
}

TEST_CASE("A wrong distribution is noticed by chi-square", "[unit]") {
  const std::array<double, 3> expected{500, 300, 200};
  REQUIRE(chi_square_error(std::array<double, 3>{510, 295, 195}, expected) < max_standard_errors);
  REQUIRE(chi_square_error(std::array<double, 3>{400, 350, 250}, expected) > max_standard_errors);
}
