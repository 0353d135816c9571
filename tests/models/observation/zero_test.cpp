#include "models/observation/zero.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "models/observation/areas.h"
#include "sim/core/distributions.h"
#include "tests/support/bare_world.h"
#include "tests/support/statistics.h"

using namespace musi;
using namespace musi::models;
using musi::tests::BareWorld;

namespace {

/// 1,000 RTs of 1 ha, all slum, books far from zero.
struct Town : BareWorld {
  explicit Town(const std::function<void(Scenario&)>& change = {}) : BareWorld(1000, change) {
    for (std::size_t rt = 0; rt < 1000; ++rt) put_class(rt, Slum::light);
    world.state.baseline_area = 1000.0;
    world.state.ledger_figure = world.state.decree_figure = 500.0;
  }
  void leave_slum(std::size_t n) {
    for (std::size_t rt = 0; rt < 1000; ++rt) put_class(rt, rt < n ? Slum::light : Slum::not_slum);
  }
  void run(int from, int to) {
    for (int t = from; t < to; ++t) watch.step(world, {.month = t});
  }
  int reached(ZeroDefinition d) const { return world.zero.reached_month[index(d)]; }

  ZeroWatch watch{world};
};

}  // namespace

TEST_CASE("Nothing is reached while everything is slum", "[unit]") {
  Town town;
  town.settle(0, 1);
  town.world.change_flags(0, flag::crowded, 0);
  town.run(0, 120);
  for (const int month : town.world.zero.reached_month) CHECK(month == -1);
}

TEST_CASE("Physical zero is read at the end of quarters and kept at its first date", "[unit]") {
  Town town;
  town.run(0, 12);
  town.leave_slum(0);
  town.run(12, 24);
  town.leave_slum(500);
  town.run(24, 36);
  town.leave_slum(0);
  town.run(36, 48);
  CHECK(town.reached(ZeroDefinition::Z1) == 14);
  CHECK(town.reached(ZeroDefinition::Z3) == 14);
}

TEST_CASE("One light neighbourhood keeps physical zero away but not the tolerance", "[unit]") {
  Town town;
  town.leave_slum(100);
  town.run(0, 6);
  CHECK(town.reached(ZeroDefinition::Z3b) == 2);
  CHECK(town.reached(ZeroDefinition::Z3) == -1);
  town.leave_slum(11);
  town.run(6, 12);
  CHECK(town.reached(ZeroDefinition::Z3) == -1);
  town.leave_slum(10);
  town.run(12, 18);
  CHECK(town.reached(ZeroDefinition::Z3) == 14);
  CHECK(town.reached(ZeroDefinition::Z1) == -1);
}

TEST_CASE("Sustained zero needs 24 months without a break", "[unit]") {
  Town town;
  town.leave_slum(5);
  town.run(0, 24);   // tolerance held from month 2
  town.leave_slum(50);
  town.run(24, 27);  // broken before 24 months
  town.leave_slum(5);
  town.run(27, 51);
  CHECK(town.reached(ZeroDefinition::Z3) == 2);
  CHECK(town.reached(ZeroDefinition::Z4) == -1);  // held from 29 to 50: 21 months
  town.leave_slum(0);
  town.run(51, 54);
  CHECK(town.reached(ZeroDefinition::Z4) == 53);
  CHECK(town.reached(ZeroDefinition::Z4a) == -1);
  town.run(54, 90);
  CHECK(town.reached(ZeroDefinition::Z4a) == 53 + 24);
}

TEST_CASE("Ledger zero is read in December from the published form of the ledger", "[unit]") {
  Town town;
  town.world.state.ledger_figure = 0.049;
  town.run(0, 11);
  CHECK(town.reached(ZeroDefinition::Z2a) == -1);
  town.run(11, 12);
  CHECK(town.reached(ZeroDefinition::Z2a) == 11);
  Town almost;
  almost.world.state.ledger_figure = 0.05;
  almost.run(0, 24);
  CHECK(almost.reached(ZeroDefinition::Z2a) == -1);
}

TEST_CASE("Decree zero is read at decrees only", "[unit]") {
  Town town;
  town.world.state.decree_figure = 0.0;
  town.run(0, 24);
  CHECK(town.reached(ZeroDefinition::Z2b) == -1);
  town.world.state.last_decree_month = 35;
  town.run(24, 48);
  CHECK(town.reached(ZeroDefinition::Z2b) == 35);
}

TEST_CASE("Household zero asks for every household's water, sanitation, house and space",
          "[unit]") {
  for (const std::uint32_t need : {flag::lacks_house, flag::lacks_water, flag::lacks_toilet,
                                   flag::lacks_tank, flag::crowded}) {
    Town town;
    town.settle(0, 2);
    town.world.change_flags(1, need, 0);
    town.run(0, 3);
    CHECK(town.reached(ZeroDefinition::Z5) == -1);
    town.world.change_flags(1, 0, need);
    town.run(3, 6);
    CHECK(town.reached(ZeroDefinition::Z5) == 5);
  }
}

TEST_CASE("The exit rule with services applies to physical zero, not to the tolerance", "[unit]") {
  for (const bool needs_services : {false, true}) {
    Town town([&](Scenario& s) { s.score.exit_needs_services = needs_services; });
    town.leave_slum(0);
    town.world.rts.physical[musi::models::index(Criterion::c6a)][7] = 0.9f;
    town.run(0, 3);
    CHECK(town.reached(ZeroDefinition::Z1) == (needs_services ? -1 : 2));
    CHECK(town.reached(ZeroDefinition::Z3) == 2);
  }
}

TEST_CASE("Independent clearing at a constant hazard falls and ends as printed", "[validation]") {
  constexpr int runs = 150;
  std::vector<double> last_years, share_after_five;
  Town town;
  std::vector<double> clears(1000);
  for (int run = 0; run < runs; ++run) {
    const sim::Chance luck(static_cast<std::uint64_t>(run) + 1, 1, 0);
    for (std::size_t rt = 0; rt < 1000; ++rt) {
      clears[rt] = sim::exponential_quantile(luck.fine_uniform(rt), 0.2);
      town.put_class(rt, Slum::light);
    }
    town.world.zero = ZeroState{};
    town.world.zero.reached_month.fill(-1);
    for (int t = 2; town.reached(ZeroDefinition::Z1) < 0 && t < 2400; t += 3) {
      for (std::size_t rt = 0; rt < 1000; ++rt) {
        if (clears[rt] <= (t + 1) / 12.0) town.put_class(rt, Slum::not_slum);
      }
      town.watch.step(town.world, {.month = t});
      if (t == 59) share_after_five.push_back(physical_area(town.world) / 1000.0);
    }
    const double last = *std::max_element(clears.begin(), clears.end());
    const double read = (town.reached(ZeroDefinition::Z1) + 1) / 12.0;
    CHECK(read >= last);
    CHECK(read < last + 0.25);
    last_years.push_back(last);
  }
  tests::require_mean_of(share_after_five, std::exp(-1.0));
  tests::require_mean(tests::moments(last_years).mean, 6.41, runs, 37.43);
}
