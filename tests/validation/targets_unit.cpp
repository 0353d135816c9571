#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "models/build_world.h"
#include "models/finance/calendar.h"
#include "models/programmes/delivery.h"
#include "models/programmes/packages.h"
#include "models/score/classes.h"
#include "models/stocks/refresh.h"
#include "tests/support/money_run.h"
#include "tests/support/tiny_world.h"
#include "tests/validation/evidence.h"
#include "tests/validation/palembang.h"

/// MODEL.md section 26, targets 7 to 10: what it takes to clear a hectare.

namespace musi::tests {

using namespace musi::models;

namespace {

// Clearing by programmes ------------------------------------------------------------------------

/// What it takes to bring RTs below 16 points.
struct Clearing {
  double money = 0.0;          ///< [IDR million] in all RTs that were worked in
  double money_cleared = 0.0;  ///< [IDR million] in those that were cleared
  double hectares = 0.0;       ///< cleared
  double road = 0.0, drain = 0.0;  ///< [m] in all RTs that were worked in
  double worked_hectares = 0.0, lacking_road = 0.0, lacking_drain = 0.0;  ///< [ha, m] before works
  std::size_t worked = 0, cleared = 0;
  std::array<double, n_items> by_item{};  ///< [IDR million]

  double per_hectare(double amount) const { return amount / hectares; }
};

/// The start of the central world where every deficit is known and money does not bind, with one
/// programme whose packages go to single RTs. Land, consent, prices and self-help stay.
Scenario all_known(std::string_view programme) {
  Scenario s = palembang().central;
  s.funding.unlimited = true;
  for (const Param p : {Param::part_detection_rt_head, Param::part_detection_direct}) {
    fix(s, p, 100.0);
  }
  for (const Param p : {Param::part_head_bias, Param::need_error_sd}) fix(s, p, 0.0);
  for (ProgrammeSpec& p : s.programmes) {
    p.enabled = p.id == programme;
    if (p.enabled) p.grain = Grain::rt;
  }
  return s;
}

void build_whole(World& world, const PackageLine& line, Clearing& c) {
  const Item item = static_cast<Item>(line.item);
  const double units = static_cast<double>(line.units_planned);
  if (facts(item).lacks == 0) {
    add_works(world, line.rt, item, units, 0.0, 0);
  } else {
    const std::size_t first = world.rts.first_row[line.rt];
    for (std::size_t row = first; row < first + world.rts.n_rows[line.rt]; ++row) {
      const auto& listed = line.households;
      if (std::find(listed.begin(), listed.end(), world.households.record[row].key) !=
          listed.end()) {
        serve_household(world, row, item, false, 0);
      }
    }
  }
  if (item == Item::road_surface || item == Item::road_new) c.road += units;
  if (item == Item::drain_new || item == Item::drain_rehab) c.drain += units;
  c.money += static_cast<double>(line.cost) * 1e-6;
  c.by_item[line.item] += static_cast<double>(line.cost) * 1e-6;
}

/// Items in the order of a package of the programme, each whole, until the RT has left the class.
/// RTs on land that may not be built on are left out; what is booked and not built (leakage) too.
Clearing clear(const Scenario& s, double least_site_ha = 0.0) {
  World world = build_world_without_spin_up(s, palembang().city, 1);
  Calendar(world).step(world, {.month = 0, .seed = 1});
  Clearing c;
  std::uint16_t programme = 0;
  while (!s.programmes[programme].enabled) ++programme;
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    const std::uint32_t site = world.rts.site[rt];
    if (world.rts.physical_class[rt] == Slum::not_slum || !is_buildable(world, rt)) continue;
    if (static_cast<double>(world.sites.area[site]) < least_site_ha) continue;
    Package package;
    package.key = sim::mix(world.rts.key[rt], 1);
    package.programme = programme;
    for (std::size_t f = 0; f < s.funding.sources.size(); ++f) {
      if (s.funding.sources[f].id == s.programmes[programme].paid_by.front()) {
        package.source = static_cast<std::uint16_t>(f);
      }
    }
    package.site = site;
    package.rt = static_cast<std::uint32_t>(rt);
    if (fill(world, package, {.month = 0, .seed = 1}) != Filled::yes) continue;
    ++c.worked;
    c.worked_hectares += static_cast<double>(world.rts.area[rt]);
    c.lacking_road +=
        true_need(world, rt, Item::road_surface) + true_need(world, rt, Item::road_new);
    c.lacking_drain +=
        true_need(world, rt, Item::drain_new) + true_need(world, rt, Item::drain_rehab);
    const double before = c.money;
    for (const PackageLine& line : package.lines) {
      build_whole(world, line, c);
      refresh(world, rt);
      if (world.rts.physical_class[rt] == Slum::not_slum) break;
    }
    if (world.rts.physical_class[rt] != Slum::not_slum) continue;
    ++c.cleared;
    c.hectares += static_cast<double>(world.rts.area[rt]);
    c.money_cleared += c.money - before;
  }
  return c;
}

/// How many RTs, and the items that took a tenth of the money or more.
std::string told(const Clearing& c) {
  std::string text = fmt::format("{} of {} RTs cleared; {:.0f} counting these alone;", c.cleared,
                                 c.worked, c.per_hectare(c.money_cleared));
  for (std::size_t i = 0; i < n_items; ++i) {
    const double share = c.by_item[i] / c.money;
    if (share < 0.1) continue;
    text += fmt::format(" {} {:.0f} %", models::word(static_cast<Item>(i)), 100.0 * share);
  }
  return text;
}

std::vector<Target> clearing() {
  const Clearing community = clear(all_known("kotaku_community"));
  const Clearing area = clear(all_known("kotaku_area"));
  const Clearing large = clear(all_known("kotaku_area"), 15.0);
  const std::string dear =
      "city house repair takes over a quarter of the money of menu A and removes at most five "
      "points; an item drawn is built in full, also beyond the cut; most unit costs are assumed";
  const std::string metres = fmt::format(
      "the start lacks {:.0f} m of road and {:.0f} m of drain a hectare, and an item drawn is "
      "built in full, also beyond the cut; ideal lengths are estimated, menu weights assumed",
      community.lacking_road / community.worked_hectares,
      community.lacking_drain / community.worked_hectares);
  const auto lengths = [&](const char* number, const char* what, double value, double published) {
    return around({.number = number, .pattern = what, .value = value, .unit = "m/ha",
                          .use = Use::calibration, .likely_reason = metres},
                         published, published, 0.4);
  };
  return {{.number = "7a", .pattern = "cost per hectare cleared, menu C",
           .value = community.per_hectare(community.money), .low = 214, .high = 610,
           .unit = "IDR mn/ha", .use = Use::calibration, .likely_reason = dear,
           .spread = told(community)},
          {.number = "7b", .pattern = "cost per hectare cleared, menu A",
           .value = area.per_hectare(area.money), .low = 214, .high = 610, .unit = "IDR mn/ha",
           .use = Use::calibration, .likely_reason = dear, .spread = told(area)},
          around({.number = "8", .pattern = "area-scale works on sites of 15 ha and more",
                         .value = large.per_hectare(large.money), .unit = "IDR mn/ha",
                         .use = Use::prediction, .likely_reason = dear, .spread = told(large)},
                        423, 435, 0.35),
          lengths("9a", "road per hectare cleared, menu C", community.per_hectare(community.road),
                  94),
          lengths("9b", "drain per hectare cleared, menu C", community.per_hectare(community.drain),
                  95),
          lengths("9c", "road per hectare cleared, menu A", area.per_hectare(area.road), 94),
          lengths("9d", "drain per hectare cleared, menu A", area.per_hectare(area.drain), 95)};
}

// One grant per site ------------------------------------------------------------------------------

struct Grants {
  double cleared = 0.0;      ///< share of sites without slum after it
  double lower_class = 0.0;  ///< share of sites whose mean score fell by a class
  double engaged = 0.0;      ///< RTs served for each site
};

double mean_score(const World& world, std::size_t site) {
  double score = 0.0, area = 0.0;
  for (const std::uint32_t rt : world.sites.rts[site]) {
    const double a = static_cast<double>(world.rts.area[rt]);
    score += a * world.rts.physical_score[rt];
    area += a;
  }
  return score / area;
}

/// Rp 1 bn of kelurahan grant in each of the sites in 2019 and nothing else, looked at after two
/// years.
Grants one_grant_each(std::uint64_t seed) {
  Scenario s = palembang().uncertain;
  for (ProgrammeSpec& p : s.programmes) {
    p.enabled = p.id == "kotaku_community";
    if (!p.enabled) continue;
    p.end_year = 2019;
    p.targeting = AllocationRule::spread;
    set(p.sites_per_year, 59.0);
  }
  for (SourceSpec& source : s.funding.sources) {
    set(source.share_pct, 0.0);
    if (source.id == "kotaku") set(source.annual_idr_bn, 59.0);
  }
  for (const Param p : {Param::money_log_sd, Param::money_shock_chance}) fix(s, p, 0.0);
  fix(s, Param::funded_over_planned, 100.0);
  World world = build_world(s, palembang().city, seed);
  std::vector<double> before;
  for (std::size_t i = 0; i < world.n_sites(); ++i) before.push_back(mean_score(world, i));
  live(world, 24, [](const World&, sim::Month) {});
  Grants g;
  const double n = static_cast<double>(world.n_sites());
  for (std::size_t i = 0; i < world.n_sites(); ++i) {
    bool clear = true;
    for (const std::uint32_t rt : world.sites.rts[i]) {
      clear = clear && world.rts.physical_class[rt] == Slum::not_slum;
      g.engaged += world.rts.ever_served[rt] != 0 ? 1.0 / n : 0.0;
    }
    g.cleared += clear ? 1.0 / n : 0.0;
    g.lower_class += mean_score(world, i) < 0.9 * before[i] ? 1.0 / n : 0.0;
  }
  return g;
}

Target one_grant(std::size_t futures) {
  const auto all = side_by_side<Grants>(futures, [](std::size_t i) {
    return one_grant_each(sim::run_seed(10, i));
  });
  double cleared = 0.0, lower = 0.0, served = 0.0;
  const double n = static_cast<double>(futures);
  for (const Grants& g : all) {
    cleared += g.cleared / n;
    lower += g.lower_class / n;
    served += g.engaged / n;
  }
  return {.number = "10",
          .pattern = "sites cleared by one grant of Rp 1 bn",
          .value = cleared,
          .high = 0.3,
          .unit = "of the sites",
          .use = Use::prediction,
          .likely_reason = "small synthetic sites",
          .spread = fmt::format("mean score a tenth lower in {:.0f} % of sites, {:.1f} RTs served "
                                "in each", 100.0 * lower, served)};
}

}  // namespace

std::vector<Target> unit_targets(const Effort& effort) {
  std::vector<Target> all = clearing();
  all.push_back(one_grant(std::max<std::size_t>(2, effort.futures / 10)));
  return all;
}

}  // namespace musi::tests
