#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "models/world.h"
#include "sim/core/rng.h"

namespace musi::models {

/// Rows whose words are drawn side by side.
inline constexpr std::size_t tile_of_words = 256;

/// The first block of `chance` at the keys of a tile of rows.
struct RowWords {
  std::array<sim::EntityKey, tile_of_words> keys;
  std::array<std::array<std::uint32_t, tile_of_words>, 4> words;
};

/// Draws for all rows, tile by tile, spare ones and empty dwellings included: calls
/// visit(first row, number of rows, RowWords).
template <class Visit>
void for_each_tile_of_words(const Households& h, const sim::Chance& chance, Visit&& visit) {
  RowWords drawn;
  auto& w = drawn.words;
  for (std::size_t first = 0; first < h.size_rows(); first += tile_of_words) {
    const std::size_t n = std::min(tile_of_words, h.size_rows() - first);
    for (std::size_t i = 0; i < n; ++i) drawn.keys[i] = h.record[first + i].key;
    const std::size_t whole = sim::in_whole_vectors(n);
    std::fill(drawn.keys.begin() + n, drawn.keys.begin() + whole, 0);
    chance.blocks(std::span(drawn.keys).first(whole), w[0], w[1], w[2], w[3]);
    visit(first, n, std::as_const(drawn));
  }
}

}  // namespace musi::models
