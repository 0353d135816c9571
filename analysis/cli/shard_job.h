#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analysis/cli/run_flags.h"
#include "analysis/cli/terminal.h"
#include "analysis/experiment.h"
#include "analysis/run_lock.h"
#include "analysis/shard_file.h"
#include "sim/core/ensemble.h"

namespace musi::cli {

/// `musi run FILE --shard K/N`: some of the runs of a file, kept for `musi merge`.
class ShardJob {
 public:
  /// Reads the scenario; never throws for what it says. UsageError if `shard` is not K/N.
  ShardJob(std::string file, const RunFlags& flags, const std::string& shard);

  analysis::ReadResult& read() { return *read_; }
  /// Finds all that would make the run fail. UsageError for what cannot be sharded; InputError,
  /// IoError.
  void prepare();
  /// Runs what is missing and writes the shard.
  sim::ExitCode run(Terminal& terminal, const sim::Cancellation& cancellation,
                    const std::function<void()>& watch);

 private:
  bool finds_up_to_date_shard() const;
  void prepare_parts();
  void say_plan(Terminal& terminal) const;
  sim::EnsembleReport simulate(Terminal& terminal, const sim::Cancellation& cancellation,
                               const std::function<void()>& watch);
  sim::ExitCode say_stopped(Terminal& terminal, const sim::EnsembleReport& report) const;
  std::string parts_folder() const;

  std::string file_;
  const RunFlags& flags_;
  analysis::Shard shard_;
  std::unique_ptr<analysis::ReadResult> read_;
  std::optional<analysis::Experiment> experiment_;
  std::optional<analysis::RunParts> parts_;
  std::unique_ptr<analysis::RunLock> lock_;
  analysis::ShardHead head_;
  analysis::ShardRuns runs_;
  std::string output_;
  std::vector<std::string> damaged_;
  bool is_up_to_date_ = false, resumes_nothing_ = false;
  std::size_t n_computed_ = 0;
};

/// Options that need all futures together and more shards than runs: UsageError that says why.
void refuse_unshardable(const analysis::Experiment& experiment, std::size_t n_shards);

/// What the shards of a run must share: program, flags, number of futures and of shards, inputs.
analysis::RunIdentity shard_identity(const analysis::Experiment& experiment,
                                     const RunFlags& flags, const analysis::Shard& shard);

}  // namespace musi::cli
