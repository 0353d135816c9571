#pragma once

#include <memory>
#include <string>
#include <vector>

#include "analysis/cli/command.h"

namespace musi::cli {

/// What `musi` alone prints, INTERFACE 2.1: three commands to type, then the list of commands.
std::string first_screen(const std::string& lang,
                         const std::vector<std::unique_ptr<Command>>& commands);

/// "musi 0.1.0".
std::string version_line();
/// Version, commit, compiler, formats: --version.
std::string version_text();
/// "\"musi\":...,\"commit\":..." for the start event.
std::string version_fields();

}  // namespace musi::cli
