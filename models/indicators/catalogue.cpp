#include "models/indicators/catalogue.h"

#include <algorithm>
#include <string_view>

#include "models/run.h"

namespace musi::models {
namespace {

/// When zero is reached, what is left on the ground then, what it costs, what holds others back.
constexpr std::string_view headline_series[] = {
    "zero_year",           "slum_area",     "start_area",        "paid",
    "barrier_land",        "barrier_money", "barrier_guideline", "barrier_procurement",
    "barrier_participation", "barrier_technical", "barrier_regrowth"};

bool is_in_headline(const Indicator& indicator) {
  return std::find(std::begin(headline_series), std::end(headline_series), indicator.info.name) !=
         std::end(headline_series);
}

}  // namespace

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

std::vector<const Indicator*> indicators_of(const Scenario& scenario, const City& city,
                                            bool headline_alone) {
  std::vector<const Indicator*> wanted;
  for (const Indicator& indicator : indicator_catalogue()) {
    if (headline_alone && !is_in_headline(indicator)) continue;
    if (indicator.is_wanted == nullptr || indicator.is_wanted(scenario, city)) {
      wanted.push_back(&indicator);
    }
  }
  return wanted;
}

std::vector<sim::SeriesInfo> series_of(const Scenario& scenario, const City& city,
                                       bool headline_alone) {
  std::vector<sim::SeriesInfo> series;
  for (const Indicator* indicator : indicators_of(scenario, city, headline_alone)) {
    series.push_back(indicator->info);
  }
  return series;
}

}  // namespace musi::models
