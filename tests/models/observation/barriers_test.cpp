#include "models/observation/barriers.h"

#include <catch2/catch.hpp>

#include "tests/support/bare_world.h"

using namespace musi;
using namespace musi::models;
using musi::tests::BareWorld;

TEST_CASE("The first barrier that applies is named, in the printed order", "[unit]") {
  const auto named = [](int marks, bool clear_land = true, bool was_clear = false) {
    return first_barrier(static_cast<std::uint16_t>(marks), clear_land, was_clear);
  };
  using namespace mark;
  constexpr int all = had_package | late_guideline | late_procurement | failed_gate |
                      refused_land | delivered | no_money;
  CHECK(named(all) == Barrier::land);
  CHECK(named(all & ~refused_land) == Barrier::money);
  CHECK(named(all & ~refused_land & ~no_money) == Barrier::guideline);
  CHECK(named(had_package | late_procurement | failed_gate | delivered) == Barrier::procurement);
  CHECK(named(had_package | failed_gate | delivered) == Barrier::participation);
  CHECK(named(had_package | delivered) == Barrier::technical);
  CHECK(named(had_package | delivered, true, true) == Barrier::technical);
  CHECK(named(had_package, true, true) == Barrier::regrowth);
  CHECK(named(had_package) == Barrier::procurement);
  CHECK(named(0) == Barrier::money);
  CHECK(named(0, true, true) == Barrier::money);
  CHECK(named(0, false) == Barrier::land);
  CHECK(named(had_package | delivered, false) == Barrier::technical);
}

TEST_CASE("Hectares by barrier add up to the slum area of December", "[unit]") {
  BareWorld bare(4);
  World& w = bare.world;
  for (std::size_t rt = 0; rt < 3; ++rt) bare.put_class(rt, Slum::medium);
  w.rts.area[2] = 2.5f;
  w.rts.year_marks[0] = mark::had_package | mark::delivered;
  w.rts.year_marks[1] = mark::had_package | mark::failed_gate;
  w.rts.year_marks[3] = mark::had_package | mark::delivered;
  w.rts.land_status[2] = LandStatus::disputed;
  Barriers barriers(w);
  barriers.step(w, {.month = 10});
  CHECK(w.rts.first_barrier[0] == Barrier::none);
  barriers.step(w, {.month = 11});
  const auto area = area_by_barrier(w);
  CHECK(area[static_cast<std::size_t>(Barrier::technical)] == 1.0);
  CHECK(area[static_cast<std::size_t>(Barrier::participation)] == 1.0);
  CHECK(area[static_cast<std::size_t>(Barrier::land)] == 2.5);
  double sum = 0.0;
  for (const double ha : area) sum += ha;
  CHECK(sum == 4.5);
  bare.put_class(2, Slum::not_slum);
  barriers.step(w, {.month = 23});
  CHECK(area_by_barrier(w)[static_cast<std::size_t>(Barrier::land)] == 0.0);
}

TEST_CASE("A set-back that is tolerated is no land barrier", "[unit]") {
  for (const bool tolerated : {false, true}) {
    BareWorld bare(1, [&](Scenario& s) { s.setback_tolerated = tolerated; });
    bare.put_class(0, Slum::light);
    bare.world.rts.land_status[0] = LandStatus::river_setback;
    Barriers(bare.world).step(bare.world, {.month = 11});
    CHECK(bare.world.rts.first_barrier[0] == (tolerated ? Barrier::money : Barrier::land));
  }
}

TEST_CASE("January forgets the marks and counts of the year", "[unit]") {
  BareWorld bare(2);
  bare.world.rts.year_marks[1] = mark::delivered;
  bare.world.state.counts.house_failures = 7;
  bare.world.state.counts.cleared_ha = 3.0;
  begin_year(bare.world);
  CHECK(bare.world.rts.year_marks[1] == 0);
  CHECK(bare.world.state.counts.house_failures == 0);
  CHECK(bare.world.state.counts.cleared_ha == 0.0);
}
