#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "models/score/classes.h"

namespace musi::models {

/// Size class of the city; sets the density limits.
enum class CitySize : std::uint8_t { metropolitan, large, medium, small };

/// Density from which criterion 1b counts an area as too dense. [units per ha]
constexpr double density_limit(CitySize size) {
  return size == CitySize::metropolitan || size == CitySize::large ? 250.0 : 200.0;
}

/// 5, 3 or 1: above 400, above 200, else (metropolitan, large); above 200, above 150, else.
/// Source: permen_14_2018, recalled.
int density_points(double persons_per_ha, CitySize size);

/// Strategic place 5/1 + density 5/3/1 + potential and participation 5/1. [points, 3 to 15]
int consideration_points(bool strategic, double persons_per_ha, bool potential, CitySize size);

/// Other considerations: 11-15 high, 6-10 medium, below low.
enum class Consideration : std::uint8_t { high, medium, low };

Consideration consideration_of(int points);
std::string_view name_en(Consideration consideration);  ///< "high", "medium", "low"

/// Each item +1 or -1; the building permit only in the form of 2016. [points]
int legality_points(bool tenure_clear, bool fits_spatial_plan,
                    std::optional<bool> building_permit = std::nullopt);

/// Legal when the items sum to at least 1.
constexpr bool is_legal(int points) { return points >= 1; }

/// Place of a slum site in the queue.
struct Priority {
  char letter = 'A';  ///< A heavy, B medium, C light
  int digit = 1;      ///< 1-2 high, 3-4 medium, 5-6 low consideration; odd = legal
  int rank = 1;       ///< 1 (first) to 9; legal and illegal share a rank

  std::string code() const { return {letter, static_cast<char>('0' + digit)}; }
  /// Place in the order A1 A2 B1 B2 C1 C2 A3 … C6. [0 to 17]
  int order() const { return 2 * (rank - 1) + (digit % 2 == 0 ? 1 : 0); }
};

/// Empty for a site that is not slum. Source: priority.csv (perda_cirebon).
std::optional<Priority> priority_code(SlumClass slum_class, Consideration consideration,
                                      bool legal);

/// How a slum site is to be handled.
enum class Handling : std::uint8_t {
  restoration,     ///< pemugaran: repair in place
  renewal,         ///< peremajaan: redevelopment
  resettlement,    ///< permukiman kembali
  legalise_first,  ///< clear the land, then restore or renew; else resettle
};

enum class HandlingMode : std::uint8_t {
  letter_of_law,  ///< illegal land means resettlement
  practice,       ///< illegal land is legalised first
};

/// Empty for a site that is not slum. Source: handling.csv.
std::optional<Handling> handling_of(SlumClass slum_class, bool legal, HandlingMode mode);

std::string_view name_en(Handling handling);
std::string_view name_id(Handling handling);

}  // namespace musi::models
