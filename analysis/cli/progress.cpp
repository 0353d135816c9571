#include "analysis/cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "analysis/headline.h"
#include "sim/io/text.h"

namespace musi::cli {
namespace {

constexpr std::size_t most_lines = 6;
constexpr double between_redraws = 0.1;  ///< [s]
constexpr double shortest_shown = 0.5;   ///< [s] runs expected to be faster show no bars
constexpr int narrow = 50;               ///< columns below which there is no room for a bar

std::string count(std::size_t n, const std::string& lang) {
  return analysis::number_text(static_cast<double>(n), 0, lang);
}

}  // namespace

std::string time_left_text(double seconds, const std::string& lang) {
  const bool is_id = lang == "id";
  const auto say = [&](double n, const char* en, const char* id) {
    return is_id ? fmt::format("sisa sekitar {:.0f} {}", n, id)
                 : fmt::format("about {:.0f} {} left", n, en);
  };
  if (seconds < 5.0) return is_id ? "sisa beberapa detik" : "a few seconds left";
  if (seconds < 57.5) return say(5.0 * std::round(seconds / 5.0), "s", "detik");
  const double minutes = seconds / 60.0;
  if (minutes < 10.0) return say(std::max(1.0, std::round(minutes)), "min", "menit");
  if (minutes < 92.5) return say(5.0 * std::round(minutes / 5.0), "min", "menit");
  return say(std::round(minutes / 60.0), "h", "jam");
}

std::string clock_text(double seconds) {
  const auto whole = static_cast<long>(seconds);
  return fmt::format("[{:02}:{:02}:{:02}]", whole / 3600, whole / 60 % 60, whole % 60);
}

std::string bar_text(double share, std::size_t width, bool utf8) {
  share = std::clamp(share, 0.0, 1.0);
  std::string text;
  if (!utf8) {
    const auto full = static_cast<std::size_t>(share * static_cast<double>(width));
    return std::string(full, '#') + std::string(width - full, '-');
  }
  constexpr std::array<const char*, 8> parts{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const auto eighths = static_cast<std::size_t>(share * 8.0 * static_cast<double>(width));
  for (std::size_t i = 0; i < eighths / 8; ++i) text += "█";
  text += parts[eighths % 8];
  const std::size_t used = eighths / 8 + (eighths % 8 > 0 ? 1 : 0);
  return text + std::string(width - used, ' ');
}

void TimeLeft::add(double seconds, std::size_t n_done) {
  const std::size_t n = samples_.size();
  if (n >= 2 && seconds - samples_[n - 2].first < between_redraws) samples_.pop_back();
  samples_.emplace_back(seconds, n_done);
}

std::optional<double> TimeLeft::seconds(std::size_t n_total) const {
  if (samples_.empty()) return std::nullopt;
  const auto [now, done] = samples_.back();
  if (done == 0 || (now < 3.0 && 50 * done < n_total)) return std::nullopt;
  std::pair<double, std::size_t> from{0.0, 0};
  for (const auto& sample : samples_) {
    if (sample.second * 5 > done * 4) break;
    from = sample;
  }
  const double per_run = (now - from.first) / static_cast<double>(done - from.second);
  return per_run * static_cast<double>(n_total - std::min(done, n_total));
}

Progress::Progress(Terminal& terminal, std::string file, std::vector<std::string> options,
                   std::size_t n_replicates, std::size_t n_kept, std::string stage)
    : terminal_(terminal),
      file_(std::move(file)),
      stage_(std::move(stage)),
      options_(std::move(options)),
      done_(options_.size()),
      n_replicates_(n_replicates),
      n_kept_(n_kept) {}

double Progress::seconds_here() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

void Progress::done(std::size_t option) {
  ++done_[option];
  ++n_done_;
  if (n_done_ <= n_kept_) {
    start_ = std::chrono::steady_clock::now();
    return;
  }
  const double now = seconds_here();
  const std::size_t total = options_.size() * n_replicates_;
  const double share = static_cast<double>(n_done_) / static_cast<double>(total);
  if (terminal_.shows_bars()) {
    if (now - last_shown_ < between_redraws) return;
    left_.add(now, n_done_ - n_kept_);
    const double expected = now + left_.seconds(total - n_kept_).value_or(now);
    if (expected < shortest_shown && now < shortest_shown) return;
    last_shown_ = now;
    draw();
    return;
  }
  left_.add(now, n_done_ - n_kept_);
  const bool is_due = now - last_shown_ >= 10.0 && share - last_share_ >= 0.1;
  if (terminal_.globals().json) {
    if (now - last_shown_ < 1.0 && n_done_ < total) return;
    last_shown_ = now;
    say_event(option);
  } else if (is_due && n_done_ < total) {
    last_shown_ = now;
    last_share_ = std::floor(10.0 * share) / 10.0;
    say_line();
  }
}

void Progress::say_event(std::size_t option) {
  const std::size_t total = options_.size() * n_replicates_;
  const auto left = left_.seconds(total - n_kept_);
  terminal_.event("progress",
                  fmt::format("\"stage\":{},\"option\":{},\"done\":{},\"total\":{},"
                              "\"eta_s\":{}",
                              json_text(stage_), json_text(options_[option]), n_done_, total,
                              left ? fmt::format("{:.0f}", *left) : "null"));
}

void Progress::say_line() {
  const std::string& lang = terminal_.globals().lang;
  const std::size_t total = options_.size() * n_replicates_;
  const auto left = left_.seconds(total - n_kept_);
  terminal_.note(
      fmt::format("{} {:.0f} %  {} {} {}{}", clock_text(terminal_.seconds()),
                  std::floor(100.0 * static_cast<double>(n_done_) / static_cast<double>(total)),
                  count(n_done_, lang), lang == "id" ? "dari" : "of",
                  count(total, lang) + (lang == "id" ? " kali jalan" : " runs"),
                  left ? ", " + time_left_text(*left, lang) : ""));
}

std::string Progress::line(const std::string& name, std::size_t done, std::size_t total,
                           std::size_t name_width, const std::string& behind) const {
  const std::string& lang = terminal_.globals().lang;
  const std::string numbers = fmt::format("{:>15}", count(done, lang) + "/" + count(total, lang));
  const auto columns = static_cast<std::size_t>(std::max(20, terminal_.columns()));
  const std::size_t used = 1 + name_width + 2 + numbers.size() + 25;
  const std::size_t width = columns > used + 5 ? columns - used : 5;
  const double share = static_cast<double>(done) / static_cast<double>(total);
  const std::size_t padding = name_width - std::min(name_width, sim::io::n_characters(name));
  return fmt::format(" {}{}  {} {}{}", name, std::string(padding, ' '),
                     bar_text(share, width, terminal_.is_utf8()), numbers,
                     behind.empty() ? "" : "   " + behind);
}

std::string Progress::bars() const {
  const std::string& lang = terminal_.globals().lang;
  const std::size_t total = options_.size() * n_replicates_;
  const auto left = left_.seconds(total - n_kept_);
  const std::string left_text = left ? time_left_text(*left, lang) : "";
  if (terminal_.columns() < narrow) {
    return fmt::format("\r\x1b[K{}/{}{}\n", count(n_done_, lang), count(total, lang),
                       left_text.empty() ? "" : ", " + left_text);
  }
  std::string text;
  std::size_t name_width = 5;
  const std::size_t shown = options_.size() == 1 ? 0 : std::min(options_.size(), most_lines);
  for (std::size_t o = 0; o < shown; ++o) {
    name_width = std::max(name_width, std::min<std::size_t>(24, options_[o].size()));
  }
  for (std::size_t o = 0; o < shown; ++o) {
    text += "\r\x1b[K" +
            line(options_[o].substr(0, name_width), done_[o], n_replicates_, name_width, "") + "\n";
  }
  if (options_.size() > most_lines) {
    text += fmt::format("\r\x1b[K {} {}\n", options_.size() - most_lines,
                        lang == "id" ? "lagi" : "more");
  }
  return text + "\r\x1b[K" + line("total", n_done_, total, name_width, left_text) + "\n";
}

void Progress::draw() {
  const std::string lines = bars();
  std::string text = lines_drawn_ > 0 ? fmt::format("\x1b[{}A", lines_drawn_) : "";
  text += lines;
  const auto n_lines = static_cast<std::size_t>(std::count(lines.begin(), lines.end(), '\n'));
  if (n_lines < lines_drawn_) text += "\x1b[J";  // the window became narrower
  lines_drawn_ = n_lines;
  [[maybe_unused]] const ssize_t n = ::write(STDERR_FILENO, text.data(), text.size());
}

void Progress::clear() {
  if (lines_drawn_ == 0) return;
  const std::string text = fmt::format("\x1b[{}A\r\x1b[J", lines_drawn_);
  lines_drawn_ = 0;
  [[maybe_unused]] const ssize_t n = ::write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace musi::cli
