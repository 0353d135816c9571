#include "sim/core/rng.h"

#include <catch2/catch.hpp>
#include <vector>

#include "sim/core/vector_level.h"

using namespace musi::sim;

// Known answers: random123 1.14, kat_vectors, philox4x32 10.
TEST_CASE("Philox gives the published answers", "[unit]") {
  REQUIRE(philox({0, 0, 0, 0}, 0, 0) == Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  const std::uint32_t ones = 0xffffffff;
  REQUIRE(philox({ones, ones, ones, ones}, ones, ones) ==
          Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  REQUIRE(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0xa4093822, 0x299f31d0) ==
          Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("many blocks at once equal single blocks, whatever the width of vectors", "[unit]") {
  const auto level = GENERATE(VectorLevel::baseline, VectorLevel::avx2, VectorLevel::avx512);
  use_vector_level(level);
  const Chance chance(run_seed(20261122, 17), 10, 37);
  std::vector<EntityKey> keys;
  for (std::uint64_t i = 0; i < 1003; ++i) keys.push_back(mix(7, i));
  std::vector<std::uint32_t> w0(1003), w1(1003), w2(1003), w3(1003);
  for (const std::uint32_t number : {0u, 1u, 700u}) {
    chance.blocks(keys, w0, w1, w2, w3, number);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      REQUIRE(chance.block(keys[i], number) == Block{w0[i], w1[i], w2[i], w3[i]});
    }
  }
  use_vector_level(best_vector_level());
}

TEST_CASE("a stream reads the words of its blocks in order", "[unit]") {
  const Chance chance(1, 2, 3);
  Stream stream(chance, 99);
  for (std::uint32_t number = 0; number < 3; ++number) {
    for (const std::uint32_t word : chance.block(99, number)) REQUIRE(stream.word() == word);
  }
}

TEST_CASE("uniforms stay strictly inside (0,1)", "[unit]") {
  REQUIRE(uniform24(0) > 0.0f);
  REQUIRE(uniform24(0xffffffff) < 1.0f);
  REQUIRE(fine_uniform_of(0, 0) > 0.0);
  REQUIRE(fine_uniform_of(0xffffffff, 0xffffffff) < 1.0);
}

TEST_CASE("the month of the start state differs from every month of a run", "[unit]") {
  const Block start = Chance(1, 2, start_state).block(5);
  for (Month t = -24; t < 1200; ++t) REQUIRE(Chance(1, 2, t).block(5) != start);
}
