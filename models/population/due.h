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
/// Before that, coming(rows) is told which are visited next, so that they can be asked for.
template <class Coming, class Visit>
void for_each_due(std::span<const std::uint16_t> due, std::size_t begin, std::size_t end,
                  std::uint16_t now, Coming&& coming, Visit&& visit) {
  constexpr std::size_t tile = tile_of_due_rows;
  using Rows = std::array<std::uint32_t, tile + sim::find_equal_slack>;
  Rows some, others;
  const auto find = [&](std::size_t first, Rows& rows) {
    const std::size_t n = rows_due(due, first, std::min(first + tile, end), now, rows.data());
    const std::span<const std::uint32_t> found(rows.data(), n);
    coming(found);
    return found;
  };
  std::span<const std::uint32_t> next = find(begin, some);
  Rows* free = &others;
  for (std::size_t first = begin; first < end; first += tile) {
    const std::span<const std::uint32_t> rows = next;
    next = find(std::min(first + tile, end), *free);
    free = free == &some ? &others : &some;
    if (!rows.empty()) visit(rows);
  }
}

}  // namespace musi::models
