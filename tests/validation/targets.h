#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

/// Table of calibration and validation targets, MODEL.md section 26.
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

/// central x (1 - share) to central x (1 + share)
inline Target around(Target t, double low, double high, double share) {
  t.low = low * (1.0 - share);
  t.high = high * (1.0 + share);
  return t;
}

inline std::string row(const Target& t) {
  const std::string spread = t.spread.empty() ? "" : " (" + t.spread + ")";
  const std::string why = t.met() ? "met" : "MISSED: " + t.likely_reason;
  return fmt::format("{} | {} | {:.6g} {}{} | {:.6g} to {:.6g} | {} | {}", t.number, t.pattern,
                     t.value, t.unit, spread, t.low, t.high, word(t.use), why);
}

/// Prints one row per target; appends them to the file named by MUSI_VALIDATION_CSV, if set.
inline void print_targets(const std::vector<Target>& targets) {
  std::puts("# | pattern | value | wanted | use | result");
  for (const Target& t : targets) std::puts(row(t).c_str());
  std::fflush(stdout);
  const char* path = std::getenv("MUSI_VALIDATION_CSV");
  if (path == nullptr) return;
  std::FILE* file = std::fopen(path, "ab");
  if (file == nullptr) return;
  std::fseek(file, 0, SEEK_END);
  if (std::ftell(file) == 0) {
    std::fputs("number,pattern,value,unit,spread,low,high,use,met,likely_reason\n", file);
  }
  for (const Target& t : targets) {
    std::fputs(fmt::format("{},\"{}\",{:.9g},{},\"{}\",{:.9g},{:.9g},{},{},\"{}\"\n", t.number,
                           t.pattern, t.value, t.unit, t.spread, t.low, t.high, word(t.use),
                           t.met() ? 1 : 0, t.met() ? "" : t.likely_reason)
                   .c_str(),
               file);
  }
  std::fclose(file);
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
