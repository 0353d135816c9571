#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/cli/terminal.h"

namespace musi::cli {

/// "about 30 min left", rounded so that it does not flicker. Indonesian with lang = "id".
std::string time_left_text(double seconds, const std::string& lang);

/// `[00:03:12]`.
std::string clock_text(double seconds);

/// A bar of `width` characters, `share` of it full.
std::string bar_text(double share, std::size_t width, bool utf8);

/// How long the rest takes, from the last fifth of the runs that were computed.
class TimeLeft {
 public:
  /// `seconds` since some start; `n_done` of `n_total`.
  void add(double seconds, std::size_t n_done);
  /// Nothing before 2 % of `n_total` or 3 s.
  std::optional<double> seconds(std::size_t n_total) const;

 private:
  std::vector<std::pair<double, std::size_t>> samples_;
};

/// Progress of one ensemble on stderr: bars on a terminal, lines elsewhere, events with --json.
class Progress {
 public:
  /// One line per option up to six. `n_kept`: runs that need not be computed again. `stage`: of
  /// the JSON events.
  Progress(Terminal& terminal, std::string file, std::vector<std::string> options,
           std::size_t n_replicates, std::size_t n_kept, std::string stage = "run");
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// One more run of `option` is done.
  void done(std::size_t option);
  /// Removes the bars; what follows is written below the last text.
  void clear();

 private:
  void draw();
  std::string line(const std::string& name, std::size_t done, std::size_t total,
                   std::size_t name_width, const std::string& behind) const;
  std::string bars() const;
  void say_line();
  void say_event(std::size_t option);
  double seconds_here() const;

  Terminal& terminal_;
  std::string file_, stage_;
  std::vector<std::string> options_;
  std::vector<std::size_t> done_;
  std::size_t n_replicates_, n_kept_, n_done_ = 0;
  TimeLeft left_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  double last_shown_ = 0.0;  ///< [s] after start_
  double last_share_ = 0.0;  ///< of lines and events
  std::size_t lines_drawn_ = 0;
};

}  // namespace musi::cli
