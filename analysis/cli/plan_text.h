#pragma once

#include <cstddef>
#include <string>

#include "analysis/experiment.h"

/// What a run will do, in words.
namespace musi::cli {

/// Two lines for a terminal: files and city, then options and futures.
std::string plan_text(const analysis::Experiment& experiment, std::size_t n_threads,
                      const std::string& lang);
/// One line for a log.
std::string plan_line(const analysis::Experiment& experiment, std::size_t n_threads,
                      const std::string& lang);
/// What `check` adds: runs, memory, file size, time, inputs without source.
std::string cost_text(const analysis::Experiment& experiment, std::size_t n_threads,
                      const std::string& lang);
/// Fields of the JSON event `plan`.
std::string plan_fields(const analysis::Experiment& experiment, std::size_t n_threads);

}  // namespace musi::cli
