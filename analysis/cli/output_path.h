#pragma once

#include <string>

#include "analysis/input_files.h"

/// What every command that runs a scenario checks of the names it was given.
namespace musi::cli {

/// A folder is no scenario: IoError `cannot_open` that says which scenarios are inside.
void refuse_folder(const std::string& path);

/// Makes the folders of an output and finds all that would keep it from being written. IoError
/// `cannot_write`, `overwrites_input`.
void check_output(const std::string& output, const analysis::InputFiles& inputs);

}  // namespace musi::cli
