#include "models/indicators/implementation/measures.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>
#include <set>
#include <vector>

using namespace musi::models::implementation;

TEST_CASE("sites of equal need stay in their order when the top third is taken", "[property]") {
  for (std::size_t n = 1; n < 70; ++n) {
    std::vector<double> need(n), money(n);
    for (std::size_t i = 0; i < n; ++i) {
      need[i] = static_cast<double>(i * 7 % 5);
      money[i] = 1.0 / static_cast<double>(i + 3);
    }
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return need[a] > need[b]; });
    double top = 0.0, all = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      all += money[order[i]];
      if (i < (n + 2) / 3) top += money[order[i]];
    }
    CHECK(share_in_top_third(money, need) == top / all);
  }
}

TEST_CASE("P1: money follows need exactly, against it, or not at all", "[unit]") {
  const std::array score{10.0, 20.0, 30.0, 40.0};
  CHECK(rank_correlation(std::array{1.0, 2.0, 3.0, 9.0}, score) == Approx(1.0));
  CHECK(rank_correlation(std::array{9.0, 3.0, 2.0, 1.0}, score) == Approx(-1.0));
  // Ranks 2, 1, 4, 3 against 1, 2, 3, 4: 1 - 6 * 4 / (4 * 15) = 0.6.
  CHECK(rank_correlation(std::array{2.0, 1.0, 9.0, 5.0}, score) == Approx(0.6));
  // Ties take their mean rank: 1.5, 1.5, 3.5, 3.5; covariance 4, variances 4 and 5.
  CHECK(rank_correlation(std::array{0.0, 0.0, 5.0, 5.0}, score) == Approx(4.0 / std::sqrt(20.0)));
  CHECK(std::isnan(rank_correlation(std::array{5.0, 5.0, 5.0, 5.0}, score)));
  CHECK(std::isnan(rank_correlation(std::array{1.0, 2.0}, std::array{1.0, 2.0})));
}

TEST_CASE("P1: the top third of need are the neediest places, rounded up", "[unit]") {
  const std::array money{10.0, 20.0, 30.0, 40.0};
  const std::array need{1.0, 9.0, 8.0, 2.0};  // of four places two: 20 + 30 of 100
  CHECK(share_in_top_third(money, need) == Approx(0.5));
  CHECK(share_in_top_third(std::array{3.0, 1.0, 1.0}, std::array{5.0, 1.0, 1.0}) == Approx(0.6));
  CHECK(std::isnan(share_in_top_third(std::array{0.0, 0.0}, std::array{1.0, 2.0})));
}

TEST_CASE("P1: places that are ranked once answer like those ranked each time", "[unit]") {
  const std::array score{10.0, 40.0, 20.0, 20.0, 30.0};
  const std::array need{3.0, 9.0, 8.0, 9.0, 1.0};
  const RankedPlaces ranked(score, need);
  for (const std::array money : {std::array{1.0, 2.0, 3.0, 9.0, 4.0},
                                 std::array{0.0, 0.0, 7.0, 0.0, 0.0}}) {
    CHECK(ranked.correlation_with_score(money) == rank_correlation(money, score));
    CHECK(ranked.share_in_top_third(money) == share_in_top_third(money, need));
  }
  CHECK(ranked.correlation_with_score(score) == Approx(1.0));
  CHECK(std::isnan(RankedPlaces(std::array{1.0, 2.0}, std::array{1.0, 2.0})
                       .correlation_with_score(std::array{1.0, 2.0})));
}

TEST_CASE("P2, P4, B2, S1: shares are parts of a whole, and undefined without one", "[unit]") {
  CHECK(share(3.0, 4.0) == Approx(0.75));
  CHECK(share(0.0, 4.0) == 0.0);
  CHECK(std::isnan(share(0.0, 0.0)));
}

TEST_CASE("P3: one conflict in four joint packages leaves three quarters", "[unit]") {
  CHECK(coordination(1, 4) == Approx(0.75));
  CHECK(coordination(0, 4) == Approx(1.0));
  CHECK(std::isnan(coordination(0, 0)));
}

TEST_CASE("P5: evenness is 1 for four equal proposers, 1/2 for two, 0 for one", "[unit]") {
  CHECK(evenness(std::array{2.0, 2.0, 2.0, 2.0}) == Approx(1.0));
  CHECK(evenness(std::array{5.0, 5.0, 0.0, 0.0}) == Approx(0.5));
  CHECK(evenness(std::array{7.0, 0.0, 0.0, 0.0}) == Approx(0.0).margin(1e-12));
  CHECK(std::isnan(evenness(std::array{0.0, 0.0, 0.0, 0.0})));
}

TEST_CASE("B3: what is voted against the plan, and against last year", "[unit]") {
  CHECK(commitment(55.0, 100.0) == Approx(0.55));
  CHECK(commitment(120.0, 100.0) == 1.0);
  CHECK(std::isnan(commitment(1.0, 0.0)));
  CHECK(steadiness(80.0, 100.0) == Approx(0.8));
  CHECK(steadiness(120.0, 100.0) == Approx(0.8));
  CHECK(steadiness(500.0, 100.0) == 0.0);
  CHECK(std::isnan(steadiness(5.0, 0.0)));
}

TEST_CASE("B5: a deviation of which a quarter has no name is explained to three quarters",
          "[unit]") {
  CHECK(share_explained(std::array{5.0, 10.0, 0.0, 5.0}) == Approx(0.75));
  CHECK(std::isnan(share_explained(std::array{0.0, 0.0, 0.0, 0.0})));
}

TEST_CASE("S2, S3, S4: officers, documents and instructions", "[unit]") {
  CHECK(staffing(0.9) == 1.0);
  CHECK(staffing(1.1) == 0.0);
  CHECK(documentation(110.0, 100.0) == Approx(0.9));
  CHECK(documentation(100.0, 100.0) == 1.0);
  CHECK(documentation(300.0, 100.0) == 0.0);
  CHECK(std::isnan(documentation(1.0, 0.0)));
  CHECK(timeliness(1.0) == 1.0);
  CHECK(timeliness(6.5) == Approx(0.5));
  CHECK(timeliness(12.0) == 0.0);
}

TEST_CASE("spm_index: ten households with all but waste have four services of five", "[unit]") {
  CHECK(spm_index(std::array{10.0, 10.0, 10.0, 10.0, 0.0}, 10.0) == Approx(0.8));
  CHECK(std::isnan(spm_index(std::array{0.0, 0.0, 0.0, 0.0, 0.0}, 0.0)));
}

TEST_CASE("A composite leaves out what is undefined and cuts to 0 to 1", "[unit]") {
  CHECK(composite(std::array{0.5, undefined, 1.0}) == Approx(0.75));
  CHECK(composite(std::array{-1.0, 1.0}) == Approx(0.5));
  CHECK(std::isnan(composite(std::array{undefined, undefined})));
}

TEST_CASE("Every measure has a code of its own, a unit, two titles and a definition", "[unit]") {
  std::set<std::string_view> codes;
  for (std::size_t i = 0; i < n_measures; ++i) {
    const MeasureInfo& m = info(static_cast<Measure>(i));
    INFO(m.code);
    CHECK(codes.insert(m.code).second);
    CHECK_FALSE(m.unit.empty());
    CHECK_FALSE(m.title_en.empty());
    CHECK_FALSE(m.title_id.empty());
    CHECK_FALSE(m.definition.empty());
  }
  for (const char* code : {"P1", "P2", "P3", "P4", "P5", "P6", "B1", "B2", "B3", "B4", "B5", "S1",
                           "S2", "S3", "S4", "spm_index"}) {
    CHECK(codes.contains(code));
  }
  CHECK(info(Measure::S4_verbal).code == "S4_verbal");
  CHECK(info(Measure::B5_unknown).code == "B5_unknown");
}
