#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/parameters.h"

/// Numbers that are not known for certain, as a scenario states them.
namespace musi::models {

enum class DistributionKind : std::uint8_t {
  constant,
  uniform,
  triangular,
  log_triangular,
  beta_pert,
  normal,
  lognormal,
  discrete,
  listed,
};

/// A distribution in the unit of its key, truncated to [low, high].
struct Distribution {
  DistributionKind kind = DistributionKind::constant;
  /// constant: a. uniform: a to b. triangular, log_triangular, beta_pert: a, mode b, c.
  /// normal, lognormal: 5 % quantile a, 95 % quantile b. discrete: `values` with `weights`.
  /// listed: `list` in its own order, not sorted, so that inputs given by the same rows of a table
  /// stay together: the same u takes the same row of each (INTERFACE 4.4, sampling.draws).
  double a = 0.0, b = 0.0, c = 0.0;
  double low = -1e300, high = 1e300;
  bool whole = false;           ///< rounded to a whole number
  std::vector<double> values{};
  std::vector<double> weights{};
  std::shared_ptr<const std::vector<double>> list{};

  bool is_constant() const { return kind == DistributionKind::constant; }
  bool is_listed() const { return kind == DistributionKind::listed; }
};

Distribution constant(double value);
/// Inverse distribution function at 0 < u < 1.
double quantile(const Distribution& distribution, double u);
/// Uniform at which quantile() of a list of `n` values is the one at `index`.
inline double uniform_at(std::size_t index, std::size_t n) {
  return (static_cast<double>(index) + 0.5) / static_cast<double>(n);
}
/// Value used when uncertainty is off: mode, median or most likely value.
double central(const Distribution& distribution);

/// Regularised incomplete beta function I_x(p, q).
double beta_cdf(double x, double p, double q);
/// Quantile of Beta(p, q) by bisection, error below 1e-15.
double beta_quantile(double u, double p, double q);

/// One number of a scenario with its story (INTERFACE 4.2), in the unit of its key.
struct Uncertain {
  std::string path;  ///< dotted path in the scenario; its FNV-1a hash addresses the draw
  std::string unit;  ///< for people
  Distribution value;
  Redraw redraw = Redraw::per_replicate;
  Status status = Status::assumed;
  std::string source;
  std::string note;
  bool is_set = true;  ///< false: an optional number that the scenario leaves out
};

}  // namespace musi::models
