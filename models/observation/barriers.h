#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "models/world.h"
#include "sim/core/process.h"

namespace musi::models {

/// First barrier that applies to an RT that is still slum, in the order of MODEL.md 21, from what
/// happened to it in the year. `land_is_clear`: it takes all works. `was_clear`: it was below 16
/// points before. A package in time that brought nothing counts as procurement and staff.
Barrier first_barrier(std::uint16_t year_marks, bool land_is_clear, bool was_clear);

/// Hectares of RTs still slum last December by their first barrier. Shape: [8], by Barrier.
std::array<double, n_barriers> area_by_barrier(const World& world);

/// January: forgets what happened last year (marks of RTs, counts of the city).
void begin_year(World& world);

/// December, after the refresh: names the first barrier of each RT that is still slum.
class Barriers final : public sim::Process<World> {
 public:
  explicit Barriers(const World& world);
  std::string_view name() const override { return "barriers"; }
  void step(World& world, const sim::Step& step) override;
};

}  // namespace musi::models
