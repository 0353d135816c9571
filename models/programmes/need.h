#pragma once

#include <array>
#include <optional>

#include "models/programmes/items.h"
#include "models/world.h"

/// What an RT truly lacks, MODEL.md 14.1.
namespace musi::models {

/// How an item acts, MODEL.md 14.1.
struct ItemFacts {
  /// Main criterion; empty: not a deficit of the score.
  std::optional<Criterion> lowers = std::nullopt;
  std::uint32_t lacks = 0;          ///< flags of households that it clears; 0: no household item
  bool is_wet = false;              ///< faults send it straight into the last phase
  bool is_house = false;            ///< repairs or builds a house
  bool may_serve_unclear_land = false;
  bool is_relocation = false;       ///< homes, land, new places: models/relocation
};

namespace detail {

using enum Criterion;
inline constexpr std::uint32_t water = flag::lacks_water | flag::low_water;
inline constexpr std::uint32_t sanitation = flag::lacks_toilet | flag::lacks_tank;

constexpr ItemFacts works(Criterion lowers, bool wet = false) {
  return {.lowers = lowers, .is_wet = wet};
}

inline constexpr std::array<ItemFacts, n_items> facts_of_items{{
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

}  // namespace detail

constexpr const ItemFacts& facts(Item item) {
  return detail::facts_of_items[static_cast<std::size_t>(item)];
}

/// True for items that are delivered as works in packages; the others are services.
constexpr bool is_works(Item item) {
  return facts(item).lowers.has_value() || facts(item).is_relocation;
}

/// True for help without works that is bought beside them: group capital, training, loans.
bool is_aid(Item item);

/// Deficit of an RT that an item can lower. [units of the item]
double true_need(const World& world, std::size_t rt, Item item);

/// true_need(...) > 0, without counting.
bool lacks_any(const World& world, std::size_t rt, Item item);

/// Households that one shared sanitation system serves. [households]
double households_per_system(const World& world);

inline constexpr double households_per_kit = 200.0;
inline constexpr double buildings_per_piece = 5.0;
/// Flooded area that one metre of river wall protects. [ha]
inline constexpr double hectares_per_wall_metre = 0.02;

/// Engaged share of an RT. [0-1]
inline double engaged_share(const World& world, std::size_t rt) {
  const Neighbourhoods& r = world.rts;
  if (r.n_households[rt] == 0) return 0.0;
  return static_cast<double>(r.n_engaged[0][rt] + r.n_engaged[1][rt]) / r.n_households[rt];
}

/// Chance that an owner or household consents to be moved, realigned or bought out: e_r^exponent,
/// and a little more where the street is lit.
double consent_chance(const World& world, std::size_t rt);

/// Buildings per dwelling of an RT, at most 1; several households may share one.
double buildings_per_dwelling(const World& world, std::size_t rt);

/// The letter of the law asks to rebuild this RT's site: new houses in rows instead of repairs.
inline bool is_renewal(const World& world, std::size_t rt) {
  return world.scenario->letter_of_law && world.sites.renewal[world.rts.site[rt]] != 0;
}

/// Land on which works may be built, MODEL.md 17.
inline bool is_buildable(const World& world, std::size_t rt) {
  const LandStatus land = world.rts.land_status[rt];
  return land == LandStatus::clear ||
         (land == LandStatus::river_setback && world.scenario->setback_tolerated);
}

}  // namespace musi::models
