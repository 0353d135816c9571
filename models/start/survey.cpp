#include "models/start/survey.h"

#include <algorithm>
#include <cmath>

namespace musi::models {
namespace {

const std::vector<std::size_t>& survey_of(const World& world, std::size_t site) {
  const std::vector<SiteFacts>& sites = world.city->sites;
  const auto facts = std::find_if(sites.begin(), sites.end(), [&](const SiteFacts& s) {
    return s.key == world.sites.key[site];
  });
  return world.city->survey_of(facts->site_id);
}

/// Moves a share that lies at a cut so far inside its side that the single-precision stocks, from
/// which it is computed again, earn the same points.
double away_from_cuts(double share, CutRule rule) {
  constexpr double margin = 4e-6;
  const Cuts c = cuts(rule);
  for (const double cut : {c.one, c.three, c.five}) {
    if (std::abs(share - cut) < margin) return share >= cut ? cut + margin : cut - margin;
  }
  return share;
}

/// Of n households so many lack that the share is nearest to `share` among those with its points.
double whole_share(double share, std::uint32_t n, CutRule rule) {
  const double households = n;
  const double nearest = std::floor(share * households + 0.5);
  for (double step = 0.0; step <= households; step += 1.0) {
    for (const double count : {nearest + step, nearest - step}) {
      if (count < 0.0 || count > households) continue;
      const double found = count / households;
      if (points(static_cast<float>(found), rule) == points(share, rule)) return found;
    }
  }
  return nearest / households;
}

bool counts_households(std::size_t criterion) {
  switch (static_cast<Criterion>(criterion)) {
    case Criterion::c1c:
    case Criterion::c3a:
    case Criterion::c3b:
    case Criterion::c5a:
    case Criterion::c5b: return true;
    default: return false;
  }
}

}  // namespace

std::vector<double> surveyed_areas(const City& city, const std::vector<std::size_t>& survey) {
  std::vector<double> areas;
  for (const std::size_t row : survey) areas.push_back(city.surveyed[row].area_ha);
  return areas;
}

double total_area(const City& city, const std::vector<std::size_t>& survey) {
  double sum = 0.0;
  for (const std::size_t row : survey) sum += city.surveyed[row].area_ha;
  return sum;
}

void take_layout(World& world, std::size_t first, const std::vector<std::size_t>& survey) {
  Neighbourhoods& rts = world.rts;
  for (std::size_t i = 0; i < survey.size(); ++i) {
    const SurveyedRt& row = world.city->surveyed[survey[i]];
    const std::size_t rt = first + i;
    rts.n_households[rt] = static_cast<std::uint32_t>(row.households);
    rts.buildings[rt] = rts.buildings_at_start[rt] = static_cast<float>(row.buildings);
    rts.ideal_road[rt] = static_cast<float>(row.ideal_road);
    rts.ideal_drain[rt] = static_cast<float>(row.ideal_drain);
    if (row.share_river >= 0.0) rts.share_river[rt] = static_cast<float>(row.share_river);
    if (row.land_status) rts.land_status[rt] = *row.land_status;
  }
}

bool take_shares(World& world, std::size_t site, CutRule rule) {
  const std::vector<std::size_t>& survey = survey_of(world, site);
  for (std::size_t i = 0; i < survey.size(); ++i) {
    const std::size_t rt = world.sites.rts[site][i];
    const auto shares = world.city->surveyed[survey[i]].shares();
    for (std::size_t k = 0; k < n_criteria; ++k) {
      const double share = counts_households(k)
                               ? whole_share(shares[k], world.rts.n_households[rt], rule)
                               : away_from_cuts(shares[k], rule);
      world.rts.start_share[k][rt] = static_cast<float>(share);
    }
  }
  return !survey.empty();
}

void fit_populations(World& world) {
  Neighbourhoods& rts = world.rts;
  for (std::size_t site = 0; site < world.n_sites(); ++site) {
    const std::vector<std::size_t>& survey = survey_of(world, site);
    for (std::size_t i = 0; i < survey.size(); ++i) {
      const int population = world.city->surveyed[survey[i]].population;
      if (population < 0) continue;
      const std::size_t rt = world.sites.rts[site][i];
      const std::uint32_t n = rts.n_rows[rt];
      const std::uint32_t wanted = std::clamp(static_cast<std::uint32_t>(population), n,
                                              n * static_cast<std::uint32_t>(largest_household));
      for (std::uint32_t row = 0; rts.n_persons[rt] != wanted; row = (row + 1) % n) {
        std::uint32_t& flags = world.households.flags[rts.first_row[rt] + row];
        const std::uint32_t size = size_of(flags);
        if (rts.n_persons[rt] < wanted && size < largest_household) {
          flags = with_size(flags, size + 1);
          ++rts.n_persons[rt];
        } else if (rts.n_persons[rt] > wanted && size > 1) {
          flags = with_size(flags, size - 1);
          --rts.n_persons[rt];
        }
      }
    }
  }
}

}  // namespace musi::models
