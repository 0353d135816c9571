#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <vector>

namespace musi::sim {

/// Values at some of many places, which are forgotten often: that takes one bit a place, and memory
/// of places that nobody asks for is never touched.
template <class T>
class NotedValues {
  static_assert(std::is_trivially_default_constructible_v<T>, "else room for values is written");

 public:
  /// Forgets all values; `n` places from now on.
  void clear(std::size_t n) {
    is_known_.assign((n + 63) / 64, 0);
    if (n > n_values_) values_ = std::make_unique_for_overwrite<T[]>(n);
    n_values_ = std::max(n_values_, n);
  }
  /// Was it never cleared? Then it has no places yet.
  bool is_new() const { return n_values_ == 0; }
  /// Null where nothing was noted.
  const T* find(std::size_t at) const {
    return (is_known_[at / 64] >> at % 64 & 1u) != 0 ? &values_[at] : nullptr;
  }
  /// Gives back the value.
  T note(std::size_t at, T value) {
    is_known_[at / 64] |= std::uint64_t{1} << at % 64;
    return values_[at] = value;
  }

 private:
  std::vector<std::uint64_t> is_known_;  ///< bits by place
  std::unique_ptr<T[]> values_;          ///< by place; read only where known
  std::size_t n_values_ = 0;
};

}  // namespace musi::sim
