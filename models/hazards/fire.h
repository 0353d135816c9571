#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "models/world.h"
#include "sim/core/process.h"

namespace musi::models {

/// A fire destroys at most so many houses, MODEL.md 18.
inline constexpr int largest_fire = 20;

/// Fires, MODEL.md 9 and 18. Every inhabited wooden house ignites at a constant rate; the fire
/// takes 1 + geometric houses, at most 20, with the given mean, nearest by ordinal in the RT; half
/// of them, and half again, where hydrants (7a) or extinguishers (7b) reach so many buildings that
/// their criterion is below 25 %, rounded by chance so that the mean is halved: a fire may then
/// destroy no house. A lost house is beyond repair, its water and sanitation are gone.
///
/// By thinning: each RT has a Poisson stream of candidates with the rate of as many wooden houses
/// as it has slots, at least 256 and never fewer than dwellings. A candidate strikes one slot; if a
/// living household in a wooden house has that place in the RT's block, its house ignites. So one
/// more household changes no candidate of another, and the rate per house is exact. Where an RT
/// outgrows its slots they are doubled and the wait drawn anew, which changes no rate, since the
/// stream has no memory. Fires do not cross into another RT: neglected.
class Fires final : public sim::Process<World> {
 public:
  struct Params {
    bool is_on = true;
    double yearly_chance = 0.0;  ///< that a wooden house ignites within a year
    double mean_lost = 5.0;      ///< houses a fire, without protection [1 to 20]
  };

  explicit Fires(const World& world) : Fires(params_of(world)) {}
  explicit Fires(const Params& params);
  static Params params_of(const World& world);

  std::string_view name() const override { return "fires"; }
  void step(World& world, const sim::Step& step) override;

  /// Ignitions of one wooden house [1/month].
  double rate() const { return rate_; }
  /// Houses lost for a uniform, without protection.
  int size(double uniform) const;

 private:
  void burn(World& world, const sim::Step& step, std::size_t rt, std::size_t row,
            std::uint32_t number) const;

  Params params_;
  double rate_ = 0.0;
  double spread_ = 0.8;  ///< chance that a fire takes one house more
};

}  // namespace musi::models
