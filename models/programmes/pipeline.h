#pragma once

#include <cstdint>
#include <string_view>

#include "models/programmes/households.h"
#include "sim/core/process.h"

/// The way of a package from announcement to works, MODEL.md 12.
namespace musi::models {

/// What takes a package time, in this order.
enum class PackageTime : std::uint8_t { verification, procurement, works };
/// Months of a package, its own luck included: exp(0.15 Z).
double time_of(const World& world, const Package& package, PackageTime time,
               const sim::Step& step);
/// All three.
struct PackageTimes {
  double verification, procurement, works;
};
PackageTimes times_of(const World& world, const Package& package, const sim::Step& step);

/// Months in which a gate is tested before the next RT gets its chance.
inline constexpr int gate_months = 3;

/// Would this RT pass the gate of a programme now? `service` spares looking up whom its first item
/// serves.
bool passes_gate(const World& world, const ProgrammeSpec& programme, std::size_t rt,
                 const sim::Step& step, const Service* service = nullptr);

/// Every month: packages move from stage to stage up to works.
class Pipeline final : public sim::Process<World> {
 public:
  explicit Pipeline(const World&) {}
  std::string_view name() const override { return "pipeline"; }
  void step(World& world, const sim::Step& step) override;
};

}  // namespace musi::models
