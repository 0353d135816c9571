#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "analysis/statistics.h"

/// The value of a lever for a wanted chance, under common luck.
namespace musi::analysis {

struct GoalQuestion {
  double low = 0.0, high = 1.0;  ///< bounds of the search, low < high
  double step = 0.0;             ///< only multiples of it are tried; 0: any value
  double wanted = 0.8;           ///< share of futures that must succeed
  std::size_t most_evaluations = 16;
};

/// Whether each future succeeds with the lever at `value`. Shape: [replicate], always the same
/// futures. Nothing: the search was stopped.
using Trials = std::vector<std::uint8_t>;
using EvaluateGoal = std::function<std::optional<Trials>(double value)>;

/// One value that was tried.
struct GoalStep {
  double value = 0.0;
  Share chance;
  Trials succeeds;
};

struct GoalAnswer {
  std::vector<GoalStep> steps;  ///< in the order of the search
  bool is_stopped = false;      ///< no answer: the search was stopped
  bool is_reachable = false;
  /// All that was tried reaches the wish, both bounds included: the answer is the lower bound.
  bool is_everywhere = false;
  std::size_t answer = 0;  ///< step whose value reaches the wish, nearest to one that does not
  std::size_t best = 0;    ///< step with the highest chance, the first of equals
  /// 90 % interval of the value at which the chance is the wanted one, from resampled futures.
  double low = 0.0, high = 0.0;
  /// The interval ends at a bound of the search: it may be wider.
  bool low_is_bound = false, high_is_bound = false;
};

/// Brackets the wish and halves the bracket. The chance may rise or fall with the lever. If neither
/// bound reaches the wish, three values between them are tried before it is called unreachable.
/// At most `most_evaluations`; the last of them make the interval finer. `seed`: of the resampling.
GoalAnswer find_goal(const GoalQuestion& question, const EvaluateGoal& evaluate,
                     std::uint64_t seed);

}  // namespace musi::analysis
