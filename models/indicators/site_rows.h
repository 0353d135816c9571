#pragma once

#include <algorithm>
#include <limits>
#include <span>

#include "models/world.h"

/// Numbers by site in the order of the city's table; sites outside the run's subset are missing.
namespace musi::models {

/// Puts `value(site)` of each site of the world at its place in `out`. Shape: [site of the city].
template <class Function>
void at_city_rows(const World& world, std::span<double> out, Function&& value) {
  std::fill(out.begin(), out.end(), std::numeric_limits<double>::quiet_NaN());
  std::size_t row = 0;
  for (std::size_t i = 0; i < world.city->sites.size() && i < out.size(); ++i) {
    if (row < world.n_sites() && world.sites.key[row] == world.city->sites[i].key) {
      out[i] = value(row++);
    }
  }
}

}  // namespace musi::models
