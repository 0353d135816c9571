#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "analysis/results.h"
#include "tests/support/run_program.h"
#include "tests/support/text.h"

using namespace musi;
using tests::Scratch;
using tests::contains;
using tests::run_program;

namespace {

const std::string small = MUSI_SOURCE_DIR "/tests/scenarios/small.yaml";

std::string frontier(const Scratch& scratch, const std::string& arguments) {
  return "cd " + scratch.file("") + " && " MUSI_PROGRAM " frontier " + small + " " + arguments;
}

}  // namespace

TEST_CASE("frontier tells the chance lever by line and saves its points", "[unit]") {
  const Scratch scratch;
  const auto done = run_program(frontier(
      scratch,
      "--vary funding.scale_pct --between 100..3100 --points 3 --lines "
      "participation.facilitators.number=0,20 --by 2026 --definition Z3b -n 8 --plain -o f.h5"));
  INFO(done.err);
  REQUIRE(done.code == 0);
  CHECK(contains(done.out, "funding.scale_pct\tparticipation.facilitators.number = 0\t"));
  CHECK(contains(done.out, "\n1600\t"));
  const analysis::Results results(scratch.file("f.h5"));
  CHECK(results.options().size() == 6);
  CHECK(results.file().texts("option_kind")[0] == "sweep");
  CHECK(results.file().numbers("lever_funding_scale_pct") ==
        std::vector<double>{100, 100, 1600, 1600, 3100, 3100});
  CHECK(!std::filesystem::exists(scratch.file("results/small.frontier.parts")));
  // Points may be compared, though they keep no yearly series.
  CHECK(run_program(MUSI_PROGRAM " compare " + scratch.file("f.h5")).code == 0);
}

TEST_CASE("frontier finds the cheapest mix of two levers that reaches the wish", "[unit]") {
  const Scratch scratch;
  const auto done = run_program(
      frontier(scratch,
               "--mix funding.scale_pct=100..3100 --mix participation.facilitators.number=0..20 "
               "--chance 5 --by 2026 --definition Z3b -n 8"));
  INFO(done.err);
  REQUIRE(done.code == 0);
  CHECK(contains(done.out, "Cheapest mix for 5 % by 2026 (Z3b)"));
  CHECK(std::filesystem::exists(scratch.file("results/small-frontier.h5")));
  const auto none = run_program(
      frontier(scratch,
               "--mix funding.scale_pct=10..20 --mix participation.facilitators.number=0..2 "
               "--chance 99 --by 2022 --definition Z5 -n 4 -o none.h5"));
  CHECK(none.code == 6);
  CHECK(contains(none.out, "No mix gives 99 % by 2022 (Z5)"));
}

TEST_CASE("wrong questions to frontier end with 2", "[messages]") {
  const Scratch scratch;
  const auto code = [&](const std::string& arguments) {
    return run_program(frontier(scratch, arguments)).code;
  };
  CHECK(code("") == 2);
  CHECK(code("--vary funding.scale_pct") == 2);
  CHECK(code("--mix funding.scale_pct=1..2") == 2);
  CHECK(code("--mix funding.scale_pct=1..2 --mix funding.scale_pct=1..3") == 2);
  CHECK(code("--vary funding.scale_pct --between 1..2 --lines allocation.rule=none") == 2);
  CHECK(contains(run_program(MUSI_PROGRAM " frontier --help").out, "6 no mix reaches it"));
}

TEST_CASE("points of a frontier are identical when they are computed again, also from a report",
          "[unit]") {
  const Scratch scratch;
  const std::vector<std::string> questions{
      "--vary funding.scale_pct --between 100..3100 --points 2 --option double --lines "
      "participation.facilitators.number=0,20 --by 2026 -n 6 -j 2 -o ",
      "--mix funding.scale_pct=10..20 --mix participation.facilitators.number=0..2 "
      "--chance 99 --by 2022 --definition Z5 -n 4 -o ",
  };
  for (std::size_t i = 0; i < questions.size(); ++i) {
    const std::string file = scratch.file("f" + std::to_string(i) + ".h5");
    REQUIRE(run_program(frontier(scratch, questions[i] + file)).code == (i == 0 ? 0 : 6));
    const auto again = run_program("cd " + scratch.file("") + " && " MUSI_PROGRAM " reproduce " +
                                   file + " -j 1");
    INFO(again.err << again.out);
    CHECK(again.code == 0);
    CHECK(contains(again.out, "bytes equal"));
    CHECK(contains(again.out, " identical\n"));
  }
  const std::string result = scratch.file("f0.h5"), page = scratch.file("f0.html");
  REQUIRE(run_program(MUSI_PROGRAM " report " + result + " -o " + page).code == 0);
  std::filesystem::remove(result);
  const auto again =
      run_program("cd " + scratch.file("") + " && " MUSI_PROGRAM " reproduce " + page);
  INFO(again.err << again.out);
  CHECK(again.code == 0);
  CHECK(contains(again.out, " identical\n"));
}
