#pragma once

#include <string_view>

#include "models/population/rare_events.h"
#include "models/world.h"
#include "sim/core/process.h"

namespace musi::models {

/// The same process as RareEvents without thinning, MODEL.md 7.3: every month each living household
/// leaves, splits or founds a new unit with its true chances, one of them at most. Own random
/// numbers; `next_rare` is not read. For comparison: slower.
class PlainRareEvents final : public sim::Process<World> {
 public:
  explicit PlainRareEvents(const World& world) : events_(world) {}

  std::string_view name() const override { return "plain_rare_events"; }
  void step(World& world, const sim::Step& step) override;

 private:
  RareEvents events_;
};

}  // namespace musi::models
