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

std::optional<Item> item_of(std::string_view name) {
  for (std::size_t i = 0; i < n_items; ++i) {
    if (names[i] == name) return static_cast<Item>(i);
  }
  return std::nullopt;
}

}  // namespace musi::models
