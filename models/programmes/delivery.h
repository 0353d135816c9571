#pragma once

#include <string_view>

#include "models/programmes/need.h"
#include "sim/core/process.h"

/// From money to stocks, MODEL.md 12 and 14.1.
namespace musi::models {

/// An audit lowers the share of spending that is missing by this much; source: olken_2007.
inline constexpr double audit_effect = 0.08;

/// Builds units of works in an RT, with side effects; a share `faulty` of wet items goes straight
/// into the last phase of ageing. Ages the stocks first. Never more than the true deficit; gives
/// the units that met one. Not for household items.
double add_works(World& world, std::size_t rt, Item item, double units, double faulty,
                 sim::Month month);

/// A flooded share of an RT falls dry, as flood works that age. [0-1 of its area]
void relieve_floods(World& world, std::size_t rt, double share);

/// Gives a household item to one row; `is_faulty`: it lasts one phase only. False if the household
/// is gone or lacks nothing any more.
bool serve_household(World& world, std::size_t row, Item item, bool is_faulty, sim::Month month);

/// Builds what the progress of a package of this month brings.
void build(World& world, Package& package, double progress, const sim::Step& step);

/// Every month, packages in works: progress, units, payment, completion and booking.
class Delivery final : public sim::Process<World> {
 public:
  explicit Delivery(const World&) {}
  std::string_view name() const override { return "delivery"; }
  void step(World& world, const sim::Step& step) override;
};

}  // namespace musi::models
