#pragma once

#include <array>

#include "models/world.h"

/// Slum areas in the three books of MODEL.md section 20, summed in the order of RTs. [ha]
namespace musi::models {

/// Area of RTs by physical class. Shape: [4], by Slum.
std::array<double, 4> physical_area_by_class(const World& world);

/// Area of RTs of class light or worse in the physical book.
double physical_area(const World& world);
double physical_area(const std::array<double, 4>& by_class);

/// Area of RTs that the ledger still counts as slum under the exit rule; new RTs only once a
/// survey or a decree has entered them.
double ledger_area(const World& world);

/// Area as the decree in force draws it.
double decree_area(const World& world);

}  // namespace musi::models
