#pragma once

#include <vector>

#include "analysis/experiment.h"
#include "analysis/headline.h"
#include "analysis/results.h"
#include "sim/core/record_store.h"

/// From the numbers of runs to what the headline tells of each option.
namespace musi::analysis {

/// What each option of a result left behind.
std::vector<OptionOutcome> outcomes_of(const Results& results, const HeadlineQuestion& question);

/// The same of futures computed for the headline alone (Experiment::ask_headline_alone), as far as
/// all options have them: equal, number by number, to what a result file of the same futures gives,
/// except that a future that ended with its zero is told by what was left on the ground then. Empty
/// if not one future is there.
std::vector<OptionOutcome> outcomes_of(const sim::RecordStore& store, const Experiment& experiment,
                                       const HeadlineQuestion& question);

}  // namespace musi::analysis
