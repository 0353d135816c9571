#include "models/programmes/unit_costs.h"

#include <algorithm>

#include "models/stocks/ageing.h"
#include "sim/core/check.h"

namespace musi::models {
namespace {

/// Cost of one unit before drift and place.
template <class Costs>
double base_cost(const Costs& f, Item item) {
  switch (item) {
    case Item::road_surface: return f[Param::road_surface];
    case Item::road_new: return f[Param::road_new];
    case Item::drain_new: return f[Param::drain_new];
    case Item::drain_rehab: return f[Param::drain_rehab];
    case Item::drain_cleaning: return f[Param::drain_cleaning];
    case Item::flood_works: return f[Param::flood_relief];
    case Item::river_wall: return f[Param::river_wall];
    case Item::water_connection: return f[Param::water_connection_full];
    case Item::toilet_tank: return f[Param::wastewater_household];
    case Item::shared_sanitation: return f[Param::sanimas_system];
    case Item::waste_kit: return f[Param::waste_kit];
    case Item::waste_service: return f[Param::waste_service];
    case Item::fire_access: return f[Param::fire_rt];
    case Item::fire_equipment: return f[Param::fire_extinguisher];
    case Item::house_repair_grant:
      return f[Param::house_repair_grant] + f[Param::house_programme_support];
    case Item::house_repair_city: return f[Param::house_repair_city];
    case Item::house_new: return f[Param::house_new_grant];
    case Item::realignment: return f[Param::realignment_building];
    case Item::legalisation: return f[Param::land_legalisation_rt];
    case Item::facilitator_month: return f[Param::facilitator_month];
    case Item::patrol_month: return f[Param::patrol_month];
    case Item::complaint_desk: return f[Param::complaints_cost];
    case Item::sewer_connection: return f[Param::sewer_connection];
    case Item::low_income_house: return f[Param::relocation_household];
    case Item::rental_flat: return f[Param::flat_rental];
    case Item::land_m2: return f[Param::land_slum_site];
    case Item::estate_service:
      return f[Param::estate_frontage] * (f[Param::road_new] + f[Param::drain_new]) +
             f[Param::water_connection_full] + f[Param::wastewater_household];
    case Item::livelihood_member: return f[Param::micro_capital_person];
    case Item::training_month: return f[Param::training_month];
    case Item::loan: return f[Param::loan_amount];
    case Item::upkeep_fund: break;
  }
  MUSI_EXPECT(item != Item::upkeep_fund);
  return 0.0;
}

/// The costs of a programme: its own where it states them, else those of the future.
class OwnCosts {
 public:
  OwnCosts(const World& world, const ProgrammeSpec& programme, sim::EntityKey site, int year)
      : world_(world), programme_(programme), site_(site), year_(year) {}
  double operator[](Param param) const {
    const auto own = programme_.unit_costs.find(param);
    if (own == programme_.unit_costs.end() || !own->second.is_set) return world_.future[param];
    return world_.future.in_units_of(param, own->second, site_, year_);
  }

 private:
  const World& world_;
  const ProgrammeSpec& programme_;
  sim::EntityKey site_;
  int year_;
};

/// Factor on the cost of an item that is built over water.
double over_water(const World& world, Item item) {
  switch (item) {
    case Item::road_surface:
    case Item::road_new:
    case Item::house_new: return world.future[Param::over_water_factor];
    case Item::toilet_tank:
    case Item::shared_sanitation: return world.future[Param::wastewater_river_factor];
    default: return 1.0;
  }
}

/// `base`: cost before site and water.
double cost_in_rt(const World& world, std::size_t rt, double base, double added_over_water) {
  return base * static_cast<double>(world.sites.cost_factor[world.rts.site[rt]]) *
         (1.0 + added_over_water * static_cast<double>(world.rts.share_river[rt]));
}

}  // namespace

double cost_drift(const World& world, int year) {
  return world.future.cost_drift(year);
}

double complaint_desk_cost(const World& world, int year) {
  const Future& f = world.future;
  const Scenario& s = *world.scenario;
  const int first = std::max(s.participation.complaint_channel_start_year, s.clock.start_year);
  const double setup = year == first ? f[Param::complaints_setup] : 0.0;
  return (setup + f[Param::complaints_cost]) * cost_drift(world, year);
}

double unit_cost(const World& world, std::size_t rt, Item item, int year,
                 const ProgrammeSpec* programme) {
  const bool has_own = programme != nullptr && !programme->unit_costs.empty();
  const auto base_of = [&](Item of) {
    if (!has_own) return base_cost(world.future, of);
    return base_cost(OwnCosts(world, *programme, world.sites.key[world.rts.site[rt]], year), of);
  };
  double base = base_of(item);
  if (item == Item::house_new && is_renewal(world, rt)) {
    base += base_of(Item::realignment) * buildings_per_dwelling(world, rt);
  }
  return cost_in_rt(world, rt, base * cost_drift(world, year), over_water(world, item) - 1.0);
}

double cost_of(const World& world, const ProgrammeSpec& programme, Param param, int year) {
  return OwnCosts(world, programme, world.city->key, year)[param];
}

double self_help(const World& world, std::size_t rt) {
  return std::min(0.34, world.future[Param::selfhelp_share_works] * engaged_share(world, rt) / 0.5);
}

double money_per_unit(const World& world, const ProgrammeSpec& programme, std::size_t rt,
                      Item item, int year) {
  return Price(world, programme, item, year).in(rt);
}

Price::Price(const World& world, const ProgrammeSpec& programme, Item item, int year)
    : world_(&world),
      programme_(&programme),
      item_(item),
      year_(year),
      varies_(!programme.unit_costs.empty() ||
              (item == Item::house_new && world.scenario->letter_of_law)),
      base_(varies_ ? 0.0 : base_cost(world.future, item) * cost_drift(world, year)),
      over_water_(over_water(world, item) - 1.0),
      without_overhead_(1.0 - world.future[Param::overhead_share]),
      with_saving_(1.0 - world.future[Param::community_contract_saving]) {}

double Price::in(std::size_t rt) const {
  const double cost = varies_ ? unit_cost(*world_, rt, item_, year_, programme_)
                              : cost_in_rt(*world_, rt, base_, over_water_);
  if (programme_->channel == Channel::household_group) return cost;
  const double with_overhead = cost / without_overhead_;
  if (programme_->channel != Channel::community) return with_overhead;
  return with_overhead * (1.0 - self_help(*world_, rt)) * with_saving_;
}

double self_help_value(const World& world, const ProgrammeSpec& programme, std::size_t rt,
                       Item item, double units, int year) {
  double share = 0.0;
  if (programme.channel == Channel::community) share = self_help(world, rt);
  if (programme.channel == Channel::household_group && facts(item).is_house) {
    share = world.future[Param::selfhelp_share_house];
  }
  return share > 0.0 ? share * units * unit_cost(world, rt, item, year, &programme) : 0.0;
}

UpkeepCost::UpkeepCost(const World& world, int year)
    : world_(&world), share_per_year_(world.future[Param::upkeep_share_per_year]) {
  const auto asset = [&](Stock stock, Item item, double units) {
    return Asset{.stock = stock,
                 .units = units,
                 .base = base_cost(world.future, item) * cost_drift(world, year),
                 .over_water = over_water(world, item) - 1.0};
  };
  assets_ = {asset(Stock::path_land, Item::road_surface, 1.0),
             asset(Stock::path_river, Item::road_surface, 1.0),
             asset(Stock::drain, Item::drain_rehab, 1.0),
             asset(Stock::flood_works, Item::flood_works, 1.0),
             asset(Stock::waste_kit, Item::waste_kit, households_per_kit),
             asset(Stock::hydrant, Item::fire_access, 0.0),
             asset(Stock::extinguisher, Item::fire_equipment, buildings_per_piece)};
}

double UpkeepCost::in(std::size_t rt) const {
  const double buildings = std::max(1.0, static_cast<double>(world_->rts.buildings[rt]));
  double value = 0.0;
  for (const Asset& a : assets_) {
    const double good = static_cast<double>(good_units(world_->rts, a.stock, rt));
    const double units = good / (a.units > 0.0 ? a.units : buildings);
    value += units * cost_in_rt(*world_, rt, a.base, a.over_water);
  }
  return value * share_per_year_;
}

}  // namespace musi::models
