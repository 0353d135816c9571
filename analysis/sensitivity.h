#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "analysis/statistics.h"

/// Designs and estimators that tell what an outcome depends on. A factor is one input or a group of
/// inputs that move together. Nothing here knows the model: outcomes come in as numbers.
namespace musi::analysis {

/// Inputs of each factor. Shape: [factor][inputs of it].
using Factors = std::vector<std::vector<std::size_t>>;

// --- screening ----------------------------------------------------------------------------------

/// Levels of a Morris design on the unit interval. With the defaults these are 1/8, 3/8, 5/8, 7/8,
/// so that distributions without end may be asked too, and each input rises or falls by one half.
struct MorrisLevels {
  std::size_t n = 4;  ///< even
  double low = 0.125, high = 0.875;

  /// Change of an input in its step: n / (2 (n - 1)) of the range.
  double step() const {
    return (high - low) * static_cast<double>(n) / (2.0 * static_cast<double>(n - 1));
  }
};

/// One walk through the inputs: each factor moves once, in an order of its own.
struct MorrisTrajectory {
  std::vector<std::vector<double>> points;  ///< [step 0 to n factors][input] uniforms
  std::vector<std::size_t> moved;           ///< [step - 1] factor that moved
  std::vector<bool> rises;                  ///< [input]
};

/// `n` trajectories, each from its own random start. Source: Morris 1991; groups: Campolongo,
/// Cariboni, Saltelli 2007.
std::vector<MorrisTrajectory> morris_design(const Factors& factors, std::size_t n_inputs,
                                            std::size_t n, std::uint64_t seed,
                                            const MorrisLevels& levels = {});

/// Changes of the outcome when a factor moves its step: low to high for single inputs.
struct MorrisEffect {
  Estimate95 size;       ///< mean of |change| (mu*), 95 % from resampled trajectories
  Estimate95 change;     ///< mean change (mu) when a single input rises, 95 % by Student's law
  double spread = 0.0;   ///< standard deviation of the changes (sigma): other inputs, curvature
  double p_value = 1.0;  ///< of no mean change, two-sided
  double low = 0.0, high = 0.0;  ///< mean outcome below and above the step
};

/// Shape of `outcomes`: [trajectory][step]. Groups have no direction: their `change` is NaN.
std::vector<MorrisEffect> morris_effects(const Factors& factors,
                                         std::span<const MorrisTrajectory> design,
                                         std::span<const std::vector<double>> outcomes,
                                         std::uint64_t seed);

// --- shares of the variance ---------------------------------------------------------------------

/// Two independent sets of points, and each with one factor taken from the other. Rows of all four
/// belong together. Costs rows (2 factors + 2). Source: Saltelli 2002.
struct SaltelliDesign {
  /// Both have `n` rows of `n_inputs` uniforms: Sobol's points with scrambling by the seed.
  SaltelliDesign(std::size_t n_inputs, std::size_t n, std::uint64_t seed);

  std::vector<std::vector<double>> a, b;  ///< [row][input]
  /// Rows of `base` with the inputs of one factor from `other`.
  static std::vector<std::vector<double>> mixed(const std::vector<std::vector<double>>& base,
                                                const std::vector<std::vector<double>>& other,
                                                const std::vector<std::size_t>& inputs);
};

/// Outcomes of all points of a Saltelli design.
struct SaltelliOutcomes {
  std::vector<double> a, b;                 ///< [row]
  std::vector<std::vector<double>> ab, ba;  ///< [factor][row] a with the factor from b; b from a
};

/// Shares of the variance of the outcome, with 95 % intervals from resampled rows; NaN if the
/// outcome does not vary.
struct SobolIndex {
  Estimate95 first;  ///< of the factor alone
  Estimate95 total;  ///< of the factor and all its interactions
};

/// Estimators that use all four sets. Source: Azzini, Mara, Rosati 2021.
std::vector<SobolIndex> sobol_indices(const SaltelliOutcomes& outcomes, std::uint64_t seed,
                                      std::size_t n_resamples = 1000);

}  // namespace musi::analysis
