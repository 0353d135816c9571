#pragma once

#include <string_view>

#include "models/world.h"
#include "sim/core/process.h"

namespace musi::models {

/// Relocation as it happens, MODEL.md 17: a home that opens is offered to the household it was
/// built for, which takes it up or stays; those who moved leave again after an exponential waiting
/// time; of these a share goes back to a slum with next month's moves, the others are gone. The
/// dwelling left behind is demolished or let again. Households are conserved:
///     relocated = living there + on the way back + returned + gone
/// Neglects births and deaths in the new place, rents, and offers to others of homes that nobody
/// took up or that were left.
class Relocations final : public sim::Process<World> {
 public:
  struct Params {
    double take_up = 0.0;         ///< chance that an invited household moves
    double river_factor = 1.0;    ///< on it, for river households
    double roads_bonus = 0.05;    ///< on it, where the homes have roads and connections
    double exit_rate = 0.0;       ///< [1/year]
    double return_share = 0.0;    ///< of those who leave
    double demolish = 0.0;        ///< of dwellings left
  };

  explicit Relocations(const World& world) : Relocations(params_of(world)) {}
  explicit Relocations(const Params& params) : params_(params) {}
  static Params params_of(const World& world);

  std::string_view name() const override { return "relocations"; }
  void step(World& world, const sim::Step& step) override;

  /// Chance that a household with these flags takes up a home at a site of whose homes this share
  /// has roads. [0-1]
  double take_up_chance(std::uint32_t flags, double served_share) const;

 private:
  void open_homes(World& world, const sim::Step& step) const;
  void offer(World& world, const HomeOffer& offer, const sim::Step& step) const;
  void leave_again(World& world, const sim::Step& step) const;

  Params params_;
};

}  // namespace musi::models
