#pragma once

#include "models/world.h"
#include "sim/core/rng.h"

namespace musi::models {

/// Numbers behind the traits of households, MODEL.md 8.3 and 9, in model units.
struct TraitModel {
  explicit TraitModel(const World& world);

  double primary, tertiary;            ///< shares of education classes 1 and 3
  double log_median, income_sd, deviation_sd, river_gap;
  double owners, squatters, tenure_correlation;
  double certified[2];                 ///< owners with a certificate: Ilir, Ulu
  double wood[2];                      ///< wooden houses: river, land
  double raft, informal, crowded, elders;
  double mean_size;                    ///< [persons]
  double savings_rate;
};

/// Traits of one household from fourteen words of its stream: education, income, group, tenure,
/// size, material, savings (up to two years of saving; assumed). `income_score` is its standard
/// normal rank of income, for the copula of deficits.
HouseholdRow draw_traits(const TraitModel& model, double share_river, bool is_ulu,
                         sim::EntityKey key, sim::Stream stream, double& income_score);

/// Mean life of a household unit [years]: house (by material), water, sanitation by `what` 0-2.
double life_of(const World& world, std::uint32_t flags, int what);

/// Life left to a unit with `phases_left` of its phases [years on the calendar clock]; takes as
/// many words as there are phases.
double remaining_life(const World& world, std::size_t rt, std::uint32_t flags, int what,
                      int phases_left, sim::Stream& stream);

}  // namespace musi::models
