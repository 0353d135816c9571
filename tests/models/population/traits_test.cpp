#include "models/population/traits.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "models/draws.h"
#include "models/population/move_luck.h"
#include "models/population/synthesis.h"
#include "models/population/visits.h"
#include "sim/core/distributions.h"
#include "sim/core/portable_math.h"
#include "tests/support/tiny_world.h"

using namespace musi;
using namespace musi::models;
namespace portable = musi::sim::portable;

namespace {

const City city = tests::tiny_city(4);
const Scenario scenario = tests::tiny_scenario();

/// The equations of MODEL.md 8.3 and 9 one by one, in double precision.
HouseholdRow plain_traits(const Future& f, const NewHousehold& wanted, const sim::Chance& chance,
                          double& income_score) {
  sim::Stream stream(chance, wanted.key);
  const auto uniform = [&] { return stream.uniform(); };
  const auto offset = [](int edu) { return edu == 1 ? -0.35 : edu == 3 ? 0.40 : 0.0; };
  const double sd = f[Param::income_log_sd];
  const double correlation = f[Param::corr_income_tenure];
  HouseholdRow h;
  h.key = wanted.key;
  h.flags = flag::alive;
  const double u_edu = static_cast<double>(uniform());
  const int edu = u_edu < f[Param::initial_edu_primary]           ? 1
                  : u_edu >= 1.0 - f[Param::initial_edu_tertiary] ? 3
                                                                  : 2;
  h.flags |= static_cast<std::uint32_t>(edu) << flag::edu_shift;
  const double dy = std::sqrt(std::max(0.0, sd * sd - 0.073)) *
                    static_cast<double>(portable::normal_quantile(uniform()));
  h.dy = h.dy_now = static_cast<float>(dy);
  income_score = (offset(edu) + 0.0425 + dy) / sd;
  const bool on_land = uniform() >= wanted.share_river;
  if (on_land) h.flags |= flag::land_group;
  h.mu = static_cast<float>(portable::log(f[Param::income_median]) + offset(edu) -
                            (on_land ? 0.0 : f[Param::initial_river_income_gap]));
  const double rank = portable::normal_cdf(
      correlation * income_score + std::sqrt(1.0 - correlation * correlation) *
                                       static_cast<double>(portable::normal_quantile(uniform())));
  const double u_certificate = static_cast<double>(uniform());
  Tenure tenure = Tenure::rent;
  if (rank < f[Param::initial_squatter_share]) {
    tenure = Tenure::squat;
  } else if (rank >= 1.0 - f[Param::initial_owner_share]) {
    const double certified = f[wanted.is_ulu ? Param::land_certified_share_ulu
                                             : Param::land_certified_share_ilir];
    tenure = u_certificate < certified ? Tenure::title : Tenure::informal_own;
  }
  h.flags |= static_cast<std::uint32_t>(tenure) << flag::tenure_shift;
  const int size = std::min(12, 1 + sim::poisson_quantile(static_cast<double>(uniform()),
                                                          f[Param::household_size] - 1.0));
  h.flags = with_size(h.flags, static_cast<std::uint32_t>(size));
  const auto take = [&](double share, std::uint32_t bit, bool may = true) {
    if (static_cast<double>(uniform()) < share && may) h.flags |= bit;
  };
  take(f[on_land ? Param::initial_wood_share_land : Param::initial_wood_share_river], flag::wood);
  take(f[Param::initial_raft_share], flag::raft, !on_land);
  take(f[Param::initial_informal_share], flag::informal);
  take(f[Param::part_initial_leaders], flag::elder);
  h.savings = static_cast<float>(std::min(30.0, 24.0 * static_cast<double>(uniform()) *
                                                    f[Param::savings_rate] *
                                                    portable::exp(double{h.mu})));
  take(f[Param::initial_crowded_share], flag::crowded);
  return h;
}

bool are_same(const HouseholdRow& a, const HouseholdRow& b) {
  return a.key == b.key && a.flags == b.flags &&
         a.next_revision == b.next_revision && a.next_rare == b.next_rare &&
         a.last_visit == b.last_visit && a.repaired == b.repaired && a.mu == b.mu &&
         a.dy == b.dy && a.dy_now == b.dy_now && a.savings == b.savings && a.c0 == b.c0 &&
         a.fails == b.fails;
}

}  // namespace

TEST_CASE("households drawn side by side are those of the equations one by one", "[property]") {
  World world = build_world_without_spin_up(scenario, city, 3);
  for (int way = 0; way < 3; ++way) {
    if (way == 1) {  // limits that are no numbers of single precision, and extreme ones
      world.future.set(Param::initial_edu_primary, 1.0 / 3.0);
      world.future.set(Param::household_size, 6.1);
      world.future.set(Param::initial_squatter_share, 0.0);
      world.future.set(Param::initial_owner_share, 0.999999);
    }
    if (way == 2) {
      world.future.set(Param::initial_owner_share, 0.0);
      world.future.set(Param::initial_raft_share, 1.0);
      world.future.set(Param::household_size, 1.0);
    }
    const sim::Chance chance(9, 5, way);
    std::vector<NewHousehold> wanted;
    for (std::uint64_t i = 0; i < 20000; ++i) {
      wanted.push_back({.key = sim::mix64(i),
                        .share_river = static_cast<float>(i % 7) / 6.0f,
                        .is_ulu = i % 2 == 0});
    }
    std::vector<HouseholdRow> rows(wanted.size());
    std::vector<double> scores(wanted.size());
    TraitModel(world).draw(chance, wanted, rows, scores);
    std::size_t n_same = 0;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      double score = 0.0;
      n_same += are_same(rows[i], plain_traits(world.future, wanted[i], chance, score)) &&
                        score == scores[i]
                    ? 1
                    : 0;
    }
    CHECK(n_same == wanted.size());
  }
}

TEST_CASE("whether a rank lies below a share is answered as by the distribution function",
          "[property]") {
  for (const double p : {-0.1, 0.0, 1e-12, 0.001, 0.2, 0.5, 0.8, 1.0 - 1e-9, 1.0, 1.2}) {
    const RankBelow is_below(p);
    const auto same = [&](double score) {
      return is_below(score) == (portable::normal_cdf(score) < p);
    };
    std::size_t n_same = 0;
    for (int i = -900; i <= 900; ++i) n_same += same(0.01 * i) ? 1 : 0;
    CHECK(n_same == 1801);
    if (p <= 0.0 || p >= 1.0) continue;
    const double limit = portable::normal_quantile(p);
    std::size_t n_same_near = 0;
    for (int i = -200; i <= 200; ++i) n_same_near += same(limit + 1e-8 * i) ? 1 : 0;
    CHECK(n_same_near == 401);
    CHECK(same(std::nextafter(limit, 9.0)));
    CHECK(same(std::nextafter(limit, -9.0)));
  }
}

TEST_CASE("a law of waits gives the waits of the inversion", "[property]") {
  for (const double p : {-1.0, 0.0, 1e-9, 0.003, 0.25, 0.999, 1.0, 2.0}) {
    for (const int limit : {1, 100, 65534}) {
      const sim::GeometricLaw law(p, limit);
      std::size_t n_same = 0;
      for (std::uint32_t i = 0; i < 1000; ++i) {
        const double u = static_cast<double>(sim::uniform24(i * 4294967u));
        n_same += law.wait(portable::log(u)) == sim::geometric_wait(u, p, limit) ? 1 : 0;
      }
      CHECK(n_same == 1000);
    }
  }
}

TEST_CASE("the luck of movers is that of each of them alone", "[property]") {
  const World world = build_world_without_spin_up(scenario, city, 3);
  const sim::Step step{.month = 17, .seed = world.future.seed()};
  std::vector<sim::EntityKey> keys;
  for (std::uint64_t i = 0; i < 150; ++i) keys.push_back(sim::mix64(i));
  const std::vector<MoveLuck> luck = luck_of_moves(keys, step);
  const EngagementConstant engagement(world.future);
  const UnitLives lives(world.future);
  const std::vector<BuildingLuck> buildings = luck_of_buildings(keys, lives.phases(), step);
  const sim::GeometricLaw law = Visits::law_of_waits(world.future);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const std::uint32_t flags = i % 3 == 0 ? flag::elder : i % 3 == 1 ? flag::wood : flag::raft;
    CHECK(engagement(luck[i].threshold_normal, luck[i].propensity_normal, flags) ==
          engagement_constant(world, keys[i], flags));
    CHECK(law.wait(luck[i].log_revision) == Visits::first_wait(world, keys[i], step.month));
    CHECK(luck[i].log_rare == portable::log(step.chance(Draw::rare_wait).fine_uniform(keys[i])));
    sim::Stream deficits(step.chance(Draw::deficit_assignment), keys[i]);
    for (const float u : buildings[i].deficits) CHECK(u == deficits.uniform());
    CHECK(buildings[i].place == step.chance(Draw::new_unit_place).uniform(keys[i]));
    for (int what = 0; what < 3; ++what) {
      const double years = lives.years(buildings[i].log_lives[static_cast<std::size_t>(what)],
                                       flags, what, world.rts.tide[0]);
      CHECK(static_cast<float>(years) == draw_life(world, 0, flags, keys[i], step.month, what));
    }
  }
}
