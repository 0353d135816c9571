#pragma once

#include "models/world.h"

/// The complaint website and its desk, MODEL.md 10.4. The specification names reach, detection and
/// fading, not how long a complaint takes: see README.md, decisions.
namespace musi::models {

/// Months from a complaint until its deficit is on the list: the usual time over the paid part of
/// the desk's year. NaN while no desk runs.
double handling_months(const World& world, int year);

/// Part of the complaints of the last twelve months that are on the list by now: 1 - months / 12.
/// 0 while no desk runs. [0-1]
double complaints_handled(const World& world, int year);

}  // namespace musi::models
