#include "models/stocks/refresh.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "models/build_world.h"
#include "models/stocks/clocks.h"
#include "models/stocks/failures.h"
#include "sim/core/rng.h"
#include "sim/core/vector_level.h"
#include "tests/support/bare_world.h"

using namespace musi;
using namespace musi::models;
using musi::tests::BareWorld;

namespace {

double sum_of(const Neighbourhoods& r, Stock stock, std::size_t rt) {
  double sum = 0.0;
  for (const auto& phase : r.good[static_cast<std::size_t>(stock)]) sum += double{phase[rt]};
  return sum;
}

double quotient(double a, double b) { return b > 0.0 ? std::clamp(a / b, 0.0, 1.0) : 0.0; }

/// The sixteen shares written down once more, plainly, from volumes and rows.
std::array<double, n_criteria> recomputed(const World& w, std::size_t rt) {
  const Neighbourhoods& r = w.rts;
  double n = 0, unfit = 0, water = 0, low = 0, toilet = 0, tank = 0;
  for (std::size_t row = r.first_row[rt]; row < r.first_row[rt] + r.n_rows[rt]; ++row) {
    const std::uint32_t f = w.households.flags[row];
    if ((f & flag::alive) == 0) continue;
    n += 1;
    unfit += (f & flag::lacks_house) != 0;
    water += (f & flag::lacks_water) != 0;
    low += (f & flag::low_water) != 0;
    toilet += (f & flag::lacks_toilet) != 0;
    tank += (f & flag::lacks_tank) != 0;
  }
  const double b = r.buildings[rt], road = r.ideal_road[rt], drain = r.ideal_drain[rt];
  const double area = r.area[rt];
  const double good_road = sum_of(r, Stock::path_land, rt) + sum_of(r, Stock::path_river, rt);
  const double good_drain = sum_of(r, Stock::drain, rt);
  const double working = good_drain * (1.0 - double{r.clog[rt]});
  const double omega = w.future[Param::flood_drain_weight];
  const double dry = (1.0 - double{r.tide[rt]}) * (1.0 - omega * quotient(drain - working, drain));
  const double guarded = quotient(sum_of(r, Stock::flood_works, rt), area);
  return {quotient(r.irregular[rt], b),
          std::clamp(double{r.overdense_at_start[rt]} +
                         (b - double{r.buildings_at_start[rt]}) / (area * 250.0),
                     0.0, 1.0),
          quotient(unfit, n),
          quotient(r.miss_road[rt], road),
          quotient(road - double{r.miss_road[rt]} - good_road, road),
          quotient(water, n),
          quotient(low, n),
          (1.0 - guarded) * (1.0 - dry),
          quotient(r.miss_drain[rt], drain),
          quotient(drain - double{r.miss_drain[rt]} - good_drain, drain),
          quotient(toilet, n),
          quotient(tank, n),
          1.0 - quotient(sum_of(r, Stock::waste_kit, rt), n),
          1.0 - double{r.waste_service[rt]},
          1.0 - quotient(sum_of(r, Stock::hydrant, rt), b),
          1.0 - quotient(sum_of(r, Stock::extinguisher, rt), b)};
}

/// One random change of an RT, as works, growth or repair would make it.
void disturb(World& w, std::size_t rt, sim::Stream& luck) {
  Neighbourhoods& r = w.rts;
  age_stocks(w, rt);
  const float u = luck.uniform();
  switch (luck.word() % 6) {
    case 0: {
      const float built = u * r.miss_road[rt];
      r.miss_road[rt] -= built;
      r.good[static_cast<std::size_t>(Stock::path_land)][0][rt] += built;
      break;
    }
    case 1: r.good[static_cast<std::size_t>(Stock::flood_works)][0][rt] += 0.3f * u; break;
    case 2: r.good[static_cast<std::size_t>(Stock::extinguisher)][1][rt] += 20.0f * u; break;
    case 3: r.buildings[rt] += 10.0f * u; break;
    case 4:
      w.change_flags(r.first_row[rt], luck.word() & (flag::lacks_house | flag::lacks_water),
                     flag::lacks_toilet | flag::lacks_tank);
      break;
    default: r.waste_service[rt] = u; break;
  }
  r.touched[rt] = 1;
}

}  // namespace

TEST_CASE("Scores kept month by month equal a recomputation from the volumes", "[property]") {
  const City city = tests::tiny_city(4);
  const Scenario scenario = tests::tiny_scenario();
  World w = build_world_without_spin_up(scenario, city, 5);
  Clocks clocks(w);
  Failures failures(w);
  Refresh refreshing(w);
  sim::Stream luck(sim::Chance(11, 1, 0), 1);
  std::size_t compared = 0;
  for (int t = 0; t < 60; ++t) {
    std::vector<std::size_t> changed;
    for (int i = 0; i < 5; ++i) {
      changed.push_back(luck.word() % w.n_rts());
      disturb(w, changed.back(), luck);
    }
    clocks.step(w, {.month = t, .seed = 3});
    failures.step(w, {.month = t, .seed = 3});
    refreshing.step(w, {.month = t, .seed = 3});
    if (sim::Clock::ends_quarter(t)) {
      for (std::size_t rt = 0; rt < w.n_rts(); ++rt) changed.push_back(rt);
    }
    for (const std::size_t rt : changed) {
      const auto expected = recomputed(w, rt);
      int total = 0;
      bool near_a_cut = false;
      for (std::size_t k = 0; k < n_criteria; ++k) {
        INFO("criterion " << info(static_cast<Criterion>(k)).code << " of RT " << rt);
        CHECK(double{w.rts.physical[k][rt]} == Approx(expected[k]).margin(2e-6));
        total += points(expected[k], CutRule::operational);
        near_a_cut = near_a_cut || points(expected[k] - 3e-6, CutRule::operational) !=
                                       points(expected[k] + 3e-6, CutRule::operational);
      }
      if (near_a_cut) continue;
      CHECK(int{w.rts.physical_score[rt]} == total);
      CHECK(w.rts.physical_class[rt] == class_of(total));
      ++compared;
    }
    for (const std::uint8_t touched : w.rts.touched) CHECK(touched == 0);
  }
  CHECK(compared > 500);
}

TEST_CASE("Stocks stay at or above zero and close the ideal length", "[property]") {
  const City city = tests::tiny_city(2);
  Scenario scenario = tests::tiny_scenario();
  scenario.uncertainty = true;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    World w = build_world_without_spin_up(scenario, city, seed);
    Clocks clocks(w);
    Refresh refreshing(w);
    for (int t = 0; t < 600; ++t) {
      clocks.step(w, {.month = t});
      refreshing.step(w, {.month = t});
    }
    for (std::size_t rt = 0; rt < w.n_rts(); ++rt) {
      for (const auto& stock : w.rts.good) {
        for (const auto& phase : stock) {
          CHECK(phase[rt] >= 0.0f);
          CHECK((phase[rt] == 0.0f || phase[rt] > 1e-20f));
        }
      }
      const double drains = w.rts.ideal_drain[rt];
      const double parts = double{w.rts.miss_drain[rt]} +
                           double{w.rts.physical[index(Criterion::c4c)][rt]} * drains +
                           double{good_units(w.rts, Stock::drain, rt)};
      CHECK(parts == Approx(drains).epsilon(1e-5));
    }
  }
}

TEST_CASE("A neighbourhood without households earns no points for them", "[unit]") {
  BareWorld bare(1);
  bare.world.rts.buildings[0] = bare.world.rts.buildings_at_start[0] = 0.0f;
  refresh(bare.world, 0);
  for (const Criterion k : {Criterion::c1a, Criterion::c1c, Criterion::c3a, Criterion::c5a,
                            Criterion::c6a, Criterion::c6b, Criterion::c7a, Criterion::c7b}) {
    CHECK(bare.world.rts.physical[index(k)][0] == 0.0f);
  }
}

TEST_CASE("Leaving and coming back are counted in hectares", "[unit]") {
  BareWorld bare(1);
  World& w = bare.world;
  bare.settle(0, 10);
  refresh(w, 0);
  REQUIRE(w.rts.physical_class[0] == Slum::light);  // 2b, 4c, 6a, 6b, 7a, 7b: 30 points
  CHECK(w.rts.physical_score[0] == 31);             // and 1 for floods: 0.35
  CHECK(w.state.counts.relapsed_ha == 0.0);
  bare.good(Stock::path_land)[0] = bare.good(Stock::drain)[0] = 400.0f;
  bare.good(Stock::hydrant)[0] = bare.good(Stock::waste_kit)[0] = 100.0f;
  refresh(w, 0);
  CHECK(w.rts.physical_score[0] == 10);
  CHECK(w.rts.was_clear[0] == 1);
  CHECK(w.state.counts.cleared_ha == 1.0);
  bare.good(Stock::path_land)[0] = bare.good(Stock::drain)[0] = 0.0f;
  refresh(w, 0);
  CHECK(w.rts.physical_class[0] == Slum::light);
  CHECK(w.state.counts.relapsed_ha == 1.0);
}

TEST_CASE("Between quarters only neighbourhoods with new works are refreshed", "[unit]") {
  BareWorld bare(2);
  World& w = bare.world;
  bare.settle(0, 10);
  bare.settle(1, 10);
  Refresh refreshing(w);
  w.rts.touched[1] = 1;
  refreshing.step(w, {.month = 0});
  CHECK(w.rts.physical_score[0] == 0);
  CHECK(w.rts.physical_score[1] == 31);
  refreshing.step(w, {.month = 2});
  CHECK(w.rts.physical_score[0] == 31);
}

TEST_CASE("Denominators are those of the numerators", "[unit]") {
  BareWorld bare(1);
  bare.settle(0, 7);
  const auto size = [&](Criterion k) { return denominator(bare.world, 0, index(k)); };
  CHECK(size(Criterion::c1a) == 100.0);
  CHECK(size(Criterion::c1b) == 1.0);
  CHECK(size(Criterion::c1c) == 7.0);
  CHECK(size(Criterion::c2b) == 400.0);
  CHECK(size(Criterion::c3b) == 7.0);
  CHECK(size(Criterion::c4a) == 1.0);
  CHECK(size(Criterion::c4c) == 400.0);
  CHECK(size(Criterion::c6a) == 7.0);
  CHECK(size(Criterion::c7b) == 100.0);
}

TEST_CASE("The exit rule with services keeps an unserved neighbourhood in", "[unit]") {
  for (const bool needs_services : {false, true}) {
    BareWorld bare(1, [&](Scenario& s) { s.score.exit_needs_services = needs_services; });
    World& w = bare.world;
    for (std::size_t k = 0; k < n_criteria; ++k) w.rts.physical[k][0] = 0.1f;
    CHECK_FALSE(counts_as_slum(bare.scenario, Slum::not_slum, w.rts.physical, 0));
    w.rts.physical[index(Criterion::c6a)][0] = 0.5f;
    CHECK(counts_as_slum(bare.scenario, Slum::not_slum, w.rts.physical, 0) == needs_services);
    CHECK(counts_as_slum(bare.scenario, Slum::light, w.rts.physical, 0));
  }
}

TEST_CASE("touched RTs refreshed side by side have the bits of RTs refreshed alone",
          "[property]") {
  const City city = tests::tiny_city(40);  // 320 RTs: more than one tile of those touched
  const Scenario scenario = tests::tiny_scenario();
  World together = build_world_without_spin_up(scenario, city, 9);
  Clocks clocks(together);
  for (sim::Month t = 0; t < 7; ++t) clocks.step(together, {.month = t, .seed = 9});
  for (std::size_t rt = 0; rt < together.n_rts(); ++rt) {
    together.rts.touched[rt] = rt % 7 == 0 || rt % 3 == 1 ? 1 : 0;
    if (rt % 5 == 0) together.rts.buildings[rt] += 4.0f;
  }
  World alone = together, plain = together;
  Refresh(together).step(together, {.month = 7, .seed = 9});
  std::size_t n = 0;
  for (std::size_t rt = 0; rt < alone.n_rts(); ++rt) {
    if (alone.rts.touched[rt] == 0) continue;
    refresh(alone, rt);
    ++n;
  }
  REQUIRE(n > 2 * RtTile::most);
  CHECK(together.rts.physical == alone.rts.physical);
  CHECK(together.rts.good == alone.rts.good);
  CHECK(together.rts.clog == alone.rts.clog);
  CHECK(together.rts.upkeep_months == alone.rts.upkeep_months);
  CHECK(together.rts.refreshed_community == alone.rts.refreshed_community);
  CHECK(together.rts.refreshed_calendar == alone.rts.refreshed_calendar);
  CHECK(together.rts.physical_score == alone.rts.physical_score);
  CHECK(together.rts.physical_class == alone.rts.physical_class);
  CHECK(together.rts.touched == alone.rts.touched);
  const sim::VectorLevel best = sim::vector_level();
  sim::use_vector_level(sim::VectorLevel::baseline);
  Refresh(plain).step(plain, {.month = 7, .seed = 9});
  sim::use_vector_level(best);
  CHECK(together.rts.physical == plain.rts.physical);
  CHECK(together.rts.good == plain.rts.good);
  CHECK(together.rts.clog == plain.rts.clog);
}
