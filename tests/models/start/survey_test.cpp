#include "models/start/survey.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "models/start/layout.h"
#include "sim/core/rng.h"
#include "tests/support/tiny_world.h"

using namespace musi;
using namespace musi::models;

namespace {

/// An RT of `households` with these percentages as volumes.
SurveyedRt sheet(const std::string& id, double area, int households,
                 const std::array<double, n_criteria>& percentages) {
  SurveyedRt rt;
  rt.rt_id = id;
  rt.site_id = "T-1";
  rt.area_ha = area;
  rt.households = households;
  rt.buildings = std::ceil(households / 1.3);
  rt.ideal_road = 478.0 * area;
  rt.ideal_drain = 415.0 * area;
  for (std::size_t k = 0; k < n_criteria; ++k) {
    rt.denominator[k] = 1000.0;
    rt.numerator[k] = 10.0 * percentages[k];
  }
  return rt;
}

/// Golden sheets EJ1 to EJ8 of MODEL.md 19 with their totals.
struct Golden {
  std::array<double, n_criteria> percentages;
  int total;
};
const Golden golden[] = {
    {{20, 0, 10, 0, 50, 87.27, 0, 11.88, 100, 0, 49.09, 50.91, 100, 100, 0, 100}, 28},
    {{26, 0, 26, 12.82, 77.56, 90, 0, 0, 0, 80.52, 16.67, 26.67, 100, 100, 100, 100}, 38},
    {{12, 0, 48, 0, 92.86, 96, 0, 0, 50, 50, 2, 0, 0, 0, 100, 100}, 23},
    {{11.76, 0, 14.71, 0, 26.55, 46.34, 46.34, 73.74, 76.29, 23.71, 0, 100, 0, 0, 100, 100}, 26},
    {{5.71, 0, 34.29, 0, 100, 0, 0, 0, 11.11, 22.22, 0, 10, 100, 100, 0, 100}, 21},
    {{72.09, 0, 30.23, 0, 53.33, 86.15, 0, 0, 0, 100, 10.77, 10.77, 100, 96.92, 0, 100}, 32},
    {{7.84, 0, 19.61, 0, 52.5, 100, 0, 47, 80.72, 19.28, 1.69, 91.53, 0, 0, 100, 100}, 29},
    {{39.22, 0, 41.18, 21.05, 31.58, 0, 0, 0, 40, 14, 50, 53.57, 0, 100, 0, 100}, 18},
};

City golden_city() {
  City city = tests::tiny_city(4);
  for (int i = 1; const Golden& g : golden) {
    city.surveyed.push_back(sheet("EJ" + std::to_string(i), 1.25, 20 + 7 * i, g.percentages));
    ++i;
  }
  city.prepare();
  return city;
}

/// Total of a sheet by the official rule.
int total_of(const SurveyedRt& rt, CutRule rule) {
  const auto shares = rt.shares();
  return total(shares, rule);
}

}  // namespace

TEST_CASE("golden sheets go in as RTs and come out with their official totals", "[golden]") {
  const City city = golden_city();
  for (const bool law : {false, true}) {
    Scenario scenario = tests::tiny_scenario();
    scenario.score.law_cuts = law;
    const World world = build_world_without_spin_up(scenario, city, 61);
    REQUIRE(world.sites.rts[1].size() == std::size(golden));
    for (std::size_t i = 0; i < std::size(golden); ++i) {
      const std::uint32_t rt = world.sites.rts[1][i];
      INFO("sheet EJ" << i + 1);
      REQUIRE(int{world.rts.physical_score[rt]} == golden[i].total);
      REQUIRE(int{world.rts.ledger_score[rt]} == golden[i].total);
    }
  }
}

TEST_CASE("any survey comes out to the point in every criterion, cuts included", "[property]") {
  const std::vector<double> places{0, 24.9, 24.995, 25, 25.1, 50.9, 50.995, 51, 51.1,
                                   75.9, 75.995, 76, 76.1, 99, 100};
  for (const bool law : {false, true}) {
    const CutRule rule = law ? CutRule::law : CutRule::operational;
    City city = tests::tiny_city(4);
    const sim::Chance chance(5, 6, 7);
    for (int i = 0; i < 300; ++i) {
      sim::Stream stream(chance, static_cast<sim::EntityKey>(i));
      std::array<double, n_criteria> p{};
      for (double& x : p) {
        const auto at = static_cast<std::size_t>(stream.uniform() * 30.0f);
        x = at < places.size() ? places[at] : 100.0 * static_cast<double>(stream.uniform());
      }
      for (const auto& [first, second] : {std::pair{3, 4}, std::pair{8, 9}}) {
        auto& b = p[static_cast<std::size_t>(second)];
        b = std::min(b, 100.0 - p[static_cast<std::size_t>(first)]);
      }
      city.surveyed.push_back(sheet("R" + std::to_string(i), 0.2 + 2.0 * stream.uniform(),
                                    3 + i % 97, p));
    }
    city.prepare();
    Scenario scenario = tests::tiny_scenario();
    scenario.score.law_cuts = law;
    const World world = build_world_without_spin_up(scenario, city, 62);
    for (std::size_t i = 0; i < city.surveyed.size(); ++i) {
      const std::uint32_t rt = world.sites.rts[1][i];
      const auto shares = city.surveyed[i].shares();
      for (std::size_t k = 0; k < n_criteria; ++k) {
        INFO("sheet " << i << " criterion " << info(static_cast<Criterion>(k)).code << " share "
                      << shares[k] << " came out as " << world.rts.physical[k][rt]);
        REQUIRE(points(world.rts.physical[k][rt], rule) == points(shares[k], rule));
      }
      REQUIRE(int{world.rts.physical_score[rt]} == total_of(city.surveyed[i], rule));
    }
  }
}

TEST_CASE("surveyed RTs keep their area, households, people, buildings and lengths", "[unit]") {
  City city = golden_city();
  city.surveyed[0].population = 100;
  city.surveyed[1].population = 60;
  city.surveyed[2].share_river = 0.375;
  city.surveyed[2].land_status = LandStatus::river_setback;
  const Scenario scenario = tests::tiny_scenario();
  const World world = build_world_without_spin_up(scenario, city, 63);
  double area = 0.0;
  for (std::size_t i = 0; i < city.surveyed.size(); ++i) {
    const SurveyedRt& row = city.surveyed[i];
    const std::uint32_t rt = world.sites.rts[1][i];
    REQUIRE(world.rts.area[rt] == static_cast<float>(row.area_ha));
    REQUIRE(world.rts.n_households[rt] == static_cast<std::uint32_t>(row.households));
    REQUIRE(world.rts.buildings[rt] == static_cast<float>(row.buildings));
    REQUIRE(world.rts.ideal_road[rt] == static_cast<float>(row.ideal_road));
    REQUIRE(world.rts.ideal_drain[rt] == static_cast<float>(row.ideal_drain));
    area += double{world.rts.area[rt]};
  }
  REQUIRE(double{world.sites.area[1]} == Approx(area).epsilon(1e-6));
  REQUIRE(world.rts.n_persons[world.sites.rts[1][0]] == 100);
  REQUIRE(world.rts.n_persons[world.sites.rts[1][1]] == 60);
  REQUIRE(world.rts.share_river[world.sites.rts[1][2]] == 0.375f);
  REQUIRE(world.rts.land_status[world.sites.rts[1][2]] == LandStatus::river_setback);
  World copy = world;
  for (std::size_t rt = 0; rt < copy.n_rts(); ++rt) copy.recount(rt);
  REQUIRE(copy.rts.n_persons == world.rts.n_persons);
  REQUIRE(copy.rts.n_unfit == world.rts.n_unfit);
}

TEST_CASE("a survey of one site leaves the people of all others as they were", "[property]") {
  const City plain = tests::tiny_city(4);
  const City surveyed = golden_city();
  const Scenario scenario = tests::tiny_scenario();
  const World before = build_world_without_spin_up(scenario, plain, 64);
  const World after = build_world_without_spin_up(scenario, surveyed, 64);
  for (const std::size_t site : {0u, 2u, 3u}) {
    REQUIRE(after.sites.rts[site].size() == before.sites.rts[site].size());
    for (std::size_t i = 0; i < before.sites.rts[site].size(); ++i) {
      const std::uint32_t a = after.sites.rts[site][i];
      const std::uint32_t b = before.sites.rts[site][i];
      REQUIRE(after.rts.area[a] == before.rts.area[b]);
      REQUIRE(after.rts.physical_score[a] == before.rts.physical_score[b]);
      REQUIRE(after.rts.n_rows[a] == before.rts.n_rows[b]);
      for (std::size_t h = 0; h < before.rts.n_rows[b]; ++h) {
        REQUIRE((after.households.flags[after.rts.first_row[a] + h] & ~flag::listed) ==
                (before.households.flags[before.rts.first_row[b] + h] & ~flag::listed));
      }
    }
  }
}

TEST_CASE("a surveyed area stays while the other sites close the total", "[unit]") {
  City city = golden_city();
  city.start_area_ha[2019] = 70.0;
  for (SurveyedRt& rt : city.surveyed) rt.area_ha = 2.0;
  const Scenario scenario = tests::tiny_scenario();
  const auto areas = site_areas(scenario, city, Future(scenario, city, 1));
  REQUIRE(areas[1] == Approx(16.0));
  REQUIRE(areas[0] == Approx(18.0));
}
