#pragma once

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
const ItemFacts& facts(Item item);

/// True for items that are delivered as works in packages; the others are services.
bool is_works(Item item);

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
double engaged_share(const World& world, std::size_t rt);

/// Chance that an owner or household consents to be moved, realigned or bought out: e_r^exponent,
/// and a little more where the street is lit.
double consent_chance(const World& world, std::size_t rt);

/// Buildings per dwelling of an RT, at most 1; several households may share one.
double buildings_per_dwelling(const World& world, std::size_t rt);

/// The letter of the law asks to rebuild this RT's site: new houses in rows instead of repairs.
bool is_renewal(const World& world, std::size_t rt);

/// Land on which works may be built, MODEL.md 17.
bool is_buildable(const World& world, std::size_t rt);

}  // namespace musi::models
