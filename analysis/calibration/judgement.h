#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/calibration/abc.h"
#include "analysis/calibration/observations.h"

/// How good a fit is, and what could have been learned.
namespace musi::analysis::calibration {

/// Distribution of an input before and after, and whether the data told it.
struct InputJudgement {
  std::size_t input = 0;
  double prior_low = 0.0, prior_middle = 0.0, prior_high = 0.0;  ///< 5, 50, 95 % in its unit
  double low = 0.0, middle = 0.0, high = 0.0;                    ///< the same of the draws
  double p_value = 1.0;   ///< of the draws against the prior, as uniforms
  bool is_told = false;   ///< among all inputs, with a false discovery rate of 10 %
};
/// `points`: of the draws. `value`: of an input at a uniform.
std::vector<InputJudgement> judge_inputs(
    const Points& points, const std::function<double(std::size_t input, double u)>& value);

/// One observation that was left out: what the others say about it.
struct LeftOut {
  std::string name;
  double observed = 0.0;
  double low = 0.0, middle = 0.0, high = 0.0;  ///< 90 % interval and median of the model
  double crps = 0.0;
  double effective_runs = 0.0;                 ///< behind the interval
  std::vector<ReferenceForecast> references;   ///< from the same other observations and the start
  bool is_inside() const { return observed >= low && observed <= high; }
};

/// Those whose interval holds what was observed.
std::size_t n_inside(const std::vector<LeftOut>& left_out);

/// Mean errors over the observations left out, and skill: 1 - model / reference, 0: no better.
struct Skill {
  double model_mae = 0.0, model_crps = 0.0;
  struct Against {
    std::string name;
    double mae = 0.0;          ///< of a single number also its score
    double mae_skill = 0.0, crps_skill = 0.0;
    std::size_t n = 0;         ///< observations that it could forecast
  };
  std::vector<Against> against;
};

/// Areas left out one year after the other: all other observations weigh the runs of the prior, and
/// no number of that year is looked at. `prior`: runs that fill the cube evenly.
std::vector<LeftOut> leave_one_out(const std::vector<Comparison>& comparisons, const Runs& prior,
                                   const std::optional<Known>& start);
/// The same years forecast by all runs of the prior with equal weight: no observation moves them.
/// The references get what they get in leave_one_out.
std::vector<LeftOut> prior_hindcast(const std::vector<Comparison>& comparisons, const Runs& prior,
                                    const std::optional<Known>& start);
Skill skill_of(const std::vector<LeftOut>& left_out);

/// Further error of the model in its areas, as a share of each, beside the errors of the targets:
/// that under which the runs of the prior make the observed areas likeliest (Kennedy and O'Hagan
/// 2001, with independent errors; few areas tell it badly, Brynjarsdottir and O'Hagan 2014).
struct Discrepancy {
  double likeliest = 0.0;
  double low = 0.0, high = 0.0;  ///< where the log likelihood is at most 1.92 less (95 %)
  bool is_open = false;          ///< `high` is the largest that was tried
  double gain = 0.0;             ///< log likelihood above that without further error
};
Discrepancy discrepancy_asked_for(const std::vector<Comparison>& comparisons, const Runs& prior);

/// Share of the variance of each input that a regression on some outputs recovers in runs that it
/// has not seen (ten parts; 0 where chance alone would give as much): what of the inputs of a
/// perfect model could be learned from these outputs. `summaries`: [run][output].
std::vector<double> learnable_share(const Points& points,
                                    const std::vector<std::vector<double>>& summaries);
/// Below it an input counts as not learnable.
inline constexpr double learnable_from = 0.05;

/// Outputs as they would be observed: each with a normal error of the sd of its target. Columns
/// without a target are left out.
std::vector<std::vector<double>> with_errors(std::span<const Target> targets,
                                             const std::vector<std::vector<double>>& outputs,
                                             std::uint64_t seed);

/// Perfect-model study: each of some runs plays reality once, seen with error; the others are
/// weighed by it, and the 90 % range of each input is compared with the value known.
struct PerfectModel {
  std::size_t n_trials = 0;
  double coverage = 0.0;        ///< share of known values inside, over inputs and trials
  double effective_runs = 0.0;  ///< mean
};
PerfectModel perfect_model(std::span<const Target> targets, const Runs& prior,
                           std::span<const std::size_t> inputs, std::size_t n_trials,
                           std::uint64_t seed);

}  // namespace musi::analysis::calibration
