#include "sim/core/portable_math.h"

#include <catch2/catch.hpp>
#include <cmath>

namespace portable = musi::sim::portable;

TEST_CASE("double exp and log agree with libm to a few units in the last place", "[unit]") {
  for (double x = -700.0; x <= 700.0; x += 0.37) {
    REQUIRE(std::abs(portable::exp(x) / std::exp(x) - 1.0) < 4e-16);
  }
  for (double x = 1e-300; x < 1e300; x *= 1.7) {
    REQUIRE(std::abs(portable::log(x) - std::log(x)) <=
            4e-16 * std::max(1.0, std::abs(std::log(x))));
  }
  REQUIRE(portable::log(1.0) == 0.0);
  REQUIRE(portable::exp(0.0) == 1.0);
}

TEST_CASE("single exp and log have seven digits", "[unit]") {
  for (float x = -80.0f; x <= 80.0f; x += 0.0137f) {
    REQUIRE(std::abs(static_cast<double>(portable::exp(x)) / std::exp(double{x}) - 1.0) < 2.5e-7);
  }
  for (float x = 1e-30f; x < 1e30f; x *= 1.01f) {
    REQUIRE(std::abs(static_cast<double>(portable::log(x)) - std::log(double{x})) <
            2.5e-7 * std::max(1.0, std::abs(std::log(double{x}))));
  }
}

// Reference values: R 4.2, qnorm and pnorm, 17 digits.
TEST_CASE("the normal quantile equals R's qnorm", "[unit]") {
  REQUIRE(portable::normal_quantile(0.5) == 0.0);
  REQUIRE(portable::normal_quantile(0.975) == Approx(1.9599639845400541).epsilon(1e-15));
  REQUIRE(portable::normal_quantile(0.001) == Approx(-3.0902323061678136).epsilon(1e-15));
  REQUIRE(portable::normal_quantile(1e-20) == Approx(-9.2623400897984089).epsilon(1e-14));
  REQUIRE(portable::normal_cdf(1.0) == Approx(0.84134474606854293).epsilon(1e-14));
  REQUIRE(portable::normal_cdf(-8.0) / 6.2209605742717841e-16 == Approx(1.0).epsilon(1e-6));
}

TEST_CASE("quantile and distribution function of the normal are inverse", "[property]") {
  for (int i = 1; i < 2000; ++i) {
    const double u = i / 2000.0;
    REQUIRE(portable::normal_cdf(portable::normal_quantile(u)) == Approx(u).epsilon(1e-12));
    const auto single = static_cast<double>(portable::normal_quantile(static_cast<float>(u)));
    REQUIRE(single == Approx(portable::normal_quantile(u)).margin(3e-6));
  }
}

TEST_CASE("the central quantile has the bits of the whole one", "[unit]") {
  using namespace musi::sim::portable;
  for (float u = normal_tail; u <= 1.0f - normal_tail; u += 1.7e-5f) {
    REQUIRE(central_normal_quantile(u) == normal_quantile(u));
  }
}
