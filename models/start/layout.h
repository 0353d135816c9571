#pragma once

#include "models/world.h"

namespace musi::models {

/// Sites, RTs, buildings and lengths, MODEL.md 8.1, 8.2 and 17 (land status): fills `world.sites`
/// and `world.rts` up to the lengths, with `n_households` as the number of rows to make.
void lay_out(World& world);

/// Slum areas of the sites of the run [ha], closed to the required total.
std::vector<double> site_areas(const Scenario& scenario, const City& city, const Future& future);

}  // namespace musi::models
