#pragma once

#include <string_view>

#include "models/world.h"
#include "sim/core/process.h"

namespace musi::models {

/// January: marks and counts of the year start anew; guideline and effective months and the money
/// of the year are drawn. July: the provisional ceiling of next year. Opens the books in the first
/// month. Where works are replayed until some other month, the money is voted then.
class Calendar final : public sim::Process<World> {
 public:
  explicit Calendar(const World&) {}
  std::string_view name() const override { return "calendar"; }
  void step(World& world, const sim::Step& step) override;
};

}  // namespace musi::models
