#pragma once

#include <cmath>
#include <cstddef>
#include <span>

/// Standard errors and moments, without a test framework.
namespace musi::tests {

/// Standard errors between a count of successes in n trials and its expectation.
inline double share_error(double count, double n, double p) {
  const double sd = std::sqrt(n * p * (1.0 - p));
  return sd > 0.0 ? (count - n * p) / sd : (count == n * p ? 0.0 : 1e9);
}

/// Standard errors between the mean of n draws of standard deviation sd and its expectation.
inline double mean_error(double mean, double sd, double n, double expected) {
  return sd > 0.0 ? (mean - expected) / (sd / std::sqrt(n)) : (mean == expected ? 0.0 : 1e9);
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

}  // namespace musi::tests
