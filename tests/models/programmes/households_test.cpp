#include "models/programmes/households.h"

#include <catch2/catch.hpp>

#include "models/build_world.h"
#include "sim/core/rng.h"
#include "tests/support/tiny_world.h"

using namespace musi;
using namespace musi::models;

TEST_CASE("flags asked sixteen at a time pass as one by one, for any number of rows",
          "[property]") {
  const sim::Chance chance(3, 1, 0);
  std::vector<std::uint32_t> flags(64);
  for (std::uint32_t i = 0; i < flags.size(); ++i) flags[i] = chance.block(i)[0];
  const FlagTest tests[] = {
      is_lacking(flag::lacks_house),
      is_lacking(flag::lacks_toilet | flag::lacks_tank),
      {flag::alive | flag::has_loan, flag::alive, flag::crowded | flag::informal},
      {0x80000000u, 0x80000000u, 0xFFFFFFFFu},
      {flag::alive, flag::alive, 0u}};
  for (const FlagTest& test : tests) {
    for (std::size_t n = 0; n <= flags.size(); ++n) {
      std::uint64_t wanted = 0;
      for (std::size_t i = 0; i < n; ++i) wanted |= std::uint64_t{passes(flags[i], test)} << i;
      CHECK(passing_bits(flags.data(), n, test) == wanted);
    }
  }
}

TEST_CASE("the rows of an RT that pass are those of a plain search, in order", "[property]") {
  const City city = tests::tiny_city();
  const Scenario scenario = tests::tiny_scenario();
  const World world = build_world_without_spin_up(scenario, city, 4);
  std::size_t n = 0;
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    const FlagTest test = is_lacking(flag::lacks_water | flag::low_water);
    const auto is_even = [&](std::size_t row) { return world.households.record[row].key % 2 == 0; };
    std::vector<std::uint32_t> plain;
    const std::size_t first = world.rts.first_row[rt];
    for (std::size_t row = first; row < first + world.rts.n_rows[rt]; ++row) {
      if (!passes(world.households.flags[row], test) || !is_even(row)) continue;
      plain.push_back(static_cast<std::uint32_t>(row));
    }
    n += plain.size();
    CHECK(rows_passing(world, rt, test, is_even) == plain);
  }
  CHECK(n > 0);
}
