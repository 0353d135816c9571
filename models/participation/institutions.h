#pragma once

#include <string_view>

#include "models/world.h"
#include "sim/core/process.h"

namespace musi::models {

/// Community boards, disappointment, facilitators and elders of the sites, MODEL.md 10.2, monthly:
///     L <- clamp(L + lambda F°(1-L) - delta L - loss D L, 0, 1)
///     D <- (1 - fade) D
/// A site without facilitators gets L + 0.05 in January with a small chance (initiative beyond
/// formal duty). Clears the promised and delivered packages in January, before the new ones are
/// announced.
class Institutions final : public sim::Process<World> {
 public:
  struct Params {
    double growth = 0.0, decay = 0.0;         ///< lambda_L, delta_L [1/month]
    double disappointment_loss = 0.0;         ///< [1/month]
    double fade = 0.0, complaint_fade = 0.0;  ///< [1/month]
    double months_full = 1.0;                 ///< kappa
    double initiative_chance = 0.0;           ///< [1/year]
    sim::Month elders_from = never;           ///< January in which elders are appointed
    double elder_share = 0.0, elder_jump = 0.0;
  };

  explicit Institutions(const World& world);
  explicit Institutions(const Params& params) : params_(params) {}

  std::string_view name() const override { return "institutions"; }
  /// Writes Sites::board, disappointment, elders.
  void step(World& world, const sim::Step& step) override;

 private:
  void appoint_elders(World& world, const sim::Step& step) const;

  Params params_;
};

/// The year's account of promises, MODEL.md 10.2, each December after delivery:
///     D <- min(1, D + gain (1 - delivered/promised))
/// and delivery_ratio = delivered/promised; a site without promises keeps both.
class BrokenPromises final : public sim::Process<World> {
 public:
  explicit BrokenPromises(const World& world)
      : BrokenPromises(world.future[Param::part_disappointment_gain]) {}
  explicit BrokenPromises(double gain) : gain_(gain) {}

  std::string_view name() const override { return "broken_promises"; }
  void step(World& world, const sim::Step& step) override;

 private:
  double gain_;
};

}  // namespace musi::models
