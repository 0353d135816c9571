#pragma once

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>

#include "models/allocation/allocation.h"
#include "models/finance/calendar.h"
#include "models/finance/year_end.h"
#include "models/livelihoods/livelihoods.h"
#include "models/programmes/delivery.h"
#include "models/programmes/pipeline.h"
#include "models/programmes/services.h"
#include "models/stocks/refresh.h"
#include "tests/support/months.h"
#include "tests/support/tiny_world.h"

/// The money half of a run: no visits, moves, ageing or reports.
namespace musi::tests {

inline sim::Schedule<models::World> money_schedule(const models::World& world) {
  using sim::Cadence;
  sim::Schedule<models::World> s;
  s.add<models::Calendar>(Cadence::monthly, "calendar", world);
  s.add<models::Allocation>(Cadence::monthly, "allocation", world);
  s.add<models::Services>(Cadence::monthly, "services", world);
  s.add<models::Livelihoods>(Cadence::monthly, "livelihoods", world);
  s.add<models::Pipeline>(Cadence::monthly, "pipeline", world);
  s.add<models::Delivery>(Cadence::monthly, "delivery", world);
  s.add<models::YearEnd>(Cadence::december, "year end", world);
  s.add<models::Refresh>(Cadence::monthly, "score", world);
  return s;
}

/// Runs months [from, to), calling `after(month)` at the end of each.
template <class After>
void run_money(models::World& world, sim::Month from, sim::Month to, After after) {
  let_pass(money_schedule(world), world, from, to, after);
}
inline void run_money(models::World& world, sim::Month from, sim::Month to) {
  run_money(world, from, to, [](sim::Month) {});
}

/// Nothing is lost on the way: no leakage, faults, unknown deficits, politics or cuts; the budget
/// lines take money only.
inline void lose_nothing(models::Scenario& s) {
  using models::Param;
  for (const Param p : {Param::missing_spending_share, Param::wet_fault_share,
                        Param::overhead_share, Param::money_log_sd, Param::money_shock_chance,
                        Param::alloc_noise, Param::cost_drift, Param::need_error_sd,
                        Param::part_head_bias, Param::community_contract_saving,
                        Param::selfhelp_share_works, Param::cross_border_delay,
                        Param::budget_growth, Param::initial_not_slum_accept}) {
    fix(s, p, 0.0);
  }
  for (const Param p : {Param::funded_over_planned, Param::part_detection_rt_head,
                        Param::part_detection_direct, Param::house_money_in_sites}) {
    fix(s, p, 100.0);
  }
  fix(s, Param::officer_rate, 1e6);
  for (models::LineSpec& line : s.funding.lines) line.effect.is_set = false;
}

/// Only these programmes stay.
inline void keep_programmes(models::Scenario& s, std::initializer_list<const char*> ids) {
  for (models::ProgrammeSpec& p : s.programmes) {
    p.enabled = std::any_of(ids.begin(), ids.end(), [&](const char* id) { return p.id == id; });
  }
}

/// Twelve kinds of works with equal weights.
inline std::vector<models::MenuEntry> menu_of_works() {
  using enum models::Item;
  std::vector<models::MenuEntry> menu;
  for (const models::Item item :
       {road_surface, road_new, drain_new, drain_rehab, flood_works, water_connection, toilet_tank,
        waste_kit, waste_service, fire_access, fire_equipment, realignment}) {
    menu.push_back({item, 1.0});
  }
  return menu;
}

inline models::ProgrammeSpec& programme(models::Scenario& s, const std::string& id) {
  return *std::find_if(s.programmes.begin(), s.programmes.end(),
                       [&](const models::ProgrammeSpec& p) { return p.id == id; });
}

inline void set(models::Uncertain& u, double value) {
  u.value = models::constant(value);
  u.is_set = true;
}

/// Every household takes part.
inline void engage_all(models::World& world) {
  for (std::size_t i = 0; i < world.households.size_rows(); ++i) {
    const std::uint32_t f = world.households.flags[i];
    if ((f & models::flag::alive) != 0) world.change_flags(i, models::flag::engaged, 0);
  }
}

/// Units delivered by item over all packages of the pipeline, and how many they are. A package
/// stays in it until the next January.
inline std::array<double, models::n_items> units_delivered(const models::World& world) {
  std::array<double, models::n_items> units{};
  for (const models::Package& p : world.money.packages) {
    for (const models::PackageLine& line : p.lines) {
      units[line.item] += static_cast<double>(line.units_delivered);
    }
  }
  return units;
}

}  // namespace musi::tests
