#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace musi::models {

/// Rows whose due month is now, in order of rows. `due` is one of the 16-bit month columns.
inline void rows_due(std::span<const std::uint16_t> due, std::uint16_t now,
                     std::vector<std::uint32_t>& rows) {
  constexpr std::size_t block = 64;
  const std::size_t n = due.size();
  const std::uint16_t* const column = due.data();
  const auto count = [&](std::size_t first, std::size_t last) {
    std::uint16_t sum = 0;  // a block is short, so 16 bits hold the count
    for (std::size_t i = first; i < last; ++i) {
      sum = static_cast<std::uint16_t>(sum + (column[i] == now));
    }
    return std::size_t{sum};
  };
  std::size_t total = 0;
  for (std::size_t first = 0; first < n; first += block) {
    total += count(first, std::min(n, first + block));
  }
  rows.resize(total + 1);  // the loop below writes one past the last hit
  std::uint32_t* out = rows.data();
  for (std::size_t first = 0; first < n; first += block) {
    const std::size_t last = std::min(n, first + block);
    if (count(first, last) == 0) continue;
    for (std::size_t i = first; i < last; ++i) {
      *out = static_cast<std::uint32_t>(i);
      out += column[i] == now;
    }
  }
  rows.resize(total);
}

}  // namespace musi::models
