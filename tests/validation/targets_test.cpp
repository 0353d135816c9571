#include "tests/validation/targets.h"

#include <array>
#include <catch2/catch.hpp>
#include <string_view>

#include "models/build_world.h"
#include "models/finance/calendar.h"
#include "models/programmes/delivery.h"
#include "models/programmes/packages.h"
#include "models/relocation/relocations.h"
#include "models/score/classes.h"
#include "models/stocks/refresh.h"
#include "tests/models/score/tables.h"
#include "tests/support/crowd.h"
#include "tests/support/tiny_world.h"
#include "tests/validation/palembang.h"

/// MODEL.md section 26, targets 1 to 9 and 29. V rows must be met; C and P rows are reported as
/// they are: no parameter is tuned for them. A row that is missing or not finite fails.

using namespace musi;
using namespace musi::models;
using tests::Target;
using tests::Use;

namespace {

constexpr int n_futures = 8;
constexpr int n_starts = 20;

struct Palembang {
  analysis::ReadResult read = tests::read(tests::shipped("palembang-baseline.yaml"));
  const City& city = *read.city->city;
  Scenario uncertain = read.variants.front().scenario;
  Scenario central = [this] {
    Scenario s = uncertain;
    s.uncertainty = false;
    return s;
  }();
};

const Palembang& palembang() {
  static const Palembang p;
  return p;
}

/// The start without spin-up: months of visits change no deficit.
World start(const Scenario& s, std::uint64_t seed = 1) {
  return build_world_without_spin_up(s, palembang().city, seed);
}

/// `measure` over futures with uncertain parameters.
template <class Measure>
std::vector<double> over_futures(Measure measure) {
  std::vector<double> values;
  for (std::uint64_t seed = 1; seed <= n_futures; ++seed) {
    values.push_back(measure(start(palembang().uncertain, seed)));
  }
  return values;
}

/// Mean of `measure` over starts with central parameters: luck moves a single one by some points.
template <class Measure>
double central_mean(Measure measure, const Scenario& s = palembang().central) {
  double sum = 0.0;
  for (std::uint64_t seed = 1; seed <= n_starts; ++seed) sum += measure(start(s, seed));
  return sum / n_starts;
}

template <class Value>
double total(const std::vector<Value>& column) {
  double sum = 0.0;
  for (const Value v : column) sum += static_cast<double>(v);
  return sum;
}

/// Sites of the world are those of the city, in another order if the run is a subset.
std::size_t site_named(const World& world, std::string_view kelurahan) {
  for (const SiteFacts& facts : palembang().city.sites) {
    if (facts.kelurahan != kelurahan) continue;
    for (std::size_t s = 0; s < world.n_sites(); ++s) {
      if (world.sites.key[s] == facts.key) return s;
    }
  }
  throw std::runtime_error("no such site");
}

/// Prints, and holds every row to being a number.
void report(const std::vector<Target>& targets) {
  tests::print_targets(targets);
  for (const Target& t : targets) {
    CAPTURE(t.number, t.pattern);
    CHECK(std::isfinite(t.value));
    if (t.use == Use::verification) CHECK(t.met());
  }
}

/// Points that the eight published sheets miss: one for each that differs, of sheets or criteria.
double sheet_errors() {
  double errors = 0.0;
  const auto sheets = tests::method_table("score_sheets.csv");
  errors += std::abs(static_cast<double>(sheets.size()) - 8.0);
  for (const auto& sheet : sheets) {
    std::vector<double> shares;
    for (std::size_t k = 0; k < n_criteria; ++k) {
      const std::string code(info(static_cast<Criterion>(k)).code);
      shares.push_back(std::stod(sheet.at("pct_" + code)) / 100.0);
    }
    errors += std::abs(models::total(shares, CutRule::operational) -
                       std::stoi(sheet.at("total_points")));
  }
  return errors;
}

double housed_share(const World& world, std::uint32_t lacks) {
  double served = 0.0, households = 0.0;
  for (const std::uint32_t f : world.households.flags) {
    if ((f & flag::alive) == 0) continue;
    households += 1.0;
    served += (f & lacks) == 0 ? 1.0 : 0.0;
  }
  return 100.0 * served / households;
}

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
    tests::fix(s, p, 100.0);
  }
  for (const Param p : {Param::part_head_bias, Param::need_error_sd}) tests::fix(s, p, 0.0);
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
      if (std::find(listed.begin(), listed.end(), world.households.key[row]) != listed.end()) {
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
  World world = start(s);
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

}  // namespace

TEST_CASE("target 1: the published score sheets are met to the point", "[validation]") {
  report({{.number = "1",
           .pattern = "eight sheets: points that differ",
           .value = sheet_errors(),
           .unit = "points"}});
}

TEST_CASE("target 2: the start has the reported areas, neighbourhoods and densities",
          "[validation]") {
  double worst_total = 0.0, worst_site = 0.0, worst_rts = 0.0, worst_density = 0.0;
  double uncounted = 0.0, households = 0.0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const World world = start(palembang().uncertain, seed);
    const std::size_t site = site_named(world, "Kemang Agung");
    double area = 0.0;
    for (const std::uint32_t rt : world.sites.rts[site]) {
      area += static_cast<double>(world.rts.area[rt]);
    }
    const auto worse = [](double& worst, double error) {
      worst = std::max(worst, std::abs(error));
    };
    worse(worst_total, total(world.rts.area) - 1729.84);
    worse(worst_site, area - 34.31);
    worse(worst_rts, static_cast<double>(world.sites.rts[site].size()) - 21.0);
    std::size_t below = 0;
    for (const std::uint8_t score : world.rts.physical_score) below += score < 16 ? 1 : 0;
    worse(uncounted, static_cast<double>(below) -
                         static_cast<double>(world.start.n_listed_not_slum));
    worse(households, total(world.rts.n_households) -
                          static_cast<double>(world.start.n_households));
  }
  const World central = start(palembang().central);
  double persons = 0.0;
  for (const std::uint32_t rt : central.sites.rts[site_named(central, "Kemang Agung")]) {
    persons += central.rts.n_persons[rt];
  }
  worst_density = persons / 34.31;
  report({{.number = "2a", .pattern = "total area: largest error of 20 futures",
           .value = worst_total, .high = 0.005, .unit = "ha"},
          {.number = "2b", .pattern = "Kemang Agung 34.31 ha: largest error of 20 futures",
           .value = worst_site, .high = 0.005, .unit = "ha"},
          {.number = "2c", .pattern = "Kemang Agung 21 RTs: largest error of 20 futures",
           .value = worst_rts, .unit = "RT"},
          tests::around({.number = "2d", .pattern = "Kemang Agung 298 persons a hectare, central",
                         .value = worst_density, .unit = "1/ha",
                         .likely_reason = "sizes of households are drawn"},
                        298.0, 298.0, 0.05),
          {.number = "2e", .pattern = "RTs below 16 points that are not counted as listed-not-slum",
           .value = uncounted, .unit = "RT"},
          {.number = "2f", .pattern = "households: sum over RTs against the report of the start",
           .value = households, .unit = "households"}});
}

TEST_CASE("target 3: without a shift the scores are those of the baseline city", "[validation]") {
  Scenario s = palembang().central;
  tests::fix(s, Param::initial_shift_scale, 0.0);
  const auto mean_of = [&](double StartReport::*what) {
    return central_mean([&](const World& w) { return w.start.*what; }, s);
  };
  const std::string accept =
      "RTs below 16 points are drawn again until one in ten stays (initial_not_slum_accept)";
  report({tests::around({.number = "3a", .pattern = "mean score, no shift",
                         .value = mean_of(&StartReport::mean_score), .unit = "points",
                         .use = Use::calibration, .likely_reason = accept},
                        20.9, 24.9, 0.0),
          {.number = "3b", .pattern = "sd of scores, no shift",
           .value = mean_of(&StartReport::sd_score),
           .low = 3.9, .high = 6.9, .unit = "points", .use = Use::calibration,
           .likely_reason = "site and RT effects add to the table's spread"},
          {.number = "3c", .pattern = "p10 of scores, no shift",
           .value = mean_of(&StartReport::p10_score),
           .low = 15, .high = 19, .unit = "points", .use = Use::calibration,
           .likely_reason = accept},
          {.number = "3d", .pattern = "p90 of scores, no shift",
           .value = mean_of(&StartReport::p90_score),
           .low = 28, .high = 32, .unit = "points", .use = Use::calibration,
           .likely_reason = "site and RT effects add to the table's spread"}});
}

TEST_CASE("target 4: most neighbourhoods of Palembang start light", "[validation]") {
  const auto score = [](const World& w) { return w.start.mean_score; };
  const auto light = [](const World& w) {
    return w.start.class_share[static_cast<std::size_t>(Slum::light)];
  };
  report({{.number = "4a", .pattern = "mean score of Palembang", .value = central_mean(score),
           .low = 22, .high = 42, .unit = "points", .use = Use::calibration,
           .likely_reason = "the assumed shift between the cities",
           .spread = tests::range_of(over_futures(score))},
          {.number = "4b", .pattern = "share of light RTs", .value = central_mean(light),
           .low = 0.7, .high = 1.0, .unit = "", .use = Use::calibration,
           .likely_reason = "the assumed shift lifts RTs of 30 points and more to medium",
           .spread = tests::range_of(over_futures(light))}});
}

TEST_CASE("target 5: slums are not better served than the city", "[validation]") {
  const auto water = [](const World& w) { return housed_share(w, flag::lacks_water); };
  const auto sanitation = [](const World& w) {
    return housed_share(w, flag::lacks_toilet | flag::lacks_tank);
  };
  const std::string why = "the assumed shift between the cities";
  report({{.number = "5a", .pattern = "households with safe water", .value = central_mean(water),
           .high = 67, .unit = "%", .use = Use::calibration, .likely_reason = why,
           .spread = tests::range_of(over_futures(water))},
          {.number = "5b", .pattern = "households with toilet and tank",
           .value = central_mean(sanitation), .high = 59, .unit = "%", .use = Use::calibration,
           .likely_reason = why, .spread = tests::range_of(over_futures(sanitation))}});
}

TEST_CASE("target 6: households and houses are as many as reported", "[validation]") {
  const auto households = [](const World& w) { return double(w.start.n_households); };
  const auto houses = [](const World& w) { return total(w.rts.buildings) / w.start.area_ha; };
  report({{.number = "6a", .pattern = "households in the slums", .value = central_mean(households),
           .low = 45000, .high = 60000, .unit = "households", .use = Use::calibration,
           .likely_reason = "site densities are reported for one site only",
           .spread = tests::range_of(over_futures(households))},
          tests::around({.number = "6b", .pattern = "houses a hectare",
                         .value = central_mean(houses),
                         .unit = "1/ha", .use = Use::calibration,
                         .likely_reason = "site densities and households per building",
                         .spread = tests::range_of(over_futures(houses))},
                        31, 31, 0.35)});
}

TEST_CASE("targets 7 to 9: money, road and drain per hectare cleared", "[validation]") {
  const Clearing community = clear(all_known("kotaku_community"));
  const Clearing area = clear(all_known("kotaku_area"));
  const Clearing large = clear(all_known("kotaku_area"), 15.0);
  REQUIRE(community.cleared > 0);
  REQUIRE(area.cleared > 0);
  REQUIRE(large.cleared > 0);
  REQUIRE(area.worked > large.worked);
  const std::string dear =
      "city house repair takes over a quarter of the money of menu A and removes at most five "
      "points; an item drawn is built in full, also beyond the cut; most unit costs are assumed";
  const std::string metres = fmt::format(
      "the start lacks {:.0f} m of road and {:.0f} m of drain a hectare, and an item drawn is "
      "built in full, also beyond the cut; ideal lengths are estimated, menu weights assumed",
      community.lacking_road / community.worked_hectares,
      community.lacking_drain / community.worked_hectares);
  const auto lengths = [&](const char* number, const char* what, double value, double published) {
    return tests::around({.number = number, .pattern = what, .value = value, .unit = "m/ha",
                          .use = Use::calibration, .likely_reason = metres},
                         published, published, 0.4);
  };
  report({{.number = "7a", .pattern = "cost per hectare cleared, menu C",
           .value = community.per_hectare(community.money), .low = 214, .high = 610,
           .unit = "IDR mn/ha", .use = Use::calibration, .likely_reason = dear,
           .spread = told(community)},
          {.number = "7b", .pattern = "cost per hectare cleared, menu A",
           .value = area.per_hectare(area.money), .low = 214, .high = 610, .unit = "IDR mn/ha",
           .use = Use::calibration, .likely_reason = dear, .spread = told(area)},
          tests::around({.number = "8", .pattern = "area-scale works on sites of 15 ha and more",
                         .value = large.per_hectare(large.money), .unit = "IDR mn/ha",
                         .use = Use::prediction, .likely_reason = dear, .spread = told(large)},
                        423, 435, 0.35),
          lengths("9a", "road per hectare cleared, menu C", community.per_hectare(community.road),
                  94),
          lengths("9b", "drain per hectare cleared, menu C", community.per_hectare(community.drain),
                  95),
          lengths("9c", "road per hectare cleared, menu A", area.per_hectare(area.road), 94),
          lengths("9d", "drain per hectare cleared, menu A", area.per_hectare(area.drain), 95)});
}

TEST_CASE("target 29: a third of the invited never move, a third have left after 14 years",
          "[validation]") {
  const Scenario& s = palembang().central;
  const std::size_t n = 20'000;
  World world = tests::crowd(s, palembang().city, {.per_rt = n});
  std::uint16_t flats = 0;
  while (s.programmes[flats].id != "rusunawa") ++flats;
  for (const sim::EntityKey household : world.households.key) {
    world.relocation.offers.push_back({.household = household, .programme = flats});
  }
  Relocations relocations(world);
  for (sim::Month t = 0; t <= 14 * 12; ++t) relocations.step(world, {.month = t, .seed = 29});
  const double all = static_cast<double>(n);
  const double moved = static_cast<double>(world.relocation.relocated);
  const double there = static_cast<double>(world.relocation.living.size());
  const std::string how = "land households, take-up and exits at central values";
  report({{.number = "29a", .pattern = "invited households that never move",
           .value = 100.0 * (all - moved) / all, .low = 28, .high = 40, .unit = "%",
           .use = Use::calibration, .likely_reason = how},
          {.number = "29b", .pattern = "invited households that moved and left in 14 years",
           .value = 100.0 * (moved - there) / all, .low = 26, .high = 38, .unit = "%",
           .use = Use::calibration, .likely_reason = how}});
}
