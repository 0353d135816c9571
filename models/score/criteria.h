#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace musi::models {

/// The regulation that names the criteria and the class limits.
enum class Regulation : std::uint8_t {
  permen_2018,  ///< 14/PRT/M/2018, in force: 16 criteria, at most 80 points
  permen_2016,  ///< 02/PRT/M/2016: 19 criteria, at most 95 points
};

/// Criteria of the official score. The sixteen in force come first, in their official order; the
/// last three were dropped in 2018. The number of an enumerator is its place in every array.
enum class Criterion : std::uint8_t {
  c1a, c1b, c1c, c2a, c2b, c3a, c3b, c4a, c4b, c4c, c5a, c5b, c6a, c6b, c7a, c7b,
  c4x, c4y, c6x,
};

inline constexpr std::size_t n_criteria = 16;       ///< regulation of 2018: the simulation's
inline constexpr std::size_t n_criteria_2016 = 19;  ///< with the three of 2016
constexpr int n_aspects = 7;

constexpr std::size_t n_criteria_of(Regulation regulation) {
  return regulation == Regulation::permen_2018 ? n_criteria : n_criteria_2016;
}
constexpr std::size_t index(Criterion criterion) { return static_cast<std::size_t>(criterion); }

/// What the lacking part of a criterion is divided by.
enum class Denominator : std::uint8_t {
  buildings,      ///< [buildings]
  verified_area,  ///< [ha]
  ideal_road,     ///< [m]
  households,     ///< [households]
  ideal_drain,    ///< [m]
};
constexpr int n_denominators = 5;

/// One criterion in words. Source: data/method/indicators.csv (permen_14_2018).
struct CriterionInfo {
  std::string_view code;  ///< "1a"
  std::string_view name_en;
  std::string_view name_id;
  int aspect;  ///< 1 building, 2 road, 3 water, 4 drainage, 5 wastewater, 6 waste, 7 fire
  Denominator denominator;
};

const CriterionInfo& info(Criterion criterion);

/// Aspects in words, 1 to 7.
struct AspectInfo {
  std::string_view name_en;
  std::string_view name_id;
  bool is_core_service;  ///< counts in the exit rule with services
};

/// Throws ContractError unless 1 <= aspect <= 7.
const AspectInfo& aspect_info(int aspect);

/// Criteria of a regulation in array order.
std::span<const Criterion> criteria_of(Regulation regulation);

/// The criterion with this code ("4c", "6x"), if any.
std::optional<Criterion> criterion_from_code(std::string_view code);

/// A share of what is missing or bad, and what had to be done to get it.
struct Share {
  double value = 0.0;           ///< [fraction, 0 to 1]
  bool clamped_low = false;     ///< numerator was negative
  bool clamped_high = false;    ///< numerator was above the denominator
  bool no_denominator = false;  ///< nothing to divide by: 0 by rule
};

/// Clamps a fraction to 0 to 1. Throws ContractError when it is not finite.
Share clamped_share(double fraction);

/// numerator / denominator, clamped to 0 to 1 and flagged, never rejected; 0 when the denominator
/// is 0. A quotient within 1e-12 of a multiple of 0.00001 is taken as that multiple, so that 0.408
/// of 0.8 m is 51 % in spite of binary rounding and the lower end of a cut is included.
/// Throws ContractError for a negative denominator or numbers that are not finite.
/// Source: rules.csv, fraction_clamp and zero_denominator_points.
Share share(double numerator, double denominator);

}  // namespace musi::models
