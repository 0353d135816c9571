#include "models/participation/institutions.h"

#include <algorithm>

#include "models/draws.h"
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
             .complaints_from = january_of(scenario, plan.complaint_channel_start_year),
             .months_full = f[Param::part_facilitator_months_full],
             .initiative_chance = f[Param::private_initiative_chance],
             .elders_from = plan.elders_appointed
                                ? january_of(scenario, scenario.forecast_from_year)
                                : sim::Month{never},
             .elder_share = f[Param::part_initial_leaders],
             .elder_jump = f[Param::part_lkm_elder_jump],
             .facilitators = plan.facilitators_number.is_set
                                 ? f.value(plan.facilitators_number)
                                 : -1.0,
             .facilitators_from = january_of(scenario, plan.facilitators_start_year),
             .facilitators_until = plan.facilitators_end_year >= 9999
                                       ? sim::Month{never}
                                       : january_of(scenario, plan.facilitators_end_year + 1)};
}

void Institutions::step(World& world, const sim::Step& step) {
  Sites& sites = world.sites;
  if (step.month == params_.elders_from) appoint_elders(world, step);
  const bool january = sim::Clock::is_january(step.month);
  const sim::Chance initiative = step.yearly_chance(Draw::board_initiative);
  const double fade =
      params_.fade + (step.month >= params_.complaints_from ? params_.complaint_fade : 0.0);
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
  if (params_.facilitators >= 0.0) place_facilitators(world, step.month);
  if (january) {
    std::fill(sites.promised.begin(), sites.promised.end(), 0u);
    std::fill(sites.delivered.begin(), sites.delivered.end(), 0u);
  }
}

/// Spreads a fixed number of facilitators over the sites with announced packages - in January over
/// those of last year, and where none has one over all - so that each has the same months per
/// 1,000 households.
void Institutions::place_facilitators(World& world, sim::Month month) const {
  Sites& sites = world.sites;
  const bool working = month >= params_.facilitators_from && month < params_.facilitators_until;
  const bool announced = std::any_of(sites.promised.begin(), sites.promised.end(),
                                     [](std::uint32_t n) { return n > 0; });
  std::vector<std::uint8_t> chosen(sites.size(), 0);
  double households = 0.0;
  for (std::size_t s = 0; s < sites.size(); ++s) {
    chosen[s] = working && (!announced || sites.promised[s] > 0);
    if (chosen[s] == 0) continue;
    for (const std::uint32_t rt : sites.rts[s]) households += world.rts.n_households[rt];
  }
  const double months = households > 0.0 ? params_.facilitators * 1000.0 / households : 0.0;
  for (std::size_t s = 0; s < sites.size(); ++s) {
    sites.facilitator_months[s] = chosen[s] != 0 ? static_cast<float>(months) : 0.0f;
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
    if (chance.fine_uniform(h.key[i]) >= share) continue;
    h.flags[i] = flags | flag::elder;  // elders are in no counter
    h.c0[i] = engagement_constant(world, h.key[i], h.flags[i]);
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
