#include "models/relocation/relocations.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "models/draws.h"
#include "models/programmes/need.h"
#include "models/relocation/homes.h"
#include "models/relocation/invitations.h"
#include "sim/core/check.h"
#include "sim/core/distributions.h"

namespace musi::models {
namespace {

/// Blocks of Draw::relocation_exit of one household.
enum : std::uint32_t { waiting_block = 0, return_block = 1 };

/// Share of the low-income houses of a site that have roads; flats stand on streets already.
double served_share(const World& world, const HomeOffer& offer) {
  const auto item = relocation_item(world.scenario->programmes[offer.programme]);
  if (item != Item::low_income_house) return 0.0;
  const std::size_t site = world.rts.site[offer.rt];
  const double homes = at_site(world.relocation.homes, site);
  return homes > 0.0 ? at_site(world.relocation.homes_served, site) / homes : 0.0;
}

}  // namespace

Relocations::Params Relocations::params_of(const World& world) {
  const Future& f = world.future;
  return {.take_up = f[Param::relocation_takeup],
          .river_factor = f[Param::relocation_river_factor],
          .exit_rate = f[Param::relocation_exit_rate],
          .return_share = f[Param::relocation_return_slum],
          .demolish = f[Param::demolish_share]};
}

double Relocations::take_up_chance(std::uint32_t flags, double served) const {
  const double with_roads = params_.take_up + params_.roads_bonus * std::clamp(served, 0.0, 1.0);
  const double ties = group_of(flags) == Group::river ? params_.river_factor : 1.0;
  return std::clamp(with_roads * ties, 0.0, 1.0);
}

void Relocations::step(World& world, const sim::Step& step) {
  open_homes(world, step);
  leave_again(world, step);
}

void Relocations::open_homes(World& world, const sim::Step& step) const {
  std::vector<HomeOffer>& offers = world.relocation.offers;
  if (offers.empty()) return;
  const auto due = std::stable_partition(offers.begin(), offers.end(), [&](const HomeOffer& o) {
    return o.opens > step.month;
  });
  const std::vector<HomeOffer> open(due, offers.end());
  offers.erase(due, offers.end());
  for (const HomeOffer& o : open) offer(world, o, step);
}

void Relocations::offer(World& world, const HomeOffer& home, const sim::Step& step) const {
  YearCounts& counts = world.state.counts;
  Relocation& relocation = world.relocation;
  ++counts.homes_opened;
  const std::size_t row = find_household(world, home.rt, home.household);
  const bool is_there = row < world.households.size_rows();
  const double u = step.chance(Draw::relocation_take_up).fine_uniform(home.household);
  if (!is_there ||
      u >= take_up_chance(world.households.flags[row], served_share(world, home))) {
    ++counts.declined;
    return;
  }
  Relocated moved{.household = move_out(world, row, step.month),
                  .from_rt = home.rt,
                  .programme = home.programme,
                  .moved = static_cast<std::uint16_t>(step.month),
                  .leaves = never};
  if (params_.exit_rate > 0.0) {
    const sim::Block words =
        step.chance(Draw::relocation_exit).block(home.household, waiting_block);
    const double wait = sim::exponential_quantile(sim::fine_uniform_of(words[0], words[1]),
                                                  params_.exit_rate / 12.0);
    const double leaves = step.month + std::max(1.0, std::ceil(wait));
    moved.leaves = static_cast<std::uint16_t>(std::min<double>(leaves, never - 1));
  }
  relocation.living.push_back(moved);
  ++relocation.relocated;
  ++counts.relocated;
  const bool goes = step.chance(Draw::demolition).fine_uniform(home.household) < params_.demolish;
  if (goes) {
    demolish(world, row, step.month);
  } else {
    relocation.to_let.push_back({world.households.record[row].key, home.rt});
  }
}

void Relocations::leave_again(World& world, const sim::Step& step) const {
  Relocation& relocation = world.relocation;
  const auto due = std::stable_partition(
      relocation.living.begin(), relocation.living.end(),
      [&](const Relocated& r) { return r.leaves > step.month; });
  for (auto it = due; it != relocation.living.end(); ++it) {
    ++world.state.counts.left_relocation;
    const sim::Block words =
        step.chance(Draw::relocation_exit).block(it->household.key, return_block);
    if (static_cast<double>(sim::uniform24(words[0])) < params_.return_share) {
      relocation.returning.push_back(*it);
    } else {
      ++relocation.gone;
    }
  }
  relocation.living.erase(due, relocation.living.end());
}

}  // namespace musi::models
