#pragma once

#include <cstdint>
#include <span>

#include "models/world.h"

namespace musi::models {

/// The starting state, MODEL.md section 8: sites, RTs, households, deficits, ages, social state,
/// books, and 24 months of spin-up of engagement. Same run seed, same people.
World build_world(const Scenario& scenario, const City& city, std::uint64_t run_seed,
                  std::span<const double> design = {});

/// The same without spin-up, for tests.
World build_world_without_spin_up(const Scenario& scenario, const City& city,
                                  std::uint64_t run_seed, std::span<const double> design = {});

}  // namespace musi::models
