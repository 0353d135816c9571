#include <algorithm>
#include <catch2/catch.hpp>

#include "models/build_world.h"
#include "models/finance/budget.h"
#include "models/programmes/packages.h"
#include "models/programmes/unit_costs.h"
#include "models/relocation/invitations.h"
#include "models/stocks/ageing.h"
#include "tests/support/money_run.h"

using namespace musi;
using namespace musi::models;

namespace {

/// Programmes without gates and losses; enough sites for all money.
Scenario open_scenario() {
  Scenario s = tests::tiny_scenario();
  tests::lose_nothing(s);
  tests::keep_programmes(s, {"neighbourhood_roads", "drainage_flood", "water_connections", "fire",
                             "cash_for_work", "waste"});
  for (ProgrammeSpec& p : s.programmes) p.gate = Gate::none;
  return s;
}

double value_built(const Scenario& s, const City& city, double bn) {
  Scenario changed = s;
  tests::set(changed.funding.total_idr_bn_per_year, bn);
  World world = build_world_without_spin_up(changed, city, 9);
  tests::run_money(world, 0, 12);
  double value = 0.0;
  for (const Package& p : world.money.packages) {
    for (const PackageLine& line : p.lines) {
      if (line.units_planned > 0) {
        value += static_cast<double>(line.cost) * static_cast<double>(line.units_delivered) /
                 static_cast<double>(line.units_planned);
      }
    }
  }
  return value;
}

double built_with_guideline(double month) {
  City city = tests::tiny_city();
  Scenario s = open_scenario();
  s.procedure.october_reallocation = false;
  tests::set(s.procedure.guideline_month, month);
  for (ProgrammeSpec& p : s.programmes) p.guideline = Guideline::ministry_works;
  return value_built(s, city, 4.0);
}

}  // namespace

TEST_CASE("more money never builds less in a year without gates", "[property]") {
  City city = tests::tiny_city();
  const Scenario s = open_scenario();
  double before = 0.0;
  for (const double bn : {0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0}) {
    const double built = value_built(s, city, bn);
    REQUIRE(built >= before);
    before = built;
  }
  REQUIRE(before > 0);
}

TEST_CASE("the upkeep of a neighbourhood is a share of what its works cost", "[property]") {
  const City city = tests::tiny_city();
  const Scenario s = tests::tiny_scenario();
  const World world = build_world_without_spin_up(s, city, 5);
  const UpkeepCost upkeep(world, 2023);
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    const auto value = [&](Stock stock, Item item, double units_each) {
      return static_cast<double>(good_units(world.rts, stock, rt)) / units_each *
             unit_cost(world, rt, item, 2023);
    };
    const double buildings = std::max(1.0, static_cast<double>(world.rts.buildings[rt]));
    const double all = value(Stock::path_land, Item::road_surface, 1.0) +
                       value(Stock::path_river, Item::road_surface, 1.0) +
                       value(Stock::drain, Item::drain_rehab, 1.0) +
                       value(Stock::flood_works, Item::flood_works, 1.0) +
                       value(Stock::waste_kit, Item::waste_kit, households_per_kit) +
                       value(Stock::hydrant, Item::fire_access, buildings) +
                       value(Stock::extinguisher, Item::fire_equipment, buildings_per_piece);
    REQUIRE(upkeep.in(rt) == all * world.future[Param::upkeep_share_per_year]);
  }
}

TEST_CASE("a later guideline never builds more", "[property]") {
  double before = 1e18;
  for (const double month : {1.0, 3.0, 5.0, 6.0, 7.0, 8.0, 9.0, 11.0}) {
    const double built = built_with_guideline(month);
    REQUIRE(built <= before * (1 + 1e-9));
    before = built;
  }
  REQUIRE(before == 0);
}

TEST_CASE("a programme that serves nobody changes no bit", "[property]") {
  City city = tests::tiny_city();
  Scenario s = tests::tiny_scenario();
  World without = build_world(s, city, 4);
  ProgrammeSpec idle = tests::programme(s, "kotaku_community");
  idle.id = "idle";
  tests::set(idle.share_pct, 0.0);
  s.programmes.push_back(idle);
  World with = build_world(s, city, 4);
  tests::run_money(without, 0, 36);
  tests::run_money(with, 0, 36);
  REQUIRE(with.households.flags == without.households.flags);
  REQUIRE(with.rts.physical == without.rts.physical);
  REQUIRE(with.rts.good == without.rts.good);
  REQUIRE(with.rts.ledger == without.rts.ledger);
  REQUIRE(with.rts.year_marks == without.rts.year_marks);
  for (std::size_t f = 0; f < with.money.sources.size(); ++f) {
    REQUIRE(with.money.sources[f].paid == without.money.sources[f].paid);
  }
}

TEST_CASE("land that is not clear takes only what the law allows", "[property]") {
  City city = tests::tiny_city();
  Scenario s = tests::tiny_scenario();
  tests::keep_programmes(s, {"kotaku_community", "fire", "waste"});
  World world = build_world(s, city, 4);
  for (LandStatus& land : world.rts.land_status) land = LandStatus::disputed;
  tests::engage_all(world);
  bool refused = false;
  std::size_t lines = 0;
  tests::run_money(world, 0, 12, [&](sim::Month) {
    for (const Package& p : world.money.packages) {
      for (const PackageLine& line : p.lines) {
        const Item item = static_cast<Item>(line.item);
        REQUIRE((item == Item::waste_kit || item == Item::waste_service ||
                 item == Item::fire_equipment));
        ++lines;
      }
    }
    for (const auto marks : world.rts.year_marks) refused |= (marks & mark::refused_land) != 0;
  });
  REQUIRE(refused);
  REQUIRE(lines > 0);
}

TEST_CASE("under the letter of the law illegal sites get no works", "[property]") {
  City city = tests::tiny_city();
  Scenario s = tests::tiny_scenario();
  s.letter_of_law = true;
  World world = build_world(s, city, 4);
  world.sites.is_legal = {1, 0, 1, 0};
  tests::run_money(world, 0, 24, [&](sim::Month) {
    for (const Package& p : world.money.packages) {
      const bool moves = relocation_item(s.programmes[p.programme]).has_value();
      REQUIRE((world.sites.is_legal[p.site] == 1) == !moves);
    }
  });
}

TEST_CASE("every programme of the catalogue keeps to its channel, sources and menu", "[property]") {
  City city = tests::tiny_city(8);
  for (SiteFacts& site : city.sites) site.area_ha = 16.0;
  city.start_area_ha[2019] = 8 * 16.0;
  city.prepare();
  Scenario all = tests::tiny_scenario();
  for (const ProgrammeSpec& spec : all.programmes) {
    INFO(spec.id);
    Scenario s = all;
    tests::keep_programmes(s, {spec.id.c_str()});
    tests::set(s.funding.total_idr_bn_per_year, 30.0);
    tests::fix(s, Param::part_group_min, 1);
    if (spec.type == "waterfront") {
      tests::set(s.funding.lines[static_cast<std::size_t>(*spec.line)].share_pct, 10.0);
    }
    s.participation.complaint_channel_start_year = 2019;
    World world = build_world_without_spin_up(s, city, 4);
    tests::engage_all(world);
    world.rts.ever_served.assign(world.n_rts(), 1);  // users' groups look after served places
    if (relocation_item(spec)) {  // land to leave, land to go to, homes without roads
      world.rts.land_status.assign(world.n_rts(), LandStatus::disputed);
      world.relocation.land_bought.assign(world.n_sites(), 1e4);
      world.relocation.homes.assign(world.n_sites(), 20.0);
    }
    for (std::uint32_t& f : world.households.flags) {
      if (spec.id == "new_house" && (f & flag::lacks_house) != 0) f |= flag::failed_twice;
    }
    for (std::size_t row = 0; row < world.households.size_rows(); ++row) {
      if ((world.households.flags[row] & flag::lacks_house) != 0) world.note_loss(row, 0);
    }
    Rupiah paid = 0;
    tests::run_money(world, 0, 24, [&](sim::Month) {
      for (const Package& p : world.money.packages) {
        REQUIRE(s.programmes[p.programme].id == spec.id);
        const auto payers = payers_of(s, spec);
        REQUIRE(std::find(payers.begin(), payers.end(), p.source) != payers.end());
        for (const PackageLine& line : p.lines) {
          REQUIRE(std::any_of(spec.menu.begin(), spec.menu.end(), [&](const MenuEntry& entry) {
            return entry.item == static_cast<Item>(line.item);
          }));
          REQUIRE(line.units_delivered <= line.units_planned * 1.0001f + 1e-4f);
        }
      }
    });
    for (const SourceState& source : world.money.sources) {
      for (const Rupiah amount : source.paid) paid += amount;
    }
    REQUIRE(paid > 0);
  }
}

TEST_CASE("constant money clears a constant area a year", "[validation]") {
  // 1,729.84 ha in RTs of 1.72984 ha, each lacking only drains worth Rp 400 million per hectare and
  // slum until they are whole; Rp 40 billion a year: 100 ha a year, zero after 17.298 years.
  City city = tests::tiny_city(10);
  for (SiteFacts& site : city.sites) {
    site.area_ha = 172.984;
    site.n_rt = 100;
    site.kelurahan_area_ha = 1000;
    site.persons_per_ha = 1.0;
    site.unclear_land_share = 0;
  }
  city.start_area_ha[2019] = 1729.84;
  city.prepare();
  Scenario s = tests::tiny_scenario();
  s.clock = {2019, 2038};
  tests::lose_nothing(s);
  s.start.rt_count_from_table = true;
  tests::fix(s, Param::initial_rt_area_log_sd, 0.0);
  tests::keep_programmes(s, {"drainage_flood"});
  auto& works = tests::programme(s, "drainage_flood");
  works.menu = {{Item::drain_new, 1.0}};
  tests::set(works.sites_per_year, 10);
  tests::set(s.funding.total_idr_bn_per_year, 100.0);
  tests::fix(s, Param::drain_new, 1.0);
  for (SourceSpec& source : s.funding.sources) {
    tests::set(source.share_pct, source.id == "apbd_city" ? 40.0 : 0.0);
    source.effective_month.value = constant(0.0);
    source.effective_month.is_set = true;
    source.carry_rule = CarryRule::split_years;
  }
  for (const Param p : {Param::verification_months, Param::procurement_contractor}) {
    tests::fix(s, p, 0.0);
  }
  tests::fix(s, Param::construction_contractor, 1.0);
  tests::fix(s, Param::report_book_planned_chance, 0.0);
  tests::fix(s, Param::budget_pull, 100.0);
  World world = build_world_without_spin_up(s, city, 4);
  std::fill(world.rts.land_status.begin(), world.rts.land_status.end(), LandStatus::clear);
  std::fill(world.sites.cost_factor.begin(), world.sites.cost_factor.end(), 1.0f);
  // 400 m of missing drain per hectare at Rp 1 million; on paper the RTs stay slum.
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    world.rts.ideal_drain[rt] = world.rts.area[rt] * 400.0f;
    world.rts.miss_drain[rt] = world.rts.ideal_drain[rt];
    for (auto& phase : world.rts.good[static_cast<std::size_t>(Stock::drain)]) phase[rt] = 0.0f;
    refresh(world, rt);
    for (std::size_t k = 0; k < n_criteria; ++k) world.rts.ledger[k][rt] = 0.0f;
    for (const Criterion c : {Criterion::c1a, Criterion::c3a, Criterion::c5a, Criterion::c7b}) {
      world.rts.ledger[index(c)][rt] = 1.0f;
    }
    world.rts.ledger_score[rt] = 20;
    world.rts.ledger_class[rt] = Slum::light;
  }
  const double rt_area = 1.72984;
  int zero_year = 0;
  tests::run_money(world, 0, 240, [&](sim::Month month) {
    if (!sim::Clock::is_december(month)) return;
    double cleared = 0.0;
    for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
      if (world.rts.miss_drain[rt] < 0.5f) cleared += static_cast<double>(world.rts.area[rt]);
    }
    const int year = sim::Clock::year_index(month) + 1;
    REQUIRE(std::abs(cleared - std::min(1729.84, 100.0 * year)) < 10 * rt_area);
    if (cleared > 1729.84 - 0.1 && zero_year == 0) zero_year = year;
  });
  REQUIRE(zero_year == 18);
}
