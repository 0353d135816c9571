#pragma once

#include <array>

#include "models/world.h"

namespace musi::models {

/// Shifts delta_k of the latent deficits such that each criterion has its wanted mean before
/// selection, MODEL.md 8.4. Shape: [16].
std::array<double, n_criteria> deficit_shifts(const City& city, const Future& future);

/// The wanted mean shares: baseline city plus shift towards Palembang. Shape: [16].
std::array<double, n_criteria> wanted_means(const City& city, const Future& future);

/// Q_k(Phi(z)): share of criterion k at the latent deficit z. [0-1]
double share_at(const City::DeficitTable& table, double z);

/// Draws the sixteen start shares of every RT (start_share), rounded to whole households where
/// households lack; RTs below 16 points are drawn again with probability
/// 1 - initial_not_slum_accept. Counts redraws in world.start.
void draw_deficits(World& world);

}  // namespace musi::models
