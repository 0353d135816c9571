#pragma once

#include <span>
#include <vector>

#include "models/programmes/need.h"
#include "sim/core/rng.h"

/// What one package holds, MODEL.md 12.
namespace musi::models {

/// One item that a programme could put into a package for one RT.
struct Offer {
  Item item = Item::road_surface;
  double weight = 0.0;   ///< of the menu
  double need = 0.0;     ///< believed [units]
  double price = 1.0;    ///< [IDR million per unit]
  bool is_whole = false; ///< only whole units: households, houses
  double share = 0.0;    ///< of its main criterion now [0-1]
  double share_per_unit = 0.0;
};

/// Money below this buys nothing. [IDR million]
inline constexpr double small_change = 1e-6;
/// So much less than a whole unit still counts as one: rounding of prices does not lose it.
inline constexpr double unit_margin = 1e-9;
/// Units of an item that is only bought whole.
double whole_units(double units);
/// whole_units(units) > 0, asked without rounding.
constexpr bool has_whole_unit(double units) { return units + unit_margin >= 1.0; }

struct Portion {
  Item item = Item::road_surface;
  double units = 0.0;
  double money = 0.0;    ///< [IDR million]
};

/// Chooses items and units for `money` [IDR million]; never more than the money or the need.
/// `menu` draws items without replacement by weight and funds each fully or to the end of the
/// money: one uniform per offer. `score_per_rupiah` buys the cheapest points first,
/// `worst_criterion` the item of the worst criterion; what they leave goes on as `menu`. `scripted`
/// gives each item of the menu, in its order, the share of its weight and what earlier ones could
/// not use, without chance. Uses the offers up; `portions` become what was bought, by item.
void compose(Composition rule, std::span<Offer> offers, double money, CutRule cut_rule,
             sim::Stream& stream, std::vector<Portion>& portions);

}  // namespace musi::models
