#pragma once

#include "models/world.h"
#include "sim/core/process.h"

/// The adaptive rule of MODEL.md 24: when the published area lies above the official path for two
/// years, a part of the money that is spread goes to few sites.
namespace musi::models {

/// Part of each programme's money that moves.
inline constexpr double share_to_concentrate = 0.20;
/// Years in a row above the path after which it moves.
inline constexpr int patience_years = 2;

/// Area on the official path at the end of a year, from the start of the run. [ha]
double official_area(const World& world, int year_index);

/// Does a rule spread money over many sites?
constexpr bool is_spreading(AllocationRule rule) {
  return rule != AllocationRule::concentrate && rule != AllocationRule::douse;
}

/// January: compares last December's published area with the path, keeps the count of years and
/// says whether money moves this year. Always false where the lever is off or there is no path.
bool moves_money_to_concentrate(World& world, const sim::Step& step);

}  // namespace musi::models
