#include "models/observation/areas.h"

#include "models/stocks/refresh.h"

namespace musi::models {

std::array<double, 4> physical_area_by_class(const World& world) {
  std::array<double, 4> area{};
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    area[static_cast<std::size_t>(world.rts.physical_class[rt])] +=
        static_cast<double>(world.rts.area[rt]);
  }
  return area;
}

double physical_area(const World& world) { return physical_area(physical_area_by_class(world)); }

double physical_area(const std::array<double, 4>& by_class) {
  return by_class[static_cast<std::size_t>(Slum::light)] +
         by_class[static_cast<std::size_t>(Slum::medium)] +
         by_class[static_cast<std::size_t>(Slum::heavy)];
}

double ledger_area(const World& world) {
  const Neighbourhoods& rts = world.rts;
  double area = 0.0;
  for (std::size_t rt = 0; rt < rts.size(); ++rt) {
    if (rts.in_ledger[rt] == 0) continue;
    if (counts_as_slum(*world.scenario, rts.ledger_class[rt], rts.ledger, rt)) {
      area += static_cast<double>(rts.area[rt]);
    }
  }
  return area;
}

double decree_area(const World& world) {
  double area = 0.0;
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    if (world.rts.in_decree[rt] != 0) area += static_cast<double>(world.rts.decree_area[rt]);
  }
  return area;
}

}  // namespace musi::models
