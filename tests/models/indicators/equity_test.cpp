#include <algorithm>
#include <catch2/catch.hpp>

#include "models/build_world.h"
#include "models/indicators/groups.h"
#include "tests/support/tiny_world.h"

using namespace musi;
using namespace musi::models;

namespace {

/// Counted household by household.
PeopleStats plain_stats(const World& world) {
  PeopleStats stats;
  const Households& h = world.households;
  std::vector<float> incomes;
  for (std::size_t row = 0; row < h.size_rows(); ++row) {
    if ((h.flags[row] & flag::alive) != 0) incomes.push_back(h.record[row].log_income());
  }
  std::sort(incomes.begin(), incomes.end());
  const auto fifth = static_cast<double>(incomes.size() - 1) * 0.2 + 0.5;
  const float poor = incomes[static_cast<std::size_t>(fifth)];
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    const double each = world.notes.paid_in_rt[rt] / world.rts.n_households[rt];
    for (std::size_t i = 0; i < world.rts.n_rows[rt]; ++i) {
      const std::size_t row = world.rts.first_row[rt] + i;
      const std::uint32_t f = h.flags[row];
      if ((f & flag::alive) == 0) continue;
      std::size_t needs = 0;
      for (const std::uint32_t lacks :
           {flag::lacks_house, flag::lacks_water, flag::lacks_toilet | flag::lacks_tank,
            flag::crowded}) {
        needs += (f & lacks) != 0 ? 1 : 0;
      }
      stats.by_deprivations[needs] += 1;
      stats.listed += (f & flag::listed) != 0 ? 1 : 0;
      stats.unfit += (f & flag::lacks_house) != 0 ? 1 : 0;
      const bool is_ulu = world.sites.is_ulu[world.rts.site[rt]] != 0;
      for (const People people :
           {h.record[row].log_income() <= poor ? People::poorest_fifth : People::others,
            group_of(f) == Group::river ? People::river : People::land,
            is_ulu ? People::ulu : People::ilir}) {
        const auto g = static_cast<std::size_t>(people);
        stats.households[g] += 1;
        stats.deprived[g] += needs > 0 ? 1 : 0;
        stats.money[g] += each;
      }
    }
  }
  return stats;
}

void check_stats(const World& world) {
  const PeopleStats plain = plain_stats(world), stats = people_stats(world);
  CHECK(stats.households == plain.households);
  CHECK(stats.deprived == plain.deprived);
  CHECK(stats.money == plain.money);
  CHECK(stats.by_deprivations == plain.by_deprivations);
  CHECK(stats.listed == plain.listed);
  CHECK(stats.unfit == plain.unfit);
}

}  // namespace

TEST_CASE("People are counted as one by one, in an RT of any size", "[property]") {
  const City city = tests::tiny_city();
  const Scenario scenario = tests::tiny_scenario();
  World world = build_world_without_spin_up(scenario, city, 6);
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    world.notes.paid_in_rt.push_back(rt % 3 == 0 ? 0.0 : 0.1 * static_cast<double>(rt));
  }
  for (std::size_t row = 0; row < world.households.size_rows(); row += 9) {
    if ((world.households.flags[row] & flag::alive) == 0) continue;
    world.count_household(row, -1);
    world.households.flags[row] &= ~flag::alive;
  }
  check_stats(world);
  // One RT takes copies of all households, again and again.
  const std::size_t n_before = world.households.size_rows();
  for (std::size_t i = 0; world.rts.n_rows[1] < 9000; ++i) {
    if (world.households.record[i % n_before].key != 0) world.add_row(1, world.row(i % n_before));
  }
  world.recount(1);
  check_stats(world);
}
