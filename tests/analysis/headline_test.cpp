#include "analysis/headline.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

using namespace musi::analysis;

namespace {

constexpr double never = std::numeric_limits<double>::quiet_NaN();

HeadlineQuestion question() {
  HeadlineQuestion q;
  q.city = "Palembang";
  q.definition = "Z2a";
  q.start_year = 2019;
  q.end_year = 2045;
  q.headline_year = 2030;
  q.years = {2020, 2025, 2030, 2035, 2040, 2045};
  q.spent_from = 2022;
  q.spent_to = 2030;
  return q;
}

OptionOutcome outcome(std::string name, std::vector<double> zero_years) {
  OptionOutcome o;
  o.name = std::move(name);
  o.spent_idr_bn.assign(zero_years.size(), 250.0);
  o.barrier_ha.assign(barrier_keys().size(), 1.0);
  o.barrier_ha[0] = 9.0;  // land
  o.zero_years = std::move(zero_years);
  return o;
}

}  // namespace

TEST_CASE("a median of censored times is a year only if half of the futures reach zero", "[unit]") {
  const auto half = headline_of(outcome("a", {2025, 2030, never, never}), question());
  REQUIRE(half.year_of[1] == 2030);
  REQUIRE_FALSE(half.year_of[2].has_value());
  const auto fewer = headline_of(outcome("a", {2025, never, never, never}), question());
  REQUIRE_FALSE(fewer.year_of[1].has_value());
  REQUIRE(fewer.not_reached.estimate == 0.75);
}

TEST_CASE("futures that never reach zero count with the whole horizon in the restricted mean",
          "[unit]") {
  const auto h = headline_of(outcome("a", {2020, never}), question());
  REQUIRE(h.restricted_mean_years == Approx(0.5 * 2.0 + 0.5 * 27.0));
  // Read in December 2020, reached up to a year before.
  REQUIRE(h.restricted_mean_low == Approx(0.5 * 1.0 + 0.5 * 27.0));
  REQUIRE(headline_json(h, "").find("\"restricted_mean_low\":14") != std::string::npos);
}

TEST_CASE("the answer names the censored share and the barrier", "[messages]") {
  const std::string text = headline_text(
      question(),
      {outcome("now", {2029, 2030, 2033, never}), outcome("more", {2027, 2028, 2031, 2040})}, "en",
      false);
  CHECK(text.find("Chance that Palembang has 0 % slum area (ledger, Z2a)") != text.npos);
  CHECK(text.find("In 25 of 100 futures of \"now\" 0 % is not reached by 2045; most common barrier "
                  "then: land status.") != text.npos);
  CHECK(text.find("more is earlier than now in 4 of 4 futures") != text.npos);
  CHECK(text.find("not by 2045") != text.npos);
  CHECK(text.find("Rp 250 billion") != text.npos);
}

TEST_CASE("the answer tells the books from the ground", "[messages]") {
  OptionOutcome paper = outcome("now", {2029, 2030, 2033, never});
  paper.physical_years = {never, 2044, never, never};
  const std::string sentence =
      "On the ground (physical, Z1) no slum is left by 2045 in 1 of 4 futures of \"now\".";
  CHECK(headline_text(question(), {paper}, "en", false).find(sentence) != std::string::npos);
  HeadlineQuestion physical = question();
  physical.definition = "Z1";
  CHECK(headline_text(physical, {paper}, "en", false).find(sentence) == std::string::npos);
}

TEST_CASE("the Indonesian answer has the same layout", "[messages]") {
  const std::string text =
      headline_text(question(), {outcome("now", {2029, never, never, never})}, "id", false);
  CHECK(text.find("Peluang Palembang mencapai 0 % kumuh (pembukuan, Z2a)") != text.npos);
  CHECK(text.find("tidak sampai 2045") != text.npos);
  CHECK(text.find("Rp 250 miliar") != text.npos);
}

TEST_CASE("plain output is tab-separated with points and English digits", "[messages]") {
  const std::string text = headline_text(question(), {outcome("now", {2029, never})}, "id", true);
  CHECK(text.find("now\t50.0\t50.0\t2029\t") != text.npos);
  CHECK(text.find("±") == text.npos);
}

TEST_CASE("numbers are grouped as each language does", "[unit]") {
  REQUIRE(number_text(1729.84, 2, "en") == "1,729.84");
  REQUIRE(number_text(1729.84, 2, "id") == "1.729,84");
  REQUIRE(number_text(-0.004, 2, "en") == "0.00");
  REQUIRE(number_text(1234567.0, 0, "en") == "1,234,567");
}
