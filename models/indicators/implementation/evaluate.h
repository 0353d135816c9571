#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/indicators/implementation/measures.h"
#include "models/world.h"

/// Indicators of implementation of a December, from the notes of the year. MODEL.md 22.
namespace musi::models::implementation {

using Measures = std::array<double, n_measures>;

/// Names of the axis: `city` first, then subdistricts in the order of the city's table.
std::vector<std::string> places(const City& city);

/// What was delivered three years ago and what of it still works, by site and by programme.
/// [IDR million]
struct LookBack {
  struct Value {
    double delivered = 0.0, works = 0.0;
  };
  std::vector<Value> of_site, of_programme;
};
LookBack look_back(const World& world);

/// One entry per place of `places`. Places without sites in the run are undefined.
/// `with_sanitation`: households with toilet and tank, by RT.
std::vector<Measures> by_place(const World& world, std::size_t year_index, const LookBack& past,
                               std::span<const std::uint32_t> with_sanitation);

/// One entry per programme of the scenario; what has no meaning for one programme is undefined.
std::vector<Measures> by_programme(const World& world, std::size_t year_index,
                                   const LookBack& past);

/// Households with water, sanitation, path, drain and waste service; the last three count an RT's
/// households by the share of its network that is good. A household may lack the toilet, the tank
/// or both: no counter of the RT tells how many have sanitation.
struct Services {
  std::array<double, 5> served{};
  double households = 0.0;
};
Services services_in(const World& world, std::size_t rt, std::uint32_t with_sanitation);
/// Sum over the RTs of these sites, from the services of each RT.
Services services_of(const World& world, std::span<const Services> in_rt,
                     std::span<const std::size_t> sites);

}  // namespace musi::models::implementation
