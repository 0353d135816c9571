#include "analysis/mix.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

using namespace musi::analysis;

namespace {

/// Shares of 500 futures, as a laboratory would give them.
Share share_of(double p) {
  return share(static_cast<std::size_t>(std::round(500.0 * std::clamp(p, 0.0, 1.0))), 500);
}

}  // namespace

TEST_CASE("the cheapest mix of two levers is found", "[unit]") {
  // chance = x y with saturating returns, cost = 3 x + y: cheapest where both give the same per
  // rupiah. On x y = 0.25: x = sqrt(0.25 / 3), cost = 2 sqrt(0.75).
  const MixAnswer answer = find_mix({.n_levers = 2, .wanted = 0.25},
                                    [](const std::vector<double>& x) -> std::optional<MixPoint> {
                                      return MixPoint{{}, share_of(x[0] * x[1]), 3 * x[0] + x[1]};
                                    });
  REQUIRE(answer.is_reachable);
  CHECK(answer.points.size() <= 60);
  CHECK(answer.points[answer.answer].chance.estimate >= 0.25);
  const double cheapest = 2.0 * std::sqrt(0.75);
  CHECK(answer.points[answer.answer].cost >= cheapest - 0.02);  // a grid of 1/500 futures
  CHECK(answer.points[answer.answer].cost < 1.05 * cheapest);
}

TEST_CASE("four levers of which one is useless: it is left at its cheap end", "[unit]") {
  const MixAnswer answer = find_mix(
      {.n_levers = 4, .wanted = 0.5}, [](const std::vector<double>& x) -> std::optional<MixPoint> {
        const double p = 1.0 - std::exp(-(x[0] + 0.6 * x[1] + 0.3 * x[2]));
        return MixPoint{{}, share_of(p), x[0] + x[1] + x[2] + x[3]};
      });
  REQUIRE(answer.is_reachable);
  CHECK(answer.points.size() <= 60);
  CHECK(answer.points[answer.answer].cost < 1.15 * std::log(2.0));  // all by the first lever
}

TEST_CASE("a wish that no mix grants names the best mix", "[unit]") {
  const MixAnswer answer = find_mix({.n_levers = 2, .wanted = 0.9},
                                    [](const std::vector<double>& x) -> std::optional<MixPoint> {
                                      return MixPoint{{}, share_of(0.3 * (x[0] + x[1])), x[0]};
                                    });
  CHECK(!answer.is_reachable);
  CHECK(answer.points[answer.answer].chance.estimate == Approx(0.6));
}

TEST_CASE("a search for a mix that is stopped keeps its points", "[unit]") {
  int n = 0;
  const MixAnswer answer = find_mix({.n_levers = 3, .wanted = 0.5},
                                    [&](const std::vector<double>& x) -> std::optional<MixPoint> {
                                      if (++n == 12) return std::nullopt;
                                      return MixPoint{{}, share_of(x[0]), x[1]};
                                    });
  CHECK(answer.is_stopped);
  CHECK(answer.points.size() == 11);
}
