#include "analysis/cli/run_again.h"

#include <algorithm>

#include "analysis/cli/command.h"
#include "analysis/report/page_reader.h"

namespace musi::cli {

void take_flags(const analysis::Recipe& recipe, const analysis::Results& results,
                RunFlags& flags) {
  // A command that is typed again after a stop names those of the result already.
  const bool has_theirs = flags.sets.size() >= recipe.sets.size() &&
                          std::equal(recipe.sets.begin(), recipe.sets.end(), flags.sets.begin());
  if (!has_theirs) flags.sets.insert(flags.sets.begin(), recipe.sets.begin(), recipe.sets.end());
  if (flags.options.empty()) flags.options = recipe.options;
  if (flags.replicates.empty()) flags.replicates = recipe.replicates;
  if (flags.seed.empty()) flags.seed = recipe.seed;
  // --no-sweep is not written down, because it changes no number; the options show it.
  const auto kinds = results.has("option_kind") ? results.file().texts("option_kind")
                                                : std::vector<std::string>();
  flags.no_sweep |= std::find(kinds.begin(), kinds.end(), "sweep") == kinds.end();
}

std::vector<std::unique_ptr<RunInput>> RunInput::of_file(const std::string& file,
                                                         const RunFlags& flags) {
  std::vector<std::unique_ptr<RunInput>> inputs;
  if (file == "-" || (!analysis::is_result_file(file) && !analysis::is_page_file(file))) {
    inputs.push_back(std::make_unique<RunInput>(file, flags));
    return inputs;
  }
  for (const auto& results : analysis::open_results(file)) {
    auto input = std::make_unique<RunInput>(file, flags);
    input->recipe_ = std::make_unique<analysis::Recipe>(analysis::recipe_of(*results));
    const auto damaged = analysis::damaged_inputs(*input->recipe_);
    if (!damaged.empty()) throw analysis::damaged_result(results->path(), damaged);
    take_flags(*input->recipe_, *results, input->flags_);
    inputs.push_back(std::move(input));
  }
  return inputs;
}

RunJob& RunInput::read() {
  std::optional<analysis::ReadFromArchive> reading;
  if (recipe_) reading.emplace(recipe_->inputs);
  job_ = std::make_unique<RunJob>(recipe_ ? recipe_->scenario : file_, flags_);
  if (recipe_) job_->typed_as(file_);
  return *job_;
}

}  // namespace musi::cli
