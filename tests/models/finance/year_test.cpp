#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

#include "models/build_world.h"
#include "models/finance/ledger.h"
#include "models/programmes/packages.h"
#include "tests/support/money_run.h"

using namespace musi;
using namespace musi::models;

namespace {

std::size_t year_index(sim::Month month) {
  return static_cast<std::size_t>(sim::Clock::year_index(month));
}

/// Money of packages that is bound must be what the sources hold as committed.
void require_bound_money_agrees(const World& world, std::size_t year) {
  for (std::size_t f = 0; f < world.money.sources.size(); ++f) {
    Rupiah bound = 0, free = 0;
    for (const Package& p : world.money.packages) bound += p.source == f ? p.committed : 0;
    for (const ProgrammeState& p : world.money.programmes) free += p.left_by_source[f];
    REQUIRE(bound == world.money.sources[f].committed[year]);
    REQUIRE(free <= world.money.sources[f].uncommitted[year]);
  }
}

Rupiah total(const std::vector<std::vector<Rupiah>>& columns) {
  Rupiah sum = 0;
  for (const auto& column : columns) {
    for (const Rupiah amount : column) sum += amount;
  }
  return sum;
}

Rupiah total_paid(const World& world) {
  std::vector<std::vector<Rupiah>> columns;
  for (const SourceState& s : world.money.sources) columns.push_back(s.paid);
  return total(columns);
}

}  // namespace

TEST_CASE("the books of every source close after every month of twenty years", "[property]") {
  for (const bool uncertain : {false, true}) {
    City city = tests::tiny_city(6);
    Scenario s = tests::tiny_scenario();
    s.uncertainty = uncertain;
    s.clock = {2019, 2038};
    tests::set(s.funding.total_idr_bn_per_year, 6.0);
    s.procedure.verbal_start = uncertain;
    World world = build_world(s, city, 11);
    Rupiah paid_before = 0;
    tests::run_money(world, 0, 240, [&](sim::Month month) {
      const std::size_t y = year_index(month);
      for (const SourceState& source : world.money.sources) {
        for (std::size_t year = 0; year <= std::min<std::size_t>(y + 1, 19); ++year) {
          REQUIRE(ledger::is_closed(source, year));
        }
        if (y > 0) REQUIRE(source.carried_in[y] == source.carried[y - 1]);
      }
      if (!sim::Clock::is_december(month)) {
        require_bound_money_agrees(world, y);
      } else {
        for (const SourceState& source : world.money.sources) {
          REQUIRE(source.committed[y] == 0);
          REQUIRE(source.uncommitted[y] == 0);
        }
      }
      REQUIRE(total_paid(world) >= paid_before);
      paid_before = total_paid(world);
    });
    REQUIRE(paid_before > 0);
    for (const ProgrammeState& p : world.money.programmes) {
      REQUIRE(total({p.paid}) <= total({p.voted}));
    }
    std::vector<std::vector<Rupiah>> by_programme;
    for (const ProgrammeState& p : world.money.programmes) by_programme.push_back(p.paid);
    REQUIRE(total(by_programme) == paid_before);
  }
}

TEST_CASE("no money pays nothing and builds nothing", "[property]") {
  City city = tests::tiny_city();
  Scenario s = tests::tiny_scenario();
  tests::set(s.funding.scale_pct, 0.0);
  World world = build_world_without_spin_up(s, city, 3);
  const auto shares = world.rts.physical;
  tests::run_money(world, 0, 36);
  REQUIRE(total_paid(world) == 0);
  REQUIRE(world.rts.physical == shares);
}

TEST_CASE("a lever on one source moves the money of that source alone", "[unit]") {
  City city = tests::tiny_city();
  Scenario s = tests::tiny_scenario();
  World as_now = build_world_without_spin_up(s, city, 3);
  tests::run_money(as_now, 0, 1);
  for (SourceSpec& f : s.funding.sources) {
    if (f.id == "kotaku") tests::set(f.scale_pct, 200.0);
  }
  World doubled = build_world_without_spin_up(s, city, 3);
  tests::run_money(doubled, 0, 1);
  std::size_t n_moved = 0;
  for (std::size_t f = 0; f < s.funding.sources.size(); ++f) {
    const auto before = static_cast<double>(as_now.money.sources[f].voted[0]);
    const auto after = static_cast<double>(doubled.money.sources[f].voted[0]);
    const bool is_doubled = s.funding.sources[f].id == "kotaku" && before > 0.0;
    INFO(s.funding.sources[f].id);
    CHECK(after == Approx(is_doubled ? 2.0 * before : before).epsilon(1e-9));
    n_moved += is_doubled ? 1 : 0;
  }
  REQUIRE(n_moved == 1);
}

TEST_CASE("a carried contract goes on in February of the next year", "[unit]") {
  City city = tests::tiny_city();
  Scenario s = tests::tiny_scenario();
  tests::lose_nothing(s);
  tests::keep_programmes(s, {"neighbourhood_roads"});
  tests::set(s.procedure.guideline_month, 1.0);
  World world = build_world_without_spin_up(s, city, 3);
  tests::run_money(world, 0, 12);
  // B 2, v 1.5, q 2.5: S = 6; span 6: A = 5.5/6, hurried to A + (1-A) 0.4; 70 % of the rest
  // goes on.
  const double feasible = 5.5 / 6.0;
  const double built = feasible + (1 - feasible) * 0.4;
  std::size_t n = 0;
  for (const Package& p : world.money.packages) {
    if (p.stage != Stage::carried) continue;
    ++n;
    REQUIRE(p.progress == Approx(built));
    REQUIRE(p.progress_final == Approx(built + (1 - built) * 0.7));
    REQUIRE(progress_at(p, 2.0) == Approx(built));
  }
  REQUIRE(n > 0);
}

TEST_CASE("after the last scripted year money is at the level of the process at once", "[unit]") {
  City city = tests::tiny_city();
  city.budgets = {{.year = 2019, .funding_source = "kotaku", .programme = "kotaku_community",
                   .amount_idr_bn = 2.0}};
  Scenario s = tests::tiny_scenario();
  tests::lose_nothing(s);
  tests::set(s.funding.total_idr_bn_per_year, 6.0);
  s.funding.scripted = true;
  s.funding.scripted_until_year = 2019;
  World world = build_world_without_spin_up(s, city, 11);
  tests::run_money(world, 0, 24);
  const auto voted = [&](std::size_t year) {
    Rupiah sum = 0;
    for (const SourceState& source : world.money.sources) sum += source.voted[year];
    return static_cast<double>(sum) * 1e-9;
  };
  CHECK(voted(0) == Approx(2.0));
  CHECK(voted(1) == Approx(6.0).epsilon(1e-3));
}

namespace {

/// Money voted in the second year over the ceiling that was set in July of the first.
double voted_over_ceiling(const Scenario& s, const City& city, std::uint64_t seed) {
  World world = build_world_without_spin_up(s, city, seed);
  tests::run_money(world, 0, 13);
  Rupiah sum = 0;
  for (const SourceState& source : world.money.sources) sum += source.voted[1];
  return static_cast<double>(sum) * 1e-6 / world.money.ceiling[1];
}

}  // namespace

TEST_CASE("without chance the provisional ceiling of July is what January votes", "[unit]") {
  const City city = tests::tiny_city();
  Scenario s = tests::tiny_scenario();
  tests::lose_nothing(s);
  CHECK(voted_over_ceiling(s, city, 3) == Approx(1.0).epsilon(1e-6));
  World world = build_world_without_spin_up(s, city, 3);
  tests::run_money(world, 0, 12);
  CHECK(std::isnan(world.money.ceiling[0]));
  const double flat = world.money.ceiling[1];
  tests::fix(s, Param::budget_growth, 3.0);
  CHECK(voted_over_ceiling(s, city, 3) == Approx(1.0).epsilon(1e-6));
  World growing = build_world_without_spin_up(s, city, 3);
  tests::run_money(growing, 0, 12);
  CHECK(growing.money.ceiling[1] == Approx(flat * std::exp(0.03)));
}

TEST_CASE("half of the budgets lie above the provisional ceiling", "[statistical]") {
  const City city = tests::tiny_city(1);
  Scenario s = tests::tiny_scenario();
  tests::fix(s, Param::money_shock_chance, 0.0);
  constexpr int n = 200;
  int above = 0;
  double square = 0.0;
  for (int seed = 0; seed < n; ++seed) {
    const double log_ratio = std::log(voted_over_ceiling(s, city, 100 + seed));
    above += log_ratio > 0.0 ? 1 : 0;
    square += log_ratio * log_ratio;
  }
  CHECK(std::abs(above - n / 2.0) < 4.0 * std::sqrt(0.25 * n));
  // Their deviation is that of one year of the process: 0.2 at its central value.
  CHECK(std::abs(std::sqrt(square / n) - 0.2) < 4.0 * 0.2 / std::sqrt(2.0 * n));
}
