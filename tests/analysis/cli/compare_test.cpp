#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/support/run_program.h"
#include "tests/support/text.h"

using namespace musi;
using tests::Scratch;
using tests::contains;
using tests::run_program;

namespace {

const std::string small = MUSI_SOURCE_DIR "/tests/scenarios/small.yaml";

}  // namespace

TEST_CASE("compare sets options of a run side by side", "[unit]") {
  const Scratch scratch;
  const std::string result = scratch.file("small.h5");
  REQUIRE(run_program(MUSI_PROGRAM " run " + small + " -n 6 -o " + result).code == 0);
  const auto table = run_program(MUSI_PROGRAM " compare " + result);
  INFO(table.err);
  CHECK(table.code == 0);
  CHECK(contains(table.out, "funding.scale_pct   100"));
  CHECK(contains(table.out, "double is earlier than current in "));
  const auto json =
      run_program(MUSI_PROGRAM " compare --json " + result + " --metric paid_idr_bn:2020..2026");
  REQUIRE(json.code == 0);
  const std::string line = json.out.substr(json.out.find("{\"event\":\"result\""));
  const auto event = nlohmann::json::parse(line.substr(0, line.find('\n')));
  CHECK(event["paired"][0]["option"] == "double");
  CHECK(event["paired"][0]["is_paired"] == true);
  CHECK(event["paired"][0]["differences"][0]["difference"][0].get<double>() > 0.0);
  CHECK(event["assumptions"][0]["path"] == "funding.scale_pct");
}

TEST_CASE("compare refuses what is wrong with its code", "[messages]") {
  const Scratch scratch;
  const std::string result = scratch.file("small.h5");
  REQUIRE(run_program(MUSI_PROGRAM " run " + small + " -n 2 -o " + result).code == 0);
  CHECK(run_program(MUSI_PROGRAM " compare " + scratch.file("none.h5")).code == 4);
  CHECK(run_program(MUSI_PROGRAM " compare " + small).code == 4);
  const auto other = scratch.file("other.h5");
  REQUIRE(run_program(MUSI_PROGRAM " run " + small + " -n 2 --set zero.definition=Z1 -o " + other)
              .code == 0);
  const auto mixed = run_program(MUSI_PROGRAM " compare " + result + " " + other);
  CHECK(mixed.code == 3);
  CHECK(contains(mixed.err, "the definition of zero differs: Z1 here, Z2a in"));
  const auto baseline = run_program(MUSI_PROGRAM " compare " + result + " --baseline half");
  CHECK(baseline.code == 2);
  CHECK(contains(baseline.err, "--baseline 'half' is none of current, double"));
  CHECK(run_program(MUSI_PROGRAM " compare " + result + " --format pdf").code == 2);
  CHECK(run_program(MUSI_PROGRAM " compare " + result + " --metric chance_by:1990").code == 2);
  CHECK(contains(run_program(MUSI_PROGRAM " compare --help").out, "Exit codes: 0 done"));
}
