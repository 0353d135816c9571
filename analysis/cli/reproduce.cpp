#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "analysis/cli/catalogue.h"
#include "analysis/cli/command.h"
#include "analysis/cli/run_flags.h"
#include "analysis/cli/run_job.h"
#include "analysis/cli/signals.h"
#include "analysis/cli/terminal.h"
#include "analysis/headline.h"
#include "analysis/provenance.h"
#include "analysis/reproduce.h"
#include "sim/io/number.h"
#include "sim/io/text.h"

namespace musi::cli {
namespace {

namespace fs = std::filesystem;

std::string count_text(std::size_t n, const std::string& lang) {
  return analysis::number_text(static_cast<double>(n), 0, lang);
}

bool is_page(const std::string& path) {
  const std::string ending = fs::path(path).extension().string();
  return ending == ".html" || ending == ".htm";
}

class Reproduce final : public Command {
 public:
  std::string_view name() const override { return "reproduce"; }
  std::string_view summary() const override { return "run a result again, compare every number"; }
  std::string_view footer() const override {
    return "Exit codes: 0 all numbers are equal, 2 wrong use, 3 the embedded scenario is not valid "
           "for this program, 4 a file cannot be read or written, 5 time limit reached, 6 numbers "
           "differ, 130 interrupted; after 5 and 130 --resume goes on.\n"
           "Scenario, city and tables are those inside RESULT; --city takes today's city instead. "
           "Numbers must be equal for any number of threads and any version that computes alike.\n"
           "Example: musi reproduce results/palembang-baseline.h5 --replicates 50";
  }
  void declare(CLI::App& app) override {
    app.add_option("RESULT", path_, "result file")->required();
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
    if (is_page(path_)) {
      throw sim::IoError("foreign",
                         fmt::format("'{}' is a report; this version reproduces result files only. "
                                     "Give the .h5 that the report was made from",
                                     path_));
    }
    const analysis::Results theirs(path_);
    analysis::Recipe recipe = analysis::recipe_of(theirs);
    refuse_damage(recipe);
    if (!city_.empty()) analysis::use_city(recipe, city_);
    set_flags(recipe, theirs);
    const analysis::ReadFromArchive reading(recipe.inputs);
    RunJob job(recipe.scenario, flags_);
    job.read().problems.throw_if_errors();
    job.prepare({});
    sim::Cancellation& cancellation = stop_on_signals();
    const auto limit = flags_.seconds_allowed();
    const auto watch = [&] {
      if (limit && terminal.seconds() > *limit) {
        cancellation.request(sim::StopReason::time_limit);
      }
    };
    const sim::ExitCode code = job.run(terminal, cancellation, watch, {});
    if (code == sim::ExitCode::stopped || code == sim::ExitCode::interrupted) {
      say_stopped(terminal);
      return code;
    }
    const bool all_equal = compare(terminal, theirs, recipe, tolerance);
    std::error_code ignored;
    if (!keeps_) fs::remove(flags_.output, ignored);
    return all_equal ? sim::ExitCode::done : sim::ExitCode::answer_is_no;
  }

 private:
  double tolerance_of_flag() const {
    const auto reading = sim::io::read_number(tolerance_, {.min = 0.0, .max = 1.0});
    if (!reading.value) {
      throw UsageError(
          fmt::format("--tolerance {}: {}", tolerance_, reading.fault.message.english));
    }
    return *reading.value;
  }

  void refuse_damage(const analysis::Recipe& recipe) const {
    const auto damaged = analysis::damaged_inputs(recipe);
    if (damaged.empty()) return;
    throw sim::IoError("damaged",
                       fmt::format("'{}' was changed after it was written: its embedded input '{}' "
                                   "does not have the hash that the file states",
                                   path_, sim::io::joined(damaged, 20)));
  }

  /// The flags of the run that made the result, and ours.
  void set_flags(const analysis::Recipe& recipe, const analysis::Results& theirs) {
    flags_.sets = recipe.sets;
    flags_.options = recipe.options;
    flags_.replicates = recipe.replicates;
    flags_.seed = recipe.seed;
    // --no-sweep is not written down, because it changes no number; the options show it.
    const auto kinds = theirs.has("option_kind") ? theirs.file().texts("option_kind")
                                                 : std::vector<std::string>();
    flags_.no_sweep = std::find(kinds.begin(), kinds.end(), "sweep") == kinds.end();
    if (!theirs.is_complete()) flags_.replicates = fmt::format("{}", theirs.n_replicates());
    if (!replicates_.empty()) {
      const auto wanted = sim::io::read_number(replicates_, {.min = 1.0, .whole = true}).value;
      if (!wanted || *wanted > static_cast<double>(theirs.n_replicates())) {
        throw UsageError(fmt::format("--replicates {}: the result holds 1 to {} futures",
                                     replicates_, theirs.n_replicates()));
      }
      flags_.replicates = replicates_;
    }
    const bool is_shorter = flags_.replicates != recipe.replicates;
    if (is_shorter && theirs.provenance_attribute("design") == "latin_hypercube" &&
        flags_.replicates != fmt::format("{}", theirs.replicates_planned())) {
      throw UsageError(
          "fewer futures of a latin hypercube are other futures: reproduce all of them");
    }
    keeps_ = !flags_.output.empty();
    if (!keeps_) flags_.output = fs::path(path_).replace_extension(".reproduced.h5").string();
    flags_.only_result = true;
    flags_.check();
  }

  void say_stopped(Terminal& terminal) const {
    terminal.note(fmt::format(
        "   musi reproduce {} --resume    {}", shell_word(path_),
        terminal.globals().lang == "id" ? "melanjutkan" : "goes on"));
  }

  /// Prints and hands back whether all numbers are equal.
  bool compare(Terminal& terminal, const analysis::Results& theirs, const analysis::Recipe& recipe,
               double tolerance) const {
    const analysis::Results ours(flags_.output);
    const analysis::ResultComparison found = analysis::compare_results(theirs, ours, tolerance);
    const auto changed = analysis::changed_inputs(theirs, ours);
    const auto outdated = city_.empty() ? analysis::outdated_inputs(recipe)
                                        : std::vector<std::string>();
    const bool bytes_equal =
        analysis::sha256_of_file(path_) == analysis::sha256_of_file(flags_.output);
    if (terminal.globals().json) {
      terminal.event("result", json_fields(found, changed, outdated, bytes_equal));
    } else {
      terminal.answer(text(found, theirs, ours, changed, outdated, bytes_equal,
                           terminal.globals().lang));
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
