#include "analysis/sensitivity.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "models/uncertain.h"
#include "sim/core/check.h"
#include "sim/core/design.h"
#include "sim/core/rng.h"

namespace musi::analysis {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
/// Decision words of the designs; apart from those of the model and of resampling.
constexpr std::uint32_t walking = 0x6D6F7272u;           // "morr"
constexpr std::uint64_t saltelli = 0x73616C74656C6Cull;  // "saltell"
constexpr std::size_t n_resamples_of_walks = 1000;

std::size_t below(sim::Stream& stream, std::size_t n) {
  return static_cast<std::size_t>((std::uint64_t{stream.word()} * n) >> 32);
}

/// Two-sided p-value of Student's t.
double student_p(double t, double degrees) {
  if (!std::isfinite(t)) return 0.0;
  return models::beta_cdf(degrees / (degrees + t * t), degrees / 2.0, 0.5);
}

/// t of the two-sided 95 % interval, by bisection.
double student_t95(double degrees) {
  double low = 1.9, high = 13.0;
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (low + high);
    (student_p(middle, degrees) > 0.05 ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

MorrisEffect effect_of(const std::vector<double>& changes, bool has_direction, std::uint64_t seed) {
  MorrisEffect effect;
  std::vector<double> sizes;
  for (const double c : changes) sizes.push_back(std::abs(c));
  std::vector<double> resampled =
      bootstrap(sizes.size(), n_resamples_of_walks, seed, [&](auto indices) {
        double sum = 0.0;
        for (const std::uint32_t i : indices) sum += sizes[i];
        return sum / static_cast<double>(indices.size());
      });
  const double tails[] = {0.025, 0.975};
  const std::vector<double> ends = quantiles(resampled, tails);
  effect.size = {mean(sizes), ends[0], ends[1]};
  effect.change = {undefined, undefined, undefined};
  effect.low = effect.high = undefined;
  effect.spread = changes.size() < 2 ? undefined : standard_deviation(changes);
  if (!has_direction || changes.size() < 2) return effect;
  const double n = static_cast<double>(changes.size()), centre = mean(changes);
  const double error = effect.spread / std::sqrt(n);
  const double half = student_t95(n - 1.0) * error;
  effect.change = {centre, centre - half, centre + half};
  effect.p_value = centre == 0.0 ? 1.0 : student_p(centre / error, n - 1.0);
  return effect;
}

}  // namespace

std::vector<MorrisTrajectory> morris_design(const Factors& factors, std::size_t n_inputs,
                                            std::size_t n, std::uint64_t seed,
                                            const MorrisLevels& levels) {
  MUSI_EXPECT(levels.n >= 2 && levels.n % 2 == 0);
  const std::size_t half = levels.n / 2;
  const double width = (levels.high - levels.low) / static_cast<double>(levels.n - 1);
  std::vector<MorrisTrajectory> design;
  for (std::size_t t = 0; t < n; ++t) {
    sim::Stream stream(sim::Chance(seed, walking, sim::start_state), t);
    MorrisTrajectory walk;
    std::vector<double> point, target;
    for (std::size_t i = 0; i < n_inputs; ++i) {
      const double bottom = levels.low + width * static_cast<double>(below(stream, half));
      const double top = bottom + levels.step();
      const bool rises = below(stream, 2) == 1;
      walk.rises.push_back(rises);
      point.push_back(rises ? bottom : top);
      target.push_back(rises ? top : bottom);
    }
    walk.moved.resize(factors.size());
    std::iota(walk.moved.begin(), walk.moved.end(), std::size_t{0});
    for (std::size_t f = factors.size(); f > 1; --f) {
      std::swap(walk.moved[f - 1], walk.moved[below(stream, f)]);
    }
    walk.points.push_back(point);
    for (const std::size_t f : walk.moved) {
      for (const std::size_t i : factors[f]) point[i] = target[i];
      walk.points.push_back(point);
    }
    design.push_back(std::move(walk));
  }
  return design;
}

std::vector<MorrisEffect> morris_effects(const Factors& factors,
                                         std::span<const MorrisTrajectory> design,
                                         std::span<const std::vector<double>> outcomes,
                                         std::uint64_t seed) {
  MUSI_EXPECT(design.size() == outcomes.size() && !design.empty());
  std::vector<std::vector<double>> changes(factors.size());
  std::vector<double> low(factors.size(), 0.0), high(factors.size(), 0.0);
  for (std::size_t t = 0; t < design.size(); ++t) {
    const MorrisTrajectory& walk = design[t];
    MUSI_EXPECT(outcomes[t].size() == factors.size() + 1);
    for (std::size_t s = 0; s < walk.moved.size(); ++s) {
      const std::size_t f = walk.moved[s];
      const bool rises = factors[f].size() != 1 || walk.rises[factors[f].front()];
      const double before = outcomes[t][rises ? s : s + 1], after = outcomes[t][rises ? s + 1 : s];
      changes[f].push_back(after - before);
      low[f] += before / static_cast<double>(design.size());
      high[f] += after / static_cast<double>(design.size());
    }
  }
  std::vector<MorrisEffect> effects;
  for (std::size_t f = 0; f < factors.size(); ++f) {
    const bool is_single = factors[f].size() == 1;
    MorrisEffect effect = effect_of(changes[f], is_single, sim::mix(seed, f));
    if (is_single) {
      effect.low = low[f];
      effect.high = high[f];
    }
    effects.push_back(effect);
  }
  return effects;
}

SaltelliDesign::SaltelliDesign(std::size_t n_inputs, std::size_t n, std::uint64_t seed) {
  const sim::Design design(sim::DesignKind::sobol, sim::mix(seed, saltelli), 2 * n_inputs, n);
  for (std::size_t row = 0; row < n; ++row) {
    const std::vector<double> point = design.point(row);
    const auto middle = point.begin() + static_cast<std::ptrdiff_t>(n_inputs);
    a.emplace_back(point.begin(), middle);
    b.emplace_back(middle, point.end());
  }
}

std::vector<std::vector<double>> SaltelliDesign::mixed(
    const std::vector<std::vector<double>>& base, const std::vector<std::vector<double>>& other,
    const std::vector<std::size_t>& inputs) {
  std::vector<std::vector<double>> points = base;
  for (std::size_t row = 0; row < points.size(); ++row) {
    for (const std::size_t i : inputs) points[row][i] = other[row][i];
  }
  return points;
}

std::vector<SobolIndex> sobol_indices(const SaltelliOutcomes& y, std::uint64_t seed,
                                      std::size_t n_resamples) {
  const std::size_t n = y.a.size();
  MUSI_EXPECT(n > 0 && y.b.size() == n && y.ab.size() == y.ba.size());
  std::vector<SobolIndex> indices;
  for (std::size_t f = 0; f < y.ab.size(); ++f) {
    const std::vector<double>&ab = y.ab[f], &ba = y.ba[f];
    MUSI_EXPECT(ab.size() == n && ba.size() == n);
    // Numerators and denominator of each row; their means give the shares.
    std::vector<double> alone(n), in_all(n), variance(n);
    for (std::size_t r = 0; r < n; ++r) {
      alone[r] = 2.0 * (ba[r] - y.b[r]) * (y.a[r] - ab[r]);
      in_all[r] = std::pow(y.b[r] - ba[r], 2) + std::pow(y.a[r] - ab[r], 2);
      variance[r] = std::pow(y.a[r] - y.b[r], 2) + std::pow(ba[r] - ab[r], 2);
    }
    const auto ratio = [&](const std::vector<double>& part, auto&& indices_of_rows) {
      double above = 0.0, under = 0.0;
      for (const std::size_t r : indices_of_rows) {
        above += part[r];
        under += variance[r];
      }
      return under > 0.0 ? above / under : undefined;
    };
    std::vector<std::size_t> all(n);
    std::iota(all.begin(), all.end(), std::size_t{0});
    const auto estimate = [&](const std::vector<double>& part) {
      std::vector<double> resampled = bootstrap(n, n_resamples, sim::mix(seed, f),
                                                [&](auto rows) { return ratio(part, rows); });
      const double tails[] = {0.025, 0.975};
      const std::vector<double> ends = quantiles(resampled, tails);
      return Estimate95{ratio(part, all), ends[0], ends[1]};
    };
    indices.push_back({estimate(alone), estimate(in_all)});
  }
  return indices;
}

}  // namespace musi::analysis
