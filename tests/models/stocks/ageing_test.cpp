#include "models/stocks/ageing.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "models/stocks/clocks.h"
#include "models/stocks/refresh.h"
#include "sim/core/rng.h"
#include "tests/support/bare_world.h"

using namespace musi;
using namespace musi::models;
using musi::tests::BareWorld;
using musi::tests::fix;

namespace {

/// Docking case D5: good share of a path on land of life 15 after some years without works.
struct PathCase {
  int phases = 3;
  float tide = 0.0f;
  bool full_upkeep = false;
};

double good_share_after(double years, const PathCase& c) {
  BareWorld bare(1, [&](Scenario& s) { s.ageing_phases = c.phases; });
  World& w = bare.world;
  bare.settle(0, 10);
  w.rts.tide[0] = c.tide;
  if (c.full_upkeep) {
    w.sites.board[0] = 1.0f;
    for (std::size_t row = 0; row < 10; ++row) w.change_flags(row, flag::engaged, 0);
  }
  bare.good(Stock::path_land)[0] = 400.0f;
  Clocks clocks(w);
  Refresh refresh_process(w);
  for (int t = 0; t < static_cast<int>(12 * years); ++t) {
    clocks.step(w, {.month = t});
    refresh_process.step(w, {.month = t});
  }
  refresh(w, 0);
  CHECK(w.rts.physical[index(Criterion::c2b)][0] ==
        Approx(1.0 - double{good_units(w.rts, Stock::path_land, 0)} / 400.0).margin(1e-6));
  return double{good_units(w.rts, Stock::path_land, 0)} / 400.0;
}

}  // namespace

TEST_CASE("Pure decay of new works follows the printed shares", "[validation]") {
  const PathCase central;
  CHECK(good_share_after(5, central) == Approx(0.9197).margin(0.00005));
  CHECK(good_share_after(10, central) == Approx(0.6767).margin(0.00005));
  CHECK(good_share_after(15, central) == Approx(0.4232).margin(0.00005));
  CHECK(good_share_after(30, central) == Approx(0.0620).margin(0.00005));
  CHECK(good_share_after(5, {.tide = 1.0f}) == Approx(0.7572).margin(0.00005));
  CHECK(good_share_after(5, {.full_upkeep = true}) == Approx(0.9769).margin(0.00005));
  for (const double years : {1.0, 5.0, 15.0, 30.0}) {
    CHECK(good_share_after(years, {.phases = 1}) ==
          Approx(std::exp(-years / 15.0)).margin(0.00005));
  }
}

TEST_CASE("Ageing twice over half the time is ageing once over the whole", "[property]") {
  sim::Stream luck(sim::Chance(7, 1, 0), 1);
  for (int i = 0; i < 2000; ++i) {
    const int phases = 1 + i % 4;
    const double x = 6.0 * luck.fine_uniform();
    std::array<double, n_phases> once{};
    for (int p = 0; p < phases; ++p) once[static_cast<std::size_t>(p)] = luck.fine_uniform();
    std::array<double, n_phases> twice = once;
    age_phases(once, x, phases);
    age_phases(twice, 0.5 * x, phases);
    age_phases(twice, 0.5 * x, phases);
    for (std::size_t p = 0; p < n_phases; ++p) CHECK(std::abs(once[p] - twice[p]) < 1e-12);
  }
}

TEST_CASE("Clogging relaxes to the same share whether read once or often", "[property]") {
  const Clogging clogging{.life_uncleaned = 2.0, .cleaning_rate = 2.0};
  for (const double upkeep : {0.0, 0.3, 1.0}) {
    const double often = clogging.after(clogging.after(0.9, 0.25, upkeep), 0.75, upkeep);
    CHECK(clogging.after(0.9, 1.0, upkeep) == Approx(often).epsilon(1e-12));
  }
}

TEST_CASE("Clogging finds its printed balance and half-time", "[validation]") {
  BareWorld bare(1);
  World& w = bare.world;
  bare.settle(0, 10);
  w.sites.board[0] = 0.3f;
  for (std::size_t row = 0; row < 3; ++row) w.change_flags(row, flag::engaged, 0);
  Clocks clocks(w);
  const Clogging clogging = AgeingRates(w.future).clogging;
  CHECK(clogging.balance(0.3) == Approx(0.4545).margin(0.00005));
  CHECK(clogging.after(0.0, 0.630, 0.3) == Approx(0.5 * 0.4545).margin(0.0002));
  for (int t = 0; t < 240; ++t) {
    clocks.step(w, {.month = t});
    if (t % 3 == 2) refresh(w, 0);
  }
  CHECK(w.rts.clog[0] == Approx(0.4545).margin(0.00005));
}

TEST_CASE("Upkeep never speeds ageing and tide never slows it", "[property]") {
  sim::Stream luck(sim::Chance(8, 1, 0), 1);
  for (int i = 0; i < 8; ++i) {
    BareWorld bare(4, [&](Scenario& s) { s.ageing_phases = 1 + i % 4; });
    World& w = bare.world;
    const float board = luck.uniform();
    const float tide = luck.uniform();
    for (std::size_t rt = 0; rt < 4; ++rt) {
      bare.settle(rt, 4);
      for (std::size_t stock = 0; stock < n_stocks; ++stock) w.rts.good[stock][0][rt] = 50.0f;
    }
    w.sites.board[0] = board;
    w.change_flags(w.rts.first_row[1], flag::engaged, 0);  // RT 1: more upkeep than RT 0
    w.rts.tide[3] = tide;                                  // RT 3: more tide than RT 2
    Clocks clocks(w);
    for (int t = 0; t < 36; ++t) clocks.step(w, {.month = t});
    for (std::size_t rt = 0; rt < 4; ++rt) age_stocks(w, rt);
    for (std::size_t stock = 0; stock < n_stocks; ++stock) {
      const Stock s = static_cast<Stock>(stock);
      CHECK(good_units(w.rts, s, 1) >= good_units(w.rts, s, 0));
      CHECK(good_units(w.rts, s, 3) <= good_units(w.rts, s, 2));
      CHECK(good_units(w.rts, s, 0) > 0.0f);
      CHECK(good_units(w.rts, s, 0) < 50.0f);
    }
    CHECK(w.rts.clog[1] < w.rts.clog[0]);
  }
}

TEST_CASE("An RT ages by the same bits alone and among many", "[property]") {
  BareWorld alone(600);
  BareWorld among(600);
  for (BareWorld* bare : {&alone, &among}) {
    sim::Stream luck(sim::Chance(9, 1, 0), 1);
    Neighbourhoods& r = bare->world.rts;
    for (std::size_t rt = 0; rt < r.size(); ++rt) {
      r.tide[rt] = luck.uniform();
      r.clock_community[rt] = 3.0 * luck.fine_uniform();
      for (auto& stock : r.good) {
        for (auto& phase : stock) phase[rt] = 100.0f * luck.uniform();
      }
    }
  }
  age_stocks(among.world, 0, 600, AgeingRates(among.world.future));
  for (std::size_t rt = 0; rt < 600; ++rt) age_stocks(alone.world, rt);
  CHECK(alone.world.rts.good == among.world.rts.good);
}

TEST_CASE("Ageing at the same clock changes nothing", "[property]") {
  BareWorld bare(1);
  World& w = bare.world;
  bare.good(Stock::drain, 0)[0] = 123.4f;
  bare.good(Stock::drain, 2)[0] = 0.7f;
  w.rts.clog[0] = 0.123f;
  Clocks(w).step(w, {.month = 0});
  age_stocks(w, 0);
  const auto good = w.rts.good;
  const auto clog = w.rts.clog;
  age_stocks(w, 0);
  CHECK(w.rts.good == good);
  CHECK(w.rts.clog == clog);
}

TEST_CASE("Waste collection fades only while nobody pays", "[unit]") {
  BareWorld bare(2);
  World& w = bare.world;
  w.rts.waste_service[0] = w.rts.waste_service[1] = 0.8f;
  w.rts.service_paid_until[0] = 12;
  Clocks clocks(w);
  for (int t = 0; t < 12; ++t) clocks.step(w, {.month = t});
  CHECK(w.rts.waste_service[0] == 0.8f);
  CHECK(w.rts.waste_service[1] == Approx(0.8 * std::exp(-0.10)).epsilon(1e-5));
  clocks.step(w, {.month = 12});
  CHECK(w.rts.waste_service[0] < 0.8f);
}
