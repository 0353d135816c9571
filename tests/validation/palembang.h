#pragma once

#include <catch2/catch.hpp>
#include <string>

#include "analysis/scenario/reader.h"

/// The shipped city and its scenarios.
namespace musi::tests {

inline analysis::ReadResult read(const std::string& file, const std::string& option = "") {
  analysis::ReadOptions options;
  if (!option.empty()) options.options = {option};
  auto result = analysis::read_scenario(file, options);
  REQUIRE(result.ok());
  return result;
}

inline std::string shipped(const std::string& name) {
  return MUSI_SOURCE_DIR "/scenarios/" + name;
}

}  // namespace musi::tests
