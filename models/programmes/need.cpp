#include "models/programmes/need.h"

#include <algorithm>

#include "models/finance/lines.h"
#include "models/stocks/ageing.h"
#include "sim/core/portable_math.h"

namespace musi::models {
namespace {

using enum Criterion;

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

bool is_aid(Item item) {
  return item == Item::livelihood_member || item == Item::training_month || item == Item::loan;
}

double households_per_system(const World& world) {
  return std::max(1.0, world.future[Param::sanimas_households]);
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

double true_need(const World& world, std::size_t rt, Item item) {
  const Neighbourhoods& r = world.rts;
  const auto missing = [](double ideal, double there) { return std::max(0.0, ideal - there); };
  // Looked up by the items that ask: each number lies in a line of memory of its own.
  const auto buildings = [&] { return static_cast<double>(r.buildings[rt]); };
  const auto households = [&] { return static_cast<double>(r.n_households[rt]); };
  // The last criterion shares are those of the last refresh; stocks are read directly.
  const auto flooded = [&] {
    return static_cast<double>(r.physical[index(c4a)][rt] * r.area[rt]);
  };
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
    case Item::flood_works: return flooded();
    case Item::river_wall: return flooded() / hectares_per_wall_metre;
    case Item::waste_kit:
      return missing(households(), good(world, Stock::waste_kit, rt)) / households_per_kit;
    case Item::waste_service:
      return missing(households(), households() * static_cast<double>(r.waste_service[rt]));
    case Item::fire_access:
      return buildings() > 0 ? missing(1.0, good(world, Stock::hydrant, rt) / buildings()) : 0.0;
    case Item::fire_equipment:
      return missing(buildings(), good(world, Stock::extinguisher, rt)) / buildings_per_piece;
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
