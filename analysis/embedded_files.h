#pragma once

#include <span>
#include <string_view>

namespace musi::analysis {

/// A file below `scenarios/` as it was when the program was built.
struct EmbeddedFile {
  std::string_view name;  ///< relative to `scenarios/`: "cities/palembang/sites.csv"
  std::string_view bytes;
};

/// Scenarios, the Palembang folder and the method tables, sorted by name. They serve `init` and
/// stand in where a path is not found.
std::span<const EmbeddedFile> embedded_files();

}  // namespace musi::analysis
