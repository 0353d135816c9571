#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "analysis/laboratory.h"
#include "tests/support/run_program.h"
#include "tests/support/text.h"

using namespace musi;
using tests::Scratch;
using tests::contains;
using tests::file_text;
using tests::run_program;

namespace {

const std::string small = MUSI_SOURCE_DIR "/tests/scenarios/small.yaml";
const std::string lever = "funding.total_idr_bn_per_year";

/// In a folder of its own: goal keeps finished runs below the working directory.
std::string goal(const Scratch& scratch, const std::string& arguments) {
  return "cd " + scratch.file("") + " && " MUSI_PROGRAM " goal " + small + " " + arguments;
}

const std::string question =
    "--vary " + lever + " --between 1..151 --chance 5 --by 2026 --definition Z3b -n 20 ";

nlohmann::json last_event(const std::string& out, const std::string& name) {
  nlohmann::json found;
  std::size_t from = 0;
  for (std::size_t to = out.find('\n'); to != std::string::npos; to = out.find('\n', from)) {
    const auto event = nlohmann::json::parse(out.substr(from, to - from));
    if (event["event"] == name) found = event;
    from = to + 1;
  }
  return found;
}

/// Chance of Z3b by 2026 with the lever at a value, computed without the search.
double chance_at(analysis::Laboratory& laboratory, double value) {
  const std::size_t trial =
      laboratory.add({.values = {{.path = lever, .value = std::to_string(value) + "0"}}});
  laboratory.run(trial, 20);
  std::size_t n = 0;
  for (const double year : laboratory.outcomes(trial).zero_years("Z3b")) n += year <= 2026;
  return static_cast<double>(n) / 20.0;
}

}  // namespace

TEST_CASE("goal agrees with a brute-force sweep of the same futures", "[unit]") {
  const Scratch scratch;
  const auto json = run_program(goal(scratch, question + "--json"));
  REQUIRE(json.code == 0);
  const auto result = last_event(json.out, "result");
  REQUIRE(result["reachable"] == true);
  const double value = result["value"], low = result["low"], high = result["high"];
  CHECK(low <= value);
  CHECK(value <= high);
  CHECK(result["low_is_bound"] == (low == 1.0));
  CHECK(result["high_is_bound"] == (high == 151.0));
  const analysis::ReadResult read =
      analysis::read_scenario(small, {.sets = {"sampling.replicates=20"}});
  analysis::Laboratory laboratory(read);
  CHECK(100.0 * chance_at(laboratory, value) == Approx(result["chance_pct"].get<double>()));
  double swept = 1.0;
  while (chance_at(laboratory, swept) < 0.05) swept += 5.0;
  CHECK(swept + 5.0 >= low);
  CHECK(swept - 5.0 <= high);
  CHECK(last_event(json.out, "evaluation")["values"].contains(lever));
  CHECK(!std::filesystem::exists(scratch.file("results/small.goal.parts")));
}

TEST_CASE("an unreachable wish ends with 6, the best value and what blocks it", "[messages]") {
  const Scratch scratch;
  const auto text = run_program(goal(
      scratch, "--vary " + lever + " --between 1..40 --chance 90 --by 2026 --definition Z5 -n 8"));
  CHECK(text.code == 6);
  CHECK(contains(text.out, "No " + lever + " from 1 to 40 gives 90 % by 2026; the best is 0 %"));
  CHECK(contains(text.out, "What blocks it, of 100 hectare-years in the futures that fail: "));
  CHECK(contains(text.out, "money"));
  const auto id =
      run_program(goal(scratch, "--lang id --vary " + lever +
                                    " --between 1..40 --chance 90 --by 2026 --definition Z5 -n 8"));
  CHECK(contains(id.out, "Yang menghambat, dari 100 hektare-tahun"));
  CHECK(contains(id.out, "dana"));
}

TEST_CASE("goal asks another lever and then both", "[unit]") {
  const Scratch scratch;
  const std::string csv = scratch.file("tried.csv");
  const auto both = run_program(
      goal(scratch, "--vary " + lever +
                        " --between 1..150 --chance 5 --by 2026 --definition "
                        "Z3b -n 10 --also participation.facilitators.number=0..20 --plain -o " +
                        csv));
  INFO(both.err);
  CHECK(both.code == 0);
  CHECK(contains(both.out, "participation.facilitators.number\t20\t"));
  CHECK(contains(both.out, lever + " + participation.facilitators.number\t"));
  CHECK(file_text(csv).starts_with("lever,value,chance_pct,error_pct\n"));
  CHECK(contains(file_text(csv), "\ntogether,"));
}

TEST_CASE("a goal that was stopped goes on to the answer of an undisturbed one", "[unit]") {
  const Scratch scratch;
  const auto whole = run_program(goal(scratch, question));
  REQUIRE(whole.code == 0);
  const auto stopped = run_program(goal(scratch, question + "--time-limit 0.15s"));
  INFO(stopped.err);
  REQUIRE(stopped.code == 5);
  CHECK(contains(stopped.err, "--resume"));
  const auto again = run_program(goal(scratch, question));
  CHECK(again.code == 4);  // unfinished
  const auto other = run_program(
      goal(scratch, "--vary " + lever + " --between 1..99 --chance 5 --by 2026 -n 20 --resume"));
  CHECK(other.code == 3);
  CHECK(contains(other.err, "changed: vary, wish"));
  const auto resumed = run_program(goal(scratch, question + "--resume"));
  CHECK(resumed.code == 0);
  CHECK(resumed.out == whole.out);
  CHECK(contains(resumed.err, "runs are there already"));
}

TEST_CASE("wrong questions to goal end with 2", "[messages]") {
  const Scratch scratch;
  const auto refused = [&](const std::string& arguments) {
    const auto done = run_program(goal(scratch, arguments));
    CHECK(done.code == 2);
    return done.err;
  };
  CHECK(contains(refused("--vary funding.scale_pc --between 1..2"), "funding.scale_pct"));
  CHECK(contains(refused("--vary allocation.rule --between 1..2"), "is no number"));
  CHECK(contains(refused("--vary funding.scale_pct --between 400..5"), "smaller"));
  CHECK(contains(refused("--vary funding.scale_pct --between 400"), "two numbers"));
  CHECK(contains(refused("--vary funding.scale_pct --between 1..2 --by 2050"), "--by 2050"));
  CHECK(contains(refused("--vary funding.scale_pct --between 1..2 --definition Z9"), "Z2a"));
  CHECK(contains(refused("--vary funding.scale_pct --between 1..2 --set funding.scale_pct=3"),
                 "--set cannot fix it"));
  CHECK(contains(refused("--vary funding.scale_pct --between -100..200"), "command line"));
  CHECK(contains(refused("--vary funding.scale_pct --between 1..2 --option none"), "none"));
  CHECK(contains(run_program(MUSI_PROGRAM " goal --help").out, "6 no value reaches it"));
}
