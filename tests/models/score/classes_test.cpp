#include "models/score/classes.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/core/check.h"
#include "sim/core/rng.h"
#include "tests/models/score/tables.h"

using namespace musi::models;
using musi::sim::ContractError;

namespace {

constexpr std::array rules{CutRule::operational, CutRule::law};

/// Points of the published sheets as printed, one digit a criterion. Source: kawanku_jatim.
const std::map<std::string, std::string> printed_points{
    {"EJ1", "0000150050115505"}, {"EJ2", "1010550005015555"}, {"EJ3", "0010550011000055"},
    {"EJ4", "0000111350050055"}, {"EJ5", "0010500000005505"}, {"EJ6", "3010350005005505"},
    {"EJ7", "0000350150050055"}, {"EJ8", "1010100010130505"}};

std::vector<double> shares_of(const musi::tests::MethodRow& sheet) {
  std::vector<double> shares;
  for (const Criterion c : criteria_of(Regulation::permen_2018)) {
    shares.push_back(std::stod(sheet.at("pct_" + std::string(info(c).code))) / 100.0);
  }
  return shares;
}

Shares in_columns(const std::vector<double>& shares) {
  Shares columns{};
  std::transform(shares.begin(), shares.end(), columns.begin(),
                 [](double x) { return static_cast<float>(x); });
  return columns;
}

}  // namespace

TEST_CASE("the eight published sheets are met to the point under both rules", "[golden]") {
  const auto sheets = musi::tests::method_table("score_sheets.csv");
  REQUIRE(sheets.size() == printed_points.size());
  for (const auto& sheet : sheets) {
    const std::vector<double> shares = shares_of(sheet);
    for (const CutRule rule : rules) {
      CAPTURE(sheet.at("sheet_id"), static_cast<int>(rule));
      std::string digits;
      for (const double share : shares) digits += static_cast<char>('0' + points(share, rule));
      CHECK(digits == printed_points.at(sheet.at("sheet_id")));
      CHECK(total(shares, rule) == std::stoi(sheet.at("total_points")));
      CHECK(score_total(in_columns(shares), rule) == std::stoi(sheet.at("total_points")));
      CHECK(name_en(class_of(total(shares, rule))) == sheet.at("class_2018"));
    }
  }
}

TEST_CASE("the buildings aspect of sheet EJ1 averages 10 per cent", "[golden]") {
  const std::vector<double> shares = shares_of(musi::tests::method_table("score_sheets.csv")[0]);
  CHECK(aspect_means(shares)[0] == Approx(0.10));
}

TEST_CASE("the cuts are those of the table", "[unit]") {
  for (const auto& row : musi::tests::method_table("score_cuts.csv")) {
    const Cuts c = cuts(row.at("rule") == "law" ? CutRule::law : CutRule::operational);
    const std::map<std::string, double> lower{
        {"0", 0.0}, {"1", c.one}, {"3", c.three}, {"5", c.five}};
    CHECK(lower.at(row.at("points")) == std::stod(row.at("lower_fraction_inclusive")));
  }
}

TEST_CASE("a cut earns its points at its lower end and not just below", "[unit]") {
  for (const CutRule rule : rules) {
    const Cuts c = cuts(rule);
    int below = 0;
    for (const auto& [cut, worth] : {std::pair{c.one, 1}, {c.three, 3}, {c.five, 5}}) {
      CHECK(points(cut, rule) == worth);
      CHECK(points(std::nextafter(cut, 1.0), rule) == worth);
      CHECK(points(std::nextafter(cut, 0.0), rule) == below);
      const auto column = static_cast<float>(cut);
      CHECK(points(column, rule) == worth);
      CHECK(points(std::nextafter(column, 0.0f), rule) == below);
      below = worth;
    }
    CHECK(points(0.0, rule) == 0);
    CHECK(points(1.0, rule) == 5);
  }
  CHECK(points(0.24999, CutRule::operational) == 1);
  CHECK(points(0.24999, CutRule::law) == 0);
}

TEST_CASE("counts earn the same points in columns and in sheets", "[property]") {
  for (int denominator = 1; denominator <= 1000; ++denominator) {
    for (int numerator = 0; numerator <= denominator; ++numerator) {
      const double p = share(numerator, denominator).value;
      for (const CutRule rule : rules) {
        if (points(p, rule) == points(static_cast<float>(p), rule)) continue;
        FAIL(numerator << '/' << denominator);
      }
    }
  }
}

TEST_CASE("the fast total is the sum of the points", "[property]") {
  std::uint64_t state = 1729;  // congruential generator of Knuth: any spread of shares will do
  for (int trial = 0; trial < 2000; ++trial) {
    Shares columns{};
    for (float& share : columns) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      share = static_cast<float>(state >> 40) / 16777216.0f;
    }
    const std::vector<double> shares(columns.begin(), columns.end());
    for (const CutRule rule : rules) {
      const int sum = score_total(columns, rule);
      CHECK(sum == total(shares, rule));
      CHECK((sum >= 0 && sum <= 80));
    }
    CHECK(sectoral_mean(columns) == sectoral_mean(shares));
  }
}

TEST_CASE("sectoral means of many neighbourhoods are those of each", "[property]") {
  const musi::sim::Chance chance(1, 2, 0);
  for (const std::size_t n : {0u, 1u, 63u, 64u, 65u, 200u}) {
    std::array<std::vector<float>, n_criteria> book;
    std::array<const float*, n_criteria> columns;
    for (std::size_t k = 0; k < n_criteria; ++k) {
      for (std::size_t rt = 0; rt < n; ++rt) book[k].push_back(chance.uniform(16 * rt + k));
      columns[k] = book[k].data();
    }
    std::vector<double> means(n);
    sectoral_means(columns, means);
    for (std::size_t rt = 0; rt < n; ++rt) {
      Shares shares;
      for (std::size_t k = 0; k < n_criteria; ++k) shares[k] = book[k][rt];
      CHECK(means[rt] == sectoral_mean(shares));
    }
  }
}

TEST_CASE("lowering a share never raises a score", "[property]") {
  for (const CutRule rule : rules) {
    Shares columns{};
    columns.fill(0.6f);
    for (std::size_t k = 0; k < columns.size(); ++k) {
      int before = 80;
      for (int percent = 100; percent >= 0; --percent) {
        columns[k] = static_cast<float>(share(percent, 100).value);
        const int now = score_total(columns, rule);
        CHECK(now <= before);
        before = now;
      }
    }
  }
}

TEST_CASE("nothing lacking scores 0 and everything lacking the maximum", "[unit]") {
  for (const CutRule rule : rules) {
    CHECK(total(std::vector<double>(16, 0.0), rule) == 0);
    CHECK(total(std::vector<double>(16, 1.0), rule) == 80);
    CHECK(total(std::vector<double>(19, 1.0), rule) == 95);
  }
}

TEST_CASE("classes begin where the tables of both regulations say", "[unit]") {
  for (const auto& row : musi::tests::method_table("classes.csv")) {
    const Regulation regulation =
        row.at("regulation") == "2018" ? Regulation::permen_2018 : Regulation::permen_2016;
    CAPTURE(row.at("regulation"), row.at("class_code"));
    CHECK(class_limits(regulation).maximum == std::stoi(row.at("scale_max_points")));
    for (int p = std::stoi(row.at("min_points")); p <= std::stoi(row.at("max_points")); ++p) {
      const SlumClass c = class_of(p, regulation);
      CHECK(name_en(c) == row.at("class_code"));
      const std::string in_full = row.at("class_id");
      CHECK((name_id(c) == in_full || "kumuh " + std::string(name_id(c)) == in_full));
    }
  }
}

TEST_CASE("aspects weigh alike in the sectoral mean", "[unit]") {
  std::vector<double> shares(16, 0.0);
  shares[index(Criterion::c2a)] = 1.0;  // one of two criteria of one of seven aspects
  CHECK(sectoral_mean(shares) == Approx(1.0 / 14));
  shares.assign(19, 0.0);
  shares[index(Criterion::c4x)] = 1.0;  // one of five in 2016
  CHECK(sectoral_mean(shares) == Approx(1.0 / 35));
  CHECK(sectoral_mean(std::vector<double>(19, 1.0)) == 1.0);
  CHECK_THROWS_AS(sectoral_mean(std::vector<double>(15, 0.0)), ContractError);
}

TEST_CASE("the contribution is the removed part of the sectoral mean", "[unit]") {
  CHECK(contribution(0.4, 0.1) == Approx(0.75));
  CHECK(contribution(0.4, 0.0) == 1.0);
  CHECK(contribution(0.4, 0.5) == Approx(-0.25));
  CHECK(contribution(0.0, 0.0) == 0.0);
  CHECK(contribution(0.0, 0.2) == 0.0);
}

TEST_CASE("the exit rule with services asks for 80 per cent in five services", "[unit]") {
  Shares shares{};
  shares.fill(0.0f);
  CHECK(services_reach_exit(served_shares(shares)));
  for (const Criterion c : criteria_of(Regulation::permen_2018)) {
    Shares lacking = shares;
    lacking[index(c)] = 1.0f;
    CAPTURE(info(c).code);
    CHECK(services_reach_exit(served_shares(lacking)) !=
          aspect_info(info(c).aspect).is_core_service);
  }
  for (const Criterion c : {Criterion::c3a, Criterion::c3b}) shares[index(c)] = 0.2f;
  CHECK(services_reach_exit(served_shares(shares)));  // 80 % exactly, though 0.2f is above 0.2
  shares[index(Criterion::c3a)] = 0.21f;
  CHECK_FALSE(services_reach_exit(served_shares(shares)));
  CHECK(leaves_slum(SlumClass::not_slum, served_shares(shares), ExitRule::score));
  CHECK_FALSE(
      leaves_slum(SlumClass::not_slum, served_shares(shares), ExitRule::score_and_services));
  CHECK_FALSE(leaves_slum(SlumClass::light, served_shares(Shares{}), ExitRule::score));
}
