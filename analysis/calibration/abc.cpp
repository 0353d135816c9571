#include "analysis/calibration/abc.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "sim/core/check.h"
#include "sim/core/portable_math.h"
#include "sim/core/rng.h"

namespace musi::analysis::calibration {
namespace {

/// Decision number of acceptance; no decision of the model has the top bit set.
constexpr std::uint32_t accepting = 0x80000012u;
/// Enough for the mean of a kernel of 15 % over errors of 10 to 30 %.
constexpr std::size_t n_errors = 64;

std::vector<std::size_t> rising(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  return order;
}

}  // namespace

std::span<const double> publishing_errors() {
  static const std::vector<double> errors = [] {
    std::vector<double> z;
    for (std::size_t i = 0; i < n_errors; ++i) {
      z.push_back(sim::portable::normal_quantile((static_cast<double>(i) + 0.5) / n_errors));
    }
    return z;
  }();
  return errors;
}

double agreement(const Target& target, const Figure& figure) {
  const auto kernel = [&](double output) {
    const double d = distance(target, output);
    return sim::portable::exp(-0.5 * d * d);
  };
  if (figure.log_sd == 0.0) return kernel(figure.at(0.0));
  double sum = 0.0;
  for (const double z : publishing_errors()) sum += kernel(figure.at(z));
  return sum / n_errors;
}

double agreement(std::span<const Target> targets, const Runs& runs, std::size_t run) {
  double all = 1.0;
  for (std::size_t t = 0; t < targets.size(); ++t) {
    all *= agreement(targets[t], runs.figure(run, t));
  }
  return all;
}

double mean_agreement(std::span<const Target> targets, const Runs& runs) {
  double sum = 0.0;
  for (std::size_t r = 0; r < runs.size(); ++r) sum += agreement(targets, runs, r);
  return runs.size() == 0 ? 0.0 : sum / static_cast<double>(runs.size());
}

bool is_plausible(std::span<const Target> targets, const Runs& runs, std::size_t run) {
  for (std::size_t t = 0; t < targets.size(); ++t) {
    const Figure figure = runs.figure(run, t);
    if (distance(targets[t], figure.mean(), figure.variance()) >= implausible_from) return false;
  }
  return true;
}

Acceptance accept(std::span<const Target> targets, const Runs& runs, std::uint64_t seed) {
  Acceptance result;
  result.by_target.assign(targets.size(), 0.0);
  std::vector<double> plausible(runs.size(), 0.0);
  for (std::size_t r = 0; r < runs.size(); ++r) {
    double all = 1.0;
    for (std::size_t t = 0; t < targets.size(); ++t) {
      const double one = agreement(targets[t], runs.figure(r, t));
      result.by_target[t] += one;
      all *= one;
    }
    result.mean_agreement += all;
    if (is_plausible(targets, runs, r)) plausible[r] = all;
    result.best_agreement = std::max(result.best_agreement, plausible[r]);
  }
  const sim::Chance chance(seed, accepting, sim::start_state);
  for (std::size_t r = 0; r < runs.size(); ++r) {
    if (chance.fine_uniform(r) * result.best_agreement < plausible[r]) {
      result.accepted.push_back(r);
    }
  }
  const double n = std::max(1.0, static_cast<double>(runs.size()));
  result.mean_agreement /= n;
  for (double& mean : result.by_target) mean /= n;
  if (!targets.empty()) {
    result.hardest = static_cast<std::size_t>(
        std::min_element(result.by_target.begin(), result.by_target.end()) -
        result.by_target.begin());
  }
  return result;
}

double weighted_quantile(std::span<const double> values, std::span<const double> weights,
                         double p) {
  MUSI_EXPECT(values.size() == weights.size());
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  if (!(total > 0.0)) return std::numeric_limits<double>::quiet_NaN();
  double sum = 0.0, last = std::numeric_limits<double>::quiet_NaN();
  for (const std::size_t i : rising(values)) {
    if (!(weights[i] > 0.0)) continue;
    sum += weights[i];
    last = values[i];
    if (sum >= p * total) return values[i];
  }
  return last;
}

double effective_number(std::span<const double> weights) {
  double sum = 0.0, squares = 0.0;
  for (const double w : weights) {
    sum += w;
    squares += w * w;
  }
  return squares > 0.0 ? sum * sum / squares : 0.0;
}

double crps(std::span<const double> values, std::span<const double> weights, double observed) {
  MUSI_EXPECT(values.size() == weights.size());
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  if (!(total > 0.0)) return std::numeric_limits<double>::quiet_NaN();
  // The mean of |X - y|, less half the mean of |X - X'|, both from one pass in rising order.
  double away = 0.0, spread = 0.0, below = 0.0, below_value = 0.0;
  for (const std::size_t i : rising(values)) {
    const double w = weights[i] / total;
    away += w * std::abs(values[i] - observed);
    spread += w * (values[i] * below - below_value);
    below += w;
    below_value += w * values[i];
  }
  return away - spread;
}

UniformTest test_uniform(std::vector<double> uniforms) {
  UniformTest test;
  if (uniforms.empty()) return test;
  std::sort(uniforms.begin(), uniforms.end());
  const double n = static_cast<double>(uniforms.size());
  for (std::size_t i = 0; i < uniforms.size(); ++i) {
    const double above = (static_cast<double>(i) + 1.0) / n - uniforms[i];
    const double below = uniforms[i] - static_cast<double>(i) / n;
    test.gap = std::max({test.gap, above, below});
  }
  const double lambda = (std::sqrt(n) + 0.12 + 0.11 / std::sqrt(n)) * test.gap;
  if (lambda < 0.3) return test;  // the series below is 1 there
  double p = 0.0, sign = 1.0;
  for (int k = 1; k <= 100; ++k, sign = -sign) {
    p += 2.0 * sign * std::exp(-2.0 * k * k * lambda * lambda);
  }
  test.p_value = std::clamp(p, 0.0, 1.0);
  return test;
}

std::vector<bool> discoveries(std::span<const double> p_values, double rate) {
  const std::vector<std::size_t> order = rising(p_values);
  const double n = static_cast<double>(order.size());
  std::size_t n_found = 0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    if (p_values[order[k]] <= rate * (static_cast<double>(k) + 1.0) / n) n_found = k + 1;
  }
  std::vector<bool> found(p_values.size(), false);
  for (std::size_t k = 0; k < n_found; ++k) found[order[k]] = true;
  return found;
}

}  // namespace musi::analysis::calibration
