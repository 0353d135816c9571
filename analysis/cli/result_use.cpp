#include "analysis/cli/result_use.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/cli/command.h"
#include "analysis/headline.h"
#include "sim/io/text.h"

namespace musi::cli {

void warn_if_incomplete(Terminal& terminal, const analysis::Results& results) {
  if (results.is_complete()) return;
  sim::Problem problem;
  problem.severity = sim::Severity::warning;
  problem.code = "incomplete";
  problem.place.file = results.path();
  problem.message = fmt::format("the run was stopped: {} of {} futures are there",
                                results.n_replicates(), results.replicates_planned());
  problem.message_indonesian = fmt::format("dihentikan: ada {} dari {} kemungkinan",
                                           results.n_replicates(), results.replicates_planned());
  terminal.problems({problem}, sim::ExitCode::done, "", "");
}

std::size_t chosen_option(const analysis::Results& results, const std::vector<std::string>& names) {
  if (names.empty()) return 0;
  if (names.size() > 1) throw UsageError("--option: name one option");
  const std::vector<std::string>& known = results.options();
  const auto found = std::find(known.begin(), known.end(), names[0]);
  if (found == known.end()) {
    throw UsageError(
        fmt::format("--option '{}' is none of {}", names[0], sim::io::joined(known, 8)));
  }
  return static_cast<std::size_t>(found - known.begin());
}

std::string short_number(double value, const std::string& lang) {
  if (value == 0.0 || !std::isfinite(value)) return analysis::number_text(value, 0, lang);
  const int digits = static_cast<int>(std::floor(std::log10(std::abs(value))));
  if (digits < -4) {
    std::string text = fmt::format("{:.2e}", value);
    if (lang == "id") std::replace(text.begin(), text.end(), '.', ',');
    return text;
  }
  std::string text = analysis::number_text(value, std::clamp(2 - digits, 0, 6), lang);
  const char point = lang == "id" ? ',' : '.';
  if (digits < 2 && text.find(point) != std::string::npos) {
    while (text.back() == '0') text.pop_back();
    if (text.back() == point) text.pop_back();
  }
  return text;
}

}  // namespace musi::cli
