#include "models/programmes/items.h"

namespace musi::models {
namespace {

constexpr std::string_view names[n_items] = {
    "road_surface",      "road_new",      "drain_new",          "drain_rehab",
    "drain_cleaning",    "flood_works",   "river_wall",         "water_connection",
    "toilet_tank",       "shared_sanitation", "waste_kit",      "waste_service",
    "fire_access",       "fire_equipment", "house_repair_grant", "house_repair_city",
    "house_new",         "realignment",   "legalisation",       "upkeep_fund",
    "facilitator_month", "patrol_month",  "complaint_desk",     "sewer_connection",
    "low_income_house",  "rental_flat",   "land_m2",            "estate_service",
    "livelihood_member", "training_month", "loan"};

}  // namespace

std::string_view word(Item item) { return names[static_cast<std::size_t>(item)]; }

std::string_view unit_of(Item item) {
  switch (item) {
    case Item::road_surface:
    case Item::road_new:
    case Item::drain_new:
    case Item::drain_rehab:
    case Item::drain_cleaning:
    case Item::river_wall: return "m";
    case Item::flood_works: return "ha";
    case Item::water_connection:
    case Item::toilet_tank: return "household";
    case Item::shared_sanitation: return "system";
    case Item::waste_kit: return "kit of 200 households";
    case Item::waste_service: return "household-year";
    case Item::fire_access: return "neighbourhood";
    case Item::fire_equipment: return "piece for 5 buildings";
    case Item::house_repair_grant:
    case Item::house_repair_city:
    case Item::house_new: return "house";
    case Item::realignment: return "building";
    case Item::legalisation: return "attempt";
    case Item::upkeep_fund: return "neighbourhood-year";
    case Item::facilitator_month: return "month";
    case Item::patrol_month: return "site-month";
    case Item::complaint_desk: return "year";
    case Item::sewer_connection: return "household";
    case Item::low_income_house:
    case Item::rental_flat: return "household moved";
    case Item::land_m2: return "m2";
    case Item::estate_service: return "house served";
    case Item::livelihood_member: return "member";
    case Item::training_month: return "member-month";
    case Item::loan: return "loan";
    default: break;
  }
  return "unit";
}

std::optional<Item> item_of(std::string_view name) {
  for (std::size_t i = 0; i < n_items; ++i) {
    if (names[i] == name) return static_cast<Item>(i);
  }
  return std::nullopt;
}

}  // namespace musi::models
