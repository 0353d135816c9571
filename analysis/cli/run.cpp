#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/cli/catalogue.h"
#include "analysis/cli/command.h"
#include "analysis/cli/run_again.h"
#include "analysis/cli/run_flags.h"
#include "analysis/cli/run_job.h"
#include "analysis/cli/shard_job.h"
#include "analysis/cli/signals.h"
#include "analysis/cli/terminal.h"
#include "sim/core/ensemble.h"

namespace musi::cli {
namespace {

class Run final : public Command {
 public:
  std::string_view name() const override { return "run"; }
  std::string_view summary() const override { return "simulate"; }
  std::string_view footer() const override {
    return "Exit codes: 0 done or up to date, 2 wrong use, 3 scenario or data invalid, 4 a file "
           "cannot be read or written, 5 time limit reached, 6 --expect not met, 130 interrupted; "
           "with 5 and 130 a partial result is saved and --resume goes on.\n"
           "FILE may be a result or a report: the scenario and inputs inside it are run again, "
           "with the flags that made it; flags given now are laid over them.\n"
           "Limits: not a prediction for a named household, plot or contractor; no engineering "
           "design, "
           "no land prices, no city finance outside slum money; site areas marked synthetic are "
           "not "
           "official; participation parameters are weakly known; the official score is a step "
           "function, so unmet household needs are reported beside it; results hold for the stated "
           "definition and list of sites.\n"
           "Example: musi run scenarios/palembang-baseline.yaml -n 100 --set funding.scale_pct=200 "
           "-o results/twice.h5";
  }
  void declare(CLI::App& app) override {
    app.add_option("FILE", files_, "scenario files, results or reports; - is standard input")
        ->required();
    flags_.declare(app);
    app.add_flag("--report{beside}", report_,
                 "writes the report too; --report=FILE says where, else results/<name>.html");
    app.add_option("--shard", shard_,
                   "K/N: only this part of the runs, for 'musi merge'; default output "
                   "results/<name>-K-of-N.shard");
    app.add_flag("--crate", crate_,
                 "writes an RO-Crate too: results/<name>-export/crate with all that is needed to "
                 "deposit the result");
    app.add_option(
           "--expect", expectations_,
           "[OPTION:]METRIC OP NUMBER, exit 6 if false (repeatable); metrics chance_by:YEAR, "
           "zero_year:PCT, slum_area_ha:YEAR, paid_idr_bn:YEAR..YEAR")
        ->allow_extra_args(false);
  }

  sim::ExitCode run(Terminal& terminal) override {
    flags_.check();
    const auto expectations = read_expectations();
    if (!flags_.output.empty() && files_.size() > 1) {
      throw UsageError("-o names one file, but several scenarios are given");
    }
    if (!report_.empty() && report_ != "beside" && files_.size() > 1) {
      throw UsageError("--report=FILE names one file, but several scenarios are given");
    }
    if (std::count(files_.begin(), files_.end(), "-") > 1) {
      throw UsageError("standard input (-) can be read only once");
    }
    if (!shard_.empty()) return run_shard(terminal);
    const std::vector<std::unique_ptr<RunInput>> inputs = prepare_jobs(terminal, expectations);
    sim::Cancellation& cancellation = stop_on_signals();
    const auto limit = flags_.seconds_allowed();
    const auto watch = [&] {
      if (limit && terminal.seconds() > *limit) {
        cancellation.request(sim::StopReason::time_limit);
      }
    };
    sim::ExitCode code = sim::ExitCode::done;
    for (const auto& input : inputs) {
      const sim::ExitCode here = input->with_files([&](RunJob& job) {
        return job.run(terminal, cancellation, watch, expectations);
      });
      if (here == sim::ExitCode::interrupted || here == sim::ExitCode::stopped) return here;
      if (here != sim::ExitCode::done) code = here;
    }
    return code;
  }

 private:
  std::vector<analysis::Expectation> read_expectations() const {
    std::vector<analysis::Expectation> all;
    for (const std::string& text : expectations_) {
      try {
        all.push_back(analysis::parse_expectation(text));
      } catch (const std::invalid_argument& error) {
        throw UsageError(error.what());
      }
    }
    return all;
  }

  sim::ExitCode run_shard(Terminal& terminal) const {
    if (files_.size() > 1) throw UsageError("--shard takes one scenario");
    if (!report_.empty() || !expectations_.empty()) {
      throw UsageError(
          "--report and --expect need all shards: merge them, then use 'musi report', or 'musi "
          "run' with --expect, which finds the result up to date");
    }
    ShardJob job(files_.front(), flags_, shard_);
    job.read().problems.throw_if_errors();
    terminal.problems(job.read().problems.all(), sim::ExitCode::done, "", "");
    job.prepare();
    sim::Cancellation& cancellation = stop_on_signals();
    const auto limit = flags_.seconds_allowed();
    return job.run(terminal, cancellation, [&] {
      if (limit && terminal.seconds() > *limit) {
        cancellation.request(sim::StopReason::time_limit);
      }
    });
  }

  /// Reads and checks all files before any is run.
  std::vector<std::unique_ptr<RunInput>> prepare_jobs(
      Terminal& terminal, const std::vector<analysis::Expectation>& expectations) const {
    std::vector<std::unique_ptr<RunInput>> inputs;
    for (const std::string& file : files_) {
      for (auto& input : RunInput::of_file(file, flags_)) inputs.push_back(std::move(input));
    }
    const bool names_one = !flags_.output.empty() || (!report_.empty() && report_ != "beside");
    if (names_one && inputs.size() > 1) {
      throw UsageError("-o and --report=FILE name one file, but the report shows several results");
    }
    sim::io::Problems problems;
    for (const auto& input : inputs) {
      RunJob& job = input->read();
      if (!report_.empty()) job.also_report(report_ == "beside" ? "" : report_);
      if (crate_) job.also_crate();
      problems.append(job.read().problems);
    }
    problems.throw_if_errors();
    terminal.problems(problems.all(), sim::ExitCode::done, "", "");
    for (const auto& input : inputs) {
      input->with_files([&](RunJob& job) { job.prepare(expectations); });
    }
    return inputs;
  }

  RunFlags flags_;
  std::vector<std::string> files_, expectations_;
  std::string shard_;   ///< K/N, empty: all runs
  bool crate_ = false;
  std::string report_;  ///< empty: none; "beside": beside the result; else where
};

}  // namespace

std::unique_ptr<Command> make_run() { return std::make_unique<Run>(); }

}  // namespace musi::cli
