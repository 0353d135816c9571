#pragma once

#include <cstddef>
#include <string_view>

#include "models/world.h"
#include "sim/core/process.h"

namespace musi::models {

/// Keeps `next_failure` of the RT right after the stored ages of a household row were set. Every
/// installation must call it; a smaller value than needed is harmless.
void note_failure_ages(World& world, std::size_t row);
/// The same where only one unit of a household of `rt` got a new age.
inline void note_failure_age(World& world, std::size_t rt, float age) {
  float& next = world.rts.next_failure[rt];
  next = age < next ? age : next;
}

/// Smallest stored fail age of an RT's rows, from scratch.
float smallest_failure_age(const World& world, std::size_t rt);

/// Lets houses, water connections and toilets fail when the calendar clock of their RT passes the
/// age drawn at installation. RTs where nothing is due cost one comparison. MODEL.md 15.1.
class Failures final : public sim::Process<World> {
 public:
  explicit Failures(const World& world);
  std::string_view name() const override { return "failures"; }
  void step(World& world, const sim::Step& step) override;
};

}  // namespace musi::models
