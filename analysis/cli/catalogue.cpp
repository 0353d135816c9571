#include "analysis/cli/catalogue.h"

namespace musi::cli {

std::vector<std::unique_ptr<Command>> all_commands() {
  std::vector<std::unique_ptr<Command>> commands;
  commands.push_back(make_init());
  commands.push_back(make_check());
  commands.push_back(make_preview());
  commands.push_back(make_run());
  commands.push_back(make_merge());
  commands.push_back(make_cluster());
  commands.push_back(make_score());
  commands.push_back(make_goal());
  commands.push_back(make_frontier());
  commands.push_back(make_drivers());
  commands.push_back(make_discover());
  commands.push_back(make_calibrate());
  commands.push_back(make_compare());
  commands.push_back(make_report());
  commands.push_back(make_serve());
  commands.push_back(make_export());
  commands.push_back(make_reproduce());
  commands.push_back(make_inspect());
  commands.push_back(make_schema());
  return commands;
}

}  // namespace musi::cli
