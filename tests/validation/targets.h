#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

/// Rows of the table of calibration and validation targets, MODEL.md sections 26 and 27.
namespace musi::tests {

/// V: exact verification, C: closure or calibration, P: check only.
enum class Use { verification, calibration, prediction };

struct Target {
  std::string number;   ///< of MODEL.md section 26; "7a" and "7b" share one
  std::string pattern;
  double value = 0.0;
  double low = 0.0, high = 0.0;  ///< wanted, limits included
  std::string unit;
  Use use = Use::verification;
  std::string likely_reason{};   ///< why it may be missed, or how it was measured
  std::string spread{};          ///< over futures, if the target speaks of a range

  /// A number that cannot be computed is never met.
  bool met() const { return value >= low && value <= high; }
};

inline const char* word(Use use) {
  switch (use) {
    case Use::verification: return "V";
    case Use::calibration: return "C";
    case Use::prediction: break;
  }
  return "P";
}

/// low x (1 - share) to high x (1 + share)
inline Target around(Target t, double low, double high, double share) {
  t.low = low * (1.0 - share);
  t.high = high * (1.0 + share);
  return t;
}

/// A row that must hold exactly, `margin` apart.
inline Target exactly(std::string number, std::string pattern, double value, double expected,
                      double margin, std::string unit = "") {
  return {.number = std::move(number),
          .pattern = std::move(pattern),
          .value = value,
          .low = expected - margin,
          .high = expected + margin,
          .unit = std::move(unit),
          .use = Use::verification,
          .likely_reason = "an error of the program"};
}

/// What is wanted, in words: "at most 3", "16 to 32", "positive".
inline std::string wanted(const Target& t) {
  constexpr double far = 1e6;
  const bool open_above = t.high >= far, open_below = t.low <= -far;
  if (open_above) return fmt::format("at least {:.6g}", t.low);
  if (open_below) return fmt::format("at most {:.6g}", t.high);
  if (t.low == t.high) return fmt::format("{:.6g}", t.low);
  return fmt::format("{:.6g} to {:.6g}", t.low, t.high);
}

inline std::string verdict(const Target& t) {
  return t.met() ? "met" : "MISSED: " + t.likely_reason;
}

inline std::string row(const Target& t) {
  const std::string spread = t.spread.empty() ? "" : " (" + t.spread + ")";
  return fmt::format("{} | {} | {:.6g} {}{} | {} | {} | {}", t.number, t.pattern, t.value, t.unit,
                     spread, wanted(t), word(t.use), verdict(t));
}

/// Quantile by the nearest rank. `sample` not empty.
inline double quantile(std::vector<double> sample, double u) {
  std::sort(sample.begin(), sample.end());
  return sample[static_cast<std::size_t>(u * static_cast<double>(sample.size() - 1) + 0.5)];
}

inline std::string range_of(const std::vector<double>& sample) {
  return fmt::format("{:.4g} to {:.4g} in {} futures", quantile(sample, 0), quantile(sample, 1),
                     sample.size());
}

}  // namespace musi::tests
