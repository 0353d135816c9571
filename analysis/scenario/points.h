#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/scenario/reader.h"
#include "analysis/scenario/tree.h"

/// `sweep` and `solve_for`: values that the program lays over options.
namespace musi::analysis {

/// A sweep that was read: points around some options.
struct Sweep {
  std::vector<std::string> around;            ///< names of options
  std::vector<std::vector<Override>> points;  ///< values of each point
};

/// Reads `sweep`. `options`: names that `around` may give; the first is the default. `seed`: of a
/// latin hypercube. Reports `bad_sweep`, `unknown_id` and mistakes of keys and numbers; nothing
/// after an error.
std::optional<Sweep> read_sweep(const YamlNode& node, const std::vector<std::string>& options,
                                std::uint64_t seed, Problems& problems);

/// Reads `solve_for` of an option whose own changes are `set`. Reports `bad_solve` and mistakes of
/// keys and numbers; nothing after an error.
std::optional<SolveFor> read_solve_for(const YamlNode& node, const YamlNode& set,
                                       Problems& problems);

}  // namespace musi::analysis
