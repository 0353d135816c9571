#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "sim/core/rng.h"

/// The dip test of unimodality.
namespace musi::tests {

/// Largest distance between the distribution of a sample and the nearest unimodal one [0-0.25].
/// Source: Hartigan, Hartigan 1985; algorithm AS 217 with the corrections of 1994 and 2003.
class Dip {
 public:
  explicit Dip(std::vector<double> sample) : x_(std::move(sample)) {
    std::sort(x_.begin(), x_.end());
    x_.insert(x_.begin(), 0.0);  // the algorithm counts from 1
    n_ = x_.size() - 1;
  }

  double operator()() {
    if (n_ < 2 || x_[1] == x_[n_]) return 0.5 / static_cast<double>(std::max<std::size_t>(n_, 1));
    find_hulls();
    std::size_t low = 1, high = n_;
    double dip = 1.0;
    while (true) {
      collect(low, high);
      const double gap = widest_gap();
      if (gap < dip) break;
      dip = std::max({dip, below_minorant(), above_majorant()});
      if (low == gcm_[ig_] && high == lcm_[ih_]) break;
      low = gcm_[ig_];
      high = lcm_[ih_];
    }
    return dip / (2.0 * static_cast<double>(n_));
  }

 private:
  static double number(std::size_t a, std::size_t b) {
    return static_cast<double>(a) - static_cast<double>(b);
  }

  /// Next points of the convex minorant, downwards, and of the concave majorant, upwards.
  void find_hulls() {
    below_.assign(n_ + 1, 1);
    above_.assign(n_ + 1, n_);
    for (std::size_t j = 2; j <= n_; ++j) {
      std::size_t m = j - 1;
      while (m != 1 && (x_[j] - x_[m]) * number(m, below_[m]) >=
                           (x_[m] - x_[below_[m]]) * number(j, m)) {
        m = below_[m];
      }
      below_[j] = m;
    }
    for (std::size_t k = n_ - 1; k >= 1; --k) {
      std::size_t m = k + 1;
      while (m != n_ && (x_[k] - x_[m]) * number(m, above_[m]) >=
                            (x_[m] - x_[above_[m]]) * number(k, m)) {
        m = above_[m];
      }
      above_[k] = m;
    }
  }

  void collect(std::size_t low, std::size_t high) {
    gcm_.assign({0, high});
    while (gcm_.back() > low) gcm_.push_back(below_[gcm_.back()]);
    lcm_.assign({0, low});
    while (lcm_.back() < high) lcm_.push_back(above_[lcm_.back()]);
    ig_ = gcm_.size() - 1;
    ih_ = lcm_.size() - 1;
  }

  /// Largest distance between minorant and majorant, and where it lies.
  double widest_gap() {
    const std::size_t n_gcm = gcm_.size() - 1, n_lcm = lcm_.size() - 1;
    if (n_gcm == 2 && n_lcm == 2) return 1.0;
    std::size_t ix = n_gcm - 1, iv = 2;
    double widest = 0.0;
    do {
      const std::size_t g = gcm_[ix], l = lcm_[iv];
      if (g > l) {
        const std::size_t before = gcm_[ix + 1];
        const double gap = number(l, before) + 1.0 -
                           (x_[l] - x_[before]) * number(g, before) / (x_[g] - x_[before]);
        ++iv;
        if (gap >= widest) widest = gap, ig_ = ix + 1, ih_ = iv - 1;
      } else {
        const std::size_t before = lcm_[iv - 1];
        const double gap = (x_[g] - x_[before]) * number(l, before) / (x_[l] - x_[before]) -
                           (number(g, before) - 1.0);
        --ix;
        if (gap >= widest) widest = gap, ig_ = ix + 1, ih_ = iv;
      }
      ix = std::max<std::size_t>(ix, 1);
      iv = std::min(iv, n_lcm);
    } while (gcm_[ix] != lcm_[iv]);
    return widest;
  }

  double below_minorant() const {
    double largest = 0.0;
    for (std::size_t j = ig_; j + 1 < gcm_.size(); ++j) {
      const std::size_t first = gcm_[j + 1], last = gcm_[j];
      double here = 1.0;
      if (last - first > 1 && x_[last] != x_[first]) {
        const double slope = number(last, first) / (x_[last] - x_[first]);
        for (std::size_t i = first; i <= last; ++i) {
          here = std::max(here, number(i, first) + 1.0 - (x_[i] - x_[first]) * slope);
        }
      }
      largest = std::max(largest, here);
    }
    return largest;
  }

  double above_majorant() const {
    double largest = 0.0;
    for (std::size_t j = ih_; j + 1 < lcm_.size(); ++j) {
      const std::size_t first = lcm_[j], last = lcm_[j + 1];
      double here = 1.0;
      if (last - first > 1 && x_[last] != x_[first]) {
        const double slope = number(last, first) / (x_[last] - x_[first]);
        for (std::size_t i = first; i <= last; ++i) {
          here = std::max(here, (x_[i] - x_[first]) * slope - (number(i, first) - 1.0));
        }
      }
      largest = std::max(largest, here);
    }
    return largest;
  }

  std::vector<double> x_;
  std::size_t n_ = 0, ig_ = 1, ih_ = 1;
  std::vector<std::size_t> below_, above_, gcm_, lcm_;
};

/// Chance that a uniform sample of the same size has a dip at least as large, by `n_samples`
/// samples; 1 / (n_samples + 1) at least.
inline double dip_p_value(double dip, std::size_t n, std::size_t n_samples = 500) {
  double larger = 1.0;
  for (std::size_t s = 0; s < n_samples; ++s) {
    sim::Stream luck(sim::Chance(25, 1, 0), s + 1);
    std::vector<double> uniform(n);
    for (double& u : uniform) u = luck.fine_uniform();
    larger += Dip(uniform)() >= dip ? 1.0 : 0.0;
  }
  return larger / static_cast<double>(n_samples + 1);
}

}  // namespace musi::tests
