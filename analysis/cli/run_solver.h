#pragma once

#include <string>
#include <vector>

#include "analysis/cli/run_flags.h"
#include "analysis/cli/terminal.h"
#include "analysis/scenario/reader.h"
#include "analysis/solve.h"
#include "sim/core/ensemble.h"

namespace musi::cli {

/// What came of the levers of a file before its options are run.
struct SolvedLevers {
  bool is_stopped = false;
  std::vector<analysis::Solved> levers;
  std::size_t n_computed = 0, n_kept = 0;

  bool all_reached() const;
};

/// Variants that are chosen by --option and have a lever to find.
std::vector<std::string> to_solve(const analysis::ReadResult& read,
                                  const std::vector<std::string>& options);

/// Looks for all of them, one after the other, and lays the values over `read`. Finished futures go
/// to `folder` and are taken from there with --resume.
SolvedLevers solve_levers(Terminal& terminal, const RunFlags& flags, analysis::ReadResult& read,
                          const std::string& folder, const sim::Cancellation& cancellation,
                          const std::function<void()>& watch);

/// " target needs funding.scale_pct = 394 (90 % range 361 to 431).", one line each.
std::string solved_text(const analysis::ReadResult& read, const std::string& lang);
/// Field `solved` of the JSON event `result`; empty if the variant was not solved.
std::string solved_json(const analysis::Variant& variant);

}  // namespace musi::cli
