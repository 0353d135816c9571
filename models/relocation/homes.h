#pragma once

#include <vector>

#include "models/world.h"
#include "sim/core/process.h"

/// Homes and land outside the slum RTs, and how a dwelling is left, MODEL.md 14.1 and 17.
namespace musi::models {

/// Value of a column by site that grows on first use.
inline double at_site(const std::vector<double>& column, std::size_t site) {
  return site < column.size() ? column[site] : 0.0;
}
inline double& at_site(std::vector<double>& column, std::size_t site) {
  if (site >= column.size()) column.resize(site + 1, 0.0);
  return column[site];
}

/// Hands the next unit of a line to a chosen household: a home is kept for it until it opens, or
/// its plot is bought. False if there is nobody to sell any more; a home is built in any case.
bool hand_over(World& world, const Package& package, const PackageLine& line,
               sim::EntityKey household, const sim::Step& step);

/// Paths, drains and connections for so many homes of a site.
void serve_homes(World& world, std::size_t site, double homes);

/// Row of a household in an RT, or the size of the table.
std::size_t find_household(const World& world, std::size_t rt, sim::EntityKey household);

/// The household of `row` moves out: it leaves numerators and denominators of its RT. What stays is
/// an empty dwelling with a key of its own. Returns the household as it left.
HouseholdRow move_out(World& world, std::size_t row, sim::Month month);

/// Takes an empty dwelling down: its part of the buildings goes, an irregular one first, and the
/// score book follows because the office does it. An RT without dwellings loses its roads, drains
/// and equipment with their needs, and is no slum on paper.
void demolish(World& world, std::size_t row, sim::Month month);

}  // namespace musi::models
