#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

/// Definitions of the indicators of implementation, MODEL.md 22: pure functions of counts, each of
/// which can be checked by hand. NaN: not defined, nothing happened that could be judged.
namespace musi::models::implementation {

inline constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

/// part / whole; NaN without a whole.
double share(double part, double whole);

/// P1: Spearman's rank correlation, ties at their mean rank; NaN below three pairs or if one side
/// does not differ. [-1, 1]
double rank_correlation(std::span<const double> x, std::span<const double> y);

/// P1: share of money in the places that hold the top third of need, by number of places rounded
/// up, most needy first, ties in order. [0-1]
double share_in_top_third(std::span<const double> money, std::span<const double> need);

/// Places that the money of many programmes is compared with: they are ranked once.
class RankedPlaces {
 public:
  /// By place: the score, and the need of all who live there.
  RankedPlaces(std::span<const double> score, std::span<const double> need);
  /// rank_correlation(x, score).
  double correlation_with_score(std::span<const double> x) const;
  /// share_in_top_third(money, need).
  double share_in_top_third(std::span<const double> money) const;

 private:
  std::vector<double> score_ranks_;     ///< from 1
  std::vector<std::size_t> by_need_;    ///< places, most needy first
};

/// P3: 1 - conflicts / packages in RTs that two sources served. [0-1]
double coordination(std::uint32_t conflicts, std::uint32_t joint);

/// P5: entropy of the shares over ln 4; 1 if all four propose alike, 0 if one does. [0-1]
double evenness(std::span<const double, 4> money);

/// B3: voted / plan, at most 1. [0-1]
double commitment(double voted, double planned);

/// B3: 1 - |now - before| / before, at least 0. [0-1]
double steadiness(double now, double before);

/// B5: part of the deviation with a known cause; `by_cause[0]` is unknown. [0-1]
double share_explained(std::span<const double> by_cause);

/// S3: 1 - |booked - delivered| / delivered, at least 0. [0-1]
double documentation(double booked, double delivered);

/// S2: 1 - share of months with more work than officers; the load is one figure a year. [0-1]
double staffing(double load);

/// S4 as a share for the composite: a guideline in January counts 1, in December 0. [0-1]
double timeliness(double guideline_month);

/// Mean of five services met over households: water, sanitation, path, drain, waste. [0-1]
double spm_index(std::span<const double, 5> households_served, double households);

/// Mean of the defined values, each cut to 0 to 1; NaN if there is none. [0-1]
double composite(std::span<const double> values);

/// The measures of the group /implementation, in the order of the file.
enum class Measure : std::uint8_t {
  P1, P1_top_third, P2, P3, P3_offices, P4, P5, P5_engaged, P6, P6_age,
  B1, B1_net, B2, B3, B3_steady, B4, B5, B5_money, B5_units, B5_hectares, B5_missing,
  B5_budget, B5_guideline, B5_staff, B5_procurement, B5_participation, B5_land, B5_window,
  B5_rework, B5_unknown,
  S1, S2, S2_facilitators, S3, S3_prompt, S4, S4_delayed, S4_hectares, S4_verbal,
  programme, budget, procedure, spm_index,
};
inline constexpr std::size_t n_measures = 43;

struct MeasureInfo {
  std::string_view code, unit, title_en, title_id, definition;
};
const MeasureInfo& info(Measure measure);

}  // namespace musi::models::implementation
