#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "analysis/experiment.h"
#include "models/run.h"
#include "sim/core/ensemble.h"
#include "sim/core/recorder.h"

namespace musi::analysis {

/// Computes the runs of an experiment so that options share what they have in common: a future
/// that several options want is run once up to their first difference and goes on for each of them
/// from a copy. Records are those of Experiment::run, to the last bit.
///
/// Who asks for a future of one option computes it for the other options of its group as well, as
/// far as no other thread has begun with them, and keeps their records until they are asked for: at
/// most those of one round of the plan.
class SharedRuns {
 public:
  /// `is_wanted(option, replicate)`: false for runs that nobody will ask for. `after_run`: called
  /// by several threads, after each run. `cancellation`: once it is requested, no further option is
  /// begun. The experiment and the cancellation must outlive this object.
  SharedRuns(const Experiment& experiment,
             std::function<bool(std::size_t option, std::size_t replicate)> is_wanted,
             std::function<void()> after_run = {},
             const sim::Cancellation* cancellation = nullptr);

  /// Thread-safe; never waits for another thread.
  sim::RunRecord run(std::size_t option, std::size_t replicate);

  /// Options that share some of their run with `option`, itself included.
  const std::vector<std::size_t>& group(std::size_t option) const { return groups_[option]; }
  /// First month in which two options of one group can differ.
  sim::Month first_difference(std::size_t a, std::size_t b) const {
    return difference_.at({a, b});
  }

 private:
  using Place = std::pair<std::size_t, std::size_t>;  ///< option, replicate
  enum class Stage : std::uint8_t { open, begun, not_awaited };

  void find_groups();
  Stage& stage(const Place& place) {
    return stages_[place.first * experiment_.n_replicates() + place.second];
  }
  /// True for the first who asks.
  bool claim(const Place& place);
  sim::RunRecord alone(const Place& place);
  /// Goes on with the run of `leader`. `others` are equal to it up to the month of `run`; those
  /// that are still open then go on from copies.
  sim::RunRecord go_on(models::RunInParts run, std::size_t leader, std::vector<std::size_t> others,
                       std::size_t replicate);
  void branch(const models::RunInParts& run, std::vector<std::size_t> options,
              std::size_t replicate);
  void keep(const Place& place, sim::RunRecord record);

  const Experiment& experiment_;
  std::function<bool(std::size_t, std::size_t)> is_wanted_;
  std::function<void()> after_run_;
  const sim::Cancellation* cancellation_;
  std::vector<std::vector<std::size_t>> groups_;  ///< by option
  std::map<std::pair<std::size_t, std::size_t>, sim::Month> difference_;
  std::mutex mutex_;
  std::vector<Stage> stages_;  ///< [option, replicate]; empty if nothing is shared
  std::map<Place, sim::RunRecord> waiting_;
};

}  // namespace musi::analysis
