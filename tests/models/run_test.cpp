#include "models/run.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <string>

#include "models/finance/ledger.h"
#include "models/observation/areas.h"
#include "models/population/due.h"
#include "models/stocks/refresh.h"
#include "sim/core/ensemble.h"
#include "sim/core/vector_level.h"
#include "tests/support/months.h"
#include "tests/support/run_records.h"
#include "tests/support/tiny_world.h"

using namespace musi;
using namespace musi::models;

namespace {

/// The record by name, so that two programs' records can be told apart.
std::map<std::string, std::vector<double>> named(const Scenario& scenario, const City& city,
                                                 const sim::RunRecord& record) {
  std::map<std::string, std::vector<double>> by_name;
  const auto infos = series_of(scenario, city);
  REQUIRE(infos.size() == record.series.size());
  for (std::size_t i = 0; i < infos.size(); ++i) by_name[infos[i].name] = record.series[i];
  return by_name;
}

/// Lets a world live through the whole horizon and looks at it after every month.
template <class Look>
void live(World& world, Look&& look) {
  tests::let_pass(standard_schedule(world), world, 0, world.scenario->clock.n_months(), look);
}

Scenario uncertain_scenario() {
  Scenario s = tests::tiny_scenario();
  s.uncertainty = true;
  return s;
}

}  // namespace

TEST_CASE("narrow and wide vectors give the same record", "[property]") {
  const City city = tests::tiny_city();
  const Scenario scenario = uncertain_scenario();
  sim::use_vector_level(sim::VectorLevel::baseline);
  const auto narrow = run_future(scenario, city, 5);
  for (const auto wanted : {sim::VectorLevel::avx2, sim::VectorLevel::avx512}) {
    const auto level = sim::use_vector_level(wanted);
    if (level != wanted) WARN("this processor has no vectors of level " << int(wanted));
    const auto wide = run_future(scenario, city, 5);
    for (std::size_t i = 0; i < narrow.series.size(); ++i) {
      CHECK(tests::same_numbers(narrow.series[i], wide.series[i]));
    }
  }
  sim::use_vector_level(sim::best_vector_level());
}

TEST_CASE("one future of a large city is the same on 1, 2 and 7 threads", "[property]") {
  const City city = tests::tiny_city(300);
  Scenario scenario = uncertain_scenario();
  scenario.clock = {2019, 2020};
  REQUIRE(row_blocks(build_world(scenario, city, 5).households.record).size() > 3);
  std::vector<sim::RunRecord> records;
  for (const std::size_t n_threads : {1u, 2u, 7u}) {
    sim::RunPlan plan;
    plan.n_options = plan.n_replicates = 1;
    plan.run = [&](std::size_t, std::size_t) { return run_future(scenario, city, 5); };
    sim::MemoryRecorder recorder;
    run_ensemble(plan, recorder, {.n_threads = n_threads});
    records.push_back(recorder.at(0, 0));
  }
  for (std::size_t i = 0; i < records.front().series.size(); ++i) {
    CHECK(tests::same_numbers(records[0].series[i], records[1].series[i]));
    CHECK(tests::same_numbers(records[0].series[i], records[2].series[i]));
  }
}

TEST_CASE("the same seed gives the same record, another seed another", "[property]") {
  const City city = tests::tiny_city();
  const Scenario scenario = uncertain_scenario();
  const auto a = run_future(scenario, city, 5);
  const auto b = run_future(scenario, city, 5);
  const auto c = run_future(scenario, city, 6);
  bool differs = false;
  for (std::size_t i = 0; i < a.series.size(); ++i) {
    REQUIRE(tests::same_numbers(a.series[i], b.series[i]));
    differs = differs || !tests::same_numbers(a.series[i], c.series[i]);
  }
  REQUIRE(differs);
}

TEST_CASE("rupiah are conserved in every source, month and year", "[property]") {
  const City city = tests::tiny_city();
  const Scenario scenario = uncertain_scenario();
  for (const std::uint64_t seed : {1, 2, 3, 4, 5, 6}) {
    World world = build_world(scenario, city, seed);
    live(world, [&](sim::Month t) {
      for (const SourceState& source : world.money.sources) {
        for (std::size_t y = 0; y <= static_cast<std::size_t>(t / 12); ++y) {
          REQUIRE(ledger::is_closed(source, y));
        }
        if (sim::Clock::is_december(t)) {
          const std::size_t y = static_cast<std::size_t>(t / 12);
          REQUIRE(source.committed[y] == 0);
          REQUIRE(source.uncommitted[y] == 0);
          REQUIRE(source.voted[y] + source.carried_in[y] ==
                  source.paid[y] + source.returned[y] + source.carried[y]);
        }
      }
    });
  }
}

TEST_CASE("households and their counters are conserved through all processes", "[property]") {
  const City city = tests::tiny_city();
  const Scenario scenario = uncertain_scenario();
  World world = build_world(scenario, city, 3);
  live(world, [&](sim::Month t) {
    if (t % 12 != 6) return;
    World recounted = world;
    for (std::size_t rt = 0; rt < world.n_rts(); ++rt) recounted.recount(rt);
    REQUIRE(recounted.rts.n_households == world.rts.n_households);
    REQUIRE(recounted.rts.n_persons == world.rts.n_persons);
    REQUIRE(recounted.rts.n_unfit == world.rts.n_unfit);
    REQUIRE(recounted.rts.n_no_water == world.rts.n_no_water);
    REQUIRE(recounted.rts.n_no_tank == world.rts.n_no_tank);
    REQUIRE(recounted.rts.n_engaged[0] == world.rts.n_engaged[0]);
    REQUIRE(recounted.rts.n_engaged[1] == world.rts.n_engaged[1]);
  });
  REQUIRE(world.state.counts.bound_crossings == 0);
}

TEST_CASE("scores recomputed from volumes equal the incremental ones", "[property]") {
  const City city = tests::tiny_city();
  const Scenario scenario = uncertain_scenario();
  World world = build_world(scenario, city, 8);
  live(world, [&](sim::Month t) {
    if (!sim::Clock::ends_quarter(t)) return;
    World fresh = world;
    for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
      fresh.recount(rt);
      refresh(fresh, rt);
    }
    REQUIRE(fresh.rts.physical_score == world.rts.physical_score);
    REQUIRE(fresh.rts.physical_class == world.rts.physical_class);
  });
}

TEST_CASE("stocks stay within their ideal lengths", "[property]") {
  const City city = tests::tiny_city();
  const Scenario scenario = uncertain_scenario();
  World world = build_world(scenario, city, 9);
  live(world, [&](sim::Month t) {
    if (!sim::Clock::is_december(t)) return;
    for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
      double good = 0.0;
      for (const Stock stock : {Stock::path_land, Stock::path_river}) {
        for (std::size_t phase = 0; phase < n_phases; ++phase) {
          const float units = world.rts.good[static_cast<std::size_t>(stock)][phase][rt];
          REQUIRE(units >= 0.0f);
          good += double{units};
        }
      }
      REQUIRE(world.rts.miss_road[rt] >= 0.0f);
      REQUIRE(double{world.rts.miss_road[rt]} + good <= double{world.rts.ideal_road[rt]} * 1.0001);
      for (std::size_t k = 0; k < n_criteria; ++k) {
        REQUIRE(world.rts.physical[k][rt] >= 0.0f);
        REQUIRE(world.rts.physical[k][rt] <= 1.0f);
      }
    }
  });
}

TEST_CASE("a programme that serves nobody changes no bit of a whole run", "[property]") {
  const City city = tests::tiny_city();
  Scenario without = uncertain_scenario();
  // The newcomer has no share of the money, hence nobody to serve.
  Scenario with = without;
  ProgrammeSpec ghost = with.programmes.front();
  ghost.id = "ghost";
  ghost.share_pct.path = "programmes.ghost.share_pct";
  ghost.share_pct.value = constant(0.0);
  ghost.eligible_sites = {"nowhere"};
  with.programmes.push_back(ghost);
  const auto a = named(without, city, run_future(without, city, 4));
  const auto b = named(with, city, run_future(with, city, 4));
  for (const auto& [name, values] : a) {
    if (name.find("programme") != std::string::npos) continue;  // rows per programme
    INFO(name);
    REQUIRE(tests::same_numbers(values, b.at(name)));
  }
}

TEST_CASE("without money nothing is paid, delivered or repaired", "[property]") {
  const City city = tests::tiny_city();
  Scenario scenario = uncertain_scenario();
  scenario.funding.scale_pct.value = constant(0.0);
  const auto record = named(scenario, city, run_future(scenario, city, 4));
  for (const char* name : {"paid", "voted", "houses_repaired"}) {
    INFO(name);
    for (const double x : record.at(name)) REQUIRE(x == 0.0);
  }
}

TEST_CASE("the same event in two options has the same luck", "[property]") {
  const City city = tests::tiny_city();
  Scenario poor = uncertain_scenario();
  poor.funding.total_idr_bn_per_year.value = constant(0.5);
  tests::fix(poor, Param::report_admin_removal, 0.0);  // it would leave nothing to publish
  Scenario rich = poor;
  rich.funding.total_idr_bn_per_year.value = constant(5.0);
  constexpr std::uint64_t seed = 12;
  World a = build_world(poor, city, seed), b = build_world(rich, city, seed);
  std::size_t n_figures = 0, n_fires = 0, n_common = 0, n_rare = 0, n_same_rare = 0;
  const auto schedule_a = standard_schedule(a), schedule_b = standard_schedule(b);
  for (sim::Month t = 0; t < poor.clock.n_months(); ++t) {
    a.month = b.month = t;
    schedule_a.run(a, {.month = t, .seed = seed});
    schedule_b.run(b, {.month = t, .seed = seed});
    if (!sim::Clock::is_december(t)) continue;
    // The city: guideline, budget process, error of the published figure.
    const auto year = static_cast<std::size_t>(t / 12);
    for (std::size_t p = 0; p < a.money.programmes.size(); ++p) {
      REQUIRE(a.money.programmes[p].guideline_month[year] ==
              b.money.programmes[p].guideline_month[year]);
    }
    REQUIRE(b.money.log_level - a.money.log_level == Approx(std::log(10.0)));
    if (a.state.ledger_figure > 0.0 && b.state.ledger_figure > 0.0) {
      const auto factor = [](const World& w) {
        return (w.state.ledger_figure + w.state.admin_removed) / ledger_area(w);
      };
      REQUIRE(factor(a) == Approx(factor(b)));
      ++n_figures;
    }
    // Neighbourhoods: effect of the year; fires, while the block of dwellings has the same size.
    for (std::size_t rt = 0; rt < std::min(a.n_rts(), b.n_rts()); ++rt) {
      if (a.rts.key[rt] != b.rts.key[rt]) continue;
      REQUIRE(a.rts.E[rt] == b.rts.E[rt]);
      if (a.rts.fire_slots[rt] != b.rts.fire_slots[rt]) continue;
      REQUIRE(a.rts.next_fire[rt] == b.rts.next_fire[rt]);
      ++n_fires;
    }
    // Households that live in both: their next visit, and the next candidate of a rare event as
    // long as they hold their land alike.
    std::map<sim::EntityKey, std::size_t> rows;
    for (std::size_t row = 0; row < a.households.size_rows(); ++row) {
      if (a.households.flags[row] & flag::alive) rows[a.households.record[row].key] = row;
    }
    for (std::size_t row = 0; row < b.households.size_rows(); ++row) {
      const auto found = rows.find(b.households.record[row].key);
      if (found == rows.end() || !(b.households.flags[row] & flag::alive)) continue;
      REQUIRE(a.households.next_revision[found->second] == b.households.next_revision[row]);
      ++n_common;
      n_rare += tenure_of(a.households.flags[found->second]) == tenure_of(b.households.flags[row]);
      n_same_rare += a.households.next_rare[found->second] == b.households.next_rare[row];
    }
  }
  CHECK(n_figures >= 5);
  CHECK(n_fires > 100);
  CHECK(n_common > 5'000);
  CHECK(n_same_rare >= n_rare);
  // The options are no copies of each other.
  CHECK(physical_area(a) != physical_area(b));
}

TEST_CASE("ten times the money clears more area under the same luck", "[property]") {
  const City city = tests::tiny_city();
  Scenario poor = uncertain_scenario();
  poor.funding.total_idr_bn_per_year.value = constant(0.5);
  Scenario rich = poor;
  rich.funding.total_idr_bn_per_year.value = constant(5.0);
  double poor_area = 0.0, rich_area = 0.0;
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    poor_area += named(poor, city, run_future(poor, city, seed)).at("slum_area").back();
    rich_area += named(rich, city, run_future(rich, city, seed)).at("slum_area").back();
  }
  REQUIRE(rich_area < poor_area);
}
