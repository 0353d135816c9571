#include "models/participation/influence.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "models/draws.h"
#include "models/finance/lines.h"
#include "sim/core/portable_math.h"

namespace musi::models {
namespace {

constexpr std::size_t river = static_cast<std::size_t>(Group::river);
constexpr std::size_t land = static_cast<std::size_t>(Group::land);

/// Engaged shares of the two groups and of all; an absent group takes the share of the other.
struct EngagedShares {
  std::array<double, n_groups> of_group{};
  double all = 0.0;
};

EngagedShares engaged_shares(const Neighbourhoods& rts, std::size_t rt) {
  std::array<double, n_groups> n{}, engaged{};
  for (std::size_t g = 0; g < n_groups; ++g) {
    n[g] = rts.n_group[g][rt];
    engaged[g] = rts.n_engaged[g][rt];
  }
  EngagedShares shares;
  const double all = n[river] + n[land];
  shares.all = all > 0.0 ? (engaged[river] + engaged[land]) / all : 0.0;
  for (std::size_t g = 0; g < n_groups; ++g) {
    shares.of_group[g] = n[g] > 0.0 ? engaged[g] / n[g] : shares.all;
  }
  return shares;
}

void draw_year_effects(World& world, const sim::Step& step) {
  const sim::Chance chance = step.yearly_chance(Draw::rt_year);
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    world.rts.E[rt] = sim::portable::normal_quantile(chance.uniform(world.rts.key[rt]));
  }
}

/// Parts of the influence term that all RTs of a site share.
struct SiteTerms {
  double facilitation;    ///< b_F F
  double disappointment;  ///< b_D D
  double permeability;    ///< h
};

double influence(const Influence::Params& p, const SiteTerms& site, const EngagedShares& own,
                 double adjacent_share, std::size_t group, double sc) {
  const double mine = own.of_group[group];
  const double other = own.of_group[1 - group];
  const double m = (1.0 - site.permeability) * mine + site.permeability * other +
                   p.adjacent * (adjacent_share - mine);
  const double receptivity = group == river ? p.river_receptivity : 1.0;
  return p.neighbours * m +
         site.facilitation * receptivity * (1.0 + p.social_capital_gain * sc) +
         p.social_capital * sc - site.disappointment;
}

}  // namespace

double neighbour_weight(const Future& future) {
  return future.theory() == ParticipationTheory::independent
             ? 0.0
             : future[Param::part_neighbour_weight];
}

double facilitation_intensity(const World& world, std::size_t site, double months_full) {
  return std::min(1.0, static_cast<double>(world.sites.facilitator_months[site]) / months_full);
}

Influence::Influence(const World& world) {
  const Future& f = world.future;
  const bool office_staff = world.scenario->participation.department_only;
  params_ = {.neighbours = neighbour_weight(f),
             .permeability = f[Param::part_group_permeability],
             .elder_permeability = f[Param::part_elder_permeability],
             .adjacent = f[Param::part_adjacent_weight],
             .facilitation = f[Param::part_facilitation_weight] *
                             (office_staff ? f[Param::part_department_only] : 1.0),
             .social_capital_gain = f[Param::part_facilitation_social_capital],
             .river_receptivity = f[Param::part_river_receptivity],
             .social_capital = f[Param::part_social_capital_weight],
             .disappointment = f[Param::part_disappointment_weight],
             .rt_sd = f[Param::part_rt_sd],
             .lasting = f[Param::part_systematic_rt],
             .months_full = f[Param::part_facilitator_months_full]};
}

void Influence::step(World& world, const sim::Step& step) {
  if (sim::Clock::is_january(step.month)) draw_year_effects(world, step);
  Neighbourhoods& rts = world.rts;
  const double lasting = params_.rt_sd * std::sqrt(params_.lasting);
  const double passing = params_.rt_sd * std::sqrt(1.0 - params_.lasting);
  std::vector<EngagedShares> shares;
  for (std::size_t s = 0; s < world.n_sites(); ++s) {
    const std::vector<std::uint32_t>& members = world.sites.rts[s];
    const double h = params_.permeability +
                     (world.sites.elders_appointed[s] != 0 ? params_.elder_permeability : 0.0);
    const SiteTerms site{
        .facilitation = params_.facilitation * world.sites.board[s] *
                        facilitation_intensity(world, s, params_.months_full),
        .disappointment = params_.disappointment * world.sites.disappointment[s],
        .permeability = std::clamp(h, 0.0, 1.0)};
    shares.clear();
    for (const std::uint32_t rt : members) shares.push_back(engaged_shares(rts, rt));
    for (std::size_t i = 0; i < members.size(); ++i) {
      const std::size_t rt = members[i];
      double sum = 0.0;
      int n = 0;
      if (i > 0) sum += shares[i - 1].all, ++n;
      if (i + 1 < members.size()) sum += shares[i + 1].all, ++n;
      const double own_ways = lasting * rts.A[rt] + passing * rts.E[rt] +
                              engagement_from_light(world, rt);
      for (std::size_t g = 0; g < n_groups; ++g) {
        // A site of one RT has no adjacent ones: nothing spills over.
        const double adjacent = n > 0 ? sum / n : shares[i].of_group[g];
        rts.gamma[g][rt] = static_cast<float>(
            influence(params_, site, shares[i], adjacent, g, rts.sc[rt]) + own_ways);
      }
    }
  }
}

}  // namespace musi::models
