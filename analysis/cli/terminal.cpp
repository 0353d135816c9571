#include "analysis/cli/terminal.h"

#include <fmt/core.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>

#include "sim/io/problems.h"

namespace musi::cli {
namespace {

bool has_env(const char* name) { return std::getenv(name) != nullptr; }

bool env_is(const char* name, std::string_view value) {
  const char* const found = std::getenv(name);
  return found != nullptr && value == found;
}

bool locale_is_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* const value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    const std::string_view text(value);
    return text.find("UTF-8") != text.npos || text.find("utf8") != text.npos ||
           text.find("UTF8") != text.npos || text.find("utf-8") != text.npos;
  }
  return false;
}

}  // namespace

Terminal::Terminal(Globals globals)
    : globals_(std::move(globals)), start_(std::chrono::steady_clock::now()) {
  const bool is_terminal = isatty(STDERR_FILENO) == 1 && !env_is("TERM", "dumb");
  colour_ = is_terminal && !globals_.no_color && !globals_.plain && !globals_.json &&
            !has_env("NO_COLOR");
  bars_ = is_terminal && !globals_.json && !globals_.plain && !globals_.quiet;
  utf8_ = locale_is_utf8() && !globals_.plain;
}

void Terminal::answer(std::string_view text) {
  if (globals_.json) return;
  errno = 0;
  const bool is_written =
      std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  // A reader that has seen enough (| head) is no failure; a full disk is.
  if (!is_written && errno != EPIPE) {
    throw sim::IoError(errno == ENOSPC ? "disk_full" : "cannot_write",
                       fmt::format("cannot write to stdout: {}", std::strerror(errno)));
  }
}

void Terminal::note(std::string_view text) {
  if (globals_.json || globals_.quiet) return;
  std::fflush(stdout);
  fmt::print(stderr, "{}\n", text);
}

void Terminal::problems(const std::vector<sim::Problem>& problems, sim::ExitCode exit_code,
                        std::string_view ending_en, std::string_view ending_id) {
  const auto language = globals_.lang == "id" ? sim::io::Language::indonesian
                                              : sim::io::Language::english;
  if (globals_.json) {
    for (const sim::Problem& problem : problems) {
      const std::string object =
          sim::io::to_json(problem, static_cast<int>(exit_code), language);
      event("problem", std::string_view(object).substr(1, object.size() - 2));
    }
    return;
  }
  std::vector<sim::Problem> shown = problems;
  if (globals_.quiet) {
    std::erase_if(shown, [](const sim::Problem& p) { return p.severity != sim::Severity::error; });
  }
  if (shown.empty()) return;
  std::fflush(stdout);
  const sim::io::PrintStyle style{.colour = colour_, .language = language};
  const std::string text = sim::io::format_all(
      shown, style, {std::string(ending_en), std::string(ending_id)});
  std::fwrite(text.data(), 1, text.size(), stderr);
}

void Terminal::failure(std::string_view code, std::string_view message, sim::ExitCode exit_code) {
  if (globals_.json) {
    event("problem",
          fmt::format("\"severity\":\"error\",\"code\":{},\"message\":{},\"exit_code\":{}",
                      json_text(code), json_text(message), static_cast<int>(exit_code)));
    return;
  }
  std::fflush(stdout);
  fmt::print(stderr, "musi: {}: {}\n", globals_.lang == "id" ? "galat" : "error", message);
}

void Terminal::event(std::string_view name, std::string_view fields) {
  if (!globals_.json) return;
  fmt::print(stdout, "{{\"event\":\"{}\",\"t\":{:.3f}{}{}}}\n", name, seconds(),
             fields.empty() ? "" : ",", fields);
  std::fflush(stdout);
}

void Terminal::end(sim::ExitCode code, std::size_t runs) {
  const char* status = "failed";
  switch (code) {
    case sim::ExitCode::done: status = "done"; break;
    case sim::ExitCode::answer_is_no: status = "no"; break;
    case sim::ExitCode::usage:
    case sim::ExitCode::invalid_input: status = "invalid"; break;
    case sim::ExitCode::stopped: status = "stopped"; break;
    case sim::ExitCode::interrupted: status = "interrupted"; break;
    case sim::ExitCode::internal:
    case sim::ExitCode::io: break;
  }
  event("end", fmt::format("\"exit_code\":{},\"status\":\"{}\",\"elapsed_s\":{:.3f},\"runs\":{},"
                           "\"peak_memory_mib\":{:.0f}",
                           static_cast<int>(code), status, seconds(), runs, peak_memory_mib()));
}

int Terminal::columns() const {
  int width = 80;
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) width = size.ws_col;
  if (const char* const given = std::getenv("COLUMNS"); given != nullptr) {
    const int value = std::atoi(given);
    if (value > 0) width = value;
  }
  return std::min(width - 1, 100);
}

double Terminal::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

std::string json_text(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

double peak_memory_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

}  // namespace musi::cli
