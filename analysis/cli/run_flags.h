#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace musi::cli {

/// Flags of all commands that simulate, INTERFACE 1.2. Numbers are kept as text until `check`,
/// because CLI11 reads 010 as 8.
struct RunFlags {
  std::string replicates, seed, threads, time_limit, output;
  std::vector<std::string> sets, options;
  bool no_sweep = false, resume = false, force = false, allow_large = false;
  bool only_result = false;  ///< no flag: writes the result, prints neither answer nor advice

  /// `output`: help of -o. `is_search`: a command that asks one option, without sweep.
  void declare(CLI::App& app, const char* output = "result file, default results/<name>.h5",
               bool is_search = false);
  /// The flags of a command that writes nothing: which futures, and how.
  void declare_futures(CLI::App& app, bool is_search = false);
  /// UsageError for values that are no numbers, durations or files.
  void check() const;

  /// Everything that is laid over the scenario: --set, then -n and --seed.
  std::vector<std::string> all_sets() const;
  /// Flags that affect results, in a fixed form; for the result file.
  std::string text() const;
  /// All flags but --resume and --force, to be typed again.
  std::string typed_again() const;
  /// --threads, else MUSI_THREADS, else all cores. UsageError.
  std::size_t n_threads() const;
  std::optional<double> seconds_allowed() const;
};

/// `30s`, `10min`, `2h`: seconds. UsageError.
double duration_seconds(const std::string& text);

/// A word as a shell reads it back.
std::string shell_word(const std::string& word);

}  // namespace musi::cli
