#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "analysis/cli/catalogue.h"
#include "analysis/cli/command.h"
#include "analysis/cli/lab_session.h"
#include "analysis/cli/run_flags.h"
#include "analysis/cli/run_again.h"
#include "analysis/cli/run_job.h"
#include "analysis/cli/signals.h"
#include "analysis/cli/terminal.h"
#include "analysis/headline.h"
#include "analysis/points_file.h"
#include "analysis/provenance.h"
#include "analysis/report/page_reader.h"
#include "analysis/reproduce.h"
#include "sim/io/number.h"
#include "sim/io/text.h"

namespace musi::cli {
namespace {

namespace fs = std::filesystem;

std::string count_text(std::size_t n, const std::string& lang) {
  return analysis::number_text(static_cast<double>(n), 0, lang);
}

/// A result to be computed again: what it says, what it was made from, where the new one goes.
struct Task {
  std::unique_ptr<analysis::Results> theirs;
  analysis::Recipe recipe;
  RunFlags flags;
};

class Reproduce final : public Command {
 public:
  std::string_view name() const override { return "reproduce"; }
  std::string_view summary() const override { return "run a result again, compare every number"; }
  std::string_view footer() const override {
    return "Exit codes: 0 all numbers are equal, 2 wrong use, 3 the embedded scenario is not valid "
           "for this program, 4 a file cannot be read or written, 5 time limit reached, 6 numbers "
           "differ, 130 interrupted; after 5 and 130 --resume goes on.\n"
           "Scenario, city and tables are those inside RESULT; --city takes today's city instead. "
           "Numbers must be equal for any number of threads and any version that computes alike. "
           "Of a report the numbers are those of its page.\n"
           "Example: musi reproduce results/palembang-baseline.h5 --replicates 50";
  }
  void declare(CLI::App& app) override {
    app.add_option("RESULT", path_, "result file, or report (.html)")->required();
    app.add_option("--tolerance", tolerance_,
                   "largest relative difference of equal numbers, default 0");
    app.add_option("-n,--replicates", replicates_,
                   "only the first futures; refused where the design depends on their number");
    app.add_option("--city", city_, "city folder of today in place of the embedded one");
    app.add_option("-j,--threads", flags_.threads,
                   "threads, default all cores; never changes a result");
    app.add_option("--time-limit", flags_.time_limit, "30s, 10min, 2h: then stop, keep what is "
                                                      "done");
    app.add_flag("--resume", flags_.resume, "go on where a stopped one left off");
    app.add_flag("--force", flags_.force, "discard an unfinished one, replace the file of -o");
    app.add_flag("--allow-large", flags_.allow_large,
                 "more than 10 million runs, 4 GiB of file or 80 % of the memory");
    app.add_option("-o,--output", flags_.output, "keeps the new result in this file");
  }

  sim::ExitCode run(Terminal& terminal) override {
    const double tolerance = tolerance_of_flag();
    const bool is_report = analysis::is_page_file(path_);
    std::vector<Task> tasks = tasks_of_file(is_report);
    sim::Cancellation& cancellation = stop_on_signals();
    const auto limit = flags_.seconds_allowed();
    const auto watch = [&] {
      if (limit && terminal.seconds() > *limit) {
        cancellation.request(sim::StopReason::time_limit);
      }
    };
    for (const Task& task : tasks) {
      const analysis::ReadFromArchive reading(task.recipe.inputs);
      const auto points = analysis::saved_points(*task.theirs);
      const sim::ExitCode code = points.empty() ? run_options(terminal, task, cancellation, watch)
                                                : run_points(terminal, task, points);
      if (code == sim::ExitCode::stopped || code == sim::ExitCode::interrupted) {
        say_stopped(terminal);
        return code;
      }
    }
    const bool all_equal = is_report ? compare_report(terminal, tasks, tolerance)
                                     : compare_result(terminal, tasks.front(), tolerance);
    std::error_code ignored;
    if (!keeps_) {
      for (const Task& task : tasks) fs::remove(task.flags.output, ignored);
      if (is_report) fs::remove(folder_of_report(), ignored);
    }
    return all_equal ? sim::ExitCode::done : sim::ExitCode::answer_is_no;
  }

 private:
  static sim::ExitCode run_options(Terminal& terminal, const Task& task,
                                   sim::Cancellation& cancellation,
                                   const std::function<void()>& watch) {
    RunJob job(task.recipe.scenario, task.flags);
    job.read().problems.throw_if_errors();
    job.prepare({});
    return job.run(terminal, cancellation, watch, {});
  }

  /// The points of a frontier, as that command ran them.
  static sim::ExitCode run_points(Terminal& terminal, const Task& task,
                                  const std::vector<analysis::SavedPoint>& points) {
    const std::string& output = task.flags.output;
    if (fs::exists(output) && !task.flags.force && !task.flags.resume) {
      throw sim::IoError("exists",
                         fmt::format("'{}' exists; use --force to replace it", output));
    }
    LabSession session(terminal, task.flags, task.recipe.scenario, "reproduce", {"paid_total"});
    session.begin({{"result", analysis::sha256_of_file(task.theirs->path())}});
    std::vector<std::size_t> trials;
    std::vector<std::string> titles;
    for (const analysis::SavedPoint& point : points) {
      trials.push_back(session.laboratory().add(point.trial));
      titles.push_back(point.title);
    }
    session.say_plan(trials.size(), trials.size() * session.n_replicates(), true);
    if (!session.run(trials, titles, "run")) return session.code_of_stop();
    if (fs::path(output).has_parent_path()) fs::create_directories(fs::path(output).parent_path());
    analysis::write_points(session.laboratory(), trials, titles, output,
                           task.theirs->provenance_text("flags"), true);
    session.finish();
    return sim::ExitCode::done;
  }

  double tolerance_of_flag() const {
    const auto reading = sim::io::read_number(tolerance_, {.min = 0.0, .max = 1.0});
    if (!reading.value) {
      throw UsageError(
          fmt::format("--tolerance {}: {}", tolerance_, reading.fault.message.english));
    }
    return *reading.value;
  }

  std::string folder_of_report() const {
    return fs::path(path_).replace_extension(".reproduced").string();
  }

  /// The result, or all those that the report was made from.
  std::vector<Task> tasks_of_file(bool is_report) {
    std::vector<Task> tasks;
    std::vector<std::string> names;
    if (is_report) {
      if (!replicates_.empty()) {
        throw UsageError("--replicates: a report holds statistics over all futures; reproduce all "
                         "of them, or give the .h5 that it was made from");
      }
      names = analysis::page_recipe(analysis::read_page(path_)).names;
      if (names.size() > 1 && !flags_.output.empty()) {
        throw UsageError("-o names one file, but the report shows several results");
      }
    }
    keeps_ = !flags_.output.empty();
    for (auto& theirs : analysis::open_results(path_)) {
      Task task{.theirs = std::move(theirs), .recipe = {}, .flags = flags_};
      task.recipe = analysis::recipe_of(*task.theirs);
      refuse_damage(task.recipe);
      if (!city_.empty()) analysis::use_city(task.recipe, city_);
      set_flags(task);
      if (!keeps_) {
        task.flags.output =
            is_report ? (fs::path(folder_of_report()) / fs::path(names[tasks.size()]).filename())
                            .string()
                      : fs::path(path_).replace_extension(".reproduced.h5").string();
      }
      tasks.push_back(std::move(task));
    }
    return tasks;
  }

  void refuse_damage(const analysis::Recipe& recipe) const {
    const auto damaged = analysis::damaged_inputs(recipe);
    if (damaged.empty()) return;
    throw analysis::damaged_result(path_, damaged);
  }

  /// The flags of the run that made the result, and ours.
  void set_flags(Task& task) const {
    const analysis::Results& theirs = *task.theirs;
    RunFlags& flags = task.flags;
    take_flags(task.recipe, theirs, flags);
    if (!theirs.is_complete()) flags.replicates = fmt::format("{}", theirs.n_replicates());
    if (!replicates_.empty()) {
      const auto wanted = sim::io::read_number(replicates_, {.min = 1.0, .whole = true}).value;
      if (!wanted || *wanted > static_cast<double>(theirs.n_replicates())) {
        throw UsageError(fmt::format("--replicates {}: the result holds 1 to {} futures",
                                     replicates_, theirs.n_replicates()));
      }
      flags.replicates = replicates_;
    }
    const bool is_shorter = flags.replicates != task.recipe.replicates;
    if (is_shorter && theirs.provenance_attribute("design") == "latin_hypercube" &&
        flags.replicates != fmt::format("{}", theirs.replicates_planned())) {
      throw UsageError(
          "fewer futures of a latin hypercube are other futures: reproduce all of them");
    }
    flags.only_result = true;
    flags.check();
  }

  void say_stopped(Terminal& terminal) const {
    terminal.note(fmt::format(
        "   musi reproduce {} --resume    {}", shell_word(path_),
        terminal.globals().lang == "id" ? "melanjutkan" : "goes on"));
  }

  /// Prints and hands back whether all numbers are equal.
  bool compare_result(Terminal& terminal, const Task& task, double tolerance) const {
    const analysis::Results ours(task.flags.output);
    const bool bytes_equal =
        analysis::sha256_of_file(path_) == analysis::sha256_of_file(task.flags.output);
    return say(terminal, analysis::compare_results(*task.theirs, ours, tolerance), task, ours,
               analysis::changed_inputs(*task.theirs, ours), outdated(task), bytes_equal);
  }

  /// The same of the page that is made of the new results in the way of the old one.
  bool compare_report(Terminal& terminal, const std::vector<Task>& tasks, double tolerance) const {
    std::vector<std::unique_ptr<analysis::Results>> opened;
    std::vector<const analysis::Results*> ours;
    std::vector<std::string> changed, old;
    for (const Task& task : tasks) {
      opened.push_back(std::make_unique<analysis::Results>(task.flags.output));
      ours.push_back(opened.back().get());
      for (auto& name : analysis::changed_inputs(*task.theirs, *ours.back())) {
        changed.push_back(std::move(name));
      }
      for (auto& name : outdated(task)) old.push_back(std::move(name));
    }
    const analysis::PageContent page = analysis::read_page(path_);
    const analysis::PageRecipe recipe = analysis::page_recipe(page);
    const std::string html = analysis::report_html(ours, recipe.options, recipe.detail);
    return say(terminal,
               analysis::compare_pages(page, analysis::page_content(html, path_), tolerance),
               tasks.front(), *ours.front(), changed, old,
               analysis::sha256(html) == analysis::sha256_of_file(path_));
  }

  std::vector<std::string> outdated(const Task& task) const {
    return city_.empty() ? analysis::outdated_inputs(task.recipe) : std::vector<std::string>();
  }

  bool say(Terminal& terminal, const analysis::ResultComparison& found, const Task& task,
           const analysis::Results& ours, const std::vector<std::string>& changed,
           const std::vector<std::string>& old, bool bytes_equal) const {
    if (terminal.globals().json) {
      terminal.event("result", json_fields(found, changed, old, bytes_equal));
    } else {
      terminal.answer(
          text(found, *task.theirs, ours, changed, old, bytes_equal, terminal.globals().lang));
    }
    return found.different == 0;
  }

  static std::string json_list(const std::vector<std::string>& words) {
    std::string list;
    for (const std::string& word : words) list += (list.empty() ? "" : ",") + json_text(word);
    return "[" + list + "]";
  }

  static std::string json_number(double value) {
    return std::isnan(value) ? "null" : fmt::format("{}", value);
  }

  static std::string json_fields(const analysis::ResultComparison& found,
                                 const std::vector<std::string>& changed,
                                 const std::vector<std::string>& outdated, bool bytes_equal) {
    std::string largest = "null";
    if (found.largest) {
      largest = fmt::format("{{\"variable\":{},\"index\":{},\"theirs\":{},\"ours\":{}}}",
                            json_text(found.largest->variable), found.largest->index,
                            json_number(found.largest->theirs), json_number(found.largest->ours));
    }
    return fmt::format(
        "\"compared\":{},\"different\":{},\"largest\":{},\"bytes_equal\":{},\"changed_inputs\":{},"
        "\"outdated_inputs\":{},\"missing\":{},\"skipped\":{}",
        found.compared, found.different, largest, bytes_equal, json_list(changed),
        json_list(outdated), json_list(found.missing), json_list(found.skipped));
  }

  std::string text(const analysis::ResultComparison& found, const analysis::Results& theirs,
                   const analysis::Results& ours, const std::vector<std::string>& changed,
                   const std::vector<std::string>& outdated, bool bytes_equal,
                   const std::string& lang) const {
    const bool is_id = lang == "id";
    std::string out;
    const auto line = [&](const char* en, const char* id, const std::string& value) {
      out += fmt::format(" {:<10} {}\n", is_id ? id : en, value);
    };
    line("compared", "dibanding",
         fmt::format(fmt::runtime(is_id ? "{} angka dan kata dari {} kemungkinan, {} opsi"
                                        : "{} numbers and words of {} futures, {} options"),
                     count_text(found.compared, lang), count_text(ours.n_replicates(), lang),
                     ours.options().size()));
    line("different", "berbeda", count_text(found.different, lang));
    if (found.largest) {
      const auto& d = *found.largest;
      line("largest", "terbesar",
           fmt::format(fmt::runtime(is_id ? "{}[{}]: {} di berkas, {} sekarang"
                                          : "{}[{}]: {} in the file, {} now"),
                       d.variable, d.index, d.theirs, d.ours));
    }
    if (!found.missing.empty()) {
      line("not equal", "tak sama", sim::io::joined(found.missing, 12));
    }
    if (!found.skipped.empty()) {
      line("left out", "dilewati",
           fmt::format(fmt::runtime(is_id ? "{} statistik atas semua kemungkinan"
                                          : "{} statistics over all futures"),
                       found.skipped.size()));
    }
    line("file", "berkas",
         bytes_equal ? (is_id ? "byte sama" : "bytes equal")
                     : (is_id ? "byte berbeda" : "bytes differ"));
    const std::string a = made_by(theirs), b = made_by(ours);
    line("made by", "dibuat", a == b ? a : fmt::format(fmt::runtime(is_id ? "{}; sekarang {}"
                                                                          : "{}; now {}"),
                                                       a, b));
    if (!changed.empty()) {
      line("changed", "berubah",
           fmt::format("{}: {}", is_id ? "masukan" : "inputs", sim::io::joined(changed, 20)));
    }
    if (!outdated.empty()) {
      line("today", "hari ini",
           fmt::format(fmt::runtime(is_id ? "berkas di sini berbeda dari yang dipakai: {}"
                                          : "files here differ from those that were used: {}"),
                       sim::io::joined(outdated, 20)));
    }
    const bool is_equal = found.different == 0;
    return out + (is_equal ? (is_id ? " identik\n" : " identical\n")
                           : (is_id ? " tidak identik\n" : " not identical\n"));
  }

  static std::string made_by(const analysis::Results& results) {
    return fmt::format("musi {} ({}), {}", results.provenance_attribute("musi_version"),
                       results.provenance_attribute("git_commit").substr(0, 12),
                       results.provenance_attribute("compiler"));
  }

  RunFlags flags_;
  std::string path_, tolerance_ = "0", replicates_, city_;
  bool keeps_ = false;
};

}  // namespace

std::unique_ptr<Command> make_reproduce() { return std::make_unique<Reproduce>(); }

}  // namespace musi::cli
