#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "analysis/report/page_json.h"
#include "analysis/report/page_reader.h"

/// Two pages of the same results, number by number.
namespace musi::analysis {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

class PageComparer {
 public:
  explicit PageComparer(double tolerance) : tolerance_(tolerance) {}

  ResultComparison compare(const Json& theirs, const Json& ours) {
    for (const auto& [name, value] : theirs.items()) {
      if (name == "files" || name == "thinned") continue;  // name program, files and hashes
      const auto found = ours.find(name);
      if (found == ours.end()) {
        differ(name);
      } else {
        walk(name, value, *found);
      }
    }
    for (const auto& [name, value] : ours.items()) {
      if (!theirs.contains(name)) result_.added.push_back(name);
    }
    return std::move(result_);
  }

 private:
  void differ(const std::string& path) {
    ++result_.different;
    if (result_.missing.size() < 100) result_.missing.push_back(path);
  }

  void walk(const std::string& path, const Json& a, const Json& b) {
    if (a.is_object() && b.is_object()) {
      for (const auto& [name, value] : a.items()) {
        const auto found = b.find(name);
        if (found == b.end()) {
          differ(path + "." + name);
        } else {
          walk(path + "." + name, value, *found);
        }
      }
    } else if (a.is_array() && b.is_array()) {
      if (a.size() != b.size()) return differ(path + " (another shape)");
      for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i].is_structured()) {
          walk(fmt::format("{}[{}]", path, i), a[i], b[i]);
        } else {
          compare_values(path, i, a[i], b[i]);
        }
      }
    } else {
      compare_values(path, 0, a, b);
    }
  }

  void compare_values(const std::string& path, std::size_t index, const Json& a, const Json& b) {
    ++result_.compared;
    const auto is_numeric = [](const Json& v) { return v.is_number() || v.is_null(); };
    if (a == b) return;
    if (!is_numeric(a) || !is_numeric(b)) return differ(path);
    const double x = a.is_null() ? missing : a.get<double>();
    const double y = b.is_null() ? missing : b.get<double>();
    const bool is_missing = std::isnan(x) || std::isnan(y);
    const double relative =
        is_missing ? 1.0 : std::abs(x - y) / std::max(std::abs(x), std::abs(y));
    if (!is_missing && relative <= tolerance_) return;
    ++result_.different;
    if (!result_.largest || relative > result_.largest->relative) {
      result_.largest = NumberDifference{path, index, x, y, relative};
    }
  }

  double tolerance_;
  ResultComparison result_;
};

}  // namespace

ResultComparison compare_pages(const PageContent& theirs, const PageContent& ours,
                               double tolerance) {
  return PageComparer(tolerance).compare(Json::parse(theirs.data), Json::parse(ours.data));
}

}  // namespace musi::analysis
