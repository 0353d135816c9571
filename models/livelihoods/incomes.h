#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "models/world.h"
#include "sim/core/order_statistics.h"

namespace musi::models {

/// Stands for the income of an empty dwelling: behind all others.
inline constexpr float no_income = std::numeric_limits<float>::max();

/// Places in the order of log incomes; nearly all lie between 50,000 rupiah and 100 million.
inline sim::OrderStatistics in_order(std::span<const float> log_incomes) {
  return sim::OrderStatistics(log_incomes, -3.0f, 4.6f);
}

/// Log incomes of the last visit of all rows of these RTs, one RT behind the other. They are read
/// once and side by side, since records lie far apart.
template <class Rts>
std::vector<float> log_incomes(const World& world, const Rts& rts) {
  std::size_t n = 0;
  for (const std::size_t rt : rts) n += world.rts.n_rows[rt];
  std::vector<float> incomes(n);
  float* out = incomes.data();
  for (const std::size_t rt : rts) {
    const std::size_t first = world.rts.first_row[rt];
    const HouseholdRecord* const records = world.households.record.data() + first;
    const std::uint32_t* const flags = world.households.flags.data() + first;
    for (std::size_t i = 0; i < world.rts.n_rows[rt]; ++i) {
      const float income = records[i].log_income();
      *out++ = (flags[i] & flag::alive) != 0 ? income : no_income;
    }
  }
  return incomes;
}

}  // namespace musi::models
