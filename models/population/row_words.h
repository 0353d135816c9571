#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>

#include "models/world.h"
#include "sim/core/key_tile.h"

namespace musi::models {

/// Rows whose words are drawn side by side.
inline constexpr std::size_t tile_of_words = 256;

/// The first block of `chance` at the keys of a tile of rows.
using RowWords = sim::KeyTile<tile_of_words>;

/// Draws for all rows, tile by tile, spare ones and empty dwellings included: calls
/// visit(first row, number of rows, RowWords).
template <class Visit>
void for_each_tile_of_words(const Households& h, const sim::Chance& chance, Visit&& visit) {
  RowWords drawn;
  for (std::size_t first = 0; first < h.size_rows(); first += tile_of_words) {
    const std::size_t n = std::min(tile_of_words, h.size_rows() - first);
    for (std::size_t i = 0; i < n; ++i) drawn.keys[i] = h.record[first + i].key;
    drawn.draw(chance, n);
    visit(first, n, std::as_const(drawn));
  }
}

}  // namespace musi::models
