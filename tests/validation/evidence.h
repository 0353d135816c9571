#pragma once

#include <cstddef>
#include <vector>

#include "tests/validation/targets.h"

/// The evidence for the model in one place: the 34 targets of MODEL.md section 26 and the 18
/// docking cases of section 27, each computed anew at fixed seeds. Printed by scenarios/validate,
/// held by tests/validation/evidence_test.cpp.
namespace musi::tests {

/// How many futures stand behind a row. Seeds are fixed: the same effort gives the same numbers.
struct Effort {
  std::size_t starts = 20;      ///< of the central world
  std::size_t futures = 40;     ///< of a hindcast, of a year of money
  std::size_t long_runs = 6;    ///< to the horizon, with money that does not bind
  std::size_t pairs = 200;      ///< of small worlds under common luck
  std::size_t draws = 20'000;   ///< of a formula
};
inline constexpr Effort full_effort{};
inline constexpr Effort quick_effort{
    .starts = 6, .futures = 10, .long_runs = 2, .pairs = 60, .draws = 4'000};

std::vector<Target> start_targets(const Effort& effort);       ///< 1 to 6, 21
std::vector<Target> unit_targets(const Effort& effort);        ///< 7 to 10
std::vector<Target> money_targets(const Effort& effort);       ///< 11 to 15
std::vector<Target> hindcast_targets(const Effort& effort);    ///< 16 to 20, 24
std::vector<Target> area_targets(const Effort& effort);        ///< 22, 23
std::vector<Target> engagement_targets(const Effort& effort);  ///< 25 to 27, 30, 31, 34
std::vector<Target> household_targets(const Effort& effort);   ///< 28, 29, 32, 33

std::vector<Target> docking_of_areas(const Effort& effort);    ///< D1 to D5, D10, D14, D17
std::vector<Target> docking_of_people(const Effort& effort);   ///< the other cases

/// All rows in the order of their numbers.
std::vector<Target> all_targets(const Effort& effort);
std::vector<Target> all_docking_cases(const Effort& effort);

/// 7 of "7a"; 0 if there is none ("D17").
int target_number(const Target& target);
/// 17 of "D17b"; 0 if there is none.
int docking_number(const Target& target);

/// The rows as a table in Markdown, as it stands in models/README.md.
std::string markdown(const std::vector<Target>& rows);

}  // namespace musi::tests
