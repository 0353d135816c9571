#include "models/uncertain.h"

#include <algorithm>
#include <cmath>

#include "models/beta.h"
#include "sim/core/check.h"
#include "sim/core/distributions.h"

namespace musi::models {
namespace {

constexpr double z95 = 1.6448536269514722;  // 95 % quantile of the standard normal

/// Continued fraction of the incomplete beta function. Source: Lentz's method, DLMF 8.17.22.
double beta_fraction(double x, double p, double q) {
  constexpr double tiny = 1e-300;
  double c = 1.0;
  double d = 1.0 - (p + q) * x / (p + 1.0);
  d = 1.0 / (std::abs(d) < tiny ? tiny : d);
  double value = d;
  for (int m = 1; m < 500; ++m) {
    for (const bool even : {true, false}) {
      const double n = m;
      const double a = even ? n * (q - n) * x / ((p + 2 * n - 1) * (p + 2 * n))
                            : -(p + n) * (p + q + n) * x / ((p + 2 * n) * (p + 2 * n + 1));
      d = 1.0 + a * d;
      d = 1.0 / (std::abs(d) < tiny ? tiny : d);
      c = 1.0 + a / c;
      c = std::abs(c) < tiny ? tiny : c;
      value *= c * d;
    }
    if (std::abs(c * d - 1.0) < 1e-15) break;
  }
  return value;
}

/// ln Gamma by Stirling's series after shifting above 10; portable.
double log_gamma(double x) {
  double shift = 0.0;
  while (x < 10.0) {
    shift += sim::portable::log(x);
    x += 1.0;
  }
  const double r = 1.0 / (x * x);
  const double series = (1.0 / 12 - r * (1.0 / 360 - r * (1.0 / 1260 - r / 1680))) / x;
  return (x - 0.5) * sim::portable::log(x) - x + 0.91893853320467274178 + series - shift;
}

/// A beta distribution; what does not depend on x is worked out once.
class Beta {
 public:
  Beta(double p, double q)
      : p_(p), q_(q), log_factor_(log_gamma(p + q) - log_gamma(p) - log_gamma(q)) {}

  double cdf(double x) const {
    if (x <= 0.0) return 0.0;
    if (x >= 1.0) return 1.0;
    if (x < (p_ + 1.0) / (p_ + q_ + 2.0)) return front(x) * beta_fraction(x, p_, q_) / p_;
    return 1.0 - front(x) * beta_fraction(1.0 - x, q_, p_) / q_;
  }
  double density(double x) const { return front(x) / (x * (1.0 - x)); }

 private:
  /// x^p (1-x)^q / B(p, q).
  double front(double x) const {
    return sim::portable::exp(log_factor_ + p_ * sim::portable::log(x) +
                              q_ * sim::portable::log(1.0 - x));
  }

  double p_, q_, log_factor_;
};

}  // namespace

double beta_cdf(double x, double p, double q) { return Beta(p, q).cdf(x); }

double beta_quantile(double u, double p, double q) {
  const Beta beta(p, q);
  double low = 0.0;
  double high = 1.0;
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (low + high);
    (beta.cdf(middle) < u ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

std::vector<float> beta_quantiles(double p, double q, std::size_t n_knots) {
  const Beta beta(p, q);
  std::vector<float> quantiles(n_knots, 0.0f);
  quantiles.back() = 1.0f;
  double x = p / (p + q);
  for (std::size_t i = 1; i + 1 < n_knots; ++i) {
    const double u = static_cast<double>(i) / static_cast<double>(n_knots - 1);
    double low = 0.0;
    double high = 1.0;
    // Newton's steps from the last quantile, halving where one would leave the bracket; then two
    // values close by that have the quantile between them and are one number in single precision.
    for (int step = 0; step < 100; ++step) {
      const double excess = beta.cdf(x) - u;
      (excess < 0.0 ? low : high) = x;
      const double next = x - excess / beta.density(x);
      const bool is_near = std::abs(next - x) < 1e-9 * x;
      x = next > low && next < high ? next : 0.5 * (low + high);
      if (is_near) break;
    }
    const double below = x * (1.0 - 1e-11);
    const double above = x * (1.0 + 1e-11);
    // The halving of beta_quantile ends at steps of 1e-18, too long for the smallest numbers.
    const bool is_certain = x > 1e-6 && static_cast<float>(below) == static_cast<float>(above) &&
                            beta.cdf(below) < u && !(beta.cdf(above) < u);
    quantiles[i] = static_cast<float>(is_certain ? x : beta_quantile(u, p, q));
  }
  return quantiles;
}

namespace {

/// Normal through two quantiles, truncated to [low, high] by rescaling u.
double truncated_normal(double u, double p05, double p95, double low, double high) {
  const double mean = 0.5 * (p05 + p95);
  const double sd = (p95 - p05) / (2.0 * z95);
  if (!(sd > 0.0)) return mean;
  const double from = sim::portable::normal_cdf((low - mean) / sd);
  const double to = sim::portable::normal_cdf((high - mean) / sd);
  const double v = std::clamp(from + u * (to - from), 1e-300, 1.0 - 1e-16);
  return mean + sd * sim::portable::normal_quantile(v);
}

double untruncated(const Distribution& d, double u) {
  switch (d.kind) {
    case DistributionKind::constant: return d.a;
    case DistributionKind::uniform: return d.a + u * (d.b - d.a);
    case DistributionKind::triangular: return sim::triangular_quantile(u, d.a, d.b, d.c);
    case DistributionKind::log_triangular: return sim::log_triangular_quantile(u, d.a, d.b, d.c);
    case DistributionKind::beta_pert: {
      if (!(d.c > d.a)) return d.b;
      const double p = 1.0 + 4.0 * (d.b - d.a) / (d.c - d.a);
      const double q = 1.0 + 4.0 * (d.c - d.b) / (d.c - d.a);
      return d.a + (d.c - d.a) * beta_quantile(u, p, q);
    }
    case DistributionKind::normal: return truncated_normal(u, d.a, d.b, d.low, d.high);
    case DistributionKind::lognormal: {
      using sim::portable::log;
      const double low = d.low > 0.0 ? log(d.low) : -700.0;
      const double high = d.high > 0.0 && d.high < 1e300 ? log(d.high) : 700.0;
      return sim::portable::exp(truncated_normal(u, log(d.a), log(d.b), low, high));
    }
    case DistributionKind::discrete: return d.values[sim::categorical(u, d.weights)];
    case DistributionKind::listed: {
      const auto n = static_cast<double>(d.list->size());
      return (*d.list)[static_cast<std::size_t>(std::min(u * n, n - 1.0))];
    }
  }
  return d.a;
}

}  // namespace

Distribution constant(double value) {
  Distribution d;
  d.a = value;
  return d;
}

double quantile(const Distribution& d, double u) {
  MUSI_EXPECT(u > 0.0 && u < 1.0);
  const double value = std::clamp(untruncated(d, u), d.low, d.high);
  return d.whole ? std::floor(value + 0.5) : value;
}

double central(const Distribution& d) {
  switch (d.kind) {
    case DistributionKind::triangular:
    case DistributionKind::log_triangular:
    case DistributionKind::beta_pert: return d.b;
    case DistributionKind::discrete: {
      const auto most = std::max_element(d.weights.begin(), d.weights.end());
      return d.values[static_cast<std::size_t>(most - d.weights.begin())];
    }
    case DistributionKind::listed: {
      std::vector<double> sorted = *d.list;
      std::sort(sorted.begin(), sorted.end());
      return sorted[(sorted.size() - 1) / 2];
    }
    default: return quantile(d, 0.5);
  }
}

}  // namespace musi::models
