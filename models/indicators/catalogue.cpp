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
    add_delivery_indicators(all);
    add_equity_indicators(all);
    add_target_indicators(all);
    add_rt_indicators(all);
    add_implementation_indicators(all);
    add_quarterly_indicators(all);  // last: copies of others
    return all;
  }();
  return list;
}

std::vector<const Indicator*> indicators_of(const Scenario& scenario, const City& city) {
  std::vector<const Indicator*> wanted;
  for (const Indicator& indicator : indicator_catalogue()) {
    if (indicator.is_wanted == nullptr || indicator.is_wanted(scenario, city)) {
      wanted.push_back(&indicator);
    }
  }
  return wanted;
}

std::vector<sim::SeriesInfo> series_of(const Scenario& scenario, const City& city) {
  std::vector<sim::SeriesInfo> series;
  for (const Indicator* indicator : indicators_of(scenario, city)) {
    series.push_back(indicator->info);
  }
  return series;
}

}  // namespace musi::models
