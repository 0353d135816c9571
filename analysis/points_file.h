#pragma once

#include <string>
#include <vector>

#include "analysis/laboratory.h"
#include "analysis/results.h"

namespace musi::analysis {

/// Writes a result file whose option axis holds trials of a laboratory, as points of a sweep: years
/// of zero, money, chances and levers of each; no yearly series. The laboratory must have kept
/// zero_year, paid_total and slum_area. `titles`: of the trials. `flags`: of the command line.
/// IoError as write_result.
void write_points(const Laboratory& laboratory, const std::vector<std::size_t>& trials,
                  const std::vector<std::string>& titles, const std::string& path,
                  const std::string& flags, bool replace);

/// A point of such a file: what it was asked for as, and its title.
struct SavedPoint {
  Trial trial;
  std::string title;
};
/// The points of a result of `musi frontier`, in order; empty for results of other commands.
/// IoError `not_in_result` if it does not say what its points were.
std::vector<SavedPoint> saved_points(const Results& results);

}  // namespace musi::analysis
