#pragma once

#include <cstddef>

#include "models/world.h"

namespace musi::models {

/// Ages the public works of one RT to its present clocks (closed form of the phase chain), relaxes
/// clogging, and remembers the clocks. Call before units are added or taken. MODEL.md 15.
void age_stocks(World& world, std::size_t rt);

/// Recomputes the sixteen physical shares, score and class of one RT from its stocks and counters;
/// ages first. Clears `touched`. MODEL.md 15.3, 19.
void refresh(World& world, std::size_t rt);

/// Denominator of criterion k of an RT in the unit of its numerator (buildings, ha, m, households).
double denominator(const World& world, std::size_t rt, std::size_t criterion);

}  // namespace musi::models
