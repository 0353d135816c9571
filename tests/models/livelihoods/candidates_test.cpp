#include "models/livelihoods/candidates.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <tuple>

#include "models/draws.h"
#include "models/programmes/need.h"
#include "models/programmes/pipeline.h"
#include "sim/core/portable_math.h"
#include "tests/support/money_run.h"

using namespace musi;
using namespace musi::models;

namespace {

constexpr sim::Step august{.month = 7, .seed = 3};

/// Few incomes, so that many are equal and the key decides; some engaged, some dwellings empty.
World crowded_world(const Scenario& scenario, const City& city) {
  World world = build_world_without_spin_up(scenario, city, 5);
  for (std::size_t row = 0; row < world.households.size_rows(); ++row) {
    HouseholdRecord& r = world.households.record[row];
    if (r.key == 0) continue;
    r.mu = static_cast<float>(r.key % 7) * 0.25f - 0.5f;
    r.dy = 0.0f;
    if ((world.households.flags[row] & flag::alive) == 0) continue;
    if (r.key % 5 == 0) world.change_flags(row, flag::engaged, 0);
    if (r.key % 11 != 0) continue;
    world.count_household(row, -1);
    world.households.flags[row] &= ~flag::alive;
  }
  return world;
}

std::vector<std::uint32_t> rows_of_site(const World& world, std::size_t site) {
  std::vector<std::uint32_t> rows;
  for (const std::uint32_t rt : world.sites.rts[site]) {
    for (std::uint32_t i = 0; i < world.rts.n_rows[rt]; ++i) {
      const std::uint32_t row = world.rts.first_row[rt] + i;
      if ((world.households.flags[row] & flag::alive) != 0) rows.push_back(row);
    }
  }
  return rows;
}

float income(const World& world, std::uint32_t row) {
  return world.households.record[row].log_income();
}

bool fits(const World& world, std::uint32_t row, const ProgrammeSpec& programme) {
  const std::uint32_t f = world.households.flags[row];
  const double limit = sim::portable::log(programme.income_max_idr_mn);
  return (programme.eligible_tenure >> static_cast<int>(tenure_of(f)) & 1) != 0 &&
         (programme.eligible_group >> static_cast<int>(group_of(f)) & 1) != 0 &&
         income(world, row) <= static_cast<float>(limit);
}

/// The first `most` by a plain sort of all.
std::vector<std::uint32_t> in_order(const World& world, std::vector<std::uint32_t> rows,
                                    std::size_t most) {
  std::sort(rows.begin(), rows.end(), [&](std::uint32_t a, std::uint32_t b) {
    const auto place = [&](std::uint32_t row) {
      const bool is_engaged = (world.households.flags[row] & flag::engaged) != 0;
      return std::tuple(!is_engaged, income(world, row), world.households.record[row].key);
    };
    return place(a) < place(b);
  });
  rows.resize(std::min(rows.size(), most));
  return rows;
}

std::vector<std::uint32_t> plain_third(const World& world, std::size_t site,
                                       const ProgrammeSpec& programme, std::uint32_t without) {
  std::vector<std::uint32_t> rows = rows_of_site(world, site);
  std::vector<float> incomes;
  for (const std::uint32_t row : rows) incomes.push_back(income(world, row));
  std::sort(incomes.begin(), incomes.end());
  const float third = incomes[(incomes.size() - 1) / 3];
  std::erase_if(rows, [&](std::uint32_t row) {
    return income(world, row) > third || (world.households.flags[row] & without) != 0 ||
           !fits(world, row, programme);
  });
  return rows;
}

constexpr std::size_t few_and_many[] = {0, 1, 3, 17, 100, everybody};

}  // namespace

TEST_CASE("The first of the poorest third are those of a plain sort of all", "[property]") {
  const City city = tests::tiny_city();
  Scenario scenario = tests::tiny_scenario();
  World world = crowded_world(scenario, city);
  ProgrammeSpec programme = tests::programme(scenario, "training");
  programme.income_max_idr_mn = 2.0;
  programme.eligible_tenure = 0b1011;
  for (std::size_t row = 0; row < world.households.size_rows(); row += 5) {
    world.households.flags[row] |= flag::trained;
  }
  for (std::size_t site = 0; site < world.n_sites(); ++site) {
    const auto all = plain_third(world, site, programme, flag::trained);
    REQUIRE(all.size() > 20);
    for (const std::size_t most : few_and_many) {
      CHECK(poorest_third(world, site, programme, flag::trained, most) ==
            in_order(world, all, most));
    }
  }
}

TEST_CASE("A group is joined by the engaged of the poorest third and by those drawn in",
          "[property]") {
  const City city = tests::tiny_city();
  Scenario scenario = tests::tiny_scenario();
  const World world = crowded_world(scenario, city);
  const ProgrammeSpec& programme = tests::programme(scenario, "livelihoods");
  const sim::Chance chance = august.yearly_chance(Draw::group_join);
  for (std::size_t site = 0; site < world.n_sites(); ++site) {
    auto all = plain_third(world, site, programme, flag::in_livelihood_group);
    const std::size_t n = all.size();
    std::erase_if(all, [&](std::uint32_t row) {
      const HouseholdRecord& r = world.households.record[row];
      return (world.households.flags[row] & flag::engaged) == 0 &&
             double{chance.uniform(r.key)} >= engaged_share(world, r.rt);
    });
    REQUIRE(all.size() > 3);
    REQUIRE(all.size() < n);
    for (const std::size_t most : few_and_many) {
      CHECK(joiners(world, site, programme, most, august) == in_order(world, all, most));
    }
  }
}

TEST_CASE("Borrowers are those of a plain sort of all who may borrow", "[property]") {
  const City city = tests::tiny_city();
  Scenario scenario = tests::tiny_scenario();
  World world = crowded_world(scenario, city);
  const ProgrammeSpec& bank = tests::programme(scenario, "bank_credit");
  constexpr std::uint32_t wants = flag::lacks_house | flag::lacks_water | flag::low_water |
                                  flag::lacks_toilet | flag::lacks_tank | flag::crowded;
  for (std::size_t row = 0; row < world.households.size_rows(); row += 6) {
    world.households.flags[row] |= flag::has_loan;
  }
  // On land that is clear nobody applies for low-income housing.
  std::fill(world.rts.land_status.begin(), world.rts.land_status.end(), LandStatus::clear);
  world.rts.credit_closed_until[world.sites.rts[0].front()] = 8;
  for (std::size_t site = 0; site < world.n_sites(); ++site) {
    auto all = rows_of_site(world, site);
    std::erase_if(all, [&](std::uint32_t row) {
      const std::uint32_t f = world.households.flags[row], rt = world.households.record[row].rt;
      return !is_owner(f) || (f & flag::informal) == 0 || (f & flag::has_loan) != 0 ||
             (f & wants) == 0 || !fits(world, row, bank) || world.rts.credit_closed_until[rt] > 7 ||
             !passes_gate(world, bank, rt, august);
    });
    REQUIRE(all.size() > 20);
    for (const std::size_t most : few_and_many) {
      CHECK(borrowers(world, site, bank, most, august) == in_order(world, all, most));
    }
  }
}
