#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/error.h"

namespace musi::cli {

/// Flags of every command, INTERFACE 1.2.
struct Globals {
  std::string lang = "en";
  std::string page_lang = "both";  ///< of pages that are written: en, id or both
  bool json = false, plain = false, no_color = false, quiet = false, verbose = false;
};

/// The two streams of a command: stdout carries the answer, stderr carries progress and problems.
/// With --json both are replaced by one JSON object per line on stdout.
class Terminal {
 public:
  explicit Terminal(Globals globals);

  const Globals& globals() const { return globals_; }
  /// Text of the answer; a line end is not added. Nothing with --json.
  void answer(std::string_view text);
  /// A line on stderr, unless --quiet or --json.
  void note(std::string_view text);
  /// All problems, as text on stderr or as `problem` events; `exit_code` is what errors lead to.
  void problems(const std::vector<sim::Problem>& problems, sim::ExitCode exit_code,
                std::string_view ending_en = "Nothing was run.",
                std::string_view ending_id = "Tidak ada yang dijalankan.");
  /// One failure without a place: "musi: error: ..." or a `problem` event.
  void failure(std::string_view code, std::string_view message, sim::ExitCode exit_code);
  /// One JSON event with --json: `fields` is the inside of an object, e.g. "\"done\":3".
  void event(std::string_view name, std::string_view fields = {});
  /// Runs that the command has made, for the last event.
  void count_runs(std::size_t runs) { n_runs_ += runs; }
  std::size_t n_runs() const { return n_runs_; }
  /// Last event, with the exit code.
  void end(sim::ExitCode code, std::size_t runs = 0);

  bool colour() const { return colour_; }    ///< of stderr
  bool shows_bars() const { return bars_; }  ///< stderr is a terminal that can redraw
  bool is_utf8() const { return utf8_; }
  int columns() const;                       ///< width to use, at most 100
  double seconds() const;                    ///< since the start of the command

 private:
  Globals globals_;
  std::size_t n_runs_ = 0;
  bool colour_ = false, bars_ = false, utf8_ = false;
  std::chrono::steady_clock::time_point start_;
};

/// A string as a JSON string, quotes included.
std::string json_text(std::string_view text);

/// Peak memory of this process [MiB].
double peak_memory_mib();

}  // namespace musi::cli
