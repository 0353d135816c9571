#include "models/programmes/need.h"

#include <algorithm>
#include <array>

#include "models/finance/lines.h"
#include "models/stocks/ageing.h"
#include "sim/core/portable_math.h"

namespace musi::models {
namespace {

using enum Criterion;

constexpr std::uint32_t water = flag::lacks_water | flag::low_water;
constexpr std::uint32_t sanitation = flag::lacks_toilet | flag::lacks_tank;

constexpr ItemFacts works(Criterion lowers, bool wet = false) {
  return {.lowers = lowers, .is_wet = wet};
}

constexpr std::array<ItemFacts, n_items> table{{
    works(c2b),                                                               // road_surface
    works(c2a),                                                               // road_new
    works(c4b, true),                                                         // drain_new
    works(c4c, true),                                                         // drain_rehab
    {.lowers = c4a, .may_serve_unclear_land = true},                          // drain_cleaning
    works(c4a, true),                                                         // flood_works
    works(c4a),                                                               // river_wall
    {.lowers = c3a, .lacks = water, .is_wet = true},                          // water_connection
    {.lowers = c5a, .lacks = sanitation, .is_wet = true},                     // toilet_tank
    {.lowers = c5a, .lacks = sanitation, .is_wet = true},                     // shared_sanitation
    {.lowers = c6a, .may_serve_unclear_land = true},                          // waste_kit
    {.lowers = c6b, .may_serve_unclear_land = true},                          // waste_service
    works(c7a),                                                               // fire_access
    {.lowers = c7b, .may_serve_unclear_land = true},                          // fire_equipment
    {.lowers = c1c, .lacks = flag::lacks_house, .is_house = true,
     .may_serve_unclear_land = true},                                         // house_repair_grant
    {.lowers = c1c, .lacks = flag::lacks_house, .is_house = true,
     .may_serve_unclear_land = true},                                         // house_repair_city
    {.lowers = c1c, .lacks = flag::lacks_house, .is_house = true},            // house_new
    works(c1a),                                                               // realignment
    {.may_serve_unclear_land = true},                                         // legalisation
    {.may_serve_unclear_land = true},                                         // upkeep_fund
    {.may_serve_unclear_land = true},                                         // facilitator_month
    {.may_serve_unclear_land = true},                                         // patrol_month
    {.may_serve_unclear_land = true},                                         // complaint_desk
    {.lowers = c5a, .lacks = sanitation},                                     // sewer_connection
    {.may_serve_unclear_land = true, .is_relocation = true},                  // low_income_house
    {.may_serve_unclear_land = true, .is_relocation = true},                  // rental_flat
    {.may_serve_unclear_land = true, .is_relocation = true},                  // land_m2
    {.may_serve_unclear_land = true, .is_relocation = true},                  // estate_service
    {.may_serve_unclear_land = true},                                         // livelihood_member
    {.may_serve_unclear_land = true},                                         // training_month
    {.may_serve_unclear_land = true},                                         // loan
}};

double lacking_rows(const World& world, std::size_t rt, std::uint32_t lacks) {
  const std::uint32_t* const flags = world.households.flags.data() + world.rts.first_row[rt];
  const std::size_t n_rows = world.rts.n_rows[rt];
  std::uint32_t n = 0;
  for (std::size_t i = 0; i < n_rows; ++i) {
    n += (flags[i] & flag::alive) != 0 && (flags[i] & lacks) != 0 ? 1u : 0u;
  }
  return n;
}

double good(const World& world, Stock stock, std::size_t rt) {
  return static_cast<double>(good_units(world.rts, stock, rt));
}

}  // namespace

const ItemFacts& facts(Item item) { return table[static_cast<std::size_t>(item)]; }

bool is_works(Item item) { return facts(item).lowers.has_value() || facts(item).is_relocation; }

bool is_aid(Item item) {
  return item == Item::livelihood_member || item == Item::training_month || item == Item::loan;
}

double households_per_system(const World& world) {
  return std::max(1.0, world.future[Param::sanimas_households]);
}

double engaged_share(const World& world, std::size_t rt) {
  const Neighbourhoods& r = world.rts;
  if (r.n_households[rt] == 0) return 0.0;
  return static_cast<double>(r.n_engaged[0][rt] + r.n_engaged[1][rt]) / r.n_households[rt];
}

double consent_chance(const World& world, std::size_t rt) {
  const double engaged =
      sim::portable::pow(engaged_share(world, rt), world.future[Param::part_consent_exponent]);
  return std::min(1.0, engaged + consent_from_light(world, rt));
}

double buildings_per_dwelling(const World& world, std::size_t rt) {
  if (world.rts.n_rows[rt] == 0) return 1.0;
  return std::min(1.0, static_cast<double>(world.rts.buildings[rt]) / world.rts.n_rows[rt]);
}

bool is_renewal(const World& world, std::size_t rt) {
  return world.scenario->letter_of_law && world.sites.renewal[world.rts.site[rt]] != 0;
}

bool is_buildable(const World& world, std::size_t rt) {
  const LandStatus land = world.rts.land_status[rt];
  return land == LandStatus::clear ||
         (land == LandStatus::river_setback && world.scenario->setback_tolerated);
}

double true_need(const World& world, std::size_t rt, Item item) {
  const Neighbourhoods& r = world.rts;
  const double buildings = static_cast<double>(r.buildings[rt]);
  const double households = r.n_households[rt];
  const auto missing = [](double ideal, double there) { return std::max(0.0, ideal - there); };
  // The last criterion shares are those of the last refresh; stocks are read directly.
  const double flooded = static_cast<double>(r.physical[index(c4a)][rt] * r.area[rt]);
  switch (item) {
    case Item::road_surface:
      return missing(static_cast<double>(r.ideal_road[rt] - r.miss_road[rt]),
                     good(world, Stock::path_land, rt) + good(world, Stock::path_river, rt));
    case Item::road_new: return static_cast<double>(r.miss_road[rt]);
    case Item::drain_new: return static_cast<double>(r.miss_drain[rt]);
    case Item::drain_rehab:
      return missing(static_cast<double>(r.ideal_drain[rt] - r.miss_drain[rt]),
                     good(world, Stock::drain, rt));
    case Item::drain_cleaning:
      return static_cast<double>(r.clog[rt]) * good(world, Stock::drain, rt);
    case Item::flood_works: return flooded;
    case Item::river_wall: return flooded / hectares_per_wall_metre;
    case Item::waste_kit:
      return missing(households, good(world, Stock::waste_kit, rt)) / households_per_kit;
    case Item::waste_service:
      return missing(households, households * static_cast<double>(r.waste_service[rt]));
    case Item::fire_access:
      return buildings > 0 ? missing(1.0, good(world, Stock::hydrant, rt) / buildings) : 0.0;
    case Item::fire_equipment:
      return missing(buildings, good(world, Stock::extinguisher, rt)) / buildings_per_piece;
    case Item::realignment: return static_cast<double>(r.irregular[rt]);
    case Item::shared_sanitation:
      return lacking_rows(world, rt, facts(item).lacks) / households_per_system(world);
    default: break;
  }
  return facts(item).lacks != 0 ? lacking_rows(world, rt, facts(item).lacks) : 0.0;
}

bool lacks_any(const World& world, std::size_t rt, Item item) {
  const std::uint32_t lacks = facts(item).lacks;
  if (lacks == 0) return true_need(world, rt, item) > 0.0;
  const Neighbourhoods& r = world.rts;
  const auto somebody_lacks = [&](std::uint32_t what, const std::vector<std::uint32_t>& counter) {
    return (lacks & what) != 0 && counter[rt] != 0;
  };
  return somebody_lacks(flag::lacks_house, r.n_unfit) ||
         somebody_lacks(flag::lacks_water, r.n_no_water) ||
         somebody_lacks(flag::low_water, r.n_low_water) ||
         somebody_lacks(flag::lacks_toilet, r.n_no_toilet) ||
         somebody_lacks(flag::lacks_tank, r.n_no_tank);
}

}  // namespace musi::models
