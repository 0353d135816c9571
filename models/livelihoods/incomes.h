#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>

#include "models/world.h"
#include "sim/core/four_columns.h"
#include "sim/core/order_statistics.h"
#include "sim/core/unset_array.h"

namespace musi::models {

/// Stands for the income of an empty dwelling: behind all others.
inline constexpr float no_income = std::numeric_limits<float>::max();

/// Places in the order of log incomes; nearly all lie between 50,000 rupiah and 100 million.
inline sim::OrderStatistics in_order(std::span<const float> log_incomes) {
  return sim::OrderStatistics(log_incomes, -3.0f, 4.6f);
}

/// Log incomes of the last visit of n rows, four at a time; empty dwellings have none.
inline void put_log_incomes(const HouseholdRecord* records, const std::uint32_t* flags,
                            std::size_t n, float* out) {
  using Bits = std::uint32_t __attribute__((vector_size(16)));
  static_assert(offsetof(HouseholdRecord, dy) == offsetof(HouseholdRecord, mu) + sizeof(float) &&
                offsetof(HouseholdRecord, mu) + sizeof(sim::Four) <= sizeof(HouseholdRecord));
  static_assert(flag::alive == 1u);
  const auto none = std::bit_cast<std::uint32_t>(no_income);
  std::size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    const auto row = [&](std::size_t k) { return sim::four_at(&records[i + k].mu); };
    const auto columns = sim::columns_of({row(0), row(1), row(2), row(3)});
    const auto incomes = std::bit_cast<Bits>(columns[0] + columns[1]);
    Bits lives;
    std::memcpy(&lives, flags + i, sizeof lives);
    lives = 0u - (lives & flag::alive);  // all bits or none
    sim::put_four(std::bit_cast<sim::Four>((incomes & lives) | (none & ~lives)), out + i);
  }
  for (; i < n; ++i) {
    out[i] = (flags[i] & flag::alive) != 0 ? records[i].log_income() : no_income;
  }
}

/// Log incomes of the last visit of all rows of these RTs, one RT behind the other. They are read
/// once and side by side, since records lie far apart.
template <class Rts>
sim::UnsetArray<float> log_incomes(const World& world, const Rts& rts) {
  std::size_t n = 0;
  for (const std::size_t rt : rts) n += world.rts.n_rows[rt];
  sim::UnsetArray<float> incomes(n);
  float* out = incomes.data();
  for (const std::size_t rt : rts) {
    const std::size_t first = world.rts.first_row[rt];
    put_log_incomes(world.households.record.data() + first, world.households.flags.data() + first,
                    world.rts.n_rows[rt], out);
    out += world.rts.n_rows[rt];
  }
  return incomes;
}

}  // namespace musi::models
