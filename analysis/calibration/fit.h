#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "analysis/calibration/abc.h"
#include "analysis/calibration/history.h"

/// Waves of history matching, then approximate Bayesian computation on what is left.
namespace musi::analysis::calibration {

enum class Method : std::uint8_t { both, history, abc };

struct FitQuestion {
  std::vector<Target> targets;
  std::size_t n_inputs = 0;
  std::size_t n_waves = 3, runs_per_wave = 500;
  Method method = Method::both;
  std::uint64_t seed = 0;
};

/// What one wave found.
struct Wave {
  std::size_t n_runs = 0;                 ///< of this wave
  std::size_t n_fitted = 0;               ///< runs behind its emulators
  Search left;                            ///< after it; without points
  std::vector<double> predicted_share;    ///< by target: of the emulator, leaving one out
  std::vector<std::size_t> n_active;      ///< by target: inputs that matter
  std::vector<double> misfit;             ///< by target: mean distance of its runs [sd]
};

struct Fit {
  std::vector<Wave> waves;
  std::vector<std::size_t> active;  ///< inputs that matter for any target, rising
  Runs kept;                        ///< runs of all waves that lie in the space left
  Acceptance acceptance;            ///< of these
  bool is_stopped = false;          ///< the simulator was stopped: nothing else is filled
  /// Target that excludes most: of the cube by history matching if nothing is left of it, else of
  /// the runs.
  std::size_t hardest = 0;
  bool is_empty() const { return acceptance.accepted.empty(); }
};

/// Runs the simulator at points; nothing if it was stopped.
using Simulate = std::function<std::optional<Runs>(std::size_t wave, const Points& points)>;

/// `first`: runs at points that fill the cube evenly. `simulate` is called for the waves after it.
/// `each_wave`: called after each. By history alone every run in the space left is accepted; by ABC
/// alone all waves fill the whole cube.
Fit fit(const FitQuestion& question, const Runs& first, const Simulate& simulate,
        const std::function<void(const Wave&)>& each_wave = {});

}  // namespace musi::analysis::calibration
