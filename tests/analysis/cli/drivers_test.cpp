#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "analysis/driver_file.h"
#include "tests/support/run_program.h"
#include "tests/support/text.h"

using namespace musi;
using tests::Scratch;
using tests::contains;
using tests::file_text;
using tests::run_program;

namespace {

const std::string small = MUSI_SOURCE_DIR "/tests/scenarios/small.yaml";

std::string result_of_small(const Scratch& scratch, const std::string& flags) {
  const std::string result = scratch.file("small.h5");
  REQUIRE(run_program(MUSI_PROGRAM " run " + small + " --option current -o " + result + " " + flags)
              .code == 0);
  return result;
}

/// In a folder of its own: designs keep finished runs below the working directory.
std::string design(const Scratch& scratch, const std::string& arguments,
                   const std::string& before = "") {
  return "cd " + scratch.file("") + " && " + before + MUSI_PROGRAM " drivers " + small + " " +
         arguments;
}

const std::string money = "--inputs funding.total_idr_bn_per_year --of paid_idr_bn:2020..2026 ";

nlohmann::json drivers_file(const Scratch& scratch) {
  return nlohmann::json::parse(file_text(scratch.file("results/small-drivers.json")));
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

TEST_CASE("inputs that a small design moves together are named", "[unit]") {
  // 60 points of Sobol's sequence: two of the 238 inputs run against each other.
  const Scratch scratch;
  const auto table = run_program(MUSI_PROGRAM " drivers " + result_of_small(scratch, "-n 60") +
                                 " --of paid_idr_bn:2020..2026");
  INFO(table.out);
  CHECK(contains(table.out,
                 "cannot be told apart from parameters.officer_rate_per_month, which "
                 "moves with it here (correlation -"));
}

TEST_CASE("wrong questions to drivers are refused with their code", "[messages]") {
  const Scratch scratch;
  const std::string result = result_of_small(scratch, "-n 8");
  const std::string command = MUSI_PROGRAM " drivers " + result + " ";
  CHECK(contains(run_program(command).out, "The outcome is the same in all futures"));
  const auto unknown = run_program(command + "--of chance_bye:2025");
  CHECK(unknown.code == 2);
  CHECK(contains(unknown.err, "did you mean 'chance_by'?"));
  CHECK(contains(run_program(command + "--of chance_by:1990").err, "the years are 2019 to 2026"));
  CHECK(run_program(command + "--top 0").code == 2);
  CHECK(run_program(command + "--method anova").code == 2);
  CHECK(run_program(command + "--option half").code == 2);
  CHECK(run_program(MUSI_PROGRAM " drivers " + scratch.file("none.h5")).code == 4);
  CHECK(contains(run_program(MUSI_PROGRAM " drivers --help").out, "Exit codes: 0 done"));
}

TEST_CASE("a Sobol design says its runs first, runs them, and finds the money", "[unit]") {
  const Scratch scratch;
  const auto text = run_program(design(scratch, money + "-n 16"));
  INFO(text.err << text.out);
  REQUIRE(text.code == 0);
  // One input, all others as one, the luck: 16 (2 x 3 + 2).
  const std::size_t said = text.err.find("128 runs = 16 x (2 x (2 + 1) + 2)");
  REQUIRE(said != std::string::npos);
  CHECK(said < text.err.find("done  128 runs"));
  CHECK(contains(text.out, " input "));
  CHECK(contains(text.out, "alone (95 %)"));
  CHECK(contains(text.out, " Chance events alone explain "));
  const auto file = drivers_file(scratch);
  CHECK(file["drivers_format"] == 1);
  CHECK(file["method"] == "sobol");
  CHECK(file["runs"] == 128);
  REQUIRE(file["rows"].size() == 3);
  double shares = 0.0;
  for (const auto& row : file["rows"]) {
    shares += row["first_order"][0].get<double>();
    CHECK(row["total"][1].get<double>() <= row["total"][0].get<double>());
    CHECK(row["total"][0].get<double>() <= row["total"][2].get<double>());
    if (row["path"] == "funding.total_idr_bn_per_year") {
      CHECK(row["first_order"][0].get<double>() > 0.2);
      CHECK(row["effect"].get<double>() > 0.0);
    }
  }
  CHECK(shares < 1.4);
  CHECK(!std::filesystem::exists(scratch.file("results/small.drivers.parts")));
  CHECK(run_program(design(scratch, money + "-n 16")).code == 4);  // the file exists
}

TEST_CASE("a Morris design moves every group once per trajectory", "[unit]") {
  const Scratch scratch;
  const auto json = run_program(design(scratch,
                                       "--groups --method morris -n 2 --json "
                                       "--of slum_area_ha:2025"));
  REQUIRE(json.code == 0);
  const auto file = drivers_file(scratch);
  CHECK(file["method"] == "morris");
  const std::size_t n_factors = file["rows"].size() - 1;  // besides chance events
  CHECK(n_factors > 10);
  CHECK(file["runs"] == 2 * (n_factors + 2));
  CHECK(contains(json.out,
                 "\"runs\":" + std::to_string(2 * (n_factors + 2)) + ",\"runs_exact\":true"));
  CHECK(contains(json.out, "\"input\":\"chance events\""));
  CHECK(contains(json.out, "\"stage\":\"run\""));
  const auto table = run_program(design(scratch,
                                        "--groups --method morris -n 2 --force "
                                        "--of slum_area_ha:2025"));
  CHECK(contains(table.out, " Another luck alone changes the outcome by "));
}

TEST_CASE("a design that was stopped goes on to the bytes of an undisturbed one", "[unit]") {
  const std::string question = money + "--method morris -n 96 ";
  const Scratch quiet, disturbed;
  const auto whole = run_program(design(quiet, question + "-j 2"));
  REQUIRE(whole.code == 0);
  const auto late = run_program(design(disturbed, question + "--time-limit 0.3s"));
  INFO(late.err);
  REQUIRE(late.code == 5);
  CHECK(contains(late.err, "--resume"));
  CHECK(!std::filesystem::exists(disturbed.file("results/small-drivers.json")));
  CHECK(run_program(design(disturbed, question)).code == 4);  // unfinished
  const auto other = run_program(design(disturbed, money + "--method sobol -n 24 --resume"));
  CHECK(other.code == 3);
  CHECK(contains(other.err, "changed: method"));
  const auto interrupted = run_program(
      design(disturbed, question + "--resume -j 1", "timeout --preserve-status -s INT 0.6 "));
  CHECK((interrupted.code == 130 || interrupted.code == 0));
  const auto resumed = run_program(
      design(disturbed, question + "-j 1 " + (interrupted.code == 0 ? "--force" : "--resume")));
  REQUIRE(resumed.code == 0);
  CHECK(resumed.out == whole.out);
  CHECK(file_text(disturbed.file("results/small-drivers.json")) ==
        file_text(quiet.file("results/small-drivers.json")));
}

TEST_CASE("a design that cannot be asked for is refused before anything runs", "[messages]") {
  const Scratch scratch;
  const auto refused = [&](const std::string& arguments) {
    const auto done = run_program(design(scratch, arguments));
    CHECK(done.code == 2);
    return done.err;
  };
  CHECK(contains(refused("--method sobol"), "name the inputs that matter with --inputs PATH"));
  CHECK(contains(refused("--method regional"), "needs a result"));
  CHECK(contains(refused("--inputs funding.total_idr_bn_per_yer"),
                 "did you mean 'funding.total_idr_bn_per_year'?"));
  CHECK(contains(refused(money + "--inputs funding.total_idr_bn_per_year"), "named twice"));
  CHECK(contains(refused(money + "--groups"), "either --inputs or --groups"));
  CHECK(contains(refused("--of chance_by:1990"), "2019 to 2026"));
  CHECK(contains(refused("--set sampling.uncertainty=off"), "nothing varies"));
}

TEST_CASE("a report shows the design beside its result, else the quarters", "[unit]") {
  const Scratch scratch;
  const std::string result = result_of_small(scratch, "-n 12");
  const analysis::Results results(result);
  const auto quarters = nlohmann::json::parse(analysis::page_drivers(results, 0, 80.0));
  CHECK(quarters["method"] == "regional");
  CHECK(quarters["of"] == "slum_area_ha:2025");  // the chance is 100 % in all futures
  CHECK(quarters["rows"].size() == 20);
  const std::string beside = scratch.file("small-drivers.json");
  REQUIRE(run_program(design(scratch, money + "-n 4 --option current -o " + beside)).code == 0);
  const auto shares = nlohmann::json::parse(analysis::page_drivers(results, 0, 80.0));
  CHECK(shares["method"] == "sobol");
  REQUIRE(shares["rows"].size() == 3);  // money, all other inputs, chance events
  for (const auto& row : shares["rows"]) {
    CHECK(row["total"][0].is_number());
    CHECK(row["low"].is_number() == (row["path"] == "funding.total_idr_bn_per_year"));
  }
  REQUIRE(run_program(design(scratch, "--groups --method morris -n 3 --force --option current "
                                      "--of slum_area_ha:2025 -o " + beside))
              .code == 0);
  const auto screened = nlohmann::json::parse(analysis::page_drivers(results, 0, 80.0));
  CHECK(screened["method"] == "morris");
  CHECK(screened["futures"] == 3);
  REQUIRE(screened["rows"].size() > 10);
  CHECK(screened["rows"][0]["screening"][0].is_number());
  REQUIRE(
      run_program(design(scratch, money + "-n 4 --force --set funding.scale_pct=150 -o " + beside))
          .code == 0);
  const auto other = nlohmann::json::parse(analysis::page_drivers(results, 0, 80.0));
  CHECK(other["method"] == "regional");  // made from other assumptions
}
