#pragma once

#include <memory>

#include "analysis/cli/command.h"

namespace musi::cli {

// One maker per subcommand, in the order of the first screen.
std::unique_ptr<Command> make_score();

}  // namespace musi::cli
