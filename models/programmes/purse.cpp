#include "models/programmes/purse.h"

#include <algorithm>

#include "models/finance/budget.h"
#include "models/programmes/packages.h"
#include "models/programmes/replay.h"
#include "models/programmes/unit_costs.h"

namespace musi::models {
namespace {

std::size_t year_of(const sim::Step& step) {
  return static_cast<std::size_t>(sim::Clock::year_index(step.month));
}

constexpr double no_limit_idr_mn = 1e6;

}  // namespace

Purse::Purse(World& world, std::size_t programme, const sim::Step& step)
    : world_(world),
      programme_(programme),
      step_(step) {
  if (is_replayed(world, step.month)) return;
  const double now = sim::Clock::month_of_year(step.month);
  const auto is_open = [&](std::size_t f) {
    return now >= world.money.sources[f].effective_month[year_of(step)];
  };
  for (std::size_t f = 0; f < world.money.sources.size(); ++f) {
    if (is_open(f)) open_.push_back(f);
  }
  for (const std::size_t f : payers_of(*world.scenario, world.scenario->programmes[programme])) {
    if (is_open(f)) payers_.push_back(f);
  }
}

Rupiah Purse::pay(Rupiah wanted) {
  Rupiah paid = 0;
  for (const std::size_t f : payers_) {
    Package voucher;
    voucher.programme = static_cast<std::uint16_t>(programme_);
    voucher.source = static_cast<std::uint16_t>(f);
    bind(world_, voucher, wanted - paid, step_);
    paid += voucher.committed;
    pay_package(world_, voucher, voucher.committed, step_);
  }
  return paid;
}

bool Purse::buy(double idr_mn) {
  const Rupiah wanted = rupiah_of_million(idr_mn);
  return free() >= wanted && pay(wanted) == wanted;
}

Rupiah Purse::free() const {
  if (is_replayed(world_, step_.month)) return 0;
  if (world_.scenario->funding.unlimited) return rupiah_of_million(no_limit_idr_mn);
  Rupiah sum = 0;
  for (const std::size_t f : open_) sum += world_.money.programmes[programme_].left_by_source[f];
  return sum;
}

double city_cost(const World& world, Param param, const sim::Step& step) {
  return world.future[param] * cost_drift(world, world.scenario->clock.year(step.month));
}

bool starts_now(const World& world, const ProgrammeSpec& programme, const sim::Step& step) {
  double first = 12.0;
  for (const std::size_t f : payers_of(*world.scenario, programme)) {
    first = std::min(first, world.money.sources[f].effective_month[year_of(step)]);
  }
  const double now = sim::Clock::month_of_year(step.month);
  return now >= first && now - 1.0 < first;
}

}  // namespace musi::models
