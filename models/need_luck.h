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
    std::fill(factors_.begin(), factors_.end(), 0.0);
  }
  /// Of an RT, by row, and item; draw() answers what is not known yet, more than 0.
  template <class Draw>
  double of(std::size_t rt, Item item, Draw&& draw) {
    const std::size_t at = rt * n_works + static_cast<std::size_t>(item);
    if (at >= factors_.size()) factors_.resize((rt + 1) * n_works, 0.0);
    double& factor = factors_[at];
    if (!(factor > 0.0)) factor = draw();
    return factor;
  }

 private:
  /// Items up to the last that are works of RTs.
  static constexpr std::size_t n_works = static_cast<std::size_t>(Item::realignment) + 1;

  std::uint64_t seed_ = 0;
  int year_ = -1;
  double spread_ = 0.0;
  std::vector<double> factors_;  ///< by RT and item; 0: not drawn yet
};

}  // namespace musi::models
