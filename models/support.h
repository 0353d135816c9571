#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "models/city.h"
#include "models/money.h"
#include "sim/core/ids.h"

/// Help that works through income and savings, and losses that give a claim to help: compact tables
/// beside the columns of World, because few households are in them. MODEL.md 16.2, 16.3, 14.2.
namespace musi::models {

/// A household as a table knows it. `rt` follows its moves; `row` is where it was seen last.
struct HouseholdRef {
  sim::EntityKey key = 0;
  std::uint32_t rt = 0;
  std::uint32_t row = 0;
};

/// One member of a livelihood group.
struct GroupMember {
  HouseholdRef who;
  float effect = 0.0f;                      ///< beta_i [log income]
  bool is_earning = false;                  ///< beta_i is in the permanent income now
};

/// Members, one business, one lot of starting capital.
struct LivelihoodGroup {
  sim::EntityKey key = 0;
  std::uint32_t site = 0;
  std::uint16_t programme = 0;              ///< index in Money::programmes
  Business business = Business::other;
  bool is_assessed = false;                 ///< assessment and action plan held
  std::uint16_t formed = 0;                 ///< [month]
  std::uint16_t funded = 0xFFFF;            ///< [month] of the capital; 0xFFFF: none yet
  std::uint16_t ends = 0xFFFF;              ///< [month] in which it gives up
  std::vector<GroupMember> members;
};

/// A course that will raise income.
struct Course {
  HouseholdRef who;
  std::uint16_t due = 0;                    ///< [month] from which income is higher
};

/// A running loan; repaid in equal parts in the months (granted, granted + loan_months].
struct Loan {
  HouseholdRef who;
  float part = 0.0f;                        ///< [IDR million a month]
  std::uint16_t granted = 0;                ///< [month]
  std::uint16_t defaults = 0xFFFF;          ///< [month] from which it is not paid; 0xFFFF: never
  std::uint32_t fund = 0xFFFFFFFF;          ///< site whose revolving fund is repaid; else a bank
};
inline constexpr int loan_months = 36;
inline constexpr std::uint32_t no_fund = 0xFFFFFFFF;

/// A household whose house burnt down or was spoilt by a flood.
struct DisasterLoss {
  HouseholdRef who;
  std::uint16_t month = 0;
};
inline constexpr int claim_months = 24;     ///< for so long a loss gives a claim

/// Kinds of help that are bought without works.
enum class Aid : std::uint8_t { livelihood, training, loan };
inline constexpr std::size_t n_aids = 3;

struct Support {
  std::vector<LivelihoodGroup> groups;      ///< those that have not ended
  std::vector<Course> courses;              ///< by due month
  std::vector<Loan> loans;
  std::vector<DisasterLoss> losses;
  std::vector<Rupiah> fund;                 ///< revolving money of the boards, by site
  /// Money of the year for each kind of help that is not spent yet, by programme.
  std::vector<std::array<Rupiah, n_aids>> left;
};

}  // namespace musi::models
