#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "analysis/calibration/history.h"

/// Approximate Bayesian computation: which runs agree with what was observed. Source: Wilkinson
/// 2013: with the error of observation and model as kernel it is exact for a model with that error.
namespace musi::analysis::calibration {

/// exp(-d^2/2) of the distances of one run's outputs from some targets; 1: agrees entirely.
/// `left_out`: a target that is not looked at.
inline constexpr std::size_t none_left_out = static_cast<std::size_t>(-1);
double agreement(std::span<const Target> targets, std::span<const double> outputs,
                 std::size_t left_out = none_left_out);

struct Acceptance {
  std::vector<std::size_t> accepted;  ///< runs, rising
  double mean_agreement = 0.0;        ///< over all runs; over prior runs: evidence for a reading
  std::vector<double> by_target;      ///< mean agreement with each target alone
  std::size_t hardest = 0;            ///< target with the least of these
};

/// Accepts each run with its agreement as chance. `seed` decides; run i of a longer list is decided
/// as in a shorter one.
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

/// Which of many hypotheses to reject so that on average at most `rate` of those rejected are true.
/// Source: Benjamini and Hochberg 1995.
std::vector<bool> discoveries(std::span<const double> p_values, double rate);

}  // namespace musi::analysis::calibration
