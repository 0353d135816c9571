#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "analysis/serve/study.h"

/// A future takes a second of computing, a reader wants to see something in 0.3 s. So the first
/// futures of the settings that are one step away are computed while the reader looks.
namespace musi::analysis::serve {

/// Values of the levers of the first screen between which a slider moves during a drag, as they are
/// written in a scenario.
const std::map<std::string, std::vector<std::string>>& anchors();

/// Questions that differ from this one in one lever, which stands `step` anchors away; levers that
/// were moved first.
std::vector<Question> neighbours(const Study& study, const Question& question, std::size_t step);
/// Steps after which there are no neighbours left.
std::size_t most_steps();

/// Computes the first futures of the neighbours that lack them. False if cancelled. `progress`:
/// after each neighbour.
bool look_ahead(Study& study, const Question& question, std::size_t step, std::size_t n_futures,
                std::size_t n_threads, const sim::Cancellation& cancellation,
                const std::function<void(std::size_t done, std::size_t total)>& progress);

}  // namespace musi::analysis::serve
