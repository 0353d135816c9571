#pragma once

#include <functional>
#include <string>
#include <vector>

#include "analysis/goal.h"
#include "analysis/laboratory.h"
#include "analysis/lever.h"

/// `solve_for`: levers that the program finds before options are run.
namespace musi::analysis {

/// One option whose lever was looked for.
struct Solved {
  std::string variant;
  SolveFor question;
  Lever lever;
  GoalAnswer answer;
  /// The value that is laid over the option: the answer, or the best value tried.
  double value() const {
    return answer.steps[answer.is_reachable ? answer.answer : answer.best].value;
  }
};

/// Series that a laboratory must keep for solve().
std::vector<std::string> series_to_solve();

/// Which futures of a trial meet the wish. The wish "median area at most x % of the start" is met
/// if at least half of the futures meet it.
Trials meets_wish(const SolveFor& question, const Outcomes& outcomes,
                  const std::string& definition);

/// Looks for the lever of a variant with all futures of the file. `run` computes one trial and
/// hands back false if it was stopped; `tried` is told each value.
Solved solve(Laboratory& laboratory, const Variant& variant,
             const std::function<bool(std::size_t trial, double value)>& run,
             const std::function<void(const Lever&, double value, const Share&)>& tried);

/// Lays a found value over its variant: scenario, resolved text and `solved`. Without an interval
/// (NaN) the wish was not reached.
void lay_over(ReadResult& read, const std::string& variant, double value, double low, double high);

}  // namespace musi::analysis
