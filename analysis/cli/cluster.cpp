#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "analysis/cli/catalogue.h"
#include "analysis/cli/command.h"
#include "analysis/cli/output_path.h"
#include "analysis/cli/run_flags.h"
#include "analysis/cli/shard_job.h"
#include "analysis/experiment.h"
#include "sim/io/number.h"

namespace musi::cli {
namespace {

namespace fs = std::filesystem;

/// {0} name, {1} shards, {2} processors, {3} minutes, {4} memory [MiB], {5} further flags of
/// sbatch, {6} program, {7} arguments of `musi run`, {8} start of the names of the shards, {9}
/// result, {10} its folder, {11} the working directory, {12} memory of the merge [MiB].
constexpr const char* slurm_script = R"(#!/bin/bash
# {0} in {1} shards: an array of jobs, then one that merges.
# Submit where 'musi run' would be started:   bash this-file
# A shard that gets SIGTERM (preemption, end of its time) keeps its finished runs, goes back to the
# queue and resumes with the same numbers. Submitting again runs only what is missing.
set -euo pipefail
cd {11}
mkdir -p {10}

shards=$(sbatch --parsable --job-name={0} --array=1-{1} --cpus-per-task={2} --time={3} \
  --mem={4}M --requeue --open-mode=append --signal=B:TERM@120 --output={8}-%a.log{5} <<'SHARD'
#!/bin/bash
trap 'kill -TERM "$run" 2>/dev/null' TERM
{6} run {7} \
  -o {8}-"$SLURM_ARRAY_TASK_ID"-of-{1}.shard \
  --shard "$SLURM_ARRAY_TASK_ID/{1}" -j "$SLURM_CPUS_PER_TASK" --resume &
run=$!
code=0
wait "$run" || code=$?
while kill -0 "$run" 2>/dev/null; do # the trap ends a wait before the program ends
  code=0
  wait "$run" || code=$?
done
case $code in
  5 | 130 | 143) scontrol requeue "$SLURM_JOB_ID" ;;
esac
exit $code
SHARD
)

merge=$(sbatch --parsable --job-name={0}-merge --dependency=afterok:"$shards" \
  --kill-on-invalid-dep=yes --time={3} --mem={12}M --open-mode=append \
  --output={8}-merge.log{5} <<'MERGE'
#!/bin/bash
exec {6} merge {8}-*-of-{1}.shard -o {9} --force
MERGE
)
echo "shards: job $shards, merge: job $merge, result: {9}"
)";

double flag_value(const std::string& flag, const std::string& text, double min, double max) {
  const auto reading = sim::io::read_number(text, {.min = min, .max = max, .whole = true});
  if (!reading.value) {
    throw UsageError(fmt::format("{} {}: {}", flag, text, reading.fault.message.english));
  }
  return *reading.value;
}

class Cluster final : public Command {
 public:
  std::string_view name() const override { return "cluster"; }
  std::string_view summary() const override { return "job script for a cluster"; }
  std::string_view footer() const override {
    return "Exit codes: 0 done, 2 wrong use or a file that cannot be sharded, 3 scenario or data "
           "invalid, 4 a file cannot be read.\n"
           "The script goes to stdout. It submits an array of 'musi run --shard K/N' and a job "
           "that merges them; the result has the bytes of a run on one machine. Other launchers: "
           "analysis/README.md.\n"
           "Example: musi cluster slurm scenarios/palembang-baseline.yaml -n 10000 --shards 50 | "
           "bash";
  }
  void declare(CLI::App& app) override {
    app.add_option("SYSTEM", system_, "slurm")->required();
    app.add_option("FILE", file_, "scenario file")->required();
    app.add_option("--shards", shards_, "jobs of the array, default 8");
    app.add_option("--cpus", cpus_, "processors of each, default 4");
    app.add_option("--hours", hours_, "time limit of each; default twice the guess, at least 1");
    app.add_option("--partition", partition_, "where to submit, default that of the cluster");
    app.add_option("--account", account_, "who pays, default that of the user");
    app.add_option("-n,--replicates", flags_.replicates, "futures of each option");
    app.add_option("--seed", flags_.seed, "start of all random numbers");
    app.add_option("--set", flags_.sets,
                   "PATH=VALUE laid over everything in the file (repeatable)")
        ->allow_extra_args(false);
    app.add_option("--option", flags_.options, "run only this option (repeatable)")
        ->allow_extra_args(false);
    app.add_flag("--no-sweep", flags_.no_sweep, "leave out the points of a sweep");
    app.add_option("-o,--output", flags_.output, "result file, default results/<name>.h5");
  }

  sim::ExitCode run(Terminal& terminal) override {
    if (system_ != "slurm") {
      throw UsageError(fmt::format("'{}' is no system that scripts are written for; it knows "
                                   "slurm. For others see analysis/README.md",
                                   system_));
    }
    if (file_ == "-") throw UsageError("the jobs cannot read the scenario from standard input");
    flags_.check();
    const auto shards = static_cast<std::size_t>(flag_value("--shards", shards_, 1, 10000));
    const auto cpus = static_cast<std::size_t>(flag_value("--cpus", cpus_, 1, 1024));
    for (const std::string* word : {&partition_, &account_}) {
      if (shell_word(*word) != *word && !word->empty()) {
        throw UsageError(fmt::format("'{}' is no name of a partition or account", *word));
      }
    }
    refuse_folder(file_);
    analysis::ReadResult read = analysis::read_scenario(
        file_, {.sets = flags_.all_sets(),
                .options = {},
                .allow_large = true,
                .with_sweep = !flags_.no_sweep});
    read.problems.throw_if_errors();
    const analysis::Experiment experiment(read, flags_.options, flags_.text());
    refuse_unshardable(experiment, shards);
    terminal.answer(script(experiment, shards, cpus));
    terminal.event("result", fmt::format("\"shards\":{},\"cpus\":{}", shards, cpus));
    return sim::ExitCode::done;
  }

 private:
  std::string script(const analysis::Experiment& experiment, std::size_t shards,
                     std::size_t cpus) const {
    const std::string result =
        flags_.output.empty() ? experiment.default_output() : flags_.output;
    fs::path stem(result);
    stem.replace_extension();
    std::string folder = fs::path(result).parent_path().string();
    if (folder.empty()) folder = ".";
    const analysis::Estimate estimate = experiment.estimate(cpus);
    const double seconds = estimate.seconds / static_cast<double>(shards);
    const double hours = hours_.empty() ? std::max(1.0, std::ceil(2.0 * seconds / 3600.0))
                                        : flag_value("--hours", hours_, 1, 8760);
    std::string more;
    if (!partition_.empty()) more += " --partition=" + partition_;
    if (!account_.empty()) more += " --account=" + account_;
    std::error_code ignored;
    std::string arguments = shell_word(file_);
    if (const std::string text = flags_.text(); !text.empty()) arguments += " " + text;
    if (flags_.no_sweep) arguments += " --no-sweep";
    const double mib = estimate.memory_mib;
    return fmt::format(fmt::runtime(slurm_script), experiment.read().name, shards, cpus,
                       static_cast<long>(hours * 60.0), static_cast<long>(200.0 + mib), more,
                       shell_word(fs::read_symlink("/proc/self/exe", ignored).string()),
                       arguments, shell_word(stem.string()), shell_word(result),
                       shell_word(folder), shell_word(fs::current_path(ignored).string()),
                       static_cast<long>(500.0 + 1.5 * mib));
  }

  RunFlags flags_;
  std::string system_, file_, shards_ = "8", cpus_ = "4", hours_, partition_, account_;
};

}  // namespace

std::unique_ptr<Command> make_cluster() { return std::make_unique<Cluster>(); }

}  // namespace musi::cli
