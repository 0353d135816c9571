#pragma once

#include <array>
#include <cstring>

namespace musi::sim {

/// Four numbers in one vector of plain x86-64, as they lie in memory.
using Four = float __attribute__((vector_size(16)));

/// The four words at `from`: floats, or 16 bytes of which only the floats are read.
inline Four four_at(const void* from) {
  Four four;
  std::memcpy(&four, from, sizeof four);
  return four;
}

inline void put_four(const Four& four, float* to) { std::memcpy(to, &four, sizeof four); }

/// Columns of four rows: rows read whole and turned in registers cost less than number by number.
inline std::array<Four, 4> columns_of(const std::array<Four, 4>& rows) {
  const auto& [a, b, c, d] = rows;
  const Four ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5);
  const Four cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5);
  const Four ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  const Four cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  return {__builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5),
          __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7),
          __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5),
          __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7)};
}

}  // namespace musi::sim
