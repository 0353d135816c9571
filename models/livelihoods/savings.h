#pragma once

#include <vector>

#include "models/support.h"
#include "models/world.h"

namespace musi::models {

/// Changes of income and savings between visits. The column `savings` holds what there was at the
/// last visit, to which the visit adds rate * exp(mu) for each month since. So a change of mu or of
/// money in between is booked as if it had been known then, and the next visit gets the sum of all
/// months exactly. The column may be below 0 in between; at visits it is not. MODEL.md 7.1.
class SavingsBook {
 public:
  explicit SavingsBook(const World& world);

  /// Savings at the beginning of this month. [IDR million]
  double saved(const World& world, std::size_t row, sim::Month month) const;
  /// From this month on the permanent log income is higher by `change`.
  void raise_income(World& world, std::size_t row, float change, sim::Month month) const;
  /// Takes up to `amount` out of the savings; gives what was there. [IDR million]
  double take(World& world, std::size_t row, double amount, sim::Month month) const;

 private:
  double accrued(const World& world, std::size_t row, sim::Month month) const;

  double rate_;
  std::vector<double> months_;  ///< G, from month -visit_offset on
};

/// Row of a household of a table, looked up where it was last; size_rows() if it has left.
std::size_t find_row(const World& world, HouseholdRef& who);

/// True if a household may stand in a table, so that those who move must be followed.
bool may_be_in_table(std::uint32_t flags);
/// Lets the tables know where households live now: keys and new RTs of those who have moved, each
/// once.
void follow(World& world, std::vector<HouseholdRef> movers);

/// Takes a household that is relocated out of all tables: its business and its loan stay behind.
void leave_tables(World& world, std::size_t row);

/// Permanent log income without what a group business adds to it now.
float income_without_business(const World& world, std::size_t row);

}  // namespace musi::models
