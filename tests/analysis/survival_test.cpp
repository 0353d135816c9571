#include "analysis/survival.h"

#include <catch2/catch.hpp>
#include <limits>
#include <vector>


using namespace musi::analysis;

namespace {

std::vector<Lifetime> group(const std::vector<double>& times, const std::vector<int>& reached) {
  std::vector<Lifetime> lifetimes;
  for (std::size_t i = 0; i < times.size(); ++i) {
    lifetimes.push_back({times[i], reached[i] == 1});
  }
  return lifetimes;
}

/// Remission of leukaemia under 6-MP and under placebo, Gehan 1965 (in many textbooks).
std::vector<Lifetime> treated() {
  return group({6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35},
               {1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0});
}

std::vector<Lifetime> placebo() {
  return group({1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23},
               std::vector<int>(21, 1));
}

}  // namespace

// Reference numbers: package survival 3.5-3 of R (survfit, survmean, survdiff).

TEST_CASE("the Kaplan-Meier curve is that of R", "[unit]") {
  const std::vector<SurvivalStep> curve = kaplan_meier(treated());
  REQUIRE(curve.size() == 16);
  CHECK(curve[0].time == 6);
  CHECK(curve[0].at_risk == 21);
  CHECK(curve[0].events == 3);
  CHECK(curve[0].censored == 1);
  CHECK(curve[0].survival == Approx(0.857142857142857).epsilon(1e-12));
  CHECK(curve[0].standard_error == Approx(0.0763603548321213).epsilon(1e-12));
  CHECK(curve[3].survival == Approx(0.752941176470588).epsilon(1e-12));
  CHECK(curve[11].time == 23);
  CHECK(curve[11].survival == Approx(0.448179271708683).epsilon(1e-12));
  CHECK(curve[11].standard_error == Approx(0.1345914567557604).epsilon(1e-12));
  CHECK(share_not_reached(curve) == Approx(0.448179271708683).epsilon(1e-12));
  CHECK(share_reached(curve, 9.5) == Approx(1 - 0.806722689075630).epsilon(1e-12));
  CHECK(share_reached(curve, 5) == 0.0);
}

TEST_CASE("the restricted mean is that of R", "[unit]") {
  const std::vector<SurvivalStep> curve = kaplan_meier(treated());
  CHECK(restricted_mean(curve, 0, 30) == Approx(21.04649859943977).epsilon(1e-12));
  CHECK(restricted_mean(curve, 0, 5) == 5.0);
}

TEST_CASE("a quantile that censoring hides is not invented", "[unit]") {
  const std::vector<SurvivalStep> curve = kaplan_meier(treated());
  CHECK(time_of_share(curve, 0.10) == 6.0);
  CHECK(time_of_share(curve, 0.25) == 13.0);
  CHECK(time_of_share(curve, 0.50) == 23.0);
  CHECK_FALSE(time_of_share(curve, 0.75));
}

TEST_CASE("the log-rank test is that of R for two and three groups", "[unit]") {
  const std::vector<std::vector<Lifetime>> two{treated(), placebo()};
  const LogRank first = log_rank(two);
  CHECK(first.chi_squared == Approx(16.7929409892165).epsilon(1e-10));
  CHECK(first.degrees_of_freedom == 1);
  CHECK(first.p_value == Approx(4.16880910933948e-05).epsilon(1e-8));
  const std::vector<std::vector<Lifetime>> three{
      treated(), placebo(),
      group({3, 5, 9, 14, 20, 28, 30, 30, 30}, {1, 0, 1, 1, 0, 1, 0, 0, 1})};
  const LogRank second = log_rank(three);
  CHECK(second.chi_squared == Approx(22.1391734205539).epsilon(1e-10));
  CHECK(second.degrees_of_freedom == 2);
  CHECK(second.p_value == Approx(1.55789999089726e-05).epsilon(1e-8));
}

TEST_CASE("equal groups and groups without events show no difference", "[unit]") {
  const std::vector<std::vector<Lifetime>> same{treated(), treated()};
  CHECK(log_rank(same).chi_squared == Approx(0.0).margin(1e-12));
  CHECK(log_rank(same).p_value == Approx(1.0));
  const std::vector<Lifetime> never(5, {2045, false});
  const std::vector<std::vector<Lifetime>> none{never, never};
  CHECK(log_rank(none).chi_squared == 0.0);
  CHECK(log_rank(none).p_value == 1.0);
}

TEST_CASE("futures that never reach zero count up to the horizon", "[unit]") {
  const double missing = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> years{2025, missing, 2035, missing};
  const std::vector<SurvivalStep> curve = kaplan_meier(lifetimes(years, 2045));
  CHECK(share_not_reached(curve) == 0.5);
  CHECK(restricted_mean(curve, 2019, 2045) == Approx((6 + 26 + 16 + 26) / 4.0));
  CHECK(time_of_share(curve, 0.5) == 2035.0);
  CHECK_FALSE(time_of_share(curve, 0.51));
  const std::vector<double> none(2, missing);
  const std::vector<SurvivalStep> never = kaplan_meier(lifetimes(none, 2045));
  CHECK(share_not_reached(never) == 1.0);
  CHECK_FALSE(time_of_share(never, 0.1));
  CHECK(restricted_mean(never, 2019, 2045) == 26.0);
}

TEST_CASE("without censoring before the end the curve is the plain share", "[property]") {
  const double missing = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> years;
  for (int i = 0; i < 997; ++i) years.push_back(i % 7 == 0 ? missing : 2020 + i * i % 26);
  const std::vector<SurvivalStep> curve = kaplan_meier(lifetimes(years, 2045));
  for (int year = 2020; year <= 2045; ++year) {
    double count = 0;
    for (const double reached : years) count += reached <= year;
    CHECK(share_reached(curve, year) == Approx(count / 997).margin(1e-12));
  }
}
