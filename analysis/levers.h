#pragma once

#include <map>
#include <string>
#include <vector>

#include "analysis/result_file.h"
#include "analysis/scenario/reader.h"

namespace musi::analysis {

/// Paths whose value differs between options, from their resolved scenarios; NaN where a value is
/// no plain number. Paths that are a number in no option are left out.
std::vector<ResultLever> levers_of(const std::vector<const Variant*>& variants);

/// A resolved scenario without origins and without the number of replicates.
std::string without_replicates(const std::string& resolved);

/// Every value of a resolved scenario, one line of YAML each, by its dotted path; entries of lists
/// by their `id`.
std::map<std::string, std::string> scenario_leaves(const std::string& resolved);

}  // namespace musi::analysis
