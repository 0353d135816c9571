#include "models/participation/influence.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <span>
#include <vector>

#include "models/draws.h"
#include "models/finance/lines.h"
#include "models/stocks/ageing.h"
#include "sim/core/best_level.h"
#include "sim/core/portable_math.h"

namespace musi::models {
namespace {

constexpr std::size_t river = static_cast<std::size_t>(Group::river);
constexpr std::size_t land = static_cast<std::size_t>(Group::land);

using ByRt = std::span<double>;

/// What the influence term of each RT is made of, side by side, so that loops over RTs vectorise.
/// Every number is written before it is read.
struct Terms {
  explicit Terms(std::size_t n)
      : numbers(std::make_unique_for_overwrite<double[]>((4 + 2 * n_groups) * n)) {
    double* next = numbers.get();
    const auto take = [&](ByRt& column) {
      column = {next, n};
      next += n;
    };
    for (ByRt* column : {&all, &facilitation, &disappointment, &permeability}) take(*column);
    for (std::size_t g = 0; g < n_groups; ++g) take(of_group[g]), take(adjacent[g]);
  }
  std::unique_ptr<double[]> numbers;
  ByRt all;                               ///< engaged share of all households
  std::array<ByRt, n_groups> of_group;    ///< of a group; an absent one takes the share of all
  std::array<ByRt, n_groups> adjacent;    ///< mean of `all` over the adjacent RTs of the site
  ByRt facilitation, disappointment, permeability;  ///< b_F F, b_D D, h of the site
};

constexpr double part(double some, double all, double otherwise) {
  const double share = some / (all > 0.0 ? all : 1.0);
  return all > 0.0 ? share : otherwise;
}

void fill_engaged_shares(const Neighbourhoods& rts, Terms& terms) {
  const auto number = [](std::uint32_t n) {
    return static_cast<double>(static_cast<std::int32_t>(n));
  };
  const std::uint32_t* const n_river = rts.n_group[river].data();
  const std::uint32_t* const n_land = rts.n_group[land].data();
  const std::uint32_t* const engaged_river = rts.n_engaged[river].data();
  const std::uint32_t* const engaged_land = rts.n_engaged[land].data();
  double* const all = terms.all.data();
  double* const of_river = terms.of_group[river].data();
  double* const of_land = terms.of_group[land].data();
  const std::size_t n_rts = rts.size();
  sim::at_best_level([&]() MUSI_LOOP {
    for (std::size_t rt = 0; rt < n_rts; ++rt) {
      const double n[] = {number(n_river[rt]), number(n_land[rt])};
      const double engaged[] = {number(engaged_river[rt]), number(engaged_land[rt])};
      all[rt] = part(engaged[0] + engaged[1], n[0] + n[1], 0.0);
      of_river[rt] = part(engaged[0], n[0], all[rt]);
      of_land[rt] = part(engaged[1], n[1], all[rt]);
    }
  });
}

/// A site of one RT has no adjacent ones: nothing spills over.
void fill_adjacent(const std::vector<std::uint32_t>& members, Terms& terms) {
  const std::size_t n = members.size();
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t rt = members[i];
    double sum = 0.0;
    if (i > 0) sum += terms.all[members[i - 1]];
    if (i + 1 < n) sum += terms.all[members[i + 1]];
    const double mean = i > 0 && i + 1 < n ? 0.5 * sum : sum;
    for (std::size_t g = 0; g < n_groups; ++g) {
      terms.adjacent[g][rt] = n > 1 ? mean : terms.of_group[g][rt];
    }
  }
}

void draw_year_effects(World& world, const sim::Step& step) {
  const sim::Chance chance = step.yearly_chance(Draw::rt_year);
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    world.rts.E[rt] = sim::portable::normal_quantile(chance.uniform(world.rts.key[rt]));
  }
}

/// Writes gamma of the RTs of a group. Local results cannot alias, so that the loop vectorises.
void write_gamma(World& world, const Influence::Params& p, const Terms& terms, std::size_t group) {
  Neighbourhoods& rts = world.rts;
  const double lasting = p.rt_sd * std::sqrt(p.lasting);
  const double passing = p.rt_sd * std::sqrt(1.0 - p.lasting);
  const LineEffects light = world.money.line_effects;
  const double receptivity = group == river ? p.river_receptivity : 1.0;
  for (std::size_t first = 0; first < rts.size(); first += rt_tile) {
    std::array<float, rt_tile> gamma;
    const std::size_t last = std::min(first + rt_tile, rts.size());
    sim::at_best_level([&]() MUSI_LOOP {
      for (std::size_t rt = first; rt < last; ++rt) {
        const double mine = terms.of_group[group][rt];
        const double other = terms.of_group[1 - group][rt];
        const double h = terms.permeability[rt];
        const double sc = static_cast<double>(rts.sc[rt]);
        const double m = (1.0 - h) * mine + h * other +
                         p.adjacent * (terms.adjacent[group][rt] - mine);
        const double influence =
            p.neighbours * m +
            terms.facilitation[rt] * receptivity * (1.0 + p.social_capital_gain * sc) +
            p.social_capital * sc - terms.disappointment[rt];
        const double own_ways = lasting * static_cast<double>(rts.A[rt]) +
                                passing * static_cast<double>(rts.E[rt]) +
                                engagement_from_light(light, rts.light_rank[rt]);
        gamma[rt - first] = static_cast<float>(influence + own_ways);
      }
    });
    std::copy_n(gamma.begin(), last - first,
                rts.gamma[group].begin() + static_cast<std::ptrdiff_t>(first));
  }
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
  Terms terms(world.n_rts());
  fill_engaged_shares(world.rts, terms);
  for (std::size_t s = 0; s < world.n_sites(); ++s) {
    const double h = params_.permeability +
                     (world.sites.elders_appointed[s] != 0 ? params_.elder_permeability : 0.0);
    const double facilitation = params_.facilitation * world.sites.board[s] *
                                facilitation_intensity(world, s, params_.months_full);
    const double disappointment = params_.disappointment * world.sites.disappointment[s];
    for (const std::uint32_t rt : world.sites.rts[s]) {
      terms.facilitation[rt] = facilitation;
      terms.disappointment[rt] = disappointment;
      terms.permeability[rt] = std::clamp(h, 0.0, 1.0);
    }
    fill_adjacent(world.sites.rts[s], terms);
  }
  for (std::size_t g = 0; g < n_groups; ++g) write_gamma(world, params_, terms, g);
}

}  // namespace musi::models
