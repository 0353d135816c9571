#pragma once

#include <string_view>

#include "models/world.h"
#include "sim/core/clock.h"
#include "sim/core/process.h"

namespace musi::models {

/// Wet months, November to April, are counted from January of the start year.
constexpr bool is_wet(sim::Month month) {
  const int m = sim::Clock::month_of_year(month);
  return m <= 4 || m >= 11;
}
/// Wet months in [0, month).
constexpr int wet_months_before(sim::Month month) {
  const int in_year = month % 12;
  return 6 * (month / 12) + (in_year < 4 ? in_year : (in_year < 10 ? 4 : in_year - 6));
}
/// The n-th wet month, from 0; inverse of wet_months_before on wet months.
constexpr sim::Month wet_month(int n) { return 12 * (n / 6) + n % 6 + (n % 6 < 4 ? 0 : 6); }

/// Floods, MODEL.md 18: in each wet month an RT is flooded with a chance by its flooded share (4a,
/// as last refreshed); a flood ages everything there by `shock_years`, on both clocks. By thinning:
/// candidates come with the largest of the three chances, constant over the run, and a candidate
/// becomes a flood with its true chance over that bound. Floods of neighbouring RTs are
/// independent: common water levels are neglected.
class Floods final : public sim::Process<World> {
 public:
  struct Params {
    bool is_on = true;
    double low = 0.0, mid = 0.0, high = 0.0;  ///< [1/wet month] by class of 4a
    double shock_years = 0.0;                 ///< [years]
  };

  explicit Floods(const World& world) : Floods(params_of(world)) {}
  explicit Floods(const Params& params);
  static Params params_of(const World& world);

  std::string_view name() const override { return "floods"; }
  void step(World& world, const sim::Step& step) override;

  /// Chance of a flood in a wet month where this share of the area is flooded (4a, 0 to 1).
  double chance(float flooded) const;
  double bound() const { return bound_; }

 private:
  std::uint16_t candidate(int first_wet_month, double uniform) const;

  Params params_;
  double bound_ = 0.0;  ///< [1/wet month]
};

}  // namespace musi::models
