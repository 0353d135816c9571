#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "analysis/calibration/emulator.h"

/// History matching: which inputs cannot have given what was observed. Source: Craig and others
/// 1997, Vernon, Goldstein and Bower 2010; MODEL.md 26.
namespace musi::analysis::calibration {

/// One number that was observed, as an output of the simulator is compared with it.
struct Target {
  std::string name = {};  ///< "slum_area 2020-02"
  std::string unit = {};
  double value = 0.0;
  double sd = 0.0;        ///< of the observation and of the model's discrepancy together
  bool at_most = false;   ///< outputs below the value agree with it entirely
};

/// Distance of an output from a target [in sd]; 0 where an upper bound holds.
double distance(const Target& target, double output, double extra_variance = 0.0);
/// From this distance on a run or point is implausible. Source: Pukelsheim 1994: 95 % of any
/// unimodal distribution lie nearer.
inline constexpr double implausible_from = 3.0;

/// A number of a run before the error of publishing: it is read as max(0, book e^(log_sd Z) -
/// removed) with Z standard normal, MODEL.md 20.4. Without error and removal it is `book`.
struct Figure {
  double book = 0.0, log_sd = 0.0, removed = 0.0;
  double at(double z) const;
  double mean() const;
  double variance() const;
};

/// Runs with what they gave. Shapes: points [run][input], outputs and figures [run][target].
struct Runs {
  Points points;
  std::vector<std::vector<double>> outputs;  ///< with the errors that the run drew
  std::vector<std::size_t> futures = {};     ///< numbers of the run seeds; may be empty
  std::vector<std::vector<Figure>> figures = {};  ///< empty: outputs are without error

  std::size_t size() const { return points.size(); }
  Figure figure(std::size_t run, std::size_t target) const {
    return figures.empty() ? Figure{outputs[run][target]} : figures[run][target];
  }
  void append(const Runs& more);
  std::vector<double> output(std::size_t target) const;
  /// Outputs with the error of publishing averaged out.
  std::vector<double> expected(std::size_t target) const;
  /// Variance of that error, mean over the runs.
  double publishing_variance(std::size_t target) const;
};

/// The part of the cube that the waves so far leave: a point is out if one of its targets lies
/// three or more standard deviations from the emulator (its own error, chance between futures, the
/// error of publishing, discrepancy and observation together). Emulators are of expected outputs,
/// so that the error of publishing hides no effect of an input.
class Space {
 public:
  static constexpr double cutoff = implausible_from;

  explicit Space(std::vector<Target> targets) : targets_(std::move(targets)) {}

  /// Adds a wave: emulators of all targets from runs, at best those inside the space so far.
  void add_wave(const Runs& runs);
  bool holds(std::span<const double> point) const;
  /// Largest over the waves, of one target.
  double implausibility(std::span<const double> point, std::size_t target) const;

  const std::vector<Target>& targets() const { return targets_; }
  std::size_t n_waves() const { return waves_.size(); }
  const std::vector<Emulator>& wave(std::size_t w) const { return waves_[w]; }
  /// Inputs that matter for any target in any wave, rising.
  std::vector<std::size_t> active() const;

 private:
  std::vector<Target> targets_;
  std::vector<std::vector<Emulator>> waves_;  ///< [wave][target]
  std::vector<std::vector<double>> publishing_variance_;  ///< [wave][target]
};

/// Uniform points of the cube that a space holds, found by trying.
struct Search {
  Points points;          ///< as many as wanted, or fewer
  double share = 0.0;     ///< of the cube that is held
  double share_error = 0.0;          ///< standard error
  std::vector<double> excluded;      ///< by target: share of the cube that it excludes by itself
};
/// `n_points`: wanted. At least `least_tries` points are tried, for the shares. Depends on `seed`,
/// the space and the numbers only.
Search search(const Space& space, std::size_t n_inputs, std::size_t n_points, std::uint64_t seed,
              std::size_t least_tries = 20'000, std::size_t most_tries = 400'000);

}  // namespace musi::analysis::calibration
