#pragma once

#include "models/world.h"

namespace musi::models {

/// Makes the households of every RT with their traits, gives exactly the drawn deficits to them,
/// and ages their units, MODEL.md 8.3, 8.5, 8.6. Fills the counters of the RTs.
void people(World& world);

/// Public works from the start shares: lengths that are missing or bad, good units by phase, tide,
/// clogging, services, MODEL.md 8.6, 15.2, 15.3.
void stock_up(World& world);

}  // namespace musi::models
