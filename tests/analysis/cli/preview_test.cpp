#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/run_program.h"
#include "tests/support/text.h"

using namespace musi;
using tests::Finished;
using tests::Scratch;
using tests::contains;
using tests::run_program;

namespace {

const std::string small = MUSI_SOURCE_DIR "/tests/scenarios/small.yaml";

/// What a command prints in a folder of its own.
Finished musi_in(const Scratch& scratch, const std::string& arguments) {
  return run_program("cd " + scratch.file(".") + " && " MUSI_PROGRAM " " + arguments);
}

std::vector<nlohmann::json> events(const std::string& text) {
  std::vector<nlohmann::json> all;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) all.push_back(nlohmann::json::parse(line));
  return all;
}

nlohmann::json first_result(const std::string& text) {
  for (const auto& event : events(text)) {
    if (event["event"] == "result") return event;
  }
  return {};
}

}  // namespace

TEST_CASE("a preview prints the table of run and writes no file", "[unit]") {
  const Scratch scratch;
  const std::string flags = small + " -n 20 --set funding.scale_pct=700";
  const Finished preview = musi_in(scratch, "preview --plain " + flags);
  CHECK(preview.code == 0);
  CHECK(contains(preview.err, "no file was written"));
  CHECK(
      contains(preview.err, "musi run " + small + " --set funding.scale_pct=700 --replicates 20"));
  CHECK(std::filesystem::is_empty(scratch.file(".")));
  const Finished run = musi_in(scratch, "run --plain " + flags);
  CHECK(run.code == 0);
  CHECK(preview.out == run.out);
}

TEST_CASE("a preview has fifty futures unless somebody says otherwise", "[unit]") {
  const Scratch scratch;
  const auto futures = [&](const std::string& flags) {
    const Finished done = musi_in(scratch, "preview --json --option current " + small + flags);
    CHECK(done.code == 0);
    CHECK(contains(done.out, "\"file_mib\":0.0,"));
    return first_result(done.out)["replicates"];
  };
  CHECK(futures("") == 50);
  CHECK(futures(" -n 20") == 20);
  CHECK(futures(" --set sampling.replicates=24") == 24);
}

TEST_CASE("a preview tells in both languages what was left on the ground", "[messages]") {
  const Scratch scratch;
  const std::string flags = "preview -n 20 --set funding.scale_pct=3000 --option current " + small;
  const Finished english = musi_in(scratch, flags);
  CHECK(english.code == 0);
  CHECK(contains(english.out, " When 0 % was reached on paper, slum was left on the ground in "));
  CHECK(contains(english.out, " % of the area listed at the start.\n"));
  CHECK_FALSE(contains(english.out, "On the ground (physical, Z1)"));
  const Finished indonesian = musi_in(scratch, "--lang id " + flags);
  CHECK(indonesian.code == 0);
  CHECK(contains(indonesian.out, " Saat 0 % tercapai di atas kertas, di lapangan masih ada "));
  CHECK(contains(indonesian.err, "tidak ada berkas yang ditulis"));
  const auto result = first_result(musi_in(scratch, flags + " --json").out);
  CHECK(result["ground_at_zero"]["futures"] == 20);
  CHECK(result["ground_at_zero"]["area_ha"] > 0.0);
  // A definition that looks at the ground itself leaves nothing to be told.
  const Finished physical = musi_in(scratch, flags + " --set zero.definition=Z3b");
  CHECK_FALSE(contains(physical.out, "on paper"));
}

TEST_CASE("a preview shows points of a sweep as rows, and none with --no-sweep", "[unit]") {
  const Scratch scratch;
  std::filesystem::copy(MUSI_SOURCE_DIR "/tests/scenarios/cities", scratch.file("cities"),
                        std::filesystem::copy_options::recursive);
  scratch.write("swept.yaml", tests::file_text(small) +
                                  "sweep: {around: [current], mode: grid, "
                                  "axes: {funding.scale_pct: [50, 300]}}\n");
  const auto n_results = [&](const std::string& flags) {
    const Finished done = musi_in(scratch, "preview --json -n 20 swept.yaml" + flags);
    CHECK(done.code == 0);
    std::size_t n = 0;
    for (const auto& event : events(done.out)) n += event["event"] == "result";
    return n;
  };
  CHECK(n_results("") == 4);
  CHECK(n_results(" --no-sweep") == 2);
}

TEST_CASE("a preview leaves out options whose lever has to be found", "[messages]") {
  const Scratch scratch;
  std::filesystem::copy(MUSI_SOURCE_DIR "/tests/scenarios/cities", scratch.file("cities"),
                        std::filesystem::copy_options::recursive);
  std::string text = tests::file_text(small);
  const std::string last = "  - {name: double, set: {funding.scale_pct: 200}}\n";
  const std::size_t at = text.find(last);
  REQUIRE(at != std::string::npos);
  text.insert(at + last.size(),
              "  - {name: wanted, solve_for: {vary: funding.scale_pct, between: [50, 900], "
              "until: {chance_of_zero: {by_year: 2025, at_least_pct: 50}}}}\n");
  scratch.write("solved.yaml", text);
  const Finished both = musi_in(scratch, "preview --plain -n 20 solved.yaml");
  INFO(both.err);
  CHECK(both.code == 0);
  CHECK(contains(both.err, "without wanted: the lever of solve_for has to be found first"));
  CHECK(contains(both.out, "\ndouble\t"));
  CHECK_FALSE(contains(both.out, "wanted"));
  const Finished none = musi_in(scratch, "preview -n 20 --option wanted solved.yaml");
  CHECK(none.code == 2);
  CHECK(contains(none.err, "'musi run' finds it"));
}

TEST_CASE("a preview that is stopped answers for the futures that are done", "[unit]") {
  const Scratch scratch;
  const std::string many = "preview -j 2 -n 100000 --no-sweep " + small;
  const Finished late = musi_in(scratch, many + " --time-limit 1s");
  CHECK(late.code == 5);
  CHECK(contains(late.out, "time limit reached: the answer of "));
  CHECK(contains(late.out, " of 100,000 futures of each option."));
  const Finished interrupted =
      run_program(MUSI_PROGRAM " " + many + " & pid=$!; sleep 1; kill -TERM $pid; wait $pid");
  CHECK(interrupted.code == 130);
  CHECK(contains(interrupted.out, "stopped: the answer of "));
}

TEST_CASE("a preview refuses what it cannot use", "[messages]") {
  const Scratch scratch;
  CHECK(musi_in(scratch, "preview").code == 2);
  CHECK(musi_in(scratch, "preview nowhere.yaml").code == 4);
  CHECK(musi_in(scratch, "preview " + small + " -o result.h5").code == 2);
  CHECK(musi_in(scratch, "preview " + small + " --option tripple").code == 2);
  CHECK(musi_in(scratch, "preview " + small + " --set funding.scale_pct=no").code == 2);
  const Finished help = musi_in(scratch, "preview --help");
  CHECK(help.code == 0);
  CHECK(contains(help.out, "default 50"));
}
