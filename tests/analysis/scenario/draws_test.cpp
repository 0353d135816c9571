#include "analysis/scenario/draws.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "analysis/common_luck.h"
#include "analysis/experiment.h"
#include "analysis/scenario/reader.h"
#include "models/future.h"
#include "tests/support/run_program.h"

using namespace musi;
using namespace musi::analysis;

namespace {

const std::string small = MUSI_SOURCE_DIR "/tests/scenarios/small.yaml";
const std::string head =
    "draw,funding.total_idr_bn_per_year,parameters.report_log_sd,allocation.sites_per_year\n";

ReadResult with_draws(const std::string& table, std::vector<std::string> more = {}) {
  const tests::Scratch scratch;
  std::vector<std::string> sets{"sampling.draws=" + scratch.write("draws.csv", table)};
  sets.insert(sets.end(), more.begin(), more.end());
  return read_scenario(small, {.sets = sets});
}

/// Value of an input in one future of a variant.
double drawn(const ReadResult& read, std::size_t variant, std::size_t replicate,
             const std::string& path) {
  const CommonLuck luck(read);
  const models::Scenario& s = read.variants[variant].scenario;
  const models::Future future(s, *read.city->city, luck.run_seed(replicate),
                              luck.point(s, luck.dimensions(s), replicate));
  for (const models::Uncertain* input : s.uncertain_inputs()) {
    if (input->path == path) return future.value(*input);
  }
  FAIL(path + " is not uncertain");
  return 0.0;
}

}  // namespace

TEST_CASE("future i has row i of the draws, each value in its input", "[unit]") {
  const std::string file = head + "1,2.5,0.11,12\n2,3.5,0.22,13\n3,4.5,0.13,14\n";
  const ReadResult read = with_draws(file, {"sampling.replicates=3"});
  REQUIRE(read.ok());
  const double money[] = {2.5, 3.5, 4.5}, error[] = {0.11, 0.22, 0.13}, sites[] = {12, 13, 14};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t v = 0; v < read.variants.size(); ++v) {
      CHECK(drawn(read, v, i, "funding.total_idr_bn_per_year") == money[i]);
      CHECK(drawn(read, v, i, "parameters.report_log_sd") == error[i]);
      CHECK(drawn(read, v, i, "allocation.sites_per_year") == sites[i]);
    }
  }
}

TEST_CASE("draws move no other input", "[property]") {
  const std::string file = head + "1,2.5,0.11,12\n2,3.5,0.22,13\n";
  const ReadResult plain = read_scenario(small, {.sets = {"sampling.replicates=2"}});
  const ReadResult read = with_draws(file, {"sampling.replicates=2"});
  REQUIRE((plain.ok() && read.ok()));
  std::size_t n_same = 0;
  for (const models::Uncertain* input : plain.variants[0].scenario.design_inputs()) {
    if (head.find(input->path) != std::string::npos) continue;
    ++n_same;
    CHECK(drawn(plain, 0, 1, input->path) == drawn(read, 0, 1, input->path));
  }
  CHECK(n_same > 50);
}

TEST_CASE("futures that share a draw differ by chance alone", "[property]") {
  const std::string file = head + "1,2.5,0.11,12\n2,3.5,0.22,13\n";
  const ReadResult read =
      with_draws(file, {"sampling.replicates=6", "sampling.repeats_per_draw=3"});
  REQUIRE(read.ok());
  const CommonLuck luck(read);
  CHECK(luck.run_seed(0) != luck.run_seed(1));
  const models::Scenario& s = read.variants[0].scenario;
  const auto point = [&](std::size_t i) { return luck.point(s, luck.dimensions(s), i); };
  CHECK(point(0) == point(2));
  CHECK(point(3) == point(5));
  CHECK(point(2) != point(3));
  CHECK(drawn(read, 0, 2, "parameters.report_log_sd") == 0.11);
  CHECK(drawn(read, 0, 3, "parameters.report_log_sd") == 0.22);
  CHECK(Experiment(read, {}, "").run(0, 0).series != Experiment(read, {}, "").run(0, 1).series);
}

TEST_CASE("repeats share the design too where there are no draws", "[property]") {
  const auto points = [](const char* repeats) {
    const ReadResult read =
        read_scenario(small, {.sets = {"sampling.replicates=4", std::string("sampling.repeats_per_"
                                                                            "draw=") +
                                                                    repeats}});
    REQUIRE(read.ok());
    const CommonLuck luck(read);
    const models::Scenario& s = read.variants[0].scenario;
    std::vector<std::vector<double>> all;
    for (std::size_t i = 0; i < 4; ++i) all.push_back(luck.point(s, luck.dimensions(s), i));
    return all;
  };
  const auto single = points("1"), pairs = points("2");
  CHECK(pairs[0] == single[0]);
  CHECK(pairs[1] == single[0]);
  CHECK(pairs[2] == single[1]);
  CHECK(pairs[3] == single[1]);
}

TEST_CASE("a number that is set wins over its draw", "[property]") {
  const std::string file = head + "1,2.5,0.11,12\n2,3.5,0.22,13\n";
  const ReadResult read = with_draws(
      file, {"sampling.replicates=2", "funding.total_idr_bn_per_year=9", "allocation.sites_per_"
                                                                         "year=30"});
  REQUIRE(read.ok());
  const models::Scenario& s = read.variants[0].scenario;
  CHECK(s.funding.total_idr_bn_per_year.value.is_constant());
  CHECK(s.funding.total_idr_bn_per_year.value.a == 9.0);
  std::size_t warnings = 0;
  for (const sim::Problem& p : read.problems.all()) warnings += p.code == "draws_unused" ? 1u : 0u;
  CHECK(warnings == 2);
}

TEST_CASE("an input that was drawn by year has one drawn value for all years", "[unit]") {
  const ReadResult plain = read_scenario(small);
  REQUIRE(plain.ok());
  const models::Uncertain* by_year = nullptr;
  for (const models::Uncertain* input : plain.variants[0].scenario.uncertain_inputs()) {
    if (input->redraw == models::Redraw::per_year) by_year = input;
  }
  REQUIRE(by_year != nullptr);
  const double value = models::central(by_year->value);
  const std::string file = fmt::format("{}\n{}\n", by_year->path, value);
  const ReadResult read = with_draws(file, {"sampling.replicates=1"});
  REQUIRE(read.ok());
  CHECK(drawn(read, 0, 0, by_year->path) == value);
}

TEST_CASE("a result made with draws carries them and is reproduced to the byte", "[property]") {
  const tests::Scratch scratch;
  const std::string file =
      scratch.write("draws.csv", head + "1,2.5,0.11,12\n2,3.5,0.22,13\n3,4.5,0.13,14\n"
                                        "4,5,0.2,15\n");
  const std::string result = scratch.file("small.h5");
  const auto run = tests::run_program(fmt::format("{} run {} -n 4 --set sampling.draws={} -o {}",
                                                  MUSI_PROGRAM, small, file, result));
  INFO(run.out << run.err);
  REQUIRE(run.code == 0);
  std::filesystem::remove(file);
  const auto again = tests::run_program(MUSI_PROGRAM " reproduce " + result);
  INFO(again.out << again.err);
  CHECK(again.code == 0);
  CHECK(again.out.find("identical") != std::string::npos);
}

TEST_CASE("only inputs whose draws differ from their distribution count as calibrated",
          "[property]") {
  const ReadResult plain = read_scenario(small, {.sets = {"sampling.replicates=100"}});
  REQUIRE(plain.ok());
  const auto input_of = [](const ReadResult& read, const std::string& path) {
    for (const models::Uncertain* input : read.variants[0].scenario.uncertain_inputs()) {
      if (input->path == path) return *input;
    }
    FAIL(path + " is not uncertain");
    return models::Uncertain{};
  };
  const std::string money = "funding.total_idr_bn_per_year";
  const std::string error = "parameters.report_log_sd";
  const std::string sites = "allocation.sites_per_year";
  const std::string interval = "parameters.report_decree_interval_years";
  // Money and the whole number of years as they were, the error from its upper half, sites fixed.
  std::string table = "draw," + money + "," + error + "," + sites + "," + interval + "\n";
  for (int i = 0; i < 100; ++i) {
    const double u = (i + 0.5) / 100.0;
    table += fmt::format("{},{},{},13,{}\n", i + 1,
                         models::quantile(input_of(plain, money).value, u),
                         models::quantile(input_of(plain, error).value, 0.5 + 0.5 * u),
                         models::quantile(input_of(plain, interval).value, u));
  }
  const ReadResult read = with_draws(table, {"sampling.replicates=100"});
  REQUIRE(read.ok());
  CHECK(input_of(read, error).status == models::Status::calibrated);
  CHECK(input_of(read, error).source == "draws.csv");
  CHECK(input_of(read, sites).status == models::Status::calibrated);
  for (const std::string& path : {money, interval}) {
    INFO(path);
    CHECK(input_of(read, path).status == input_of(plain, path).status);
    CHECK(input_of(read, path).source == input_of(plain, path).source);
  }
}
