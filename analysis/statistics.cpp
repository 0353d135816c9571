#include "analysis/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/core/check.h"
#include "sim/core/parallel.h"

namespace musi::analysis {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

std::vector<double> present(std::span<const double> values) {
  std::vector<double> kept;
  kept.reserve(values.size());
  for (const double value : values) {
    if (!std::isnan(value)) kept.push_back(value);
  }
  return kept;
}

/// Type 7 on sorted numbers without NaN.
double sorted_quantile(const std::vector<double>& sorted, double p) {
  MUSI_EXPECT(p >= 0.0 && p <= 1.0);
  if (sorted.empty()) return undefined;
  const double place = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  if (below + 1 >= sorted.size()) return sorted.back();
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[below + 1] - sorted[below]);
}

}  // namespace

double mean(std::span<const double> values) {
  const std::vector<double> kept = present(values);
  if (kept.empty()) return undefined;
  return sim::ordered_sum(kept.size(), [&](std::size_t i) { return kept[i]; }) /
         static_cast<double>(kept.size());
}

double standard_deviation(std::span<const double> values) {
  const std::vector<double> kept = present(values);
  if (kept.size() < 2) return undefined;
  const double centre = mean(kept);
  const double squares = sim::ordered_sum(kept.size(), [&](std::size_t i) {
    return (kept[i] - centre) * (kept[i] - centre);
  });
  return std::sqrt(squares / static_cast<double>(kept.size() - 1));
}

double quantile(std::span<const double> values, double p) {
  std::vector<double> kept = present(values);
  std::sort(kept.begin(), kept.end());
  return sorted_quantile(kept, p);
}

std::vector<double> quantiles(std::vector<double>& values, std::span<const double> p) {
  std::erase_if(values, [](double value) { return std::isnan(value); });
  std::sort(values.begin(), values.end());
  std::vector<double> found;
  for (const double level : p) found.push_back(sorted_quantile(values, level));
  return found;
}

Share share(std::size_t count, std::size_t n) {
  MUSI_EXPECT(n > 0 && count <= n);
  const double size = static_cast<double>(n);
  const double p = static_cast<double>(count) / size;
  const double shrink = 1.0 + z95 * z95 / size;
  const double centre = (p + z95 * z95 / (2.0 * size)) / shrink;
  const double half =
      z95 * std::sqrt(p * (1.0 - p) / size + z95 * z95 / (4.0 * size * size)) / shrink;
  return {.estimate = p,
          .half_width = half,
          .low = count == 0 ? 0.0 : centre - half,
          .high = count == n ? 1.0 : centre + half};
}

std::size_t replicates_for_half_width(double w) {
  MUSI_EXPECT(w > 0.0);
  return static_cast<std::size_t>(std::ceil(0.25 * (1.96 / w) * (1.96 / w) - 1e-9));
}

}  // namespace musi::analysis
