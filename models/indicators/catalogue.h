#pragma once

#include <vector>

#include "models/indicators/indicator.h"

/// All that a run reports, one file per topic. Names are never renamed or reused.
namespace musi::models {

const Indicators& indicator_catalogue();

/// Those that a run of this scenario reports, in the order of the catalogue. `headline_alone`: only
/// those that the headline of a result reads.
std::vector<const Indicator*> indicators_of(const Scenario& scenario, const City& city,
                                            bool headline_alone = false);

void add_area_indicators(Indicators& list);
void add_barrier_indicators(Indicators& list);
void add_people_indicators(Indicators& list);
void add_money_indicators(Indicators& list);
void add_delivery_indicators(Indicators& list);
void add_equity_indicators(Indicators& list);
void add_implementation_indicators(Indicators& list);
void add_quarterly_indicators(Indicators& list);
void add_rt_indicators(Indicators& list);
void add_site_indicators(Indicators& list);
void add_start_indicators(Indicators& list);
void add_target_indicators(Indicators& list);
void add_zero_indicators(Indicators& list);

}  // namespace musi::models
