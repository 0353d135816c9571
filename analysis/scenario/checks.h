#pragma once

#include "analysis/city_reader.h"
#include "analysis/scenario/tree.h"
#include "models/scenario.h"

namespace musi::analysis {

/// Rules that span several keys, and names that must exist in the city (S10 to S17, S19 of
/// INTERFACE 3.3). `tree` gives the places. Sets what depends on the horizon where no file does:
/// headline year and years of the tables.
void check_scenario(const YamlNode& tree, const CityData& city, models::Scenario& scenario,
                    Problems& problems);

/// Rows of works.csv for `horizon.replay_until`: programmes and sources that the scenario has,
/// items that can be replayed, months in which they are. Turns replay_until, read as
/// year * 12 + month - 1, into a month of the run. Part of check_scenario.
void check_replay(const YamlNode& tree, const CityData& city, models::Scenario& scenario,
                  Problems& problems);

}  // namespace musi::analysis
