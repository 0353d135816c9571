#pragma once

#include <vector>

#include "models/world.h"

namespace musi::tests {

/// One field of all household records, row by row.
template <class T>
std::vector<T> column_of(const models::Households& households, T models::HouseholdRecord::* field) {
  std::vector<T> column;
  column.reserve(households.size_rows());
  for (const models::HouseholdRecord& r : households.record) column.push_back(r.*field);
  return column;
}

}  // namespace musi::tests
