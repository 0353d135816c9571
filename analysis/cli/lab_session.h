#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/cli/progress.h"
#include "analysis/cli/run_flags.h"
#include "analysis/cli/terminal.h"
#include "analysis/laboratory.h"
#include "analysis/lever.h"
#include "analysis/scenario/schema.h"

namespace musi::cli {

using analysis::Lever;

/// `60`, `-2.5`: a number of a flag. UsageError.
double flag_number(const std::string& flag, const std::string& text, double min, double max,
                   bool whole = false);
/// `50..600` as two rising numbers. UsageError.
std::pair<double, double> flag_range(const std::string& flag, const std::string& text);
/// A lever of the table. `range`: `A..B`, or empty for the legal range of the key, which must then
/// be finite. UsageError for unknown and not numeric paths.
Lever flag_lever(const std::string& flag, const std::string& path, const std::string& range);
/// `Z2a` and so on; UsageError for others.
void check_definition(const std::string& flag, const std::string& code);

/// A command that asks a laboratory: reads the scenario, shows progress, stops on Ctrl-C and
/// --time-limit, keeps finished futures for --resume.
class LabSession {
 public:
  /// Reads FILE and prints its problems. InputError, IoError, UsageError for a bad --option.
  /// `command`: "goal", names the folder of kept futures and the sentence about --resume.
  /// `series`: kept besides the usual ones.
  LabSession(Terminal& terminal, const RunFlags& flags, std::string file, std::string command,
             const std::vector<std::string>& series = {});

  const analysis::ReadResult& read() const { return *read_; }
  analysis::Laboratory& laboratory() { return *laboratory_; }
  const analysis::Laboratory& laboratory() const { return *laboratory_; }
  /// The variant that --option names, else the first.
  const analysis::Variant& variant() const { return *variant_; }
  std::size_t n_replicates() const { return laboratory_->n_replicates(); }

  /// The range of a lever is legal here, and --set does not fix it. InputError of the flag.
  void check(const Lever& lever) const;

  /// Takes over what an earlier, stopped command left. `question`: flags that decide which trials
  /// are made and in which order. IoError `unfinished`, InputError `cannot_resume`.
  void begin(const analysis::RunIdentity& question);
  /// Says how many runs are planned (event `plan`).
  void say_plan(std::size_t n_options, std::size_t n_runs, bool is_exact);

  /// Futures of some trials with progress; false if stopped by the user or the time limit. `names`:
  /// of the trials, for the bars.
  bool run(std::span<const std::size_t> trials, const std::vector<std::string>& names,
           std::string_view stage);

  /// After a stop: says what is kept and how to go on; hands back 5 or 130.
  sim::ExitCode stopped(const std::string& typed_again);
  /// After a stop: says how many runs are kept; 5 or 130. `stopped` also tells how to go on.
  sim::ExitCode code_of_stop();
  /// After the end: nothing is left behind.
  void finish();

  bool is_indonesian() const { return terminal_.globals().lang == "id"; }
  Terminal& terminal() { return terminal_; }

 private:
  std::string parts_folder() const;

  Terminal& terminal_;
  const RunFlags& flags_;
  std::string file_, command_;
  std::unique_ptr<analysis::ReadResult> read_;
  sim::Cancellation& cancellation_;
  Progress* progress_ = nullptr;  ///< while trials run
  std::vector<std::size_t> shown_trials_;
  std::unique_ptr<analysis::Laboratory> laboratory_;
  const analysis::Variant* variant_ = nullptr;
};

}  // namespace musi::cli
