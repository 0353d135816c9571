#include <algorithm>
#include <cmath>

#include "models/allocation/allocation.h"
#include "models/draws.h"
#include "models/finance/guideline.h"
#include "models/livelihoods/aid_purse.h"
#include "models/livelihoods/candidates.h"
#include "models/livelihoods/livelihoods.h"
#include "sim/core/distributions.h"

/// Livelihood groups: forming, assessment, capital, effect, end. MODEL.md 16.3.
namespace musi::models {
namespace {

namespace portable = sim::portable;

constexpr double common_part = 0.3;  ///< of the variance of beta that a group shares; assumed
constexpr float social_capital_gain = 0.02f;  ///< of an RT with members; assumed

/// What suits the people of a place: as the city folder says, else drawn with equal chances.
Business business_of(const World& world, std::size_t site, sim::EntityKey group,
                     const sim::Step& step) {
  for (const SiteFacts& facts : world.city->sites) {
    if (facts.key == world.sites.key[site] && facts.business) return *facts.business;
  }
  const double u = static_cast<double>(step.chance(Draw::livelihood_business).uniform(group));
  return static_cast<Business>(static_cast<int>(u * static_cast<double>(n_businesses)));
}

LivelihoodGroup group_of_rows(World& world, const std::vector<std::uint32_t>& rows) {
  LivelihoodGroup group;
  Households& h = world.households;
  for (const std::uint32_t row : rows) {
    h.flags[row] |= flag::in_livelihood_group;
    group.members.push_back(
        {.who = {.key = h.record[row].key, .rt = h.record[row].rt, .row = row}});
  }
  return group;
}

/// Members who still live in the slums.
void forget_those_who_left(const World& world, LivelihoodGroup& group) {
  std::erase_if(group.members, [&](GroupMember& m) {
    return find_row(world, m.who) == world.households.size_rows();
  });
}

/// One more tie in every RT with members, once a group.
void tie(World& world, const LivelihoodGroup& group) {
  std::vector<std::uint32_t> rts;
  for (const GroupMember& m : group.members) rts.push_back(m.who.rt);
  std::sort(rts.begin(), rts.end());
  rts.erase(std::unique(rts.begin(), rts.end()), rts.end());
  for (const std::uint32_t rt : rts) world.rts.sc[rt] += social_capital_gain;
}

}  // namespace

double spread_factor(Business business) {
  constexpr double factors[n_businesses] = {1.0, 0.8, 1.0, 1.2, 1.0};
  return factors[static_cast<std::size_t>(business)];
}

void Livelihoods::form_groups(World& world, std::size_t p, const sim::Step& step) const {
  const ProgrammeSpec& programme = world.scenario->programmes[p];
  const Scenario::Livelihoods& plan = world.scenario->livelihoods;
  const double price = city_cost(world, Param::micro_capital_person, step);
  const auto least = static_cast<std::size_t>(world.future[Param::part_group_min]);
  std::size_t payable = AidPurse(world, p, Aid::livelihood, step).affordable(price);
  int places = plan.places;
  for (const std::uint32_t site : world.money.programmes[p].site_order) {
    if (!is_eligible_site(world, programme, site)) continue;
    if (places-- <= 0) return;
    const auto n_groups_here = static_cast<std::size_t>(std::max(0, plan.groups_per_place));
    auto left = joiners(world, site, programme, n_groups_here * group_size_of_livelihoods, step);
    for (std::size_t g = 0; g < n_groups_here; ++g) {
      const auto n = std::min({left.size(), payable, std::size_t{group_size_of_livelihoods}});
      if (n < least) break;
      const auto end = left.begin() + static_cast<std::ptrdiff_t>(n);
      const std::vector<std::uint32_t> rows(left.begin(), end);
      left.erase(left.begin(), end);
      payable -= rows.size();
      LivelihoodGroup group = group_of_rows(world, rows);
      group.key = sim::mix(programme_key(programme.id), world.sites.key[site],
                           world.scenario->clock.year(step.month), static_cast<int>(g));
      group.site = site;
      group.programme = static_cast<std::uint16_t>(p);
      group.business = business_of(world, site, group.key, step);
      group.is_assessed = plan.assessment;
      group.formed = static_cast<std::uint16_t>(step.month);
      world.support.groups.push_back(std::move(group));
    }
  }
}

/// Groups of this August get their capital; one that cannot be paid gives up.
void Livelihoods::hand_out_capital(World& world, std::size_t p, const sim::Step& step) const {
  const double price = city_cost(world, Param::micro_capital_person, step);
  AidPurse purse(world, p, Aid::livelihood, step);
  std::erase_if(world.support.groups, [&](LivelihoodGroup& group) {
    if (group.programme != p || group.funded != never) return false;
    forget_those_who_left(world, group);
    if (!group.members.empty() && purse.buy(group.members.size(), price)) {
      start(world, group, step);
      return false;
    }
    for (GroupMember& m : group.members) {
      world.households.flags[m.who.row] &= ~flag::in_livelihood_group;
    }
    return true;
  });
}

void Livelihoods::start(World& world, LivelihoodGroup& group, const sim::Step& step) const {
  const sim::Chance effects = step.chance(Draw::livelihood_effect);
  const auto normal = [&](sim::EntityKey key) {
    return static_cast<double>(portable::normal_quantile(effects.uniform(key)));
  };
  const double sd = params_.sd * spread_factor(group.business);
  const double common = std::sqrt(common_part) * normal(group.key);
  for (GroupMember& m : group.members) {
    const double own = std::sqrt(1.0 - common_part) * normal(m.who.key);
    m.effect = static_cast<float>(params_.mean + sd * (common + own));
    world.households.flags[m.who.row] |= flag::helped;
    ++world.state.counts.group_members;
  }
  tie(world, group);
  const double factor = group.is_assessed ? params_.assessment_factor : 1.0;
  const double yearly = factor * (1.0 - portable::pow(params_.survival_5y, 1.0 / 5.0));
  const double monthly = 1.0 - portable::pow(1.0 - yearly, 1.0 / 12.0);
  const double u = step.chance(Draw::livelihood_exit).fine_uniform(group.key);
  const int wait = sim::geometric_wait(u, monthly, never - 1);
  group.funded = static_cast<std::uint16_t>(step.month);
  group.ends = static_cast<std::uint16_t>(std::min(step.month + wait, never - 1));
}

/// Incomes rise three months after the capital and fall back when the group ends.
void Livelihoods::follow_groups(World& world, const sim::Step& step) const {
  const auto change = [&](GroupMember& m, bool earns) {
    const std::size_t row = find_row(world, m.who);
    if (m.is_earning == earns || row == world.households.size_rows()) return;
    m.is_earning = earns;
    savings_.raise_income(world, row, earns ? m.effect : -m.effect, step.month);
  };
  for (LivelihoodGroup& group : world.support.groups) {
    if (group.funded == never) continue;
    const bool ends = step.month >= group.ends;
    if (!ends && step.month != group.funded + months_to_effect) continue;
    for (GroupMember& m : group.members) change(m, !ends);
    if (ends) ++world.state.counts.groups_ended;
  }
  std::erase_if(world.support.groups, [&](const LivelihoodGroup& group) {
    return group.funded != never && step.month >= group.ends;
  });
}

}  // namespace musi::models
