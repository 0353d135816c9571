#pragma once

#include "analysis/scenario/reader.h"

namespace musi::analysis {

/// Runs, seed, and uncertain inputs of all variants, each path counted once. An input has a source
/// if it names one that is not only the modelling team's own judgement.
void count_inputs(const std::vector<Variant>& variants, Plan& plan);

/// Takes out problems that another one explains: a key that is missing because it is misspelt.
void drop_consequences(sim::io::Problems& problems);

}  // namespace musi::analysis
