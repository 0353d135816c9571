#include "models/programmes/services.h"

#include <algorithm>

#include "models/allocation/rule.h"
#include "models/draws.h"
#include "models/finance/budget.h"
#include "models/finance/lines.h"
#include "models/programmes/catalogue.h"
#include "models/programmes/delivery.h"
#include "models/programmes/purse.h"
#include "models/programmes/unit_costs.h"
#include "models/relocation/invitations.h"

namespace musi::models {
namespace {

constexpr int june = 6;  ///< green space is tended once a year

std::size_t year_of(const sim::Step& step) {
  return static_cast<std::size_t>(sim::Clock::year_index(step.month));
}

double households_of(const World& world, std::size_t site) {
  const std::uint32_t* const n_households = world.rts.n_households.data();
  std::uint64_t n = 0;
  for (const std::uint32_t rt : world.sites.rts[site]) n += n_households[rt];
  return static_cast<double>(n);
}

/// Paid facilitator-months of this month over the sites with packages by households - over all
/// sites where none has one - and those that programmes bring along. [per 1,000 households]
void place_facilitators(World& world, double months) {
  const Scenario& s = *world.scenario;
  std::vector<double> brings(world.n_sites(), 0.0), has(world.n_sites(), 0.0);
  std::vector<std::uint8_t> brings_some;  // by programme; its description is long
  for (const ProgrammeSpec& p : s.programmes) brings_some.push_back(p.facilitators_included);
  for (const Package& p : world.money.packages) {
    if (p.stage == Stage::cancelled) continue;
    has[p.site] = 1.0;
    if (brings_some[p.programme] != 0) {
      brings[p.site] = world.future[Param::part_facilitators_included];
    }
  }
  const bool none = std::all_of(has.begin(), has.end(), [](double h) { return h == 0.0; });
  if (none) has.assign(world.n_sites(), 1.0);
  double households = 0.0;
  for (std::size_t i = 0; i < world.n_sites(); ++i) households += has[i] * households_of(world, i);
  for (std::size_t i = 0; i < world.n_sites(); ++i) {
    const double paid = households > 0 ? has[i] * months * 1000.0 / households : 0.0;
    world.sites.facilitator_months[i] = static_cast<float>(paid + brings[i]);
  }
}

/// Months that can be paid now. Facilitation is spread evenly over the months that are left; of a
/// number given, those work whom the money reaches.
double facilitator_months(World& world, std::size_t p, const sim::Step& step) {
  const Scenario& s = *world.scenario;
  Purse purse(world, p, step);
  const int year = s.clock.year(step.month);
  const double price =
      cost_of(world, s.programmes[p], Param::facilitator_month, year) * cost_drift(world, year);
  const bool appoints = s.participation.elders_appointed && year == s.forecast_from_year;
  if (appoints && starts_now(world, s.programmes[p], step)) {
    purse.pay(rupiah_of_million(city_cost(world, Param::elder_fee, step) *
                                static_cast<double>(world.n_sites())));
  }
  const Uncertain& number = s.participation.facilitators_number;
  if (number.is_set) {
    const bool on = year >= s.participation.facilitators_start_year &&
                    year <= s.participation.facilitators_end_year;
    if (!on || !(price > 0.0)) return 0.0;
    const Rupiah wanted = rupiah_of_million(price * world.future.value(number, 0, year));
    return static_cast<double>(purse.pay(wanted)) * 1e-6 / price;
  }
  if (s.funding.unlimited) {
    double households = 0.0;
    for (std::size_t i = 0; i < world.n_sites(); ++i) households += households_of(world, i);
    const double full = world.future[Param::part_facilitator_months_full] * households / 1000.0;
    purse.pay(rupiah_of_million(full * price));
    return full;
  }
  const int months_left = 13 - sim::Clock::month_of_year(step.month);
  return static_cast<double>(purse.pay(purse.free() / months_left)) * 1e-6 / price;
}

/// RTs of a programme's sites that `wants` accepts, in order of sites, then of RT keys.
template <class Wants>
std::vector<std::uint32_t> rts_of(const World& world, std::size_t p, Wants wants) {
  std::vector<std::uint32_t> rts;
  std::vector<std::uint8_t> is_listed(world.n_sites(), 0);
  for (const std::uint32_t site : world.money.programmes[p].site_order) {
    is_listed[site] = 1;
    for (const std::uint32_t rt : world.sites.rts[site]) {
      if (wants(rt)) rts.push_back(rt);
    }
  }
  for (std::uint32_t rt = 0; rt < world.n_rts(); ++rt) {
    if (is_listed[world.rts.site[rt]] == 0 && wants(rt)) rts.push_back(rt);
  }
  return rts;
}

/// Users' groups keep up what programmes have built; the rest of the money cleans drains there.
void keep_up(World& world, std::size_t p, const sim::Step& step) {
  const ProgrammeSpec& programme = world.scenario->programmes[p];
  if (!starts_now(world, programme, step)) return;
  const int year = world.scenario->clock.year(step.month);
  const auto served = rts_of(world, p, [&](std::uint32_t rt) {
    return world.rts.ever_served[rt] != 0;
  });
  Purse purse(world, p, step);
  const double fund_share = menu_share(programme, Item::upkeep_fund);
  double money = static_cast<double>(purse.free()) * 1e-6 * fund_share;
  const UpkeepCost upkeep(world, year);
  for (const std::uint32_t rt : served) {
    const double cost = upkeep.in(rt);
    if (!(cost > 0) || cost > money || !purse.buy(cost)) continue;
    money -= cost;
    world.rts.upkeep_paid_until[rt] = static_cast<std::uint16_t>(step.month + 12);
  }
  if (!has_item(programme, Item::drain_cleaning)) return;
  const Price price(world, programme, Item::drain_cleaning, year);
  for (const std::uint32_t rt : served) {
    const double need = true_need(world, rt, Item::drain_cleaning);
    if (!(need > 0) || !purse.buy(need * price.in(rt))) continue;
    add_works(world, rt, Item::drain_cleaning, need, 0.0, step.month);
  }
}

/// One attempt a year and RT; a set-back cannot be legalised.
void legalise(World& world, std::size_t p, const sim::Step& step) {
  if (!starts_now(world, world.scenario->programmes[p], step)) return;
  const int year = world.scenario->clock.year(step.month);
  Purse purse(world, p, step);
  const auto unclear = rts_of(world, p, [&](std::uint32_t rt) {
    const LandStatus land = world.rts.land_status[rt];
    if (!may_serve_rt(world, world.scenario->programmes[p], rt)) return false;
    return land == LandStatus::disputed || land == LandStatus::state_or_other;
  });
  for (const std::uint32_t rt : unclear) {
    if (!purse.buy(unit_cost(world, rt, Item::legalisation, year,
                               &world.scenario->programmes[p]))) continue;
    const double u = step.yearly_chance(Draw::legalisation).fine_uniform(world.rts.key[rt]);
    if (u >= world.future[Param::land_legalisation_success]) continue;
    world.rts.land_status[rt] = LandStatus::clear;
    ++world.state.counts.legalised;
  }
}

/// Effort of the lever everywhere, and what patrols add in the sites where they are paid.
void supervise(World& world, std::size_t p, const sim::Step& step) {
  if (!starts_now(world, world.scenario->programmes[p], step)) return;
  Purse purse(world, p, step);
  const int year = world.scenario->clock.year(step.month);
  const double year_of_patrols =
      12.0 * cost_drift(world, year) *
      cost_of(world, world.scenario->programmes[p], Param::patrol_month, year);
  for (const std::uint32_t site : world.money.programmes[p].site_order) {
    float& effort = world.sites.prevention[site];
    const double wanted = year_of_patrols * (1.0 - static_cast<double>(effort));
    if (!(wanted > 0)) continue;
    const double paid = static_cast<double>(purse.pay(
                            std::min(purse.free(), rupiah_of_million(wanted)))) * 1e-6;
    effort += static_cast<float>(paid / year_of_patrols);
    if (paid < wanted - 1e-6) return;
  }
}

void run_complaints(World& world, std::size_t p, const sim::Step& step) {
  const int year = world.scenario->clock.year(step.month);
  if (year < world.scenario->participation.complaint_channel_start_year) return;
  if (!starts_now(world, world.scenario->programmes[p], step)) return;
  const Rupiah wanted = rupiah_of_million(complaint_desk_cost(world, year));
  const Rupiah paid = Purse(world, p, step).pay(wanted);
  world.money.desk_share =
      wanted > 0 ? static_cast<double>(paid) / static_cast<double>(wanted) : 1.0;
}

/// House repair in kelurahan without slum sites: paid, without effect here.
void repair_elsewhere(World& world, std::size_t p, const sim::Step& step) {
  if (world.scenario->funding.unlimited) return;
  if (!starts_now(world, world.scenario->programmes[p], step)) return;
  const double elsewhere = 1.0 - world.future[Param::house_money_in_sites];
  const Rupiah voted = world.money.programmes[p].voted[year_of(step)];
  Purse(world, p, step).pay(static_cast<Rupiah>(static_cast<double>(voted) * elsewhere));
}

void prevent_by_lever(World& world, const sim::Step& step) {
  const int year = world.scenario->clock.year(step.month);
  for (std::size_t i = 0; i < world.n_sites(); ++i) {
    const double effort =
        world.future.value(world.scenario->prevention_effort_pct, world.sites.key[i], year) * 0.01;
    world.sites.prevention[i] = static_cast<float>(std::clamp(effort, 0.0, 1.0));
  }
}

}  // namespace

void Services::step(World& world, const sim::Step& step) {
  const Scenario& s = *world.scenario;
  if (sim::Clock::is_january(step.month)) prevent_by_lever(world, step);
  if (sim::Clock::month_of_year(step.month) == june) tend_green_space(world);
  double months = 0.0;
  for (std::size_t p = 0; p < s.programmes.size(); ++p) {
    const ProgrammeSpec& programme = s.programmes[p];
    if (!is_active(programme, s.clock.year(step.month))) continue;
    if (programme.channel == Channel::household_group && !programme.after_disasters) {
      repair_elsewhere(world, p, step);
    }
    if (has_item(programme, Item::facilitator_month)) months += facilitator_months(world, p, step);
    if (has_item(programme, Item::upkeep_fund)) keep_up(world, p, step);
    if (has_item(programme, Item::legalisation)) legalise(world, p, step);
    if (has_item(programme, Item::patrol_month)) supervise(world, p, step);
    if (has_item(programme, Item::complaint_desk)) run_complaints(world, p, step);
  }
  place_facilitators(world, months);
}

}  // namespace musi::models
