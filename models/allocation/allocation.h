#pragma once

#include <string_view>

#include "models/world.h"
#include "sim/core/process.h"

namespace musi::models {

/// May this programme work in this site at all: eligible places and classes, size for area works,
/// under
/// the letter of the law only legal sites and for relocation only the others, and for relocation
/// only sites where there is something to do.
bool is_eligible_site(const World& world, const ProgrammeSpec& programme, std::size_t site);

/// How many of `all` sites in its order a programme serves in a year.
std::size_t sites_a_year(const World& world, const ProgrammeSpec& programme, std::size_t all,
                         const sim::Step& step);

/// January: sites are ordered, packages announced from the plan and bound to voted money in order.
/// October: money of packages that cannot start this year, and free money, moves to packages that
/// can still use it. MODEL.md 13, 5.2.
class Allocation final : public sim::Process<World> {
 public:
  explicit Allocation(const World&) {}
  std::string_view name() const override { return "allocation"; }
  /// Acts in January and October only.
  void step(World& world, const sim::Step& step) override;
};

}  // namespace musi::models
