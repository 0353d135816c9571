#include "models/programmes/items.h"

#include <array>
#include <cstdint>

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

/// Menus name their items in words that are looked up often: each word has a place of its own in a
/// table by its length and its first, middle and last letter.
constexpr std::size_t n_places = 256;
constexpr std::uint8_t no_item = 0xFF;
constexpr std::size_t place_of(std::string_view name) {
  const auto letter = [&](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(name[i]));
  };
  return (letter(0) + letter(name.size() / 2) * 2 + letter(name.size() - 1) * 11 +
          name.size() * 3) % n_places;
}
constexpr std::array<std::uint8_t, n_places> item_at = [] {
  std::array<std::uint8_t, n_places> table;
  table.fill(no_item);
  for (std::size_t i = 0; i < n_items; ++i) {
    table[place_of(names[i])] = static_cast<std::uint8_t>(i);
  }
  return table;
}();
static_assert([] {
  for (std::size_t i = 0; i < n_items; ++i) {
    if (item_at[place_of(names[i])] != i) return false;
  }
  return true;
}(), "two items share a place: change place_of");

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
  if (name.empty()) return std::nullopt;
  const std::uint8_t i = item_at[place_of(name)];
  if (i == no_item || names[i] != name) return std::nullopt;
  return static_cast<Item>(i);
}

}  // namespace musi::models
