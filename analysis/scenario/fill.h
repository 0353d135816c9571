#pragma once

#include "analysis/scenario/story.h"
#include "analysis/scenario/tree.h"
#include "models/scenario.h"

namespace musi::analysis {

/// Makes the scenario of a merged tree: every key is looked up in the table, read strictly and put
/// where the model finds it. Keys that are not there keep their defaults. Everything that is wrong
/// with a single key or name is reported; what spans several keys is left to check_scenario.
/// `price_year`: of the city.
models::Scenario fill_scenario(const YamlNode& tree, const ReferenceKeys& references,
                               int price_year, Problems& problems);

/// Built-in sources of money as a mapping by id.
YamlNode built_in_sources();

}  // namespace musi::analysis
