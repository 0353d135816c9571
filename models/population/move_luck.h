#pragma once

#include <array>
#include <span>
#include <vector>

#include "models/world.h"
#include "sim/core/process.h"

namespace musi::models {

/// Numbers of chance of a household that moves, drawn for all movers side by side.
struct MoveLuck {
  float threshold_normal, propensity_normal;  ///< of its engagement
  double log_revision, log_rare;              ///< logarithms of the uniforms of its waits
};

/// Numbers of chance of a household that builds.
struct BuildingLuck {
  std::array<float, 6> deficits;    ///< uniforms: the five deficits, too little space
  std::array<double, 3> log_lives;  ///< logarithms of the products behind the lives of its units
  float place;                      ///< uniform: out of line or not
};

/// Draws at each of `keys`, in the month of the step: Draw::household_traits of the start,
/// Draw::revision, Draw::rare_wait.
std::vector<MoveLuck> luck_of_moves(std::span<const sim::EntityKey> keys, const sim::Step& step);

/// The same for those who build: Draw::deficit_assignment, Draw::unit_life with this number of
/// phases (1 to 4), Draw::new_unit_place.
std::vector<BuildingLuck> luck_of_buildings(std::span<const sim::EntityKey> keys, int phases,
                                            const sim::Step& step);

}  // namespace musi::models
