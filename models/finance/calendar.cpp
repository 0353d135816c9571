#include "models/finance/calendar.h"

#include "models/finance/budget.h"
#include "models/finance/guideline.h"
#include "models/observation/barriers.h"
#include "models/programmes/replay.h"

namespace musi::models {
namespace {

/// The own budget of this year starts within it, after works were replayed.
bool starts_late(const World& world, const sim::Step& step) {
  const Scenario& s = *world.scenario;
  return s.replays && !sim::Clock::is_january(s.replay_until) &&
         sim::Clock::year_index(s.replay_until) == sim::Clock::year_index(step.month);
}

/// Nothing is planned yet, what is replayed will be counted.
void plan_nothing(Money& money) {
  for (ProgrammeState& p : money.programmes) {
    p.plan_by_source.assign(money.sources.size(), 0);
    p.left_by_source.assign(money.sources.size(), 0);
  }
}

/// In July the planning agency sets the ceiling of next year's budget; there is none while works
/// are replayed.
void set_ceiling(World& world, const sim::Step& step) {
  constexpr int july = 7;
  const auto next = static_cast<std::size_t>(sim::Clock::year_index(step.month)) + 1;
  if (sim::Clock::month_of_year(step.month) != july || next >= world.money.ceiling.size()) return;
  constexpr int until_january = 6;
  const bool is_own = !is_replayed(world, step.month + until_january);
  const int year = world.scenario->clock.year(step.month) + 1;
  world.money.ceiling[next] = is_own ? provisional_ceiling(world, year) : 0.0;
}

}  // namespace

void Calendar::step(World& world, const sim::Step& step) {
  const bool late = starts_late(world, step);
  if (late && step.month == world.scenario->replay_until) vote_budget(world, step);
  set_ceiling(world, step);
  if (!sim::Clock::is_january(step.month)) return;
  Money& money = world.money;
  if (money.sources.empty() || step.month == 0) open_books(world);
  const std::size_t y = static_cast<std::size_t>(sim::Clock::year_index(step.month));
  begin_year(world);
  for (std::size_t p = 0; p < money.programmes.size(); ++p) {
    money.programmes[p].guideline_month[y] =
        draw_guideline_month(world, world.scenario->programmes[p], step);
  }
  for (std::size_t f = 0; f < money.sources.size(); ++f) {
    money.sources[f].effective_month[y] =
        draw_effective_month(world, world.scenario->funding.sources[f], step);
  }
  if (late) return plan_nothing(money);
  vote_budget(world, step);
}

}  // namespace musi::models
