#include <catch2/catch.hpp>
#include <cstddef>
#include <vector>

#include "models/build_world.h"
#include "models/run.h"
#include "tests/support/tiny_world.h"

using namespace musi;
using namespace musi::models;

namespace {

constexpr std::size_t most_bytes_of_household = 64;

/// A column that is added must be counted below.
constexpr std::size_t n_columns = 7;
static_assert(sizeof(Households) == n_columns * sizeof(std::vector<float>) + sizeof(std::size_t));

template <class... Columns>
std::size_t bytes_of(const Columns&... columns) {
  return ((columns.size() * sizeof(typename Columns::value_type)) + ...);
}

std::size_t bytes_of(const Households& h) {
  return bytes_of(h.record, h.flags, h.next_revision, h.next_rare, h.rare_from, h.dy_now,
                  h.fails);
}

}  // namespace

TEST_CASE("the state of a household takes at most 64 bytes, its share of spare rows included",
          "[unit]") {
  Households rows;
  rows.resize(1000);
  CHECK(bytes_of(rows) <= 1000 * most_bytes_of_household);

  const City city = tests::tiny_city();
  const Scenario scenario = tests::tiny_scenario();
  World world = build_world(scenario, city, 7);
  CHECK(bytes_of(world.households) <= world.n_households() * most_bytes_of_household);
}
