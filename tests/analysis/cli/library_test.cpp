#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "analysis/results.h"
#include "analysis/scenario/reader.h"
#include "tests/support/run_program.h"
#include "tests/support/text.h"

using namespace musi;
using tests::Scratch;
using tests::contains;
using tests::file_text;
using tests::run_program;

namespace {

namespace fs = std::filesystem;

const std::string root = MUSI_SOURCE_DIR "/scenarios";

std::vector<std::string> library() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(root)) {
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

TEST_CASE("the library holds at least 14 scenarios, each listed in its README", "[unit]") {
  CHECK(library().size() >= 14);
  const std::string readme = file_text(root + "/README.md");
  for (const std::string& name : library()) {
    INFO(name);
    CHECK(contains(readme, "| `" + name + "` |"));
  }
}

TEST_CASE("the head of each scenario asks its question and says how to read the answer",
          "[unit]") {
  for (const std::string& name : library()) {
    INFO(name);
    const std::string text = file_text(root + "/" + name);
    const std::string head = text.substr(0, text.find("schema: 1"));
    CHECK(contains(head, "# Question: "));
    CHECK(contains(head, "?\n# Reading: "));
  }
}

TEST_CASE("each scenario of the library runs all its options", "[slow][golden]") {
  const Scratch scratch;
  for (const std::string& name : library()) {
    INFO(name);
    const std::string out = scratch.file(name + ".h5");
    const auto done = run_program(MUSI_PROGRAM " run " + root + "/" + name +
                                  " -n 1 --no-sweep --quiet -o " + out);
    INFO(done.err);
    REQUIRE(done.code == 0);
    const auto read = analysis::read_scenario(root + "/" + name, {.with_sweep = false});
    CHECK(analysis::Results(out).options().size() == read.variants.size());
  }
}
