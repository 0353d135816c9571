#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace musi::analysis {

/// Mean of the numbers that are not NaN; NaN if there are none.
double mean(std::span<const double> values);
/// Standard deviation with n - 1 of the numbers that are not NaN; NaN for fewer than two.
double standard_deviation(std::span<const double> values);

/// Quantile at 0 <= p <= 1, type 7 (linear between order statistics; R's default), of the numbers
/// that are not NaN; NaN if there are none. Source: Hyndman and Fan 1996.
double quantile(std::span<const double> values, double p);
/// The same for several p; sorts `values` in place and drops NaN.
std::vector<double> quantiles(std::vector<double>& values, std::span<const double> p);

/// A share and its Monte Carlo uncertainty, all as fractions.
struct Share {
  double estimate = 0.0;    ///< count / n
  double half_width = 0.0;  ///< of the 95 % interval: Wilson's, never 0
  double low = 0.0, high = 0.0;  ///< Wilson's 95 % interval
};

/// `count` of `n` futures; n > 0. Source: Wilson 1927.
Share share(std::size_t count, std::size_t n);

/// Futures needed for a half-width `w` of a share, 0.25 (1.96 / w)^2. MODEL.md 21.
std::size_t replicates_for_half_width(double w);

/// Futures needed for a half-width `w` of the 95 % interval of a mean of numbers with this standard
/// deviation, (1.96 sd / w)^2; at least 2.
std::size_t replicates_for_half_width(double w, double standard_deviation);

/// A number with its interval.
struct Estimate95 {
  double estimate = 0.0, low = 0.0, high = 0.0;
};

/// Mean with the 95 % interval of the normal law; NaN dropped; no interval for fewer than two.
Estimate95 mean_interval(std::span<const double> values);

/// A statistic of resampled futures: `n_samples` times n indices are drawn with replacement from
/// 0 to n - 1 and handed to `statistic`. The indices depend on `seed`, n and the number of the
/// sample only. Shape: [sample]. Source: Efron 1979.
std::vector<double> bootstrap(
    std::size_t n, std::size_t n_samples, std::uint64_t seed,
    const std::function<double(std::span<const std::uint32_t> indices)>& statistic);

/// Median with the interval of `level` (0.95) from resampled futures; NaN are dropped first.
Estimate95 median_interval(std::span<const double> values, std::uint64_t seed,
                           double level = 0.95);

/// z of the two-sided 95 % interval.
inline constexpr double z95 = 1.959963984540054;

}  // namespace musi::analysis
