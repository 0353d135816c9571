#include "analysis/statistics.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

using namespace musi::analysis;

namespace {
constexpr double missing = std::numeric_limits<double>::quiet_NaN();
}

TEST_CASE("mean and standard deviation leave missing numbers out", "[unit]") {
  const std::vector<double> values{2, 4, missing, 4, 4, 5, 5, 7, 9};
  CHECK(mean(values) == 5.0);
  CHECK(standard_deviation(values) == Approx(std::sqrt(32.0 / 7.0)));
  CHECK(std::isnan(mean(std::vector<double>{})));
  CHECK(std::isnan(standard_deviation(std::vector<double>{3.0})));
}

TEST_CASE("quantiles are those of R's type 7", "[unit]") {
  // quantile(c(15, 20, 35, 40, 50), c(.05, .3, .4, .5, 1)) in R.
  std::vector<double> values{40, 15, missing, 50, 20, 35};
  CHECK(quantile(values, 0.05) == Approx(16.0));
  CHECK(quantile(values, 0.4) == Approx(29.0));
  CHECK(quantile(values, 1.0) == 50.0);
  const std::vector<double> p{0.0, 0.3, 0.5};
  const std::vector<double> found = quantiles(values, p);
  CHECK(found[0] == 15.0);
  CHECK(found[1] == Approx(23.0));
  CHECK(found[2] == 35.0);
  CHECK(std::isnan(quantile(std::vector<double>{missing}, 0.5)));
  CHECK(quantile(std::vector<double>{3.0}, 0.7) == 3.0);
}

TEST_CASE("the interval of a share is Wilson's", "[unit]") {
  // prop.test(62, 100, correct = FALSE)$conf.int in R.
  const Share some = share(62, 100);
  CHECK(some.estimate == 0.62);
  CHECK(some.low == Approx(0.522097552955).epsilon(1e-10));
  CHECK(some.high == Approx(0.709024007475).epsilon(1e-10));
  CHECK(some.half_width == Approx((some.high - some.low) / 2));
}

TEST_CASE("a share of none or all keeps an uncertainty", "[unit]") {
  const Share none = share(0, 1000), all = share(1000, 1000);
  CHECK(none.low == 0.0);
  CHECK(none.high == Approx(0.00382675848556).epsilon(1e-10));
  CHECK(none.half_width > 0.0);
  CHECK(all.high == 1.0);
  CHECK(all.low == Approx(1.0 - none.high));
}

TEST_CASE("a half-width of two points needs 2,401 futures", "[unit]") {
  CHECK(replicates_for_half_width(0.02) == 2401);
}
