#include "models/allocation/adaptive.h"

#include <algorithm>

#include "models/observation/books.h"

namespace musi::models {
namespace {

TargetPath path_of(const World& world) {
  return world.scenario->targets.path.value_or(world.city->target_path);
}

}  // namespace

double official_area(const World& world, int year_index) {
  const TargetPath path = path_of(world);
  const double base = world.start.area_ha;
  double area = base;
  for (int y = 0; y <= year_index; ++y) {
    const int year = world.scenario->clock.start_year + y;
    area = std::max(0.0, area - official_reduction(path, base, area, year));
  }
  return area;
}

bool moves_money_to_concentrate(World& world, const sim::Step& step) {
  const int last_year = sim::Clock::year_index(step.month) - 1;
  if (!world.scenario->allocation.adaptive || last_year < 0) return false;
  if (path_of(world).kind == TargetPath::Kind::none) return false;
  const bool is_above = world.state.reported_area > official_area(world, last_year);
  int& years = world.state.years_above_path;
  years = is_above ? years + 1 : 0;
  return years >= patience_years;
}

}  // namespace musi::models
