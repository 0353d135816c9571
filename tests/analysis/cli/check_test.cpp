#include <catch2/catch.hpp>
#include <string>

#include "tests/support/run_program.h"
#include "tests/support/text.h"

using namespace musi;
using tests::Scratch;
using tests::contains;
using tests::run_program;

namespace {

const std::string small = MUSI_SOURCE_DIR "/tests/scenarios/small.yaml";
const std::string city = MUSI_SOURCE_DIR "/tests/scenarios/cities/small";

std::string check(const std::string& arguments) { return MUSI_PROGRAM " check " + arguments; }

/// The small scenario with one more line.
std::string with_line(const Scratch& scratch, const std::string& line) {
  std::string text = tests::file_text(small) + line + "\n";
  const std::string from = "city: cities/small";
  text.replace(text.find(from), from.size(), "city: " + city);
  return scratch.write("changed.yaml", text);
}

}  // namespace

TEST_CASE("check prints the plan of a valid scenario and runs nothing", "[messages]") {
  const auto checked = run_program(check(small));
  CHECK(checked.code == 0);
  CHECK(contains(checked.out, "small.yaml   3 sites, 8 RT, 390 households\n"));
  CHECK(contains(checked.out, "2 options x 40 futures, monthly 2019-2026   seed 17"));
  CHECK(contains(checked.out, "80 runs, about "));
  CHECK(contains(checked.out, " uncertain inputs, "));
  CHECK(checked.out.ends_with("valid, 1 warning\n"));  // of few futures
  CHECK(contains(run_program(check(small + " -n 100")).out, "200 runs, about "));
  CHECK(contains(run_program(check(small + " --option double")).out, "1 option x 40 futures"));
}

TEST_CASE("check speaks Indonesian", "[messages]") {
  const auto checked = run_program(check(small + " --lang id"));
  CHECK(contains(checked.out, "2 opsi x 40 kemungkinan"));
  CHECK(checked.out.ends_with("sah, 1 peringatan\n"));
}

TEST_CASE("check --resolved prints each value with its origin", "[messages]") {
  const auto resolved =
      run_program(check(small + " --resolved --option double --set zero.tolerance_pct=2"));
  CHECK(resolved.code == 0);
  CHECK(contains(resolved.out, "# small.yaml:"));
  CHECK(contains(resolved.out, "# built in"));
  CHECK(contains(resolved.out, "# command line"));
  CHECK(contains(resolved.out, "scale_pct: 200"));
}

TEST_CASE("check takes a city folder, a survey sheet and standard input", "[unit]") {
  const auto folder = run_program(check(city));
  CHECK(folder.code == 0);
  CHECK(contains(folder.out, "3 sites, 2 synthetic areas"));
  const auto sheet = run_program(check(MUSI_SOURCE_DIR "/scenarios/cities/palembang/sites.csv"));
  CHECK(sheet.code == 3);  // a table of sites is no survey sheet
  const Scratch scratch;
  const std::string absolute = with_line(scratch, "");
  const auto piped = run_program("cat " + absolute + " | " + check("-"));
  CHECK(piped.code == 0);
  CHECK(run_program(check("- - < " + absolute)).code == 2);
}

TEST_CASE("an invalid scenario is 3, a bad --set 2, a missing file 4", "[messages]") {
  const Scratch scratch;
  const auto invalid = run_program(check(with_line(scratch, "anual: 1")));
  CHECK(invalid.code == 3);
  CHECK(contains(invalid.err, "changed.yaml:"));
  CHECK(contains(invalid.err, "unknown key 'anual'"));
  CHECK(contains(invalid.err, "Nothing was run."));
  CHECK(run_program(check(small + " --set zero.tolerance_pct=x")).code == 2);
  const auto missing = run_program(check(MUSI_SOURCE_DIR "/tests/scenarios/smal.yaml"));
  CHECK(missing.code == 4);
  CHECK(contains(missing.err, "did you mean"));
  CHECK(run_program(check(scratch.file("none") + "/x.yaml")).code == 4);
}

TEST_CASE("check --strict turns warnings into errors", "[messages]") {
  // Under 100 futures with a chance as headline is a warning.
  const auto lenient = run_program(check(small));
  CHECK(lenient.code == 0);
  CHECK(contains(lenient.err, "warning: 40 futures leave chances uncertain"));
  const auto strict = run_program(check(small + " --strict"));
  CHECK(strict.code == 3);
  CHECK(contains(strict.err, "error: 40 futures leave chances uncertain"));
}

TEST_CASE("check --json gives plan, result and end, and nothing on stderr", "[unit]") {
  const auto json = run_program(check(small + " --json"));
  CHECK(json.code == 0);
  CHECK(json.err.empty());
  CHECK(contains(json.out, "\"event\":\"plan\""));
  CHECK(contains(json.out, "\"runs\":80,\"runs_exact\":true"));
  CHECK(contains(json.out, "\"event\":\"result\""));
  CHECK(contains(json.out, "\"errors\":0"));
  CHECK(contains(json.out, "\"event\":\"end\""));
}
