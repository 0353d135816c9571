#include "analysis/cli/shard_job.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "analysis/cli/command.h"
#include "analysis/cli/output_path.h"
#include "analysis/cli/progress.h"
#include "analysis/cli/resume.h"
#include "analysis/cli/simulation.h"
#include "analysis/provenance.h"
#include "analysis/shared_runs.h"
#include "sim/io/text.h"

namespace musi::cli {
namespace {

namespace fs = std::filesystem;
using analysis::number_text;

bool exists(const std::string& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

/// results/name.h5 -> results/name-2-of-4.shard
std::string shard_name(const std::string& result, const analysis::Shard& shard) {
  fs::path path(result);
  path.replace_extension();
  return fmt::format("{}-{}-of-{}.shard", path.string(), shard.number, shard.count);
}

/// Keeps the runs of a shard in blocks, as runs 0, 1, ... of option 0.
class ShardRecorder final : public sim::Recorder {
 public:
  ShardRecorder(analysis::RunParts& parts, std::size_t n_runs) : parts_(parts), n_runs_(n_runs) {}

  void write(std::size_t, std::size_t run, sim::RunRecord record) override {
    if (waiting_.empty()) first_ = run;
    is_new_ = is_new_ || !parts_.has(0, run);
    waiting_.push_back(parts_.encoded(record));
    if ((run + 1) % analysis::runs_per_batch == 0 || run + 1 == n_runs_) flush();
  }
  void flush() {
    if (!waiting_.empty() && is_new_) parts_.keep(0, first_, waiting_);
    waiting_.clear();
    is_new_ = false;
  }

 private:
  analysis::RunParts& parts_;
  std::size_t n_runs_, first_ = 0;
  std::vector<std::string> waiting_;
  bool is_new_ = false;  ///< a record of the block was computed now
};

}  // namespace

analysis::RunIdentity shard_identity(const analysis::Experiment& experiment,
                                     const RunFlags& flags, const analysis::Shard& shard) {
  analysis::RunIdentity identity;
  identity.emplace_back("program", analysis::sha256_of_file("/proc/self/exe"));
  identity.emplace_back("flags", flags.text() + (flags.no_sweep ? " --no-sweep" : ""));
  identity.emplace_back("replicates", fmt::format("{}", experiment.n_replicates()));
  identity.emplace_back("number of shards", fmt::format("{}", shard.count));
  for (const auto& input : experiment.result_outline().provenance.inputs) {
    identity.emplace_back(input.name, input.sha256);
  }
  return identity;
}

void refuse_unshardable(const analysis::Experiment& experiment, std::size_t n_shards) {
  for (const analysis::Variant* v : experiment.variants()) {
    if (!v->solve) continue;
    throw UsageError(fmt::format(
        "shards: option '{}' has a lever to find (solve_for), and the search needs all futures "
        "together; find it with 'musi goal' and write it under 'set', or leave the option out "
        "with --option",
        v->name));
  }
  if (experiment.read().stop_half_width_pct) {
    throw UsageError(
        "shards: the file ends when all futures together are exact enough "
        "(sampling.stop_early), which no shard can know; take the key out");
  }
  if (n_shards > experiment.n_runs()) {
    throw UsageError(fmt::format("{} shards: there are only {} runs to share out", n_shards,
                                 experiment.n_runs()));
  }
}

ShardJob::ShardJob(std::string file, const RunFlags& flags, const std::string& shard)
    : file_(std::move(file)), flags_(flags) {
  const auto parsed = analysis::parse_shard(shard);
  if (!parsed) {
    throw UsageError(fmt::format("--shard '{}' is no part of a whole; write K/N with K from 1 to "
                                 "N, for example 2/4",
                                 shard));
  }
  shard_ = *parsed;
  refuse_folder(file_);
  read_ = std::make_unique<analysis::ReadResult>(analysis::read_scenario(
      file_, {.sets = flags.all_sets(),
              .options = {},
              .allow_large = flags.allow_large,
              .with_sweep = !flags.no_sweep}));
}

std::string ShardJob::parts_folder() const {
  fs::path path(output_);
  if (path.extension() == ".shard") path.replace_extension();
  return path.string() + ".parts";
}

void ShardJob::prepare() {
  experiment_.emplace(*read_, flags_.options, flags_.text());
  refuse_unshardable(*experiment_, shard_.count);
  runs_ = runs_of(shard_, experiment_->variants().size(), experiment_->n_replicates());
  head_.shard = shard_;
  head_.n_options = experiment_->variants().size();
  head_.n_replicates = experiment_->n_replicates();
  head_.identity = shard_identity(*experiment_, flags_, shard_);
  const auto& named = experiment_->result_outline().provenance.inputs;
  for (std::size_t i = 0; i < named.size(); ++i) {
    head_.inputs.files[named[i].name] = read_->inputs.all()[i].bytes;
  }
  head_.scenario = named.front().name;
  head_.sets = flags_.all_sets();
  head_.options = flags_.options;
  head_.no_sweep = flags_.no_sweep;
  output_ = flags_.output.empty() ? shard_name(experiment_->default_output(), shard_)
                                  : flags_.output;
  check_output(output_, read_->inputs);
  is_up_to_date_ = !flags_.force && finds_up_to_date_shard();
  if (is_up_to_date_) return;
  if (!flags_.force && exists(output_)) {
    throw sim::IoError("exists",
                       fmt::format("'{}' exists and is another shard or was made from other inputs "
                                   "or by another program; use --force to replace it, or another "
                                   "name with -o",
                                   output_));
  }
  lock_ = std::make_unique<analysis::RunLock>(output_);
  prepare_parts();
}

bool ShardJob::finds_up_to_date_shard() const {
  if (!exists(output_)) return false;
  try {
    const analysis::ShardFile there(output_);
    return there.head().shard.number == shard_.number && there.head().identity == head_.identity;
  } catch (const sim::IoError&) {
    return false;  // not a shard that can be read: it is only in the way
  }
}

void ShardJob::prepare_parts() {
  parts_.emplace(parts_folder(), experiment_->series(), experiment_->lengths());
  analysis::RunIdentity identity = head_.identity;
  identity.emplace_back("shard", fmt::format("{}", shard_.number));
  if (!parts_->exists() || (flags_.force && !flags_.resume)) {
    resumes_nothing_ = flags_.resume;
    parts_->begin(identity);
    return;
  }
  if (!flags_.resume) {
    throw sim::IoError("unfinished",
                       fmt::format("an unfinished shard with {} of {} runs is in '{}'; --resume "
                                   "goes on, --force starts anew",
                                   number_text(static_cast<double>(parts_->count()), 0, "en"),
                                   number_text(static_cast<double>(runs_.size()), 0, "en"),
                                   parts_folder()));
  }
  refuse_changes(parts_folder(), parts_->changes(identity));
  damaged_ = parts_->load();
}

void ShardJob::say_plan(Terminal& terminal) const {
  const bool is_id = terminal.globals().lang == "id";
  const std::string& lang = terminal.globals().lang;
  const auto count = [&](std::size_t n) { return number_text(static_cast<double>(n), 0, lang); };
  terminal.event("plan", fmt::format("\"file\":{},\"options\":{},\"replicates\":{},\"runs\":{},"
                                     "\"shard\":{},\"shards\":{}",
                                     json_text(read_->file), head_.n_options, head_.n_replicates,
                                     runs_.size(), shard_.number, shard_.count));
  terminal.note(fmt::format(
      fmt::runtime(is_id ? "{} {}: bagian {} dari {}, {} dari {} kali jalan"
                         : "{} {}: shard {} of {}, {} of {} runs"),
      clock_text(terminal.seconds()), fs::path(read_->file).filename().string(), shard_.number,
      shard_.count, count(runs_.size()), count(experiment_->n_runs())));
  if (resumes_nothing_) {
    terminal.note(is_id ? "tidak ada yang dilanjutkan; mulai dari awal"
                        : "nothing to resume; running from the start");
  }
  if (!damaged_.empty()) {
    terminal.note(fmt::format("{} {}: {}", damaged_.size(),
                              is_id ? "blok rusak dibuang dan dijalankan lagi"
                                    : "damaged blocks were discarded and are run again",
                              sim::io::joined(damaged_, 5)));
  }
  if (parts_ && parts_->n_loaded() > 0) {
    terminal.note(fmt::format("{} {}", count(parts_->n_loaded()),
                              is_id ? "kali jalan sudah ada" : "runs are there already"));
  }
}

sim::ExitCode ShardJob::run(Terminal& terminal, const sim::Cancellation& cancellation,
                            const std::function<void()>& watch) {
  const bool is_id = terminal.globals().lang == "id";
  say_plan(terminal);
  if (is_up_to_date_) {
    terminal.note(fmt::format(" {} {}", output_,
                              is_id ? "sudah mutakhir; tidak ada yang dijalankan"
                                    : "is up to date; nothing was run"));
    return sim::ExitCode::done;
  }
  const sim::EnsembleReport report = simulate(terminal, cancellation, watch);
  terminal.count_runs(n_computed_);
  if (report.n_done < runs_.size()) return say_stopped(terminal, report);
  analysis::write_shard(output_, head_, *parts_,
                        flags_.force ? sim::io::Existing::replace : sim::io::Existing::refuse);
  parts_->remove();
  std::error_code ignored;
  terminal.event("written", fmt::format("\"path\":{},\"kind\":\"shard\",\"bytes\":{},\"sha256\":{}",
                                        json_text(output_), fs::file_size(output_, ignored),
                                        json_text(analysis::sha256_of_file(output_))));
  terminal.note(fmt::format(fmt::runtime(is_id ? " ditulis {}" : " wrote {}"), output_));
  terminal.note(fmt::format(
      fmt::runtime(is_id ? " setelah semua {} bagian ada:  musi merge ... -o {}"
                         : " once all {} shards are there:  musi merge ... -o {}"),
      shard_.count, shell_word(experiment_->default_output())));
  return sim::ExitCode::done;
}

sim::EnsembleReport ShardJob::simulate(Terminal& terminal, const sim::Cancellation& cancellation,
                                       const std::function<void()>& watch) {
  ShardRecorder recorder(*parts_, runs_.size());
  std::size_t n_kept = 0;
  for (std::size_t k = 0; k < runs_.size(); ++k) n_kept += parts_->has(0, k);
  const std::string name = fmt::format("shard {}/{}", shard_.number, shard_.count);
  Progress progress(terminal, fs::path(read_->file).filename().string(), {name}, runs_.size(),
                    n_kept);
  analysis::SharedRuns runs(
      *experiment_,
      [&](std::size_t option, std::size_t replicate) {
        const auto k = runs_.find({option, replicate});
        return k && !parts_->has(0, *k);
      },
      watch, &cancellation);
  sim::RunPlan plan;
  plan.n_options = 1;
  plan.n_replicates = runs_.size();
  plan.batch = analysis::runs_per_batch;
  plan.run = [&](std::size_t, std::size_t k) {
    if (parts_->has(0, k)) return parts_->record(0, k);
    const sim::RunPlan::Position at = runs_.at(k);
    return runs.run(at.option, at.replicate);
  };
  sim::EnsembleOptions options;
  options.n_threads = flags_.n_threads();
  options.cancellation = &cancellation;
  options.progress = [&](std::size_t n_done, std::size_t) {
    n_computed_ += !parts_->has(0, n_done - 1);
    progress.done(0);
  };
  const sim::EnsembleReport report = run_ensemble(plan, recorder, options);
  recorder.flush();
  return report;
}

sim::ExitCode ShardJob::say_stopped(Terminal& terminal, const sim::EnsembleReport& report) const {
  const std::string& lang = terminal.globals().lang;
  const bool is_id = lang == "id";
  const bool by_time = report.stopped == sim::StopReason::time_limit;
  const std::string why = stop_words(report.stopped, lang);
  terminal.note(fmt::format(
      fmt::runtime(is_id ? "{}. {} dari {} kali jalan disimpan." : "{}. {} of {} runs kept."), why,
      number_text(static_cast<double>(report.n_done), 0, lang),
      number_text(static_cast<double>(runs_.size()), 0, lang)));
  const std::string again = flags_.typed_again();
  terminal.note(fmt::format(
      "   musi run {}{}{} --shard {}/{} --resume    {}", shell_word(file_),
      again.empty() ? "" : " ", again, shard_.number, shard_.count,
      is_id ? "melanjutkan dengan angka yang sama" : "continues with the same numbers"));
  return by_time ? sim::ExitCode::stopped : sim::ExitCode::interrupted;
}

}  // namespace musi::cli
