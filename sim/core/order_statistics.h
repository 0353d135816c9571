#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/core/check.h"

namespace musi::sim {

/// A number whose unsigned order is the order of the finite numbers x; -0 and 0 are one.
constexpr std::uint32_t ordered_bits(float x) {
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(x + 0.0f);
  return bits ^ ((bits >> 31) != 0 ? 0xFFFFFFFFu : 0x80000000u);
}

/// The value that stands at place `k`, from 0, if all were sorted. `counts` says how many values
/// begin with each twelve ordered bits: only those that begin like the one sought are sorted.
class OrderStatistics {
 public:
  explicit OrderStatistics(std::span<const float> values) : values_(values) {
    for (const float x : values) ++counts_[bin(x)];
  }

  float at(std::size_t k) const {
    MUSI_EXPECT(k < values_.size());
    std::size_t before = 0, b = 0;
    while (before + counts_[b] <= k) before += counts_[b++];
    std::vector<float> near(counts_[b] + 1);  // one more, written to but not kept
    std::size_t n = 0;
    for (const float x : values_) {
      near[n] = x;
      n += bin(x) == b ? 1u : 0u;
    }
    near.pop_back();
    const auto place = near.begin() + static_cast<std::ptrdiff_t>(k - before);
    std::nth_element(near.begin(), place, near.end());
    return *place;
  }

 private:
  static constexpr int bits = 12;
  static constexpr std::size_t bin(float x) { return ordered_bits(x) >> (32 - bits); }

  std::span<const float> values_;
  std::array<std::uint32_t, std::size_t{1} << bits> counts_{};
};

}  // namespace musi::sim
