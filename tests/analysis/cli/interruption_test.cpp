#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/run_program.h"
#include "tests/support/text.h"

/// Every command that runs futures is sent SIGTERM once some of them are on the disk. It leaves its
/// kept runs and nothing else; --resume ends with the words and bytes of an undisturbed one.

using namespace musi;
using tests::Finished;
using tests::Scratch;
using tests::contains;
using tests::file_text;
using tests::run_program;

namespace {

namespace fs = std::filesystem;

struct Job {
  std::string command;                 ///< `goal small.yaml ...`
  std::string parts;                   ///< folder of kept runs
  std::vector<std::string> outputs{};  ///< files that a finished one leaves
};

std::string last_line(const std::string& text) {
  const std::size_t end = text.find_last_not_of('\n');
  return text.substr(text.rfind('\n', end) + 1, end);
}

/// A small city in a folder of its own, with two observations.
void study(const Scratch& scratch) {
  const std::string from = MUSI_SOURCE_DIR "/tests/scenarios/";
  fs::create_directories(scratch.file("cities"));
  fs::copy(from + "cities/small", scratch.file("cities/small"), fs::copy_options::recursive);
  fs::copy_file(from + "small.yaml", scratch.file("small.yaml"));
  scratch.write("cities/small/observed.csv",
                "indicator,place,year,month,value,unit,low,high,series,use,status,source,note\n"
                "slum_area,Small,2022,,10.5,ha,,,city,calibrate,reported,made_up,\n"
                "slum_area,Small,2025,,9,ha,,,city,calibrate,reported,made_up,\n");
}

std::vector<std::string> files_below(const Scratch& scratch, const std::string& but = "") {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(scratch.file(""))) {
    if (!entry.is_regular_file()) continue;
    const std::string name = fs::relative(entry.path(), scratch.file("")).string();
    if (but.empty() || !name.starts_with(but)) files.push_back(name);
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string in(const Scratch& scratch, const std::string& arguments) {
  return "cd " + scratch.file("") + " && " MUSI_PROGRAM " " + arguments;
}

/// Sends SIGTERM as soon as a block of finished runs is on the disk, and waits for the end.
Finished terminated(const Scratch& scratch, const Job& job) {
  return run_program("cd " + scratch.file("") + "; " MUSI_PROGRAM " " + job.command +
                     " & pid=$!; for i in $(seq 3000); do ls " + job.parts +
                     "/*.block >/dev/null 2>&1 && break; sleep 0.01; done; kill -TERM $pid; "
                     "wait $pid");
}

void is_interruptible(const Job& job) {
  const Scratch quiet, disturbed;
  study(quiet);
  study(disturbed);
  const auto whole = run_program(in(quiet, job.command + " -j 2"));
  INFO(job.command << "\n" << whole.err);
  REQUIRE(whole.code == 0);
  const auto before = files_below(disturbed, job.parts);

  const Finished stopped = terminated(disturbed, job);
  INFO(stopped.err);
  REQUIRE(stopped.code == 130);
  CHECK_FALSE(contains(stopped.out, last_line(whole.out)));  // no answer of a part
  CHECK(contains(stopped.err, "--resume"));
  CHECK(files_below(disturbed, job.parts) == before);

  const auto unasked = run_program(in(disturbed, job.command));
  CHECK(unasked.code == 4);  // never begins anew over kept runs unasked
  const auto resumed = run_program(in(disturbed, job.command + " -j 1 --resume"));
  INFO(resumed.err);
  REQUIRE(resumed.code == 0);
  CHECK(contains(resumed.err, "runs are there already"));
  CHECK(resumed.out == whole.out);
  for (const std::string& name : job.outputs) {
    INFO(name);
    REQUIRE(fs::exists(quiet.file(name)));
    CHECK(file_text(quiet.file(name)) == file_text(disturbed.file(name)));
  }
  CHECK_FALSE(fs::exists(disturbed.file(job.parts)));
  CHECK(files_below(disturbed) == files_below(quiet));
}

const std::string lever = "--vary funding.total_idr_bn_per_year --between 1..151 ";

}  // namespace

TEST_CASE("a terminated goal leaves kept runs only and resumes to the same answer", "[property]") {
  is_interruptible({.command = "goal small.yaml " + lever +
                               "--chance 5 --by 2026 --definition Z3b -n 24 -o tried.csv",
                    .parts = "results/small.goal.parts",
                    .outputs = {"tried.csv"}});
}

TEST_CASE("a terminated frontier leaves kept runs only and resumes to the same bytes",
          "[property]") {
  is_interruptible({.command = "frontier small.yaml " + lever +
                               "--points 4 --by 2026 --definition Z3b -n 60",
                    .parts = "results/small.frontier.parts",
                    .outputs = {"results/small-frontier.h5"}});
}

TEST_CASE("terminated drivers leave kept runs only and resume to the same bytes", "[property]") {
  is_interruptible({.command = "drivers small.yaml --method sobol -n 24 --of "
                               "paid_idr_bn:2020..2026 --inputs funding.total_idr_bn_per_year",
                    .parts = "results/small.drivers.parts",
                    .outputs = {"results/small-drivers.json"}});
}

TEST_CASE("a terminated calibration leaves kept runs only and resumes to the same bytes",
          "[property]") {
  is_interruptible({.command = "calibrate small.yaml --waves 2 --runs-per-wave 160",
                    .parts = "results/small.calibrate.parts",
                    .outputs = {"results/small.measured.draws.csv",
                                "results/small.calibration.txt"}});
}

TEST_CASE("a terminated reproduction leaves kept runs only and resumes to identical numbers",
          "[property]") {
  const Scratch scratch;
  study(scratch);
  const std::string result = scratch.file("small.h5");
  REQUIRE(run_program(in(scratch, "run small.yaml -n 100 -q -o small.h5")).code == 0);
  const Job job{.command = "reproduce small.h5", .parts = "small.reproduced.parts"};
  const auto before = files_below(scratch, job.parts);
  const Finished stopped = terminated(scratch, job);
  INFO(stopped.err);
  REQUIRE(stopped.code == 130);
  CHECK(stopped.out.empty());
  CHECK(contains(stopped.err, "--resume"));
  const auto left = files_below(scratch, job.parts);
  for (const std::string& name : left) {
    INFO(name);
    CHECK((std::find(before.begin(), before.end(), name) != before.end() ||
           name == "small.reproduced.partial.h5"));
  }
  const auto resumed = run_program(in(scratch, job.command + " -j 1 --resume"));
  INFO(resumed.err);
  CHECK(resumed.code == 0);
  CHECK(contains(resumed.err, "runs are there already"));
  CHECK(contains(resumed.out, "bytes equal"));
  CHECK(files_below(scratch) == before);
}

TEST_CASE("every command that runs futures streams its progress as JSON events", "[unit]") {
  const Scratch scratch;
  study(scratch);
  REQUIRE(run_program(in(scratch, "run small.yaml -n 4 -q -o small.h5")).code == 0);
  const std::vector<std::string> commands{
      "run small.yaml -n 4",
      "goal small.yaml " + lever + "--chance 5 --by 2026 --definition Z3b -n 4",
      "frontier small.yaml " + lever + "--points 2 --by 2026 -n 4",
      "drivers small.yaml --method morris --groups -n 2",
      "calibrate small.yaml --waves 1 --runs-per-wave 40",
      "reproduce small.h5",
  };
  for (const std::string& command : commands) {
    const auto done = run_program(in(scratch, command + " --json"));
    INFO(command << "\n" << done.out);
    CHECK((done.code == 0 || done.code == 6));
    const std::size_t first = done.out.find("\"event\":\"progress\"");
    REQUIRE(first != std::string::npos);
    CHECK(first < done.out.find("\"event\":\"result\""));
    CHECK(contains(done.out, "\"done\":"));
    CHECK(contains(last_line(done.out), "\"event\":\"end\""));
  }
}
