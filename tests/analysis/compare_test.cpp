#include "analysis/compare.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <stdexcept>

#include "tests/support/run_program.h"
#include "tests/support/sample_result.h"

using namespace musi;
using namespace musi::analysis;

namespace {

/// Writes a sample of 8 futures after changing it.
std::unique_ptr<Results> sample(const std::string& path,
                                const std::function<void(ResultInput&)>& change = {}) {
  ResultInput input = tests::sample_input(8);
  input.provenance.resolved_yaml =
      "--- # option current\nname: sample\ncity: cities/here  # a:1\nfunding:  # a:2\n"
      "  scale_pct: 100  # a:3\nprogrammes:\n  - id: nusp\n    start_year: 2020\n"
      "--- # option need\nname: sample\ncity: cities/here  # a:1\nfunding:  # a:2\n"
      "  scale_pct: 394  # solved\nprogrammes:\n  - id: nusp\n    start_year: 2020\n";
  if (change) change(input);
  write_result(path, input, tests::sample_records(input, 8), sim::io::Existing::replace);
  return std::make_unique<Results>(path);
}

const ComparedDifference& difference(const Pairing& pairing, const std::string& metric) {
  for (const ComparedDifference& d : pairing.differences) {
    if (d.metric.text == metric) return d;
  }
  throw std::runtime_error("no metric " + metric);
}

std::string code_of(const std::vector<std::unique_ptr<Results>>& results) {
  try {
    compare(results, {});
  } catch (const sim::InputError& error) {
    return error.problems().front().code;
  }
  return "none";
}

}  // namespace

TEST_CASE("options are compared future by future", "[unit]") {
  const tests::Scratch scratch;
  std::vector<std::unique_ptr<Results>> results;
  results.push_back(sample(scratch.file("a.h5")));
  const Comparison c = compare(results, {});
  REQUIRE(c.pairings.size() == 1);
  const Pairing& p = c.pairings[0];
  REQUIRE(p.is_paired);
  // "need" reaches zero in 2020, 2021, 2022 or not at all; "current" never.
  CHECK(p.earlier == 6);
  CHECK(p.equal == 2);
  CHECK(p.later == 0);
  CHECK(p.median_gain.estimate == 2.0);
  CHECK(p.mean_gain.estimate == Approx(1.5));
  CHECK(p.mean_gain.low < 1.5);
  CHECK(difference(p, "restricted_mean_years").difference.estimate == Approx(-0.75));
  CHECK(difference(p, "chance_by:2022").difference.estimate == Approx(75.0));
  CHECK(difference(p, "chance_by:2022").difference.low > 20.0);
  const ComparedDifference& area = difference(p, "slum_area_ha:2022");
  CHECK(area.difference.estimate == Approx(-100.0));
  CHECK(area.difference.low == Approx(-100.0));  // the same in all futures
  CHECK(std::isinf(area.times_fewer));
}

TEST_CASE("only assumptions that differ are listed, programmes by their id", "[unit]") {
  const tests::Scratch scratch;
  std::vector<std::unique_ptr<Results>> results;
  results.push_back(sample(scratch.file("a.h5")));
  const Comparison differing = compare(results, {});
  REQUIRE(differing.assumptions.size() == 1);
  CHECK(differing.assumptions[0].path == "funding.scale_pct");
  CHECK(differing.assumptions[0].values == std::vector<std::string>{"100", "394"});
  const Comparison all = compare(results, {.all_assumptions = true});
  REQUIRE(all.assumptions.size() == 3);  // without the name of the file
  CHECK(all.assumptions[2].path == "programmes.nusp.start_year");
}

TEST_CASE("pairing needs fewer futures by the factor of the variances", "[unit]") {
  const tests::Scratch scratch;
  std::vector<std::unique_ptr<Results>> results;
  results.push_back(sample(scratch.file("a.h5")));
  CompareOptions options;
  options.metrics = {parse_metric("restricted_mean_years")};
  // Differences -2, -1, 0, 0 twice; "need" has years 2, 3, 4, 4 twice, "current" always 4.
  const Comparison paired = compare(results, options);
  CHECK(paired.pairings[0].differences[0].times_fewer == Approx(1.0));
  options.unpaired = true;
  const Comparison unpaired = compare(results, options);
  CHECK(!unpaired.pairings[0].is_paired);
  CHECK(unpaired.pairings[0].why_not_en == "--unpaired was asked for");
  CHECK(unpaired.pairings[0].differences[0].times_fewer == 1.0);
  CHECK(unpaired.pairings[0].differences[0].difference.high ==
        Approx(paired.pairings[0].differences[0].difference.high));
}

TEST_CASE("futures of other seeds, sizes and cities are not paired, and it is said why",
          "[messages]") {
  const tests::Scratch scratch;
  const auto why = [&](const std::function<void(ResultInput&)>& change) {
    std::vector<std::unique_ptr<Results>> results;
    results.push_back(sample(scratch.file("a.h5")));
    results.push_back(sample(scratch.file("b.h5"), change));
    return compare(results, {}).pairings.back().why_not_en;
  };
  CHECK(why({}).empty());
  CHECK(why([](ResultInput& i) { i.provenance.seed = 5; }) == "their seeds differ");
  CHECK(why([](ResultInput& i) { i.provenance.design = "random"; }) == "their designs differ");
  CHECK(why([](ResultInput& i) { i.provenance.inputs[0].bytes += "x"; }) ==
        "the data of the city differ (cities/palembang/sites.csv)");
  CHECK(why([](ResultInput& i) {
          std::reverse(i.input_values.begin(), i.input_values.end());
        }).starts_with("uncertain inputs are drawn differently (first: parameters."));
}

TEST_CASE("results of other cities, definitions and price years are refused", "[messages]") {
  const tests::Scratch scratch;
  const auto code = [&](const std::function<void(ResultInput&)>& change) {
    std::vector<std::unique_ptr<Results>> results;
    results.push_back(sample(scratch.file("a.h5")));
    results.push_back(sample(scratch.file("b.h5"), change));
    return code_of(results);
  };
  CHECK(code({}) == "none");
  CHECK(code([](ResultInput& i) { i.price_year = 2015; }) == "not_comparable");
  CHECK(code([](ResultInput& i) { i.headline_definition = "Z1"; }) == "not_comparable");
  CHECK(code([](ResultInput& i) {
          i.provenance.resolved_yaml =
              "--- # option current\ncity: cities/there\n"
              "--- # option need\ncity: cities/there\n";
        }) == "not_comparable");
}

TEST_CASE("metrics and years that are not there are refused", "[messages]") {
  const tests::Scratch scratch;
  std::vector<std::unique_ptr<Results>> results;
  results.push_back(sample(scratch.file("a.h5")));
  CHECK_THROWS_AS(parse_metric("chance_bye:2020"), std::invalid_argument);
  CHECK_THROWS_AS(parse_metric("chance_by"), std::invalid_argument);
  CHECK_THROWS_AS(compare(results, {.metrics = {parse_metric("chance_by:2040")}}),
                  std::invalid_argument);
  CHECK_THROWS_AS(compare(results, {.baseline = "other"}), std::invalid_argument);
}

TEST_CASE("a difference of shares keeps an interval where no future differs", "[property]") {
  const tests::Scratch scratch;
  std::vector<std::unique_ptr<Results>> results;
  results.push_back(sample(scratch.file("a.h5")));
  const Comparison c = compare(results, {.metrics = {parse_metric("chance_by:2019")}});
  const Estimate95& d = c.pairings[0].differences[0].difference;
  CHECK(d.estimate == 0.0);
  CHECK(d.low < -1.0);
  CHECK(d.high > 1.0);
}

TEST_CASE("a comparison is a table, tidy CSV, Markdown or JSON", "[messages]") {
  const tests::Scratch scratch;
  std::vector<std::unique_ptr<Results>> results;
  results.push_back(sample(scratch.file("a.h5")));
  const Comparison c = compare(results, {});
  const std::string table = comparison_text(c, CompareFormat::table, "en");
  CHECK(table.find("need is earlier than current in 6 of 8 futures") != std::string::npos);
  CHECK(comparison_text(c, CompareFormat::table, "id")
            .find("need lebih cepat daripada current dalam 6 dari 8 kemungkinan") !=
        std::string::npos);
  const std::string csv = comparison_text(c, CompareFormat::csv, "id");
  CHECK(csv.starts_with("table,option,quantity,value,low,high\n"));
  CHECK(csv.find("\npair,need,futures_earlier,6,,\n") != std::string::npos);
  CHECK(comparison_text(c, CompareFormat::markdown, "en").find("|---|---|---|") !=
        std::string::npos);
  CHECK(comparison_json(c).find("\"better_pct\":75,\"equal_pct\":25,\"worse_pct\":0,"
                                "\"years_gained\":[1.5,") != std::string::npos);
}
