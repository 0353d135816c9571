#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analysis/cli/run_flags.h"
#include "analysis/cli/run_solver.h"
#include "analysis/cli/terminal.h"
#include "analysis/expectation.h"
#include "analysis/experiment.h"
#include "analysis/run_lock.h"
#include "sim/core/ensemble.h"

namespace musi::cli {

/// One FILE of `musi run`: read, prepared, run, written.
class RunJob {
 public:
  /// Reads the scenario; never throws for what it says.
  RunJob(std::string file, const RunFlags& flags);

  /// Also writes a report; empty: beside the result, `.html` for `.h5`.
  void also_report(std::string output) {
    wants_report_ = true;
    report_ = std::move(output);
  }

  /// Also writes an RO-Crate, `results/NAME-export/crate` for `results/NAME.h5`.
  void also_crate() { wants_crate_ = true; }
  /// The FILE of the command line, if the scenario is inside it.
  void typed_as(std::string file) { typed_ = std::move(file); }

  analysis::ReadResult& read() { return *read_; }
  /// Finds all that would make the run fail: output, memory, an unfinished run, a second run into
  /// the same output, an expectation of an option or year that is not there. InputError, IoError,
  /// UsageError.
  void prepare(const std::vector<analysis::Expectation>& expectations);
  /// Runs what is missing, writes the result and prints the answer.
  sim::ExitCode run(Terminal& terminal, const sim::Cancellation& cancellation,
                    const std::function<void()>& watch,
                    const std::vector<analysis::Expectation>& expectations);

 private:
  void check_size() const;
  void check_expectations(const std::vector<analysis::Expectation>& expectations) const;
  bool finds_up_to_date_result() const;
  void prepare_parts();
  bool finds_solved_values();
  sim::ExitCode solve(Terminal& terminal, const sim::Cancellation& cancellation,
                      const std::function<void()>& watch);
  std::string solve_folder() const;
  void say_plan(Terminal& terminal) const;
  sim::EnsembleReport simulate(Terminal& terminal, const sim::Cancellation& cancellation,
                               const std::function<void()>& watch, sim::RecordStore& store);
  sim::ExitCode finish(Terminal& terminal, const sim::RecordStore& store,
                       const std::vector<analysis::Expectation>& expectations);
  sim::ExitCode stop_early(Terminal& terminal, const sim::EnsembleReport& report,
                           const sim::RecordStore& store);
  std::string report_output() const;
  void check_report() const;
  void write_report(Terminal& terminal) const;
  std::string crate_output() const;
  bool is_crate_of_result() const;
  void check_crate() const;
  void write_crate(Terminal& terminal) const;
  void say_written(Terminal& terminal, const std::string& path, const char* kind) const;
  std::string partial_output() const;
  std::string parts_folder() const;

  std::string file_, typed_;
  const RunFlags& flags_;
  std::unique_ptr<analysis::ReadResult> read_;
  std::optional<analysis::Experiment> experiment_;
  std::optional<analysis::RunParts> parts_;
  std::unique_ptr<analysis::RunLock> lock_;
  std::string output_, report_;
  std::vector<std::string> damaged_;
  bool wants_report_ = false, wants_crate_ = false;
  bool is_up_to_date_ = false, resumes_nothing_ = false;
  bool needs_solving_ = false;
  std::size_t n_enough_ = 0;  ///< futures at which sampling.stop_early stopped; 0: all were run
  std::size_t n_computed_ = 0;
  double seconds_ = 0.0;  ///< of simulating
};

}  // namespace musi::cli
