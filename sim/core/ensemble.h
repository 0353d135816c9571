#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "sim/core/recorder.h"

namespace musi::sim {

enum class StopReason : std::uint8_t { none, interrupted, time_limit };

/// Asks an ensemble to stop between two runs. `request` may be called by a signal handler or
/// another thread; the first reason stays.
class Cancellation {
 public:
  void request(StopReason reason) noexcept {
    StopReason none = StopReason::none;
    reason_.compare_exchange_strong(none, reason);
  }
  StopReason reason() const noexcept { return reason_.load(); }

 private:
  std::atomic<StopReason> reason_{StopReason::none};
  static_assert(std::atomic<StopReason>::is_always_lock_free);
};

/// Options times replicates, and how one of them is computed.
///
/// Order of the plan: rounds of `batch` replicates; within a round option after option, within an
/// option replicate after replicate. So an early end leaves the first replicates of all options.
struct RunPlan {
  std::size_t n_options = 0;
  std::size_t n_replicates = 0;
  /// Called by several threads at once; must depend on its arguments only. May hand back a record
  /// kept from an earlier, interrupted run.
  std::function<RunRecord(std::size_t option, std::size_t replicate)> run;
  std::size_t batch = 64;

  std::size_t n_runs() const { return n_options * n_replicates; }
  struct Position {
    std::size_t option, replicate;
  };
  /// The k-th run of the plan, k < n_runs().
  Position position(std::size_t k) const;
};

/// How a plan ended.
struct EnsembleReport {
  std::size_t n_done = 0;  ///< records handed over: the first `n_done` runs of the plan
  StopReason stopped = StopReason::none;
  /// Replicates that all options have: the first so many.
  std::size_t n_complete(const RunPlan& plan) const;
};

struct EnsembleOptions {
  std::size_t n_threads = 0;  ///< 0: all cores; never changes a record or their order
  /// Called after each record by one thread at a time.
  std::function<void(std::size_t n_done, std::size_t n_total)> progress = {};
  const Cancellation* cancellation = nullptr;
};

/// Runs the plan on all cores and hands the records to `recorder` in the order of the plan. At most
/// a few records per thread wait to be handed over. If runs fail, those before the first failure
/// are handed over, the batch of the failure is finished, and one ParallelError names the count in
/// that batch and the first few, the same for any number of threads.
EnsembleReport run_ensemble(const RunPlan& plan, Recorder& recorder,
                            const EnsembleOptions& options = {});

}  // namespace musi::sim
