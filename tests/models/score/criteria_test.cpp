#include "models/score/criteria.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>
#include <set>
#include <string>

#include "sim/core/check.h"
#include "tests/models/score/tables.h"

using namespace musi::models;
using musi::sim::ContractError;

namespace {

/// The column "denominator" of indicators.csv in our words.
Denominator denominator_of(const std::string& words) {
  if (words == "all buildings") return Denominator::buildings;
  if (words == "verified area (ha)") return Denominator::verified_area;
  if (words == "ideal road length (m)") return Denominator::ideal_road;
  if (words == "all households") return Denominator::households;
  if (words == "ideal drain length (m)" || words == "drain length (m)") {
    return Denominator::ideal_drain;
  }
  throw std::runtime_error("unknown denominator " + words);
}

}  // namespace

TEST_CASE("the criteria are those of the table of indicators", "[unit]") {
  const auto rows = musi::tests::method_table("indicators.csv");
  REQUIRE(rows.size() == n_criteria_2016);
  for (const auto& row : rows) {
    CAPTURE(row.at("code"));
    const auto criterion = criterion_from_code(row.at("code"));
    REQUIRE(criterion);
    const CriterionInfo& c = info(*criterion);
    CHECK(c.code == row.at("code"));
    CHECK(c.name_en == row.at("name_en"));
    CHECK(c.name_id == row.at("name_id"));
    CHECK(c.aspect == std::stoi(row.at("aspect_no")));
    CHECK(c.denominator == denominator_of(row.at("denominator")));
    CHECK(aspect_info(c.aspect).name_en == row.at("aspect_en"));
    CHECK(aspect_info(c.aspect).name_id == row.at("aspect_id"));
    CHECK(aspect_info(c.aspect).is_core_service == (row.at("kotaku_core_service") == "1"));
    if (row.at("in_2018") == "1") {
      CHECK(index(*criterion) + 1 == std::stoul(row.at("seq_2018")));
    } else {
      CHECK(index(*criterion) >= n_criteria);
    }
  }
}

TEST_CASE("a regulation lists its criteria in array order", "[unit]") {
  CHECK(criteria_of(Regulation::permen_2018).size() == 16);
  CHECK(criteria_of(Regulation::permen_2016).size() == 19);
  CHECK(criteria_of(Regulation::permen_2018).back() == Criterion::c7b);
  CHECK(criteria_of(Regulation::permen_2016).back() == Criterion::c6x);
  CHECK_FALSE(criterion_from_code("8a"));
  CHECK_FALSE(criterion_from_code(""));
}

TEST_CASE("the published sheets fix the denominators of the shares", "[golden]") {
  // MODEL.md 19: EJ2 road and drain, EJ1 households.
  CHECK(share(605, 780).value == Approx(0.7756).margin(5e-5));
  CHECK(share(310, 385).value == Approx(0.8052).margin(5e-5));
  CHECK(share(48, 55).value == Approx(0.8727).margin(5e-5));
}

TEST_CASE("a share outside 0 to 1 is clamped and flagged", "[unit]") {
  const Share low = share(-3, 10);
  CHECK(low.value == 0.0);
  CHECK(low.clamped_low);
  CHECK_FALSE(low.clamped_high);
  const Share high = share(12, 10);
  CHECK(high.value == 1.0);
  CHECK(high.clamped_high);
  CHECK_FALSE(high.clamped_low);
  for (const double whole : {0.0, 10.0}) {
    const Share inside = share(whole, 10);
    CHECK(inside.value == whole / 10);
    CHECK_FALSE((inside.clamped_low || inside.clamped_high || inside.no_denominator));
  }
  CHECK(clamped_share(1.2).clamped_high);
  CHECK(clamped_share(-0.1).clamped_low);
  CHECK(clamped_share(0.3).value == 0.3);
  CHECK(share(1e300, 1e-300).value == 1.0);
}

TEST_CASE("without a denominator the share is 0 and flagged once", "[unit]") {
  for (const double numerator : {-1.0, 0.0, 5.0}) {
    const Share none = share(numerator, 0);
    CHECK(none.value == 0.0);
    CHECK(none.no_denominator);
    CHECK_FALSE((none.clamped_low || none.clamped_high));
  }
}

TEST_CASE("decimal lengths meet the printed percentage", "[unit]") {
  CHECK(0.408 / 0.8 < 0.51);  // why share() rounds
  for (int tenths = 1; tenths < 20'000; ++tenths) {
    const double length = tenths / 10.0;
    CHECK(share(tenths * 25 / 1000.0, length).value == 0.25);
    CHECK(share(tenths * 51 / 1000.0, length).value == 0.51);
    CHECK(share(tenths * 76 / 1000.0, length).value == 0.76);
  }
  CHECK(share(1, 3).value == 1.0 / 3.0);
}

TEST_CASE("a larger numerator never gives a smaller share", "[property]") {
  for (const double denominator : {0.0, 1.0, 3.0, 17.3, 385.0}) {
    double before = -1.0;
    for (int step = -20; step <= 400; ++step) {
      const double value = share(step * denominator / 300.0, denominator).value;
      CHECK(value >= before);
      before = value;
    }
  }
}

TEST_CASE("impossible numbers break the contract of a share", "[unit]") {
  const double inf = std::numeric_limits<double>::infinity();
  CHECK_THROWS_AS(share(1, -1), ContractError);
  CHECK_THROWS_AS(share(inf, 1), ContractError);
  CHECK_THROWS_AS(share(1, std::numeric_limits<double>::quiet_NaN()), ContractError);
  CHECK_THROWS_AS(clamped_share(inf), ContractError);
  CHECK_THROWS_AS(aspect_info(0), ContractError);
  CHECK_THROWS_AS(aspect_info(8), ContractError);
}
