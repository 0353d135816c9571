#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "sim/core/clock.h"
#include "sim/core/ids.h"

namespace musi::sim {

/// Four 32-bit words: one block of Philox.
using Block = std::array<std::uint32_t, 4>;

/// Philox 4x32 with 10 rounds. Source: Salmon, Moraes, Dror, Shaw 2011.
constexpr Block philox(Block counter, std::uint32_t key0, std::uint32_t key1) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = std::uint64_t{0xD2511F53u} * counter[0];
    const std::uint64_t p1 = std::uint64_t{0xCD9E8D57u} * counter[2];
    counter = {static_cast<std::uint32_t>(p1 >> 32) ^ counter[1] ^ key0,
               static_cast<std::uint32_t>(p1),
               static_cast<std::uint32_t>(p0 >> 32) ^ counter[3] ^ key1,
               static_cast<std::uint32_t>(p0)};
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  return counter;
}

/// Uniform on (0,1) with 24 bits in float. Not for chances below 1e-5. The largest word would round
/// to 1, hence the bound.
constexpr float uniform24(std::uint32_t word) {
  const float u = (static_cast<float>(static_cast<std::int32_t>(word >> 8)) + 0.5f) * 0x1p-24f;
  return u < 0x1.fffffep-1f ? u : 0x1.fffffep-1f;
}
/// Uniform on (0,1) in double precision from two words: 52 bits and a half, all exact, never 0 or
/// 1.
constexpr double fine_uniform_of(std::uint32_t high, std::uint32_t low) {
  return (static_cast<double>(high >> 6) * 0x1p26 + static_cast<double>(low >> 6) + 0.5) * 0x1p-52;
}

/// Seed of one replicate: never depends on the name or the levers of an option.
constexpr std::uint64_t run_seed(std::uint64_t scenario_seed, std::uint64_t replicate) {
  return mix(scenario_seed, replicate);
}

/// Month that addresses the numbers of the starting state.
inline constexpr Month start_state = -1 - 0x7FFF;

/// n rounded up to what the widest vectors draw at once: a list of keys of this length, filled up
/// with any, leaves no rest to be drawn one by one.
constexpr std::size_t in_whole_vectors(std::size_t n) { return (n + 15) / 16 * 16; }
/// The same for lists of few keys: no rest either, and fewer numbers that nobody reads.
constexpr std::size_t in_short_vectors(std::size_t n) { return (n + 7) / 8 * 8; }

/// The random numbers of one decision in one month: key = run seed; counter = entity key, month
/// (low 16 bits) and block number (high 16 bits), decision id. Copy freely; it has no state.
class Chance {
 public:
  constexpr Chance(std::uint64_t seed, std::uint32_t decision, Month month)
      : key0_(static_cast<std::uint32_t>(seed)),
        key1_(static_cast<std::uint32_t>(seed >> 32)),
        // 0xFFFF names the start state, so the months of the spin-up stand one lower.
        month_(month == start_state
                   ? 0xFFFFu
                   : static_cast<std::uint32_t>(month < 0 ? month - 1 : month) & 0xFFFFu),
        decision_(decision) {}

  constexpr Block block(EntityKey entity, std::uint32_t number = 0) const {
    return philox({static_cast<std::uint32_t>(entity), static_cast<std::uint32_t>(entity >> 32),
                   month_ | (number << 16), decision_},
                  key0_, key1_);
  }
  /// First uniform of an entity, 24 bits.
  constexpr float uniform(EntityKey entity) const { return uniform24(block(entity)[0]); }
  /// First uniform of an entity, double precision.
  constexpr double fine_uniform(EntityKey entity) const {
    const Block b = block(entity);
    return fine_uniform_of(b[0], b[1]);
  }
  /// Block `number` of many entities. Shapes: one length; `words[k]` is word k. Equal to `block`.
  void blocks(std::span<const EntityKey> entities, std::span<std::uint32_t> word0,
              std::span<std::uint32_t> word1, std::span<std::uint32_t> word2,
              std::span<std::uint32_t> word3, std::uint32_t number = 0) const;

 private:
  std::uint32_t key0_, key1_, month_, decision_;
};

/// The numbers of one entity in one decision and month, one after the other: word after word,
/// block after block. Every draw takes a fixed number of words.
class Stream {
 public:
  constexpr Stream(const Chance& chance, EntityKey entity) : chance_(chance), entity_(entity) {}

  constexpr std::uint32_t word() {
    if (next_ == 4) {
      words_ = chance_.block(entity_, number_++);
      next_ = 0;
    }
    return words_[static_cast<std::size_t>(next_++)];
  }
  /// Uniform on (0,1), 24 bits; one word.
  constexpr float uniform() { return uniform24(word()); }
  /// Uniform on (0,1), double precision; two words.
  constexpr double fine_uniform() {
    const std::uint32_t high = word();
    return fine_uniform_of(high, word());
  }

 private:
  Chance chance_;
  EntityKey entity_;
  Block words_{};
  std::uint32_t number_ = 0;
  int next_ = 4;
};

}  // namespace musi::sim
