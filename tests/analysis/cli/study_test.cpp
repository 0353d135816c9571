#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "tests/support/run_program.h"
#include "tests/support/text.h"

using namespace musi;
using tests::Scratch;
using tests::contains;
using tests::file_text;
using tests::run_program;

namespace {

const std::string script = "MUSI=" MUSI_PROGRAM " " MUSI_SOURCE_DIR "/scenarios/reproduce-study ";

}  // namespace

TEST_CASE("reproduce-study prints each fact beside the model and computes futures again",
          "[slow][golden]") {
  const Scratch scratch;
  const auto done = run_program(script + "-n 2 -o " + scratch.file("study"));
  INFO(done.out << done.err);
  REQUIRE(done.code == 0);
  CHECK(contains(done.out, "palembang-hindcast: 2 futures of each option"));
  CHECK(contains(done.out, "palembang-official-plan: 2 futures of each option"));
  const std::string table = file_text(scratch.file("study/study-facts.csv"));
  const std::string facts = file_text(MUSI_SOURCE_DIR "/scenarios/study_facts.csv");
  CHECK(std::count(table.begin(), table.end(), '\n') ==
        std::count(facts.begin(), facts.end(), '\n'));
  // The start is an input, so it is met exactly; the sites are counted.
  CHECK(contains(table, "S1-016,palembang-hindcast,traced,count,,59,points,59,59,59,inside"));
  CHECK(contains(table, "S1-021,palembang-hindcast,traced,slum_area_reported,2018,1729.84,ha,"));
}

TEST_CASE("reproduce-study refuses what it does not know", "[messages]") {
  CHECK(run_program(script + "--futures 3").code == 2);
  CHECK(run_program(script + "-n none").code == 2);
  CHECK(contains(run_program(script + "--help").out, "usage: scenarios/reproduce-study"));
}
