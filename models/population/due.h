#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "models/world.h"
#include "sim/core/equal_bits.h"

namespace musi::models {

/// Rows of [first, last) whose due month is now, in order of rows, written to `rows`, which has
/// room for all of them. `due` is one of the 16-bit month columns. Returns how many there are.
inline std::size_t rows_due(std::span<const std::uint16_t> due, std::size_t first, std::size_t last,
                            std::uint16_t now, std::uint32_t* rows) {
  std::uint32_t* out = rows;
  std::size_t row = first;
  for (; row + 64 <= last; row += 64) {
    for (std::uint64_t bits = sim::equal_bits(due.data() + row, now); bits != 0; bits &= bits - 1) {
      *out++ = static_cast<std::uint32_t>(row + static_cast<std::size_t>(std::countr_zero(bits)));
    }
  }
  for (; row < last; ++row) {
    if (due[row] == now) *out++ = static_cast<std::uint32_t>(row);
  }
  return static_cast<std::size_t>(out - rows);
}

/// Where blocks of household rows begin, and the end of the last: what can be worked at in
/// parallel. The rows of an RT are in one block, so that a block writes no counter of another's
/// RTs. Depends on the rows alone, never on threads.
inline std::vector<std::size_t> row_blocks(std::span<const HouseholdRecord> of_row) {
  constexpr std::size_t block_rows = 32768;
  std::vector<std::size_t> begins{0};
  for (std::size_t row = block_rows; row < of_row.size(); row += block_rows) {
    while (row < of_row.size() && of_row[row].rt == of_row[row - 1].rt) ++row;
    if (row < of_row.size()) begins.push_back(row);
  }
  begins.push_back(of_row.size());
  return begins;
}

/// Rows of a month column that are looked through together.
inline constexpr std::size_t tile_of_due_rows = 2048;

/// The same for tiles of the rows [begin, end), one after the other, without a list of all: calls
/// visit(rows of the tile that are due). What a tile has read is still in cache when it is visited.
template <class Visit>
void for_each_due(std::span<const std::uint16_t> due, std::size_t begin, std::size_t end,
                  std::uint16_t now, Visit&& visit) {
  constexpr std::size_t tile = tile_of_due_rows;
  std::array<std::uint32_t, tile> rows;
  for (std::size_t first = begin; first < end; first += tile) {
    const std::size_t last = std::min(first + tile, end);
    const std::size_t n = rows_due(due, first, last, now, rows.data());
    if (n > 0) visit(std::span<const std::uint32_t>(rows.data(), n));
  }
}

}  // namespace musi::models
