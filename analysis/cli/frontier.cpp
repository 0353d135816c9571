#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/cli/catalogue.h"
#include "analysis/cli/command.h"
#include "analysis/cli/lab_session.h"
#include "analysis/headline.h"
#include "analysis/mix.h"
#include "analysis/points_file.h"
#include "analysis/provenance.h"
#include "analysis/result_file.h"
#include "analysis/scenario/variants.h"
#include "models/run.h"

namespace musi::cli {
namespace {

namespace fs = std::filesystem;
using analysis::number_text;
using analysis::Share;

/// One column of the table: a level of the file, or a value of --lines.
struct Line {
  std::string name, variant;
  std::vector<analysis::Override> values;
};

std::string percent_text(const Share& share) {
  const double percent = 100.0 * share.estimate;
  return fmt::format("{:.0f} % ± {:.0f}", percent,
                     std::max(1.0, std::round(100.0 * share.half_width)));
}

std::vector<std::string> comma_words(const std::string& text) {
  std::vector<std::string> words;
  std::size_t from = 0;
  for (std::size_t at = text.find(','); at != std::string::npos; at = text.find(',', from)) {
    words.push_back(text.substr(from, at - from));
    from = at + 1;
  }
  words.push_back(text.substr(from));
  return words;
}

class Frontier final : public Command {
 public:
  std::string_view name() const override { return "frontier"; }
  std::string_view summary() const override { return "chance against a lever; cheapest mix"; }
  std::string_view footer() const override {
    return "With --vary: a table of the chance, lever by line; lines are the levels of the file, "
           "or "
           "--lines PATH=V1,V2. With --mix (two to six levers): the combination that gives the "
           "wanted chance for the least money spent, found with NLopt's COBYLA under common luck. "
           "All points are saved in a result file, one option each.\n"
           "Exit codes: 0 done, 2 wrong use, 3 scenario or data invalid, 4 a file cannot be read "
           "or "
           "written, 5 time limit reached, 6 no mix reaches it, 130 interrupted; with 5 and 130 "
           "finished runs are kept and --resume goes on.\n"
           "Example: musi frontier scenarios/palembang-baseline.yaml --vary funding.scale_pct "
           "--between 50..400 --points 3 --by 2035 -n 50";
  }
  void declare(CLI::App& app) override {
    app.add_option("FILE", file_, "scenario; - is standard input")->required();
    app.add_option("--vary", vary_, "path of a number, as --set takes it");
    app.add_option("--between", between_, "A..B, ends of the curve");
    app.add_option("--points", points_, "values of the lever, default 9");
    app.add_option("--lines", lines_, "PATH=V1,V2,...: one curve each, default the levels");
    app.add_option("--mix", mix_, "PATH=A..B: a lever of the mix (two to six)")
        ->allow_extra_args(false);
    app.add_option("--chance", chance_, "of --mix: wanted chance in percent");
    app.add_option("--by", by_, "year, default targets.headline_year");
    app.add_option("--definition", definition_, "of zero: Z1 ... Z5, default zero.definition");
    flags_.declare(app, "result file, default results/<name>-frontier.h5", true);
  }

  sim::ExitCode run(Terminal& terminal) override {
    flags_.check();
    check_use();
    LabSession session(terminal, flags_, file_, "frontier", {"paid_total"});
    const analysis::HeadlineQuestion q = session.laboratory().experiment().question();
    by_year_ = by_.empty()
                   ? q.headline_year
                   : static_cast<int>(flag_number("--by", by_, q.start_year, q.end_year, true));
    code_ = definition_.empty() ? q.definition : definition_;
    wanted_ = chance_.empty() ? q.chance_pct : flag_number("--chance", chance_, 0.1, 100.0);
    prepare_output(session);
    return mix_.empty() ? curve(session) : cheapest(session);
  }

 private:
  void check_use() const {
    if (mix_.empty() == vary_.empty()) throw UsageError("give either --vary or --mix");
    if (!mix_.empty() && (mix_.size() < 2 || mix_.size() > 6)) {
      throw UsageError("--mix takes two to six levers");
    }
    if (!vary_.empty() && between_.empty()) throw UsageError("--vary needs --between A..B");
    if (!definition_.empty()) check_definition("--definition", definition_);
    if (flags_.options.size() > 1) throw UsageError("--option: frontier asks one option");
  }

  void prepare_output(const LabSession& session) {
    output_ = flags_.output;
    if (output_.empty()) {
      output_ = session.laboratory().experiment().default_output();
      if (fs::path(output_).extension() == ".h5") output_.resize(output_.size() - 3);
      output_ += "-frontier.h5";
    }
    if (fs::exists(output_) && !flags_.force) {
      throw sim::IoError("exists", fmt::format("'{}' exists; use --force to replace it, or "
                                               "another name with -o",
                                               output_));
    }
  }

  /// Chance of the wish, in the futures of a trial.
  Share chance_of(LabSession& session, std::size_t trial) const {
    std::size_t n = 0;
    const auto zero = session.laboratory().outcomes(trial).zero_years(code_);
    for (const double year : zero) n += year <= by_year_;
    return analysis::share(n, zero.size());
  }

  double spent_of(LabSession& session, std::size_t trial) const {
    const analysis::HeadlineQuestion q = session.laboratory().experiment().question();
    return analysis::mean(session.laboratory().outcomes(trial).sum(
        "paid", std::min(q.spent_from, by_year_), by_year_));
  }

  void say_evaluation(Terminal& terminal, const std::string& values, const Share& chance) const {
    terminal.event("evaluation",
                   fmt::format("\"values\":{{{}}},\"chance_pct\":{:.6g},\"error_pct\":{:.6g}",
                               values, 100.0 * chance.estimate, 100.0 * chance.half_width));
  }

  // --- a curve per line -------------------------------------------------------------------------

  std::vector<Line> lines_of(const LabSession& session) const {
    std::vector<Line> lines;
    const analysis::VariantMaker& maker = *session.read().maker;
    if (lines_.empty()) {
      for (const analysis::Variant& v : session.read().variants) {
        if (v.option == session.variant().option && !v.is_sweep_point) {
          lines.push_back({v.name, v.name, {}});
        }
      }
      return lines;
    }
    const std::size_t equals = lines_.find('=');
    if (equals == std::string::npos) throw UsageError("--lines takes PATH=V1,V2,...");
    const std::string path = lines_.substr(0, equals);
    if (path == vary_) throw UsageError(fmt::format("'{}' is varied twice", path));
    for (const std::string& value : comma_words(lines_.substr(equals + 1))) {
      sim::io::Problems problems;
      maker.make(session.variant().name, {{path, value, "command line"}}, *session.read().city,
                 problems);
      problems.throw_if_errors();
      lines.push_back(
          {fmt::format("{} = {}", path, value), session.variant().name, {{path, value, "point"}}});
    }
    return lines;
  }

  sim::ExitCode curve(LabSession& session) {
    const Lever lever = flag_lever("--vary", vary_, between_);
    const double n = points_.empty() ? 9.0 : flag_number("--points", points_, 2, 1000, true);
    session.check(lever);
    const std::vector<Line> lines = lines_of(session);
    std::vector<double> places;
    for (double i = 0.0; i < n; i += 1.0) {
      const double at = lever.low + (lever.high - lever.low) * i / (n - 1.0);
      const double tried = std::stod(lever.text(at));
      if (places.empty() || tried > places.back()) places.push_back(tried);
    }
    session.begin({{"vary", vary_ + " " + between_ + " " + points_}, {"lines", lines_}});
    std::vector<std::size_t> trials;
    std::vector<std::string> names;
    for (const double place : places) {
      for (const Line& line : lines) {
        std::vector<analysis::Override> values = line.values;
        values.push_back(lever.at(place));
        trials.push_back(session.laboratory().add({.variant = line.variant, .values = values}));
        names.push_back(fmt::format("{} = {}, {}", lever.path, lever.text(place), line.name));
      }
    }
    session.say_plan(trials.size(), trials.size() * session.n_replicates(), true);
    if (!session.run(trials, names, "solve")) return session.stopped(typed_again());
    std::string text = curve_table(session, lever, places, lines, trials);
    session.terminal().answer(text);
    write(session, trials, names);
    session.finish();
    return sim::ExitCode::done;
  }

  std::string curve_table(LabSession& session, const Lever& lever,
                          const std::vector<double>& places, const std::vector<Line>& lines,
                          const std::vector<std::size_t>& trials) const {
    Terminal& terminal = session.terminal();
    const bool is_plain = terminal.globals().plain;
    const bool is_id = terminal.globals().lang == "id";
    std::string text;
    if (!is_plain) {
      text = is_id ? fmt::format(" Peluang 0 % sampai {} ({})\n\n", by_year_, code_)
                   : fmt::format(" Chance of 0 % by {} ({})\n\n", by_year_, code_);
    }
    const std::string gap = is_plain ? "\t" : "  ";
    const auto cell = [&](const std::string& s) { return is_plain ? s : fmt::format("{:<28}", s); };
    text += (is_plain ? "" : " ") + cell(lever.path);
    for (const Line& line : lines) {
      text += gap + cell(line.name) + gap +
              cell(is_id && !is_plain ? "belanja, Rp miliar" : "spent, Rp billion");
    }
    text += '\n';
    for (std::size_t p = 0; p < places.size(); ++p) {
      text += (is_plain ? "" : " ") + cell(lever.text(places[p]));
      for (std::size_t l = 0; l < lines.size(); ++l) {
        const std::size_t trial = trials[p * lines.size() + l];
        const Share chance = chance_of(session, trial);
        const double spent = spent_of(session, trial);
        text +=
            gap +
            cell(is_plain ? fmt::format("{:.1f}", 100.0 * chance.estimate) : percent_text(chance)) +
            gap +
            cell(is_plain ? fmt::format("{:.1f}", spent)
                          : number_text(spent, 0, terminal.globals().lang));
        say_evaluation(terminal, fmt::format("{}:{}", json_text(lever.path), lever.text(places[p])),
                       chance);
        terminal.event(
            "result",
            fmt::format("\"line\":{},\"path\":{},\"value\":{},\"chance_pct\":{:.6g},"
                        "\"error_pct\":{:.6g},\"paid_idr_bn\":{:.6g}",
                        json_text(lines[l].name), json_text(lever.path), lever.text(places[p]),
                        100.0 * chance.estimate, 100.0 * chance.half_width, spent));
      }
      text += '\n';
    }
    return text;
  }

  // --- the cheapest mix -------------------------------------------------------------------------

  sim::ExitCode cheapest(LabSession& session) {
    std::vector<Lever> levers;
    for (const std::string& text : mix_) {
      const std::size_t equals = text.find('=');
      if (equals == std::string::npos) throw UsageError("--mix takes PATH=A..B");
      levers.push_back(flag_lever("--mix", text.substr(0, equals), text.substr(equals + 1)));
      session.check(levers.back());
      for (std::size_t k = 0; k + 1 < levers.size(); ++k) {
        if (levers[k].path == levers.back().path) {
          throw UsageError(fmt::format("'{}' is varied twice", levers[k].path));
        }
      }
    }
    const analysis::MixQuestion question{.n_levers = levers.size(), .wanted = wanted_ / 100.0};
    session.begin({{"mix", fmt::format("{}", fmt::join(mix_, " "))},
                   {"wish", fmt::format("{} {} {}", wanted_, by_year_, code_)}});
    session.say_plan(1, question.most_evaluations * session.n_replicates(), false);
    std::vector<std::size_t> trials;
    std::vector<std::string> names;
    const auto evaluate =
        [&](const std::vector<double>& place) -> std::optional<analysis::MixPoint> {
      analysis::Trial trial{.variant = session.variant().name, .values = {}};
      for (std::size_t i = 0; i < levers.size(); ++i) {
        trial.values.push_back(
            levers[i].at(levers[i].low + place[i] * (levers[i].high - levers[i].low)));
      }
      const std::size_t index = session.laboratory().add(trial);
      const std::string values = values_text(trial.values, ", ");
      const std::vector<std::size_t> one{index};
      if (!session.run(one, {values}, "solve")) return std::nullopt;
      analysis::MixPoint point{place, chance_of(session, index), spent_of(session, index)};
      say_evaluation(session.terminal(), values_json(trial.values), point.chance);
      session.terminal().note(
          fmt::format("{} {}: {}, Rp {}", clock_text(session.terminal().seconds()), values,
                      percent_text(point.chance), number_text(point.cost, 0, "en")));
      if (std::find(trials.begin(), trials.end(), index) == trials.end()) {
        trials.push_back(index);
        names.push_back(values);
      }
      tried_.push_back(trial.values);
      return point;
    };
    const analysis::MixAnswer answer = find_mix(question, evaluate);
    if (answer.is_stopped) return session.stopped(typed_again());
    say_mix(session, answer);
    write(session, trials, names);
    session.finish();
    return answer.is_reachable ? sim::ExitCode::done : sim::ExitCode::answer_is_no;
  }

  static std::string values_text(const std::vector<analysis::Override>& values,
                                 const char* between) {
    std::string text;
    for (const analysis::Override& v : values) {
      text += fmt::format("{}{} = {}", text.empty() ? "" : between, v.path, v.value);
    }
    return text;
  }

  static std::string values_json(const std::vector<analysis::Override>& values) {
    std::string text;
    for (const analysis::Override& v : values) {
      text += fmt::format("{}{}:{}", text.empty() ? "" : ",", json_text(v.path), v.value);
    }
    return text;
  }

  void say_mix(LabSession& session, const analysis::MixAnswer& answer) const {
    Terminal& terminal = session.terminal();
    const std::string& lang = terminal.globals().lang;
    const bool is_id = lang == "id";
    const analysis::MixPoint& best = answer.points[answer.answer];
    const auto& values = tried_[answer.answer];
    const std::string spent = number_text(best.cost, 0, lang);
    std::string text;
    if (terminal.globals().plain) {
      text = "path\tvalue\n";
      for (const analysis::Override& v : values) text += fmt::format("{}\t{}\n", v.path, v.value);
      text += fmt::format("chance_pct\t{:.1f}\npaid_idr_bn\t{:.1f}\nreachable\t{}\n",
                          100.0 * best.chance.estimate, best.cost, answer.is_reachable ? 1 : 0);
    } else if (answer.is_reachable) {
      text = is_id ? fmt::format(
                         " Campuran termurah untuk {} % sampai {} ({}), dari {} yang "
                         "dicoba:\n   {}\n   peluang {}, belanja Rp {} miliar\n",
                         number_text(wanted_, 0, lang), by_year_, code_, answer.points.size(),
                         values_text(values, "\n   "), percent_text(best.chance), spent)
                   : fmt::format(
                         " Cheapest mix for {} % by {} ({}), of {} tried:\n   {}\n   "
                         "chance {}, spent Rp {} billion\n",
                         number_text(wanted_, 0, lang), by_year_, code_, answer.points.size(),
                         values_text(values, "\n   "), percent_text(best.chance), spent);
    } else {
      text = is_id ? fmt::format(
                         " Tidak ada campuran yang memberi {} % sampai {} ({}); yang "
                         "terbaik dari {}: {} pada\n   {}\n",
                         number_text(wanted_, 0, lang), by_year_, code_, answer.points.size(),
                         percent_text(best.chance), values_text(values, "\n   "))
                   : fmt::format(
                         " No mix gives {} % by {} ({}); the best of {} tried: {} at\n   "
                         "{}\n",
                         number_text(wanted_, 0, lang), by_year_, code_, answer.points.size(),
                         percent_text(best.chance), values_text(values, "\n   "));
    }
    terminal.answer(text);
    terminal.event("result",
                   fmt::format("\"values\":{{{}}},\"chance_pct\":{:.6g},\"error_pct\":{:.6g},"
                               "\"paid_idr_bn\":{:.6g},\"reachable\":{},\"evaluations\":{}",
                               values_json(values), 100.0 * best.chance.estimate,
                               100.0 * best.chance.half_width, best.cost, answer.is_reachable,
                               answer.points.size()));
  }

  // --- the result file --------------------------------------------------------------------------

  void write(LabSession& session, const std::vector<std::size_t>& trials,
             const std::vector<std::string>& names) const {
    write_points(session.laboratory(), trials, names, output_, flags_.text(), flags_.force);
    Terminal& terminal = session.terminal();
    terminal.note(fmt::format(" {} {}  {} {}",
                              terminal.globals().lang == "id" ? "ditulis" : "wrote", output_,
                              trials.size(), terminal.globals().lang == "id" ? "titik" : "points"));
    terminal.event("written",
                   fmt::format("\"path\":{},\"kind\":\"result\",\"bytes\":{},\"sha256\":{}",
                               json_text(output_), fs::file_size(output_),
                               json_text(analysis::sha256_of_file(output_))));
  }

  std::string typed_again() const {
    std::string text;
    const auto add = [&](const char* flag, const std::string& value) {
      if (!value.empty()) {
        text += fmt::format("{}{} {}", text.empty() ? "" : " ", flag, shell_word(value));
      }
    };
    add("--vary", vary_);
    add("--between", between_);
    add("--points", points_);
    add("--lines", lines_);
    for (const std::string& mix : mix_) add("--mix", mix);
    add("--chance", chance_);
    add("--by", by_);
    add("--definition", definition_);
    const std::string flags = flags_.typed_again();
    return flags.empty() ? text : text + " " + flags;
  }

  RunFlags flags_;
  std::string file_, vary_, between_, points_, lines_, chance_, by_, definition_, output_, code_;
  std::vector<std::string> mix_;
  int by_year_ = 0;
  double wanted_ = 80.0;
  std::vector<std::vector<analysis::Override>> tried_;
};

}  // namespace

std::unique_ptr<Command> make_frontier() { return std::make_unique<Frontier>(); }

}  // namespace musi::cli
