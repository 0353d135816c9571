#pragma once

#include <string_view>

#include "models/world.h"
#include "sim/core/process.h"

namespace musi::models {

/// Upkeep by an upkeep fund while it is paid, om_r of MODEL.md 14.1 and 15.1. Assumed.
inline constexpr float upkeep_fund_share = 0.3f;

/// Upkeep of an RT's public works, M_r in 0 to 1: board, engaged households, upkeep fund.
constexpr float upkeep(float board_weight, float board, float engaged_share, float fund) {
  const float sum = board_weight * board + (1.0f - board_weight) * engaged_share + fund;
  return sum < 0.0f ? 0.0f : (sum > 1.0f ? 1.0f : sum);
}

/// Speed of the community clock, m_r: 1 without upkeep, `hazard_factor` at full upkeep.
constexpr double clock_speed(double hazard_factor, double upkeep_now) {
  return 1.0 - (1.0 - hazard_factor) * upkeep_now;
}

/// Lets a month pass on the clocks of every RT and adds up its upkeep; waste collection that is
/// not paid for fades on the way. MODEL.md 15.1, 15.4.
class Clocks final : public sim::Process<World> {
 public:
  explicit Clocks(const World& world);
  std::string_view name() const override { return "clocks"; }
  void step(World& world, const sim::Step& step) override;

 private:
  struct Params {
    float board_weight;
    double hazard_factor;        ///< speed at full upkeep
    float service_loss_monthly;  ///< hazard of unpaid waste collection [1/month]
  };
  /// RTs [first, first + n), at most rt_tile.
  void step_tile(World& world, std::size_t first, std::size_t n, sim::Month month) const;

  Params p_;
};

}  // namespace musi::models
