#include "models/finance/year_end.h"

#include <algorithm>

#include "models/finance/ledger.h"
#include "models/programmes/packages.h"
#include "sim/core/check.h"

namespace musi::models {
namespace {

constexpr double resume_month = 2.0;   ///< carried works go on [elapsed months]
constexpr double memory = 0.7;         ///< of the running cost per hectare
constexpr double least_cost = 50.0, greatest_cost = 5000.0;  ///< [IDR million per ha]

std::size_t year_of(const sim::Step& step) {
  return static_cast<std::size_t>(sim::Clock::year_index(step.month));
}

/// Late or refused: what kept the RT waiting, for the barriers.
void mark_late(World& world, const Package& package) {
  if (package.progress >= package.progress_final - 1e-9 && package.progress > 0) return;
  auto& marks = world.rts.year_marks[package.rt];
  if (package.cause == DelayCause::guideline) {
    marks |= mark::late_guideline;
  } else if (package.cause == DelayCause::procurement || package.cause == DelayCause::staff ||
             package.cause == DelayCause::window) {
    marks |= mark::late_procurement;
  }
}

/// Share of unfinished money that goes into the next year.
double carried_share(const World& world, const Package& package) {
  if (world.scenario->procedure.multi_year_contract) return 1.0;
  switch (world.money.sources[package.source].carry_rule) {
    case CarryRule::split_years: return 1.0;
    case CarryRule::return_:
      return 1.0 - std::min(1.0, world.future[Param::unspent_return_state]);
    case CarryRule::carry_if_contracted:
      return package.stage == Stage::works ? world.future[Param::unspent_carried_city] : 0.0;
  }
  return 0.0;
}

/// Closes a package whose rest is returned: what was built is booked.
void close_short(World& world, Package& package, const sim::Step& step) {
  if (package.stage != Stage::works) {
    close_package(world, package, Stage::returned);
    return;
  }
  package.progress_final = package.progress;
  const double promised = package.progress_allowed;
  complete(world, package, step);
  if (promised < 1.0 && world.sites.delivered[package.site] > 0) {
    // A package cut short was promised whole.
    if (package.year == static_cast<int>(year_of(step))) --world.sites.delivered[package.site];
  }
}

void carry_on(World& world, Package& package, double share, const sim::Step& step) {
  SourceState& source = world.money.sources[package.source];
  const Rupiah carried =
      share >= 1.0 ? package.committed
                   : static_cast<Rupiah>(static_cast<double>(package.committed) * share);
  ledger::give_back(source, year_of(step), package.committed - carried);
  ledger::carry(source, year_of(step), carried);
  package.committed = carried;
  if (package.stage == Stage::works) {
    const double rest = package.progress_final - package.progress;
    package.progress_final = package.progress + rest * share;
    package.progress_allowed = package.progress_final;
    package.start = resume_month - package.progress * package.span;
    package.stage = Stage::carried;
  } else {
    package.ready = std::max(resume_month, package.ready - 12.0);
  }
}

void settle(World& world, Package& package, const sim::Step& step) {
  if (!is_open(package)) {
    MUSI_ENSURE(package.committed == 0);
    return;
  }
  mark_late(world, package);
  const double share = carried_share(world, package);
  const bool goes_on = share > 0 && package.committed > 0;
  if (goes_on) return carry_on(world, package, share, step);
  ledger::give_back(world.money.sources[package.source], year_of(step), package.committed);
  package.committed = 0;
  close_short(world, package, step);
}

void follow_cost_per_hectare(World& world, const sim::Step& step) {
  double paid = 0.0;
  for (const SourceState& s : world.money.sources) {
    paid += static_cast<double>(s.paid[year_of(step)]) * 1e-6;
  }
  const double cleared = world.state.counts.cleared_ha;
  if (!(cleared > 0) || !(paid > 0)) return;
  double& cost = world.money.cost_per_hectare;
  cost = memory * cost + (1 - memory) * std::clamp(paid / cleared, least_cost, greatest_cost);
}

}  // namespace

void YearEnd::step(World& world, const sim::Step& step) {
  for (Package& package : world.money.packages) settle(world, package, step);
  for (std::size_t f = 0; f < world.money.sources.size(); ++f) {
    ledger::return_free(world.money.sources[f], year_of(step));
    for (ProgrammeState& p : world.money.programmes) p.left_by_source[f] = 0;
    MUSI_ENSURE(ledger::is_closed(world.money.sources[f], year_of(step)));
  }
  follow_cost_per_hectare(world, step);
}

}  // namespace musi::models
