#include "models/finance/guideline.h"

#include <catch2/catch.hpp>

#include "models/scenario.h"

using namespace musi::models;

TEST_CASE("the feasible share of works follows from five dates", "[unit]") {
  struct Row {
    double guideline, effective, verification, procurement, span, start, share;
  };
  const Row rows[] = {{7, 2, 1.5, 1, 5, 9.5, 0.4},
                      {7, 2, 1.5, 2.5, 6, 11, 0.5 / 6},
                      {2, 2, 1.5, 2.5, 6, 6, 5.5 / 6},
                      {9, 3, 1.5, 1, 5, 11.5, 0},
                      {4, 2, 1.5, 1, 5, 6.5, 1},
                      {4, 2, 1.5, 2.5, 6, 8, 3.5 / 6}};
  for (const Row& r : rows) {
    const double start = start_of_works(r.guideline, r.effective, r.verification, r.procurement);
    REQUIRE(start == r.start);
    REQUIRE(feasible_share(start, r.span, 11.5) == r.share);
  }
  REQUIRE(hurried_share(0.4, 0.6) == Approx(0.64));
  REQUIRE(hurried_share(0.0, 0.6) == 0.0);
  REQUIRE(hurried_share(1.0, 0.6) == 1.0);
}

TEST_CASE("the guideline month stays between the low and high of its preset", "[property]") {
  for (const auto preset : {GuidelinePreset::early, GuidelinePreset::central,
                            GuidelinePreset::late, GuidelinePreset::very_late}) {
    const GuidelineMonths months = months_of(preset);
    double before = 0.0;
    for (double z = -4.0; z <= 4.0; z += 0.25) {
      const double month = guideline_month(months, z);
      REQUIRE(month >= months.low - 1e-9);
      REQUIRE(month <= months.high + 1e-9);
      REQUIRE(month > before);
      before = month;
    }
  }
}
