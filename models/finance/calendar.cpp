#include "models/finance/calendar.h"

#include "models/finance/budget.h"
#include "models/finance/guideline.h"
#include "models/observation/barriers.h"

namespace musi::models {

void Calendar::step(World& world, const sim::Step& step) {
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
  vote_budget(world, step);
}

}  // namespace musi::models
