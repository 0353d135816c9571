#include "analysis/goal.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/barriers.h"
#include "analysis/cli/catalogue.h"
#include "analysis/cli/command.h"
#include "analysis/cli/lab_session.h"
#include "analysis/headline.h"
#include "sim/io/file.h"

namespace musi::cli {
namespace {

using analysis::GoalAnswer;
using analysis::number_text;
using analysis::Share;

/// What is wished for.
struct Wish {
  double chance_pct = 80.0;
  int by = 2030;
  std::string definition;
};

/// One lever, or several that move together along their ranges.
struct Path {
  std::vector<Lever> levers;

  std::string name() const {
    std::string text;
    for (const Lever& lever : levers) text += (text.empty() ? "" : " + ") + lever.path;
    return text;
  }
  bool is_single() const { return levers.size() == 1; }
  double low() const { return is_single() ? levers[0].low : 0.0; }
  double high() const { return is_single() ? levers[0].high : 1.0; }
  double step() const { return is_single() ? levers[0].step() : 1.0 / 1024.0; }
  /// Value of each lever at a place on the path.
  std::vector<double> at(double place) const {
    if (is_single()) return {place};
    std::vector<double> values;
    for (const Lever& l : levers) values.push_back(l.low + place * (l.high - l.low));
    return values;
  }
  std::string text(double place) const {
    std::string text;
    const std::vector<double> values = at(place);
    for (std::size_t i = 0; i < levers.size(); ++i) {
      text += (i == 0 ? "" : " + ") + levers[i].text(values[i]);
    }
    return text;
  }
  std::string json(double place) const {
    std::string text = "{";
    const std::vector<double> values = at(place);
    for (std::size_t i = 0; i < levers.size(); ++i) {
      text += fmt::format("{}{}:{}", i == 0 ? "" : ",", json_text(levers[i].path),
                          levers[i].text(values[i]));
    }
    return text + "}";
  }
};

std::string percent_text(const Share& share) {
  const double percent = 100.0 * share.estimate;
  return fmt::format("{:.0f} % ± {:.0f}", percent,
                     std::max(1.0, std::round(100.0 * share.half_width)));
}

class Goal final : public Command {
 public:
  std::string_view name() const override { return "goal"; }
  std::string_view summary() const override { return "value of a lever for a wanted chance"; }
  std::string_view footer() const override {
    return "Tries values under common luck, at most 16 for each lever, and says which one gives "
           "the "
           "wanted chance, with a 90 % interval from resampled futures; if none does, the best "
           "value "
           "and what blocks the rest, in hectare-years. --also asks the same of another lever, "
           "then "
           "of both together, which move along their ranges in step.\n"
           "Exit codes: 0 found, 2 wrong use, 3 scenario or data invalid, 4 a file cannot be read "
           "or "
           "written, 5 time limit reached, 6 no value reaches it, 130 interrupted; with 5 and 130 "
           "finished runs are kept and --resume goes on.\n"
           "Example: musi goal scenarios/palembang-baseline.yaml --vary funding.scale_pct "
           "--between 50..600 --chance 50 --by 2035 --definition Z3b -n 100";
  }
  void declare(CLI::App& app) override {
    app.add_option("FILE", file_, "scenario; - is standard input")->required();
    app.add_option("--vary", vary_, "path of a number, as --set takes it")->required();
    app.add_option("--between", between_, "A..B, bounds of the search")->required();
    app.add_option("--chance", chance_, "wanted chance in percent, default targets.chance_pct");
    app.add_option("--by", by_, "year, default targets.headline_year");
    app.add_option("--definition", definition_, "of zero: Z1 ... Z5, default zero.definition");
    app.add_option("--also", also_, "PATH or PATH=A..B: another lever, then both (repeatable)")
        ->allow_extra_args(false);
    flags_.declare(app, "CSV file of all values tried", true);
  }

  sim::ExitCode run(Terminal& terminal) override {
    flags_.check();
    if (flags_.options.size() > 1) throw UsageError("--option: goal asks one option");
    std::vector<Path> paths{{{flag_lever("--vary", vary_, between_)}}};
    for (const std::string& text : also_) {
      const std::size_t equals = text.find('=');
      paths.push_back({{flag_lever("--also", text.substr(0, equals),
                                   equals == std::string::npos ? "" : text.substr(equals + 1))}});
    }
    check_distinct(paths);
    if (!definition_.empty()) check_definition("--definition", definition_);
    check_output();
    LabSession session(terminal, flags_, file_, "goal");
    wish_ = wish_of(session);
    for (const Path& path : paths) session.check(path.levers[0]);
    if (paths.size() > 1) {
      Path together;
      for (const Path& path : paths) together.levers.push_back(path.levers[0]);
      paths.push_back(together);
    }
    session.begin(
        {{"vary", vary_ + " " + between_},
         {"also", fmt::format("{}", fmt::join(also_, " "))},
         {"wish", fmt::format("{} {} {}", wish_.chance_pct, wish_.by, wish_.definition)}});
    session.say_plan(paths.size(), paths.size() * 16 * session.n_replicates(), false);
    bool is_reachable = false;
    for (const Path& path : paths) {
      const GoalAnswer answer = ask(session, path);
      say_table(terminal, path, answer);
      if (answer.is_stopped) return session.stopped(typed_again());
      say_answer(session, path, answer);
      is_reachable = is_reachable || answer.is_reachable;
    }
    write_csv(terminal);
    session.finish();
    return is_reachable ? sim::ExitCode::done : sim::ExitCode::answer_is_no;
  }

 private:
  static void check_distinct(const std::vector<Path>& paths) {
    for (std::size_t i = 0; i < paths.size(); ++i) {
      for (std::size_t k = 0; k < i; ++k) {
        if (paths[i].levers[0].path != paths[k].levers[0].path) continue;
        throw UsageError(fmt::format("'{}' is varied twice", paths[i].levers[0].path));
      }
    }
  }

  void check_output() const {
    if (flags_.output.empty() || flags_.force || !std::filesystem::exists(flags_.output)) return;
    throw sim::IoError("exists", fmt::format("'{}' exists; --force replaces it", flags_.output));
  }

  Wish wish_of(const LabSession& session) const {
    const analysis::HeadlineQuestion q = session.laboratory().experiment().question();
    Wish wish{.chance_pct = q.chance_pct, .by = q.headline_year, .definition = q.definition};
    if (!chance_.empty()) wish.chance_pct = flag_number("--chance", chance_, 0.1, 100.0);
    if (!by_.empty()) {
      wish.by = static_cast<int>(flag_number("--by", by_, q.start_year, q.end_year, true));
    }
    if (!definition_.empty()) wish.definition = definition_;
    return wish;
  }

  GoalAnswer ask(LabSession& session, const Path& path) {
    const auto evaluate = [&](double place) -> std::optional<analysis::Trials> {
      analysis::Trial trial{.variant = session.variant().name, .values = {}};
      const std::vector<double> values = path.at(place);
      for (std::size_t i = 0; i < values.size(); ++i) {
        trial.values.push_back(path.levers[i].at(values[i]));
      }
      const std::size_t index = session.laboratory().add(trial);
      const std::vector<std::size_t> trials{index};
      if (!session.run(trials, {path.text(place)}, "solve")) return std::nullopt;
      const auto zero = session.laboratory().outcomes(index).zero_years(wish_.definition);
      analysis::Trials succeeds;
      for (const double year : zero) succeeds.push_back(year <= wish_.by);
      say_evaluation(session.terminal(), path, place, succeeds);
      tried_.push_back(index);
      return succeeds;
    };
    tried_.clear();
    return analysis::find_goal({.low = path.low(),
                                .high = path.high(),
                                .step = path.step(),
                                .wanted = wish_.chance_pct / 100.0},
                               evaluate, session.variant().scenario.sampling.seed);
  }

  void say_evaluation(Terminal& terminal, const Path& path, double place,
                      const analysis::Trials& succeeds) {
    const auto n = static_cast<std::size_t>(std::count(succeeds.begin(), succeeds.end(), 1));
    const Share chance = analysis::share(n, succeeds.size());
    terminal.event(
        "evaluation",
        fmt::format("\"values\":{},\"chance_pct\":{:.6g},\"error_pct\":{:.6g}", path.json(place),
                    100.0 * chance.estimate, 100.0 * chance.half_width));
    terminal.note(fmt::format("{} {} = {}: {}", clock_text(terminal.seconds()), path.name(),
                              path.text(place), percent_text(chance)));
    csv_ += fmt::format("{},{},{:.17g},{:.17g}\n", path.is_single() ? path.name() : "together",
                        path.text(place), 100.0 * chance.estimate, 100.0 * chance.half_width);
  }

  /// All values tried, in rising order.
  void say_table(Terminal& terminal, const Path& path, const GoalAnswer& answer) const {
    const bool is_id = terminal.globals().lang == "id";
    std::vector<std::size_t> order(answer.steps.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return answer.steps[a].value < answer.steps[b].value;
    });
    if (terminal.globals().plain) {
      std::string text = "lever\tvalue\tchance_pct\terror_pct\tis_answer\n";
      for (const std::size_t i : order) {
        const auto& step = answer.steps[i];
        text += fmt::format("{}\t{}\t{:.1f}\t{:.1f}\t{}\n", path.name(), path.text(step.value),
                            100.0 * step.chance.estimate, 100.0 * step.chance.half_width,
                            answer.is_reachable && i == answer.answer ? 1 : 0);
      }
      terminal.answer(text);
      return;
    }
    const std::string unit =
        path.is_single() && !path.levers[0].unit.empty() ? ", " + path.levers[0].unit : "";
    const std::string head = path.name() + unit;
    std::string text =
        fmt::format(" {:<44}  {}\n", head,
                    is_id ? fmt::format("peluang 0 % sampai {} ({})", wish_.by, wish_.definition)
                          : fmt::format("chance of 0 % by {} ({})", wish_.by, wish_.definition));
    for (const std::size_t i : order) {
      const auto& step = answer.steps[i];
      const bool is_answer = answer.is_reachable && i == answer.answer;
      text += fmt::format("   {:<42}  {}{}\n", path.text(step.value), percent_text(step.chance),
                          is_answer ? "   " + interval_text(path, answer, is_id) : "");
    }
    terminal.answer(text);
  }

  static std::string interval_text(const Path& path, const GoalAnswer& answer, bool is_id) {
    if (answer.is_everywhere) {
      return is_id ? "tercapai di seluruh rentang" : "reached in the whole range";
    }
    const std::string low = (answer.low_is_bound ? "≤ " : "") + path.text(answer.low);
    const std::string high = (answer.high_is_bound ? "≥ " : "") + path.text(answer.high);
    return is_id ? fmt::format("jawaban, rentang 90 % {} sampai {}", low, high)
                 : fmt::format("answer, 90 % range {} to {}", low, high);
  }

  void say_answer(LabSession& session, const Path& path, const GoalAnswer& answer) {
    Terminal& terminal = session.terminal();
    const std::string& lang = terminal.globals().lang;
    const auto& shown = answer.steps[answer.is_reachable ? answer.answer : answer.best];
    std::string blocked = "null";
    std::string text;
    if (!answer.is_reachable) {
      const analysis::BarrierShares barriers = blocked_by(session, answer);
      blocked = analysis::barrier_json(barriers);
      text = unreachable_text(path, shown, barriers, lang);
    } else {
      text = reachable_text(path, answer, lang);
    }
    if (!terminal.globals().plain) terminal.answer(text);
    terminal.event(
        "result",
        fmt::format("\"path\":{},\"value\":{},\"values\":{},\"low\":{},\"high\":{},"
                    "\"low_is_bound\":{},\"high_is_bound\":{},"
                    "\"chance_pct\":{:.6g},\"error_pct\":{:.6g},\"reachable\":{},\"blocked_by\":{}",
                    json_text(path.name()),
                    path.is_single() ? path.levers[0].text(shown.value) : "null",
                    path.json(shown.value),
                    answer.is_reachable ? fmt::format("{:.10g}", answer.low) : "null",
                    answer.is_reachable ? fmt::format("{:.10g}", answer.high) : "null",
                    answer.is_reachable && answer.low_is_bound,
                    answer.is_reachable && answer.high_is_bound,
                    100.0 * shown.chance.estimate, 100.0 * shown.chance.half_width,
                    answer.is_reachable, blocked));
  }

  std::string reachable_text(const Path& path, const GoalAnswer& answer,
                             const std::string& lang) const {
    const auto& step = answer.steps[answer.answer];
    const std::string chance = number_text(wish_.chance_pct, 0, lang);
    return lang == "id" ? fmt::format(" {} = {} memberi peluang {} % sampai {}.\n\n", path.name(),
                                      path.text(step.value), chance, wish_.by)
                        : fmt::format(" {} = {} gives {} % by {}.\n\n", path.name(),
                                      path.text(step.value), chance, wish_.by);
  }

  std::string unreachable_text(const Path& path, const analysis::GoalStep& best,
                               const analysis::BarrierShares& barriers,
                               const std::string& lang) const {
    const bool is_id = lang == "id";
    const std::string chance = number_text(wish_.chance_pct, 0, lang);
    std::string text =
        is_id ? fmt::format(
                    " Tidak ada {} dari {} sampai {} yang memberi {} % sampai {}; yang "
                    "terbaik {} pada {}.\n",
                    path.name(), path.text(path.low()), path.text(path.high()), chance, wish_.by,
                    percent_text(best.chance), path.text(best.value))
              : fmt::format(" No {} from {} to {} gives {} % by {}; the best is {} at {}.\n",
                            path.name(), path.text(path.low()), path.text(path.high()), chance,
                            wish_.by, percent_text(best.chance), path.text(best.value));
    if (barriers.total > 0.0) {
      text += fmt::format("{}: {}.\n\n",
                          is_id ? " Yang menghambat, dari 100 hektare-tahun pada kemungkinan yang "
                                  "gagal"
                                : " What blocks it, of 100 hectare-years in the futures that fail",
                          barrier_text(barriers, lang));
    } else {
      text += is_id ? " Di lapangan tidak ada kumuh lagi; catatan resmi yang menahannya.\n\n"
                    : " No slum area is left on the ground; the official books hold it back.\n\n";
    }
    return text;
  }

  /// At the best value, in the futures that do not succeed, from the start to the year.
  analysis::BarrierShares blocked_by(LabSession& session, const GoalAnswer& answer) const {
    const analysis::Outcomes outcomes = session.laboratory().outcomes(tried_[answer.best]);
    std::vector<unsigned char> fails;
    for (const std::uint8_t success : answer.steps[answer.best].succeeds) {
      fails.push_back(success == 0);
    }
    const analysis::HeadlineQuestion q = session.laboratory().experiment().question();
    return analysis::barrier_shares([&](const std::string& name) { return outcomes.series(name); },
                                    outcomes.years(), std::min(q.spent_from, wish_.by), wish_.by,
                                    fails);
  }

  std::string typed_again() const {
    std::string text = fmt::format("--vary {} --between {}", vary_, between_);
    const auto add = [&](const char* flag, const std::string& value) {
      if (!value.empty()) text += fmt::format(" {} {}", flag, shell_word(value));
    };
    add("--chance", chance_);
    add("--by", by_);
    add("--definition", definition_);
    for (const std::string& also : also_) add("--also", also);
    const std::string flags = flags_.typed_again();
    return flags.empty() ? text : text + " " + flags;
  }

  void write_csv(Terminal& terminal) const {
    if (flags_.output.empty()) return;
    const std::string bytes = "lever,value,chance_pct,error_pct\n" + csv_;
    sim::io::write_file(flags_.output, bytes,
                        flags_.force ? sim::io::Existing::replace : sim::io::Existing::refuse);
    terminal.note(fmt::format(" {} {}", terminal.globals().lang == "id" ? "ditulis" : "wrote",
                              flags_.output));
    terminal.event("written", fmt::format("\"path\":{},\"kind\":\"csv\",\"bytes\":{}",
                                          json_text(flags_.output), bytes.size()));
  }

  RunFlags flags_;
  std::string file_, vary_, between_, chance_, by_, definition_;
  std::vector<std::string> also_;
  Wish wish_;
  std::vector<std::size_t> tried_;  ///< trial of each step
  std::string csv_;
};

}  // namespace

std::unique_ptr<Command> make_goal() { return std::make_unique<Goal>(); }

}  // namespace musi::cli
