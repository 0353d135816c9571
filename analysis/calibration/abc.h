#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "analysis/calibration/history.h"

/// Approximate Bayesian computation: which runs agree with what was observed. Source: Wilkinson
/// 2013: with the error of observation and model as kernel it is exact for a model with that error.
namespace musi::analysis::calibration {

/// Equally probable standard normal numbers that stand for the error of publishing: the middles of
/// as many equal parts of its probability.
std::span<const double> publishing_errors();

/// exp(-d^2/2) of the distance d from a target; 1: agrees entirely. Of a published figure the mean
/// over its error, so that how well a run agrees does not hang on the errors that it happened to
/// draw (they are independent of the run and of each other).
double agreement(const Target& target, const Figure& figure);
/// Product over all targets.
double agreement(std::span<const Target> targets, const Runs& runs, std::size_t run);

/// Mean over the runs.
double mean_agreement(std::span<const Target> targets, const Runs& runs);

/// True if no figure lies `implausible_from` or more from its target, the error of publishing
/// counted as variance.
bool is_plausible(std::span<const Target> targets, const Runs& runs, std::size_t run);

struct Acceptance {
  std::vector<std::size_t> accepted;  ///< runs, rising
  double mean_agreement = 0.0;        ///< over all runs; over prior runs: evidence for a reading
  double best_agreement = 0.0;        ///< of the plausible runs
  std::vector<double> by_target;      ///< mean agreement with each target alone
  std::size_t hardest = 0;            ///< target with the least of these
};

/// Accepts each plausible run with the chance agreement / best agreement of the plausible runs:
/// rejection sampling, exact but for the best run being taken for the best there could be. Without
/// a plausible run nothing is accepted. `seed` decides.
Acceptance accept(std::span<const Target> targets, const Runs& runs, std::uint64_t seed);

/// Quantile of weighted numbers: the least value at which the weights reach the share p. NaN if all
/// weights are 0.
double weighted_quantile(std::span<const double> values, std::span<const double> weights,
                         double p);
/// Number of equally weighted runs that would be as exact (Kish 1965).
double effective_number(std::span<const double> weights);

/// Continuous ranked probability score of weighted numbers, in their unit; 0: all equal the
/// observed one. Source: Gneiting and Raftery 2007.
double crps(std::span<const double> values, std::span<const double> weights, double observed);

/// Largest gap between the distribution of `uniforms` and the uniform law, and the chance of such a
/// gap or more if they were uniform (Kolmogorov and Smirnov; Stephens 1970 for small numbers).
struct UniformTest {
  double gap = 0.0, p_value = 1.0;
};
UniformTest test_uniform(std::vector<double> uniforms);

inline constexpr double discovery_rate = 0.10;  ///< by which an input counts as told
/// Which of many hypotheses to reject so that on average at most `rate` of those rejected are true.
/// Source: Benjamini and Hochberg 1995.
std::vector<bool> discoveries(std::span<const double> p_values, double rate);

}  // namespace musi::analysis::calibration
