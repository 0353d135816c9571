#include "models/population/visits.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "models/draws.h"
#include "models/participation/influence.h"
#include "sim/core/distributions.h"
#include "tests/support/columns.h"
#include "tests/support/crowd.h"
#include "tests/support/statistics.h"

using namespace musi;
using namespace musi::models;

namespace {

/// Parameters under which only b_0 and the neighbours act.
void bare(World& world, double b0, double bm, double psi) {
  Future& f = world.future;
  for (const Param p :
       {Param::part_benefit_weight, Param::part_cost_weight, Param::logit_received_help,
        Param::logit_owner, Param::part_household_sd, Param::part_rt_sd,
        Param::part_facilitation_weight, Param::part_social_capital_weight,
        Param::part_disappointment_weight, Param::part_adjacent_weight}) {
    f.set(p, 0.0);
  }
  f.set(Param::part_intercept, b0);
  f.set(Param::part_neighbour_weight, bm);
  f.set(Param::part_revision_rate, psi);
}

/// Starts the geometric waiting times: trials from month 0 on.
void start_trials(World& world) {
  Households& h = world.households;
  for (std::size_t i = 0; i < h.size_rows(); ++i) {
    if ((h.flags[i] & flag::alive) == 0) continue;
    h.next_revision[i] = static_cast<std::uint16_t>(
        Visits::first_wait(world, h.record[i].key, sim::start_state) - 1);
  }
}

void run(World& world, int months) {
  Influence influence(world);
  Visits visits(world);
  for (sim::Month t = 0; t < months; ++t) {
    const sim::Step step{.month = t, .seed = world.future.seed()};
    influence.step(world, step);
    visits.step(world, step);
  }
}

const City city = tests::tiny_city(1);
const Scenario scenario = tests::tiny_scenario();

}  // namespace

TEST_CASE("D6: without neighbours engagement relaxes to the logit share", "[statistical]") {
  for (const auto& [psi, expected] : {std::pair{0.25, 0.22668}, std::pair{0.10, 0.18869}}) {
    World world = tests::crowd(scenario, city, {.per_rt = 100'000, .c0 = -1.2f});
    bare(world, -1.2, 0.0, psi);
    tests::engage_share(world, 0.08);
    start_trials(world);
    run(world, 12);
    // One standard error is 0.0013: an error of 0.006 is caught.
    tests::require_share(tests::engaged_share(world) * 100'000, 100'000, expected);
  }
}

TEST_CASE("D7: with neighbours the share settles on either side of one half", "[statistical]") {
  for (const auto& [start, expected] : {std::pair{0.40, 0.14479}, std::pair{0.60, 0.85521}}) {
    World world = tests::crowd(scenario, city, {.per_rt = 100'000, .c0 = -2.5f});
    bare(world, 0.0, 5.0, 0.25);
    tests::engage_share(world, start);
    start_trials(world);
    run(world, 120);
    REQUIRE(tests::engaged_share(world) == Approx(expected).margin(0.005));
  }
}

TEST_CASE("D8: income persists and spreads as the AR(1) says", "[unit]") {
  const IncomeProcess p = IncomeProcess::of(0.85, 0.6, 0.0);
  REQUIRE(p.phi == Approx(0.995496).margin(5e-7));
  REQUIRE(p.sd_after(1) == Approx(0.056884).margin(5e-7));
  REQUIRE(p.factor_after(7) == Approx(0.968893).margin(5e-7));
  REQUIRE(p.sd_after(7) == Approx(0.148488).margin(5e-7));
  // Seven single months are one stretch of seven: the variances add up.
  double variance = 0.0;
  for (int i = 0; i < 7; ++i) {
    variance = p.phi * p.phi * variance + p.sd_after(1) * p.sd_after(1);
  }
  REQUIRE(std::sqrt(variance) == Approx(p.sd_after(7)).epsilon(1e-9));
}

TEST_CASE("D8: in three years a quarter of the poor rise and a seventh of the rest fall",
          "[statistical]") {
  // Out of the poorest three deciles; from the upper six deciles into the lower four.
  struct Case {
    double r, up, down;
  };
  for (const Case& c : {Case{0.85, 0.256, 0.142}, Case{0.82, 0.281, 0.156},
                        Case{0.87, 0.238, 0.132}}) {
    const IncomeProcess p = IncomeProcess::of(c.r, 0.6, 0.0);
    const double lowest = 0.6 * sim::portable::normal_quantile(0.3);
    const double low = 0.6 * sim::portable::normal_quantile(0.4);
    const double factor = p.factor_after(36), sd = p.sd_after(36);
    const int n = 200'000;
    double poor = 0.0, rose = 0.0, rest = 0.0, fell = 0.0;
    for (int i = 0; i < n; ++i) {  // quasi-random pairs: the error is far below half a point
      const double u = (i + 0.5) / n;
      const double v = std::fmod((i + 1) * 0.6180339887498949, 1.0);
      const double before = 0.6 * sim::portable::normal_quantile(u);
      const double after =
          factor * before + sd * sim::portable::normal_quantile(std::clamp(v, 1e-9, 1.0 - 1e-9));
      poor += before < lowest;
      rose += before < lowest && after >= lowest;
      rest += before >= low;
      fell += before >= low && after < low;
    }
    REQUIRE(rose / poor == Approx(c.up).margin(0.005));
    REQUIRE(fell / rest == Approx(c.down).margin(0.005));
  }
}

TEST_CASE("D8: incomes of visited households keep the persistence and spread of the process",
          "[statistical]") {
  const std::size_t n = 40'000;
  World world = tests::crowd(scenario, city, {.per_rt = n});
  bare(world, 0.0, 0.0, 0.25);
  world.future.set(Param::income_rank_correlation_3y, 0.85);
  start_trials(world);
  Households& h = world.households;
  const double sd = IncomeProcess::stationary_sd(world.future[Param::income_log_sd]);
  const sim::Chance chance(5, 1, 0);
  std::vector<float> before(h.size_rows());
  for (std::size_t i = 0; i < n; ++i) {
    before[i] = h.record[i].dy =
        static_cast<float>(sd * sim::portable::normal_quantile(chance.uniform(h.record[i].key)));
  }
  Visits visits(world);
  for (sim::Month t = 0; t < 36; ++t) visits.step(world, {.month = t, .seed = 9});
  // dy of the last visit is compared with the elapsed time of that visit.
  const double phi = sim::portable::pow(0.85, 1.0 / 36.0);
  std::vector<double> standardised;
  for (std::size_t i = 0; i < n; ++i) {
    const int months = h.record[i].last_visit - visit_offset;
    if (months == 0) continue;
    const double factor = std::pow(phi, months);
    standardised.push_back((double{h.record[i].dy} - factor * double{before[i]}) /
                           (sd * std::sqrt(1.0 - factor * factor)));
  }
  const tests::Moments m = tests::moments(standardised);
  tests::require_mean(m.mean, m.sd, m.n, 0.0);
  // The variance of n squared normals has standard error sqrt(2/n): 2 per cent off is caught.
  std::vector<double> squares;
  for (const double z : standardised) squares.push_back(z * z);
  tests::require_mean_of(squares, 1.0);
}

TEST_CASE("D9: waits between revisions are geometric", "[statistical]") {
  const GeometricWait wait(0.25);
  const int n = 400'000;
  std::vector<double> counts(60), expected(60);
  std::vector<double> waits;
  double above_12 = 0.0;
  const sim::Chance chance(3, 10, 0);
  for (int i = 0; i < n; ++i) {
    const std::uint32_t word = chance.block(sim::mix(1, i))[0];
    const int w = wait(word);
    REQUIRE(w == sim::geometric_wait(static_cast<double>(sim::uniform24(word)), 0.25));
    waits.push_back(w);
    above_12 += w > 12;
    counts[static_cast<std::size_t>(std::min(w, 60) - 1)] += 1.0;
  }
  for (int w = 1; w <= 60; ++w) {
    expected[static_cast<std::size_t>(w - 1)] = n * 0.25 * std::pow(0.75, w - 1);
  }
  tests::require_mean(tests::moments(waits).mean, std::sqrt(12.0), n, 4.0);
  REQUIRE(tests::moments(waits).sd == Approx(std::sqrt(12.0)).epsilon(0.02));
  tests::require_share(above_12, n, std::pow(0.75, 12));
  tests::require_distribution(counts, expected);
}

TEST_CASE("each household is visited with chance psi a month", "[statistical]") {
  const std::size_t n = 50'000;
  World world = tests::crowd(scenario, city, {.per_rt = n});
  bare(world, 0.0, 0.0, 0.25);
  start_trials(world);
  Visits visits(world);
  std::vector<double> visited(24);
  for (sim::Month t = 0; t < 24; ++t) {
    visits.step(world, {.month = t, .seed = 4});
    for (const HouseholdRecord& r : world.households.record) {
      visited[static_cast<std::size_t>(t)] += r.last_visit == t + visit_offset;
    }
    if (t > 0) {  // in month 0 the fresh rows also carry that mark
      tests::require_share(visited[static_cast<std::size_t>(t)], static_cast<double>(n), 0.25);
    }
  }
}

TEST_CASE("b_m = 0 equals the independent logit bit by bit", "[property]") {
  Scenario neighbours = tests::tiny_scenario();
  tests::fix(neighbours, Param::part_neighbour_weight, 0.0);
  Scenario independent = tests::tiny_scenario();
  independent.theory = ParticipationTheory::independent;
  const City small = tests::tiny_city(3);
  World a = build_world(neighbours, small, 21);
  World b = build_world(independent, small, 21);
  run(a, 24);
  run(b, 24);
  REQUIRE(a.households.flags == b.households.flags);
  REQUIRE(tests::column_of(a.households, &HouseholdRecord::savings) ==
          tests::column_of(b.households, &HouseholdRecord::savings));
  REQUIRE(a.rts.n_engaged == b.rts.n_engaged);
}

TEST_CASE("a steep logit agrees with the threshold form", "[property]") {
  Scenario steep = tests::tiny_scenario();
  tests::fix(steep, Param::part_neighbour_weight, 40'000.0);
  Scenario threshold = steep;
  threshold.theory = ParticipationTheory::threshold;
  const City small = tests::tiny_city(3);
  World a = build_world(steep, small, 22);
  World b = build_world(threshold, small, 22);
  run(a, 24);
  run(b, 24);
  std::size_t differ = 0;
  for (std::size_t i = 0; i < a.households.size_rows(); ++i) {
    differ += (a.households.flags[i] ^ b.households.flags[i]) & flag::engaged ? 1 : 0;
  }
  REQUIRE(static_cast<double>(differ) < 0.002 * static_cast<double>(a.n_households()));
}

TEST_CASE("a fixed engaged share is kept whatever the neighbours do", "[statistical]") {
  Scenario fixed = tests::tiny_scenario();
  fixed.participation.fixed = true;
  fixed.participation.fixed_engaged_pct.value = constant(35.0);
  fixed.participation.fixed_engaged_pct.is_set = true;
  const City small = tests::tiny_city(8);
  World world = build_world(fixed, small, 23);
  run(world, 36);
  double engaged = 0.0;
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    engaged += world.rts.n_engaged[0][rt] + world.rts.n_engaged[1][rt];
  }
  const double n = static_cast<double>(world.n_households());
  // All but 1e-7 of the households have been visited in five years.
  tests::require_share(engaged, n, 0.35);
}

TEST_CASE("savings grow by a fixed share of permanent income and stop at the cap", "[unit]") {
  World world = tests::crowd(scenario, city, {.per_rt = 100});
  bare(world, 0.0, 0.0, 1.0);
  world.future.set(Param::savings_rate, 0.05);
  world.future.set(Param::income_growth_real, 0.0);
  Visits visits(world);
  for (sim::Month t = 0; t <= 12; ++t) visits.step(world, {.month = t, .seed = 4});
  REQUIRE(world.households.record[0].savings == Approx(0.05 * std::exp(0.9) * 12).epsilon(1e-5));
  world.households.record[1].savings = 29.99f;
  visits.step(world, {.month = 13, .seed = 4});
  REQUIRE(world.households.record[1].savings == 30.0f);
}

TEST_CASE("one more household changes nobody else", "[property]") {
  const std::size_t n = 300;
  const auto world_of = [&](bool one_more) {
    World world = tests::crowd(scenario, city, {.per_rt = n, .c0 = -0.5f});
    bare(world, 0.0, 0.0, 0.25);
    if (one_more) {
      HouseholdRow h = world.row(0);
      h.key = sim::mix(99, 99);
      world.count_household(world.add_row(0, h), +1);
    }
    start_trials(world);
    run(world, 48);
    return world;
  };
  const World world = world_of(false);
  const World larger = world_of(true);
  const std::size_t a = world.rts.first_row[0], b = larger.rts.first_row[0];
  for (std::size_t i = 0; i < n; ++i) {
    REQUIRE(world.households.record[a + i].key == larger.households.record[b + i].key);
    REQUIRE(world.households.flags[a + i] == larger.households.flags[b + i]);
    REQUIRE(world.households.record[a + i].dy == larger.households.record[b + i].dy);
    REQUIRE(world.households.record[a + i].savings == larger.households.record[b + i].savings);
    REQUIRE(world.households.next_revision[a + i] == larger.households.next_revision[b + i]);
  }
}

TEST_CASE("states of one month do not act on each other", "[unit]") {
  // With a huge neighbour weight and nobody engaged before, all who revise stay out, although the
  // first of them would pull the others if the sweep read its own results.
  World world = tests::crowd(scenario, city, {.per_rt = 1000, .c0 = -50.0f});
  bare(world, 0.0, 1e6, 1.0);
  world.households.record[0].c0 = 1000.0f;
  run(world, 1);
  REQUIRE(world.rts.n_engaged[1][0] == 1);
  REQUIRE((world.households.flags[0] & flag::engaged) != 0);
}
