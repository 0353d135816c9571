#include "sim/core/key_tile.h"

#include <catch2/catch.hpp>

using namespace musi::sim;

TEST_CASE("a tile of keys draws the block of each, whatever stands behind them", "[property]") {
  const Chance chance(7, 3, 11);
  KeyTile<32> drawn;
  for (const std::size_t n : {std::size_t{0}, std::size_t{1}, std::size_t{17}, std::size_t{32}}) {
    for (std::size_t i = 0; i < drawn.keys.size(); ++i) drawn.keys[i] = mix(5, i);
    drawn.draw(chance, n, 2);
    for (std::size_t i = 0; i < n; ++i) {
      const Block alone = chance.block(mix(5, i), 2);
      for (std::size_t k = 0; k < alone.size(); ++k) CHECK(drawn.words[k][i] == alone[k]);
    }
  }
}
