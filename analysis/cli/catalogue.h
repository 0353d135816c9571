#pragma once

#include <memory>

#include "analysis/cli/command.h"

namespace musi::cli {

// One maker per subcommand, in the order of the first screen.
std::unique_ptr<Command> make_init();
std::unique_ptr<Command> make_calibrate();
std::unique_ptr<Command> make_check();
std::unique_ptr<Command> make_preview();
std::unique_ptr<Command> make_run();
std::unique_ptr<Command> make_merge();
std::unique_ptr<Command> make_cluster();
std::unique_ptr<Command> make_score();
std::unique_ptr<Command> make_goal();
std::unique_ptr<Command> make_frontier();
std::unique_ptr<Command> make_drivers();
std::unique_ptr<Command> make_discover();
std::unique_ptr<Command> make_compare();
std::unique_ptr<Command> make_report();
std::unique_ptr<Command> make_serve();
std::unique_ptr<Command> make_export();
std::unique_ptr<Command> make_reproduce();
std::unique_ptr<Command> make_inspect();
std::unique_ptr<Command> make_schema();

}  // namespace musi::cli
