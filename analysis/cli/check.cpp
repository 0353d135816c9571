#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/cli/catalogue.h"
#include "analysis/cli/command.h"
#include "analysis/cli/plan_text.h"
#include "analysis/cli/run_flags.h"
#include "analysis/cli/terminal.h"
#include "analysis/experiment.h"
#include "analysis/input_files.h"
#include "analysis/scenario/reader.h"
#include "analysis/score_sheet.h"

namespace musi::cli {
namespace {

/// What was read of one PATH.
struct Checked {
  std::string path;
  analysis::ReadResult read;
  bool is_sheet = false, is_city = false;
  std::size_t n_rows = 0;
};

class Check final : public Command {
 public:
  std::string_view name() const override { return "check"; }
  std::string_view summary() const override { return "validate, run nothing"; }
  std::string_view footer() const override {
    return "Exit codes: 0 valid, 2 wrong use, 3 invalid (or warnings, with --strict), 4 a file "
           "cannot be read.\n"
           "Example: musi check scenarios/palembang-baseline.yaml --set funding.scale_pct=200";
  }
  void declare(CLI::App& app) override {
    app.add_option("PATH", paths_,
                   "scenario, city folder, survey sheet (.csv); - is a scenario "
                   "on standard input")
        ->required();
    app.add_flag("--resolved", resolved_, "print the merged scenario, each line with its origin");
    app.add_flag("--strict", strict_, "warnings are errors");
    app.add_option("--set", flags_.sets, "PATH=VALUE laid over everything in the file (repeatable)")
        ->allow_extra_args(false);
    app.add_option("--option", flags_.options, "check the plan of this option (repeatable)")
        ->allow_extra_args(false);
    app.add_option("-n,--replicates", flags_.replicates, "futures of each option");
    app.add_option("-j,--threads", flags_.threads, "threads of the time guess");
    app.add_flag("--allow-large", flags_.allow_large, "more than 10 million runs");
  }

  sim::ExitCode run(Terminal& terminal) override {
    flags_.check();
    if (std::count(paths_.begin(), paths_.end(), "-") > 1) {
      throw UsageError("standard input (-) can be read only once");
    }
    std::vector<std::unique_ptr<Checked>> all;
    sim::io::Problems problems;
    for (const std::string& path : paths_) {
      all.push_back(read(path, problems));
    }
    if (strict_) problems.make_warnings_errors();
    if (problems.has_errors()) {
      say_counts(terminal, all, problems);
      problems.throw_if_errors();
    }
    problems.sort();
    terminal.problems(problems.all(), sim::ExitCode::done, "", "");
    for (const auto& checked : all) say(terminal, *checked);
    say_counts(terminal, all, problems);
    if (!resolved_) terminal.answer(ending(terminal.globals().lang, problems.n_warnings()) + "\n");
    return sim::ExitCode::done;
  }

 private:
  std::unique_ptr<Checked> read(const std::string& path, sim::io::Problems& problems) const {
    auto checked = std::make_unique<Checked>();
    checked->path = path;
    if (path != "-" && analysis::is_folder(path)) {
      checked->read = analysis::read_city_folder(path);
      checked->is_city = true;
    } else if (path.ends_with(".csv")) {
      checked->is_sheet = true;
      try {
        checked->n_rows = analysis::read_score_sheet(path, {}).rows.size();
      } catch (const sim::InputError& error) {
        problems.append(error.problems());
      }
    } else {
      checked->read = analysis::read_scenario(
          path, {.sets = flags_.all_sets(), .options = {}, .allow_large = flags_.allow_large});
    }
    problems.append(checked->read.problems);
    return checked;
  }

  void say(Terminal& terminal, const Checked& checked) const {
    const std::string& lang = terminal.globals().lang;
    const bool is_id = lang == "id";
    if (checked.is_sheet) {
      terminal.answer(fmt::format("{}   {} RT\n", checked.path, checked.n_rows));
      return;
    }
    if (checked.is_city) {
      const auto& sites = checked.read.city->city->sites;
      terminal.answer(fmt::format(is_id ? fmt::runtime("{}   {} lokasi, {} luas sintetis\n")
                                        : fmt::runtime("{}   {} sites, {} synthetic areas\n"),
                                  checked.path, sites.size(), checked.read.plan.n_synthetic_areas));
      return;
    }
    const analysis::Experiment experiment(checked.read, flags_.options, flags_.text());
    const std::size_t n_threads = flags_.n_threads();
    terminal.event("plan", plan_fields(experiment, n_threads));
    if (resolved_) {
      for (const analysis::Variant* v : experiment.variants()) {
        if (experiment.variants().size() > 1) {
          terminal.answer(fmt::format("--- # {} {}\n", is_id ? "opsi" : "option", v->name));
        }
        terminal.answer(v->resolved);
      }
      return;
    }
    terminal.answer(plan_text(experiment, n_threads, lang) + "\n");
    terminal.answer(cost_text(experiment, n_threads, lang) + "\n");
    if (terminal.globals().verbose) {
      for (const std::string& path : checked.read.plan.unsourced) {
        terminal.note(fmt::format("{}: {}", is_id ? "tanpa sumber" : "no source", path));
      }
    }
  }

  static std::string ending(const std::string& lang, std::size_t n_warnings) {
    if (lang == "id") {
      return n_warnings == 0 ? "sah" : fmt::format("sah, {} peringatan", n_warnings);
    }
    return n_warnings == 0
               ? "valid"
               : fmt::format("valid, {} warning{}", n_warnings, n_warnings == 1 ? "" : "s");
  }

  void say_counts(Terminal& terminal, const std::vector<std::unique_ptr<Checked>>& all,
                  const sim::io::Problems& problems) const {
    if (!terminal.globals().json) return;
    std::size_t uncertain = 0, unsourced = 0;
    std::string resolved;
    for (const auto& checked : all) {
      uncertain += checked->read.plan.n_uncertain;
      unsourced += checked->read.plan.n_unsourced;
      for (const analysis::Variant& v : checked->read.variants) {
        resolved += fmt::format("{}{}:{}", resolved.empty() ? "" : ",", json_text(v.name),
                                json_text(v.resolved));
      }
    }
    terminal.event("result",
                   fmt::format("\"errors\":{},\"warnings\":{},\"uncertain\":{},\"unsourced\":{},"
                               "\"resolved\":{}",
                               problems.n_errors(), problems.n_warnings(), uncertain, unsourced,
                               resolved_ ? "{" + resolved + "}" : "null"));
  }

  RunFlags flags_;
  std::vector<std::string> paths_;
  bool resolved_ = false, strict_ = false;
};

}  // namespace

std::unique_ptr<Command> make_check() { return std::make_unique<Check>(); }

}  // namespace musi::cli
