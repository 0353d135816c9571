#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "models/world.h"
#include "sim/core/distributions.h"
#include "sim/core/process.h"

namespace musi::models {

/// Leaving, splitting and new informal units, MODEL.md 9 and 18, by thinning: each household has
/// candidate months with a constant monthly bound by tenure; at a candidate one kind happens with
/// its true chance over the bound. The bounds hold for all options alike; crossings are counted.
/// Collects wishes in World::wishes; Moves settles them in the same month. Neglects births and
/// deaths: sizes are a standing trait.
class RareEvents final : public sim::Process<World> {
 public:
  struct Params {
    double owner_out = 0.0, renter_out = 0.0;     ///< [1/year]
    double owner_factor = 1.0;                    ///< within 36 months of works
    double value_gain = 0.0, value_slope = 0.0;   ///< v [log], slope of renters
    double amenity = 0.0;                         ///< the most of parks and waterfront [log]
    double split = 0.0;                           ///< [1/year]
    double new_unit = 0.0;                        ///< nu over mean(1 + 2 share_river) [1/year]
    double attraction = 0.0;                      ///< chi [1/year]
    double prevention_effect = 0.0;
  };
  struct Chances {
    double leave = 0.0, split = 0.0, new_unit = 0.0;  ///< [1/month]
    double total() const { return leave + split + new_unit; }
  };

  explicit RareEvents(const World& world) : RareEvents(params_of(world)) {}
  explicit RareEvents(const Params& params);
  static Params params_of(const World& world);

  std::string_view name() const override { return "rare_events"; }
  void step(World& world, const sim::Step& step) override;

  /// Monthly chances of a household with this tenure in an RT as it stands.
  Chances chances(const World& world, std::size_t rt, Tenure tenure, sim::Month month) const;
  /// Monthly bound of all kinds together.
  double bound(Tenure tenure) const { return bounds_[static_cast<std::size_t>(tenure)]; }
  /// Adds the wish of a household to World::wishes if `u` [1/month] falls below the sum of its
  /// chances; counts tenants whom risen values drive out.
  void decide(World& world, std::uint32_t row, const Chances& chances, double u) const;
  /// Months to the next candidate of a household, 1 or more, from the logarithm of the fine uniform
  /// of Draw::rare_wait.
  int wait(double log_u, Tenure tenure) const {
    return laws_[static_cast<std::size_t>(tenure)].wait(log_u);
  }

  enum class Kind : std::uint8_t { none, leave, split, new_unit };
  /// What happens to a household whose number is u [1/month].
  static Kind kind_of(const Chances& chances, double u);
  /// The same from the state of its RT; `crosses` is set if its chances exceed the bound.
  Kind kind_of(const World& world, std::size_t rt, Tenure tenure, sim::Month month, double u,
               bool& crosses) const;

 private:
  struct Range {
    double low, high;
  };
  /// What the candidates of a block of rows wish.
  struct Found {
    std::vector<MoveWish> wishes;
    std::int64_t displaced = 0, crossings = 0;
  };

  double tenants_leave_rate(const World& world, std::size_t rt) const;  ///< [1/year]
  double quiet_new_unit_rate(const World& world, std::size_t rt) const;  ///< without attraction
  double new_unit_rate(const World& world, std::size_t rt, sim::Month month) const;  ///< [1/year]
  /// Bounds of a monthly chance, and of that to leave.
  Range monthly_range(double yearly) const;
  Range leave_range(const World& world, std::size_t rt, Tenure tenure, sim::Month month) const;
  std::optional<Kind> kind_within(Range leave, Range new_unit, double limit, double u) const;
  void note(const World& world, std::uint32_t row, Kind kind, double u, Found& found) const;
  static void take(World& world, const Found& found);

  Params params_;
  double largest_yearly_ = 0.0;     ///< monthly_range knows up to here; no rate is larger
  double later_terms_ = 0.0;        ///< of the monthly chance at this rate, see monthly_range
  Range tenants_leave_{};           ///< chance without parks and waterfront [1/month]
  double calm_;                     ///< chance that tenants leave at the old values [1/month]
  std::array<double, 2> owner_leaves_;  ///< chance without and with recent works [1/month]
  double split_;                        ///< [1/month]
  std::array<double, 4> bounds_{};       ///< by Tenure
  std::array<sim::GeometricLaw, 4> laws_;  ///< of waits
};

/// ln V: what public works have added to house values since the start [log], MODEL.md 18.
double value_gain(const World& world, std::size_t rt, double full_paving);

/// Draws the first candidate month of every living household, at month 0.
void draw_first_rare(World& world);

}  // namespace musi::models
