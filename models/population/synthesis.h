#pragma once

#include <cstdint>

#include "models/world.h"

namespace musi::models {

struct TraitModel;

/// Traits of a newcomer household from the start distribution of its RT (MODEL.md 8.3, 9, 18):
/// group, tenure, size, education, income, material; no deficits, never due, `c0` left to its
/// dwelling. Draws the words of Draw::newcomer_traits for `key` in `month`. `informal`: a new
/// informal unit (no certificate).
HouseholdRow draw_newcomer(const World& world, const TraitModel& model, std::size_t rt,
                           sim::EntityKey key, sim::Month month, bool informal);

/// Life of a household unit in years on the calendar clock of its RT, MODEL.md 15.1: Erlang with
/// the structural number of phases; house, water, sanitation by `what` (0, 1, 2). Draws
/// Draw::unit_life for the household in `month` (block number = what).
float draw_life(const World& world, std::size_t rt, std::uint32_t flags, sim::EntityKey key,
                sim::Month month, int what);

/// Constant part c0 of the engagement index of a household, MODEL.md 10.1.
float engagement_constant(const World& world, sim::EntityKey key, std::uint32_t flags);

}  // namespace musi::models
