#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "models/population/visits.h"
#include "models/world.h"
#include "sim/core/process.h"

namespace musi::models {

/// The same process as Visits, one month after the other, MODEL.md 7.3: each living household steps
/// its income, `dy_now <- phi dy_now + sigma Z`, saves one month's share, and reconsiders with
/// chance psi. Others see the income of its last visit (`dy`), as in Visits. What a visit does to
/// engagement and house is that of Visits itself. Own random numbers. `last_visit` is here the
/// month of the last step and `next_revision` is not read. For comparison only: slower.
class PlainVisits final : public sim::Process<World> {
 public:
  explicit PlainVisits(const World& world) : PlainVisits(world, Visits::params_of(world)) {}
  PlainVisits(const World& world, const Visits::Params& params);

  std::string_view name() const override { return "plain_visits"; }
  void step(World& world, const sim::Step& step) override;
  /// A month of the spin-up: nobody invests.
  void spin_up_step(World& world, const sim::Step& step) const;

 private:
  void month(World& world, const sim::Step& step, int shift,
             std::vector<SelfBuild::Candidate>& candidates) const;

  Visits::Params params_;
  Visits visits_;
};

}  // namespace musi::models
