#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

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

/// Blocks 0 to 3 of a household, drawn together so that the processor overlaps them.
inline constexpr std::size_t n_trait_blocks = 4;
using TraitWords = std::array<std::uint32_t, 4 * n_trait_blocks>;
TraitWords trait_words(const sim::Chance& chance, sim::EntityKey key);

/// Traits of one household from the first fourteen of its words: education, income, group, tenure,
/// size, material, savings (up to two years of saving; assumed). `income_score` is its standard
/// normal rank of income, for the copula of deficits. `c0` is left out.
HouseholdRow draw_traits(const TraitModel& model, double share_river, bool is_ulu,
                         sim::EntityKey key, const TraitWords& words, double& income_score);

/// Block of Draw::household_traits, start state, that the constant of engagement reads.
inline constexpr std::uint32_t engagement_block = 8;

/// engagement_constant from the first two words of that block.
float engagement_constant(const Future& future, std::uint32_t word0, std::uint32_t word1,
                          std::uint32_t flags);

/// Mean life of a household unit [years]: house (by material), water, sanitation by `what` 0-2.
double life_of(const World& world, std::uint32_t flags, int what);

/// Life left to a unit with `phases_left` of its phases [years on the calendar clock]; takes as
/// many words as there are phases.
double remaining_life(const World& world, std::size_t rt, std::uint32_t flags, int what,
                      int phases_left, sim::Stream& stream);

}  // namespace musi::models
