#include "analysis/drivers.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
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
#include "analysis/experiment.h"
#include "analysis/report/question.h"

namespace musi::cli {
namespace {

namespace fs = std::filesystem;

class Drivers final : public Command {
 public:
  std::string_view name() const override { return "drivers"; }
  std::string_view summary() const override { return "what the result depends on"; }
  std::string_view footer() const override {
    return "Ranks the uncertain inputs of a result by what happens in the futures where each is "
           "low "
           "or high (lowest and highest quarter of its values), with 95 % intervals and the value "
           "at "
           "which the chance passes one half or the wished chance. Which inputs stand out from "
           "chance is judged over all of them at a false discovery rate of 10 %.\n"
           "Exit codes: 0 done, 2 wrong use, 3 the file is no result, 4 a file cannot be read.\n"
           "Example: musi drivers results/palembang-baseline.h5 --of slum_area_ha:2035";
  }
  void declare(CLI::App& app) override {
    app.add_option("RESULT", file_, "result file")->required();
    app.add_option("--of", of_,
                   "chance_by:YEAR, restricted_mean_years, slum_area_ha:YEAR or paid_idr_bn; "
                   "default the chance of the headline");
    app.add_option("--method", method_, "auto or regional, default auto");
    app.add_option("--top", top_, "rows to print, default 10");
    app.add_option("--option", options_, "option of the result, default the first")
        ->allow_extra_args(false);
  }

  sim::ExitCode run(Terminal& terminal) override {
    try {
      return run_checked(terminal);
    } catch (const std::invalid_argument& error) {
      throw UsageError(fmt::format("--of: {}", error.what()));
    }
  }

 private:
  sim::ExitCode run_checked(Terminal& terminal) {
    if (!method_.empty() && method_ != "auto" && method_ != "regional") {
      throw UsageError(fmt::format("--method {}: choose auto or regional", method_));
    }
    return of_result(terminal);
  }

  std::size_t top() const {
    return top_.empty() ? 10 : static_cast<std::size_t>(flag_number("--top", top_, 1, 1e6, true));
  }

  sim::ExitCode of_result(Terminal& terminal) const {
    const analysis::Results results(file_);
    const std::size_t option = chosen_option(results, options_);
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
    report.mean_outcome = analysis::mean(outcome);
    report.is_constant = std::all_of(outcome.begin(), outcome.end(),
                                     [&](double value) { return value == outcome.front(); });
    report.rows = analysis::regional_drivers(results, option, report.metric, q.chance_pct);
    say(terminal, report);
    return sim::ExitCode::done;
  }

  static void check_years(const analysis::CompareMetric& metric, int first, int last) {
    if (metric.from == 0) return;
    if (metric.from >= first && metric.to <= last) return;
    throw UsageError(fmt::format("--of {}: the result holds {} to {}", metric.text, first, last));
  }

  static void say(Terminal& terminal, const DriverReport& report) {
    terminal.answer(driver_text(report, terminal.globals().lang, terminal.globals().plain));
    for (const analysis::DriverRow& row : report.rows) {
      terminal.event("result", driver_json(row));
    }
  }

  std::string file_, of_, method_, top_;
  std::vector<std::string> options_;
};

}  // namespace

std::unique_ptr<Command> make_drivers() { return std::make_unique<Drivers>(); }

}  // namespace musi::cli
