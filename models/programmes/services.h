#pragma once

#include <string_view>

#include "models/world.h"
#include "sim/core/process.h"

namespace musi::models {

/// Programmes that buy service instead of works: facilitators, upkeep, legalisation, supervision,
/// the complaint desk, and house repair outside the sites. They start with the money of their
/// sources. MODEL.md 10.2, 14.1, 17.
class Services final : public sim::Process<World> {
 public:
  explicit Services(const World&) {}
  std::string_view name() const override { return "services"; }
  /// Writes Sites::{facilitator_months, prevention}, upkeep_paid_until, clog, land_status; pays.
  void step(World& world, const sim::Step& step) override;
};

}  // namespace musi::models
