#pragma once

#include <cstddef>
#include <vector>

namespace musi::models {

/// beta_quantile(i / (n_knots - 1), p, q) in single precision, 0 and 1 at the ends; the same bits
/// at a tenth of the work.
std::vector<float> beta_quantiles(double p, double q, std::size_t n_knots);

}  // namespace musi::models
