#include "models/start/layout.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "models/draws.h"
#include "models/finance/lines.h"
#include "models/start/survey.h"
#include "sim/core/check.h"
#include "sim/core/portable_math.h"

namespace musi::models {
namespace {

namespace portable = sim::portable;

constexpr double household_weight_log_sd = 0.35;  ///< spread of densities inside a site; assumed
constexpr double site_cost_log_sd = 0.15;         ///< spread of unit costs between sites; assumed
constexpr double strategic_distance_km = 3.0;     ///< MODEL.md 4.3
constexpr double largest_share_of_kelurahan = 0.95;

sim::Chance start_chance(const World& world, Draw decision) {
  return sim::Chance(world.future.seed(), static_cast<std::uint32_t>(decision), sim::start_state);
}

bool is_in_subset(const Scenario& scenario, const SiteFacts& site) {
  const auto& subset = scenario.start.subset;
  return subset.empty() || std::find(subset.begin(), subset.end(), site.kecamatan) != subset.end();
}

/// Scales the areas that may change until all areas sum to `total`, none above its cap.
void close_to(double total, const City& city, std::vector<double>& areas) {
  const std::size_t n = areas.size();
  std::vector<std::uint8_t> is_free(n);
  for (std::size_t s = 0; s < n; ++s) {
    is_free[s] = !city.sites[s].area_is_reported && city.survey_of(city.sites[s].site_id).empty();
  }
  for (std::size_t round = 0; round < n + 1; ++round) {
    double fixed = 0.0;
    double free = 0.0;
    for (std::size_t s = 0; s < n; ++s) (is_free[s] ? free : fixed) += areas[s];
    if (free <= 0.0 || std::abs(fixed + free - total) <= 1e-9 * total) return;
    const double factor = std::max(0.0, total - fixed) / free;
    bool is_capped = false;
    for (std::size_t s = 0; s < n; ++s) {
      if (!is_free[s]) continue;
      areas[s] *= factor;
      const double cap = city.sites[s].kelurahan_area_ha * largest_share_of_kelurahan;
      if (cap > 0.0 && areas[s] > cap) {
        areas[s] = cap;
        is_free[s] = 0;
        is_capped = true;
      }
    }
    if (!is_capped) return;
  }
}

/// Splits n things over weights by largest remainder; every part gets at least `least`.
std::vector<std::uint32_t> split(std::size_t n, const std::vector<double>& weights,
                                 std::uint32_t least) {
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<std::uint32_t> parts(weights.size());
  std::vector<std::pair<double, std::size_t>> remainders;
  std::size_t given = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double exact = static_cast<double>(n) * weights[i] / total;
    parts[i] = std::max(least, static_cast<std::uint32_t>(exact));
    given += parts[i];
    remainders.emplace_back(-(exact - std::floor(exact)), i);
  }
  std::sort(remainders.begin(), remainders.end());
  for (std::size_t k = 0; given < n; ++k, ++given) ++parts[remainders[k % parts.size()].second];
  return parts;
}

/// Areas of the RTs of one site [ha]: lognormal by ordinal until they fill the site, then rescaled.
std::vector<double> rt_areas(const World& world, const SiteFacts& facts, double site_area) {
  const Future& future = world.future;
  const double median = future[Param::initial_rt_area];
  const double log_sd = future[Param::initial_rt_area_log_sd];
  const sim::Chance chance = start_chance(world, Draw::rt_area);
  const bool is_counted =
      facts.n_rt > 0 && (facts.density_is_reported || world.scenario->start.rt_count_from_table);
  std::vector<double> areas;
  double sum = 0.0;
  while (is_counted ? areas.size() < static_cast<std::size_t>(facts.n_rt) : sum < site_area) {
    const sim::EntityKey key = sim::mix(facts.key, areas.size());
    const double z = portable::normal_quantile(chance.fine_uniform(key));
    areas.push_back(median * portable::exp(log_sd * z));
    sum += areas.back();
  }
  if (!is_counted && areas.size() > 1 && site_area - (sum - areas.back()) < sum - site_area) {
    sum -= areas.back();
    areas.pop_back();
  }
  for (double& area : areas) area *= site_area / sum;
  return areas;
}

void add_site(World& world, const SiteFacts& facts, double area) {
  Sites& sites = world.sites;
  const Future& future = world.future;
  const std::size_t s = sites.size();
  sites.resize(s + 1);
  sites.key[s] = facts.key;
  sites.area[s] = static_cast<float>(area);
  sites.is_ulu[s] = facts.is_ulu;
  const bool is_near = facts.distance_to_centre_km >= 0.0 &&
                       facts.distance_to_centre_km <= strategic_distance_km;
  sites.is_strategic[s] = static_cast<std::uint8_t>(
      facts.strategic >= 0 ? facts.strategic == 1 : facts.river_frontage && is_near);
  const double unclear = facts.unclear_land_share >= 0.0 ? facts.unclear_land_share
                                                         : future[Param::land_unclear_share];
  sites.unclear_land_share[s] = static_cast<float>(unclear);
  const sim::Chance chance = start_chance(world, Draw::land_status);
  const int plan_item =
      facts.plan_item != 0 ? facts.plan_item : (chance.uniform(facts.key) < unclear ? -1 : 1);
  const double certified = future[facts.is_ulu ? Param::land_certified_share_ulu
                                               : Param::land_certified_share_ilir];
  const int tenure_item = facts.tenure_item != 0 ? facts.tenure_item : (certified > 0.5 ? 1 : -1);
  sites.is_legal[s] = plan_item + tenure_item >= 1;
  sites.board[s] = static_cast<float>(future.at_site(Param::part_lkm_start, facts.key));
  sites.disappointment[s] = static_cast<float>(future[Param::part_disappointment_start]);
  sites.delivery_ratio[s] = 0.5f;
  const double z = portable::normal_quantile(
      start_chance(world, Draw::site_cost).fine_uniform(facts.key));
  sites.cost_factor[s] = static_cast<float>(
      world.scenario->uncertainty ? portable::exp(site_cost_log_sd * z) : 1.0);
  sites.decree_area[s] = sites.area[s];
}

LandStatus draw_land_status(const World& world, std::size_t rt, double unclear_share) {
  const sim::Block words =
      start_chance(world, Draw::land_status).block(world.rts.key[rt]);
  if (sim::uniform24(words[0]) >= unclear_share) return LandStatus::clear;
  if (sim::uniform24(words[1]) < world.rts.share_river[rt]) return LandStatus::river_setback;
  return sim::uniform24(words[2]) < 0.5f ? LandStatus::disputed : LandStatus::state_or_other;
}

void add_rts(World& world, std::size_t site, const SiteFacts& facts, double unclear_scale) {
  Neighbourhoods& rts = world.rts;
  const Future& future = world.future;
  const std::vector<std::size_t>& survey = world.city->survey_of(facts.site_id);
  const std::vector<double> areas = survey.empty()
                                        ? rt_areas(world, facts, world.sites.area[site])
                                        : surveyed_areas(*world.city, survey);
  const std::size_t first = rts.size();
  rts.resize(first + areas.size());
  const sim::Chance place = start_chance(world, Draw::rt_area);
  const sim::Chance social = start_chance(world, Draw::social_capital);
  const double site_z = portable::normal_quantile(social.fine_uniform(facts.key));
  std::vector<double> weights(areas.size());
  for (std::size_t i = 0; i < areas.size(); ++i) {
    const std::size_t rt = first + i;
    const sim::EntityKey key = sim::mix(facts.key, i);
    rts.key[rt] = key;
    rts.light_rank[rt] = light_rank_of(world.future, key);
    rts.site[rt] = static_cast<std::uint32_t>(site);
    rts.ordinal[rt] = static_cast<std::uint16_t>(i);
    rts.area[rt] = static_cast<float>(areas[i]);
    world.sites.rts[site].push_back(static_cast<std::uint32_t>(rt));
    const sim::Block words = place.block(key);  // words 0 and 1 gave the area
    const float z_weight = portable::normal_quantile(sim::uniform24(words[2]));
    const float z_river = portable::normal_quantile(sim::uniform24(words[3]));
    weights[i] = areas[i] * portable::exp(household_weight_log_sd * static_cast<double>(z_weight));
    const double river =
        facts.river_group_share + future[Param::initial_river_share_rt_sd] * z_river;
    rts.share_river[rt] = static_cast<float>(std::clamp(river, 0.0, 1.0));
    const double cut = 1.0 - future[Param::initial_river_length_cut] * rts.share_river[rt];
    rts.ideal_road[rt] = static_cast<float>(areas[i] * future[Param::initial_road_ideal] * cut);
    rts.ideal_drain[rt] = static_cast<float>(areas[i] * future[Param::initial_drain_ideal] * cut);
    const double rt_z = portable::normal_quantile(social.fine_uniform(key));
    rts.sc[rt] = static_cast<float>(future[Param::social_capital_site_sd] * site_z +
                                    future[Param::social_capital_rt_sd] * rt_z);
    rts.A[rt] = static_cast<float>(rt_z);
    const double unclear = unclear_scale * world.sites.unclear_land_share[site];
    rts.land_status[rt] = draw_land_status(world, rt, std::min(1.0, unclear));
  }
  if (!survey.empty()) return take_layout(world, first, survey);
  double density = facts.persons_per_ha;
  if (density < 0.0) density = future.at_site(Param::initial_persons_per_ha, facts.key);
  if (!facts.density_is_reported) density *= future[Param::initial_density_factor];
  const double n = world.sites.area[site] * density / future[Param::household_size];
  const std::size_t n_households =
      std::max(areas.size(), static_cast<std::size_t>(std::floor(n + 0.5)));
  const auto parts = split(n_households, weights, 1);
  for (std::size_t i = 0; i < areas.size(); ++i) {
    rts.n_households[first + i] = parts[i];
    const double buildings = parts[i] / future[Param::initial_households_per_building];
    rts.buildings[first + i] = static_cast<float>(buildings);
    rts.buildings_at_start[first + i] = rts.buildings[first + i];
  }
}

}  // namespace

std::vector<double> site_areas(const Scenario& scenario, const City& city, const Future& future) {
  const double log_sd = future[Param::initial_site_area_log_sd];
  const sim::Chance chance(future.seed(), static_cast<std::uint32_t>(Draw::rt_area),
                           sim::start_state);
  std::vector<double> areas;
  double sum = 0.0;
  bool is_complete = true;
  for (const SiteFacts& site : city.sites) {
    const std::vector<std::size_t>& survey = city.survey_of(site.site_id);
    const bool is_drawn =
        survey.empty() &&
        (site.area_ha <= 0.0 || (scenario.start.redraw_site_areas && !site.area_is_reported));
    const double z = portable::normal_quantile(chance.fine_uniform(site.key));
    const double size = site.kelurahan_area_ha > 0.0 ? std::sqrt(site.kelurahan_area_ha) : 10.0;
    areas.push_back(is_drawn ? size * portable::exp(log_sd * z) : site.area_ha);
    if (!survey.empty()) areas.back() = total_area(city, survey);
    is_complete = is_complete && !is_drawn;
    sum += areas.back();
  }
  double total = sum;
  const auto given = city.start_area_ha.find(scenario.clock.start_year);
  if (scenario.start.area_ha.is_set) {
    total = future.value(scenario.start.area_ha);
  } else if (given != city.start_area_ha.end()) {
    total = given->second;
  }
  const bool stays = is_complete && std::abs(sum - total) < 0.005;
  if (!stays) close_to(total, city, areas);
  return areas;
}

void lay_out(World& world) {
  const City& city = *world.city;
  const std::vector<double> areas = site_areas(*world.scenario, city, world.future);
  double weighted = 0.0;
  double total = 0.0;
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < city.sites.size(); ++i) {
    if (!is_in_subset(*world.scenario, city.sites[i])) continue;
    chosen.push_back(i);
    add_site(world, city.sites[i], areas[i]);
    weighted += areas[i] * world.sites.unclear_land_share.back();
    total += areas[i];
  }
  MUSI_EXPECT(!chosen.empty());
  const double mean_unclear = weighted / total;
  const double scale =
      mean_unclear > 0.0 ? world.future[Param::land_unclear_share] / mean_unclear : 0.0;
  for (std::size_t s = 0; s < chosen.size(); ++s) add_rts(world, s, city.sites[chosen[s]], scale);
}

}  // namespace musi::models
