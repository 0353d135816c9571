#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "models/run.h"
#include "sim/core/check.h"
#include "tests/support/run_records.h"
#include "tests/support/tiny_world.h"

using namespace musi;
using namespace musi::models;

namespace {

constexpr std::uint64_t seed = 7;

/// Twelve years in which the definition is reached early, since 99 % of the area is tolerated.
Scenario tolerant(ZeroDefinition definition) {
  Scenario s = tests::tiny_scenario();
  s.clock.end_year = s.clock.start_year + 11;
  s.zero.headline = definition;
  s.zero.tolerance_pct = 99.0;
  s.zero.sustained_months = 9;
  return s;
}

std::size_t place_of(const std::vector<sim::SeriesInfo>& infos, const std::string& name) {
  const auto found =
      std::find_if(infos.begin(), infos.end(), [&](const auto& i) { return i.name == name; });
  REQUIRE(found != infos.end());
  return static_cast<std::size_t>(found - infos.begin());
}

/// Whether the first `n` numbers of a series of the headline are those of the whole run, and the
/// rest is missing.
void check_prefix(const std::vector<double>& quick, const std::vector<double>& whole,
                  std::size_t n) {
  REQUIRE(quick.size() == whole.size());
  for (std::size_t i = 0; i < quick.size(); ++i) {
    if (i < n) CHECK(tests::same_numbers({quick[i]}, {whole[i]}));
    if (i >= n) CHECK(std::isnan(quick[i]));
  }
}

}  // namespace

TEST_CASE("a future for the headline alone is the whole future as far as it goes", "[property]") {
  const City city = tests::tiny_city();
  for (const ZeroDefinition definition : {ZeroDefinition::Z3, ZeroDefinition::Z4}) {
    const Scenario s = tolerant(definition);
    const sim::Month until = 12 * 2;
    const sim::RunRecord whole = run_future(s, city, seed);
    const sim::RunRecord quick = run_future(s, city, seed, {}, {.headline_until = until});
    const auto all = series_of(s, city), few = series_of(s, city, true);
    const auto of_whole = [&](const std::string& name) {
      return whole.series[place_of(all, name)];
    };
    const auto of_quick = [&](const std::string& name) {
      return quick.series[place_of(few, name)];
    };
    const auto d = static_cast<std::size_t>(definition);
    const double zero = of_whole("zero_year")[d];
    REQUIRE_FALSE(std::isnan(zero));
    CHECK(of_quick("zero_year")[d] == zero);
    REQUIRE(zero < s.clock.start_year + 2);  // then money is what it waits for
    const std::size_t n_funds = s.funding.sources.size();
    check_prefix(of_quick("paid"), of_whole("paid"), 2 * n_funds);
    check_prefix(of_quick("slum_area"), of_whole("slum_area"), 2);
    CHECK(tests::same_numbers(of_quick("start_area"), of_whole("start_area")));
  }
}

TEST_CASE("a future whose headline is not reached goes on to the horizon", "[property]") {
  const City city = tests::tiny_city();
  Scenario s = tolerant(ZeroDefinition::Z5);
  const sim::RunRecord whole = run_future(s, city, seed);
  const sim::RunRecord quick = run_future(s, city, seed, {}, {.headline_until = 24});
  const auto all = series_of(s, city), few = series_of(s, city, true);
  REQUIRE(std::isnan(
      whole.series[place_of(all, "zero_year")][static_cast<std::size_t>(ZeroDefinition::Z5)]));
  for (std::size_t i = 0; i < few.size(); ++i) {
    INFO(few[i].name);
    CHECK(tests::same_numbers(quick.series[i], whole.series[place_of(all, few[i].name)]));
  }
}

TEST_CASE("the headline reads eleven series, and no quarter of a year", "[unit]") {
  const City city = tests::tiny_city();
  Scenario s = tolerant(ZeroDefinition::Z3);
  CHECK(series_of(s, city, true).size() == 11);
  s.outputs.quarterly = true;
  CHECK(series_of(s, city, true).size() == 11);
  CHECK(run_future(s, city, seed, {}, {.headline_until = 24}).series.size() == 11);
}

TEST_CASE("a future that has ended branches to what it would have been", "[property]") {
  const City city = tests::tiny_city();
  const Scenario a = tolerant(ZeroDefinition::Z3);
  Scenario b = a;
  b.participation.complaint_channel_start_year = a.clock.start_year + 9;
  const RunScope scope{.headline_until = 24};
  RunInParts trunk(a, city, seed, {}, scope);
  trunk.prepare(b);
  CHECK_THROWS_AS(trunk.finish(), sim::ContractError);  // nothing is known yet
  trunk.advance(12 * 8);                                // zero and the years of money are past
  RunInParts branch = trunk.branch(b);
  branch.advance(b.clock.n_months());
  CHECK(tests::are_equal(branch.finish(), run_future(b, city, seed, {}, scope)));
  CHECK(tests::are_equal(trunk.finish(), run_future(a, city, seed, {}, scope)));
}

TEST_CASE("a future for the headline alone has no works to tell of", "[unit]") {
  const City city = tests::tiny_city();
  const Scenario s = tolerant(ZeroDefinition::Z3);
  CHECK_THROWS_AS(RunInParts(s, city, seed, {}, {.keeps_works = true, .headline_until = 24}),
                  sim::ContractError);
}
