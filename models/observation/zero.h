#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "models/world.h"
#include "sim/core/process.h"

namespace musi::models {

/// Area below which a published figure counts as zero [ha]; a figure is printed to 0.1 ha.
inline constexpr double zero_hectares = 0.05;
/// Tolerance of Z3b as a share of the baseline.
inline constexpr double wide_tolerance = 0.10;

constexpr std::size_t index(ZeroDefinition definition) {
  return static_cast<std::size_t>(definition);
}

/// True while a state that has been held since `since` (-1: not held) has lasted `months`.
constexpr bool is_sustained(int since, sim::Month now, int months) {
  return since >= 0 && now - since >= months;
}

/// Z1: no RT counts as slum in the physical book under the exit rule.
bool every_rt_is_clear(const World& world);
/// Z5: no household lacks safe water, sanitation, a fit house or enough space.
bool no_household_is_deprived(const World& world);

/// Notes the first month in which each definition of zero is met: Z1, Z3, Z3b, Z4, Z4a, Z5 at the
/// end of quarters, Z2a in December, Z2b at decrees. Runs after Books. MODEL.md section 21.
class ZeroWatch final : public sim::Process<World> {
 public:
  explicit ZeroWatch(const World& world);
  std::string_view name() const override { return "zero_watch"; }
  void step(World& world, const sim::Step& step) override;

 private:
  struct Params {
    double tolerance;      ///< share of the baseline, Z3
    int sustained_months;
  };
  Params p_;
};

}  // namespace musi::models
