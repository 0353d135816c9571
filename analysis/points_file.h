#pragma once

#include <string>
#include <vector>

#include "analysis/laboratory.h"

namespace musi::analysis {

/// Writes a result file whose option axis holds trials of a laboratory, as points of a sweep: years
/// of zero, money, chances and levers of each; no yearly series. The laboratory must have kept
/// zero_year, paid_total and slum_area. `titles`: of the trials. `flags`: of the command line.
/// IoError as write_result.
void write_points(const Laboratory& laboratory, const std::vector<std::size_t>& trials,
                  const std::vector<std::string>& titles, const std::string& path,
                  const std::string& flags, bool replace);

}  // namespace musi::analysis
