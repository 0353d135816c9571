#include "sim/core/sort_spread.h"

#include <catch2/catch.hpp>
#include <cstdint>
#include <vector>

#include "sim/core/ids.h"

using namespace musi::sim;

TEST_CASE("items laid out by leading bits are in the order of a sort", "[property]") {
  struct Item {
    std::uint64_t key;
    int kind;
    bool operator==(const Item&) const = default;
  };
  const auto before = [](const Item& a, const Item& b) {
    return a.kind != b.kind ? a.kind < b.kind : a.key < b.key;
  };
  const auto rank = [](const Item& i) {
    return static_cast<std::uint64_t>(i.kind) << 62 | i.key >> 2;
  };
  for (const std::size_t n : {0, 1, 2, 31, 32, 33, 100, 1000, 20000}) {
    for (const bool are_spread : {true, false}) {  // small keys crowd in one place
      std::vector<Item> items;
      for (std::uint64_t i = 0; i < n; ++i) {
        const std::uint64_t key = mix64(i);
        items.push_back({are_spread ? key : key % 50000, static_cast<int>(key % 3)});
      }
      std::vector<Item> expected = items;
      std::stable_sort(expected.begin(), expected.end(), before);
      sort_spread(items, rank, before);
      // Equal items cannot be told apart.
      CHECK(items == expected);
    }
  }
}
