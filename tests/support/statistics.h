#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

/// Statistical checks: a difference is divided by its standard error, so nobody types a tolerance.
namespace musi::tests {

/// Standard errors that a right result may be off: passed by chance in all but 7 in a million.
inline constexpr double max_standard_errors = 4.5;

/// Standard errors between a count of successes in n trials and its expectation.
inline double share_error(double count, double n, double p) {
  const double sd = std::sqrt(n * p * (1.0 - p));
  return sd > 0.0 ? (count - n * p) / sd : (count == n * p ? 0.0 : 1e9);
}

/// Standard errors between the mean of n draws of standard deviation sd and its expectation.
inline double mean_error(double mean, double sd, double n, double expected) {
  return sd > 0.0 ? (mean - expected) / (sd / std::sqrt(n)) : (mean == expected ? 0.0 : 1e9);
}

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

struct Moments {
  double n = 0.0, mean = 0.0, sd = 0.0;
};

/// Mean and standard deviation with n - 1.
template <class Range>
Moments moments(const Range& values) {
  Moments m;
  double sum = 0.0;
  for (const auto v : values) sum += static_cast<double>(v), m.n += 1.0;
  m.mean = sum / m.n;
  double squares = 0.0;
  for (const auto v : values) {
    const double d = static_cast<double>(v) - m.mean;
    squares += d * d;
  }
  m.sd = m.n > 1.0 ? std::sqrt(squares / (m.n - 1.0)) : 0.0;
  return m;
}

/// Fails unless the values agree with an expected mean, by their own standard error.
template <class Range>
void require_mean_of(const Range& values, double expected) {
  const Moments m = moments(values);
  require_mean(m.mean, m.sd, m.n, expected);
}

/// Chi-square of observed against expected counts in standard deviations (Wilson, Hilferty 1931);
/// classes with an expected count below 5 are joined with the next.
inline double chi_square_error(std::span<const double> observed, std::span<const double> expected) {
  double chi2 = 0.0, o = 0.0, e = 0.0;
  int classes = 0;
  for (std::size_t i = 0; i < observed.size(); ++i) {
    o += observed[i];
    e += expected[i];
    if (e < 5.0 && i + 1 < observed.size()) continue;
    if (e <= 0.0) continue;
    chi2 += (o - e) * (o - e) / e;
    ++classes;
    o = e = 0.0;
  }
  const double freedom = classes - 1;
  if (freedom < 1.0) return 1e9;
  const double v = 2.0 / (9.0 * freedom);
  return (std::cbrt(chi2 / freedom) - (1.0 - v)) / std::sqrt(v);
}

/// Fails unless counts follow the expected ones.
inline void require_distribution(std::span<const double> observed,
                                 std::span<const double> expected) {
  REQUIRE(chi_square_error(observed, expected) < max_standard_errors);
}

}  // namespace musi::tests
