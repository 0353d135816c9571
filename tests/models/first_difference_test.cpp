#include "models/first_difference.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <vector>

#include "models/run.h"
#include "sim/core/check.h"
#include "tests/support/run_records.h"
#include "tests/support/tiny_world.h"

using namespace musi;
using namespace musi::models;

namespace {

constexpr std::uint64_t seed = 11;

/// Something an option may change, and when it can first matter.
struct Change {
  std::string what;
  sim::Month month;
  std::function<void(Scenario&)> apply;
};

/// 2019 to 2028, forecast from 2022, some programmes later than others.
Scenario base() {
  Scenario s = tests::tiny_scenario();
  s.uncertainty = true;
  s.forecast_from_year = 2022;
  s.clock = {2019, 2028};
  return s;
}

ProgrammeSpec& programme(Scenario& s, const std::string& id) {
  return *std::find_if(s.programmes.begin(), s.programmes.end(),
                       [&](const ProgrammeSpec& p) { return p.id == id; });
}

/// July of the year before, when its money is foreseen.
constexpr sim::Month ahead_of(int year) { return 12 * (year - 2019) - 6; }

Uncertain amount(const std::string& path, double value) {
  Uncertain u;
  u.path = path;
  u.value = constant(value);
  return u;
}

std::vector<Change> changes() {
  return {
      {"title", 120, [](Scenario& s) { s.title_en = "Another"; }},
      {"headline year", 120, [](Scenario& s) { s.targets.headline_year = 2025; }},
      {"source of a number", 120, [](Scenario& s) { s.procedure.officers.source = "a_study"; }},
      {"money", ahead_of(2022), [](Scenario& s) { s.funding.scale_pct.value = constant(250); }},
      {"money of a source", ahead_of(2022),
       [](Scenario& s) {
         s.funding.sources[3].scale_pct = amount("funding.sources.apbd_city.scale_pct", 300);
       }},
      {"money of a year", ahead_of(2025),
       [](Scenario& s) {
         s.funding.sources[3].schedule[2025] = amount("funding.sources.apbd_city.x", 90);
       }},
      {"end of a source", ahead_of(2025),
       [](Scenario& s) { s.funding.sources[1].end_year = 2024; }},
      {"share of a source", 0,
       [](Scenario& s) { s.funding.sources[1].share_pct.value = constant(60); }},
      {"programme switched off", 0, [](Scenario& s) { programme(s, "bsps").enabled = false; }},
      {"programme switched off that has not begun", ahead_of(2024),
       [](Scenario& s) { programme(s, "nusp").enabled = false; }},
      {"programme two years later", ahead_of(2024),
       [](Scenario& s) { programme(s, "nusp").start_year = 2026; }},
      {"programme that ends", ahead_of(2024),
       [](Scenario& s) { programme(s, "kotaku_community").end_year = 2023; }},
      {"share of a programme that has not begun", ahead_of(2024),
       [](Scenario& s) { programme(s, "nusp").share_pct.value = constant(50); }},
      {"amount of a programme in a year", ahead_of(2023),
       [](Scenario& s) {
         programme(s, "neighbourhood_roads").amount_idr_bn[2023] = amount("programmes.x", 40);
       }},
      {"guideline of a programme in a year", ahead_of(2026),
       [](Scenario& s) { programme(s, "bsps").guideline_schedule[2026] = amount("g", 11); }},
      {"guidelines in a year", ahead_of(2023),
       [](Scenario& s) { s.procedure.guideline_schedule[2023] = amount("guideline", 10); }},
      {"complaint channel", ahead_of(2023),
       [](Scenario& s) { s.participation.complaint_channel_start_year = 2023; }},
      {"elders", ahead_of(2022), [](Scenario& s) { s.participation.elders_appointed = true; }},
      {"fewer facilitators", ahead_of(2021),
       [](Scenario& s) { s.participation.facilitators_number.value = constant(2); }},
      {"facilitators leave", ahead_of(2025),
       [](Scenario& s) { s.participation.facilitators_end_year = 2024; }},
      {"number of facilitators not given", 0,
       [](Scenario& s) { s.participation.facilitators_number.is_set = false; }},
      {"rule of allocation", 0, [](Scenario& s) { s.allocation.rule = AllocationRule::equity; }},
      {"officers", 0, [](Scenario& s) { s.procedure.officers.value = constant(90); }},
      {"share of a line", 0,
       [](Scenario& s) { s.funding.lines[3].share_pct.value = constant(20); }},
      {"supervision", 0, [](Scenario& s) { s.prevention_effort_pct.value = constant(80); }},
      {"menu of a programme", 0,
       [](Scenario& s) { programme(s, "neighbourhood_roads").menu = {{Item::drain_new, 1.0}}; }},
      {"programme years later", 0,
       [](Scenario& s) { programme(s, "livelihoods").start_year = 2026; }},
  };
}

/// What `base` is compared with: nusp begins in 2024, facilitators are a number from 2021 on.
Scenario with_later_levers() {
  Scenario s = base();
  programme(s, "nusp").start_year = 2024;
  s.participation.facilitators_number.is_set = true;
  s.participation.facilitators_number.value = constant(20);
  s.participation.facilitators_start_year = 2021;
  return s;
}

}  // namespace

TEST_CASE("an option that branches off leaves the record of its own run from the start",
          "[property]") {
  const City city = tests::tiny_city();
  const Scenario a = with_later_levers();
  std::size_t n_without_effect = 0;
  const sim::RunRecord alone = run_future(a, city, seed, {}, {.keeps_works = true});
  for (const Change& change : changes()) {
    INFO(change.what);
    Scenario b = a;
    change.apply(b);
    const sim::Month month = first_difference(a, b);
    CHECK(month == change.month);
    CHECK(first_difference(b, a) == month);
    if (month < 0) continue;
    RunInParts trunk(a, city, seed, {}, {.keeps_works = true});
    trunk.prepare(b);
    trunk.advance(month);
    RunInParts branch = trunk.branch(b);
    branch.advance(b.clock.n_months());
    const sim::RunRecord from_start = run_future(b, city, seed, {}, {.keeps_works = true});
    CHECK(tests::are_equal(branch.finish(), from_start));
    // What goes on is not disturbed by what has left it.
    trunk.advance(a.clock.n_months());
    CHECK(tests::are_equal(trunk.finish(), alone));
    n_without_effect += tests::are_equal(from_start, alone);
  }
  CHECK(n_without_effect <= 6);  // texts, and what a tiny city hardly feels
}

TEST_CASE("options that start from other numbers share nothing", "[unit]") {
  const Scenario a = base();
  const auto month_of = [&](auto&& change) {
    Scenario b = a;
    change(b);
    return first_difference(a, b);
  };
  CHECK(first_difference(a, a) == a.clock.n_months());
  CHECK(month_of([](Scenario& s) { tests::fix(s, Param::household_size, 4.0); }) ==
        nothing_in_common);
  CHECK(month_of([](Scenario& s) { s.clock.end_year = 2030; }) == nothing_in_common);
  CHECK(month_of([](Scenario& s) { s.programmes.pop_back(); }) == nothing_in_common);
  CHECK(month_of([](Scenario& s) { s.hazards.flood = false; }) == nothing_in_common);
  CHECK(month_of([](Scenario& s) { s.score.law_cuts = true; }) == nothing_in_common);
  CHECK(month_of([](Scenario& s) { s.outputs.quarterly = true; }) == nothing_in_common);
  CHECK(month_of([](Scenario& s) { s.funding.lines[2].effect.value = constant(0.5); }) ==
        nothing_in_common);
}

TEST_CASE("money on record holds back what only the process of money reads", "[unit]") {
  Scenario a = base();
  a.funding.scripted = true;
  a.funding.scripted_until_year = 2021;
  Scenario b = a;
  b.funding.total_idr_bn_per_year.value = constant(500);
  CHECK(first_difference(a, b) == ahead_of(2022));
  a.funding.scripted_until_year = b.funding.scripted_until_year = 0;
  CHECK(first_difference(a, b) == a.clock.n_months());  // all money is on record
}

TEST_CASE("a run cannot branch to a scenario with other parameters", "[unit]") {
  const City city = tests::tiny_city();
  const Scenario a = base();
  Scenario b = a;
  tests::fix(b, Param::household_size, 4.0);
  RunInParts run(a, city, seed);
  CHECK_THROWS_AS(run.prepare(b), sim::ContractError);
  b = a;
  CHECK_THROWS_AS(run.branch(b), sim::ContractError);  // it was not prepared
  run.advance(1);
  CHECK_THROWS_AS(run.prepare(b), sim::ContractError);  // too late
}
