#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "analysis/cli/terminal.h"
#include "analysis/results.h"

/// What commands that read a result have in common.
namespace musi::cli {

/// Warns that the run was stopped, if it was.
void warn_if_incomplete(Terminal& terminal, const analysis::Results& results);

/// The option that --option names, else the first. UsageError for more than one or an unknown one.
std::size_t chosen_option(const analysis::Results& results, const std::vector<std::string>& names);

/// A number with three digits that count, in a language: 4.12, 1,730, 0.00031.
std::string short_number(double value, const std::string& lang);

}  // namespace musi::cli
