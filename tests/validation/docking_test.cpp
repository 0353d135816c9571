#include <catch2/catch.hpp>
#include <cmath>

#include "models/participation/influence.h"
#include "sim/core/portable_math.h"
#include "tests/support/crowd.h"
#include "tests/support/statistics.h"

/// Docking cases of MODEL.md section 27 that no test of one model part proves.

using namespace musi;
using namespace musi::models;

namespace {

constexpr std::size_t n_groups_of_rts = 2000;
constexpr std::size_t group_size = 10;
constexpr double pass_chance = 0.65;
constexpr int rounds = 7;

/// Groups of ten RTs of which each passed at least once in seven years: an RT passes in a year when
/// its own ways, and nothing else, lie below the pass quantile.
double groups_all_passed(double lasting) {
  static const City city = tests::tiny_city(1);
  static const Scenario scenario = tests::tiny_scenario();
  const std::size_t n = n_groups_of_rts * group_size;
  World world = tests::crowd(scenario, city, {.n_rts = n, .per_rt = 1});
  const sim::Chance lasting_ways(12, 1, sim::start_state);
  for (std::size_t rt = 0; rt < n; ++rt) {
    world.rts.A[rt] = sim::portable::normal_quantile(lasting_ways.uniform(world.rts.key[rt]));
  }
  Influence influence(Influence::Params{.rt_sd = 1.0, .lasting = lasting});
  const double limit = sim::portable::normal_quantile(pass_chance);
  std::vector<bool> passed(n, false);
  for (int year = 0; year < rounds; ++year) {
    influence.step(world, {.month = 12 * year, .seed = 5});
    for (std::size_t rt = 0; rt < n; ++rt) {
      const double ways = static_cast<double>(world.rts.gamma[0][rt]);
      passed[rt] = passed[rt] || ways < limit;
    }
  }
  double all = 0.0;
  for (std::size_t g = 0; g < n_groups_of_rts; ++g) {
    bool every = true;
    for (std::size_t i = 0; i < group_size; ++i) every = every && passed[g * group_size + i];
    all += every ? 1.0 : 0.0;
  }
  return all;
}

}  // namespace

TEST_CASE("D12: who abstains each year afresh passes in time, who always does never",
          "[validation]") {
  const double fresh = std::pow(1.0 - std::pow(1.0 - pass_chance, rounds), double{group_size});
  const double lasting = std::pow(pass_chance, double{group_size});
  CHECK(fresh == Approx(0.99358).margin(5e-6));
  CHECK(lasting == Approx(0.01346).margin(5e-6));
  tests::require_share(groups_all_passed(0.0), n_groups_of_rts, fresh);
  tests::require_share(groups_all_passed(1.0), n_groups_of_rts, lasting);
  const double between = groups_all_passed(0.6) / n_groups_of_rts;
  REQUIRE(between > lasting + 0.02);
  REQUIRE(between < fresh - 0.02);
}
