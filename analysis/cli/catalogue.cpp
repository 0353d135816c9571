#include "analysis/cli/catalogue.h"

namespace musi::cli {

std::vector<std::unique_ptr<Command>> all_commands() {
  std::vector<std::unique_ptr<Command>> commands;
  commands.push_back(make_score());
  return commands;
}

}  // namespace musi::cli
