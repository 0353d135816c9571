#include "sim/core/four_columns.h"

#include <array>
#include <catch2/catch.hpp>

using namespace musi::sim;

TEST_CASE("Four rows of four numbers become four columns", "[unit]") {
  const std::array<std::array<float, 4>, 4> rows{
      {{1, 2, 3, 4}, {5, 6, 7, 8}, {9, 10, 11, 12}, {13, 14, 15, 16}}};
  const std::array<Four, 4> columns = columns_of({four_at(rows[0].data()), four_at(rows[1].data()),
                                                  four_at(rows[2].data()),
                                                  four_at(rows[3].data())});
  for (std::size_t c = 0; c < 4; ++c) {
    std::array<float, 4> column;
    put_four(columns[c], column.data());
    for (std::size_t r = 0; r < 4; ++r) CHECK(column[r] == rows[r][c]);
  }
}
