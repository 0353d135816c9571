#include "models/stocks/failures.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "models/build_world.h"
#include "models/stocks/clocks.h"
#include "sim/core/distributions.h"
#include "sim/core/rng.h"
#include "sim/core/vector_level.h"
#include "tests/support/bare_world.h"
#include "tests/support/statistics.h"

using namespace musi;
using namespace musi::models;
using musi::tests::BareWorld;

TEST_CASE("A unit fails in the month its clock passes the stored age", "[unit]") {
  BareWorld bare(1);
  World& w = bare.world;
  bare.settle(0, 3);
  w.households.fails[0].house = 0.5f;
  w.households.fails[1].water = 0.9f;
  w.households.fails[2].sanitation = 1.4f;
  for (std::size_t row = 0; row < 3; ++row) note_failure_ages(w, row);
  CHECK(w.rts.next_failure[0] == 0.5f);
  Clocks clocks(w);
  Failures failures(w);
  const auto run_to = [&](int from, int to) {
    for (int t = from; t < to; ++t) {
      clocks.step(w, {.month = t});
      failures.step(w, {.month = t});
    }
  };
  run_to(0, 5);
  CHECK(w.rts.n_unfit[0] == 0);
  run_to(5, 7);
  CHECK(w.rts.n_unfit[0] == 1);
  CHECK(w.rts.next_failure[0] == 0.9f);
  run_to(7, 24);
  CHECK(w.rts.n_no_water[0] == 1);
  CHECK(w.rts.n_low_water[0] == 1);
  CHECK(w.rts.n_no_toilet[0] == 1);
  CHECK(w.rts.n_no_tank[0] == 1);
  CHECK(w.rts.next_failure[0] == no_failure);
  CHECK(w.state.counts.house_failures == 1);
  CHECK(w.state.counts.water_failures == 1);
  CHECK(w.state.counts.sanitation_failures == 1);
}

TEST_CASE("A house that fails a second time needs a new one", "[unit]") {
  BareWorld bare(1);
  World& w = bare.world;
  bare.settle(0, 1);
  Failures failures(w);
  w.rts.clock_calendar[0] = 10.0;
  const auto fail_once = [&] {
    w.households.fails[0].house = 5.0f;
    note_failure_ages(w, 0);
    failures.step(w, {.month = 0});
  };
  fail_once();
  CHECK((w.households.flags[0] & flag::failed_once) != 0);
  CHECK((w.households.flags[0] & flag::failed_twice) == 0);
  w.change_flags(0, 0, flag::lacks_house);
  fail_once();
  CHECK((w.households.flags[0] & flag::failed_twice) != 0);
}

TEST_CASE("An empty dwelling decays outside the counters", "[unit]") {
  BareWorld bare(1);
  World& w = bare.world;
  bare.settle(0, 1);
  w.count_household(0, -1);
  w.households.flags[0] &= ~flag::alive;
  w.households.fails[0].house = 0.0f;
  note_failure_ages(w, 0);
  Failures(w).step(w, {.month = 0});
  CHECK((w.households.flags[0] & flag::lacks_house) != 0);
  CHECK(w.rts.n_unfit[0] == 0);
  CHECK(w.rts.n_households[0] == 0);
}

TEST_CASE("Counters equal a recount after years of failures", "[property]") {
  const City city = tests::tiny_city(3);
  const Scenario scenario = tests::tiny_scenario();
  World w = build_world_without_spin_up(scenario, city, 3);
  Clocks clocks(w);
  Failures failures(w);
  for (int t = 0; t < 120; ++t) {
    clocks.step(w, {.month = t});
    failures.step(w, {.month = t});
  }
  CHECK(w.state.counts.house_failures > 100);
  const auto unfit = w.rts.n_unfit, water = w.rts.n_no_water, tank = w.rts.n_no_tank;
  const auto next = w.rts.next_failure;
  for (std::size_t rt = 0; rt < w.n_rts(); ++rt) {
    w.recount(rt);
    CHECK(next[rt] == smallest_failure_age(w, rt));
  }
  CHECK(w.rts.n_unfit == unfit);
  CHECK(w.rts.n_no_water == water);
  CHECK(w.rts.n_no_tank == tank);
}

TEST_CASE("Units of blocks of any length fail as if they were looked at one by one", "[property]") {
  const sim::VectorLevel best = sim::vector_level();
  const auto level = static_cast<sim::VectorLevel>(GENERATE(0, 1, 2));
  if (sim::use_vector_level(level) != level) return;  // not on this processor
  for (std::size_t n = 1; n <= 50; ++n) {
    BareWorld bare(1);
    World& w = bare.world;
    bare.settle(0, n);
    w.rts.clock_calendar[0] = 10.0;
    const sim::Chance luck(5, 1, static_cast<int>(n));
    for (std::size_t row = 0; row < n; ++row) {
      for (int what = 0; what < 3; ++what) {  // one in five is due
        const double u = luck.fine_uniform(3 * row + static_cast<std::size_t>(what));
        w.households.fails[row].of(what) = static_cast<float>(50.0 * u);
      }
      note_failure_ages(w, row);
    }
    auto before = w.households.fails;
    Failures(w).step(w, {.month = 0});
    constexpr std::uint32_t lacks[] = {flag::lacks_house, flag::lacks_water | flag::low_water,
                                       flag::lacks_toilet | flag::lacks_tank};
    for (std::size_t row = 0; row < n; ++row) {
      for (int what = 0; what < 3; ++what) {
        const float age = before[row].of(what);
        const bool was_due = age <= 10.0f;
        CHECK(((w.households.flags[row] & lacks[what]) == lacks[what]) == was_due);
        CHECK(w.households.fails[row].of(what) == (was_due ? no_failure : age));
      }
    }
    CHECK(w.rts.next_failure[0] == smallest_failure_age(w, 0));
    CHECK(w.rts.next_failure[0] > 10.0f);
  }
  sim::use_vector_level(best);
}

TEST_CASE("Failure and repair at constant hazards settle at the printed share", "[statistical]") {
  constexpr std::size_t n = 20000;
  constexpr double life = 18.0, repair = 0.03;
  BareWorld bare(1);
  World& w = bare.world;
  bare.settle(0, n);
  const auto new_life = [&](std::size_t row, int month) {
    const double u = sim::Chance(21, 1, month).fine_uniform(w.households.record[row].key);
    w.households.fails[row].house =
        static_cast<float>(w.rts.clock_calendar[0] + sim::exponential_quantile(u, 1.0 / life));
    note_failure_ages(w, row);
  };
  for (std::size_t row = 0; row < n; ++row) new_life(row, 0);
  Clocks clocks(w);
  Failures failures(w);
  const double monthly = 1.0 - std::exp(-repair / 12.0);
  for (int t = 0; t < 12 * 100; ++t) {
    clocks.step(w, {.month = t});
    failures.step(w, {.month = t});
    const sim::Chance luck(21, 2, t);
    for (std::size_t row = 0; row < n; ++row) {
      if ((w.households.flags[row] & flag::lacks_house) == 0) continue;
      if (luck.fine_uniform(w.households.record[row].key) >= monthly) continue;
      w.change_flags(row, 0, flag::lacks_house);
      new_life(row, t + 1);
    }
  }
  tests::require_share(w.rts.n_unfit[0], n, 0.6494);
}
