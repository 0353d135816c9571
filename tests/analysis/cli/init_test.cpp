#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "analysis/scenario/reader.h"
#include "analysis/starter.h"
#include "tests/support/run_program.h"
#include "tests/support/text.h"

using namespace musi;
using tests::Scratch;
using tests::contains;
using tests::run_program;

namespace {

namespace fs = std::filesystem;

std::string init(const std::string& arguments) { return MUSI_PROGRAM " init " + arguments; }

std::vector<std::string> scenarios_in(const std::string& folder) {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path().string());
  }
  return files;
}

}  // namespace

TEST_CASE("every starter study can be read without errors outside the repository", "[unit]") {
  for (const std::string name : {"baseline", "four-options", "study"}) {
    const Scratch scratch;
    const std::string folder = scratch.file("my-study");
    const auto made = run_program(init(folder + " --template " + name));
    REQUIRE(made.code == 0);
    CHECK(made.err.empty());
    const auto scenarios = scenarios_in(folder);
    CHECK(!scenarios.empty());
    for (const std::string& file : scenarios) {
      const auto read = analysis::read_scenario(file);
      INFO(file);
      CHECK(read.ok());
      CHECK(read.inputs.find(folder + "/cities/palembang/sites.csv") != nullptr);
    }
    CHECK(fs::exists(folder + "/README.md"));
    CHECK(tests::file_text(folder + "/scenario.schema.json").front() == '{');
  }
}

TEST_CASE("init lists its files and ends with the commands to type next", "[messages]") {
  const Scratch scratch;
  const auto made = run_program(init(scratch.file("s") + " --template four-options"));
  CHECK(contains(made.out, "s/palembang-four-options.yaml\n"));
  CHECK(contains(made.out, "s/cities/palembang/sites.csv\n"));
  CHECK(contains(made.out, "musi check " + scratch.file("s") + "/palembang-four-options.yaml"));
  CHECK(contains(made.out.substr(made.out.size() - 80), "musi run "));
}

TEST_CASE("init refuses to touch an existing file and then writes nothing", "[messages]") {
  const Scratch scratch;
  scratch.write("README.md", "mine");
  const std::string folder = fs::path(scratch.file("x")).parent_path().string();
  const auto refused = run_program(init(folder));
  CHECK(refused.code == 4);
  CHECK(contains(refused.err, "exists; use --force"));
  CHECK(!fs::exists(scratch.file("palembang-baseline.yaml")));
  CHECK(tests::file_text(scratch.file("README.md")) == "mine");

  scratch.write("other.txt", "mine");
  CHECK(run_program(init(folder + " --force")).code == 0);
  CHECK(tests::file_text(scratch.file("README.md")) != "mine");
  CHECK(tests::file_text(scratch.file("other.txt")) == "mine");
}

TEST_CASE("init makes an empty city whose check asks for its sites", "[messages]") {
  const Scratch scratch;
  const std::string folder = scratch.file("s");
  const auto made = run_program(init(folder + " --template city --city jambi"));
  REQUIRE(made.code == 0);
  const auto read = analysis::read_city_folder(folder + "/cities/jambi");
  REQUIRE(read.problems.n_errors() >= 1);
  for (const sim::Problem& problem : read.problems.all()) {
    INFO(problem.place.file << ": " << problem.message);
    const bool is_about_rows = problem.place.file.ends_with(".csv");
    CHECK((is_about_rows || problem.severity != sim::Severity::error));
  }
}

TEST_CASE("init refuses wrong names with exit code 2 and a file as folder with 4", "[messages]") {
  const Scratch scratch;
  CHECK(run_program(init("x --template nothing")).code == 2);
  CHECK(run_program(init("x --template city")).code == 2);
  CHECK(run_program(init("x --template city --city ../up")).code == 2);
  CHECK(run_program(init("x --city jambi")).code == 2);
  const auto refused = run_program(init(scratch.write("f", "text")));
  CHECK(refused.code == 4);
  CHECK(contains(refused.err, "is a file; name a folder"));
}

TEST_CASE("init reports its files as one result event", "[unit]") {
  const Scratch scratch;
  const auto made = run_program(init(scratch.file("s") + " --json"));
  CHECK(made.code == 0);
  CHECK(made.err.empty());
  CHECK(contains(made.out, "\"event\":\"result\""));
  CHECK(contains(made.out, "palembang-baseline.yaml\""));
}
