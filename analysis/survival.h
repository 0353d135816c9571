#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <vector>

/// Time until zero when some futures do not reach it: right-censored; and read at intervals only.
namespace musi::analysis {

/// One future: the time of the event, or the time until which it did not happen.
struct Lifetime {
  double time = 0.0;
  bool reached = false;  ///< false: censored at `time`
};

/// Lifetimes from years: NaN means not reached by `last_year`.
std::vector<Lifetime> lifetimes(std::span<const double> years, double last_year);

/// A step of the Kaplan-Meier curve: share that has not reached zero just after `time`.
struct SurvivalStep {
  double time = 0.0;
  double survival = 1.0;
  double standard_error = 0.0;  ///< Greenwood
  std::size_t at_risk = 0, events = 0, censored = 0;
};

/// Kaplan-Meier estimate, one step per time of an event or a censoring, ascending. Censorings at
/// the time of an event happen after it.
std::vector<SurvivalStep> kaplan_meier(std::span<const Lifetime> lifetimes);

/// Share that has reached zero by `time` (inclusive): 1 - S(time).
double share_reached(std::span<const SurvivalStep> curve, double time);
/// S at the end of the curve: the share that never reaches zero within the data.
double share_not_reached(std::span<const SurvivalStep> curve);
/// Mean time, counted from `start`, that passes before zero if the clock stops at `horizon`: the
/// area under S. For futures that never reach zero it counts horizon - start.
double restricted_mean(std::span<const SurvivalStep> curve, double start, double horizon);
/// Standard error of the restricted mean: sqrt of the sum over events of
/// (area to the right)^2 d / (n (n - d)). Source: Klein and Moeschberger 2003, section 4.5.
double restricted_mean_error(std::span<const SurvivalStep> curve, double start, double horizon);
/// First time by which at least the share `p` has reached zero; nothing if it is not reached within
/// the data ("not by the end"). Where S equals 1 - p exactly over an interval, its start.
std::optional<double> time_of_share(std::span<const SurvivalStep> curve, double p);

/// An event that is seen at inspections only: it came after `after` and by `until`, the first
/// inspection that saw it. Infinite `until`: no inspection saw it. `after` < `until`.
struct SeenBetween {
  double after = 0.0;
  double until = std::numeric_limits<double>::infinity();
};

/// The books are read each December: zero of year y came after December y - 1. NaN or a year after
/// `last_year`: not seen by the end of `last_year`.
std::vector<SeenBetween> seen_yearly(std::span<const double> years, double last_year);

/// Share of all events that lies between two times; where between them, the data cannot tell.
struct ShareBetween {
  double after = 0.0, until = 0.0;  ///< as in SeenBetween
  double share = 0.0;
};

/// The estimate of greatest likelihood from interval-censored times, ascending; shares add up to 1.
/// The last may end at infinity: the share that is not reached. Between the intervals S is level,
/// inside of them it is not identified. With the same inspections for all, and none before the end
/// missed, it is the Kaplan-Meier curve at the inspections. Sources: Turnbull 1976 (innermost
/// intervals, self-consistency); Gentleman and Geyer 1994.
std::vector<ShareBetween> turnbull(std::span<const SeenBetween> times);

/// The restricted mean of interval-censored times lies between `low`, if each event came as early
/// as it may have, and `high`, if as late. As restricted_mean: from `start`, clock stopped at
/// `horizon`.
struct MeanBetween {
  double low = 0.0, high = 0.0;
};
MeanBetween restricted_mean_between(std::span<const ShareBetween> shares, double start,
                                    double horizon);

/// Log-rank test of equal curves of two or more groups.
struct LogRank {
  double chi_squared = 0.0;
  std::size_t degrees_of_freedom = 0;
  double p_value = 1.0;
};
LogRank log_rank(std::span<const std::vector<Lifetime>> groups);

}  // namespace musi::analysis
