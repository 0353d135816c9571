#include <catch2/catch.hpp>
#include <cmath>

#include "models/finance/guideline.h"
#include "models/programmes/detection.h"
#include "models/programmes/pipeline.h"
#include "models/programmes/unit_costs.h"
#include "tests/support/money_run.h"
#include "tests/support/statistics.h"

/// Facts of the two founding texts (models/SEEDS.md) that no other test shows at work.

using namespace musi;
using namespace musi::models;

namespace {

sim::Step january(const World& world) { return {.month = 0, .seed = world.future.seed()}; }

/// Times of a package of a programme in the first site.
PackageTimes times_for(const Scenario& s, const City& city, const char* id, double load = 0.0) {
  World world = build_world_without_spin_up(s, city, 1);
  world.money.officer_load.assign(static_cast<std::size_t>(s.clock.n_years()), load);
  Package package;
  for (std::size_t p = 0; p < s.programmes.size(); ++p) {
    if (s.programmes[p].id == id) package.programme = static_cast<std::uint16_t>(p);
  }
  return times_of(world, package, january(world));
}

/// Road and drain metres delivered in the first year of one programme.
double metres_of_first_year(const Scenario& s, const City& city) {
  World world = build_world_without_spin_up(s, city, 3);
  tests::engage_all(world);
  tests::run_money(world, 0, 12);
  const auto units = tests::units_delivered(world);
  return units[static_cast<std::size_t>(Item::road_surface)] +
         units[static_cast<std::size_t>(Item::road_new)];
}

}  // namespace

TEST_CASE("a run can be restricted to one subdistrict", "[unit]") {
  const City city = tests::tiny_city();
  Scenario s = tests::tiny_scenario();
  const World whole = build_world_without_spin_up(s, city, 1);
  s.start.subset = {"East"};
  const World east = build_world_without_spin_up(s, city, 1);
  CHECK(whole.n_sites() == 4);
  CHECK(east.n_sites() == 2);
  CHECK(east.start.area_ha == Approx(20.0));
}

TEST_CASE("programmes of one subdistrict find their sites in a run restricted to it", "[unit]") {
  const City city = tests::tiny_city();
  for (const std::string kecamatan : {"East", "West"}) {
    Scenario s = tests::tiny_scenario();
    tests::keep_programmes(s, {"neighbourhood_roads"});
    s.start.subset = {kecamatan};
    for (ProgrammeSpec& p : s.programmes) p.eligible_kecamatan = {"East"};
    INFO(kecamatan);
    CHECK((metres_of_first_year(s, city) > 0.0) == (kecamatan == "East"));
  }
}

TEST_CASE("deficits pass through RT heads, who overlook those who stay away", "[statistical]") {
  const City city = tests::tiny_city();
  Scenario s = tests::tiny_scenario();
  tests::fix(s, Param::part_detection_rt_head, 70);
  tests::fix(s, Param::part_detection_direct, 90);
  tests::fix(s, Param::part_detection_reach, 50);
  tests::fix(s, Param::part_head_bias, 20);
  s.participation.complaint_channel_start_year = 2021;
  tests::fix(s, Param::complaint_handling, 0);
  World world = build_world_without_spin_up(s, city, 1);
  world.money.desk_share = 1.0;
  CHECK(known_chance(world, 1.0, 2019) == Approx(0.7));
  CHECK(known_chance(world, 0.0, 2019) == Approx(0.5));
  CHECK(known_chance(world, 0.0, 2021) == Approx(0.6));
  double n = 0, known = 0;
  for (std::size_t i = 0; i < world.households.size_rows(); ++i) {
    const std::uint32_t f = world.households.flags[i];
    if ((f & flag::alive) == 0 || (f & flag::engaged) != 0) continue;
    ++n;
    known += is_known(world, i, Item::toilet_tank, january(world));
  }
  tests::require_share(known, n, 0.5);  // 1,300 households: 0.57 would be noticed
}

TEST_CASE("drains that cross site borders take longer to verify", "[unit]") {
  const City city = tests::tiny_city();
  Scenario s = tests::tiny_scenario();
  tests::fix(s, Param::cross_border_delay, 40);
  const double inside = times_for(s, city, "neighbourhood_roads").verification;
  CHECK(times_for(s, city, "drainage_flood").verification == Approx(1.4 * inside));
}

TEST_CASE("in event years tenders of contractors take longer", "[unit]") {
  City city = tests::tiny_city();
  Scenario s = tests::tiny_scenario();
  tests::fix(s, Param::event_year_tender_factor, 1.5);
  const double calm = times_for(s, city, "neighbourhood_roads").procurement;
  city.event_years = {2019};
  CHECK(times_for(s, city, "neighbourhood_roads").procurement == Approx(1.5 * calm));
  CHECK(times_for(s, city, "kotaku_community").procurement ==
        Approx(s.parameters[static_cast<std::size_t>(Param::procurement_community)].value.b));
}

TEST_CASE("more packages than officers can start lengthen verification", "[unit]") {
  const City city = tests::tiny_city();
  const Scenario s = tests::tiny_scenario();
  const double easy = times_for(s, city, "neighbourhood_roads", 0.5).verification;
  CHECK(times_for(s, city, "neighbourhood_roads", 2.0).verification == Approx(2.0 * easy));
}

TEST_CASE("audits bring more of the units that were paid for", "[property]") {
  const City city = tests::tiny_city();
  Scenario s = tests::tiny_scenario();
  tests::lose_nothing(s);
  tests::keep_programmes(s, {"neighbourhood_roads"});
  tests::fix(s, Param::missing_spending_share, 20);
  const double without = metres_of_first_year(s, city);
  s.procedure.audit = true;
  const double with = metres_of_first_year(s, city);
  REQUIRE(without > 0);
  CHECK(with / without == Approx(0.88 / 0.80).epsilon(0.002));
}

TEST_CASE("a verbal start does not wait for the guideline but may have to be redone",
          "[property]") {
  const City city = tests::tiny_city();
  Scenario s = tests::tiny_scenario();
  tests::lose_nothing(s);
  tests::keep_programmes(s, {"cash_for_work"});
  tests::set(s.procedure.guideline_month, 11.0);
  CHECK(metres_of_first_year(s, city) == 0);
  s.procedure.verbal_start = true;
  tests::fix(s, Param::verbal_start_rework_chance, 0);
  const double smooth = metres_of_first_year(s, city);
  REQUIRE(smooth > 0);
  tests::fix(s, Param::verbal_start_rework_chance, 100);
  tests::fix(s, Param::verbal_start_rework_cost, 40);
  CHECK(metres_of_first_year(s, city) == Approx(0.6 * smooth).epsilon(0.01));
}

TEST_CASE("the official list of unfit houses has the city's number in the sites", "[unit]") {
  City city = tests::tiny_city();
  Scenario s = tests::tiny_scenario();
  tests::fix(s, Param::house_money_in_sites, 80);
  city.official_unfit_houses = 100;
  const World world = build_world_without_spin_up(s, city, 1);
  int listed = 0;
  for (const std::uint32_t f : world.households.flags) {
    if ((f & flag::listed) == 0) continue;
    ++listed;
    CHECK((f & flag::lacks_house) != 0);
    CHECK(is_owner(f));
  }
  CHECK(listed == 80);
}

TEST_CASE("river households are poorer, live in wood and raft houses, and pay more for paths",
          "[statistical]") {
  const City city = tests::tiny_city(12);
  Scenario s = tests::tiny_scenario();
  tests::fix(s, Param::initial_river_income_gap, 0.2);
  tests::fix(s, Param::initial_raft_share, 5);
  tests::fix(s, Param::initial_wood_share_river, 90);
  tests::fix(s, Param::over_water_factor, 2);
  const World world = build_world_without_spin_up(s, city, 1);
  double n[2] = {}, mu[2] = {}, wood = 0, rafts[2] = {};
  for (std::size_t i = 0; i < world.households.size_rows(); ++i) {
    const std::uint32_t f = world.households.flags[i];
    if ((f & flag::alive) == 0) continue;
    const auto g = static_cast<std::size_t>(group_of(f));
    ++n[g];
    mu[g] += static_cast<double>(world.households.record[i].mu);
    rafts[g] += (f & flag::raft) != 0;
    wood += g == 0 && (f & flag::wood) != 0;
  }
  tests::require_share(wood, n[0], 0.9);
  tests::require_share(rafts[0], n[0], 0.05);
  CHECK(rafts[1] == 0);
  // Education spreads log income by 0.27: 0.05 off would be noticed.
  const double error = 0.27 * std::sqrt(1 / n[0] + 1 / n[1]);
  CHECK(std::abs(mu[1] / n[1] - mu[0] / n[0] - 0.2) < 4.5 * error);
  const double river = static_cast<double>(world.rts.share_river[0]);
  const double site = static_cast<double>(world.sites.cost_factor[0]);
  CHECK(unit_cost(world, 0, Item::road_new, 2019) ==
        Approx(world.future[Param::road_new] * site * (1 + river)));
}

TEST_CASE("fewer owners hold a certificate on the Ulu side", "[statistical]") {
  const City city = tests::tiny_city(12);
  Scenario s = tests::tiny_scenario();
  tests::fix(s, Param::land_certified_share_ulu, 40);
  tests::fix(s, Param::land_certified_share_ilir, 95);
  const World world = build_world_without_spin_up(s, city, 1);
  double owners[2] = {}, titles[2] = {};
  for (std::size_t i = 0; i < world.households.size_rows(); ++i) {
    const std::uint32_t f = world.households.flags[i];
    if ((f & flag::alive) == 0 || !is_owner(f)) continue;
    const std::size_t side = world.sites.is_ulu[world.rts.site[world.households.record[i].rt]];
    ++owners[side];
    titles[side] += tenure_of(f) == Tenure::title;
  }
  tests::require_share(titles[1], owners[1], 0.40);
  tests::require_share(titles[0], owners[0], 0.95);
}
