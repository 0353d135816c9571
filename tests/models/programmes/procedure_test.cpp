#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "models/allocation/adaptive.h"
#include "models/allocation/rule.h"
#include "models/finance/guideline.h"
#include "models/participation/complaints.h"
#include "models/programmes/composition.h"
#include "models/programmes/packages.h"
#include "models/programmes/strategies.h"
#include "models/programmes/unit_costs.h"
#include "tests/support/money_run.h"

/// Levers of procedure and allocation, MODEL.md 24: each moves what it names.

using namespace musi;
using namespace musi::models;

namespace {

World after(const Scenario& s, const City& city, sim::Month months, bool engaged = false) {
  World world = build_world_without_spin_up(s, city, 3);
  if (engaged) tests::engage_all(world);
  tests::run_money(world, 0, months);
  return world;
}

Scenario calm_scenario(std::initializer_list<const char*> programmes) {
  Scenario s = tests::tiny_scenario();
  tests::lose_nothing(s);
  tests::keep_programmes(s, programmes);
  return s;
}

std::size_t row_of(const Scenario& s, const char* id) {
  for (std::size_t p = 0; p < s.programmes.size(); ++p) {
    if (s.programmes[p].id == id) return p;
  }
  FAIL(id);
  return 0;
}

/// Planned cost by site. [IDR million]
std::vector<double> cost_by_site(const World& world) {
  std::vector<double> cost(world.n_sites(), 0.0);
  for (const Package& p : world.money.packages) {
    cost[p.site] += static_cast<double>(p.cost_planned) * 1e-6;
  }
  return cost;
}

}  // namespace

TEST_CASE("facilitators work as far as the money pays them", "[unit]") {
  const City city = tests::tiny_city();
  Scenario s = calm_scenario({"facilitation"});
  tests::set(s.participation.facilitators_number, 6);
  tests::set(tests::programme(s, "facilitation").share_pct, 0);
  const std::size_t p = row_of(s, "facilitation");
  World world = build_world_without_spin_up(s, city, 3);
  const double price = world.future[Param::facilitator_month];
  double households = 0;
  for (const std::uint32_t n : world.rts.n_households) households += n;
  tests::run_money(world, 0, 12, [&](sim::Month month) {
    // The loan takes effect in month 3: nobody works before.
    const double at_work = month < 2 ? 0.0 : 6000.0 / households;
    CHECK(world.sites.facilitator_months[0] == Approx(at_work));
  });
  CHECK(static_cast<double>(world.money.programmes[p].paid[0]) * 1e-6 ==
        Approx(6 * price * 10).epsilon(1e-6));
  tests::set(s.funding.scale_pct, 0);
  const World poor = after(s, city, 12);
  CHECK(poor.sites.facilitator_months[0] == 0.0f);
  CHECK(poor.money.programmes[p].paid[0] == 0);
}

TEST_CASE("a complaint desk is paid first, set up once, and shortens the way of complaints",
          "[unit]") {
  const City city = tests::tiny_city();
  Scenario s = calm_scenario({"complaints", "neighbourhood_roads"});
  s.participation.complaint_channel_start_year = 2020;
  const std::size_t p = row_of(s, "complaints");
  const World world = after(s, city, 36);
  const auto& paid = world.money.programmes[p].paid;
  CHECK(paid[0] == 0);
  CHECK(paid[1] == rupiah_of_million(500 + 300));
  CHECK(paid[2] == rupiah_of_million(300));
  CHECK(world.money.desk_share == 1.0);
  CHECK(handling_months(world, 2021) == Approx(1.0));
  CHECK(std::isnan(handling_months(world, 2019)));
  for (SourceSpec& f : s.funding.sources) {  // a city that can pay a third of the desk
    if (f.id == "apbd_city") tests::set(f.annual_idr_bn, 0.1);
  }
  const World poor = after(s, city, 36);
  CHECK(poor.money.desk_share < 0.5);
  CHECK(handling_months(poor, 2021) > 2.0);
  CHECK(complaints_handled(poor, 2021) < complaints_handled(world, 2021));
}

TEST_CASE("guidelines follow a script by year, of a programme before that of all", "[unit]") {
  const City city = tests::tiny_city(1);
  Scenario s = tests::tiny_scenario();
  const auto month = [&](const char* id, int year) {
    const World world = build_world_without_spin_up(s, city, 1);
    return draw_guideline_month(world, s.programmes[row_of(s, id)],
                                {.month = 12 * (year - 2019), .seed = 1});
  };
  s.procedure.guideline_schedule[2021].value = constant(9);
  CHECK(month("nusp", 2020) == Approx(4));
  CHECK(month("nusp", 2021) == Approx(9));
  CHECK(month("neighbourhood_roads", 2021) == Approx(1));
  tests::programme(s, "nusp").guideline_preset = GuidelinePreset::very_late;
  CHECK(month("nusp", 2020) == Approx(9));
  CHECK(month("kotaku_community", 2020) == Approx(4));
  tests::programme(s, "nusp").guideline_schedule[2020].value = constant(2);
  CHECK(month("nusp", 2020) == Approx(2));
  s.procedure.pre_positioned_guideline = true;
  CHECK(month("nusp", 2020) == Approx(1));
}

TEST_CASE("with strict authority sources pay only for sites of their size", "[unit]") {
  City city = tests::tiny_city();
  city.sites[0].area_ha = 6.0;
  city.start_area_ha[2019] = 36.0;
  Scenario s = calm_scenario({"neighbourhood_roads"});
  s.clock = {2019, 2020};
  for (const bool strict : {false, true}) {
    s.allocation.strict_authority = strict;
    const World world = after(s, city, 3);
    std::size_t wrong = 0, n = 0;
    for (const Package& p : world.money.packages) {
      const bool by_city = world.money.sources[p.source].kind == SourceKind::city;
      wrong += by_city != (p.site == 0);
      ++n;
    }
    REQUIRE(n > 0);
    CHECK((wrong == 0) == strict);
  }
}

TEST_CASE("spread gives every site the same, whatever the smallest grant", "[unit]") {
  const City city = tests::tiny_city(8);
  Scenario s = calm_scenario({"kotaku_community"});
  tests::set(s.funding.total_idr_bn_per_year, 0.8);  // a grant and a half
  const auto served = [](const std::vector<double>& cost) {
    return std::count_if(cost.begin(), cost.end(), [](double c) { return c > 0; });
  };
  const auto whole_grants = cost_by_site(after(s, city, 1));
  CHECK(served(whole_grants) < 8);
  s.allocation.rule = AllocationRule::spread;
  const auto equal = cost_by_site(after(s, city, 1));
  CHECK(served(equal) == 8);
  // No site gets more than its part of the plan; one RT that needs less takes less.
  const double part = *std::max_element(equal.begin(), equal.end());
  CHECK(8.0 * part < 800.0);
  for (const double cost : equal) {
    CHECK(cost > 0.6 * part);
  }
}

TEST_CASE("above the path for two years a fifth of the money goes to few sites", "[unit]") {
  const City city = tests::tiny_city(24);
  Scenario s = calm_scenario({"kotaku_community"});
  s.targets.path = TargetPath{TargetPath::Kind::zero_by, 2021};
  World world = build_world_without_spin_up(s, city, 3);
  world.state.reported_area = 1.0;
  CHECK(official_area(world, 0) == Approx(160.0));
  CHECK(official_area(world, 2) == Approx(0.0).margin(1e-9));
  const auto moves = [&](sim::Month month) {
    return moves_money_to_concentrate(world, {.month = month, .seed = 3});
  };
  CHECK_FALSE(moves(36));  // the lever is off
  s.allocation.adaptive = true;
  CHECK_FALSE(moves(0));
  CHECK_FALSE(moves(12));  // below the path
  world.state.reported_area = 200.0;
  CHECK_FALSE(moves(24));  // one year above
  CHECK(moves(36));
  world.state.reported_area = 0.0;
  CHECK_FALSE(moves(48));

  // Twenty-four sites get the same; with the rule ten of them get a fifth of the money more.
  s.allocation.rule = AllocationRule::spread;
  tests::set(s.funding.total_idr_bn_per_year, 4.0);
  const auto share_of_few = [&](bool adaptive) {
    s.allocation.adaptive = adaptive;
    World w = build_world_without_spin_up(s, city, 3);
    tests::run_money(w, 0, 1);  // opens the books
    w.money.packages.clear();
    w.state.years_above_path = 5;
    w.state.reported_area = 240.0;
    w.month = 12;
    const sim::Step january{.month = 12, .seed = w.future.seed()};
    const auto few = order_sites(w, AllocationRule::concentrate, view_sites(w, january),
                                 &tests::programme(s, "kotaku_community"), january);
    CHECK(few.size() == 10);
    tests::run_money(w, 12, 13);
    const auto cost = cost_by_site(w);
    double there = 0, all = 0;
    for (const double c : cost) all += c;
    for (const std::uint32_t site : few) there += cost[site];
    return there / all;
  };
  CHECK(share_of_few(false) == Approx(10.0 / 24.0).epsilon(0.1));
  CHECK(share_of_few(true) > share_of_few(false) + 0.05);
}

TEST_CASE("partners build outside the office: no guideline, gate, officer or tender", "[unit]") {
  const City city = tests::tiny_city();
  Scenario s = calm_scenario({"kotaku_community"});
  SourceSpec campus = s.funding.sources.front();
  campus.id = "campus";
  campus.kind = SourceKind::partner;
  campus.share_pct.is_set = false;
  tests::set(campus.annual_idr_bn, 2.0);
  s.funding.sources.push_back(campus);
  ProgrammeSpec& works = tests::programme(s, "kotaku_community");
  works.paid_by = {"campus"};
  tests::set(s.procedure.guideline_month, 11.0);
  tests::set(works.gate_engaged_pct, 100.0);
  tests::fix(s, Param::officer_rate, 0.5);
  const World world = after(s, city, 12);
  double built = 0;
  for (const double units : tests::units_delivered(world)) built += units;
  CHECK(built > 0.0);
  CHECK(world.money.officer_load[0] == 0.0);
  for (const Package& p : world.money.packages) {
    CHECK(is_outside_office(world, p));
    CHECK(p.start <= 4.0);
  }
  s.funding.sources.back().kind = SourceKind::private_;  // the same money inside the office
  double inside = 0;
  for (const double units : tests::units_delivered(after(s, city, 12))) inside += units;
  CHECK(inside == 0.0);
}

TEST_CASE("a programme serves the land it is for", "[unit]") {
  const City city = tests::tiny_city(8);
  Scenario s = calm_scenario({"waste"});
  tests::programme(s, "waste").eligible_land = 1u << 1 | 1u << 2 | 1u << 3;  // not clear
  const World world = after(s, city, 8);
  REQUIRE_FALSE(world.money.packages.empty());
  for (const Package& p : world.money.packages) {
    CHECK(world.rts.land_status[p.rt] != LandStatus::clear);
  }
}

TEST_CASE("own unit costs replace those of all; the same number is the same bits", "[property]") {
  const City city = tests::tiny_city(1);
  Scenario s = tests::tiny_scenario();
  ProgrammeSpec& roads = tests::programme(s, "neighbourhood_roads");
  const double usual = spec(Param::road_surface).central;
  const auto price = [&](double own) {
    auto& costs = tests::programme(s, "neighbourhood_roads").unit_costs;
    costs.clear();
    if (own > 0) costs[Param::road_surface].value = constant(own);
    const World world = build_world_without_spin_up(s, city, 1);
    return money_per_unit(world, tests::programme(s, "neighbourhood_roads"), 0,
                          Item::road_surface, 2022);
  };
  CHECK(roads.unit_costs.empty());
  CHECK(price(usual) == price(0));
  CHECK(price(2 * usual) == Approx(2 * price(0)));
}

TEST_CASE("residents add to works and houses: mutual work is booked at value", "[unit]") {
  const City city = tests::tiny_city();
  Scenario s = calm_scenario({"kotaku_community"});
  const auto value = [&] {
    const World world = after(s, city, 12, true);
    return static_cast<double>(world.money.self_help[0]) * 1e-6;
  };
  CHECK(value() == 0.0);  // lose_nothing also sets self-help to zero
  tests::fix(s, Param::selfhelp_share_works, 12);
  const double some = value();
  CHECK(some > 0.0);
  tests::fix(s, Param::selfhelp_share_works, 6);
  CHECK(value() < some);
  tests::keep_programmes(s, {"bedah_rumah"});
  tests::fix(s, Param::selfhelp_share_house, 20);
  const World world = after(s, city, 12, true);
  double houses = 0, cost = 0;
  for (const Package& p : world.money.packages) {
    for (const PackageLine& line : p.lines) {
      houses += static_cast<double>(line.units_delivered);
      cost += static_cast<double>(line.units_delivered) *
              unit_cost(world, line.rt, Item::house_repair_city, 2019);
    }
  }
  REQUIRE(houses > 0);
  CHECK(static_cast<double>(world.money.self_help[0]) * 1e-6 == Approx(0.2 * cost).epsilon(1e-5));
}

TEST_CASE("a scripted package gives items the shares of the menu, without chance", "[unit]") {
  const std::vector<Offer> menu{{Item::road_surface, 0.5, 100, 1.0, false, 0.6, 0.006},
                                {Item::drain_new, 0.3, 100, 1.0, false, 0.3, 0.003},
                                {Item::waste_kit, 0.2, 0.1, 35.0, false, 1.0, 5.0}};
  const auto packed = [&](double money, std::uint64_t key) {
    sim::Stream stream(sim::Chance(5, 25, 0), key);
    std::vector<Offer> offers = menu;
    std::vector<Portion> portions;
    compose(Composition::scripted, offers, money, CutRule::operational, stream, portions);
    return portions;
  };
  const auto portions = packed(50.0, 1);
  REQUIRE(portions.size() == 3);
  CHECK(portions[2].money == Approx(3.5));   // needs no more
  CHECK(portions[1].money == Approx(15.0));
  CHECK(portions[0].money == Approx(25.0 + 6.5));  // takes what is left
  const auto again = packed(50.0, 99);
  for (std::size_t i = 0; i < 3; ++i) CHECK(again[i].units == portions[i].units);
}

TEST_CASE("each strategy of the plan favours what it names", "[unit]") {
  CHECK(strategies().size() == 8);
  CHECK(strategy_factor(Strategy::none, "bsps") == 1.0);
  CHECK(strategy_factor(Strategy::T1, "livelihoods") == 10.0);
  CHECK(strategy_factor(Strategy::T1, "bedah_rumah") == 1.5);
  CHECK(strategy_factor(Strategy::T2, "training") == 20.0);
  CHECK(strategy_factor(Strategy::T3, "neighbourhood_roads") == 1.3);
  CHECK(strategy_factor(Strategy::T3, "livelihoods") == 5.0);
  CHECK(strategy_factor(Strategy::T4, "bsps") == 1.7);
  CHECK(strategy_factor(Strategy::T5, "sanimas") == 1.5);
  CHECK(strategy_factor(Strategy::T5, "bsps") == 1.0);
  CHECK(strategy_factor(Strategy::T6, "prevention") == 10.0);
  CHECK(strategy_factor(Strategy::T6, "upkeep") == 2.0);
  for (const char* type : {"livelihoods", "training", "bsps", "waste", "prevention", "upkeep"}) {
    double most = 1.0;
    for (const StrategyInfo& s : strategies()) {
      most = std::max(most, strategy_factor(s.strategy, type));
    }
    CHECK(strategy_factor(Strategy::combined, type) == most);
  }
}

TEST_CASE("strategy T3 brings works, houses and livelihoods to the same sites", "[unit]") {
  const City city = tests::tiny_city(6);
  Scenario s = tests::tiny_scenario();
  tests::lose_nothing(s);
  tests::set(s.funding.total_idr_bn_per_year, 60.0);
  tests::set(s.allocation.sites_per_year, 2.0);
  const auto served = [&](const World& world, bool package) {
    std::set<std::uint32_t> sites;
    for (std::size_t p = 0; p < s.programmes.size(); ++p) {
      if (is_in_package(Strategy::T3, s.programmes[p].type) != package) continue;
      if (s.programmes[p].type == "livelihoods") {
        const auto& order = world.money.programmes[p].site_order;
        sites.insert(order.begin(), order.end());
      }
      for (const Package& made : world.money.packages) {
        if (made.programme == p) sites.insert(made.site);
      }
    }
    return sites;
  };
  World apart = build_world_without_spin_up(s, city, 5);
  tests::run_money(apart, 0, 1);
  CHECK(served(apart, true).size() > 2);
  for (ProgrammeSpec& p : s.programmes) p.joins_package = is_in_package(Strategy::T3, p.type);
  World together = build_world_without_spin_up(s, city, 5);
  tests::run_money(together, 0, 1);
  CHECK(served(together, true).size() == 2);
  CHECK(served(together, false) == served(apart, false));
}

TEST_CASE("only T3 packs programmes", "[unit]") {
  for (const StrategyInfo& s : strategies()) {
    const bool packs = s.strategy == Strategy::T3;
    for (const char* type : {"livelihoods", "bsps", "neighbourhood_roads", "nusp"}) {
      CHECK(is_in_package(s.strategy, type) == packs);
    }
    for (const char* type : {"rusunawa", "prevention", "facilitation", "disaster_rehab"}) {
      CHECK_FALSE(is_in_package(s.strategy, type));
    }
  }
}
