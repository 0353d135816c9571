#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <bit>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/cli/catalogue.h"
#include "analysis/cli/command.h"
#include "analysis/cli/output_path.h"
#include "analysis/cli/plan_text.h"
#include "analysis/cli/progress.h"
#include "analysis/cli/run_flags.h"
#include "analysis/cli/run_solver.h"
#include "analysis/cli/signals.h"
#include "analysis/cli/simulation.h"
#include "analysis/cli/terminal.h"
#include "analysis/outcomes.h"
#include "sim/core/record_store.h"
#include "sim/io/text.h"

namespace musi::cli {
namespace {

using analysis::number_text;

constexpr const char* usual_futures = "50";

/// Few enough that an early stop leaves futures of every option, enough that the threads do not
/// meet at the next option before its shared runs are there. Divides the rounds in which
/// sampling.stop_early looks.
std::size_t batch_for(std::size_t n_threads) {
  return std::min(std::bit_ceil(2 * n_threads), analysis::runs_per_batch);
}

std::string ground_json(const analysis::OptionOutcome& outcome) {
  const auto ground = ground_at_zero(outcome);
  if (!ground) return "";
  return fmt::format(
      ",\"ground_at_zero\":{{\"futures\":{},\"with_slum\":{},\"area_ha\":{:.6g},"
      "\"of_start_pct\":{:.6g}}}",
      ground->n_reached, ground->n_left, ground->mean_ha, ground->mean_pct);
}

class Preview final : public Command {
 public:
  std::string_view name() const override { return "preview"; }
  std::string_view summary() const override { return "the answer of run, quickly"; }
  std::string_view footer() const override {
    return "Answers when 0 % is reached, how sure that is and what it costs, for the very futures "
           "that 'musi run' with the same -n draws, and with the same numbers. A future ends once "
           "its zero is reached and the years of the column 'spent' have passed, and nothing else "
           "is taken down: what comes after zero, sites, people and money by source need 'musi "
           "run'. Writes no file.\n"
           "Options with a lever to find (solve_for) are left out; 'musi run' finds it.\n"
           "Exit codes: 0 done, 2 wrong use, 3 scenario or data invalid, 4 a file cannot be read, "
           "5 time limit reached, 130 interrupted; with 5 and 130 the answer is that of the "
           "futures which are done.\n"
           "Example: musi preview scenarios/palembang-baseline.yaml --set funding.scale_pct=200";
  }
  void declare(CLI::App& app) override {
    app.add_option("SCENARIO", file_, "scenario file; - is standard input")->required();
    flags_.declare_futures(app);
    app.get_option("--replicates")
        ->description(fmt::format("futures of each option, default {}", usual_futures));
  }

  sim::ExitCode run(Terminal& terminal) override {
    flags_.check();
    const std::string typed = flags_.text() + (flags_.no_sweep ? " --no-sweep" : "");
    use_usual_futures();
    refuse_folder(file_);
    analysis::ReadResult read = analysis::read_scenario(file_, {.sets = flags_.all_sets(),
                                                                .options = {},
                                                                .allow_large = flags_.allow_large,
                                                                .with_sweep = !flags_.no_sweep});
    read.problems.throw_if_errors();
    terminal.problems(read.problems.all(), sim::ExitCode::done, "", "");
    analysis::Experiment experiment(read, options_to_run(terminal, read), flags_.text());
    experiment.ask_headline_alone();
    say_plan(terminal, experiment);
    sim::RecordStore store(experiment.series(), experiment.lengths(), experiment.variants().size(),
                           experiment.n_replicates());
    const Simulated simulated = simulate(terminal, experiment, store);
    terminal.count_runs(simulated.n_computed);
    const bool is_stopped =
        simulated.n_enough == 0 && simulated.report.n_done < experiment.n_runs();
    answer(terminal, experiment, store, simulated, is_stopped);
    say_how_to_go_on(terminal, typed);
    if (!is_stopped) return sim::ExitCode::done;
    return simulated.report.stopped == sim::StopReason::time_limit ? sim::ExitCode::stopped
                                                                   : sim::ExitCode::interrupted;
  }

 private:
  void use_usual_futures() {
    const bool is_set = std::any_of(flags_.sets.begin(), flags_.sets.end(), [](const auto& set) {
      return set.starts_with("sampling.replicates=");
    });
    if (flags_.replicates.empty() && !is_set) flags_.replicates = usual_futures;
  }

  /// Those that --option names, without those that have a lever to find first; empty: all.
  std::vector<std::string> options_to_run(Terminal& terminal,
                                          const analysis::ReadResult& read) const {
    const std::vector<std::string> unsolved = to_solve(read, flags_.options);
    if (unsolved.empty()) return flags_.options;
    std::vector<std::string> kept;
    const analysis::Experiment all(read, flags_.options, "");
    for (const analysis::Variant* v : all.variants()) {
      if (std::find(unsolved.begin(), unsolved.end(), v->name) == unsolved.end()) {
        kept.push_back(v->name);
      }
    }
    if (kept.empty()) {
      throw UsageError(fmt::format(
          "option '{}' has a lever to find (solve_for), and the search needs more than a preview; "
          "'musi run' finds it",
          unsolved.front()));
    }
    terminal.note(fmt::format(
        fmt::runtime(is_indonesian(terminal)
                         ? "tanpa {}: nilai solve_for masih harus dicari, dengan 'musi run'"
                         : "without {}: the lever of solve_for has to be found first, by 'musi "
                           "run'"),
        sim::io::joined(unsolved, 8)));
    return kept;
  }

  static bool is_indonesian(const Terminal& terminal) { return terminal.globals().lang == "id"; }

  void say_plan(Terminal& terminal, const analysis::Experiment& experiment) const {
    const std::string& lang = terminal.globals().lang;
    terminal.event("plan", plan_fields(experiment, flags_.n_threads()));
    if (terminal.shows_bars()) {
      terminal.note(plan_text(experiment, flags_.n_threads(), lang));
    } else {
      terminal.note(clock_text(terminal.seconds()) + " " +
                    plan_line(experiment, flags_.n_threads(), lang));
    }
  }

  Simulated simulate(Terminal& terminal, const analysis::Experiment& experiment,
                     sim::RecordStore& store) const {
    sim::Cancellation& cancellation = stop_on_signals();
    const auto limit = flags_.seconds_allowed();
    Simulation simulation{experiment, flags_.n_threads()};
    simulation.batch = batch_for(flags_.n_threads());
    return simulation.run(terminal, store, cancellation, [&] {
      if (limit && terminal.seconds() > *limit) {
        cancellation.request(sim::StopReason::time_limit);
      }
    });
  }

  void answer(Terminal& terminal, const analysis::Experiment& experiment,
              const sim::RecordStore& store, const Simulated& simulated, bool is_stopped) const {
    const std::string& lang = terminal.globals().lang;
    analysis::HeadlineQuestion question = experiment.question();
    question.is_complete = !is_stopped;
    const auto outcomes = outcomes_of(store, experiment, question);
    const auto count = [&](std::size_t n) { return number_text(static_cast<double>(n), 0, lang); };
    const bool is_id = is_indonesian(terminal);
    if (!outcomes.empty()) {
      terminal.answer(headline_text(question, outcomes, lang, terminal.globals().plain));
    }
    for (std::size_t o = 0; o < outcomes.size(); ++o) {
      terminal.event("result", headline_json(headline_of(outcomes[o], question),
                                             experiment.variants()[o]->level) +
                                   ground_json(outcomes[o]));
    }
    if (simulated.n_enough > 0) {
      terminal.note(enough_text(simulated.n_enough, experiment.n_replicates(), lang));
    }
    if (!is_stopped) return;
    const std::string text = fmt::format(
        fmt::runtime(is_id ? " {}: jawaban dari {} di antara {} kemungkinan tiap opsi.\n"
                           : " {}: the answer of {} of {} futures of each option.\n"),
        stop_words(simulated.report.stopped, lang), count(store.n_complete()),
        count(experiment.n_replicates()));
    if (!terminal.globals().plain) terminal.answer(text);
    if (terminal.globals().plain) terminal.note(text.substr(0, text.size() - 1));
  }

  void say_how_to_go_on(Terminal& terminal, const std::string& typed) const {
    terminal.note(fmt::format(
        fmt::runtime(is_indonesian(terminal)
                         ? "\n tidak ada berkas yang ditulis; semuanya (sesudah nol, lokasi, "
                           "penduduk, laporan):\n   musi run {}{}{}"
                         : "\n no file was written; everything (after zero, sites, people, "
                           "report):\n   musi run {}{}{}"),
        shell_word(file_), typed.empty() || typed.front() == ' ' ? "" : " ", typed));
  }

  RunFlags flags_;
  std::string file_;
};

}  // namespace

std::unique_ptr<Command> make_preview() { return std::make_unique<Preview>(); }

}  // namespace musi::cli
