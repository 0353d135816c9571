#include "models/observation/books.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "models/build_world.h"
#include "models/draws.h"
#include "models/observation/areas.h"
#include "models/stocks/clocks.h"
#include "models/stocks/failures.h"
#include "models/stocks/refresh.h"
#include "tests/support/bare_world.h"
#include "tests/support/statistics.h"

using namespace musi;
using namespace musi::models;
using musi::tests::BareWorld;
using musi::tests::fix;

namespace {

/// A year's end without decay: books only.
void december(World& w, Books& books, int year_index, std::uint64_t seed = 1) {
  w.month = 12 * year_index + 11;
  books.step(w, {.month = w.month, .seed = seed});
}

Package package_of(std::size_t rt, Item item, float planned, float delivered, sim::EntityKey key) {
  Package p;
  p.key = key;
  PackageLine line;
  line.rt = static_cast<std::uint32_t>(rt);
  line.item = static_cast<std::uint8_t>(item);
  line.units_planned = planned;
  line.units_delivered = delivered;
  p.lines.push_back(line);
  return p;
}

/// The physical state as bits.
struct Physical {
  explicit Physical(const World& w)
      : shares(w.rts.physical), good(w.rts.good), flags(w.households.flags),
        score(w.rts.physical_score) {}
  bool operator==(const Physical&) const = default;
  decltype(Neighbourhoods::physical) shares;
  decltype(Neighbourhoods::good) good;
  decltype(Households::flags) flags;
  std::vector<std::uint8_t> score;
};

}  // namespace

TEST_CASE("At the start all books agree and the decree lists every neighbourhood", "[unit]") {
  BareWorld bare(3);
  World& w = bare.world;
  for (std::size_t rt = 0; rt < 3; ++rt) bare.settle(rt, 10);
  refresh(w, 0);
  refresh(w, 1);  // RT 2 stays below 16 points
  initial_books(w);
  CHECK(ledger_area(w) == 2.0);
  CHECK(physical_area(w) == 2.0);
  CHECK(decree_area(w) == 3.0);
  CHECK(w.state.reported_area == 3.0);
  CHECK(w.state.baseline_area == 3.0);
  CHECK(w.rts.ledger == w.rts.physical);
  CHECK(int{w.rts.was_clear[2]} == 1);
  CHECK(int{w.rts.was_clear[0]} == 0);
}

TEST_CASE("The baseline of a hindcast is the published area of the baseline year", "[unit]") {
  BareWorld bare(4, [](Scenario& s) { s.clock = {2015, 2028}; });
  bare.city.start_area_ha = {{2015, 8.0}, {2019, 6.0}};
  initial_books(bare.world);
  CHECK(bare.world.state.baseline_area == Approx(4.0 / 8.0 * 6.0));
}

TEST_CASE("Booking lowers numerators by planned or by delivered units, one or the other",
          "[statistical]") {
  BareWorld bare(1, [](Scenario& s) { fix(s, Param::report_book_planned_chance, 55.0); });
  World& w = bare.world;
  bare.settle(0, 10);
  refresh(w, 0);
  initial_books(w);
  constexpr int n = 4000;
  int as_planned = 0;
  for (int i = 0; i < n; ++i) {
    w.rts.ledger[index(Criterion::c4c)][0] = 1.0f;
    const Package p = package_of(0, Item::drain_rehab, 200.0f, 100.0f, sim::mix(5, i));
    book(w, p, {.month = 6, .seed = 1});
    const float left = w.rts.ledger[index(Criterion::c4c)][0];
    CHECK((left == 0.5f || left == 0.75f));
    as_planned += left == 0.5f;
  }
  tests::require_share(as_planned, n, 0.55);
  CHECK(int{w.rts.measured[0]} == 6);
}

TEST_CASE("Lines booked together lower the ledger as if they were booked one by one",
          "[property]") {
  const City city = tests::tiny_city(3);
  const Scenario scenario = tests::tiny_scenario();
  World together = build_world_without_spin_up(scenario, city, 2);
  World in_turn = together;
  sim::Stream luck(sim::Chance(4, 1, 0), 2);
  for (int t = 0; t < 200; ++t) {
    Package all;
    all.key = luck.word();
    const std::size_t first = luck.word() % together.n_rts();
    const std::size_t n = 1 + luck.word() % 4;
    for (std::size_t i = 0; i < n; ++i) {  // often several of one RT
      const std::size_t rt = std::min(together.n_rts() - 1, first + luck.word() % 2);
      const Package one = package_of(rt, static_cast<Item>(luck.word() % n_items),
                                     20.0f * luck.uniform(), 9.0f * luck.uniform(), all.key);
      all.lines.push_back(one.lines.front());
      book(in_turn, one, {.month = t, .seed = 9});
    }
    book(together, all, {.month = t, .seed = 9});
  }
  CHECK(together.rts.ledger == in_turn.rts.ledger);
  CHECK(together.rts.ledger_score == in_turn.rts.ledger_score);
  CHECK(together.rts.ledger_class == in_turn.rts.ledger_class);
  CHECK(together.rts.measured == in_turn.rts.measured);
}

TEST_CASE("Items lower the criteria of the table, with their side effects", "[unit]") {
  BareWorld bare(1, [](Scenario& s) { fix(s, Param::sanimas_households, 50.0); });
  bare.settle(0, 100);
  const auto by = [&](Item item, double units, Criterion k) {
    return double{booked_reduction(bare.world, 0, item, units)[index(k)]};
  };
  using C = Criterion;
  CHECK(by(Item::road_surface, 200, C::c2b) == Approx(0.5));
  CHECK(by(Item::road_surface, 200, C::c1a) == Approx(0.15));
  CHECK(by(Item::road_surface, 200, C::c7a) == Approx(0.15));
  CHECK(by(Item::road_new, 200, C::c2a) == Approx(0.5));
  CHECK(by(Item::road_new, 200, C::c1a) == Approx(0.5));
  CHECK(by(Item::drain_new, 100, C::c4b) == Approx(0.25));
  CHECK(by(Item::flood_works, 0.3, C::c4a) == Approx(0.3));
  CHECK(by(Item::river_wall, 10, C::c4a) == Approx(0.2));
  CHECK(by(Item::water_connection, 10, C::c3a) == Approx(0.1));
  CHECK(by(Item::water_connection, 10, C::c3b) == Approx(0.1));
  CHECK(by(Item::water_connection, 10, C::c7a) == Approx(0.01));
  CHECK(by(Item::toilet_tank, 10, C::c5b) == Approx(0.1));
  CHECK(by(Item::shared_sanitation, 1, C::c5a) == Approx(0.5));
  CHECK(by(Item::waste_kit, 0.25, C::c6a) == Approx(0.5));
  CHECK(by(Item::waste_service, 20, C::c6b) == Approx(0.2));
  CHECK(by(Item::fire_access, 1, C::c7a) == Approx(1.0));
  CHECK(by(Item::fire_access, 1, C::c7b) == Approx(1.0));
  CHECK(by(Item::fire_equipment, 4, C::c7b) == Approx(0.2));
  CHECK(by(Item::house_new, 5, C::c1c) == Approx(0.05));
  CHECK(by(Item::realignment, 5, C::c1a) == Approx(0.05));
  CHECK(by(Item::realignment, 5, C::c1b) == Approx(0.02));
  for (std::size_t k = 0; k < n_criteria; ++k) {
    CHECK(by(Item::legalisation, 1, static_cast<C>(k)) == 0.0);
  }
}

TEST_CASE("The ledger rises at a survey or a decree only", "[property]") {
  const City city = tests::tiny_city(3);
  Scenario scenario = tests::tiny_scenario();
  fix(scenario, Param::report_remeasure_rate, 0.0);
  World w = build_world_without_spin_up(scenario, city, 2);
  Clocks clocks(w);
  Failures failures(w);
  Refresh refreshing(w);
  Books books(w);
  CHECK(w.state.next_decree_year == 2023);
  sim::Stream luck(sim::Chance(4, 1, 0), 1);
  int rises_at_decree = 0;
  for (int t = 0; t < 120; ++t) {
    const auto before = w.rts.ledger;
    const double decree_before = decree_area(w);
    book(w, package_of(luck.word() % w.n_rts(), static_cast<Item>(luck.word() % n_items),
                       10.0f * luck.uniform(), 5.0f * luck.uniform(), luck.word()),
         {.month = t, .seed = 9});
    clocks.step(w, {.month = t, .seed = 9});
    failures.step(w, {.month = t, .seed = 9});
    refreshing.step(w, {.month = t, .seed = 9});
    books.step(w, {.month = t, .seed = 9});
    const bool decree_now = w.state.last_decree_month == t;
    for (std::size_t k = 0; k < n_criteria; ++k) {
      for (std::size_t rt = 0; rt < w.n_rts(); ++rt) {
        const bool rose = w.rts.ledger[k][rt] > before[k][rt];
        if (decree_now) {
          rises_at_decree += rose;
        } else {
          REQUIRE_FALSE(rose);
        }
      }
    }
    if (!decree_now) CHECK(decree_area(w) == decree_before);
  }
  CHECK(rises_at_decree > 10);
  CHECK(w.state.last_decree_month == 9 * 12 + 11);  // 2023 and 2028
}

TEST_CASE("A survey in December brings the ledger back to the truth", "[statistical]") {
  constexpr std::size_t n = 2000;
  BareWorld bare(n, [](Scenario& s) { fix(s, Param::report_remeasure_rate, 10.0); });
  World& w = bare.world;
  for (std::size_t rt = 0; rt < n; ++rt) {
    w.rts.in_ledger[rt] = 1;
    w.rts.physical[index(Criterion::c2b)][rt] = 0.6f;
  }
  Books books(w);
  december(w, books, 0);
  std::vector<double> log_errors;
  for (std::size_t rt = 0; rt < n; ++rt) {
    const float read = w.rts.ledger[index(Criterion::c2b)][rt];
    if (read > 0.0f) log_errors.push_back(std::log(double{read} / 0.6));
  }
  tests::require_share(static_cast<double>(log_errors.size()), n, 0.10);
  tests::require_mean_of(log_errors, 0.0);
  CHECK(tests::moments(log_errors).sd == Approx(0.05).epsilon(0.2));
}

TEST_CASE("The published figure has the printed mean after five years", "[statistical]") {
  BareWorld bare(1, [](Scenario& s) {
    fix(s, Param::report_remeasure_rate, 0.0);
    fix(s, Param::report_log_sd, 0.2);
    fix(s, Param::report_admin_removal, 40.0);
  });
  World& w = bare.world;
  w.rts.area[0] = 1000.0f;
  w.rts.in_ledger[0] = 1;
  w.rts.ledger_class[0] = Slum::light;
  Books books(w);
  std::vector<double> figures;
  for (std::uint64_t seed = 1; seed <= 20000; ++seed) {
    w.state.admin_removed = 0.0;
    for (int year = 0; year < 5; ++year) december(w, books, year, seed);
    figures.push_back(w.state.reported_area);
  }
  tests::require_mean_of(figures, 1000.0 * std::exp(0.02) - 200.0);
}

TEST_CASE("Decrees come at scripted years and then at the interval", "[unit]") {
  City city;
  city.decree_years = {2014, 2018, 2020};
  CHECK(next_decree_year(city, 2015, 5, 2014) == 2018);
  CHECK(next_decree_year(city, 2019, 5, 2018) == 2020);
  CHECK(next_decree_year(city, 2019, 5, 2020) == 2025);
  CHECK(next_decree_year(city, 2019, 4, 2024) == 2028);
  CHECK(next_decree_year(city, 2040, 5, 2039) == 2040);
  city.decree_years.clear();
  CHECK(next_decree_year(city, 2019, 5, 2018) == 2023);
}

TEST_CASE("A decree drops what the ledger calls clear and takes in new neighbourhoods", "[unit]") {
  BareWorld bare(3, [](Scenario& s) {
    fix(s, Param::report_remeasure_rate, 0.0);
    fix(s, Param::report_decree_verify, 100.0);
    fix(s, Param::report_redelineation, 0.0);
  });
  World& w = bare.world;
  for (std::size_t rt = 0; rt < 3; ++rt) bare.settle(rt, 10);
  for (std::size_t rt = 0; rt < 3; ++rt) refresh(w, rt);
  initial_books(w);
  w.rts.in_ledger[2] = w.rts.in_decree[2] = 0;  // a new RT
  bare.good(Stock::path_land)[0] = bare.good(Stock::drain)[0] = 400.0f;
  bare.good(Stock::hydrant)[0] = bare.good(Stock::waste_kit)[0] = 100.0f;
  refresh(w, 0);
  CHECK(decree_area(w) == 2.0);
  w.state.next_decree_year = 2020;
  Books books(w);
  december(w, books, 0);
  CHECK(decree_area(w) == 2.0);
  CHECK(int{w.rts.in_decree[2]} == 0);
  december(w, books, 1);
  CHECK(int{w.rts.in_decree[0]} == 0);
  CHECK(int{w.rts.in_decree[1]} == 1);
  CHECK(int{w.rts.in_decree[2]} == 1);
  CHECK(decree_area(w) == 2.0);
  CHECK(w.state.decree_added == 1.0);
  CHECK(w.sites.decree_area[0] == 2.0f);
  CHECK(w.state.next_decree_year > 2020);
}

TEST_CASE("Reporting modes leave the physical book untouched, bit by bit", "[property]") {
  const City city = tests::tiny_city(3);
  std::vector<Physical> ends;
  std::vector<double> figures;
  for (const ReportingMode mode : {ReportingMode::ledger, ReportingMode::measured,
                                   ReportingMode::plan_driven, ReportingMode::frozen}) {
    Scenario scenario = tests::tiny_scenario();
    scenario.reporting = mode;
    fix(scenario, Param::report_plan_chance, 100.0);
    TargetPath path;
    path.kind = TargetPath::Kind::zero_by;
    path.value = 2025;
    scenario.targets.path = path;
    World w = build_world_without_spin_up(scenario, city, 6);
    Clocks clocks(w);
    Failures failures(w);
    Refresh refreshing(w);
    Books books(w);
    for (int t = 0; t < 96; ++t) {
      clocks.step(w, {.month = t, .seed = 2});
      failures.step(w, {.month = t, .seed = 2});
      refreshing.step(w, {.month = t, .seed = 2});
      books.step(w, {.month = t, .seed = 2});
    }
    ends.emplace_back(w);
    figures.push_back(w.state.reported_area);
    if (mode == ReportingMode::plan_driven) CHECK(w.state.reported_area == 0.0);
  }
  for (const Physical& end : ends) CHECK(end == ends.front());
}

TEST_CASE("A plan-driven office publishes the plan and a measuring one the survey", "[unit]") {
  const auto figure = [](ReportingMode mode) {
    BareWorld bare(100, [&](Scenario& s) {
      s.reporting = mode;
      fix(s, Param::report_remeasure_rate, 0.0);
      fix(s, Param::report_plan_chance, 100.0);
      fix(s, Param::report_log_sd, 0.0);
      fix(s, Param::report_admin_removal, 0.0);
      TargetPath path;
      path.kind = TargetPath::Kind::abs_ha_per_year;
      path.value = 30.0;
      s.targets.path = path;
    });
    World& w = bare.world;
    for (std::size_t rt = 0; rt < 100; ++rt) bare.settle(rt, 10);
    for (std::size_t rt = 0; rt < 100; ++rt) refresh(w, rt);
    initial_books(w);
    for (std::size_t rt = 0; rt < 50; ++rt) {  // half is cleared, nobody booked it
      for (auto& share : w.rts.physical) share[rt] = 0.0f;
      bare.put_class(rt, Slum::not_slum);
    }
    w.state.next_decree_year = 9999;
    Books books(w);
    december(w, books, 0);
    return w.state.reported_area;
  };
  CHECK(figure(ReportingMode::ledger) == 100.0);
  CHECK(figure(ReportingMode::measured) == 50.0);
  CHECK(figure(ReportingMode::plan_driven) == 70.0);
  CHECK(figure(ReportingMode::frozen) == 100.0);
}

TEST_CASE("Official paths take off what they say", "[unit]") {
  const auto off = [](TargetPath::Kind kind, double value, double last, int year) {
    TargetPath path;
    path.kind = kind;
    path.value = value;
    return official_reduction(path, 2000.0, last, year);
  };
  using Kind = TargetPath::Kind;
  CHECK(off(Kind::none, 1.0, 800.0, 2020) == 0.0);
  CHECK(off(Kind::abs_ha_per_year, 507.47, 800.0, 2020) == 507.47);
  CHECK(off(Kind::pct_of_base, 25.0, 800.0, 2020) == 500.0);
  CHECK(off(Kind::pct_of_rest, 25.0, 800.0, 2020) == 200.0);
  CHECK(off(Kind::zero_by, 2023.0, 800.0, 2020) == 200.0);
  CHECK(off(Kind::zero_by, 2023.0, 800.0, 2023) == 800.0);
  CHECK(off(Kind::zero_by, 2023.0, 800.0, 2030) == 800.0);
}
