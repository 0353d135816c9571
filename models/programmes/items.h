#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

/// What programmes can deliver, MODEL.md 14.1. Names are those of menus in scenarios.
namespace musi::models {

enum class Item : std::uint8_t {
  road_surface,        ///< [m]
  road_new,            ///< [m]
  drain_new,           ///< [m]
  drain_rehab,         ///< [m]
  drain_cleaning,      ///< [m]
  flood_works,         ///< [ha]
  river_wall,          ///< [m]
  water_connection,    ///< [household]
  toilet_tank,         ///< [household]
  shared_sanitation,   ///< [system]
  waste_kit,           ///< [kit of 200 households]
  waste_service,       ///< [household-year]
  fire_access,         ///< [RT]
  fire_equipment,      ///< [piece for 5 buildings]
  house_repair_grant,  ///< [house]
  house_repair_city,   ///< [house]
  house_new,           ///< [house]
  realignment,         ///< [building]
  legalisation,        ///< [attempt in an RT]
  upkeep_fund,         ///< [RT-year]
  facilitator_month,   ///< [month]
  patrol_month,        ///< [site-month]
  complaint_desk,      ///< [year]
  sewer_connection,    ///< [household]
  low_income_house,    ///< [household moved]
  rental_flat,         ///< [household moved]
  land_m2,             ///< [m2]
  estate_service,      ///< [house with path, drain and connections in a new place]
  livelihood_member,   ///< [member]
  training_month,      ///< [member-month]
  loan,                ///< [loan]
};
inline constexpr std::size_t n_items = 31;

std::string_view word(Item item);
/// What one unit is: "m", "household", "kit of 200 households", ...
std::string_view unit_of(Item item);
std::optional<Item> item_of(std::string_view name);

}  // namespace musi::models
