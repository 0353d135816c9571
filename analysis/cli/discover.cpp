#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cmath>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/cli/catalogue.h"
#include "analysis/cli/command.h"
#include "analysis/cli/lab_session.h"
#include "analysis/cli/result_use.h"
#include "analysis/cli/signals.h"
#include "analysis/drivers.h"
#include "analysis/failure_rule.h"
#include "analysis/headline.h"
#include "analysis/prim.h"

namespace musi::cli {
namespace {

using analysis::Box;
using analysis::BoxLimit;
using analysis::number_text;

std::string whole(std::size_t n, const std::string& lang) {
  return number_text(static_cast<double>(n), 0, lang);
}

std::string json_number(double value) {
  return std::isfinite(value) ? fmt::format("{:.10g}", value) : "null";
}

/// The seed of the result, so that resamples repeat.
std::uint64_t seed_of(const analysis::Results& results) {
  const std::string hex = results.provenance_attribute("seed_hex");
  const std::size_t from = hex.starts_with("0x") ? 2 : 0;
  std::uint64_t seed = 0;
  std::from_chars(hex.data() + from, hex.data() + hex.size(), seed, 16);
  return seed;
}

class Discover final : public Command {
 public:
  std::string_view name() const override { return "discover"; }
  std::string_view summary() const override { return "when it fails, in sentences"; }
  std::string_view footer() const override {
    return "Searches the futures of a result for boxes of few conditions on uncertain inputs in "
           "which most futures fail (PRIM: peeling, pasting, dropping what does not pay). "
           "Coverage: "
           "failures inside, of all. Density: failures, of the futures inside; where most futures "
           "fail anyway it must be higher than asked, and that is said. Each condition must pass a "
           "quasi-p-value of 0.05 and be found again in half of 50 resamples. All boxes together "
           "must reach the coverage.\n"
           "Exit codes: 0 found, 2 wrong use, 4 the result cannot be read, 6 no failure condition "
           "(the best box is named), 130 interrupted.\n"
           "Example: musi discover results/palembang-baseline.h5 --fails 'zero_year:Z3b>2040'";
  }
  void declare(CLI::App& app) override {
    app.add_option("RESULT", path_, "result file")->required();
    app.add_option("--fails", fails_,
                   "METRIC OP NUMBER with zero_year, zero_year:DEFINITION, slum_area_ha:YEAR, "
                   "paid_idr_bn:YEAR..YEAR; default: 0 % is not reached by the headline year");
    app.add_option("--option", options_, "option of the result, default the first")
        ->allow_extra_args(false);
    app.add_option("--max-conditions", max_conditions_, "conditions per box, default 3");
    app.add_option("--min-coverage-pct", min_coverage_,
                   "of all failures, in all boxes together, default 50");
    app.add_option("--min-density-pct", min_density_, "failures in each box, default 70");
    app.add_option("--boxes", boxes_, "most boxes, default 3");
  }

  sim::ExitCode run(Terminal& terminal) override {
    try {
      return run_checked(terminal);
    } catch (const std::invalid_argument& error) {
      throw UsageError(error.what());
    }
  }

 private:
  analysis::PrimOptions options_of_flags() const {
    analysis::PrimOptions options;
    const auto read = [](const char* flag, const std::string& text, double fallback, double low,
                         double high, bool is_whole) {
      return text.empty() ? fallback : flag_number(flag, text, low, high, is_whole);
    };
    options.max_limits =
        static_cast<std::size_t>(read("--max-conditions", max_conditions_, 3, 1, 20, true));
    options.max_boxes = static_cast<std::size_t>(read("--boxes", boxes_, 3, 1, 20, true));
    options.min_coverage = read("--min-coverage-pct", min_coverage_, 50, 0, 100, false) / 100.0;
    options.min_density = read("--min-density-pct", min_density_, 70, 1, 100, false) / 100.0;
    return options;
  }

  sim::ExitCode run_checked(Terminal& terminal) {
    analysis::PrimOptions options = options_of_flags();
    const analysis::Results results(path_);
    const std::size_t option = chosen_option(results, options_);
    const analysis::FailureRule rule = analysis::parse_failure(fails_, results);
    warn_if_incomplete(terminal, results);
    analysis::ResultInputs inputs = analysis::inputs_of(results, option);
    if (inputs.paths.empty()) {
      throw sim::IoError("no_inputs", fmt::format("'{}' holds no uncertain inputs: nothing varies",
                                                  results.path()));
    }
    analysis::PrimData data;
    data.inputs = std::move(inputs.values);
    data.fails = analysis::failures(rule, results, option);
    options.seed = seed_of(results);
    const sim::Cancellation& cancellation = stop_on_signals();
    options.go_on = [&](std::size_t done, std::size_t total) {
      terminal.event("progress", fmt::format("\"stage\":\"analyse\",\"option\":{},\"done\":{},"
                                             "\"total\":{},\"eta_s\":null",
                                             json_text(results.options()[option]), done, total));
      return cancellation.reason() == sim::StopReason::none;
    };
    const bool is_id = terminal.globals().lang == "id";
    const std::string& lang = terminal.globals().lang;
    terminal.note(is_id ? fmt::format("mencari dalam {} kemungkinan, {} masukan, {} sampel ulang",
                                      whole(data.fails.size(), lang), inputs.paths.size(),
                                      options.n_resamples)
                        : fmt::format("searching {} futures, {} inputs, {} resamples",
                                      whole(data.fails.size(), lang), inputs.paths.size(),
                                      options.n_resamples));
    const analysis::PrimAnswer answer = analysis::find_failures(data, options);
    if (answer.is_stopped) return sim::ExitCode::interrupted;
    terminal.answer(terminal.globals().plain
                        ? plain_text(answer, inputs, options)
                        : text(answer, inputs, options, rule, terminal.globals().lang));
    say_events(terminal, answer, inputs, options);
    return answer.is_enough ? sim::ExitCode::done : sim::ExitCode::answer_is_no;
  }

  // --- words ------------------------------------------------------------------------------------

  static std::string condition(const BoxLimit& limit, const analysis::ResultInputs& inputs,
                               const std::string& lang) {
    const bool is_id = lang == "id";
    const std::string& path = inputs.paths[limit.input];
    const std::string unit = unit_text(inputs.units[limit.input]);
    const std::string low = short_number(limit.low, lang), high = short_number(limit.high, lang);
    if (std::isinf(limit.high)) {
      return fmt::format("{} {} {}{}", path, is_id ? "di atas" : "above", low, unit);
    }
    if (std::isinf(limit.low)) {
      return fmt::format("{} {} {}{}", path, is_id ? "di bawah" : "below", high, unit);
    }
    return is_id ? fmt::format("{} antara {} dan {}{}", path, low, high, unit)
                 : fmt::format("{} between {} and {}{}", path, low, high, unit);
  }

  static std::string unit_text(const std::string& unit) {
    return unit.empty() || unit == "1" ? "" : " " + unit;
  }

  static std::string p_text(double p, const std::string& lang) {
    if (p < 0.001) return lang == "id" ? "p < 0,001" : "p < 0.001";
    return "p = " + number_text(p, 3, lang);
  }

  static std::string percent_of(std::size_t part, std::size_t all, const std::string& lang) {
    const double percent =
        all == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(all);
    return number_text(percent, 0, lang);
  }

  static std::string box_text(const Box& box, std::size_t number, std::size_t n_failures,
                              const analysis::ResultInputs& inputs, std::size_t n_resamples,
                              const std::string& lang) {
    const bool is_id = lang == "id";
    std::string conditions;
    double worst_p = 0.0;
    std::size_t least_found = n_resamples;
    for (const BoxLimit& limit : box.limits) {
      conditions += (conditions.empty() ? ""
                     : is_id            ? "\n    dan "
                                        : "\n    and ") +
                    condition(limit, inputs, lang);
      worst_p = std::max(worst_p, limit.quasi_p);
      least_found = std::min(least_found, limit.n_found);
    }
    std::string text = fmt::format(" {}  {}\n", number, conditions);
    const std::string inside = whole(box.n_futures, lang), failing = whole(box.n_failures, lang);
    const std::string share = percent_of(box.n_failures, n_failures, lang);
    text += is_id ? fmt::format(
                        "    gagal dalam {} dari {} kemungkinan seperti itu; {} dari 100 "
                        "kegagalan; {}, ditemukan dalam {} dari {} sampel ulang",
                        failing, inside, share, p_text(worst_p, lang), least_found, n_resamples)
                  : fmt::format(
                        "    fails in {} of {} such futures; {} of 100 failures; {}, found in {} "
                        "of {} resamples",
                        failing, inside, share, p_text(worst_p, lang), least_found, n_resamples);
    if (!std::isnan(box.left_out_density)) {
      const std::string left_out = number_text(100.0 * box.left_out_density, 0, lang);
      text += is_id ? fmt::format("; {} dari 100 pada kemungkinan di luar pencarian", left_out)
                    : fmt::format("; {} of 100 in futures left out of the search", left_out);
    }
    return text + "\n";
  }

  static std::string text(const analysis::PrimAnswer& answer, const analysis::ResultInputs& inputs,
                          const analysis::PrimOptions& options, const analysis::FailureRule& rule,
                          const std::string& lang) {
    const bool is_id = lang == "id";
    const std::string what = rule.words(lang), n = whole(answer.n_futures, lang);
    if (answer.n_failures == 0) {
      return is_id ? fmt::format(
                         " {} pada tidak satu pun dari {} kemungkinan: tidak ada yang "
                         "perlu dijelaskan.\n",
                         what, n)
                   : fmt::format(" {} in none of {} futures: there is nothing to explain.\n", what,
                                 n);
    }
    if (answer.n_failures == answer.n_futures) {
      return is_id ? fmt::format(
                         " {} dalam semua {} kemungkinan: tidak ada masukan yang "
                         "membedakannya. Coba --fails yang lain.\n",
                         what, n)
                   : fmt::format(
                         " {} in all {} futures: no input tells them apart. Try another "
                         "--fails.\n",
                         what, n);
    }
    const std::string failing = whole(answer.n_failures, lang);
    std::string text = is_id ? fmt::format(" {} dalam {} dari {} kemungkinan.\n", what, failing, n)
                             : fmt::format(" {} in {} of {} futures.\n", what, failing, n);
    if (answer.wanted_density > options.min_density) {
      const std::string wanted = number_text(100.0 * answer.wanted_density, 0, lang);
      text += is_id ? fmt::format(
                          " Karena sebagian besar gagal, sebuah kotak harus memuat paling "
                          "sedikit {} % kegagalan.\n",
                          wanted)
                    : fmt::format(
                          " Since most futures fail, a box must hold at least {} % "
                          "failures.\n",
                          wanted);
    }
    const bool has_passing = !answer.boxes.empty() && answer.boxes.front().passes;
    if (!has_passing) {
      text += is_id ? " Tidak ada syarat kegagalan yang memenuhi; kotak terbaik, yang tidak "
                      "memenuhi:\n"
                    : " No failure condition passes; the best box, which does not:\n";
      if (answer.boxes.empty()) {
        text += is_id ? " tidak ada: kemungkinannya terlalu sedikit.\n"
                      : " none: there are too few futures.\n";
      }
    }
    for (std::size_t b = 0; b < answer.boxes.size(); ++b) {
      text +=
          box_text(answer.boxes[b], b + 1, answer.n_failures, inputs, options.n_resamples, lang);
    }
    if (has_passing) text += together_text(answer, options, lang);
    return text;
  }

  static std::string together_text(const analysis::PrimAnswer& answer,
                                   const analysis::PrimOptions& options, const std::string& lang) {
    const bool is_id = lang == "id";
    const std::string covered = number_text(100.0 * answer.coverage, 0, lang);
    if (answer.is_enough) {
      return is_id ? fmt::format(" Semuanya menjelaskan {} dari 100 kegagalan.\n", covered)
                   : fmt::format(" Together they explain {} of 100 failures.\n", covered);
    }
    const std::string wanted = number_text(100.0 * options.min_coverage, 0, lang);
    return is_id ? fmt::format(
                       " Semuanya hanya menjelaskan {} dari 100 kegagalan; yang diminta "
                       "{}.\n",
                       covered, wanted)
                 : fmt::format(
                       " Together they explain only {} of 100 failures; {} were asked "
                       "for.\n",
                       covered, wanted);
  }

  static std::string plain_text(const analysis::PrimAnswer& answer,
                                const analysis::ResultInputs& inputs,
                                const analysis::PrimOptions& options) {
    std::string text =
        "box\tpath\tlow\thigh\tquasi_p\tfound\tresamples\tfutures\tfailures\tcoverage_pct\t"
        "density_pct\tpasses\n";
    for (std::size_t b = 0; b < answer.boxes.size(); ++b) {
      const Box& box = answer.boxes[b];
      for (const BoxLimit& l : box.limits) {
        text += fmt::format("{}\t{}\t{}\t{}\t{:.4g}\t{}\t{}\t{}\t{}\t{:.1f}\t{:.1f}\t{}\n", b + 1,
                            inputs.paths[l.input], std::isinf(l.low) ? "" : json_number(l.low),
                            std::isinf(l.high) ? "" : json_number(l.high), l.quasi_p, l.n_found,
                            options.n_resamples, box.n_futures, box.n_failures,
                            coverage_pct(box, answer), density_pct(box), box.passes ? 1 : 0);
      }
    }
    return text;
  }

  static double coverage_pct(const Box& box, const analysis::PrimAnswer& answer) {
    return 100.0 * static_cast<double>(box.n_failures) / static_cast<double>(answer.n_failures);
  }
  static double density_pct(const Box& box) {
    return 100.0 * static_cast<double>(box.n_failures) / static_cast<double>(box.n_futures);
  }

  static void say_events(Terminal& terminal, const analysis::PrimAnswer& answer,
                         const analysis::ResultInputs& inputs,
                         const analysis::PrimOptions& options) {
    for (std::size_t b = 0; b < answer.boxes.size(); ++b) {
      const Box& box = answer.boxes[b];
      std::string conditions;
      for (const BoxLimit& l : box.limits) {
        conditions += fmt::format(
            "{}{{\"path\":{},\"low\":{},\"high\":{},\"p_value\":{:.6g},\"found\":{},"
            "\"resamples\":{}}}",
            conditions.empty() ? "" : ",", json_text(inputs.paths[l.input]), json_number(l.low),
            json_number(l.high), l.quasi_p, l.n_found, options.n_resamples);
      }
      terminal.event(
          "result",
          fmt::format("\"box\":{},\"passes\":{},\"conditions\":[{}],\"coverage_pct\":{:.6g},"
                      "\"density_pct\":{:.6g},\"left_out_density_pct\":{},\"futures\":{},"
                      "\"failures\":{}",
                      b + 1, box.passes, conditions, coverage_pct(box, answer), density_pct(box),
                      json_number(100.0 * box.left_out_density), box.n_futures, box.n_failures));
    }
    terminal.event("result",
                   fmt::format("\"box\":null,\"futures\":{},\"failures\":{},"
                               "\"coverage_pct\":{:.6g},\"wanted_density_pct\":{:.6g},"
                               "\"is_enough\":{}",
                               answer.n_futures, answer.n_failures, 100.0 * answer.coverage,
                               100.0 * answer.wanted_density, answer.is_enough));
  }

  std::string path_, fails_, max_conditions_, min_coverage_, min_density_, boxes_;
  std::vector<std::string> options_;
};

}  // namespace

std::unique_ptr<Command> make_discover() { return std::make_unique<Discover>(); }

}  // namespace musi::cli
