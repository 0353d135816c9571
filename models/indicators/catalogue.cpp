#include "models/indicators/catalogue.h"

#include "models/run.h"

namespace musi::models {

const Indicators& indicator_catalogue() {
  static const Indicators list = [] {
    Indicators all;
    add_zero_indicators(all);
    add_area_indicators(all);
    add_barrier_indicators(all);
    add_people_indicators(all);
    add_money_indicators(all);
    add_site_indicators(all);
    add_start_indicators(all);
    return all;
  }();
  return list;
}

std::vector<sim::SeriesInfo> series_of(const Scenario&, const City&) {
  std::vector<sim::SeriesInfo> series;
  for (const Indicator& indicator : indicator_catalogue()) series.push_back(indicator.info);
  return series;
}

}  // namespace musi::models
