#include "analysis/cli/run_job.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <system_error>

#include "analysis/cli/command.h"
#include "analysis/cli/output_path.h"
#include "analysis/cli/plan_text.h"
#include "analysis/cli/progress.h"
#include "analysis/cli/resume.h"
#include "analysis/cli/run_answer.h"
#include "analysis/cli/simulation.h"
#include "analysis/input_files.h"
#include "analysis/provenance.h"
#include "sim/io/scratch_memory.h"
#include "sim/io/text.h"

namespace musi::cli {
namespace {

namespace fs = std::filesystem;
using analysis::number_text;

std::string without_extension(const std::string& path) {
  return fs::path(path).extension() == ".h5" ? path.substr(0, path.size() - 3) : path;
}

bool exists(const std::string& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

std::string short_time(double seconds) {
  if (seconds < 10.0) return fmt::format("{:.1f} s", seconds);
  if (seconds < 120.0) return fmt::format("{:.0f} s", seconds);
  if (seconds < 5400.0) return fmt::format("{:.0f} min", seconds / 60.0);
  return fmt::format("{:.1f} h", seconds / 3600.0);
}

std::string size_text(double bytes) {
  return bytes < 1e6 ? fmt::format("{:.0f} kB", std::ceil(bytes / 1e3))
                     : fmt::format("{:.1f} MB", bytes / 1e6);
}

}  // namespace

RunJob::RunJob(std::string file, const RunFlags& flags)
    : file_(std::move(file)), typed_(file_), flags_(flags) {
  refuse_folder(file_);
  read_ = std::make_unique<analysis::ReadResult>(analysis::read_scenario(
      file_, {.sets = flags.all_sets(),
              .options = {},
              .allow_large = flags.allow_large,
              .with_sweep = !flags.no_sweep}));
}

std::string RunJob::partial_output() const { return without_extension(output_) + ".partial.h5"; }
std::string RunJob::parts_folder() const { return without_extension(output_) + ".parts"; }
std::string RunJob::solve_folder() const { return without_extension(output_) + ".solve.parts"; }

// --- before the run
// -------------------------------------------------------------------------------

void RunJob::prepare(const std::vector<analysis::Expectation>& expectations) {
  experiment_.emplace(*read_, flags_.options, flags_.text());
  check_expectations(expectations);
  output_ = flags_.output.empty() ? experiment_->default_output() : flags_.output;
  check_size();
  check_output(output_, read_->inputs);
  needs_solving_ = !to_solve(*read_, flags_.options).empty() && !finds_solved_values();
  is_up_to_date_ = !needs_solving_ && !flags_.force && finds_up_to_date_result();
  check_crate();
  if (is_up_to_date_) return;
  check_report();
  if (!flags_.force && exists(output_)) {
    throw sim::IoError("exists",
                       fmt::format("'{}' exists and was made from other inputs or by another "
                                   "program; use --force to replace it, or another name with -o",
                                   output_));
  }
  lock_ = std::make_unique<analysis::RunLock>(output_);
  if (needs_solving_ && exists(solve_folder()) && !flags_.resume && !flags_.force) {
    throw sim::IoError("unfinished",
                       fmt::format("an unfinished search for levers is in '{}'; --resume goes on, "
                                   "--force starts anew",
                                   solve_folder()));
  }
  if (!needs_solving_) prepare_parts();
}

/// Values that a result at the output has found are tried first: if all else is equal, it is up to
/// date. They are laid over the options here.
bool RunJob::finds_solved_values() {
  if (!exists(output_) || flags_.force) return false;
  try {
    const analysis::Results results(output_);
    if (!results.has("solved_low")) return false;
    const analysis::ReadResult before = *read_;
    const auto low = results.file().numbers("solved_low"),
               high = results.file().numbers("solved_high"),
               value = results.file().numbers("solved_value");
    for (const std::string& name : to_solve(*read_, flags_.options)) {
      const auto& names = results.options();
      const auto found = std::find(names.begin(), names.end(), name);
      if (found == names.end()) return false;
      const auto o = static_cast<std::size_t>(found - names.begin());
      if (std::isnan(value[o])) return false;
      analysis::lay_over(*read_, name, value[o], low[o], high[o]);
    }
    experiment_.emplace(*read_, flags_.options, flags_.text());
    if (experiment_->is_up_to_date(results)) return true;
    *read_ = before;
  } catch (const sim::InputError&) {  // a value that is not legal here
  } catch (const sim::IoError&) {     // not a result that can be read: it is only in the way
  }
  experiment_.emplace(*read_, flags_.options, flags_.text());
  return false;
}

/// Finds the levers, then prepares the run with them. `done`, or why it stopped.
sim::ExitCode RunJob::solve(Terminal& terminal, const sim::Cancellation& cancellation,
                            const std::function<void()>& watch) {
  const SolvedLevers solved =
      solve_levers(terminal, flags_, *read_, solve_folder(), cancellation, watch);
  terminal.count_runs(solved.n_computed);
  if (solved.is_stopped) {
    const bool is_id = terminal.globals().lang == "id";
    const bool by_time = cancellation.reason() == sim::StopReason::time_limit;
    terminal.note(fmt::format(
        fmt::runtime(is_id ? "{}. {} kali jalan pencarian disimpan; belum ada opsi yang dijalankan."
                           : "{}. {} runs of the search kept; no option was run yet."),
        stop_words(cancellation.reason(), terminal.globals().lang),
        number_text(static_cast<double>(solved.n_computed + solved.n_kept), 0,
                    terminal.globals().lang)));
    const std::string again = flags_.typed_again();
    terminal.note(fmt::format(
        "   musi run {}{}{} --resume    {}", shell_word(typed_), again.empty() ? "" : " ", again,
        is_id ? "melanjutkan dengan angka yang sama" : "continues with the same numbers"));
    return by_time ? sim::ExitCode::stopped : sim::ExitCode::interrupted;
  }
  experiment_.emplace(*read_, flags_.options, flags_.text());
  prepare_parts();
  return sim::ExitCode::done;
}

void RunJob::check_expectations(const std::vector<analysis::Expectation>& expectations) const {
  const auto& variants = experiment_->variants();
  const sim::Clock& clock = variants.front()->scenario.clock;
  for (const analysis::Expectation& e : expectations) {
    const bool is_known =
        e.option.empty() || std::any_of(variants.begin(), variants.end(),
                                        [&](const auto* v) { return v->name == e.option; });
    if (!is_known) {
      throw UsageError(fmt::format("--expect '{}': there is no option '{}'", e.text, e.option));
    }
    if (e.metric == analysis::Metric::zero_year) continue;
    for (const int year : {e.from, e.to}) {
      if (year >= clock.start_year && year <= clock.end_year) continue;
      throw UsageError(fmt::format("--expect '{}': {} is outside {} to {}", e.text, year,
                                   clock.start_year, clock.end_year));
    }
  }
}

void RunJob::check_size() const {
  if (flags_.allow_large) return;
  const analysis::Estimate e = experiment_->estimate(flags_.n_threads());
  const double machine_mib = static_cast<double>(::sysconf(_SC_PHYS_PAGES)) *
                             static_cast<double>(::sysconf(_SC_PAGE_SIZE)) / (1024.0 * 1024.0);
  const bool is_large = e.file_mib > 4096.0 || e.memory_mib > 0.8 * machine_mib;
  if (!is_large) return;
  sim::Problem problem;
  problem.code = "too_many_runs";
  problem.place.file = read_->file;
  const auto n = static_cast<double>(experiment_->n_runs());
  problem.message = fmt::format(
      "{} runs need about {} MiB of memory and a file of {} MiB; --allow-large permits "
      "it",
      number_text(n, 0, "en"), number_text(e.memory_mib, 0, "en"),
      number_text(e.file_mib, 0, "en"));
  problem.message_indonesian = fmt::format(
      "{} kali jalan memerlukan sekitar {} MiB memori dan berkas {} MiB; "
      "--allow-large mengizinkannya",
      number_text(n, 0, "id"), number_text(e.memory_mib, 0, "id"),
      number_text(e.file_mib, 0, "id"));
  problem.remark =
      fmt::format("about {:.1f} hours on {} threads; this machine has {} MiB", e.seconds / 3600.0,
                  flags_.n_threads(), number_text(machine_mib, 0, "en"));
  problem.remark_indonesian =
      fmt::format("sekitar {:.1f} jam dengan {} utas; mesin ini memiliki {} MiB",
                  e.seconds / 3600.0, flags_.n_threads(), number_text(machine_mib, 0, "id"));
  throw sim::InputError({problem});
}

bool RunJob::finds_up_to_date_result() const {
  if (!exists(output_)) return false;
  try {
    return experiment_->is_up_to_date(analysis::Results(output_));
  } catch (const sim::IoError&) {
    return false;  // not a result that can be read: it is only in the way
  }
}

void RunJob::prepare_parts() {
  parts_.emplace(parts_folder(), experiment_->series(), experiment_->lengths());
  const analysis::RunIdentity identity = experiment_->identity();
  if (!parts_->exists()) {
    resumes_nothing_ = flags_.resume;
    parts_->begin(identity);
    return;
  }
  if (!flags_.resume && !flags_.force) {
    throw sim::IoError("unfinished",
                       fmt::format("an unfinished run with {} of {} runs is in '{}'; --resume goes "
                                   "on, --force starts anew",
                                   number_text(static_cast<double>(parts_->count()), 0, "en"),
                                   number_text(static_cast<double>(experiment_->n_runs()), 0, "en"),
                                   parts_folder()));
  }
  if (!flags_.resume) {
    parts_->begin(identity);
    return;
  }
  refuse_changes(parts_folder(), parts_->changes(identity));
  damaged_ = parts_->load();
}

// --- the run
// --------------------------------------------------------------------------------------

sim::ExitCode RunJob::run(Terminal& terminal, const sim::Cancellation& cancellation,
                          const std::function<void()>& watch,
                          const std::vector<analysis::Expectation>& expectations) {
  say_plan(terminal);
  if (is_up_to_date_) {
    const sim::ExitCode code = say_answer(terminal, *experiment_, output_, expectations);
    terminal.note(fmt::format(" {} {}", output_,
                              terminal.globals().lang == "id"
                                  ? "sudah mutakhir; tidak ada yang dijalankan"
                                  : "is up to date; nothing was run"));
    write_report(terminal);
    write_crate(terminal);
    return code;
  }
  if (needs_solving_) {
    const sim::ExitCode code = solve(terminal, cancellation, watch);
    if (code != sim::ExitCode::done) return code;
  }
  // The numbers of the runs lie in a file, so that memory does not grow with their number.
  sim::RecordStore store(experiment_->series(), experiment_->lengths(),
                         experiment_->variants().size(), experiment_->n_replicates(),
                         [&](std::size_t bytes) {
                           return sim::io::make_scratch_memory(parts_folder() + "/scratch", bytes);
                         });
  const sim::EnsembleReport report = simulate(terminal, cancellation, watch, store);
  terminal.count_runs(n_computed_);
  if (n_enough_ == 0 && report.n_done < experiment_->n_runs()) {
    return stop_early(terminal, report, store);
  }
  return finish(terminal, store, expectations);
}

void RunJob::say_plan(Terminal& terminal) const {
  terminal.event("plan", plan_fields(*experiment_, flags_.n_threads()));
  if (terminal.shows_bars()) {
    terminal.note(plan_text(*experiment_, flags_.n_threads(), terminal.globals().lang));
  } else {
    terminal.note(clock_text(terminal.seconds()) + " " +
                  plan_line(*experiment_, flags_.n_threads(), terminal.globals().lang));
  }
  const bool is_id = terminal.globals().lang == "id";
  if (terminal.globals().verbose) {
    terminal.note(fmt::format("output {}\nunfinished runs {}",
                              fs::absolute(output_).lexically_normal().string(),
                              fs::absolute(parts_folder()).lexically_normal().string()));
  }
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
    terminal.note(fmt::format(
        "{} {}", number_text(static_cast<double>(parts_->n_loaded()), 0, terminal.globals().lang),
        is_id ? "kali jalan sudah ada" : "runs are there already"));
  }
}

sim::EnsembleReport RunJob::simulate(Terminal& terminal, const sim::Cancellation& cancellation,
                                     const std::function<void()>& watch, sim::RecordStore& store) {
  analysis::KeepingRecorder keeping(store, *parts_, analysis::runs_per_batch);
  Simulation simulation{*experiment_, flags_.n_threads()};
  simulation.kept = &*parts_;
  Simulated simulated;
  try {
    simulated = simulation.run(terminal, keeping, cancellation, watch);
  } catch (const sim::IoError& error) {
    if (error.code() != "disk_full") throw;
    throw sim::IoError("disk_full", fmt::format("{}; the runs until here are kept, --resume goes "
                                                "on with the same numbers",
                                                error.what()));
  }
  keeping.flush();
  n_enough_ = simulated.n_enough;
  seconds_ = simulated.seconds;
  n_computed_ = simulated.n_computed;
  return simulated.report;
}

// --- after the run
// --------------------------------------------------------------------------------

sim::ExitCode RunJob::finish(Terminal& terminal, const sim::RecordStore& store,
                             const std::vector<analysis::Expectation>& expectations) {
  try {
    analysis::ResultInput input = experiment_->result_input();
    if (n_enough_ > 0) input.provenance.replicates_planned = n_enough_;
    write_result(output_, input, store,
                 flags_.force ? sim::io::Existing::replace : sim::io::Existing::refuse);
  } catch (const sim::IoError& error) {
    if (error.code() != "disk_full") throw;
    throw sim::IoError("disk_full", fmt::format("{}; all runs are kept in '{}', --resume writes "
                                                "the result without running anything again",
                                                error.what(), parts_folder()));
  }
  parts_->remove();
  std::error_code ignored;
  fs::remove(partial_output(), ignored);
  fs::remove_all(solve_folder(), ignored);
  if (n_enough_ > 0) {
    terminal.note(enough_text(n_enough_, experiment_->n_replicates(), terminal.globals().lang));
  }
  if (!terminal.shows_bars()) {
    terminal.note(fmt::format(
        "{} {}  {} {}, {}", clock_text(terminal.seconds()),
        terminal.globals().lang == "id" ? "selesai" : "done",
        number_text(static_cast<double>(experiment_->n_runs()), 0, terminal.globals().lang),
        terminal.globals().lang == "id" ? "kali jalan" : "runs", output_));
  }
  if (flags_.only_result) return sim::ExitCode::done;
  const sim::ExitCode code = say_answer(terminal, *experiment_, output_, expectations);
  say_written(terminal, output_, "result");
  write_report(terminal);
  write_crate(terminal);
  return code;
}

sim::ExitCode RunJob::stop_early(Terminal& terminal, const sim::EnsembleReport& report,
                                 const sim::RecordStore& store) {
  const bool is_id = terminal.globals().lang == "id";
  const std::string& lang = terminal.globals().lang;
  const bool by_time = report.stopped == sim::StopReason::time_limit;
  const auto count = [&](std::size_t n) { return number_text(static_cast<double>(n), 0, lang); };
  const std::size_t n = store.n_complete();
  if (n > 0 && !flags_.only_result) {
    write_result(partial_output(), experiment_->result_input(), store, sim::io::Existing::replace);
    if (by_time) say_answer(terminal, *experiment_, partial_output(), {});
  }
  const std::string why = stop_words(report.stopped, lang);
  terminal.note(is_id ? fmt::format("{}. {} dari {} kali jalan disimpan.", why,
                                    count(report.n_done), count(experiment_->n_runs()))
                      : fmt::format("{}. {} of {} runs kept.", why, count(report.n_done),
                                    count(experiment_->n_runs())));
  if (flags_.only_result) return by_time ? sim::ExitCode::stopped : sim::ExitCode::interrupted;
  if (n > 0) {
    say_written(terminal, partial_output(), "partial");
    terminal.note(is_id
                      ? fmt::format("   {}   {} kemungkinan dari {} opsi (ditandai tidak lengkap)",
                                    partial_output(), count(n), experiment_->variants().size())
                      : fmt::format("   {}   {} futures of {} options (marked incomplete)",
                                    partial_output(), count(n), experiment_->variants().size()));
  }
  const std::string again = flags_.typed_again();
  terminal.note(fmt::format(
      "   musi run {}{}{} --resume    {}", shell_word(typed_), again.empty() ? "" : " ", again,
      is_id ? "melanjutkan dengan angka yang sama" : "continues with the same numbers"));
  return by_time ? sim::ExitCode::stopped : sim::ExitCode::interrupted;
}

void RunJob::say_written(Terminal& terminal, const std::string& path, const char* kind) const {
  std::error_code ignored;
  const auto bytes = fs::file_size(path, ignored);
  if (terminal.globals().json) {
    terminal.event("written", fmt::format("\"path\":{},\"kind\":\"{}\",\"bytes\":{},\"sha256\":{}",
                                          json_text(path), kind, bytes,
                                          json_text(analysis::sha256_of_file(path))));
    return;
  }
  if (std::string_view(kind) != "result") return;
  const std::string& lang = terminal.globals().lang;
  const bool is_id = lang == "id";
  const auto threads = static_cast<double>(flags_.n_threads());
  const std::string each =
      n_computed_ == 0
          ? ""
          : fmt::format(", {:.2g} s {}", seconds_ * threads / static_cast<double>(n_computed_),
                        is_id ? "masing-masing" : "each");
  terminal.note(fmt::format(
      is_id ? fmt::runtime(
                  "\n ditulis {}  ({})   {} kali jalan dalam {} dengan {} utas{}, {:.0f} MiB")
            : fmt::runtime("\n wrote {}  ({})   {} runs in {} on {} threads{}, {:.0f} MiB"),
      path, size_text(static_cast<double>(bytes)),
      number_text(static_cast<double>(n_computed_), 0, lang), short_time(seconds_),
      flags_.n_threads(), each, peak_memory_mib()));
  terminal.note(fmt::format(" {}  musi inspect {} --assumptions{}",
                            is_id ? "berikutnya:" : "next:", shell_word(path),
                            wants_report_ ? "" : "      musi report " + shell_word(path)));
}

}  // namespace musi::cli
