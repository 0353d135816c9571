#pragma once

#include "models/world.h"

namespace musi::models {

/// The 24 months before the start, MODEL.md 8.6: a first draw of the engaged (part_initial_engaged
/// by site), then influence and visits only - no facilitators, no investment, no moves - so that a
/// run does not open with a false transient. Months of visits are set; counters of the engaged are
/// kept. Needs households, boards, disappointment and the physical book.
void spin_up(World& world);

}  // namespace musi::models
