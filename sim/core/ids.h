#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

namespace musi::sim {

/// Row of one table, now. Rows may move; never keep an Id across months. Ids of different tables
/// cannot be mixed up: `Kind` is any tag type.
template <class Kind>
class Id {
 public:
  constexpr Id() = default;
  constexpr explicit Id(std::size_t row) : row_(static_cast<std::uint32_t>(row)) {}
  constexpr std::size_t row() const { return row_; }
  constexpr auto operator<=>(const Id&) const = default;

 private:
  std::uint32_t row_ = 0;
};

/// Name of an entity for ever: addresses its random numbers and breaks ties. Never reused.
using EntityKey = std::uint64_t;

/// The SplitMix64 finaliser: a bijection of 64 bits in which each input bit moves half of the
/// output bits. Source: Steele, Lea, Flood 2014.
constexpr std::uint64_t mix64(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15ull;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
  return x ^ (x >> 31);
}

/// Key of something derived from `parent` and one or more ordinals, MODEL.md section 6.
template <class... Parts>
constexpr std::uint64_t mix(std::uint64_t parent, Parts... parts) {
  std::uint64_t key = mix64(parent);
  ((key = mix64(key ^ mix64(static_cast<std::uint64_t>(parts) + 1))), ...);
  return key;
}

/// FNV-1a, 32 bits: the decision id of a parameter, from its key.
constexpr std::uint32_t fnv1a(const char* text, std::size_t n) {
  std::uint32_t hash = 2166136261u;
  for (std::size_t i = 0; i < n; ++i) {
    hash = (hash ^ static_cast<std::uint8_t>(text[i])) * 16777619u;
  }
  return hash;
}

}  // namespace musi::sim
