#include "analysis/scenario/schema.h"

#include <catch2/catch.hpp>
#include <string>

#include "tests/support/run_program.h"
#include "tests/support/text.h"

using namespace musi;
using tests::Scratch;
using tests::contains;
using tests::run_program;

namespace {

std::string schema(const std::string& arguments) { return MUSI_PROGRAM " schema " + arguments; }

}  // namespace

TEST_CASE("schema prints the JSON Schema and the key list of the one table", "[unit]") {
  CHECK(run_program(schema("")).out == analysis::json_schema());
  CHECK(run_program(schema("--markdown")).out == analysis::markdown_key_list());
}

TEST_CASE("schema explains a key and suggests the nearest for a wrong one", "[messages]") {
  const auto explained = run_program(schema("--key funding.scale_pct"));
  CHECK(explained.code == 0);
  CHECK(contains(explained.out, "funding.scale_pct"));
  const auto wrong = run_program(schema("--key funding.scale_pc"));
  CHECK(wrong.code == 2);
  CHECK(contains(wrong.err, "did you mean 'funding.scale_pct'?"));
}

TEST_CASE("schema writes a file once and replaces it only with --force", "[messages]") {
  const Scratch scratch;
  const std::string file = scratch.file("deep/scenario.schema.json");
  CHECK(run_program(schema("-o " + file)).code == 0);
  CHECK(tests::file_text(file) == analysis::json_schema());
  CHECK(run_program(schema("-o " + file)).code == 4);
  CHECK(run_program(schema("-o " + file + " --force")).code == 0);
}

TEST_CASE("a full disk behind stdout is exit code 4", "[messages]") {
  const auto full = run_program(schema("> /dev/full"));
  CHECK(full.code == 4);
  CHECK(contains(full.err, "cannot write to stdout"));
}

TEST_CASE("an unknown command is refused, not run", "[messages]") {
  const auto unknown = run_program(MUSI_PROGRAM " forecast");
  CHECK(unknown.code == 2);
  CHECK(contains(unknown.err, "unknown command 'forecast'"));
}
