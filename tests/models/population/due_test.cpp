#include "models/population/due.h"

#include <catch2/catch.hpp>
#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/core/rng.h"

using namespace musi;
using namespace musi::models;

namespace {

constexpr std::uint16_t now = 7, other = 8;

/// A column of months of which one in three is now.
std::vector<std::uint16_t> months(std::size_t n) {
  std::vector<std::uint16_t> due(n);
  for (std::size_t row = 0; row < n; ++row) due[row] = sim::mix(3, row) % 3 == 0 ? now : other;
  return due;
}

}  // namespace

TEST_CASE("every due row is visited once, in order, whatever the tiles", "[property]") {
  const std::vector<std::uint16_t> due = months(3 * tile_of_due_rows + 100);
  struct Range {
    std::size_t begin, end;
  };
  for (const auto& [begin, end] : {Range{0, 0}, Range{5, 6}, Range{0, tile_of_due_rows},
                                   Range{17, 2 * tile_of_due_rows + 17}, Range{0, due.size()}}) {
    std::vector<std::uint32_t> expected, visited, asked;
    for (std::size_t row = begin; row < end; ++row) {
      if (due[row] == now) expected.push_back(static_cast<std::uint32_t>(row));
    }
    for_each_due(
        due, begin, end, now,
        [&](std::span<const std::uint32_t> rows) {
          asked.insert(asked.end(), rows.begin(), rows.end());
        },
        [&](std::span<const std::uint32_t> rows) {
          visited.insert(visited.end(), rows.begin(), rows.end());
        });
    CHECK(visited == expected);
    CHECK(asked == expected);
  }
}

TEST_CASE("the rows of a tile are announced before the tile in front of it is visited",
          "[unit]") {
  const std::vector<std::uint16_t> due(4 * tile_of_due_rows, now);
  std::size_t n_announced = 0, n_visited = 0;
  for_each_due(
      due, 0, due.size(), now,
      [&](std::span<const std::uint32_t> rows) { n_announced += rows.size(); },
      [&](std::span<const std::uint32_t> rows) {
        n_visited += rows.size();
        CHECK(n_announced == std::min(n_visited + tile_of_due_rows, due.size()));
      });
  CHECK(n_visited == due.size());
}

TEST_CASE("a visit may change the months of its own tile", "[unit]") {
  std::vector<std::uint16_t> due(2 * tile_of_due_rows, now);
  std::size_t n_visited = 0;
  for_each_due(due, 0, due.size(), now, [](std::span<const std::uint32_t>) {},
               [&](std::span<const std::uint32_t> rows) {
                 n_visited += rows.size();
                 for (const std::uint32_t row : rows) due[row] = other;
               });
  CHECK(n_visited == due.size());
  CHECK(std::count(due.begin(), due.end(), other) == static_cast<std::ptrdiff_t>(due.size()));
}
