#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "analysis/cli/terminal.h"
#include "analysis/experiment.h"
#include "analysis/run_parts.h"
#include "sim/core/ensemble.h"
#include "sim/core/recorder.h"

namespace musi::cli {

/// How the runs of an experiment ended.
struct Simulated {
  sim::EnsembleReport report;
  std::size_t n_enough = 0;    ///< futures at which sampling.stop_early stopped; 0: all were run
  std::size_t n_computed = 0;  ///< runs handed over that were not kept ones
  double seconds = 0.0;
};

/// All runs of an experiment, with progress: options share their runs, and `sampling.stop_early`
/// ends them when they are enough.
struct Simulation {
  const analysis::Experiment& experiment;
  std::size_t n_threads;
  std::size_t batch = analysis::runs_per_batch;  ///< futures of an option before the next option
  const analysis::RunParts* kept = nullptr;      ///< runs that need not be computed again

  /// `watch` is called after each run and may ask the cancellation to stop.
  Simulated run(Terminal& terminal, sim::Recorder& recorder, const sim::Cancellation& cancellation,
                const std::function<void()>& watch) const;
};

/// That sampling.stop_early ended the runs.
std::string enough_text(std::size_t n_enough, std::size_t n_planned, const std::string& lang);
/// "time limit reached", "stopped".
std::string stop_words(sim::StopReason reason, const std::string& lang);

}  // namespace musi::cli
