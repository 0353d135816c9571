#include "analysis/compare.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/cli/catalogue.h"
#include "analysis/cli/command.h"
#include "analysis/cli/result_use.h"
#include "analysis/cli/terminal.h"
#include "analysis/report/page_reader.h"

namespace musi::cli {
namespace {

class Compare final : public Command {
 public:
  std::string_view name() const override { return "compare"; }
  std::string_view summary() const override { return "options side by side"; }
  std::string_view footer() const override {
    return "Prints the assumptions that differ, the outcomes with 95 % intervals, and each option "
           "against the baseline, future by future under the same luck. Futures are paired if "
           "seed, "
           "design, number of futures and city data agree; else it says why not. "
           "A report holds areas of its headline year and money until then; other years need "
           "the result file.\n"
           "Exit codes: 0 done, 2 wrong use, 3 results of other cities, definitions of zero or "
           "price "
           "years, 4 a result cannot be read.\n"
           "Example: musi compare results/palembang-four-options.h5 --baseline current "
           "--metric restricted_mean_years";
  }
  void declare(CLI::App& app) override {
    app.add_option("RESULT", paths_, "result files, or reports (.html)")->required();
    app.add_option("--baseline", baseline_,
                   "option that others are held against, default the first");
    app.add_option("--metric", metrics_,
                   "chance_by:YEAR, restricted_mean_years, not_reached_pct, slum_area_ha:YEAR, "
                   "paid_idr_bn:YEAR..YEAR (repeatable)")
        ->allow_extra_args(false);
    app.add_flag("--all", all_, "also assumptions that are equal");
    app.add_flag("--unpaired", unpaired_, "as if futures had nothing in common");
    app.add_option("--format", format_, "table, csv or markdown");
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
    const analysis::CompareFormat format = wanted_format(terminal);
    analysis::CompareOptions options;
    options.baseline = baseline_;
    options.all_assumptions = all_;
    options.unpaired = unpaired_;
    for (const std::string& text : metrics_) {
      options.metrics.push_back(analysis::parse_metric(text));
    }
    std::vector<std::unique_ptr<analysis::Results>> results;
    for (const std::string& path : paths_) {
      for (auto& opened : analysis::open_results(path)) results.push_back(std::move(opened));
    }
    const analysis::Comparison comparison = compare(results, options);
    for (const auto& r : results) warn_if_incomplete(terminal, *r);
    terminal.answer(comparison_text(comparison, format, terminal.globals().lang));
    terminal.event("result", comparison_json(comparison));
    return sim::ExitCode::done;
  }

  analysis::CompareFormat wanted_format(const Terminal& terminal) const {
    using analysis::CompareFormat;
    if (format_ == "csv") return CompareFormat::csv;
    if (format_ == "markdown") return CompareFormat::markdown;
    if (!format_.empty() && format_ != "table") {
      throw UsageError(fmt::format("--format '{}': choose table, csv or markdown", format_));
    }
    return terminal.globals().plain ? CompareFormat::plain : CompareFormat::table;
  }

  std::vector<std::string> paths_, metrics_;
  std::string baseline_, format_;
  bool all_ = false, unpaired_ = false;
};

}  // namespace

std::unique_ptr<Command> make_compare() { return std::make_unique<Compare>(); }

}  // namespace musi::cli
