#pragma once

#include <string_view>

#include "models/world.h"
#include "sim/core/process.h"

namespace musi::models {

/// December, after delivery: what is unfinished is returned or carried by the rule of its source,
/// free money goes back, RTs with late packages are marked, the running cost per hectare follows.
/// MODEL.md 11.4.
class YearEnd final : public sim::Process<World> {
 public:
  explicit YearEnd(const World&) {}
  std::string_view name() const override { return "year_end"; }
  void step(World& world, const sim::Step& step) override;
};

}  // namespace musi::models
