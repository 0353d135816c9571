#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/core/best_level.h"
#include "sim/core/check.h"
#include "sim/core/equal_bits.h"
#include "sim/core/unset_array.h"

namespace musi::sim {

/// A number whose unsigned order is the order of the finite numbers x; -0 and 0 are one.
constexpr std::uint32_t ordered_bits(float x) {
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(x + 0.0f);
  // Without a branch, which would guess signs.
  return bits ^ (0x80000000u | (0u - (bits >> 31)));
}

/// The value that stands at place `k`, from 0, if all were sorted. Values are counted in bins of
/// equal width from `low` to `high`, between which most should lie; others go to the outer bins.
/// Only those in the bin of the one sought are put in order.
class OrderStatistics {
 public:
  OrderStatistics(std::span<const float> values, float low, float high)
      : values_(values), bin_of_(values.size()) {
    const float bins_per_unit = static_cast<float>(n_bins) / (high - low);
    // In a loop of its own, which vectorises; every step keeps the order.
    at_best_level([&]() MUSI_LOOP {
      const float* const from = values.data();
      std::uint16_t* const to = bin_of_.data();
      for (std::size_t i = 0; i < values.size(); ++i) {
        const float bin = (from[i] - low) * bins_per_unit;
        const float not_below = bin > 0.0f ? bin : 0.0f;
        const float inside = not_below < last_bin ? not_below : last_bin;
        to[i] = static_cast<std::uint16_t>(static_cast<std::int32_t>(inside));
      }
    });
    for (const std::uint16_t bin : bin_of_) ++counts_[bin];
  }

  float at(std::size_t k) const {
    MUSI_EXPECT(k < values_.size());
    std::size_t before = 0, b = 0;
    for (std::size_t n = 0; before + (n = sum_from(b)) <= k; b += together) before += n;
    while (before + counts_[b] <= k) before += counts_[b++];
    std::vector<float> near;
    near.reserve(counts_[b]);
    std::size_t first = 0;
    for (; first + 64 <= values_.size(); first += 64) {
      std::uint64_t found = equal_bits(bin_of_.data() + first, static_cast<std::uint16_t>(b));
      for (; found != 0; found &= found - 1) {
        near.push_back(values_[first + static_cast<std::size_t>(std::countr_zero(found))]);
      }
    }
    for (; first < values_.size(); ++first) {
      if (bin_of_.data()[first] == b) near.push_back(values_[first]);
    }
    const auto place = near.begin() + static_cast<std::ptrdiff_t>(k - before);
    std::nth_element(near.begin(), place, near.end());
    return *place;
  }

 private:
  static constexpr std::size_t n_bins = 2048;
  static constexpr float last_bin = static_cast<float>(n_bins - 1);
  static constexpr std::size_t together = 64;  ///< bins that are passed over at once

  std::uint32_t sum_from(std::size_t bin) const {
    std::uint32_t n = 0;
    for (std::size_t i = 0; i < together; ++i) n += counts_[bin + i];
    return n;
  }

  std::span<const float> values_;
  UnsetArray<std::uint16_t> bin_of_;
  std::array<std::uint32_t, n_bins> counts_{};
};

}  // namespace musi::sim
