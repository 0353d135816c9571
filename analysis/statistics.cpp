#include "analysis/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/core/check.h"
#include "sim/core/parallel.h"
#include "sim/core/rng.h"

namespace musi::analysis {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
/// Decision number of resampling; no decision of the model has the top bit set.
constexpr std::uint32_t resampling = 0x80000001u;
constexpr std::size_t n_resamples = 1000;

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

std::size_t replicates_for_half_width(double w, double standard_deviation) {
  MUSI_EXPECT(w > 0.0 && standard_deviation >= 0.0);
  const double root = z95 * standard_deviation / w;
  return std::max<std::size_t>(2, static_cast<std::size_t>(std::ceil(root * root - 1e-9)));
}

Estimate95 mean_interval(std::span<const double> values) {
  const std::vector<double> kept = present(values);
  const double centre = mean(kept);
  if (kept.size() < 2) return {centre, undefined, undefined};
  const double half =
      z95 * standard_deviation(kept) / std::sqrt(static_cast<double>(kept.size()));
  return {centre, centre - half, centre + half};
}

std::vector<double> bootstrap(
    std::size_t n, std::size_t n_samples, std::uint64_t seed,
    const std::function<double(std::span<const std::uint32_t> indices)>& statistic) {
  MUSI_EXPECT(n > 0);
  std::vector<double> values;
  std::vector<std::uint32_t> indices(n);
  for (std::size_t sample = 0; sample < n_samples; ++sample) {
    sim::Stream stream(sim::Chance(seed, resampling, sim::start_state), sample);
    for (std::uint32_t& index : indices) {
      // Multiply and shift: an index below n from one word; its bias is below n / 2^32.
      index = static_cast<std::uint32_t>((std::uint64_t{stream.word()} * n) >> 32);
    }
    values.push_back(statistic(indices));
  }
  return values;
}

Estimate95 median_interval(std::span<const double> values, std::uint64_t seed, double level) {
  std::vector<double> sorted = present(values);
  if (sorted.empty()) return {undefined, undefined, undefined};
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::uint32_t> drawn;
  std::vector<double> sample;
  std::vector<double> medians = bootstrap(sorted.size(), n_resamples, seed, [&](auto indices) {
    // The values are sorted, so sorted indices give a sorted sample.
    drawn.assign(indices.begin(), indices.end());
    std::sort(drawn.begin(), drawn.end());
    sample.clear();
    for (const std::uint32_t index : drawn) sample.push_back(sorted[index]);
    return sorted_quantile(sample, 0.5);
  });
  const double tails[] = {0.5 - level / 2.0, 0.5 + level / 2.0};
  const std::vector<double> bounds = quantiles(medians, tails);
  return {sorted_quantile(sorted, 0.5), bounds[0], bounds[1]};
}

}  // namespace musi::analysis
