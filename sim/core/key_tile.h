#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "sim/core/rng.h"

namespace musi::sim {

/// Up to `size` entities and one block of chance of each, drawn side by side.
template <std::size_t size>
struct KeyTile {
  static_assert(size == in_whole_vectors(size));

  std::array<EntityKey, size> keys;
  std::array<std::array<std::uint32_t, size>, 4> words;  ///< words[k][i]: word k of entity i

  /// Block `number` at the first n keys; what stands behind them is overwritten.
  void draw(const Chance& chance, std::size_t n, std::uint32_t number = 0) {
    const std::size_t whole = in_short_vectors(n);
    std::fill(keys.begin() + n, keys.begin() + whole, 0);
    chance.blocks(std::span(keys).first(whole), words[0], words[1], words[2], words[3], number);
  }
};

}  // namespace musi::sim
