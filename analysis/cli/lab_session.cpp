#include "analysis/cli/lab_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <tuple>

#include "analysis/cli/command.h"
#include "analysis/cli/resume.h"
#include "analysis/cli/signals.h"
#include "analysis/cli/simulation.h"
#include "analysis/scenario/variants.h"
#include "sim/io/number.h"
#include "sim/io/text.h"

namespace musi::cli {
namespace {

namespace fs = std::filesystem;
using analysis::number_text;

constexpr double largest = 1e15;

std::string base_name(const std::string& path) { return fs::path(path).filename().string(); }

}  // namespace

double flag_number(const std::string& flag, const std::string& text, double min, double max,
                   bool whole) {
  const auto reading = sim::io::read_number(text, {.min = min, .max = max, .whole = whole});
  if (!reading.value) {
    throw UsageError(fmt::format("{} {}: {}", flag, text, reading.fault.message.english));
  }
  return *reading.value;
}

std::pair<double, double> flag_range(const std::string& flag, const std::string& text) {
  const std::size_t dots = text.find("..");
  if (dots == std::string::npos) {
    throw UsageError(fmt::format("{} {}: write two numbers, for example 50..600", flag, text));
  }
  const double low = flag_number(flag, text.substr(0, dots), -largest, largest);
  const double high = flag_number(flag, text.substr(dots + 2), -largest, largest);
  if (!(low < high)) {
    throw UsageError(fmt::format("{} {}: the first number must be the smaller one", flag, text));
  }
  return {low, high};
}

Lever flag_lever(const std::string& flag, const std::string& path, const std::string& range) {
  const analysis::SchemaNode* node = analysis::schema().find(path);
  const analysis::KeySpec* key = node == nullptr ? nullptr : node->key;
  if (key == nullptr || !key->not_available.empty()) {
    const auto nearest = sim::io::nearest_name(path, analysis::schema().paths());
    throw UsageError(fmt::format("{} {}: there is no such key{}", flag, path,
                                 nearest ? fmt::format("; did you mean '{}'?", *nearest) : ""));
  }
  if (!analysis::is_lever(path)) {
    throw UsageError(fmt::format("{} {}: is no number that can be varied", flag, path));
  }
  double low = 0.0, high = 0.0;
  if (!range.empty()) {
    std::tie(low, high) = flag_range(flag, range);
  } else if (key->range.min && key->range.max) {
    low = *key->range.min;
    high = *key->range.max;
  } else {
    throw UsageError(fmt::format("{} {}: give a range, for example {}=0..100", flag, path, path));
  }
  const Lever lever = analysis::lever_of(path, low, high);
  if (lever.whole && (low != std::floor(low) || high != std::floor(high))) {
    throw UsageError(fmt::format("{} {}: takes whole numbers", flag, path));
  }
  return lever;
}

void check_definition(const std::string& flag, const std::string& code) {
  const std::vector<std::string> codes{"Z1", "Z2a", "Z2b", "Z3", "Z3b", "Z4", "Z4a", "Z5"};
  if (std::find(codes.begin(), codes.end(), code) != codes.end()) return;
  throw UsageError(fmt::format("{} {}: is no definition of zero; one of {}", flag, code,
                               sim::io::joined(codes, 8)));
}

LabSession::LabSession(Terminal& terminal, const RunFlags& flags, std::string file,
                       std::string command, const std::vector<std::string>& series)
    : terminal_(terminal),
      flags_(flags),
      file_(std::move(file)),
      command_(std::move(command)),
      cancellation_(stop_on_signals()) {
  read_ = std::make_unique<analysis::ReadResult>(
      analysis::read_scenario(file_, {.sets = flags.all_sets(),
                                      .options = flags.options,
                                      .allow_large = flags.allow_large,
                                      .with_sweep = false}));
  read_->problems.throw_if_errors();
  terminal.problems(read_->problems.all(), sim::ExitCode::done, "", "");
  variant_ = &read_->variants.front();
  analysis::LaboratoryOptions options;
  options.series.insert(options.series.end(), series.begin(), series.end());
  options.n_threads = flags.n_threads();
  options.cancellation = &cancellation_;
  const auto limit = flags.seconds_allowed();
  options.each_future = [this, limit](std::size_t trial) {
    if (progress_ != nullptr) {
      const auto at = std::find(shown_trials_.begin(), shown_trials_.end(), trial);
      progress_->done(static_cast<std::size_t>(at - shown_trials_.begin()));
    }
    if (limit && terminal_.seconds() > *limit) {
      cancellation_.request(sim::StopReason::time_limit);
    }
  };
  laboratory_ = std::make_unique<analysis::Laboratory>(*read_, options);
}

void LabSession::check(const Lever& lever) const {
  for (const std::string& set : flags_.sets) {
    if (set.substr(0, set.find('=')) != lever.path) continue;
    throw UsageError(fmt::format("'{}' is varied, so --set cannot fix it", lever.path));
  }
  for (const double end : {lever.low, lever.high}) {
    sim::io::Problems problems;
    read_->maker->make(variant_->name, {lever.at(end, "command line")}, *read_->city, problems);
    problems.throw_if_errors();
  }
}

std::string LabSession::parts_folder() const {
  std::string output = laboratory_->experiment().default_output();
  if (fs::path(output).extension() == ".h5") output.resize(output.size() - 3);
  return output + "." + command_ + ".parts";
}

void LabSession::begin(const analysis::RunIdentity& question) {
  const std::string folder = parts_folder();
  std::error_code ignored;
  const bool exists = fs::is_directory(folder, ignored);
  if (exists && !flags_.resume && !flags_.force) {
    throw sim::IoError("unfinished",
                       fmt::format("an unfinished `musi {}` is in '{}'; --resume goes on, --force "
                                   "starts anew",
                                   command_, folder));
  }
  analysis::RunIdentity identity = question;
  identity.emplace_back("futures", fmt::format("{}", n_replicates()));
  identity.emplace_back("option", variant_->name);
  refuse_changes(folder, laboratory_->keep_in(folder, identity, flags_.resume && exists), true);
  if (flags_.resume && !exists) {
    terminal_.note(is_indonesian() ? "tidak ada yang dilanjutkan; mulai dari awal"
                                   : "nothing to resume; running from the start");
  }
  if (laboratory_->n_kept() > 0) {
    terminal_.note(
        fmt::format("{} {}", laboratory_->n_kept(),
                    is_indonesian() ? "kali jalan sudah ada" : "runs are there already"));
  }
}

void LabSession::say_plan(std::size_t n_options, std::size_t n_runs, bool is_exact) {
  const analysis::Estimate one = laboratory_->experiment().estimate(flags_.n_threads());
  const double per_run = one.seconds / static_cast<double>(std::max<std::size_t>(
                                           1, laboratory_->experiment().n_runs()));
  terminal_.event(
      "plan",
      fmt::format("\"file\":{},\"options\":{},\"levels\":0,\"sweep_points\":0,"
                  "\"replicates\":{},\"runs\":{},\"runs_exact\":{},\"memory_mib\":{:.0f},"
                  "\"file_mib\":0,\"guess_s\":{:.1f},\"seed\":{}",
                  json_text(file_), n_options, n_replicates(), n_runs, is_exact, one.memory_mib,
                  per_run * static_cast<double>(n_runs), variant_->scenario.sampling.seed));
  const std::string& lang = terminal_.globals().lang;
  terminal_.note(fmt::format(
      "{} {}: {} {} {}, {} {}", clock_text(terminal_.seconds()), base_name(file_),
      is_exact          ? ""
      : is_indonesian() ? "paling banyak"
                        : "at most",
      number_text(static_cast<double>(n_runs), 0, lang), is_indonesian() ? "kali jalan" : "runs",
      is_indonesian() ? "benih" : "seed", variant_->scenario.sampling.seed));
}

bool LabSession::run(std::span<const std::size_t> trials, const std::vector<std::string>& names,
                     std::string_view stage) {
  const std::size_t before = laboratory_->n_computed();
  Progress progress(terminal_, base_name(file_), names, n_replicates(), 0, std::string(stage));
  progress_ = &progress;
  shown_trials_.assign(trials.begin(), trials.end());
  bool is_done = false;
  try {
    is_done = laboratory_->run(trials, n_replicates());
  } catch (...) {
    progress_ = nullptr;
    throw;
  }
  progress_ = nullptr;
  progress.clear();
  terminal_.count_runs(laboratory_->n_computed() - before);
  return is_done;
}

sim::ExitCode LabSession::code_of_stop() {
  const bool by_time = cancellation_.reason() == sim::StopReason::time_limit;
  const std::string why = stop_words(cancellation_.reason(), terminal_.globals().lang);
  terminal_.note(fmt::format("{}. {} {}", why, laboratory_->n_computed() + laboratory_->n_kept(),
                             is_indonesian() ? "kali jalan disimpan." : "runs kept."));
  return by_time ? sim::ExitCode::stopped : sim::ExitCode::interrupted;
}

sim::ExitCode LabSession::stopped(const std::string& typed_again) {
  const sim::ExitCode code = code_of_stop();
  terminal_.note(fmt::format(
      "   musi {} {} {} --resume    {}", command_, shell_word(file_), typed_again,
      is_indonesian() ? "melanjutkan dengan angka yang sama" : "continues with the same numbers"));
  return code;
}

void LabSession::finish() { laboratory_->remove_kept(); }

}  // namespace musi::cli
