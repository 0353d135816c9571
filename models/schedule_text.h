#pragma once

#include <string>

#include "models/world.h"
#include "sim/core/process.h"

namespace musi::models {

/// A schedule as a numbered Markdown table: label, process, cadence, in the order in which the
/// processes act. Stands in models/README.md.
std::string schedule_markdown(const sim::Schedule<World>& schedule);

}  // namespace musi::models
