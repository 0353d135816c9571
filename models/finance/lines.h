#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "models/world.h"
#include "sim/core/process.h"

/// Budget lines of the office without direct slum effect, MODEL.md 11.2 and 14.4. They take the
/// office's own money; what they declare to do besides is small.
namespace musi::models {

/// One line as MODEL.md 14.4 has it. All numbers assumed.
struct LineInfo {
  BudgetLine line;
  std::string_view word;
  std::string_view doc;
  double share_pct;              ///< of the crowded part of the office's money
  std::string_view effect_unit;  ///< of the declared effect
  std::string_view effect_doc;   ///< empty: no effect can be declared
  double low, central, high;     ///< of the declared effect
  double most;                   ///< largest legal effect
  bool lies_beside_sites;        ///< acts in named sites only
};
std::span<const LineInfo, n_budget_lines> budget_lines();
inline const LineInfo& info(BudgetLine line) {
  return budget_lines()[static_cast<std::size_t>(line)];
}

/// How the office's own money is split in one future.
class OfficeMoney {
 public:
  explicit OfficeMoney(const World& world);

  /// Budget that leaves `effective` for slums if all lines have their usual shares.
  double department_of(double effective) const { return effective / (1.0 - crowd_); }
  /// Money left for slums over what the usual shares leave; exactly 1 with these.
  double left_factor() const;
  /// Part of the office's money that the lines take. [0-1]
  double crowded() const;
  /// Money of one line out of the whole budget; the lines never exceed it.
  double line(double department, BudgetLine line) const;
  /// Share of a line over its usual share, at most 1: how far its declared effect reaches. A line
  /// without a usual share reaches fully as soon as it has money.
  double reach(BudgetLine line) const;

 private:
  double share(BudgetLine line) const { return shares_[static_cast<std::size_t>(line)]; }

  double crowd_ = 0.0, sum_ = 0.0;
  std::array<double, n_budget_lines> shares_{};  ///< [0-1]
};

/// Declared effect of a line in model units (fractions 0-1); 0 if it has none.
double effect_of(const World& world, BudgetLine line);

/// Part of a line's money that builds works inside slum sites. [0-1]
double works_share(const World& world, BudgetLine line);

/// Sets Money::line_effects for the year from the money of its lines [IDR million of 2019], and
/// the value that parks add. January.
void set_line_effects(World& world, const std::array<double, n_budget_lines>& line_idr_mn);

/// Green space beside named sites takes off some of their flooded area, once a year.
void tend_green_space(World& world);

/// Place of an RT in the order in which the office lights them [0-1]: it lasts, more money lights
/// more of them. Draws Draw::street_lighting.
double light_rank_of(const Future& future, sim::EntityKey rt);
/// Light on engagement in an RT of this rank [logit].
constexpr double engagement_from_light(const LineEffects& effects, double light_rank) {
  return light_rank < effects.lit_share ? effects.lighting : 0.0;
}
/// Light on consent in an RT [0-1].
double consent_from_light(const World& world, std::size_t rt);

/// Value index of an RT from parks and a waterfront, MODEL.md 18. [log]
double amenity(const World& world, std::size_t rt);
/// The most that amenity() can be in this future, whatever the option builds. [log]
double greatest_amenity(const World& world);

}  // namespace musi::models
