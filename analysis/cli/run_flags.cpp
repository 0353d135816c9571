#include "analysis/cli/run_flags.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <thread>

#include "analysis/cli/command.h"
#include "sim/io/number.h"

namespace musi::cli {
namespace {

constexpr double most_threads = 1024;

double whole(const std::string& flag, const std::string& text, double min, double max) {
  const auto reading = sim::io::read_number(text, {.min = min, .max = max, .whole = true});
  if (!reading.value) {
    throw UsageError(fmt::format("{} {}: {}", flag, text, reading.fault.message.english));
  }
  return *reading.value;
}

}  // namespace

void RunFlags::declare(CLI::App& app, const char* output_help, bool is_search) {
  declare_futures(app, is_search);
  app.add_flag("--resume", resume, "go on where a stopped run left off");
  app.add_flag("--force", force, "replace an existing result, discard an unfinished run");
  app.add_option("-o,--output", output, output_help);
}

void RunFlags::declare_futures(CLI::App& app, bool is_search) {
  app.add_option("-n,--replicates", replicates, "futures of each option");
  app.add_option("--seed", seed, "start of all random numbers");
  app.add_option("-j,--threads", threads, "threads, default all cores; never changes a result");
  app.add_option("--set", sets, "PATH=VALUE laid over everything in the file (repeatable)")
      ->allow_extra_args(false);
  app.add_option(
         "--option", options,
         is_search ? "ask this option, default the first" : "run only this option (repeatable)")
      ->allow_extra_args(false);
  if (!is_search) app.add_flag("--no-sweep", no_sweep, "leave out the points of a sweep");
  app.add_option("--time-limit", time_limit, "30s, 10min, 2h: then stop and keep what is done");
  app.add_flag("--allow-large", allow_large,
               "more than 10 million runs, 4 GiB of file or 80 % of the memory");
}

void RunFlags::check() const {
  if (!replicates.empty()) whole("--replicates", replicates, 1, 1e9);
  if (!seed.empty()) whole("--seed", seed, 0, 9007199254740991.0);
  n_threads();
  seconds_allowed();
  if (output == "-") throw UsageError("-o - : a result needs a file, it cannot go to stdout");
}

std::vector<std::string> RunFlags::all_sets() const {
  std::vector<std::string> all = sets;
  if (!replicates.empty()) all.push_back("sampling.replicates=" + replicates);
  if (!seed.empty()) all.push_back("sampling.seed=" + seed);
  return all;
}

std::string RunFlags::text() const {
  std::string text;
  const auto add = [&](const std::string& flag, const std::string& value) {
    text += fmt::format("{}{} {}", text.empty() ? "" : " ", flag, shell_word(value));
  };
  for (const std::string& set : sets) add("--set", set);
  for (const std::string& option : options) add("--option", option);
  if (!replicates.empty()) add("--replicates", replicates);
  if (!seed.empty()) add("--seed", seed);
  return text;
}

std::string RunFlags::typed_again() const {
  std::string typed = text();
  const auto add = [&](const std::string& words) { typed += (typed.empty() ? "" : " ") + words; };
  if (no_sweep) add("--no-sweep");
  if (!threads.empty()) add("--threads " + shell_word(threads));
  if (!time_limit.empty()) add("--time-limit " + shell_word(time_limit));
  if (!output.empty()) add("-o " + shell_word(output));
  if (allow_large) add("--allow-large");
  return typed;
}

std::size_t RunFlags::n_threads() const {
  if (!threads.empty())
    return static_cast<std::size_t>(whole("--threads", threads, 1, most_threads));
  if (const char* given = std::getenv("MUSI_THREADS"); given != nullptr && *given != '\0') {
    return static_cast<std::size_t>(whole("MUSI_THREADS", given, 1, most_threads));
  }
  return std::max(1u, std::thread::hardware_concurrency());
}

std::optional<double> RunFlags::seconds_allowed() const {
  if (time_limit.empty()) return std::nullopt;
  return duration_seconds(time_limit);
}

double duration_seconds(const std::string& text) {
  struct Unit {
    const char* word;
    double seconds;
  };
  constexpr Unit units[] = {{"s", 1.0}, {"min", 60.0}, {"h", 3600.0}};
  const std::size_t end = text.find_last_of("0123456789.");
  const std::string number = end == std::string::npos ? "" : text.substr(0, end + 1);
  const std::string word = end == std::string::npos ? text : text.substr(end + 1);
  for (const Unit& unit : units) {
    if (word != unit.word) continue;
    const auto reading = sim::io::read_number(number, {.min = 0.0, .min_open = true});
    if (reading.value) return *reading.value * unit.seconds;
  }
  throw UsageError(
      fmt::format("--time-limit '{}' is no duration; write for example 30s, 10min or 2h", text));
}

std::string shell_word(const std::string& word) {
  constexpr const char* safe =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,+%@";
  if (!word.empty() && word.find_first_not_of(safe) == std::string::npos) return word;
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

}  // namespace musi::cli
