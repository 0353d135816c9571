#pragma once

#include <string>
#include <vector>

#include "analysis/cli/terminal.h"
#include "analysis/expectation.h"
#include "analysis/experiment.h"

namespace musi::cli {

/// Prints the answer that the result at `path` gives, and what became of the expectations.
/// `answer_is_no` if one of them is not met or a lever was not found.
sim::ExitCode say_answer(Terminal& terminal, const analysis::Experiment& experiment,
                         const std::string& path,
                         const std::vector<analysis::Expectation>& expectations);

}  // namespace musi::cli
