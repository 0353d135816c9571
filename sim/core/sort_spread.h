#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace musi::sim {

/// Sorts items by `before`, a total order. `rank` is a 64-bit number that never falls along that
/// order and is spread over its range, as entity keys are: items are laid out by its leading bits,
/// so that few comparisons, which nobody can foresee, are left. Any ranks give the right order.
template <class T, class Rank, class Before>
void sort_spread(std::vector<T>& items, Rank&& rank, Before&& before) {
  constexpr std::size_t few = 32, crowd = 24;
  const std::size_t n = items.size();
  if (n < few) return std::sort(items.begin(), items.end(), before);
  const int bits = static_cast<int>(std::bit_width(n));
  const auto place_of = [&](const T& item) {
    return static_cast<std::size_t>(static_cast<std::uint64_t>(rank(item)) >> (64 - bits));
  };
  std::vector<std::uint32_t> start((std::size_t{1} << bits) + 1, 0);
  for (const T& item : items) ++start[place_of(item) + 1];
  if (*std::max_element(start.begin(), start.end()) > crowd) {
    return std::sort(items.begin(), items.end(), before);
  }
  for (std::size_t i = 1; i < start.size(); ++i) start[i] += start[i - 1];
  std::vector<T> sorted(n);
  for (T& item : items) sorted[start[place_of(item)]++] = std::move(item);
  for (std::size_t i = 1; i < n; ++i) {  // nearly in order
    for (std::size_t j = i; j > 0 && before(sorted[j], sorted[j - 1]); --j) {
      std::swap(sorted[j], sorted[j - 1]);
    }
  }
  items = std::move(sorted);
}

}  // namespace musi::sim
