#pragma once

#include <algorithm>
#include <vector>

#include "sim/core/recorder.h"

namespace musi::tests {

/// Equal bits; missing numbers are NaN, and equal to each other.
inline bool same_numbers(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](double x, double y) { return x == y || (x != x && y != y); });
}

/// No number that was there is missing, none differs.
inline bool are_equal(const sim::RunRecord& a, const sim::RunRecord& b) {
  return a.rows == b.rows && std::equal(a.series.begin(), a.series.end(), b.series.begin(),
                                        b.series.end(), same_numbers);
}

}  // namespace musi::tests
