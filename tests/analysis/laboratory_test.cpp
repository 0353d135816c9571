#include "analysis/laboratory.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "analysis/scenario/variants.h"
#include "tests/support/run_program.h"

using namespace musi;
using namespace musi::analysis;

namespace {

const ReadResult& small() {
  static const ReadResult read = read_scenario(MUSI_SOURCE_DIR "/tests/scenarios/small.yaml");
  return read;
}

bool same(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i] && !(std::isnan(a[i]) && std::isnan(b[i]))) return false;
  }
  return true;
}

std::vector<double> all_numbers(const Outcomes& outcomes) {
  std::vector<double> numbers;
  for (const std::string& name : LaboratoryOptions::default_series()) {
    const std::vector<double> values = outcomes.series(name);
    numbers.insert(numbers.end(), values.begin(), values.end());
  }
  return numbers;
}

}  // namespace

TEST_CASE("a trial gives the futures that a run of the same option gives", "[property]") {
  const ReadResult& read = small();
  REQUIRE(read.ok());
  Laboratory laboratory(read);
  const std::size_t as_named = laboratory.add({.variant = "double", .values = {}});
  const std::size_t as_laid = laboratory.add(
      {.variant = "current", .values = {{.path = "funding.scale_pct", .value = "200"}}});
  const std::vector<std::size_t> both{as_named, as_laid};
  REQUIRE(laboratory.run(both, 6));
  CHECK(
      same(all_numbers(laboratory.outcomes(as_named)), all_numbers(laboratory.outcomes(as_laid))));
  const Experiment experiment(read, {}, "");
  const auto series = experiment.series();
  const auto years = static_cast<std::size_t>(
      std::find_if(series.begin(), series.end(),
                   [](const auto& info) { return info.name == "slum_area"; }) -
      series.begin());
  const std::vector<double> areas = laboratory.outcomes(as_named).series("slum_area");
  for (std::size_t r = 0; r < 6; ++r) {
    const std::vector<double> expected = experiment.run(1, r).series[years];
    for (std::size_t y = 0; y < expected.size(); ++y) {
      CHECK(areas[r * expected.size() + y] == static_cast<float>(expected[y]));
    }
  }
}

TEST_CASE("more futures of a trial begin with those there, for any number of threads",
          "[property]") {
  Laboratory one(small(), {.n_threads = 1});
  Laboratory two(small(), {.n_threads = 3});
  const std::size_t a = one.add({});
  REQUIRE(one.run(a, 21));
  const std::size_t b = two.add({});
  REQUIRE(two.run(b, 5));
  CHECK(two.n_computed() == 5);
  const std::size_t other = two.add({.variant = "double", .values = {}});
  const std::vector<std::size_t> both{b, other};
  REQUIRE(two.run(both, 21));
  CHECK(two.n_computed() == 42);
  CHECK(same(all_numbers(one.outcomes(a)), all_numbers(two.outcomes(b))));
  CHECK(same(all_numbers(one.outcomes(a).prefix(5)), all_numbers(two.outcomes(b).prefix(5))));
  CHECK(two.add({}) == b);  // an equal trial is not computed twice
  two.forget(b);
  CHECK(two.outcomes(b).n_replicates() == 0);
}

TEST_CASE("a value that makes an input certain leaves the draws of all others", "[property]") {
  const ReadResult& read = small();
  const CommonLuck luck(read);
  sim::io::Problems problems;
  const std::vector<Override> certain{{.path = "funding.total_idr_bn_per_year", .value = "4"}};
  const Variant fixed = read.maker->make("current", certain, *read.city, problems);
  REQUIRE(!problems.has_errors());
  const auto draws = [&](const models::Scenario& scenario) {
    std::map<std::string, double> by_path;
    const auto inputs = scenario.design_inputs();
    const auto point = luck.point(scenario, luck.dimensions(scenario), 7);
    for (std::size_t i = 0; i < inputs.size(); ++i) by_path[inputs[i]->path] = point[i];
    return by_path;
  };
  std::map<std::string, double> all = draws(read.variants.front().scenario);
  REQUIRE(all.erase("funding.total_idr_bn_per_year") == 1);
  CHECK(draws(fixed.scenario) == all);
}

TEST_CASE("an input that only a trial makes uncertain is drawn by its own name", "[property]") {
  Laboratory laboratory(small());
  const auto trial = [&](const char* value) {
    return laboratory.add({.values = {{.path = "funding.scale_pct", .value = value}}});
  };
  const std::vector<std::size_t> trials{trial("\"90 to 110\""), trial("\"90 to 110.5\""),
                                        trial("100")};
  REQUIRE(laboratory.run(trials, 4));
  const auto paid = [&](std::size_t t) { return laboratory.outcomes(t).sum("paid", 2019, 2026); };
  CHECK(!same(paid(trials[0]), paid(trials[2])));
}

TEST_CASE("values that a file would refuse are refused with their reason", "[messages]") {
  Laboratory laboratory(small());
  const auto code = [&](const char* path, const char* value) -> std::string {
    try {
      laboratory.add({.values = {{.path = path, .value = value}}});
    } catch (const sim::InputError& error) {
      for (const sim::Problem& p : error.problems()) {
        if (p.severity == sim::Severity::error) return p.code;
      }
    }
    return "none";
  };
  CHECK(code("funding.scale_pc", "5") == "unknown_path");
  CHECK(code("funding.scale_pct", "20000") == "out_of_range");
  CHECK(code("sampling.seed", "5") == "not_settable");
  CHECK(code("funding.price_year", "2018") == "not_comparable");
  CHECK(laboratory.n_trials() == 0);
}

TEST_CASE("a laboratory that was stopped goes on from its folder with the same futures",
          "[property]") {
  const tests::Scratch scratch;
  const RunIdentity question{{"goal", "a"}};
  std::vector<double> whole;
  {
    Laboratory laboratory(small());
    REQUIRE(laboratory.run(laboratory.add({}), 20));
    whole = all_numbers(laboratory.outcomes(0));
  }
  sim::Cancellation stop;
  Laboratory first(
      small(),
      {.n_threads = 2, .cancellation = &stop, .each_future = [&, n = 0](std::size_t) mutable {
         if (++n == 7) stop.request(sim::StopReason::interrupted);
       }});
  REQUIRE(first.keep_in(scratch.file("parts"), question, false).empty());
  REQUIRE(!first.run(first.add({}), 20));
  REQUIRE(first.outcomes(0).n_replicates() >= 7);
  Laboratory second(small());
  CHECK(second.keep_in(scratch.file("parts"), {{"goal", "b"}}, true) ==
        std::vector<std::string>{"goal"});
  REQUIRE(second.keep_in(scratch.file("parts"), question, true).empty());
  CHECK(second.n_kept() == first.outcomes(0).n_replicates());
  REQUIRE(second.run(second.add({}), 20));
  CHECK(second.n_computed() == 20 - second.n_kept());
  CHECK(same(all_numbers(second.outcomes(0)), whole));
  second.remove_kept();
  CHECK(!std::filesystem::exists(scratch.file("parts")));
}
