#pragma once

#include <string>

namespace musi::analysis {

/// The model parameters as Markdown tables, one per group in the order of parameters.def: key
/// inside `parameters:` of a scenario, meaning, unit, low, central, high, form of the distribution,
/// redraw, status, source. Numbers are in the unit of the scenario key. Stands in models/README.md.
std::string parameter_tables_markdown();

/// How many parameters have each status, and how many are assumed, as one Markdown table.
std::string parameter_status_markdown();

}  // namespace musi::analysis
