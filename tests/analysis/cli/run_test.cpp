#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "analysis/results.h"
#include "tests/support/run_program.h"
#include "tests/support/text.h"

using namespace musi;
using tests::Finished;
using tests::Scratch;
using tests::contains;
using tests::file_text;
using tests::run_program;

namespace {

namespace fs = std::filesystem;

const std::string small = MUSI_SOURCE_DIR "/tests/scenarios/small.yaml";

std::string run(const std::string& arguments) { return MUSI_PROGRAM " run " + arguments; }

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t from = 0;
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', from)) {
    lines.push_back(text.substr(from, at - from));
    from = at + 1;
  }
  return lines;
}

/// Starts a run, sends `signal` as soon as two blocks are on the disk, and waits for its end.
Finished stopped_run(const std::string& arguments, const std::string& parts,
                     const std::string& signal) {
  return run_program(run(arguments) + " & pid=$!; for i in $(seq 3000); do [ $(ls " + parts +
                     "/*.block 2>/dev/null | wc -l) -ge 2 ] && break; sleep 0.01; done; kill -" +
                     signal + " $pid; wait $pid");
}

std::vector<fs::path> blocks_in(const std::string& parts) {
  std::vector<fs::path> blocks;
  for (const auto& entry : fs::directory_iterator(parts)) {
    if (entry.path().extension() == ".block") blocks.push_back(entry.path());
  }
  return blocks;
}

/// The small scenario in a folder of its own, so that it can be changed.
std::string own_copy(const Scratch& scratch) {
  fs::copy(MUSI_SOURCE_DIR "/tests/scenarios/cities", scratch.file("cities"),
           fs::copy_options::recursive);
  return scratch.write("small.yaml", file_text(small));
}

}  // namespace

TEST_CASE("run writes a complete result and prints the answer", "[unit]") {
  const Scratch scratch;
  const std::string output = scratch.file("deep/er/small.h5");
  const auto done = run_program(run(small + " -n 6 -o " + output));
  INFO(done.err);
  REQUIRE(done.code == 0);
  CHECK(contains(done.out, "Chance that Small has 0 % slum area (ledger, Z2a)"));
  CHECK(contains(done.out, " current "));
  CHECK(contains(done.out, " double "));
  CHECK(contains(done.err, "small.yaml: 2 options x 6 futures, seed 17"));
  CHECK(contains(done.err, "wrote " + output));
  CHECK(contains(done.err, "next:  musi inspect " + output + " --assumptions"));
  CHECK(contains(done.err, "musi report " + output));
  const analysis::Results results(output);
  CHECK(results.is_complete());
  CHECK(results.n_replicates() == 6);
  CHECK(results.options() == std::vector<std::string>{"current", "double"});
  CHECK(!fs::exists(scratch.file("deep/er/small.parts")));
  CHECK(!fs::exists(output + ".lock"));
}

TEST_CASE("a result that is up to date is printed again and nothing is run", "[unit]") {
  const Scratch scratch;
  const std::string output = scratch.file("small.h5");
  const auto first = run_program(run(small + " -n 4 -o " + output));
  REQUIRE(first.code == 0);
  const std::string bytes = file_text(output);
  const auto second = run_program(run(small + " -n 4 -o " + output));
  CHECK(second.code == 0);
  CHECK(second.out == first.out);
  CHECK(contains(second.err, "is up to date; nothing was run"));
  CHECK(file_text(output) == bytes);
}

TEST_CASE("a result of other inputs is replaced only with --force", "[messages]") {
  const Scratch scratch;
  const std::string output = scratch.file("small.h5");
  const std::string file = own_copy(scratch);
  REQUIRE(run_program(run(file + " -n 4 -o " + output)).code == 0);
  const std::string bytes = file_text(output);
  const auto other_number = run_program(run(file + " -n 5 -o " + output));
  CHECK(other_number.code == 4);
  CHECK(contains(other_number.err, "use --force to replace it"));
  std::ofstream(scratch.file("cities/small/sites.csv"), std::ios::app)
      << "S-04,04,Fourth,West,West,-3.0,104.7,0,none,0.0,3.0,40,2.0,synthetic,2,120,synthetic,80,"
         "0,1,0.1,assumed,made_up,\n";
  CHECK(run_program(run(file + " -n 4 -o " + output)).code == 3);  // four sites, three expected
  const std::string city = file_text(scratch.file("cities/small/city.yaml"));
  scratch.write("cities/small/city.yaml", city + "# changed\n");
  fs::copy_file(MUSI_SOURCE_DIR "/tests/scenarios/cities/small/sites.csv",
                scratch.file("cities/small/sites.csv"), fs::copy_options::overwrite_existing);
  CHECK(run_program(run(file + " -n 4 -o " + output)).code == 4);
  CHECK(file_text(output) == bytes);
  CHECK(run_program(run(file + " -n 5 --force -o " + output)).code == 0);
  CHECK(analysis::Results(output).n_replicates() == 5);
}

TEST_CASE("outputs that cannot be written are found before the run", "[messages]") {
  const Scratch scratch;
  const std::string file = own_copy(scratch);
  const std::string blocker = scratch.write("blocker", "text");
  const auto parent = run_program(run(file + " -n 2 -o " + blocker + "/x.h5"));
  CHECK(parent.code == 4);
  CHECK(contains(parent.err, "cannot write"));
  CHECK(run_program(run(file + " -n 2 -o " + scratch.file("cities"))).code == 4);
  CHECK(run_program(run(file + " -n 2 -o /dev/full --force")).code == 4);
  for (const std::string& input : {file, scratch.file("cities/small/sites.csv")}) {
    const auto refused = run_program(run(file + " -n 2 --force -o " + input));
    CHECK(refused.code == 4);
    CHECK(contains(refused.err, "is an input of this run"));
  }
  CHECK(file_text(file) == file_text(small));
}

TEST_CASE("run refuses folders, missing and unreadable files with exit code 4", "[messages]") {
  const Scratch scratch;
  const auto folder = run_program(run(MUSI_SOURCE_DIR "/tests/scenarios"));
  CHECK(folder.code == 4);
  CHECK(contains(folder.err, "is a folder; scenarios inside: "));
  CHECK(run_program(run(scratch.file("none.yaml"))).code == 4);
  const auto picture =
      run_program(run(scratch.write("x.yaml", std::string("\x89PNG\r\n\x1a\n", 8))));
  CHECK(picture.code == 3);
  const auto result =  // the beginning of a result that was cut off
      run_program(run(scratch.write("x.h5", std::string("\x89HDF\r\n\x1a\n", 8))));
  CHECK(result.code == 4);
}

TEST_CASE("all files are checked before any is run", "[messages]") {
  const Scratch scratch;
  const std::string bad = scratch.write("bad.yaml", "schema: 1\n");
  const auto refused = run_program("cd " + scratch.file("") + " && " + run(small + " " + bad));
  CHECK(refused.code == 3);
  CHECK(contains(refused.err, "bad.yaml"));
  CHECK(!fs::exists(scratch.file("results/small.h5")));
  CHECK(run_program(run(small + " " + bad + " -o x.h5")).code == 2);
}

TEST_CASE("results have the same bytes for any number of threads", "[property]") {
  const Scratch scratch;
  const std::string a = scratch.file("a.h5"), b = scratch.file("b.h5");
  REQUIRE(run_program(run(small + " -n 10 -j 1 -o " + a)).code == 0);
  REQUIRE(run_program("MUSI_THREADS=3 " + run(small + " -n 10 -o " + b)).code == 0);
  CHECK(file_text(a) == file_text(b));
}

TEST_CASE("leaving out options changes no number of the others", "[property]") {
  const Scratch scratch;
  const std::string all = scratch.file("all.h5"), one = scratch.file("one.h5");
  REQUIRE(run_program(run(small + " -n 5 -o " + all)).code == 0);
  REQUIRE(run_program(run(small + " -n 5 --option double -o " + one)).code == 0);
  const analysis::Results a(all), b(one);
  CHECK(b.options() == std::vector<std::string>{"double"});
  CHECK(a.series("slum_area", a.option_index("double")) == b.series("slum_area", 0));
}

TEST_CASE("a terminated run leaves a partial result and resumes to the same bytes", "[property]") {
  const Scratch scratch;
  const std::string whole = scratch.file("whole.h5"), output = scratch.file("small.h5");
  const std::string arguments = small + " -n 200 -o " + output;
  const std::string parts = scratch.file("small.parts");
  REQUIRE(run_program(run(small + " -n 200 -o " + whole)).code == 0);

  const auto stopped = stopped_run(arguments, parts, "TERM");
  REQUIRE(stopped.code == 130);
  CHECK(contains(stopped.err, "stopped. "));
  CHECK(contains(stopped.err, "--resume    continues with the same numbers"));
  CHECK(!fs::exists(output));
  if (fs::exists(scratch.file("small.partial.h5"))) {
    const analysis::Results partial(scratch.file("small.partial.h5"));
    CHECK(!partial.is_complete());
    CHECK(partial.n_replicates() < 200);
    CHECK(partial.replicates_planned() == 200);
  }

  const auto again = run_program(run(arguments));
  CHECK(again.code == 4);
  CHECK(contains(again.err, "an unfinished run with "));
  CHECK(contains(again.err, " of 400 runs"));

  const auto resumed = run_program(run(arguments + " --resume"));
  INFO(resumed.err);
  REQUIRE(resumed.code == 0);
  CHECK(contains(resumed.err, "runs are there already"));
  CHECK(file_text(output) == file_text(whole));
  CHECK(!fs::exists(parts));
  CHECK(!fs::exists(scratch.file("small.partial.h5")));
}

TEST_CASE("a killed run resumes to the same bytes, also with damaged blocks", "[property]") {
  const Scratch scratch;
  const std::string whole = scratch.file("whole.h5"), output = scratch.file("small.h5");
  const std::string arguments = small + " -n 200 -o " + output;
  const std::string parts = scratch.file("small.parts");
  REQUIRE(run_program(run(small + " -n 200 -o " + whole)).code == 0);

  const auto killed = stopped_run(arguments, parts, "KILL");
  REQUIRE(killed.code == 137);
  CHECK(!fs::exists(output));
  const auto blocks = blocks_in(parts);
  REQUIRE(blocks.size() >= 2);
  fs::resize_file(blocks.front(), fs::file_size(blocks.front()) - 1);

  const auto resumed = run_program(run(arguments + " --resume"));
  INFO(resumed.err);
  REQUIRE(resumed.code == 0);
  CHECK(contains(resumed.err, "1 damaged blocks were discarded"));
  CHECK(file_text(output) == file_text(whole));
}

TEST_CASE("a run resumed with changed inputs is refused with their list", "[messages]") {
  const Scratch scratch;
  const std::string file = own_copy(scratch);
  const std::string output = scratch.file("small.h5"), parts = scratch.file("small.parts");
  const std::string arguments = file + " -n 200 -o " + output;
  REQUIRE(stopped_run(arguments, parts, "KILL").code == 137);
  scratch.write("cities/small/NOTES.md",
                file_text(scratch.file("cities/small/NOTES.md")) + "more\n");
  const auto notes = run_program(run(arguments + " --resume --seed 18"));
  CHECK(notes.code == 3);
  CHECK(contains(notes.err, "cannot resume: inputs or program have changed"));
  CHECK(contains(notes.err, "seed"));
  const auto more = run_program(run(file + " -n 210 -o " + output + " --resume --json"));
  INFO(more.out);
  if (!contains(more.out, "cannot_resume")) CHECK(more.code == 0);
  const auto fresh = run_program(run(file + " -n 3 -o " + scratch.file("y.h5") + " --resume"));
  CHECK(fresh.code == 0);
  CHECK(contains(fresh.err, "nothing to resume"));
}

TEST_CASE("more futures than before may be resumed", "[property]") {
  const Scratch scratch;
  const std::string whole = scratch.file("whole.h5"), output = scratch.file("small.h5");
  REQUIRE(run_program(run(small + " -n 210 -o " + whole)).code == 0);
  REQUIRE(stopped_run(small + " -n 200 -o " + output, scratch.file("small.parts"), "KILL").code ==
          137);
  const auto resumed = run_program(run(small + " -n 210 --resume -o " + output));
  INFO(resumed.err);
  REQUIRE(resumed.code == 0);
  CHECK(file_text(output) == file_text(whole));
}

TEST_CASE("a time limit ends with 5 and a result that can go on", "[messages]") {
  const Scratch scratch;
  const std::string output = scratch.file("small.h5");
  const auto stopped = run_program(run(small + " -n 5000 --time-limit 2s -o " + output));
  INFO(stopped.err);
  CHECK(stopped.code == 5);
  CHECK(contains(stopped.err, "time limit reached. "));
  CHECK(fs::exists(scratch.file("small.parts/manifest.json")));
  CHECK(!fs::exists(output));
}

TEST_CASE("two runs into one output exclude each other", "[messages]") {
  const Scratch scratch;
  const std::string arguments = small + " -n 5000 -o " + scratch.file("small.h5");
  const auto second =
      run_program(run(arguments) + " & pid=$!; for i in $(seq 3000); do [ -e " +
                  scratch.file("small.parts") + "/manifest.json ] && break; sleep 0.01; done; " +
                  run(arguments) + "; code=$?; kill -TERM $pid; wait $pid; exit $code");
  CHECK(second.code == 4);
  CHECK(contains(second.err, "another run writes to "));
  CHECK(contains(second.err, "process "));
}

TEST_CASE("an expectation that is not met is exit code 6", "[messages]") {
  const Scratch scratch;
  const std::string to = " -n 4 -o " + scratch.file("small.h5");
  CHECK(run_program(run(small + to + " --expect 'slum_area_ha:2020>=0'")).code == 0);
  const auto missed = run_program(run(small + to + " --expect 'current:chance_by:2025>100'"));
  CHECK(missed.code == 6);
  CHECK(contains(missed.err, "not met: --expect current:chance_by:2025>100: current has "));
  CHECK(run_program(run(small + to + " --expect 'paid_idr_bn:2020..2022>1000000'")).code == 6);
  CHECK(run_program(run(small + to + " --expect 'zero_year:90<=2000'")).code == 6);
}

TEST_CASE("events come in order and the last one is the end", "[unit]") {
  const Scratch scratch;
  const auto json = run_program(run(small + " -n 4 --json -o " + scratch.file("small.h5")));
  CHECK(json.code == 0);
  CHECK(json.err.empty());
  const auto lines = lines_of(json.out);
  REQUIRE(lines.size() >= 6);
  CHECK(contains(lines.front(), "\"event\":\"start\""));
  CHECK(contains(lines.front(), "\"json_format\":1"));
  CHECK(contains(json.out, "\"event\":\"plan\""));
  CHECK(contains(json.out, "\"option\":\"double\",\"level\":\"\",\"chance_pct\":{\"2022\":["));
  CHECK(contains(json.out, "\"kind\":\"result\""));
  CHECK(contains(lines.back(), "\"event\":\"end\""));
  CHECK(contains(lines.back(), "\"exit_code\":0,\"status\":\"done\""));
  CHECK(contains(lines.back(), "\"runs\":8"));
}

TEST_CASE("plain output is a table of tabs with one header line", "[messages]") {
  const Scratch scratch;
  const auto plain = run_program(run(small + " -n 4 --plain -o " + scratch.file("small.h5")));
  const auto lines = lines_of(plain.out);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].starts_with("option\tby 2025\t"));
  CHECK(lines[1].starts_with("current\t"));
}

TEST_CASE("results hold no absolute path and no date", "[property]") {
  const Scratch scratch;
  const std::string file = own_copy(scratch);
  const std::string a = scratch.file("a.h5"), b = scratch.file("b.h5");
  REQUIRE(run_program(run(file + " -n 2 -o " + a)).code == 0);
  REQUIRE(run_program("cd " + scratch.file("") + " && " + run("small.yaml -n 2 -o b.h5")).code ==
          0);
  CHECK(file_text(a) == file_text(b));
  CHECK(!contains(file_text(a), scratch.file("")));

  // Folders of the same name as built-in ones must not change what built-in files are called.
  const std::string c = scratch.file("c.h5");
  REQUIRE(run_program("cd " MUSI_SOURCE_DIR " && " + run(file + " -n 2 -o " + c)).code == 0);
  CHECK(file_text(a) == file_text(c));
}
