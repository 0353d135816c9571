#include "sim/core/ensemble.h"

#include <fmt/core.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

#ifndef MUSI_NO_TBB
#include <tbb/global_control.h>
#include <tbb/parallel_pipeline.h>
#include <tbb/task_arena.h>
#endif

#include "sim/core/check.h"
#include "sim/core/parallel.h"

namespace musi::sim {
namespace {

/// Where a run stands in its round.
struct PlaceInRound {
  std::size_t round, batch, option, in_batch;
};

PlaceInRound place(const RunPlan& plan, std::size_t k) {
  const std::size_t full_round = plan.n_options * plan.batch;
  const std::size_t round = k / full_round;
  const std::size_t batch = std::min(plan.batch, plan.n_replicates - round * plan.batch);
  const std::size_t in_round = k % full_round;
  return {round, batch, in_round / batch, in_round % batch};
}

/// A run that has ended, well or not.
struct Outcome {
  std::size_t k = 0;
  RunRecord record;
  std::optional<std::string> failure;
};

Outcome try_run(const RunPlan& plan, std::size_t k) {
  const RunPlan::Position at = plan.position(k);
#ifdef __cpp_exceptions
  std::string message = "unknown failure";
  try {
    return {k, plan.run(at.option, at.replicate), std::nullopt};
  } catch (const std::exception& error) {
    message = error.what();
  } catch (...) {
  }
  return {k, {}, fmt::format("option {}, replicate {}: {}", at.option, at.replicate, message)};
#else
  return {k, plan.run(at.option, at.replicate), std::nullopt};
#endif
}

/// Gives out runs and takes in their outcomes, both in the order of the plan and by one thread at a
/// time; the two sides may be different threads.
class Course {
 public:
  Course(const RunPlan& plan, Recorder& recorder, const EnsembleOptions& options)
      : plan_(plan), recorder_(recorder), options_(options), limit_(plan.n_runs()) {}

  std::optional<std::size_t> take() {
    if (next_ >= limit_.load()) return std::nullopt;
    if (options_.cancellation != nullptr) {
      stopped_ = options_.cancellation->reason();
      if (stopped_ != StopReason::none) return std::nullopt;
    }
    return next_++;
  }

  void hand_over(Outcome outcome) {
    if (outcome.failure) fail(outcome);
    if (!failures_.empty()) return;
    const RunPlan::Position at = plan_.position(outcome.k);
    recorder_.write(at.option, at.replicate, std::move(outcome.record));
    ++n_done_;
    if (options_.progress) options_.progress(n_done_, plan_.n_runs());
  }

  EnsembleReport report() {
#ifdef __cpp_exceptions
    if (!failures_.empty()) {
      throw ParallelError("runs of one batch", n_in_batch_, std::move(failures_));
    }
#endif
    return {n_done_, stopped_};
  }

 private:
  /// Lets the batch of the first failure end, so that the failures named do not depend on luck.
  void fail(const Outcome& outcome) {
    if (outcome.k >= limit_.load()) return;
    if (failures_.empty()) {
      const PlaceInRound at = place(plan_, outcome.k);
      n_in_batch_ = at.batch;
      limit_ = outcome.k + (at.batch - at.in_batch);
    }
    failures_.push_back({outcome.k, *outcome.failure});
  }

  const RunPlan& plan_;
  Recorder& recorder_;
  const EnsembleOptions& options_;
  std::atomic<std::size_t> limit_;
  std::size_t next_ = 0, n_done_ = 0, n_in_batch_ = 0;
  StopReason stopped_ = StopReason::none;
  std::vector<Failure> failures_;
};

void run_serially(const RunPlan& plan, Course& course) {
  while (const std::optional<std::size_t> k = course.take()) course.hand_over(try_run(plan, *k));
}

#ifndef MUSI_NO_TBB

void run_in_pipeline(const RunPlan& plan, Course& course, std::size_t n_threads) {
  // Twice the threads keep all cores busy while one long run holds up the order.
  const std::size_t n_waiting = 2 * n_threads;
  // Replicates first, loops inside a run second: those share their thread's core as long as there
  // are runs enough for all cores.
  const bool fills_threads = plan.n_runs() >= n_threads;
  const auto one_run = [&](std::size_t k) {
    if (!fills_threads) return try_run(plan, k);
    return tbb::task_arena(1).execute([&] { return try_run(plan, k); });
  };
  tbb::parallel_pipeline(
      n_waiting,
      tbb::make_filter<void, std::size_t>(tbb::filter_mode::serial_in_order,
                                          [&course](tbb::flow_control& control) {
                                            const std::optional<std::size_t> k = course.take();
                                            if (!k) control.stop();
                                            return k.value_or(0);
                                          }) &
          tbb::make_filter<std::size_t, Outcome>(tbb::filter_mode::parallel, one_run) &
          tbb::make_filter<Outcome, void>(
              tbb::filter_mode::serial_in_order,
              [&course](Outcome outcome) { course.hand_over(std::move(outcome)); }));
}

void run_in_parallel(const RunPlan& plan, Course& course, std::size_t n_threads) {
  const tbb::global_control allow_threads(tbb::global_control::max_allowed_parallelism, n_threads);
  tbb::task_arena arena(static_cast<int>(n_threads));
  arena.execute([&] { run_in_pipeline(plan, course, n_threads); });
}

#endif

}  // namespace

RunPlan::Position RunPlan::position(std::size_t k) const {
  MUSI_EXPECT(k < n_runs() && batch > 0);
  const PlaceInRound at = place(*this, k);
  return {at.option, at.round * batch + at.in_batch};
}

std::size_t EnsembleReport::n_complete(const RunPlan& plan) const {
  if (n_done >= plan.n_runs()) return plan.n_replicates;
  const PlaceInRound next = place(plan, n_done);
  const std::size_t of_last_option = next.option + 1 == plan.n_options ? next.in_batch : 0;
  return next.round * plan.batch + of_last_option;
}

EnsembleReport run_ensemble(const RunPlan& plan, Recorder& recorder,
                            const EnsembleOptions& options) {
  MUSI_EXPECT(plan.run != nullptr && plan.batch > 0);
  Course course(plan, recorder, options);
#ifdef MUSI_NO_TBB
  run_serially(plan, course);
#else
  const std::size_t n_threads =
      options.n_threads > 0
          ? options.n_threads
          : static_cast<std::size_t>(tbb::this_task_arena::max_concurrency());
  if (n_threads == 1) {
    // The arena of one thread keeps loops inside a run on this thread, too.
    tbb::task_arena(1).execute([&] { run_serially(plan, course); });
  } else {
    run_in_parallel(plan, course, n_threads);
  }
#endif
  return course.report();
}

}  // namespace musi::sim
