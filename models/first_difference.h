#pragma once

#include "models/scenario.h"
#include "sim/core/clock.h"

/// Which part of their run two options share.
namespace musi::models {

/// Two options that share not even the starting state.
inline constexpr sim::Month nothing_in_common = -1;

/// The first month in which two options can differ, all else (city, luck) being equal: until then
/// their worlds are the same to the last bit. 0: the starting state only; `nothing_in_common`: not
/// even that; the number of months of the run: never.
///
/// Conservative: every field of a scenario counts from the start unless a date holds it back, and
/// money of a year counts from the July before, when the ceiling of its budget is set. Texts and
/// what results are asked about (`targets` without a path) move nothing.
sim::Month first_difference(const Scenario& a, const Scenario& b);

}  // namespace musi::models
