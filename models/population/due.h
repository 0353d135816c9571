#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "models/world.h"
#include "sim/core/find_equal.h"

namespace musi::models {

/// Rows of [first, last) whose due month is now, in order of rows, written to `rows`, which has
/// room for all of them and sim::find_equal_slack more. `due` is one of the 16-bit month columns.
/// Returns how many there are.
inline std::size_t rows_due(std::span<const std::uint16_t> due, std::size_t first, std::size_t last,
                            std::uint16_t now, std::uint32_t* rows) {
  if (first >= last) return 0;
  return sim::find_equal(due.subspan(first, last - first), now, static_cast<std::uint32_t>(first),
                         rows);
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
  std::array<std::uint32_t, tile + sim::find_equal_slack> rows;
  for (std::size_t first = begin; first < end; first += tile) {
    const std::size_t last = std::min(first + tile, end);
    const std::size_t n = rows_due(due, first, last, now, rows.data());
    if (n > 0) visit(std::span<const std::uint32_t>(rows.data(), n));
  }
}

}  // namespace musi::models
