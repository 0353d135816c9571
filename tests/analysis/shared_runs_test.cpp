#include "analysis/shared_runs.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <vector>

#include "analysis/provenance.h"
#include "analysis/result_file.h"
#include "sim/core/record_store.h"
#include "tests/support/run_program.h"
#include "tests/support/run_records.h"

using namespace musi;
using analysis::Experiment;
using analysis::SharedRuns;
using tests::Scratch;

namespace {

/// Options that part in different years, one that only starts like the others and one that does
/// not even do that.
const std::string scenario =
    "schema: 1\n"
    "name: branches\n"
    "city: " MUSI_SOURCE_DIR "/tests/scenarios/cities/small\n"
    "horizon: {start_year: 2019, end_year: 2026, forecast_from_year: 2021}\n"
    "targets: {headline_year: 2025, years: [2025]}\n"
    "funding: {total_idr_bn_per_year: \"2 to 6\"}\n"
    "options:\n"
    "  - {name: current}\n"
    "  - {name: double, set: {funding.scale_pct: 200}}\n"
    "  - {name: triple, set: {funding.scale_pct: 300}}\n"
    "  - {name: heard, set: {participation.complaint_channel.start_year: 2024}}\n"
    "  - {name: triple_heard, set: {funding.scale_pct: 300,\n"
    "                               participation.complaint_channel.start_year: 2024}}\n"
    "  - {name: fair, set: {allocation.rule: equity}}\n"
    "  - {name: crowded, set: {parameters.household_size_persons: 4.2}}\n"
    "sampling: {replicates: 20, seed: 5}\n";
constexpr std::size_t current = 0, twice = 1, triple = 2, heard = 3, triple_heard = 4, fair = 5,
                      crowded = 6;

using Runner = std::function<sim::RunRecord(std::size_t option, std::size_t replicate)>;

/// Hash of the result file of all runs.
std::string result(const Experiment& experiment, const Runner& runner, std::size_t n_threads,
                   const std::string& file) {
  sim::RecordStore store(experiment.series(), experiment.lengths(), experiment.variants().size(),
                         experiment.n_replicates());
  sim::RunPlan plan;
  plan.n_options = experiment.variants().size();
  plan.n_replicates = experiment.n_replicates();
  plan.batch = analysis::runs_per_batch;
  plan.run = runner;
  run_ensemble(plan, store, {.n_threads = n_threads});
  write_result(file, experiment.result_input(), store, sim::io::Existing::replace);
  return analysis::sha256_of_file(file);
}

}  // namespace

TEST_CASE("branched and unbranched results are equal to the byte, for 1, 2 and 7 threads",
          "[property]") {
  const Scratch scratch;
  const auto read = analysis::read_scenario(scratch.write("branches.yaml", scenario));
  REQUIRE(read.ok());
  const Experiment experiment(read, {}, "");
  const std::string unbranched = result(
      experiment,
      [&](std::size_t o, std::size_t r) { return experiment.run(o, r); }, 2,
      scratch.file("unbranched.h5"));
  for (const std::size_t n_threads : {1u, 2u, 7u}) {
    SharedRuns runs(experiment, [](std::size_t, std::size_t) { return true; });
    CHECK(result(
              experiment, [&](std::size_t o, std::size_t r) { return runs.run(o, r); }, n_threads,
              scratch.file("branched.h5")) == unbranched);
  }
}

TEST_CASE("options share their run up to their first difference", "[unit]") {
  const Scratch scratch;
  const auto read = analysis::read_scenario(scratch.write("branches.yaml", scenario));
  REQUIRE(read.ok());
  const Experiment experiment(read, {}, "");
  SharedRuns runs(experiment, [](std::size_t, std::size_t) { return true; });
  CHECK(runs.group(current) ==
        std::vector<std::size_t>{current, twice, triple, heard, triple_heard, fair});
  CHECK(runs.group(crowded) == std::vector<std::size_t>{crowded});
  CHECK(runs.first_difference(current, twice) == 18);   // July 2020: money of 2021 is foreseen
  CHECK(runs.first_difference(twice, triple) == 18);
  CHECK(runs.first_difference(heard, current) == 54);   // July 2023
  CHECK(runs.first_difference(triple, triple_heard) == 54);
  CHECK(runs.first_difference(current, fair) == 0);     // only the starting state
}

TEST_CASE("a run that nobody wants is not computed, one that was asked for twice is found again",
          "[unit]") {
  const Scratch scratch;
  const auto read = analysis::read_scenario(scratch.write("branches.yaml", scenario));
  REQUIRE(read.ok());
  const Experiment experiment(read, {}, "");
  std::size_t n_computed = 0;
  SharedRuns runs(
      experiment, [](std::size_t option, std::size_t) { return option != fair; },
      [&] { ++n_computed; });
  const auto first = runs.run(current, 3);
  CHECK(n_computed == 5);  // all of the group but one
  const auto kept = runs.run(triple_heard, 3);
  CHECK(n_computed == 5);
  CHECK(tests::are_equal(kept, experiment.run(triple_heard, 3)));
  CHECK(tests::are_equal(runs.run(current, 3), first));
  CHECK(n_computed == 6);  // it was handed over before
  runs.run(fair, 3);
  CHECK(n_computed == 7);
}

TEST_CASE("after a request to stop no further option is begun", "[unit]") {
  const Scratch scratch;
  const auto read = analysis::read_scenario(scratch.write("branches.yaml", scenario));
  REQUIRE(read.ok());
  const Experiment experiment(read, {}, "");
  sim::Cancellation cancellation;
  std::size_t n_computed = 0;
  SharedRuns runs(
      experiment, [](std::size_t, std::size_t) { return true; }, [&] { ++n_computed; },
      &cancellation);
  cancellation.request(sim::StopReason::interrupted);
  const auto record = runs.run(twice, 0);
  CHECK(n_computed == 1);
  CHECK(tests::are_equal(record, experiment.run(twice, 0)));
}
