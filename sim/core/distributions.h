#pragma once

#include <cmath>
#include <cstdint>
#include <span>

#include "sim/core/portable_math.h"

/// Portable inverse distribution functions: each takes one uniform and gives one draw, so that
/// designs can replace the uniforms and every draw has a fixed number of words.
namespace musi::sim {

/// Triangular on low, mode, high; constant when they are equal.
inline double triangular_quantile(double u, double low, double mode, double high) {
  if (!(high > low)) return mode;
  const double split = (mode - low) / (high - low);
  return u < split ? low + std::sqrt(u * (high - low) * (mode - low))
                   : high - std::sqrt((1.0 - u) * (high - low) * (high - mode));
}

/// Triangular on the logarithm; all three positive.
inline double log_triangular_quantile(double u, double low, double mode, double high) {
  if (!(high > low)) return mode;
  return portable::exp(
      triangular_quantile(u, portable::log(low), portable::log(mode), portable::log(high)));
}

/// Months until the next success of monthly trials with chance p: 1, 2, ...; at most `limit`.
inline int geometric_wait(double u, double p, int limit = 0xFFFF) {
  if (p >= 1.0) return 1;
  if (p <= 0.0) return limit;
  const double w = std::floor(portable::log(u) / portable::log(1.0 - p));
  return w >= static_cast<double>(limit - 1) ? limit : 1 + static_cast<int>(w);
}

/// geometric_wait where p and limit stay and the logarithm of u is at hand: the same answers,
/// without branches.
class GeometricLaw {
 public:
  explicit GeometricLaw(double p = 0.0, int limit = 0xFFFF) : limit_(limit) {
    if (p > 0.0) log_of_rest_ = p < 1.0 ? portable::log(1.0 - p) : -HUGE_VAL;
  }
  int wait(double log_u) const {
    const double w = log_u / log_of_rest_;  // 0 where p is 1, infinite where it is 0
    const double last = static_cast<double>(limit_ - 1);
    return 1 + static_cast<int>(w < last ? w : last);
  }

 private:
  double log_of_rest_ = -0.0;  ///< ln(1 - p)
  int limit_;
};

/// Waiting time with yearly or monthly rate `rate`, in the unit of 1/rate.
inline double exponential_quantile(double u, double rate) { return -portable::log(u) / rate; }

/// Poisson by inversion, for small means.
inline int poisson_quantile(double u, double mean) {
  double p = portable::exp(-mean);
  double sum = p;
  int k = 0;
  while (u > sum && k < 1000) {
    ++k;
    p *= mean / k;
    sum += p;
  }
  return k;
}

/// Index of the class in which u falls; weights need not sum to 1; the last class takes the rest.
inline std::size_t categorical(double u, std::span<const double> weights) {
  double total = 0.0;
  for (const double w : weights) total += w;
  double left = u * total;
  for (std::size_t i = 0; i + 1 < weights.size(); ++i) {
    if (left < weights[i]) return i;
    left -= weights[i];
  }
  return weights.empty() ? 0 : weights.size() - 1;
}

}  // namespace musi::sim
