#pragma once

#include <cstdint>
#include <span>

#include "models/world.h"

namespace musi::models {

class TraitModel;

/// A household that is to come to an RT; `is_informal`: to a new unit without certificate.
struct Newcomer {
  sim::EntityKey key = 0;
  std::uint32_t rt = 0;
  bool is_informal = false;
};

/// Traits of newcomers from the start distribution of their RTs (MODEL.md 8.3, 9, 18): group,
/// tenure, size, education, income, material; no deficits, never due, `c0` left to the dwelling.
/// Draws Draw::newcomer_traits for each key in `month`. Shapes: one length.
void draw_newcomers(const World& world, const TraitModel& model,
                    std::span<const Newcomer> newcomers, sim::Month month,
                    std::span<HouseholdRow> rows);

/// Life of a household unit in years on the calendar clock of its RT, MODEL.md 15.1: Erlang with
/// the structural number of phases; house, water, sanitation by `what` (0, 1, 2). Draws
/// Draw::unit_life for the household in `month`.
float draw_life(const World& world, std::size_t rt, std::uint32_t flags, sim::EntityKey key,
                sim::Month month, int what);

/// Key at which Draw::unit_life is read: each kind of unit has its own.
constexpr sim::EntityKey unit_key(sim::EntityKey household, int what) {
  return sim::mix(household, what);
}
/// The same for many units, as UnitLives takes them: logarithms of the products of uniforms at
/// their unit keys. Shapes: one length. `phases`: 1 to 4.
void draw_lives(std::uint64_t seed, sim::Month month, std::span<const sim::EntityKey> unit_keys,
                int phases, std::span<double> logs);

/// Constant part c0 of the engagement index of a household, MODEL.md 10.1.
float engagement_constant(const World& world, sim::EntityKey key, std::uint32_t flags);

}  // namespace musi::models
