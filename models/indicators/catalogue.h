#pragma once

#include "models/indicators/indicator.h"

/// All that a run reports, one file per topic. Names are never renamed or reused.
namespace musi::models {

const Indicators& indicator_catalogue();

void add_area_indicators(Indicators& list);
void add_barrier_indicators(Indicators& list);
void add_people_indicators(Indicators& list);
void add_money_indicators(Indicators& list);
void add_site_indicators(Indicators& list);
void add_start_indicators(Indicators& list);
void add_zero_indicators(Indicators& list);

}  // namespace musi::models
