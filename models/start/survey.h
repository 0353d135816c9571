#pragma once

#include <cstddef>
#include <vector>

#include "models/score/classes.h"
#include "models/world.h"

/// What a survey of RTs (rt.csv) puts in the place of draws, MODEL.md 25.2. `survey`: rows of
/// City::surveyed of one site, in the order of its RTs.
namespace musi::models {

std::vector<double> surveyed_areas(const City& city, const std::vector<std::size_t>& survey);
/// [ha]
double total_area(const City& city, const std::vector<std::size_t>& survey);

/// Households, buildings, lengths, and where the survey says so river share and land status of
/// the RTs from `first` on.
void take_layout(World& world, std::size_t first, const std::vector<std::size_t>& survey);

/// Start shares of a site's RTs, such that every criterion earns the points of the survey under
/// `rule`. Households lack whole numbers: the nearest with these points. False if the site was not
/// surveyed.
bool take_shares(World& world, std::size_t site, CutRule rule);

/// Lets the sizes of households sum to the surveyed populations, by one person each in turn.
void fit_populations(World& world);

}  // namespace musi::models
