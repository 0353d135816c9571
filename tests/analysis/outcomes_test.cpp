#include "analysis/outcomes.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "analysis/result_file.h"
#include "analysis/shared_runs.h"
#include "tests/support/run_program.h"
#include "tests/support/run_records.h"

using namespace musi;
using namespace musi::analysis;
using tests::same_numbers;
using tests::Scratch;

namespace {

/// Options that part at the start, in the window of spending and long after it, and a sweep. Money
/// differs so much between futures that some reach zero early, some late, some never.
const std::string scenario =
    "schema: 1\n"
    "name: spread\n"
    "city: " MUSI_SOURCE_DIR
    "/tests/scenarios/cities/small\n"
    "horizon: {start_year: 2019, end_year: 2033, forecast_from_year: 2020}\n"
    "targets: {headline_year: 2022, years: [2022, 2026, 2030]}\n"
    "funding: {total_idr_bn_per_year: \"0.3 to 40\"}\n"
    "options:\n"
    "  - {name: current}\n"
    "  - {name: heard, set: {participation.complaint_channel.start_year: 2021}}\n"
    "  - {name: late, set: {participation.complaint_channel.start_year: 2029}}\n"
    "  - {name: fair, set: {allocation.rule: equity}}\n"
    "sweep:\n"
    "  around: [current]\n"
    "  mode: grid\n"
    "  axes: {funding.scale_pct: [50, 300]}\n"
    "sampling: {replicates: 14, seed: 5}\n";

/// All futures of an experiment, options sharing their runs.
sim::RecordStore all_runs(const Experiment& experiment) {
  sim::RecordStore store(experiment.series(), experiment.lengths(), experiment.variants().size(),
                         experiment.n_replicates());
  SharedRuns runs(experiment, [](std::size_t, std::size_t) { return true; });
  sim::RunPlan plan;
  plan.n_options = experiment.variants().size();
  plan.n_replicates = experiment.n_replicates();
  plan.batch = 4;
  plan.run = [&](std::size_t o, std::size_t r) { return runs.run(o, r); };
  run_ensemble(plan, store, {.n_threads = 2});
  return store;
}

struct Both {
  HeadlineQuestion question;
  /// Of whole futures, from their result file and from their records; of futures cut short.
  std::vector<OptionOutcome> whole, records, quick;
  std::vector<std::vector<double>> slum_area, start_area;  ///< of the whole runs, by option
};

Both both_ways(const Scratch& scratch, const ReadResult& read) {
  const Experiment experiment(read, {}, "");
  const std::string file = scratch.file("whole.h5");
  const sim::RecordStore store = all_runs(experiment);
  write_result(file, experiment.result_input(), store, sim::io::Existing::replace);
  const Results results(file);
  Both both{.question = experiment.question(),
            .whole = outcomes_of(results, experiment.question()),
            .records = outcomes_of(store, experiment, experiment.question()),
            .quick = {},
            .slum_area = {},
            .start_area = {}};
  for (std::size_t o = 0; o < both.whole.size(); ++o) {
    both.slum_area.push_back(results.series("slum_area", o));
    both.start_area.push_back(results.series("start_area", o));
  }
  Experiment headline(read, {}, "");
  headline.ask_headline_alone();
  both.quick = outcomes_of(all_runs(headline), headline, headline.question());
  return both;
}

std::size_t count_reached(const OptionOutcome& outcome) {
  return static_cast<std::size_t>(std::count_if(outcome.zero_years.begin(),
                                                outcome.zero_years.end(),
                                                [](double year) { return !std::isnan(year); }));
}

void check_equal(const Both& both) {
  REQUIRE(both.quick.size() == both.whole.size());
  REQUIRE(both.records.size() == both.whole.size());
  for (std::size_t o = 0; o < both.whole.size(); ++o) {
    const OptionOutcome& quick = both.quick[o];
    // A file keeps neither money by year nor barriers of points of a sweep.
    const OptionOutcome& whole = quick.is_sweep_point ? both.records[o] : both.whole[o];
    INFO(whole.name);
    CHECK(quick.name == whole.name);
    CHECK(same_numbers(quick.zero_years, both.whole[o].zero_years));
    CHECK(same_numbers(quick.zero_years, whole.zero_years));
    CHECK(same_numbers(quick.spent_idr_bn, whole.spent_idr_bn));
    CHECK(same_numbers(quick.barrier_ha, whole.barrier_ha));
    CHECK(quick.physical_years.empty() == (count_reached(quick) > 0));
    if (!quick.physical_years.empty()) {
      CHECK(same_numbers(quick.physical_years, whole.physical_years));
    }
  }
}

}  // namespace

TEST_CASE(
    "futures computed for the headline alone have the numbers of whole futures, by every "
    "definition of zero",
    "[property]") {
  const Scratch scratch;
  const std::string file = scratch.write("spread.yaml", scenario);
  std::size_t n_reached = 0, n_missed = 0;
  for (const char* definition : {"Z1", "Z2a", "Z2b", "Z3", "Z3b", "Z4", "Z4a", "Z5"}) {
    INFO(definition);
    const auto read =
        read_scenario(file, {.sets = {std::string("zero.definition=") + definition,
                                      "zero.sustained_months=15", "zero.tolerance_pct=20"}});
    REQUIRE(read.ok());
    const Both both = both_ways(scratch, read);
    check_equal(both);
    for (const OptionOutcome& outcome : both.quick) {
      n_reached += count_reached(outcome);
      n_missed += outcome.zero_years.size() - count_reached(outcome);
      CHECK(outcome.ground_ha_at_zero.empty() == !both.question.is_on_paper());
    }
  }
  CHECK(n_reached > 50);  // else nothing was tried
  CHECK(n_missed > 50);
}

TEST_CASE("futures computed for the headline alone are those of every design of the inputs",
          "[property]") {
  const Scratch scratch;
  const std::string file = scratch.write("spread.yaml", scenario);
  for (const char* design : {"sobol", "latin_hypercube", "random"}) {
    INFO(design);
    const auto read = read_scenario(file, {.sets = {std::string("sampling.design=") + design}});
    REQUIRE(read.ok());
    check_equal(both_ways(scratch, read));
  }
}

TEST_CASE("what is left on the ground is told of the December in which the books come to zero",
          "[unit]") {
  const Scratch scratch;
  const auto read = read_scenario(scratch.write("spread.yaml", scenario));
  REQUIRE(read.ok());
  const Both both = both_ways(scratch, read);
  const OptionOutcome& first = both.quick.front();
  const std::size_t n_years = 15;
  double sum_ha = 0.0, sum_pct = 0.0;
  std::size_t n_left = 0;
  for (std::size_t r = 0; r < first.zero_years.size(); ++r) {
    if (std::isnan(first.zero_years[r])) {
      CHECK(std::isnan(first.ground_ha_at_zero[r]));
      continue;
    }
    const auto year = static_cast<std::size_t>(first.zero_years[r]) - 2019;
    const double ha = both.slum_area.front()[r * n_years + year];
    CHECK(first.ground_ha_at_zero[r] == ha);
    CHECK(first.listed_ha[r] == both.start_area.front()[r]);
    if (ha <= 0.0) continue;
    ++n_left;
    sum_ha += ha;
    sum_pct += 100.0 * ha / both.start_area.front()[r];
  }
  REQUIRE(n_left > 0);
  const auto ground = ground_at_zero(first);
  REQUIRE(ground.has_value());
  CHECK(ground->n_reached == count_reached(first));
  CHECK(ground->n_left == n_left);
  CHECK(ground->mean_ha == Approx(sum_ha / static_cast<double>(n_left)));
  CHECK(ground->mean_pct == Approx(sum_pct / static_cast<double>(n_left)));
  CHECK_FALSE(ground_at_zero(OptionOutcome{}).has_value());
}

TEST_CASE("outcomes of a store are of the futures that all options have", "[unit]") {
  const Scratch scratch;
  const auto read = read_scenario(scratch.write("spread.yaml", scenario));
  REQUIRE(read.ok());
  Experiment experiment(read, {"current", "fair"}, "");
  experiment.ask_headline_alone();
  const std::size_t n_options = experiment.variants().size();
  sim::RecordStore store(experiment.series(), experiment.lengths(), n_options,
                         experiment.n_replicates());
  CHECK(outcomes_of(store, experiment, experiment.question()).empty());
  for (std::size_t o = 0; o < n_options; ++o) store.write(o, 0, experiment.run(o, 0));
  store.write(0, 1, experiment.run(0, 1));
  const auto outcomes = outcomes_of(store, experiment, experiment.question());
  REQUIRE(outcomes.size() == n_options);
  for (const OptionOutcome& outcome : outcomes) CHECK(outcome.zero_years.size() == 1);
}
