#include <algorithm>

#include "models/livelihoods/aid_purse.h"
#include "models/livelihoods/candidates.h"
#include "models/livelihoods/livelihoods.h"

/// Training: one month of a course for one household, once. MODEL.md 14.1, 16.3.
namespace musi::models {

void Livelihoods::teach(World& world, std::size_t p, const sim::Step& step) const {
  const ProgrammeSpec& programme = world.scenario->programmes[p];
  const double price = city_cost(world, Param::training_month, step);
  AidPurse purse(world, p, Aid::training, step);
  if (purse.affordable(price) == 0) return;
  const auto sites = sites_helped(world, p, step);
  Households& h = world.households;
  for (std::size_t i = 0; i < sites.size(); ++i) {
    const std::size_t places = purse.affordable(price, sites.size() - i);
    if (places == 0) continue;
    const auto rows = poorest_third(world, sites[i], programme, flag::trained, places);
    if (!purse.buy(rows.size(), price)) return;
    for (const std::uint32_t row : rows) {
      h.flags[row] |= flag::trained | flag::helped;
      const auto due = static_cast<std::uint16_t>(step.month + course_months);
      world.support.courses.push_back(
          {.who = {.key = h.record[row].key, .rt = h.record[row].rt, .row = row}, .due = due});
      ++world.state.counts.trained;
    }
  }
}

void Livelihoods::finish_courses(World& world, const sim::Step& step) const {
  const auto effect = static_cast<float>(params_.course_effect);
  std::erase_if(world.support.courses, [&](Course& course) {
    if (step.month < course.due) return false;
    const std::size_t row = find_row(world, course.who);
    if (row < world.households.size_rows()) {
      savings_.raise_income(world, row, effect, step.month);
    }
    return true;
  });
}

}  // namespace musi::models
