#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "analysis/statistics.h"

/// The cheapest combination of several levers for a wanted chance.
namespace musi::analysis {

/// What one combination gives.
struct MixPoint {
  std::vector<double> place;  ///< [lever] 0 at the lower, 1 at the upper bound
  Share chance;
  double cost = 0.0;  ///< to be made small
};

/// Nothing: the search was stopped. Equal places must give equal points.
using EvaluateMix = std::function<std::optional<MixPoint>(const std::vector<double>& place)>;

struct MixAnswer {
  std::vector<MixPoint> points;  ///< in the order of the search
  bool is_stopped = false;
  bool is_reachable = false;
  std::size_t answer = 0;  ///< cheapest point that reaches the wish; else the highest chance
};

struct MixQuestion {
  std::size_t n_levers = 2;
  double wanted = 0.8;  ///< share of futures
  std::size_t most_evaluations = 60;
};

/// Tries the middle, both corners and each lever at its ends, then goes on from the cheapest point
/// that reaches the wish (or the one nearest to it) with NLopt's COBYLA: linear models of cost and
/// chance in a shrinking region, no derivatives. The answer is always a point that was tried.
/// Source: Powell 1994.
MixAnswer find_mix(const MixQuestion& question, const EvaluateMix& evaluate);

}  // namespace musi::analysis
