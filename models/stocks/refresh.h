#pragma once

#include <cstddef>
#include <string_view>

#include "models/score/classes.h"
#include "models/stocks/ageing.h"
#include "models/world.h"
#include "sim/core/process.h"

namespace musi::models {

/// Ages the public works of one RT to its present clocks (closed form of the phase chain), relaxes
/// clogging, and remembers the clocks. Call before units are added or taken. MODEL.md 15.
void age_stocks(World& world, std::size_t rt);

/// Recomputes the sixteen physical shares, score and class of one RT from its stocks and counters;
/// ages first. Clears `touched`. Counts hectares that leave the slum area or come back.
/// MODEL.md 15.3, 19.
void refresh(World& world, std::size_t rt);
/// The same for all RTs.
void refresh(World& world);

/// Denominator of criterion k of an RT in the unit of its numerator: buildings (1a, 7a, 7b), ha
/// (1b, 4a), m (2a, 2b, 4b, 4c), households (the others; 1c too, whose numerator is dwellings).
double denominator(const World& world, std::size_t rt, std::size_t criterion);

/// Share of the area under flood, MODEL.md 15.3. `protected_share`: W_r; `bad_drains`: missing, bad
/// and clogged share of the ideal length; `drain_weight`: omega. All 0 to 1.
constexpr float flooded_share(float protected_share, float tide, float drain_weight,
                              float bad_drains) {
  return (1.0f - protected_share) * (1.0f - (1.0f - tide) * (1.0f - drain_weight * bad_drains));
}

/// Missing, bad and clogged drains of an RT [share of the ideal length, 0 to 1].
float bad_drain_share(const Neighbourhoods& rts, std::size_t rt);

/// The sixteen shares of an RT in one book.
Shares shares_of(const std::array<std::vector<float>, n_criteria>& book, std::size_t rt);

/// Buildings per hectare from which an RT is too dense, by the size class of the city (1b).
double units_over_dense(const City& city);

/// Cuts that the scenario asks for.
CutRule cut_rule(const Scenario& scenario);

/// Score and class of sixteen shares under the scenario's cuts.
struct Standing {
  std::uint8_t score;
  Slum slum;
};
Standing standing_of(const Shares& shares, CutRule rule);

/// True as long as an RT counts as slum under the scenario's exit rule: by its class, and if the
/// rule asks for services, until they reach 80 %. MODEL.md 19.
bool counts_as_slum(const Scenario& scenario, Slum slum,
                    const std::array<std::vector<float>, n_criteria>& book, std::size_t rt);

/// Refreshes every RT at the end of a quarter, and those with new works in the other months.
class Refresh final : public sim::Process<World> {
 public:
  explicit Refresh(const World& world);
  std::string_view name() const override { return "refresh"; }
  void step(World& world, const sim::Step& step) override;

 private:
  AgeingRates rates_;
};

}  // namespace musi::models
