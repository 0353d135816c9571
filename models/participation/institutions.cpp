#include "models/participation/institutions.h"

#include <algorithm>

#include "models/draws.h"
#include "models/participation/complaints.h"
#include "models/participation/influence.h"
#include "models/population/synthesis.h"

namespace musi::models {
namespace {

constexpr double initiative_gain = 0.05;  ///< of L, beyond formal duty; assumed

/// Month index of January of a calendar year; `never` for a year far away.
sim::Month january_of(const Scenario& scenario, int year) {
  const long months = 12L * (static_cast<long>(year) - scenario.clock.start_year);
  return static_cast<sim::Month>(std::clamp(months, 0L, static_cast<long>(never)));
}

}  // namespace

Institutions::Institutions(const World& world) {
  const Future& f = world.future;
  const Scenario& scenario = *world.scenario;
  const Scenario::Participation& plan = scenario.participation;
  params_ = {.growth = f[Param::part_lkm_growth],
             .decay = f[Param::part_lkm_decay],
             .disappointment_loss = f[Param::board_disappointment_loss],
             .fade = f[Param::part_disappointment_fade],
             .complaint_fade = f[Param::complaint_fade],
             .months_full = f[Param::part_facilitator_months_full],
             .initiative_chance = f[Param::private_initiative_chance],
             .elders_from = plan.elders_appointed
                                ? january_of(scenario, scenario.forecast_from_year)
                                : sim::Month{never},
             .elder_share = f[Param::part_initial_leaders],
             .elder_jump = f[Param::part_lkm_elder_jump]};
}

void Institutions::step(World& world, const sim::Step& step) {
  Sites& sites = world.sites;
  if (step.month == params_.elders_from) appoint_elders(world, step);
  const bool january = sim::Clock::is_january(step.month);
  const sim::Chance initiative = step.yearly_chance(Draw::board_initiative);
  const double fade =
      params_.fade +
      params_.complaint_fade * complaints_handled(world, world.scenario->clock.year(step.month));
  for (std::size_t s = 0; s < sites.size(); ++s) {
    const double staffed = facilitation_intensity(world, s, params_.months_full);
    double board = sites.board[s];
    const double disappointment = sites.disappointment[s];
    board += params_.growth * staffed * (1.0 - board) - params_.decay * board -
             params_.disappointment_loss * disappointment * board;
    if (january && staffed <= 0.0 &&
        initiative.fine_uniform(sites.key[s]) < params_.initiative_chance) {
      board += initiative_gain;
    }
    sites.board[s] = static_cast<float>(std::clamp(board, 0.0, 1.0));
    sites.disappointment[s] = static_cast<float>(std::max(0.0, (1.0 - fade) * disappointment));
  }
  if (january) {
    std::fill(sites.promised.begin(), sites.promised.end(), 0u);
    std::fill(sites.delivered.begin(), sites.delivered.end(), 0u);
  }
}

/// Doubles the share of elders, who need no neighbours to take part, and lifts the boards once.
void Institutions::appoint_elders(World& world, const sim::Step& step) const {
  Households& h = world.households;
  const sim::Chance chance = step.chance(Draw::elders);
  const double share = params_.elder_share < 0.5 ? params_.elder_share / (1.0 - params_.elder_share)
                                                 : 1.0;
  for (std::size_t i = 0; i < h.size_rows(); ++i) {
    const std::uint32_t flags = h.flags[i];
    if ((flags & flag::alive) == 0 || (flags & flag::elder) != 0) continue;
    if (chance.fine_uniform(h.record[i].key) >= share) continue;
    h.flags[i] = flags | flag::elder;  // elders are in no counter
    h.record[i].c0 = engagement_constant(world, h.record[i].key, h.flags[i]);
  }
  for (std::size_t s = 0; s < world.n_sites(); ++s) {
    world.sites.elders_appointed[s] = 1;
    world.sites.board[s] = static_cast<float>(
        std::clamp(world.sites.board[s] + params_.elder_jump, 0.0, 1.0));
  }
}

void BrokenPromises::step(World& world, const sim::Step& step) {
  if (!sim::Clock::is_december(step.month)) return;
  Sites& sites = world.sites;
  for (std::size_t s = 0; s < sites.size(); ++s) {
    if (sites.promised[s] == 0) continue;
    const double ratio = std::min(1.0, static_cast<double>(sites.delivered[s]) /
                                           static_cast<double>(sites.promised[s]));
    sites.delivery_ratio[s] = static_cast<float>(ratio);
    sites.disappointment[s] = static_cast<float>(
        std::min(1.0, sites.disappointment[s] + gain_ * (1.0 - ratio)));
  }
}

}  // namespace musi::models
