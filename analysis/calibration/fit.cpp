#include "analysis/calibration/fit.h"

#include <algorithm>
#include <numeric>

#include "sim/core/check.h"
#include "sim/core/rng.h"

namespace musi::analysis::calibration {
namespace {

/// Fewer runs make no emulator.
constexpr std::size_t least_runs = 30;

Runs inside(const Space& space, const Runs& runs) {
  Runs kept;
  for (std::size_t r = 0; r < runs.size(); ++r) {
    if (!space.holds(runs.points[r])) continue;
    kept.points.push_back(runs.points[r]);
    kept.outputs.push_back(runs.outputs[r]);
    if (!runs.futures.empty()) kept.futures.push_back(runs.futures[r]);
    if (!runs.figures.empty()) kept.figures.push_back(runs.figures[r]);
  }
  return kept;
}

class Fitting {
 public:
  Fitting(const FitQuestion& question, const Runs& first, const Simulate& simulate,
          const std::function<void(const Wave&)>& each_wave)
      : question_(question),
        simulate_(simulate),
        each_wave_(each_wave),
        space_(question.targets),
        all_(first),
        last_(first) {}

  Fit run() {
    for (std::size_t w = 0; w < question_.n_waves; ++w) {
      if (w > 0 && !simulate_wave(w)) return std::move(fit_);
      if (!look(w)) break;
    }
    judge();
    return std::move(fit_);
  }

 private:
  bool uses_emulator() const { return question_.method != Method::abc; }

  bool simulate_wave(std::size_t w) {
    auto runs = simulate_(w, next_);
    if (!runs) {
      fit_.is_stopped = true;
      return false;
    }
    last_ = std::move(*runs);
    all_.append(last_);
    return true;
  }

  /// Emulators of what was run so far, the space they leave, and points for the next wave; false if
  /// there is no next one.
  bool look(std::size_t w) {
    Wave wave;
    wave.n_runs = last_.size();
    for (std::size_t t = 0; t < question_.targets.size(); ++t) {
      double sum = 0.0;
      for (const auto& row : last_.outputs) sum += distance(question_.targets[t], row[t]);
      wave.misfit.push_back(sum / static_cast<double>(std::max<std::size_t>(1, last_.size())));
    }
    const Runs behind = uses_emulator() ? inside(space_, all_) : all_;
    wave.n_fitted = behind.size();
    const bool can_fit = behind.size() >= least_runs;
    if (can_fit) {
      space_.add_wave(behind);
      for (const Emulator& e : space_.wave(space_.n_waves() - 1)) {
        wave.predicted_share.push_back(e.predicted_share());
        wave.n_active.push_back(e.active().size());
      }
    }
    const std::uint64_t seed = sim::mix(question_.seed, w + 1);
    const bool is_last = w + 1 == question_.n_waves;
    const std::size_t wanted = is_last ? 0 : question_.runs_per_wave;
    const Space whole(question_.targets);  // without a wave it holds every point
    wave.left = search(uses_emulator() ? space_ : whole, question_.n_inputs, wanted, seed);
    next_ = std::move(wave.left.points);
    wave.left.points.clear();
    const bool goes_on = can_fit && (is_last || next_.size() == wanted);
    fit_.waves.push_back(std::move(wave));
    if (each_wave_) each_wave_(fit_.waves.back());
    return goes_on;
  }

  void judge() {
    fit_.active = space_.active();
    fit_.kept = uses_emulator() ? inside(space_, all_) : all_;
    fit_.acceptance = accept(question_.targets, fit_.kept, question_.seed);
    if (question_.method == Method::history) {
      fit_.acceptance.accepted.resize(fit_.kept.size());
      std::iota(fit_.acceptance.accepted.begin(), fit_.acceptance.accepted.end(), std::size_t{0});
    }
    fit_.hardest = fit_.acceptance.hardest;
    if (fit_.kept.size() == 0) {
      const std::vector<double>& excluded = fit_.waves.back().left.excluded;
      fit_.hardest = static_cast<std::size_t>(
          std::max_element(excluded.begin(), excluded.end()) - excluded.begin());
    }
  }

  const FitQuestion& question_;
  const Simulate& simulate_;
  const std::function<void(const Wave&)>& each_wave_;
  Space space_;
  Runs all_, last_;
  Points next_;
  Fit fit_;
};

}  // namespace

Fit fit(const FitQuestion& question, const Runs& first, const Simulate& simulate,
        const std::function<void(const Wave&)>& each_wave) {
  MUSI_EXPECT(question.n_waves > 0 && !question.targets.empty() && first.size() > 0);
  return Fitting(question, first, simulate, each_wave).run();
}

}  // namespace musi::analysis::calibration
