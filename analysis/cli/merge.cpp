#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "analysis/cli/catalogue.h"
#include "analysis/cli/command.h"
#include "analysis/cli/output_path.h"
#include "analysis/cli/run_answer.h"
#include "analysis/experiment.h"
#include "analysis/provenance.h"
#include "analysis/run_lock.h"
#include "analysis/shard_file.h"
#include "sim/io/scratch_memory.h"
#include "sim/io/text.h"

namespace musi::cli {
namespace {

namespace fs = std::filesystem;
using analysis::ShardFile;

sim::Problem problem_in(const std::string& file, const char* code, std::string message,
                        std::string message_indonesian) {
  sim::Problem problem;
  problem.code = code;
  problem.place.file = file;
  problem.message = std::move(message);
  problem.message_indonesian = std::move(message_indonesian);
  return problem;
}

/// What differs between two shards, by name.
std::vector<std::string> differences(const analysis::RunIdentity& a,
                                     const analysis::RunIdentity& b) {
  std::vector<std::string> names;
  const auto add = [&](const analysis::RunIdentity& from, const analysis::RunIdentity& in) {
    for (const auto& entry : from) {
      const bool is_there = std::find(in.begin(), in.end(), entry) != in.end();
      const bool is_named = std::find(names.begin(), names.end(), entry.first) != names.end();
      if (!is_there && !is_named) names.push_back(entry.first);
    }
  };
  add(a, b);
  add(b, a);
  return names;
}

/// Demands that the files are all shards of one run, each once, made by this program.
void check_shards(const std::vector<ShardFile>& files) {
  std::vector<sim::Problem> problems;
  const ShardFile& first = files.front();
  for (const ShardFile& file : files) {
    const auto names = differences(first.head().identity, file.head().identity);
    if (names.empty()) continue;
    problems.push_back(problem_in(
        file.path(), "mixed_shards",
        fmt::format("is a shard of another run than '{}': they differ in {}", first.path(),
                    sim::io::joined(names, 20)),
        fmt::format("adalah bagian dari jalan lain daripada '{}': berbeda dalam {}", first.path(),
                    sim::io::joined(names, 20))));
  }
  if (!problems.empty()) throw sim::InputError(std::move(problems));
  const std::string program = analysis::sha256_of_file("/proc/self/exe");
  const auto& identity = first.head().identity;
  if (std::find(identity.begin(), identity.end(),
                std::pair<std::string, std::string>("program", program)) == identity.end()) {
    throw sim::InputError({problem_in(
        first.path(), "other_program",
        "was made by another build of this program; merge the shards with the one that ran them",
        "dibuat oleh program lain; gabungkan dengan program yang menjalankannya")});
  }
  const std::size_t count = first.head().shard.count;
  std::vector<const ShardFile*> of(count, nullptr);
  for (const ShardFile& file : files) {
    const ShardFile*& here = of[file.head().shard.number - 1];
    if (here != nullptr) {
      problems.push_back(problem_in(
          file.path(), "duplicate_shard",
          fmt::format("is shard {} of {}, and so is '{}'; give each shard once",
                      file.head().shard.number, count, here->path()),
          fmt::format("adalah bagian {} dari {}, seperti '{}'; tiap bagian sekali saja",
                      file.head().shard.number, count, here->path())));
    }
    here = &file;
  }
  std::vector<std::string> missing;
  for (std::size_t k = 0; k < count; ++k) {
    if (of[k] == nullptr) missing.push_back(fmt::format("{}/{}", k + 1, count));
  }
  if (!missing.empty()) {
    problems.push_back(problem_in(
        first.path(), "missing_shards",
        fmt::format("{} of {} shards are missing: {}", missing.size(), count,
                    sim::io::joined(missing, 20)),
        fmt::format("{} dari {} bagian tidak ada: {}", missing.size(), count,
                    sim::io::joined(missing, 20))));
    problems.back().remark = "run them with 'musi run FILE --shard K/N', then merge all";
    problems.back().remark_indonesian =
        "jalankan dengan 'musi run FILE --shard K/N', lalu gabungkan semua";
  }
  if (!problems.empty()) throw sim::InputError(std::move(problems));
}

class Merge final : public Command {
 public:
  std::string_view name() const override { return "merge"; }
  std::string_view summary() const override { return "put shards of a run together"; }
  std::string_view footer() const override {
    return "Exit codes: 0 done, 2 wrong use, 3 shards are missing, mixed or of another program, 4 "
           "a file cannot be read or written.\n"
           "The shards carry scenario and city with them: nothing else is read. The result has "
           "the bytes of a run that was not sharded.\n"
           "Example: musi merge results/palembang-baseline-*-of-4.shard -o "
           "results/palembang-baseline.h5";
  }
  void declare(CLI::App& app) override {
    app.add_option("PART", parts_, "all shards of one run, in any order")->required();
    app.add_option("-o,--output", output_, "result file")->required();
    app.add_flag("--force", force_, "replace an existing result");
  }

  sim::ExitCode run(Terminal& terminal) override {
    if (output_ == "-") {
      throw UsageError("-o - : a result needs a file, it cannot go to stdout");
    }
    std::vector<ShardFile> files;
    for (const std::string& part : parts_) files.emplace_back(part);
    check_shards(files);
    std::sort(files.begin(), files.end(), [](const ShardFile& a, const ShardFile& b) {
      return a.head().shard.number < b.head().shard.number;
    });
    const analysis::ShardHead& head = files.front().head();
    const analysis::ReadFromArchive reading(head.inputs);
    analysis::ReadResult read = analysis::read_scenario(
        head.scenario,
        {.sets = head.sets, .options = {}, .allow_large = true, .with_sweep = !head.no_sweep});
    read.problems.throw_if_errors();
    const analysis::Experiment experiment(read, head.options, flags_text(head));
    prepare_output(read);
    const analysis::RunLock lock(output_);
    write(experiment, files);
    const sim::ExitCode code = say_answer(terminal, experiment, output_, {});
    std::error_code ignored;
    terminal.event("written", fmt::format("\"path\":{},\"kind\":\"result\",\"bytes\":{},"
                                          "\"sha256\":{}",
                                          json_text(output_), fs::file_size(output_, ignored),
                                          json_text(analysis::sha256_of_file(output_))));
    terminal.note(fmt::format(fmt::runtime(terminal.globals().lang == "id"
                                               ? "\n ditulis {} dari {} bagian"
                                               : "\n wrote {} from {} shards"),
                              output_, files.size()));
    return code;
  }

 private:
  /// The flags of the runs as their result names them.
  static std::string flags_text(const analysis::ShardHead& head) {
    for (const auto& [name, value] : head.identity) {
      if (name != "flags") continue;
      const std::string_view mark = " --no-sweep";
      return head.no_sweep ? value.substr(0, value.size() - mark.size()) : value;
    }
    return {};
  }

  void prepare_output(const analysis::ReadResult& read) const {
    check_output(output_, read.inputs);
    std::error_code failed;
    for (const std::string& part : parts_) {
      if (!fs::equivalent(part, output_, failed)) continue;
      throw sim::IoError("overwrites_input",
                         fmt::format("'{}' is a shard that is merged; write to another file with "
                                     "-o",
                                     output_));
    }
    if (!force_ && fs::exists(output_, failed)) {
      throw sim::IoError("exists", fmt::format("'{}' exists; use --force to replace it, or "
                                               "another name with -o",
                                               output_));
    }
  }

  /// Records come in the order in which an unsharded run hands them over, option by option.
  void write(const analysis::Experiment& experiment, const std::vector<ShardFile>& files) const {
    sim::RecordStore store(experiment.series(), experiment.lengths(),
                           experiment.variants().size(), experiment.n_replicates(),
                           [&](std::size_t bytes) {
                             return sim::io::make_scratch_memory(output_ + ".scratch", bytes);
                           });
    const analysis::RecordCodec codec(experiment.series(), experiment.lengths());
    for (const ShardFile& file : files) {
      file.read(codec, [&](sim::RunPlan::Position at, sim::RunRecord record) {
        store.write(at.option, at.replicate, std::move(record));
      });
    }
    write_result(output_, experiment.result_input(), store,
                 force_ ? sim::io::Existing::replace : sim::io::Existing::refuse);
  }

  std::vector<std::string> parts_;
  std::string output_;
  bool force_ = false;
};

}  // namespace

std::unique_ptr<Command> make_merge() { return std::make_unique<Merge>(); }

}  // namespace musi::cli
