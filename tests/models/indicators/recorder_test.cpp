#include "models/indicators/recorder.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <set>

#include "models/build_world.h"
#include "models/indicators/catalogue.h"
#include "models/observation/areas.h"
#include "models/observation/barriers.h"
#include "models/observation/books.h"
#include "models/observation/zero.h"
#include "models/run.h"
#include "models/stocks/clocks.h"
#include "models/stocks/failures.h"
#include "models/stocks/refresh.h"
#include "sim/core/record_store.h"
#include "tests/support/tiny_world.h"

using namespace musi;
using namespace musi::models;

namespace {

/// Three years of a tiny city without money, taken down.
struct YearsOfWorld {
  YearsOfWorld() : city(tests::tiny_city(4)), scenario(tests::tiny_scenario()) {
    // What suits a city of 1,700 ha would wipe out one of 40 ha.
    tests::fix(scenario, Param::report_admin_removal, 0.0);
  }

  std::map<std::string, std::vector<double>> record(World& w, int years = 3) {
    Clocks clocks(w);
    Failures failures(w);
    Refresh refreshing(w);
    Books books(w);
    ZeroWatch zero(w);
    Barriers barriers(w);
    RunRecorder recorder(w);
    for (int t = 0; t < 12 * years; ++t) {
      const sim::Step step{.month = t, .seed = 3};
      w.month = t;
      if (sim::Clock::is_january(t)) begin_year(w);
      clocks.step(w, step);
      failures.step(w, step);
      refreshing.step(w, step);
      books.step(w, step);
      zero.step(w, step);
      barriers.step(w, step);
      if (sim::Clock::is_december(t)) recorder.december(w);
    }
    last = recorder.finish(w);
    std::map<std::string, std::vector<double>> named;
    const auto series = series_of(scenario, city);
    for (std::size_t i = 0; i < series.size(); ++i) named[series[i].name] = last.series[i];
    return named;
  }

  City city;
  Scenario scenario;
  sim::RunRecord last;
};

constexpr std::size_t n_years = 10;

}  // namespace

TEST_CASE("Every series has a unique name, a unit, words and known dimensions", "[unit]") {
  const std::set<std::string> dims = {"year",       "site",      "funds",   "criterion",
                                      "definition", "item",      "stage",   "people",
                                      "programme",  "kecamatan", "measure", "deprivations",
                                       "line"};
  std::set<std::string> names;
  const City city = tests::tiny_city(1);
  for (const sim::SeriesInfo& s : series_of(tests::tiny_scenario(), city)) {
    INFO(s.name);
    CHECK(names.insert(s.name).second);
    CHECK_FALSE(s.unit.empty());
    CHECK_FALSE(s.long_name.empty());
    CHECK_FALSE(s.definition.empty());
    for (const std::string& dim : s.dims) CHECK(dims.contains(dim));
  }
  for (const char* name :
       {"slum_area", "slum_area_ledger", "slum_area_decree", "slum_area_reported", "coverage",
        "area_heavy", "area_medium", "area_light", "unfit_houses", "deprived_households",
        "mean_score", "engaged", "engaged_river", "engaged_land", "board_strength",
        "disappointment", "cost_per_ha_cleared", "barrier_land", "barrier_money",
        "barrier_guideline", "barrier_procurement", "barrier_participation", "barrier_technical",
        "barrier_regrowth", "site_barrier_land", "site_barrier_money", "site_barrier_guideline",
        "site_barrier_procurement", "site_barrier_participation", "site_barrier_technical",
        "site_barrier_regrowth", "planned", "voted", "released", "paid", "returned", "carried",
        "committed", "gap", "mean_points", "site_area", "zero_year", "paid_total", "need_left",
        "households_displaced", "site_zero_year"}) {
    INFO(name);
    CHECK(names.contains(name));
  }
}

TEST_CASE("The books of a record close", "[property]") {
  YearsOfWorld run;
  World w = build_world_without_spin_up(run.scenario, run.city, 4);
  auto r = run.record(w);
  for (std::size_t y = 0; y < 3; ++y) {
    const double area = r["slum_area"][y];
    CHECK(area > 10.0);
    CHECK(r["area_heavy"][y] + r["area_medium"][y] + r["area_light"][y] == Approx(area));
    CHECK(r["coverage"][y] == Approx(area / 1000.0 * 100.0));
    double behind = 0.0;
    for (const char* name : {"barrier_land", "barrier_money", "barrier_guideline",
                             "barrier_procurement", "barrier_participation", "barrier_technical",
                             "barrier_regrowth"}) {
      behind += r[name][y];
    }
    CHECK(behind == Approx(area));
    double sites = 0.0;
    for (std::size_t s = 0; s < 4; ++s) sites += r["site_area"][y * 4 + s];
    CHECK(sites == Approx(area));
    for (std::size_t s = 0; s < 4; ++s) {
      double behind_site = 0.0;
      for (const char* key : {"land", "money", "guideline", "procurement", "participation",
                              "technical", "regrowth"}) {
        behind_site += r[std::string("site_barrier_") + key][y * 4 + s];
      }
      CHECK(behind_site == Approx(r["site_area"][y * 4 + s]));
    }
    double points = 0.0;
    for (std::size_t k = 0; k < n_criteria; ++k) points += r["mean_points"][y * n_criteria + k];
    CHECK(points == Approx(r["mean_score"][y]));
    CHECK(r["deprived_households"][y] >= r["unfit_houses"][y]);
    CHECK(r["households"][y] >= r["deprived_households"][y]);
    CHECK(r["house_failures"][y] > 0.0);
  }
  CHECK(r["unfit_houses"][2] > r["unfit_houses"][0]);
  CHECK(r["households"][2] == static_cast<double>(w.n_households()));
  CHECK(r["start_area"][0] == Approx(40.0));
  CHECK(r["start_mean_score"][0] == Approx(w.start.mean_score));
}

TEST_CASE("Years that a run did not reach are missing, and zero that did not come too",
          "[unit]") {
  YearsOfWorld run;
  World w = build_world_without_spin_up(run.scenario, run.city, 4);
  auto r = run.record(w);
  REQUIRE(r["slum_area"].size() == n_years);
  for (std::size_t y = 3; y < n_years; ++y) CHECK(std::isnan(r["slum_area"][y]));
  for (const double year : r["zero_year"]) CHECK(std::isnan(year));
  for (const double year : r["site_zero_year"]) CHECK(std::isnan(year));
}

TEST_CASE("The year of zero of a site is its first clear December", "[unit]") {
  YearsOfWorld run;
  World w = build_world_without_spin_up(run.scenario, run.city, 4);
  RunRecorder recorder(w);
  for (const std::uint32_t rt : w.sites.rts[2]) w.rts.physical_class[rt] = Slum::not_slum;
  w.month = 23;
  w.zero.reached_month[index(ZeroDefinition::Z3)] = 14;
  recorder.december(w);
  const sim::RunRecord record = recorder.finish(w);
  const auto series = series_of(run.scenario, run.city);
  for (std::size_t i = 0; i < series.size(); ++i) {
    if (series[i].name == "site_zero_year") {
      CHECK(record.series[i][2] == 2020.0);
      CHECK(std::isnan(record.series[i][0]));
    }
    if (series[i].name == "zero_year") {
      CHECK(record.series[i][index(ZeroDefinition::Z3)] == 2020.0);
      CHECK(std::isnan(record.series[i][index(ZeroDefinition::Z1)]));
    }
  }
}

TEST_CASE("Money is recorded in rupiah billion by source", "[unit]") {
  YearsOfWorld run;
  World w = build_world_without_spin_up(run.scenario, run.city, 4);
  const std::size_t n = run.scenario.funding.sources.size();
  REQUIRE(n > 1);
  w.money.sources.assign(n, SourceState{});
  const auto set = [&](std::vector<Rupiah>& column, Rupiah value) { column.assign(10, value); };
  SourceState& s = w.money.sources[1];
  set(s.planned, 9'000'000'000);
  set(s.voted, 7'000'000'000);
  set(s.carried_in, 1'000'000'000);
  set(s.paid, 5'500'000'000);
  w.money.unmet.assign(10, 2'000'000'000);
  auto r = run.record(w, 2);
  CHECK(r["planned"][1] == Approx(9.0));
  CHECK(r["released"][n + 1] == Approx(8.0));
  CHECK(r["gap"][1] == Approx(3.5));
  CHECK(r["paid"][0] == 0.0);
  CHECK(r["paid_total"][0] == Approx(11.0));
  CHECK(r["need_left"][0] == Approx(2.0));
}

TEST_CASE("A record fits the store of an ensemble", "[unit]") {
  YearsOfWorld run;
  World w = build_world_without_spin_up(run.scenario, run.city, 4);
  run.record(w);
  std::map<std::string, std::size_t> lengths = fixed_dimensions();
  lengths.insert({{"year", n_years},
                  {"site", 4},
                  {"funds", run.scenario.funding.sources.size()},
                  {"programme", run.scenario.programmes.size()},
                  {"kecamatan", 3}});
  sim::RecordStore store(series_of(run.scenario, run.city), lengths, 1, 1);
  store.write(0, 0, run.last);
  CHECK(store.n_complete() == 1);
}

TEST_CASE("Only living households are counted", "[unit]") {
  YearsOfWorld run;
  World w = build_world_without_spin_up(run.scenario, run.city, 4);
  const Census before = take_census(w);
  CHECK(before.households == static_cast<std::int64_t>(w.n_households()));
  std::int64_t unfit = 0;
  for (const std::uint32_t n : w.rts.n_unfit) unfit += n;
  CHECK(before.unfit == unfit);
  const std::size_t row = w.rts.first_row[0];
  w.count_household(row, -1);
  w.households.flags[row] &= ~flag::alive;
  CHECK(take_census(w).households == before.households - 1);
}
