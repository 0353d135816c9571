#include "analysis/scenario/points.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/lever.h"
#include "analysis/scenario/schema.h"
#include "sim/core/design.h"
#include "sim/core/rng.h"
#include "sim/io/text.h"

namespace musi::analysis {
namespace {

constexpr std::size_t most_values = 1000, most_points = 100'000;
/// Keeps the points of a sweep apart from the draws of its futures.
constexpr std::uint64_t sweep_stream = 0x7377656570ull;  // "sweep"

void bad(const YamlNode& at, const char* code, const std::string& en, const std::string& id,
         Problems& problems) {
  at.error(code, {en, id}, problems);
}

/// One axis: values, or the ends of a range for a latin hypercube.
struct Axis {
  std::string path;
  std::vector<std::string> values;
  double from = 0.0, to = 0.0;
};

std::optional<std::vector<std::string>> range_values(const YamlNode& node, Problems& problems) {
  if (!node.check_keys({"from", "to", "step"}, problems)) return std::nullopt;
  double numbers[3] = {};
  const char* names[] = {"from", "to", "step"};
  for (int i = 0; i < 3; ++i) {
    const YamlNode* part = node.find(names[i]);
    if (part == nullptr) {
      bad(node, "bad_sweep", fmt::format("an axis of a grid needs '{}'", names[i]),
          fmt::format("sumbu kisi memerlukan '{}'", names[i]), problems);
      return std::nullopt;
    }
    const auto number = part->as_number({}, problems);
    if (!number) return std::nullopt;
    numbers[i] = *number;
  }
  const double n = std::floor((numbers[1] - numbers[0]) / numbers[2] + 1e-9) + 1.0;
  if (!(numbers[2] > 0.0) || !(numbers[0] < numbers[1]) || n < 2.0 || n > most_values) {
    bad(node, "bad_sweep",
        fmt::format("from {} to {} in steps of {} is no axis of 2 to {} rising values", numbers[0],
                    numbers[1], numbers[2], most_values),
        fmt::format("dari {} sampai {} dengan langkah {} bukan sumbu 2 sampai {} nilai yang naik",
                    numbers[0], numbers[1], numbers[2], most_values),
        problems);
    return std::nullopt;
  }
  const int decimals =
      std::max(decimals_between(numbers[0], numbers[1]), decimals_between(0.0, numbers[2]));
  const Lever lever{.path = "", .unit = "", .decimals = decimals};
  std::vector<std::string> values;
  for (double i = 0.0; i < n; i += 1.0) {
    values.push_back(lever.text(numbers[0] + i * numbers[2]));
  }
  return values;
}

std::optional<Axis> read_axis(const YamlEntry& entry, bool is_range, Problems& problems) {
  Axis axis{.path = entry.key, .values = {}};
  const YamlNode& node = entry.value;
  if (is_range) {
    if (!is_lever(axis.path)) {
      bad(node, "bad_sweep", fmt::format("'{}' is no number that can be varied", axis.path),
          fmt::format("'{}' bukan angka yang dapat diubah", axis.path), problems);
      return std::nullopt;
    }
    if (node.as_map(problems) == nullptr || !node.check_keys({"from", "to"}, problems)) {
      return std::nullopt;
    }
    const YamlNode *from = node.find("from"), *to = node.find("to");
    // Not a number compares as false.
    if (from != nullptr) axis.from = from->as_number({}, problems).value_or(NAN);
    if (to != nullptr) axis.to = to->as_number({}, problems).value_or(NAN);
    if (from != nullptr && to != nullptr && axis.from < axis.to) return axis;
    bad(node, "bad_sweep", "an axis of a latin hypercube needs 'from' below 'to'",
        "sumbu hiperkubus latin memerlukan 'from' di bawah 'to'", problems);
    return std::nullopt;
  }
  if (node.is_map()) {
    auto values = range_values(node, problems);
    if (!values) return std::nullopt;
    axis.values = std::move(*values);
    return axis;
  }
  if (!node.is_list()) {
    node.wrong_type({"a list or {from, to, step}", "daftar atau {from, to, step}"}, problems);
    return std::nullopt;
  }
  for (const YamlNode& item : node.items) axis.values.push_back(flow(item));
  if (axis.values.size() < 2 || axis.values.size() > most_values) {
    bad(node, "bad_sweep",
        fmt::format("axis '{}' has {} values; 2 to {} are needed", axis.path, axis.values.size(),
                    most_values),
        fmt::format("sumbu '{}' punya {} nilai; perlu 2 sampai {}", axis.path, axis.values.size(),
                    most_values),
        problems);
    return std::nullopt;
  }
  return axis;
}

std::vector<std::vector<Override>> grid(const std::vector<Axis>& axes) {
  std::vector<std::vector<Override>> points{{}};
  for (const Axis& axis : axes) {
    std::vector<std::vector<Override>> longer;
    for (const auto& point : points) {
      for (const std::string& value : axis.values) {
        longer.push_back(point);
        longer.back().push_back({axis.path, value, "sweep"});
      }
    }
    points = std::move(longer);
  }
  return points;
}

std::vector<std::vector<Override>> spread(const std::vector<Axis>& axes, std::size_t n,
                                          std::uint64_t seed) {
  const sim::Design design(sim::DesignKind::latin_hypercube, sim::mix(seed, sweep_stream),
                           axes.size(), n);
  std::vector<std::vector<Override>> points(n);
  for (std::size_t p = 0; p < n; ++p) {
    for (std::size_t a = 0; a < axes.size(); ++a) {
      const Lever lever = lever_of(axes[a].path, axes[a].from, axes[a].to);
      points[p].push_back(
          lever.at(axes[a].from + design.uniform(p, a) * (axes[a].to - axes[a].from), "sweep"));
    }
  }
  return points;
}

/// Values side by side: the i-th of each axis make the i-th point.
std::vector<std::vector<Override>> listed(const std::vector<Axis>& axes) {
  std::vector<std::vector<Override>> points(axes.front().values.size());
  for (const Axis& axis : axes) {
    for (std::size_t p = 0; p < points.size(); ++p) {
      points[p].push_back({axis.path, axis.values[p], "sweep"});
    }
  }
  return points;
}

bool read_around(const YamlNode& node, const std::vector<std::string>& options, Sweep& sweep,
                 Problems& problems) {
  sweep.around = {options.front()};
  const YamlNode* around = node.find("around");
  if (around == nullptr) return true;
  if (!around->is_list()) {
    around->wrong_type({"a list of options", "daftar opsi"}, problems);
    return false;
  }
  sweep.around.clear();
  for (const YamlNode& item : around->items) {
    if (std::find(options.begin(), options.end(), item.text) == options.end()) {
      auto& problem =
          item.error("unknown_id",
                     {fmt::format("unknown option '{}'", sim::io::quoted_value(item.text)),
                      fmt::format("opsi '{}' tidak dikenal", sim::io::quoted_value(item.text))},
                     problems);
      problem.allowed = options;
      return false;
    }
    sweep.around.push_back(item.text);
  }
  return !sweep.around.empty();
}

}  // namespace

std::optional<Sweep> read_sweep(const YamlNode& node, const std::vector<std::string>& options,
                                std::uint64_t seed, Problems& problems) {
  if (node.as_map(problems) == nullptr ||
      !node.check_keys({"around", "mode", "points", "axes"}, problems)) {
    return std::nullopt;
  }
  Sweep sweep;
  if (!read_around(node, options, sweep, problems)) return std::nullopt;
  const YamlNode* mode_node = node.find("mode");
  const std::string mode = mode_node == nullptr ? "grid" : mode_node->text;
  if (mode != "grid" && mode != "list" && mode != "latin_hypercube") {
    auto& problem =
        mode_node->error("unknown_choice",
                         {fmt::format("'{}' is no way to sweep", sim::io::quoted_value(mode)),
                          fmt::format("'{}' bukan cara menyapu", sim::io::quoted_value(mode))},
                         problems);
    problem.allowed = {"grid", "list", "latin_hypercube"};
    return std::nullopt;
  }
  const YamlNode* axes_node = node.find("axes");
  if (axes_node == nullptr || !axes_node->is_map() || axes_node->entries.empty()) {
    bad(axes_node == nullptr ? node : *axes_node, "bad_sweep", "a sweep needs 'axes'",
        "sapuan memerlukan 'axes'", problems);
    return std::nullopt;
  }
  std::vector<Axis> axes;
  for (const YamlEntry& entry : axes_node->entries) {
    auto axis = read_axis(entry, mode == "latin_hypercube", problems);
    if (!axis) return std::nullopt;
    axes.push_back(std::move(*axis));
  }
  if (mode == "latin_hypercube") {
    const YamlNode* points = node.find("points");
    const auto n = points == nullptr
                       ? std::nullopt
                       : points->as_whole({.min = 2, .max = most_points, .whole = true}, problems);
    if (!n) {
      if (points == nullptr) {
        bad(node, "bad_sweep", "a latin hypercube needs 'points'",
            "hiperkubus latin memerlukan 'points'", problems);
      }
      return std::nullopt;
    }
    sweep.points = spread(axes, static_cast<std::size_t>(*n), seed);
    return sweep;
  }
  double n = 1.0;
  for (const Axis& axis : axes) n *= static_cast<double>(axis.values.size());
  const bool equal = std::all_of(axes.begin(), axes.end(), [&](const Axis& axis) {
    return axis.values.size() == axes.front().values.size();
  });
  if (mode == "grid" ? n > most_points : !equal) {
    bad(*axes_node, "bad_sweep",
        mode == "grid" ? fmt::format("a grid of {:.0f} points; at most {}", n, most_points)
                       : std::string("axes of a list must be equally long"),
        mode == "grid" ? fmt::format("kisi {:.0f} titik; paling banyak {}", n, most_points)
                       : std::string("sumbu suatu daftar harus sama panjang"),
        problems);
    return std::nullopt;
  }
  sweep.points = mode == "grid" ? grid(axes) : listed(axes);
  return sweep;
}

std::optional<SolveFor> read_solve_for(const YamlNode& node, const YamlNode& set,
                                       Problems& problems) {
  if (node.as_map(problems) == nullptr ||
      !node.check_keys({"vary", "between", "until"}, problems)) {
    return std::nullopt;
  }
  SolveFor solve;
  const YamlNode *vary = node.find("vary"), *between = node.find("between"),
                 *until = node.find("until");
  if (vary == nullptr || between == nullptr || until == nullptr) {
    bad(node, "bad_solve", "solve_for needs 'vary', 'between' and 'until'",
        "solve_for memerlukan 'vary', 'between', dan 'until'", problems);
    return std::nullopt;
  }
  solve.path = vary->text;
  if (!is_lever(solve.path)) {
    bad(*vary, "bad_solve",
        fmt::format("'{}' is no number that can be varied", sim::io::quoted_value(solve.path)),
        fmt::format("'{}' bukan angka yang dapat diubah", sim::io::quoted_value(solve.path)),
        problems);
    return std::nullopt;
  }
  for (const YamlEntry& entry : set.entries) {
    if (entry.key != solve.path && !entry.key.starts_with(solve.path + ".")) continue;
    bad(*vary, "bad_solve", fmt::format("'{}' is solved for and also set", solve.path),
        fmt::format("'{}' dicari dan juga ditetapkan", solve.path), problems);
    return std::nullopt;
  }
  if (!between->is_list() || between->items.size() != 2) {
    between->wrong_type({"two numbers", "dua angka"}, problems);
    return std::nullopt;
  }
  solve.low = between->items[0].as_number({}, problems).value_or(NAN);
  solve.high = between->items[1].as_number({}, problems).value_or(NAN);
  if (std::isnan(solve.low) || std::isnan(solve.high)) return std::nullopt;
  if (!(solve.low < solve.high)) {
    bad(*between, "bad_solve", fmt::format("bounds {} and {} do not rise", solve.low, solve.high),
        fmt::format("batas {} dan {} tidak naik", solve.low, solve.high), problems);
    return std::nullopt;
  }
  if (until->as_map(problems) == nullptr ||
      !until->check_keys({"chance_of_zero", "slum_area"}, problems)) {
    return std::nullopt;
  }
  const YamlNode *chance = until->find("chance_of_zero"), *area = until->find("slum_area");
  if ((chance == nullptr) == (area == nullptr)) {
    bad(*until, "bad_solve", "'until' needs either 'chance_of_zero' or 'slum_area'",
        "'until' memerlukan 'chance_of_zero' atau 'slum_area'", problems);
    return std::nullopt;
  }
  const YamlNode& wish = chance != nullptr ? *chance : *area;
  const char* bound = chance != nullptr ? "at_least_pct" : "at_most_pct_of_start";
  if (wish.as_map(problems) == nullptr || !wish.check_keys({"by_year", bound}, problems)) {
    return std::nullopt;
  }
  const YamlNode *year = wish.find("by_year"), *percent = wish.find(bound);
  if (year == nullptr || percent == nullptr) {
    bad(wish, "bad_solve", fmt::format("needs 'by_year' and '{}'", bound),
        fmt::format("memerlukan 'by_year' dan '{}'", bound), problems);
    return std::nullopt;
  }
  solve.by_year = static_cast<int>(
      year->as_whole({.min = 1900, .max = 2300, .whole = true}, problems).value_or(0));
  const double pct =
      percent
          ->as_number({.min = 0.0, .max = chance != nullptr ? 100.0 : 1000.0, .min_open = true},
                      problems)
          .value_or(NAN);
  if (solve.by_year == 0 || std::isnan(pct)) return std::nullopt;
  (chance != nullptr ? solve.chance_pct : solve.area_pct_of_start) = pct;
  return solve;
}

}  // namespace musi::analysis
