#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analysis/cli/run_flags.h"
#include "analysis/cli/run_job.h"
#include "analysis/input_archive.h"
#include "analysis/reproduce.h"
#include "analysis/results.h"

/// Results and reports in the place of scenarios: what they embed is run again.
namespace musi::cli {

/// Takes over the flags of the run that made a result, where ours do not say otherwise: its --set
/// come first, and its --option, --replicates and --seed stand if none is given.
void take_flags(const analysis::Recipe& recipe, const analysis::Results& results, RunFlags& flags);

/// One FILE of `musi run`: a scenario, or a result that is embedded in a result file or report.
class RunInput {
 public:
  /// All of a FILE: a report may show several results. IoError.
  static std::vector<std::unique_ptr<RunInput>> of_file(const std::string& file,
                                                        const RunFlags& flags);

  RunInput(std::string file, RunFlags flags) : file_(std::move(file)), flags_(std::move(flags)) {}

  /// Reads the scenario.
  RunJob& read();
  RunJob& job() { return *job_; }
  /// Does something with the job while its files are read from where they belong.
  template <class Work>
  auto with_files(const Work& work) {
    std::optional<analysis::ReadFromArchive> reading;
    if (recipe_) reading.emplace(recipe_->inputs);
    return work(*job_);
  }

 private:
  std::string file_;
  RunFlags flags_;
  std::unique_ptr<analysis::Recipe> recipe_;
  std::unique_ptr<RunJob> job_;
};

}  // namespace musi::cli
