#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <string>

#include "analysis/results.h"
#include "tests/support/run_program.h"
#include "tests/support/text.h"

using namespace musi;
using tests::Scratch;
using tests::contains;
using tests::file_text;
using tests::run_program;

namespace {

namespace fs = std::filesystem;

/// The small city with other options, sampling and sweep.
std::string scenario(const Scratch& scratch, const std::string& tail) {
  fs::copy(MUSI_SOURCE_DIR "/tests/scenarios/cities", scratch.file("cities"),
           fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  return scratch.write("searched.yaml",
                       "schema: 1\nname: searched\ncity: cities/small\n"
                       "horizon: {start_year: 2019, end_year: 2026, forecast_from_year: 2020}\n"
                       "zero: {definition: Z3b}\n"
                       "targets: {headline_year: 2026, years: [2026]}\n"
                       "funding:\n  total_idr_bn_per_year: \"2 to 6\"\n" +
                           tail);
}

std::string run(const std::string& arguments) { return MUSI_PROGRAM " run " + arguments; }

const std::string solved_options =
    "options:\n"
    "  - name: current\n"
    "  - name: target\n"
    "    solve_for:\n"
    "      vary: funding.scale_pct\n"
    "      between: [100, 3100]\n"
    "      until: {chance_of_zero: {by_year: 2026, at_least_pct: 20}}\n"
    "sampling: {replicates: 16, seed: 17}\n";

}  // namespace

TEST_CASE("run finds the lever of solve_for and runs the option with it", "[unit]") {
  const Scratch scratch;
  const std::string file = scenario(scratch, solved_options);
  const std::string output = scratch.file("a.h5");
  const auto done = run_program(run(file + " -o " + output));
  INFO(done.err);
  REQUIRE(done.code == 0);
  CHECK(contains(done.out, "target needs funding.scale_pct = "));
  CHECK(!fs::exists(scratch.file("a.solve.parts")));
  const analysis::Results results(output);
  CHECK(results.file().texts("option_kind") == std::vector<std::string>{"given", "solved"});
  CHECK(results.file().numbers("has_solved") == std::vector<double>{0, 1});
  const double value = results.file().numbers("solved_value")[1];
  CHECK(value > 100.0);
  CHECK(results.file().numbers("solved_low")[1] <= value);
  CHECK(results.file().numbers("solved_high")[1] >= value);
  std::size_t n = 0;
  for (const double year : results.zero_years(1, results.definition_index("Z3b"))) {
    n += year <= 2026;
  }
  CHECK(n >= 1);  // 5 % of 16
  CHECK(contains(results.provenance_text("resolved_yaml"), "# solved"));
  const auto again = run_program(run(file + " -o " + output));
  CHECK(again.code == 0);
  CHECK(contains(again.err, "is up to date"));
  CHECK(again.out == done.out);
}

TEST_CASE("a lever that cannot reach the wish is run at its best, with code 6", "[messages]") {
  const Scratch scratch;
  const std::string file = scenario(
      scratch,
      "options:\n  - name: target\n    solve_for: {vary: funding.scale_pct, between: [50, 100], "
      "until: {chance_of_zero: {by_year: 2026, at_least_pct: 99}}}\n"
      "sampling: {replicates: 6, seed: 17}\n");
  const auto done = run_program(run(file + " -o " + scratch.file("a.h5")));
  INFO(done.err);
  CHECK(done.code == 6);
  CHECK(contains(done.out, "no funding.scale_pct from 50 to 100 is enough"));
  CHECK(run_program(run(file + " -o " + scratch.file("a.h5"))).code == 6);  // up to date
}

TEST_CASE("a search that was stopped goes on with the same numbers", "[unit]") {
  const Scratch scratch;
  const std::string file = scenario(scratch, solved_options);
  REQUIRE(run_program(run(file + " -o " + scratch.file("whole.h5"))).code == 0);
  const std::string output = scratch.file("a.h5");
  const auto stopped = run_program(run(file + " --time-limit 0.1s -o " + output));
  INFO(stopped.err);
  REQUIRE(stopped.code == 5);
  CHECK(run_program(run(file + " -o " + output)).code == 4);
  const auto resumed = run_program(run(file + " --resume -o " + output));
  INFO(resumed.err);
  REQUIRE(resumed.code == 0);
  CHECK(file_text(output) == file_text(scratch.file("whole.h5")));
}

TEST_CASE("a sweep runs its points beside the options and --no-sweep leaves them out", "[unit]") {
  const Scratch scratch;
  const std::string file = scenario(scratch,
                                    "options:\n  - {name: current}\n  - {name: double, set: "
                                    "{funding.scale_pct: 200}}\n"
                                    "sweep: {axes: {funding.scale_pct: {from: 50, to: 150, step: "
                                    "50}, participation.facilitators.number: [0, 4]}}\n"
                                    "sampling: {replicates: 3, seed: 17}\n");
  const auto done = run_program(run(file + " -o " + scratch.file("a.h5")));
  INFO(done.err);
  REQUIRE(done.code == 0);
  CHECK(contains(done.out, "6 points of the sweep are in the result file"));
  const analysis::Results results(scratch.file("a.h5"));
  REQUIRE(results.options().size() == 8);
  CHECK(results.options()[2] == "grid-0001");
  CHECK(results.file().texts("option_kind")[7] == "sweep");
  CHECK(results.file().texts("option_base")[7] == "current");
  const std::vector<double> lever = results.file().numbers("lever_funding_scale_pct");
  CHECK(std::vector<double>(lever.begin() + 2, lever.end()) ==
        std::vector<double>{50, 50, 100, 100, 150, 150});
  REQUIRE(run_program(run(file + " --no-sweep -o " + scratch.file("b.h5"))).code == 0);
  const analysis::Results without(scratch.file("b.h5"));
  CHECK(without.options() == std::vector<std::string>{"current", "double"});
  // The points change nobody's luck.
  CHECK(without.series("slum_area", 1) == results.series("slum_area", 1));
}

TEST_CASE("a run stops when the headline is exact enough, at the same future for any threads",
          "[property]") {
  const Scratch scratch;
  const std::string file =
      scenario(scratch,
               "options:\n  - {name: current}\n  - {name: double, set: {funding.scale_pct: 200}}\n"
               "sampling: {replicates: 200, seed: 17, stop_early: {half_width_pct: 8}}\n");
  const auto one = run_program(run(file + " -j 1 -o " + scratch.file("one.h5")));
  INFO(one.err);
  REQUIRE(one.code == 0);
  CHECK(contains(one.err, "exact enough after "));
  const analysis::Results results(scratch.file("one.h5"));
  CHECK(results.is_complete());
  CHECK(results.n_replicates() % 16 == 0);
  CHECK(results.n_replicates() < 200);
  CHECK(results.n_replicates() == results.replicates_planned());
  REQUIRE(run_program(run(file + " -j 3 -o " + scratch.file("three.h5"))).code == 0);
  CHECK(file_text(scratch.file("one.h5")) == file_text(scratch.file("three.h5")));
  const auto again = run_program(run(file + " -o " + scratch.file("one.h5")));
  CHECK(contains(again.err, "is up to date"));
  const auto finer = run_program(
      run(file + " --set sampling.stop_early.half_width_pct=0.5 -n 40 -o " + scratch.file("c.h5")));
  CHECK(finer.code == 0);
  CHECK(analysis::Results(scratch.file("c.h5")).n_replicates() == 40);
}
