#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/support/run_program.h"

using namespace musi;
using tests::run_program;
using tests::Scratch;

namespace {

const std::string small = MUSI_SOURCE_DIR "/tests/scenarios/small.yaml";

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string result_of_small(const Scratch& scratch, const std::string& flags) {
  const std::string result = scratch.file("small.h5");
  REQUIRE(run_program(MUSI_PROGRAM " run " + small + " --option current -o " + result + " " + flags)
              .code == 0);
  return result;
}

}  // namespace

TEST_CASE("drivers of a result ranks inputs, with money first for money spent", "[unit]") {
  const Scratch scratch;
  const std::string result = result_of_small(scratch, "-n 80 --set sampling.design=random");
  const std::string command = MUSI_PROGRAM " drivers " + result + " --of paid_idr_bn:2020..2026 ";
  const auto table = run_program(command + "--top 3");
  INFO(table.err << table.out);
  REQUIRE(table.code == 0);
  CHECK(contains(table.out, "money spent 2020 to 2026, Rp billion: "));
  CHECK(contains(table.out, "inputs stand out from chance (false discovery rate 10 %)"));
  CHECK(contains(table.out, " funding.total_idr_bn_per_year: rises from "));
  CHECK(contains(table.out, "more; --top)"));
  const auto json = run_program(command + "--json");
  const std::string line = json.out.substr(json.out.find("{\"event\":\"result\""));
  const auto first = nlohmann::json::parse(line.substr(0, line.find('\n')));
  CHECK(first["input"] == "funding.total_idr_bn_per_year");
  CHECK(first["high"].get<double>() > first["low"].get<double>());
  CHECK(first["effect_low"].get<double>() > 0.0);
  CHECK(first["stands_out"] == true);
  CHECK(first["first_order"].is_null());
  const auto id = run_program(command + "--lang id");
  CHECK(contains(id.out, "masukan menonjol di atas kebetulan"));
  CHECK(contains(run_program(command + "--plain").out, "input\tunit\teffect\teffect_low\t"));
}

TEST_CASE("wrong questions to drivers are refused with their code", "[messages]") {
  const Scratch scratch;
  const std::string result = result_of_small(scratch, "-n 8");
  const std::string command = MUSI_PROGRAM " drivers " + result + " ";
  CHECK(contains(run_program(command).out, "The outcome is the same in all futures"));
  const auto unknown = run_program(command + "--of chance_bye:2025");
  CHECK(unknown.code == 2);
  CHECK(contains(unknown.err, "did you mean 'chance_by'?"));
  CHECK(contains(run_program(command + "--of chance_by:1990").err, "holds 2019 to 2026"));
  CHECK(run_program(command + "--top 0").code == 2);
  CHECK(run_program(command + "--method anova").code == 2);
  CHECK(run_program(command + "--option half").code == 2);
  CHECK(run_program(MUSI_PROGRAM " drivers " + scratch.file("none.h5")).code == 4);
  CHECK(contains(run_program(MUSI_PROGRAM " drivers --help").out, "Exit codes: 0 done"));
}
