#pragma once

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace musi::tests {

/// Whole text of a file of the repository.
inline std::string repository_text(const std::string& name) {
  std::ifstream file(std::string(MUSI_SOURCE_DIR) + "/" + name, std::ios::binary);
  INFO("reading " << name);
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// Demands that the section of a document between the marks
///     <!-- BEGIN generated NAME -->  and  <!-- END generated NAME -->
/// is `wanted`. With UPDATE_GOLDEN set in the environment the section is written instead.
inline void require_generated(const std::string& document, const std::string& name,
                              const std::string& wanted) {
  const std::string begin = "<!-- BEGIN generated " + name + " -->\n";
  const std::string end = "<!-- END generated " + name + " -->";
  const std::string text = repository_text(document);
  const std::size_t first = text.find(begin);
  const std::size_t last = text.find(end);
  INFO(document << " needs the marks of '" << name << "', each once, in this order");
  REQUIRE(first != std::string::npos);
  REQUIRE(last != std::string::npos);
  REQUIRE(first < last);
  const std::size_t start = first + begin.size();
  if (text.substr(start, last - start) == wanted) {
    SUCCEED("up to date");
    return;
  }
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    std::ofstream file(std::string(MUSI_SOURCE_DIR) + "/" + document, std::ios::binary);
    file << text.substr(0, start) << wanted << text.substr(last);
    WARN("wrote section '" << name << "' of " << document);
    return;
  }
  INFO("section '" << name << "' of " << document
                   << " is out of date; refresh it with UPDATE_GOLDEN=1 tests/run -R \""
                   << Catch::getResultCapture().getCurrentTestName() << '"');
  CHECK(text.substr(start, last - start) == wanted);
}

}  // namespace musi::tests
