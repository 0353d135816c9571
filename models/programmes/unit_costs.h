#pragma once

#include <array>

#include "models/programmes/need.h"

/// Prices of items, MODEL.md 14.1 and 12. All in IDR million of 2019.
namespace musi::models {

/// Cost of one unit in an RT: unit cost, drift since 2019, site, works over water. A programme may
/// have unit costs of its own.
double unit_cost(const World& world, std::size_t rt, Item item, int year,
                 const ProgrammeSpec* programme = nullptr);

/// A unit cost of `parameters`, or the programme's own; before drift and place. [IDR million]
double cost_of(const World& world, const ProgrammeSpec& programme, Param param, int year);

/// Self-help sigma_r: share of the cost that people add. [0-0.34]
double self_help(const World& world, std::size_t rt);

/// Money that one unit takes: c f_water (1 - sigma_r) a / (1 - overhead). Self-help and the saving
/// `a` belong to the community channel; house grants carry their support in the unit cost.
double money_per_unit(const World& world, const ProgrammeSpec& programme, std::size_t rt,
                      Item item, int year);

/// money_per_unit of one item in many RTs: what they share is looked up once.
class Price {
 public:
  Price(const World& world, const ProgrammeSpec& programme, Item item, int year);
  double in(std::size_t rt) const;

 private:
  const World* world_;
  const ProgrammeSpec* programme_;
  Item item_;
  int year_;
  bool varies_;         ///< by more than site, water and self-help: asked anew for each RT
  double base_;         ///< cost of one unit, with drift
  double over_water_;   ///< what a river adds to it, as a factor
  double without_overhead_, with_saving_;
};

/// Value that residents add to units that were built: sigma_r of the cost of community works, and
/// what owners add to a house grant. It buys no more units of a grant, whose sum per house is set.
double self_help_value(const World& world, const ProgrammeSpec& programme, std::size_t rt,
                       Item item, double units, int year);

/// Yearly upkeep of the public works of RTs, at cost: what they share is looked up once.
class UpkeepCost {
 public:
  UpkeepCost(const World& world, int year);
  double in(std::size_t rt) const;

 private:
  struct Asset {
    Stock stock;
    double units;       ///< stored units per unit of the item; 0: the buildings of the RT
    double base;        ///< cost of one unit of the item, with drift
    double over_water;  ///< what a river adds to it, as a factor
  };

  const World* world_;
  double share_per_year_;
  std::array<Asset, n_stocks> assets_;
};

/// What the complaint desk costs in a year; its first year also sets it up.
double complaint_desk_cost(const World& world, int year);

/// (1 + cost_drift)^(year - 2019)
double cost_drift(const World& world, int year);

}  // namespace musi::models
