#include "models/score/priority.h"

#include "sim/core/check.h"

namespace musi::models {

int density_points(double persons_per_ha, CitySize size) {
  MUSI_EXPECT(persons_per_ha >= 0.0);
  const bool big = size == CitySize::metropolitan || size == CitySize::large;
  const double high = big ? 400.0 : 200.0;
  const double medium = big ? 200.0 : 150.0;
  if (persons_per_ha > high) return 5;
  return persons_per_ha > medium ? 3 : 1;
}

int consideration_points(bool strategic, double persons_per_ha, bool potential, CitySize size) {
  return (strategic ? 5 : 1) + density_points(persons_per_ha, size) + (potential ? 5 : 1);
}

Consideration consideration_of(int points) {
  if (points >= 11) return Consideration::high;
  return points >= 6 ? Consideration::medium : Consideration::low;
}

std::string_view name_en(Consideration consideration) {
  switch (consideration) {
    case Consideration::high: return "high";
    case Consideration::medium: return "medium";
    case Consideration::low: break;
  }
  return "low";
}

int legality_points(bool tenure_clear, bool fits_spatial_plan,
                    std::optional<bool> building_permit) {
  const auto item = [](bool yes) { return yes ? 1 : -1; };
  return item(tenure_clear) + item(fits_spatial_plan) +
         (building_permit ? item(*building_permit) : 0);
}

std::optional<Priority> priority_code(SlumClass slum_class, Consideration consideration,
                                      bool legal) {
  if (slum_class == SlumClass::not_slum) return std::nullopt;
  const int severity = static_cast<int>(SlumClass::heavy) - static_cast<int>(slum_class);
  const int level = static_cast<int>(consideration);
  return Priority{.letter = static_cast<char>('A' + severity),
                  .digit = 2 * level + (legal ? 1 : 2),
                  .rank = 3 * level + severity + 1};
}

std::optional<Handling> handling_of(SlumClass slum_class, bool legal, HandlingMode mode) {
  if (slum_class == SlumClass::not_slum) return std::nullopt;
  if (legal) return slum_class == SlumClass::light ? Handling::restoration : Handling::renewal;
  return mode == HandlingMode::practice ? Handling::legalise_first : Handling::resettlement;
}

std::string_view name_en(Handling handling) {
  switch (handling) {
    case Handling::restoration: return "restoration";
    case Handling::renewal: return "renewal";
    case Handling::legalise_first: return "legalise_first";
    case Handling::resettlement: break;
  }
  return "resettlement";
}

std::string_view name_id(Handling handling) {
  switch (handling) {
    case Handling::restoration: return "pemugaran";
    case Handling::renewal: return "peremajaan";
    case Handling::legalise_first: return "legalisasi lahan";
    case Handling::resettlement: break;
  }
  return "permukiman kembali";
}

}  // namespace musi::models
