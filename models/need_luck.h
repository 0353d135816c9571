#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/programmes/items.h"

namespace musi::models {

/// By what factor the need of an RT for works is misjudged in one year: drawn when it is first
/// asked for and asked again all year. It spares time; nothing else depends on what it holds.
class NeedLuck {
 public:
  /// Forgets everything unless it holds this year of this seed under this spread of errors.
  void begin(std::uint64_t seed, int year, double spread) {
    if (seed == seed_ && year == year_ && spread == spread_) return;
    seed_ = seed;
    year_ = year;
    spread_ = spread;
    std::fill(known_.begin(), known_.end(), 0);
  }
  /// Of an RT, by row, and item of works; draw() answers what is not known yet.
  template <class Draw>
  double of(std::size_t rt, Item item, Draw&& draw) {
    const auto place = static_cast<std::size_t>(item);
    if (rt >= known_.size()) {
      known_.resize(rt + 1, 0);
      factors_.resize((rt + 1) * n_works);
    }
    double& factor = factors_[rt * n_works + place];
    const std::uint32_t bit = std::uint32_t{1} << place;
    if ((known_[rt] & bit) == 0) {
      factor = draw();
      known_[rt] |= bit;
    }
    return factor;
  }

 private:
  /// Items up to the last that are works of RTs.
  static constexpr std::size_t n_works = static_cast<std::size_t>(Item::realignment) + 1;
  static_assert(n_works <= 32);

  std::uint64_t seed_ = 0;
  int year_ = -1;
  double spread_ = 0.0;
  std::vector<std::uint32_t> known_;  ///< by RT; bits of items that were drawn
  std::vector<double> factors_;       ///< by RT and item; read only where known
};

}  // namespace musi::models
