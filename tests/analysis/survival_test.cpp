#include "analysis/survival.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "sim/core/rng.h"

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

namespace {

constexpr double never = std::numeric_limits<double>::infinity();

/// `n` times seen at inspections of their own, some not before the end.
std::vector<SeenBetween> inspected(std::uint64_t seed, std::size_t n) {
  std::vector<SeenBetween> times;
  musi::sim::Stream stream(musi::sim::Chance(seed, 1, 0), 7);
  for (std::size_t i = 0; i < n; ++i) {
    const double time = 12.0 * stream.fine_uniform() * stream.fine_uniform();
    SeenBetween seen;
    double at = 0.0;
    while (seen.until == never && at < 6.0) {
      seen.after = at;
      at += 1.0 + std::floor(3.0 * stream.fine_uniform());
      if (time <= at) seen.until = at;
    }
    if (seen.until == never) seen.after = at;
    times.push_back(seen);
  }
  return times;
}

/// Whether `share` may lie in the interval of a time.
bool holds(const SeenBetween& time, const ShareBetween& share) {
  return time.after <= share.after && share.until <= time.until;
}

}  // namespace

TEST_CASE("of hand-made intervals the estimate is the one found by hand", "[unit]") {
  // Innermost: (1,2], (3,4]; likelihood p^2 (1 - p) * 1, greatest at p = 2/3.
  const std::vector<SeenBetween> times{{0, 2}, {1, 2}, {3, 4}, {1, 4}};
  const auto shares = turnbull(times);
  REQUIRE(shares.size() == 2);
  CHECK(shares[0].after == 1);
  CHECK(shares[0].until == 2);
  CHECK(shares[0].share == Approx(2.0 / 3.0).epsilon(1e-9));
  CHECK(shares[1].after == 3);
  CHECK(shares[1].until == 4);
  const MeanBetween mean = restricted_mean_between(shares, 0, 10);
  CHECK(mean.low == Approx((2.0 * 1 + 3) / 3).epsilon(1e-9));
  CHECK(mean.high == Approx((2.0 * 2 + 4) / 3).epsilon(1e-9));
}

TEST_CASE("no other shares make interval-censored times likelier", "[property]") {
  for (const std::uint64_t seed : {1, 2, 3, 4, 5}) {
    const auto times = inspected(seed, 120);
    const auto shares = turnbull(times);
    double sum = 0.0;
    for (const ShareBetween& s : shares) sum += s.share;
    CHECK(sum == Approx(1.0).epsilon(1e-12));
    // Gentleman and Geyer 1994: moving a share to any interval raises nothing.
    for (const ShareBetween& to : shares) {
      double slope = 0.0;
      for (const SeenBetween& time : times) {
        double likelihood = 0.0;
        for (const ShareBetween& s : shares) likelihood += holds(time, s) ? s.share : 0.0;
        slope += holds(time, to) ? 1.0 / likelihood : 0.0;
      }
      CHECK(slope <= static_cast<double>(times.size()) * 1.001);
    }
  }
}

TEST_CASE("read each December the estimate is the Kaplan-Meier curve at Decembers", "[property]") {
  const double missing = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> years;
  for (int i = 0; i < 499; ++i) years.push_back(i % 5 == 0 ? missing : 2020 + i * i % 31);
  const auto curve = kaplan_meier(lifetimes(years, 2045));
  const auto shares = turnbull(seen_yearly(years, 2045));
  double reached = 0.0;
  for (const ShareBetween& s : shares) {
    if (s.until == never) continue;
    CHECK(s.until - s.after == 1.0);
    reached += s.share;
    CHECK(reached == Approx(share_reached(curve, s.until)).epsilon(1e-12));
  }
  CHECK(shares.back().until == never);
  CHECK(shares.back().share == Approx(share_not_reached(curve)).epsilon(1e-12));
  // The restricted mean is that of Decembers, or up to a year less for those that reach zero.
  const MeanBetween mean = restricted_mean_between(shares, 2018, 2045);
  CHECK(mean.high == Approx(restricted_mean(curve, 2018, 2045)).epsilon(1e-12));
  CHECK(mean.low == Approx(mean.high - reached).epsilon(1e-12));
}
