#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/support/moments.h"

/// Statistical checks: a difference is divided by its standard error, so nobody types a tolerance.
namespace musi::tests {

/// Standard errors that a right result may be off: passed by chance in all but 7 in a million.
inline constexpr double max_standard_errors = 4.5;

/// Fails unless `count` of `n` independent trials agrees with chance p.
inline void require_share(double count, double n, double p) {
  INFO("share " << count / n << " of " << n << ", expected " << p);
  REQUIRE(std::abs(share_error(count, n, p)) < max_standard_errors);
}

/// Fails unless the mean of `n` independent draws with standard deviation `sd` agrees.
inline void require_mean(double mean, double sd, double n, double expected) {
  INFO("mean " << mean << " of " << n << ", expected " << expected);
  REQUIRE(std::abs(mean_error(mean, sd, n, expected)) < max_standard_errors);
}

/// Fails unless the values agree with an expected mean, by their own standard error.
template <class Range>
void require_mean_of(const Range& values, double expected) {
  const Moments m = moments(values);
  require_mean(m.mean, m.sd, m.n, expected);
}

/// Fails unless counts follow the expected ones.
inline void require_distribution(std::span<const double> observed,
                                 std::span<const double> expected) {
  REQUIRE(chi_square_error(observed, expected) < max_standard_errors);
}

}  // namespace musi::tests
