#include <catch2/catch.hpp>
#include <string>

#include "tests/support/run_program.h"
#include "tests/support/text.h"

using namespace musi;
using tests::contains;
using tests::run_program;

namespace {

std::string run(const std::string& arguments) {
  return MUSI_PROGRAM " run " MUSI_SOURCE_DIR "/tests/scenarios/small.yaml " + arguments;
}

}  // namespace

TEST_CASE("flags of run with bad values are wrong use", "[messages]") {
  for (const char* flags : {"-n 0",
                            "-n 2.5",
                            "-n 010",
                            "-n ten",
                            "--seed -1",
                            "--seed 9007199254740992",
                            "-j 0",
                            "--time-limit 10",
                            "--time-limit -5s",
                            "--time-limit 3days",
                            "--expect chance_by:2030",
                            "--expect 'other:chance_by:2022>=0'",
                            "--expect 'chance_by:2040>=0'",
                            "-o -",
                            "--option none",
                            "--set nothing",
                            "--set funding.scale_pc=5",
                            "--set funding.scale_pct=abc",
                            "-n 3 -n 4",
                            "--shard 2"}) {
    INFO(flags);
    const auto refused = run_program(run(flags));
    CHECK(refused.code == 2);
    CHECK(!refused.err.empty());
    CHECK(refused.out.empty());
  }
  CHECK(run_program("MUSI_THREADS=none " + run("")).code == 2);
}

TEST_CASE("a mistyped flag gets one suggestion and nothing is run", "[messages]") {
  const auto refused = run_program(run("--replicate 5"));
  CHECK(refused.code == 2);
  CHECK(contains(refused.err, "unknown flag '--replicate'; did you mean '--replicates'?"));
  CHECK(contains(refused.err, "see: musi run --help"));
}

TEST_CASE("help of every command ends with exit codes and an example", "[messages]") {
  for (const std::string name : {"init", "check", "run", "score", "inspect", "schema"}) {
    INFO(name);
    const auto help = run_program(MUSI_PROGRAM " " + name + " --help");
    CHECK(help.code == 0);
    CHECK(contains(help.out, "Exit codes: 0"));
    CHECK(contains(help.out, "Example: musi " + name));
  }
}

TEST_CASE("an unknown option of a file is named with the options that there are", "[messages]") {
  const auto refused = run_program(run("--option currant"));
  CHECK(refused.code == 2);
  CHECK(contains(refused.err, "--option 'currant' is not in the file"));
  CHECK(contains(refused.err, "did you mean 'current'?"));
  CHECK(contains(refused.err, "options: current, double"));
}
