#include "analysis/drivers.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/cli/catalogue.h"
#include "analysis/cli/command.h"
#include "analysis/cli/driver_text.h"
#include "analysis/cli/lab_session.h"
#include "analysis/cli/result_use.h"
#include "analysis/cli/run_flags.h"
#include "analysis/driver_design.h"
#include "analysis/driver_file.h"
#include "analysis/experiment.h"
#include "analysis/provenance.h"
#include "analysis/report/question.h"
#include "sim/io/file.h"

namespace musi::cli {
namespace {

namespace fs = std::filesystem;
using analysis::NamedFactor;

/// More runs of a Sobol design need --allow-large.
constexpr std::size_t most_sobol_runs = 20'000;

class Drivers final : public Command {
 public:
  std::string_view name() const override { return "drivers"; }
  std::string_view summary() const override { return "what the result depends on"; }
  std::string_view footer() const override {
    return "Of a RESULT: ranks the uncertain inputs by what happens in the futures where each is "
           "low "
           "or high (lowest and highest quarter of its values), with 95 % intervals and the value "
           "at "
           "which the chance passes one half or the wished chance. Nothing is run.\n"
           "Of a scenario FILE: runs a design; the number of runs is said first. morris (auto): "
           "every input moves once along each of -n trajectories (default 10) of one luck each; "
           "n (k + 2) runs. sobol (auto with --inputs or --groups): shares of the variance, alone "
           "and with interactions, from n (2 (k + 1) + 2) runs, -n rows, default 256; all inputs "
           "that --inputs does not name vary together as one. Chance events are one more factor in "
           "both, which states the noise. Writes results/NAME-drivers.json.\n"
           "Which inputs stand out from chance is judged over all of them at a false discovery "
           "rate "
           "of 10 %.\n"
           "Exit codes: 0 done, 2 wrong use, 3 scenario or data invalid, 4 a file cannot be read "
           "or "
           "written, 5 time limit reached, 130 interrupted; with 5 and 130 finished runs are kept "
           "and --resume goes on.\n"
           "Example: musi drivers scenarios/palembang-baseline.yaml --of slum_area_ha:2035 "
           "--method "
           "sobol --inputs funding.scale_pct --inputs parameters.land_unclear_share_pct -n 64";
  }
  void declare(CLI::App& app) override {
    app.add_option("FILE", file_, "scenario or result file")->required();
    app.add_option("--of", of_,
                   "chance_by:YEAR, restricted_mean_years, slum_area_ha:YEAR or paid_idr_bn; "
                   "default the chance of the headline");
    app.add_option("--method", method_, "auto, regional, morris or sobol, default auto");
    app.add_option("--top", top_, "rows to print, default 10");
    app.add_option(
           "--inputs", inputs_,
           "PATH of an uncertain input to tell apart (repeatable); the others vary together")
        ->allow_extra_args(false);
    app.add_flag("--groups", groups_, "tell groups of inputs apart, by the first words of paths");
    flags_.declare(app, "JSON file; default results/NAME-drivers.json, of a RESULT none", true);
  }

  sim::ExitCode run(Terminal& terminal) override {
    try {
      return run_checked(terminal);
    } catch (const std::invalid_argument& error) {
      throw UsageError(error.what());
    }
  }

 private:
  sim::ExitCode run_checked(Terminal& terminal) {
    const std::vector<std::string> methods{"auto", "regional", "morris", "sobol"};
    if (!method_.empty() && std::find(methods.begin(), methods.end(), method_) == methods.end()) {
      throw UsageError(fmt::format("--method {}: choose auto, regional, morris or sobol", method_));
    }
    flags_.check();
    if (flags_.options.size() > 1) throw UsageError("--option: drivers asks one option");
    if (groups_ && !inputs_.empty()) throw UsageError("give either --inputs or --groups");
    return is_result() ? of_result(terminal) : of_scenario(terminal);
  }

  /// HDF5 files begin with these bytes.
  bool is_result() const {
    if (file_ == "-" || !fs::is_regular_file(file_)) return fs::path(file_).extension() == ".h5";
    std::ifstream stream(file_, std::ios::binary);
    std::string begin(4, '\0');
    stream.read(begin.data(), 4);
    return begin == "\x89HDF";
  }

  std::size_t top() const {
    return top_.empty() ? 10 : static_cast<std::size_t>(flag_number("--top", top_, 1, 1e6, true));
  }

  // --- a result ---------------------------------------------------------------------------------

  sim::ExitCode of_result(Terminal& terminal) {
    if (method_ == "morris" || method_ == "sobol" || groups_ || !inputs_.empty()) {
      throw UsageError(
          fmt::format("{} is a result, whose futures are run: only --method regional; "
                      "morris and sobol need the scenario",
                      file_));
    }
    if (!flags_.sets.empty() || !flags_.replicates.empty() || !flags_.seed.empty()) {
      throw UsageError("--set, -n and --seed: a result is not run again");
    }
    prepare_output(nullptr);
    const analysis::Results results(file_);
    const std::size_t option = chosen_option(results, flags_.options);
    warn_if_incomplete(terminal, results);
    const analysis::HeadlineQuestion q =
        analysis::question_of(results, analysis::resolved_options(results)[option]);
    DriverReport report;
    report.metric = analysis::driver_metric(of_, q.headline_year, q.spent_from, q.spent_to);
    check_years(report.metric, results.years().front(), results.years().back());
    report.definition = results.headline_definition();
    report.option = results.options()[option];
    report.n_futures = results.n_replicates();
    report.top = top();
    const std::vector<double> outcome = analysis::metric_values(
        results, option, report.metric, results.years().front(), results.years().back());
    set_outcome(report, outcome);
    report.rows = analysis::regional_drivers(results, option, report.metric, q.chance_pct);
    say(terminal, report);
    if (output_.empty()) return sim::ExitCode::done;
    analysis::DriverFile file;
    file.scenario = fs::path(file_).stem().string();
    file.assumptions = analysis::assumption_hash(analysis::resolved_of(results, option));
    file.n = results.n_replicates();
    write(terminal, report, file);
    return sim::ExitCode::done;
  }

  static void check_years(const analysis::CompareMetric& metric, int first, int last) {
    if (metric.from == 0) return;
    if (metric.from >= first && metric.to <= last) return;
    throw UsageError(fmt::format("--of {}: the years are {} to {}", metric.text, first, last));
  }

  static void set_outcome(DriverReport& report, const std::vector<double>& outcome) {
    report.mean_outcome = analysis::mean(outcome);
    report.is_constant = std::all_of(outcome.begin(), outcome.end(),
                                     [&](double value) { return value == outcome.front(); });
  }

  static void say(Terminal& terminal, const DriverReport& report) {
    terminal.answer(driver_text(report, terminal.globals().lang, terminal.globals().plain));
    for (const analysis::DriverRow& row : report.rows) {
      terminal.event("result", driver_json(row));
    }
  }

  // --- a design ---------------------------------------------------------------------------------

  sim::ExitCode of_scenario(Terminal& terminal) {
    if (method_ == "regional") {
      throw UsageError(
          "--method regional needs a result: `musi run FILE`, then `musi drivers "
          "results/NAME.h5`");
    }
    const bool is_sobol =
        method_ == "sobol" || (method_ != "morris" && (groups_ || !inputs_.empty()));
    const bool has_n = !flags_.replicates.empty();
    if (!has_n) flags_.replicates = is_sobol ? "256" : "10";
    if (!is_sobol && has_n) flag_number("--replicates", flags_.replicates, 2, 1e6, true);
    LabSession session(terminal, flags_, file_, "drivers");
    prepare_output(&session);
    const models::Scenario& scenario = session.variant().scenario;
    const analysis::HeadlineQuestion q = session.laboratory().experiment().question();
    DriverReport report;
    report.method = is_sobol ? DriverMethod::sobol : DriverMethod::morris;
    report.metric = analysis::driver_metric(of_, q.headline_year, q.spent_from, q.spent_to);
    check_years(report.metric, q.start_year, q.end_year);
    report.definition = q.definition;
    report.option = session.variant().name;
    report.top = top();
    const std::vector<NamedFactor> factors = factors_of(scenario);
    const std::size_t n = session.n_replicates();
    return is_sobol ? sobol(session, report, factors, n, q.chance_pct)
                    : morris(session, report, factors, n);
  }

  std::vector<NamedFactor> factors_of(const models::Scenario& scenario) const {
    if (scenario.design_inputs().empty() || !scenario.uncertainty) {
      throw UsageError("the scenario has no uncertain inputs: nothing varies");
    }
    if (!inputs_.empty()) return analysis::chosen_factors(scenario, inputs_);
    return groups_ ? analysis::grouped_factors(scenario) : analysis::single_factors(scenario);
  }

  sim::ExitCode morris(LabSession& session, DriverReport& report,
                       const std::vector<NamedFactor>& factors, std::size_t n) {
    const analysis::MorrisRun design(session.variant().scenario, factors, n);
    say_size(session, "morris", factors.size(), analysis::MorrisRun::n_runs(factors.size(), n),
             fmt::format("{} x ({} + 2)", n, factors.size()));
    std::vector<std::vector<double>> outcomes;
    const sim::ExitCode code = run_design(
        session, report, "morris", factors, outcomes, [&](analysis::Laboratory& laboratory) {
          return design.add_to(laboratory, session.variant().name);
        });
    if (code != sim::ExitCode::done) return code;
    report.rows = design.rows(outcomes);
    analysis::mark_discoveries(report.rows);
    return finish(session, report, n);
  }

  sim::ExitCode sobol(LabSession& session, DriverReport& report,
                      const std::vector<NamedFactor>& factors, std::size_t n, double wished_pct) {
    const std::size_t n_runs = analysis::SobolRun::n_runs(factors.size(), n);
    const std::string how = fmt::format("{} x (2 x ({} + 1) + 2)", n, factors.size());
    if (n_runs > most_sobol_runs && !flags_.allow_large) {
      throw UsageError(fmt::format(
          "sobol of {} factors takes {} runs ({}), more than {}: name the inputs that matter with "
          "--inputs PATH, take --groups, fewer rows with -n, or --allow-large. `musi drivers {} "
          "--method morris` tells which matter",
          factors.size(), n_runs, how, most_sobol_runs, shell_word(file_)));
    }
    const analysis::SobolRun design(session.variant().scenario, factors, n);
    say_size(session, "sobol", factors.size(), n_runs, how);
    std::vector<std::vector<double>> outcomes;
    const sim::ExitCode code = run_design(
        session, report, "sobol", factors, outcomes, [&](analysis::Laboratory& laboratory) {
          return design.add_to(laboratory, session.variant().name);
        });
    if (code != sim::ExitCode::done) return code;
    report.rows = design.rows(outcomes, analysis::is_share(report.metric), wished_pct);
    return finish(session, report, n);
  }

  /// The number of runs, before the first.
  void say_size(LabSession& session, const char* method, std::size_t n_factors, std::size_t n_runs,
                const std::string& how) {
    Terminal& terminal = session.terminal();
    const std::string runs =
        analysis::number_text(static_cast<double>(n_runs), 0, terminal.globals().lang);
    terminal.note(session.is_indonesian()
                      ? fmt::format("{}: {} faktor dan kejadian kebetulan, {} kali jalan = {}",
                                    method, n_factors, runs, how)
                      : fmt::format("{}: {} factors and chance events, {} runs = {}", method,
                                    n_factors, runs, how));
    n_runs_ = n_runs;
  }

  template <class Add>
  sim::ExitCode run_design(LabSession& session, DriverReport& report, const std::string& method,
                           const std::vector<NamedFactor>& factors,
                           std::vector<std::vector<double>>& outcomes, Add&& add) {
    std::string names;
    for (const NamedFactor& factor : factors) {
      names += fmt::format("{}{}:{}", names.empty() ? "" : " ", factor.name, factor.inputs.size());
    }
    session.begin({{"method", method}, {"factors", analysis::sha256(names)}});
    const analysis::DesignTrials design = add(session.laboratory());
    session.say_plan(design.trials.size(), design.n_runs, true);
    if (!session.run(design.trials, design.names, "run")) return session.stopped(typed_again());
    std::vector<double> all;
    for (const std::size_t trial : design.trials) {
      outcomes.push_back(analysis::metric_values(session.laboratory().outcomes(trial),
                                                 report.metric, report.definition));
      all.insert(all.end(), outcomes.back().begin(), outcomes.back().end());
    }
    set_outcome(report, all);
    report.n_futures = all.size();
    return sim::ExitCode::done;
  }

  sim::ExitCode finish(LabSession& session, DriverReport& report, std::size_t n) {
    analysis::rank(report.rows);
    analysis::DriverFile file;
    file.scenario = session.read().name;
    file.assumptions = analysis::assumption_hash(session.variant().resolved);
    file.seed = session.variant().scenario.sampling.seed;
    file.n = n;
    file.runs = n_runs_;
    say(session.terminal(), report);
    write(session.terminal(), report, file);
    say_next(session, report);
    session.finish();
    return sim::ExitCode::done;
  }

  void write(Terminal& terminal, const DriverReport& report, analysis::DriverFile& file) const {
    file.method = method_word(report.method);
    file.metric = report.metric;
    file.definition = report.definition;
    file.option = report.option;
    file.mean_outcome = report.mean_outcome;
    file.rows = report.rows;
    const std::string bytes = analysis::driver_file_text(file);
    sim::io::write_file(output_, bytes,
                        flags_.force ? sim::io::Existing::replace : sim::io::Existing::refuse,
                        true);
    terminal.note(
        fmt::format(" {} {}", terminal.globals().lang == "id" ? "ditulis" : "wrote", output_));
    terminal.event("written", fmt::format("\"path\":{},\"kind\":\"result\",\"bytes\":{},"
                                          "\"sha256\":{}",
                                          json_text(output_), bytes.size(),
                                          json_text(analysis::sha256(bytes))));
  }

  static const char* method_word(DriverMethod method) {
    return method == DriverMethod::sobol    ? "sobol"
           : method == DriverMethod::morris ? "morris"
                                            : "regional";
  }

  /// After a screening: the inputs that a Sobol design should tell apart.
  void say_next(LabSession& session, const DriverReport& report) const {
    if (report.method != DriverMethod::morris || groups_ || report.is_constant) return;
    std::string inputs;
    std::size_t n_named = 0;
    for (const analysis::DriverRow& row : report.rows) {
      if (row.path == analysis::chance_events || row.path == "all other inputs") continue;
      if (n_named++ == 4) break;
      inputs += " --inputs " + shell_word(row.path);
    }
    session.terminal().note(
        fmt::format(" {}  musi drivers {}{} --method sobol{} --force",
                    session.is_indonesian() ? "lalu:" : "next:", shell_word(file_),
                    of_.empty() ? "" : " --of " + shell_word(of_), inputs));
  }

  void prepare_output(const LabSession* session) {
    output_ = flags_.output;
    if (output_.empty() && session != nullptr) {
      output_ = session->laboratory().experiment().default_output();
      if (fs::path(output_).extension() == ".h5") output_.resize(output_.size() - 3);
      output_ += "-drivers.json";
    }
    if (!output_.empty() && fs::exists(output_) && !flags_.force) {
      throw sim::IoError("exists", fmt::format("'{}' exists; use --force to replace it, or another "
                                               "name with -o",
                                               output_));
    }
  }

  std::string typed_again() const {
    std::string text;
    const auto add = [&](const char* flag, const std::string& value) {
      if (!value.empty()) {
        text += fmt::format("{}{} {}", text.empty() ? "" : " ", flag, shell_word(value));
      }
    };
    add("--of", of_);
    add("--method", method_);
    add("--top", top_);
    for (const std::string& input : inputs_) add("--inputs", input);
    if (groups_) text += text.empty() ? "--groups" : " --groups";
    const std::string flags = flags_.typed_again();
    return flags.empty() ? text : text.empty() ? flags : text + " " + flags;
  }

  RunFlags flags_;
  std::string file_, of_, method_, top_, output_;
  std::vector<std::string> inputs_;
  bool groups_ = false;
  std::size_t n_runs_ = 0;
};

}  // namespace

std::unique_ptr<Command> make_drivers() { return std::make_unique<Drivers>(); }

}  // namespace musi::cli
