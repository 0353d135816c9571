#include <algorithm>
#include <cmath>

#include "models/build_world.h"
#include "models/finance/budget.h"
#include "models/finance/guideline.h"
#include "models/observation/areas.h"
#include "models/observation/books.h"
#include "models/observation/zero.h"
#include "models/population/visits.h"
#include "models/stocks/ageing.h"
#include "models/stocks/clocks.h"
#include "models/stocks/refresh.h"
#include "sim/core/distributions.h"
#include "tests/support/bare_world.h"
#include "tests/support/moments.h"
#include "tests/support/money_run.h"
#include "tests/validation/evidence.h"

/// Docking cases of MODEL.md section 27: areas, money, works.

namespace musi::tests {

using namespace musi::models;

namespace {

constexpr double most_errors = 4.0;

// D1: constant funds ------------------------------------------------------------------------------

constexpr double rt_area = 1.72984;

Scenario constant_funds() {
  Scenario s = tiny_scenario();
  s.clock = {2019, 2038};
  lose_nothing(s);
  s.start.rt_count_from_table = true;
  keep_programmes(s, {"drainage_flood"});
  auto& works = programme(s, "drainage_flood");
  works.menu = {{Item::drain_new, 1.0}};
  set(works.sites_per_year, 10);
  set(s.funding.total_idr_bn_per_year, 100.0);
  for (SourceSpec& source : s.funding.sources) {
    set(source.share_pct, source.id == "apbd_city" ? 40.0 : 0.0);
    set(source.effective_month, 0.0);
    source.carry_rule = CarryRule::split_years;
  }
  for (const Param p : {Param::initial_rt_area_log_sd, Param::verification_months,
                        Param::procurement_contractor, Param::report_book_planned_chance}) {
    fix(s, p, 0.0);
  }
  fix(s, Param::drain_new, 1.0);
  fix(s, Param::construction_contractor, 1.0);
  fix(s, Param::budget_pull, 100.0);
  return s;
}

/// Every RT lacks 400 m of drain a hectare and nothing else; on paper it stays slum.
void lack_drains_only(World& world) {
  std::fill(world.rts.land_status.begin(), world.rts.land_status.end(), LandStatus::clear);
  std::fill(world.sites.cost_factor.begin(), world.sites.cost_factor.end(), 1.0f);
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
}

std::vector<Target> constant_money() {
  City city = tiny_city(10);
  for (SiteFacts& site : city.sites) {
    site.area_ha = 172.984;
    site.n_rt = 100;
    site.kelurahan_area_ha = 1000;
    site.persons_per_ha = 1.0;
    site.unclear_land_share = 0;
  }
  city.start_area_ha[2019] = 1729.84;
  city.prepare();
  const Scenario s = constant_funds();
  World world = build_world_without_spin_up(s, city, 4);
  lack_drains_only(world);
  double worst = 0.0;
  int zero_year = 0;
  run_money(world, 0, 240, [&](sim::Month month) {
    if (!sim::Clock::is_december(month)) return;
    double cleared = 0.0;
    for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
      if (world.rts.miss_drain[rt] < 0.5f) cleared += static_cast<double>(world.rts.area[rt]);
    }
    const int year = sim::Clock::year_index(month) + 1;
    worst = std::max(worst, std::abs(cleared - std::min(1729.84, 100.0 * year)));
    if (cleared > 1729.84 - 0.1 && zero_year == 0) zero_year = year;
  });
  // Each of the ten sites may have one RT begun and not finished.
  return {exactly("D1a", "constant funds: largest distance from 100 ha a year",
                  worst, 0.0, 10 * rt_area, "ha"),
          exactly("D1b", "constant funds: December of zero (17.298 years)", zero_year, 18.0, 0.0,
                  "years")};
}

// D2: constant hazard -----------------------------------------------------------------------------

std::vector<Target> constant_hazard(std::size_t runs) {
  BareWorld town(1000);
  std::vector<double> clears(1000), last_years, after_five, lag;
  for (std::size_t run = 0; run < runs; ++run) {
    const sim::Chance luck(run + 1, 1, 0);
    for (std::size_t rt = 0; rt < 1000; ++rt) {
      clears[rt] = sim::exponential_quantile(luck.fine_uniform(rt), 0.2);
      town.put_class(rt, Slum::light);
    }
    town.world.state.baseline_area = 1000.0;
    town.world.state.ledger_figure = town.world.state.decree_figure = 500.0;
    town.world.zero = ZeroState{};
    town.world.zero.reached_month.fill(-1);
    ZeroWatch watch(town.world);
    const auto reached = [&] {
      return town.world.zero.reached_month[static_cast<std::size_t>(ZeroDefinition::Z1)];
    };
    for (int t = 2; reached() < 0 && t < 2400; t += 3) {
      for (std::size_t rt = 0; rt < 1000; ++rt) {
        if (clears[rt] <= (t + 1) / 12.0) town.put_class(rt, Slum::not_slum);
      }
      watch.step(town.world, {.month = t});
      if (t == 59) after_five.push_back(physical_area(town.world) / 1000.0);
    }
    last_years.push_back(*std::max_element(clears.begin(), clears.end()));
    lag.push_back((reached() + 1) / 12.0 - last_years.back());
  }
  const Moments five = moments(after_five), last = moments(last_years);
  Target read = exactly("D2c", "constant hazard: zero is read within a quarter, longest wait",
                        *std::max_element(lag.begin(), lag.end()), 0.125, 0.125, "years");
  return {exactly("D2a", "constant hazard: area after five years over the start", five.mean,
                  std::exp(-1.0), most_errors * five.sd / std::sqrt(five.n)),
          exactly("D2b", "constant hazard: mean time to the last RT", last.mean, 37.43,
                  most_errors * 6.41 / std::sqrt(last.n), "years"),
          read};
}

// D3, D4: the calendar of works -------------------------------------------------------------------

/// Grants without end for a city whose households all take part; packages as of two dates.
struct EndlessMoney {
  double start_low = 99.0, start_high = 0.0, by_september = 0.0;
  double slum_in_december = 0.0;
};

EndlessMoney endless_money() {
  City city = tiny_city();
  for (SiteFacts& site : city.sites) site.unclear_land_share = 0.0;
  Scenario s = tiny_scenario();
  lose_nothing(s);
  keep_programmes(s, {"kotaku_community"});
  s.funding.unlimited = true;
  s.setback_tolerated = true;
  set(s.procedure.guideline_month, 4.0);
  set(s.funding.sources[0].effective_month, 2.0);
  fix(s, Param::verification_months, 1.5);
  fix(s, Param::alloc_rt_per_site, 1000);
  programme(s, "kotaku_community").menu = menu_of_works();
  World world = build_world_without_spin_up(s, city, 5);
  std::fill(world.rts.land_status.begin(), world.rts.land_status.end(), LandStatus::clear);
  engage_all(world);
  EndlessMoney seen;
  run_money(world, 0, 9);
  for (const Package& p : world.money.packages) {
    seen.start_low = std::min(seen.start_low, p.start);
    seen.start_high = std::max(seen.start_high, p.start);
    seen.by_september += p.progress / static_cast<double>(world.money.packages.size());
  }
  run_money(world, 9, 12);
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    if (world.rts.physical_class[rt] != Slum::not_slum) {
      seen.slum_in_december += static_cast<double>(world.rts.area[rt]);
    }
  }
  return seen;
}

std::vector<Target> calendar_of_works() {
  const EndlessMoney seen = endless_money();
  std::vector<Target> rows{
      exactly("D3a", "endless money: earliest start of works", seen.start_low, 6.5, 1e-9,
              "months"),
      exactly("D3b", "endless money: latest start of works", seen.start_high, 6.5, 1e-9,
              "months"),
      exactly("D3c", "endless money: built by the end of September", seen.by_september, 0.5,
              1e-9),
      exactly("D3d", "endless money: slum area in the first December", seen.slum_in_december, 0.0,
              0.0, "ha"),
      exactly("D3e", "endless money: start with a contractor", start_of_works(4, 2, 1.5, 2.5), 8.0,
              0.0, "months"),
      exactly("D3f", "endless money: feasible share with a contractor",
              feasible_share(8.0, 6.0, 11.5), 0.5833, 5e-5)};
  struct Case {
    double guideline, effective, verification, procurement, span, start, share;
  };
  const Case cases[] = {{7, 2, 1.5, 1, 5, 9.5, 0.4},
                        {7, 2, 1.5, 2.5, 6, 11, 0.0833},
                        {2, 2, 1.5, 2.5, 6, 6, 0.9167},
                        {9, 3, 1.5, 1, 5, 11.5, 0}};
  char letter = 'a';
  for (const Case& c : cases) {
    const double start = start_of_works(c.guideline, c.effective, c.verification, c.procurement);
    rows.push_back(exactly(fmt::format("D4{}", letter++),
                           fmt::format("start of works, J {} B {} v {} q {}", c.guideline,
                                       c.effective, c.verification, c.procurement),
                           start, c.start, 0.0, "months"));
    rows.push_back(exactly(fmt::format("D4{}", letter++),
                           fmt::format("feasible share of the same, span {}", c.span),
                           feasible_share(start, c.span, 11.5), c.share, 5e-5));
  }
  return rows;
}

// D5: pure decay ----------------------------------------------------------------------------------

struct PathCase {
  int phases = 3;
  float tide = 0.0f;
  bool full_upkeep = false;
};

/// Good share of a path on land of life 15 after some years without works.
double good_share_after(double years, const PathCase& c) {
  BareWorld bare(1, [&](Scenario& s) { s.ageing_phases = c.phases; });
  World& w = bare.world;
  bare.settle(0, 10);
  w.rts.tide[0] = c.tide;
  if (c.full_upkeep) {
    w.sites.board[0] = 1.0f;
    for (std::size_t row = 0; row < 10; ++row) w.change_flags(row, flag::engaged, 0);
  }
  bare.good(Stock::path_land)[0] = 400.0f;
  Clocks clocks(w);
  Refresh refresh_process(w);
  for (int t = 0; t < static_cast<int>(12 * years); ++t) {
    clocks.step(w, {.month = t});
    refresh_process.step(w, {.month = t});
  }
  refresh(w, 0);
  return double{good_units(w.rts, Stock::path_land, 0)} / 400.0;
}

std::vector<Target> pure_decay() {
  const double close = 5e-5;
  return {exactly("D5a", "pure decay: good share after 5 years", good_share_after(5, {}), 0.9197,
                  close),
          exactly("D5b", "pure decay: after 10 years", good_share_after(10, {}), 0.6767, close),
          exactly("D5c", "pure decay: after 15 years", good_share_after(15, {}), 0.4232, close),
          exactly("D5d", "pure decay: after 30 years", good_share_after(30, {}), 0.0620, close),
          exactly("D5e", "pure decay under tide: after 5 years",
                  good_share_after(5, {.tide = 1.0f}), 0.7572, close),
          exactly("D5f", "pure decay at full upkeep: after 5 years",
                  good_share_after(5, {.full_upkeep = true}), 0.9769, close),
          exactly("D5g", "pure decay in one phase: after 15 years",
                  good_share_after(15, {.phases = 1}), std::exp(-1.0), close)};
}

// D10, D14: money and figures ---------------------------------------------------------------------

std::vector<Target> budget(std::size_t draws) {
  const BudgetProcess process{.level = 4.0, .growth = 0.0, .pull = 0.4, .sd = 0.2};
  const double n = static_cast<double>(2 * draws);
  double x = 0.0, square = 0.0, product = 0.0;
  for (std::size_t y = 0; y < 2 * draws; ++y) {
    const double u = sim::Chance(3, 20, static_cast<sim::Month>(y % 60'000)).fine_uniform(y);
    const double z = sim::portable::normal_quantile(u);
    const double next = y == 0 ? first_log_budget(process, z) : next_log_budget(process, x, z);
    if (y > 0) product += (x - 4.0) * (next - 4.0);
    x = next;
    square += (x - 4.0) * (x - 4.0);
  }
  // Standard errors of an AR(1) with coefficient 0.6: of the variance sqrt(2 (1+.36)/(1-.36)/n),
  // half of it of the deviation; of the correlation sqrt((1-.36)/n).
  const double sd_error = 0.25 * 0.5 * std::sqrt(2.0 * 1.36 / 0.64 / n);
  return {exactly("D10a", "budget process: deviation of ln B", std::sqrt(square / n), 0.25,
                  most_errors * sd_error),
          exactly("D10b", "budget process: lag-1 correlation", product / square, 0.6,
                  most_errors * std::sqrt(0.64 / n))};
}

Target published_figure(std::size_t draws) {
  BareWorld bare(1, [](Scenario& s) {
    fix(s, Param::report_remeasure_rate, 0.0);
    fix(s, Param::report_log_sd, 0.2);
    fix(s, Param::report_admin_removal, 40.0);
  });
  World& w = bare.world;
  w.rts.area[0] = 1000.0f;
  w.rts.in_ledger[0] = 1;
  w.rts.ledger_class[0] = Slum::light;
  Books books(w);
  std::vector<double> figures;
  for (std::uint64_t seed = 1; seed <= draws; ++seed) {
    w.state.admin_removed = 0.0;
    for (int year = 0; year < 5; ++year) {
      w.month = 12 * year + 11;
      books.step(w, {.month = w.month, .seed = seed});
    }
    figures.push_back(w.state.reported_area);
  }
  const Moments m = moments(figures);
  return exactly("D14", "published figure: mean in year 5", m.mean, 1000.0 * std::exp(0.02) - 200.0,
                 most_errors * m.sd / std::sqrt(m.n), "ha");
}

// D17: equal budget -------------------------------------------------------------------------------

double houses_for_a_billion() {
  City city = tiny_city(12);
  Scenario s = tiny_scenario();
  lose_nothing(s);
  keep_programmes(s, {"bsps"});
  set(s.procedure.guideline_month, 1.0);
  fix(s, Param::house_programme_support, 17.5 * 0.14);
  fix(s, Param::part_group_min, 1);
  for (const Param p : {Param::initial_owner_share, Param::land_certified_share_ilir}) {
    fix(s, p, 100.0);
  }
  auto& bsps = programme(s, "bsps");
  bsps.eligible_tenure = 0xF;
  bsps.income_max_idr_mn = 1e9;
  fix(s, Param::repair_grant_income_limit, 1e9);
  for (SourceSpec& source : s.funding.sources) {
    set(source.share_pct, 0.0);
    if (source.id == "apbn") set(source.annual_idr_bn, 1.0);
  }
  World world = build_world_without_spin_up(s, city, 5);
  std::fill(world.sites.cost_factor.begin(), world.sites.cost_factor.end(), 1.0f);
  engage_all(world);
  run_money(world, 0, 12);
  return units_delivered(world)[static_cast<std::size_t>(Item::house_repair_grant)];
}

/// Flats for a billion spent on flats: they are whole, so each package leaves a rest unspent.
double flats_for_a_billion() {
  City city = tiny_city(12);
  city.price_index[2022] = 109.0;  // 400 of 2022 are 367 of 2019
  city.prepare();
  Scenario s = tiny_scenario();
  lose_nothing(s);
  keep_programmes(s, {"rusunawa"});
  auto& flats = programme(s, "rusunawa");
  flats.income_max_idr_mn = 1e9;
  set(flats.max_package_idr_mn, 1e6);
  fix(s, Param::budget_pull, 100.0);
  fix(s, Param::part_consent_exponent, 1.0);
  fix(s, Param::flat_late_chance, 0.0);
  set(s.procedure.guideline_month, 1.0);
  for (SourceSpec& source : s.funding.sources) {
    set(source.share_pct, 0.0);
    if (source.id == "apbn") set(source.annual_idr_bn, 100.0);
  }
  World world = build_world_without_spin_up(s, city, 5);
  std::fill(world.sites.cost_factor.begin(), world.sites.cost_factor.end(), 1.0f);
  engage_all(world);
  run_money(world, 0, 12);
  double units = 0.0, billions = 0.0;
  for (const Package& p : world.money.packages) {
    for (const PackageLine& line : p.lines) {
      units += static_cast<double>(line.units_planned);
      billions += static_cast<double>(line.cost) * 1e-9;
    }
  }
  return units / billions;
}

/// Houses that are fit after five years because the price of a grant was handed out in cash.
double houses_for_a_billion_in_cash() {
  const City city = tiny_city(12);
  const Scenario s = tiny_scenario();
  double unfit[2] = {};
  for (const bool cash : {false, true}) {
    World world = build_world(s, city, 5);
    int left = 57;  // 57 x 17.5 are 997.5 million
    for (std::size_t i = 0; cash && i < world.households.size_rows() && left > 0; ++i) {
      const std::uint32_t f = world.households.flags[i];
      const bool asks = (f & flag::alive) != 0 && (f & flag::lacks_house) != 0 && is_owner(f);
      if (!asks || i % 7 != 0) continue;
      world.households.record[i].savings += 17.5f;
      --left;
    }
    Visits visits(world);
    for (sim::Month t = 0; t < 60; ++t) visits.step(world, {.month = t, .seed = 5});
    for (const std::uint32_t n : world.rts.n_unfit) unfit[cash ? 1 : 0] += n;
  }
  return unfit[0] - unfit[1];
}

std::vector<Target> equal_budget() {
  Target cash = exactly("D17c", "Rp 1 bn as cash: more than nothing, less than grants",
                        houses_for_a_billion_in_cash(), 25.0, 25.0, "houses");
  cash.low = 1.0;
  return {exactly("D17a", "Rp 1 bn as house grants (50.1, whole houses)", houses_for_a_billion(),
                  50.0, 0.0, "houses"),
          exactly("D17b", "Rp 1 bn as rental flats (2.7)", flats_for_a_billion(), 2.70, 0.05,
                  "flats"),
          cash};
}

}  // namespace

std::vector<Target> docking_of_areas(const Effort& effort) {
  std::vector<Target> all = constant_money();
  const auto add = [&](const std::vector<Target>& rows) {
    all.insert(all.end(), rows.begin(), rows.end());
  };
  add(constant_hazard(effort.pairs));
  add(calendar_of_works());
  add(pure_decay());
  add(budget(effort.draws));
  all.push_back(published_figure(effort.draws));
  add(equal_budget());
  return all;
}

}  // namespace musi::tests
