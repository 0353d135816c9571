#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "analysis/results.h"
#include "analysis/shard_file.h"
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

/// A file with two options, two levels and the points of a sweep, over the small city.
std::string crossed(const Scratch& scratch) {
  return scratch.write("crossed.yaml",
                       "schema: 1\n"
                       "name: crossed\n"
                       "extends: " MUSI_SOURCE_DIR "/tests/scenarios/small.yaml\n"
                       "levels:\n"
                       "  - {name: as-now}\n"
                       "  - {name: helped, set: {participation.facilitators.number: 5}}\n"
                       "sweep:\n"
                       "  around: [current]\n"
                       "  mode: grid\n"
                       "  axes: {funding.scale_pct: [50, 300]}\n"
                       "outputs: {works: all, per_site: all}\n");
}

/// Runs all shards of a file, into `folder`/K.shard, with one and with two threads in turn.
void run_shards(const std::string& file, const std::string& flags, std::size_t n,
                const std::string& folder) {
  for (std::size_t k = 1; k <= n; ++k) {
    const auto done = run_program(run(file + " " + flags + " --shard " + std::to_string(k) + "/" +
                                      std::to_string(n) + " -j" + std::to_string(1 + k % 2) +
                                      " -o " + folder + "/" + std::to_string(k) + ".shard"));
    INFO(done.err);
    REQUIRE(done.code == 0);
  }
}

void require_same_bytes(const std::string& file, const std::string& flags, std::size_t n) {
  const Scratch scratch;
  const auto whole = run_program(run(file + " " + flags + " -o " + scratch.file("whole.h5")));
  INFO(whole.err);
  REQUIRE(whole.code == 0);
  run_shards(file, flags, n, scratch.file(""));
  // Shards may come in any order: 2 to n, then 1.
  std::string parts;
  for (std::size_t k = 2; k <= n; ++k) parts += scratch.file(std::to_string(k) + ".shard ");
  const auto merged = run_program(MUSI_PROGRAM " merge " + parts + scratch.file("1.shard") +
                                  " -o " + scratch.file("merged.h5"));
  INFO(merged.err);
  REQUIRE(merged.code == 0);
  CHECK(merged.out == whole.out);
  CHECK(file_text(scratch.file("whole.h5")) == file_text(scratch.file("merged.h5")));
}

}  // namespace

TEST_CASE("the runs of all shards are all runs, each once, in equal numbers", "[property]") {
  for (const std::size_t n_options : {1u, 3u}) {
    for (const std::size_t n_replicates : {1u, 7u, 40u}) {
      const std::size_t n = n_options * n_replicates;
      for (std::size_t shards = 1; shards <= n; ++shards) {
        std::size_t next = 0;
        for (std::size_t k = 1; k <= shards; ++k) {
          const auto runs = analysis::runs_of({k, shards}, n_options, n_replicates);
          REQUIRE(runs.first == next);
          REQUIRE(runs.size() >= n / shards);
          REQUIRE(runs.size() <= n / shards + 1);
          next = runs.end;
        }
        REQUIRE(next == n);
      }
    }
  }
  const auto runs = analysis::runs_of({2, 2}, 3, 3);  // runs 5 to 8
  CHECK(runs.size() == 4);
  CHECK(runs.at(0).option == 2);
  CHECK(runs.at(0).replicate == 1);
  CHECK(runs.at(1).option == 0);
  CHECK(runs.at(1).replicate == 2);
}

TEST_CASE("a shard is read from K/N and nothing else", "[unit]") {
  CHECK(analysis::parse_shard("2/4")->number == 2);
  CHECK(analysis::parse_shard("2/4")->count == 4);
  for (const char* text : {"", "2", "/", "0/4", "5/4", "2/0", "-1/4", "1.5/4", "a/b", "1/4/2"}) {
    INFO(text);
    CHECK(!analysis::parse_shard(text));
  }
}

TEST_CASE("shards that are merged give the bytes of the undivided run", "[property]") {
  require_same_bytes(small, "-n 21", 4);
}

TEST_CASE("shards of options, levels and a sweep give the bytes of the undivided run",
          "[property]") {
  const Scratch scratch;
  require_same_bytes(crossed(scratch), "-n 5 --seed 3 --set funding.scale_pct=150", 3);
}

TEST_CASE("a shard that was killed goes on with --resume and merges to the same bytes",
          "[property]") {
  const Scratch scratch;
  const std::string flags = small + " -n 1500 --option current";
  const auto whole = run_program(run(flags + " -o " + scratch.file("whole.h5")));
  REQUIRE(whole.code == 0);
  const std::string one = flags + " --shard 1/2 -j1 -o " + scratch.file("1.shard");
  const auto killed = run_program(run(one) + " & pid=$!; for i in $(seq 3000); do [ $(ls " +
                                  scratch.file("1.parts") +
                                  "/*.block 2>/dev/null | wc -l) -ge 2 ] && break; sleep 0.01; "
                                  "done; kill -TERM $pid; wait $pid");
  INFO(killed.err);
  REQUIRE(killed.code == 130);
  CHECK(contains(killed.err, "runs kept."));
  CHECK(contains(killed.err, "--shard 1/2 --resume"));
  CHECK(!fs::exists(scratch.file("1.shard")));
  const auto again = run_program(run(one));
  CHECK(again.code == 4);
  CHECK(contains(again.err, "--resume goes on, --force starts anew"));
  const auto resumed = run_program(run(one + " --resume"));
  INFO(resumed.err);
  REQUIRE(resumed.code == 0);
  CHECK(contains(resumed.err, "runs are there already"));
  CHECK(!fs::exists(scratch.file("1.parts")));
  REQUIRE(run_program(run(flags + " --shard 2/2 -o " + scratch.file("2.shard"))).code == 0);
  const auto merged = run_program(MUSI_PROGRAM " merge " + scratch.file("*.shard") + " -o " +
                                  scratch.file("merged.h5"));
  INFO(merged.err);
  REQUIRE(merged.code == 0);
  CHECK(file_text(scratch.file("whole.h5")) == file_text(scratch.file("merged.h5")));
  // A job that is started again finds its shard complete.
  const auto done = run_program(run(one + " --resume"));
  CHECK(done.code == 0);
  CHECK(contains(done.err, "is up to date; nothing was run"));
}

TEST_CASE("merge refuses shards that are missing, mixed, given twice or cut off, by name",
          "[messages]") {
  const Scratch scratch;
  run_shards(small, "-n 3", 3, scratch.file(""));
  const auto merge = [&](const std::string& parts) {
    return run_program("cd " + scratch.file("") + " && " MUSI_PROGRAM " merge " + parts +
                       " -o merged.h5");
  };
  const auto missing = merge("2.shard");
  CHECK(missing.code == 3);
  CHECK(contains(missing.err, "2 of 3 shards are missing: 1/3, 3/3"));
  CHECK(contains(missing.err, "run them with 'musi run FILE --shard K/N'"));
  fs::copy(scratch.file("2.shard"), scratch.file("copy.shard"));
  const auto twice = merge("1.shard 2.shard 3.shard copy.shard");
  CHECK(twice.code == 3);
  CHECK(contains(twice.err, "copy.shard: error: is shard 2 of 3, and so is '2.shard'"));

  const auto other = run_program(run(small + " -n 4 --seed 5 --shard 3/3 -o " +
                                     scratch.file("other.shard")));
  REQUIRE(other.code == 0);
  const auto mixed = merge("1.shard 2.shard other.shard");
  CHECK(mixed.code == 3);
  CHECK(contains(mixed.err, "other.shard: error: is a shard of another run than '1.shard': they "
                            "differ in flags, replicates"));
  const std::string bytes = file_text(scratch.file("3.shard"));
  scratch.write("cut.shard", bytes.substr(0, bytes.size() - 9));
  const auto cut = merge("1.shard 2.shard cut.shard");
  CHECK(cut.code == 4);
  CHECK(contains(cut.err, "'cut.shard' ends before it should"));
  std::string changed = bytes;
  changed[changed.size() - 200] = static_cast<char>(changed[changed.size() - 200] ^ 1);
  scratch.write("changed.shard", changed);
  const auto damaged = merge("1.shard 2.shard changed.shard");
  CHECK(damaged.code == 4);
  CHECK(contains(damaged.err, "'changed.shard' is damaged"));
  const auto foreign = merge("1.shard 2.shard " + small);
  CHECK(foreign.code == 4);
  CHECK(contains(foreign.err, "is no shard of a run"));
  CHECK(!fs::exists(scratch.file("merged.h5")));
}

TEST_CASE("what needs all futures together is refused with --shard, and says why", "[messages]") {
  const Scratch scratch;
  const std::string here = " -o " + scratch.file("x.shard");
  const auto refused = [&](const std::string& arguments) {
    const auto done = run_program(run(arguments + here));
    INFO(arguments << '\n' << done.err);
    CHECK(done.code == 2);
    return done.err;
  };
  const std::string four = MUSI_SOURCE_DIR "/scenarios/palembang-four-options.yaml --no-sweep";
  CHECK(contains(refused(four + " --shard 1/2"), "option 'hold' has a lever to find (solve_for)"));
  const std::string stops = scratch.write("stops.yaml",
                                          "schema: 1\n"
                                          "name: stops\n"
                                          "extends: " MUSI_SOURCE_DIR
                                          "/tests/scenarios/small.yaml\n"
                                          "sampling: {stop_early: {half_width_pct: 5}}\n");
  CHECK(contains(refused(stops + " --shard 1/2"), "sampling.stop_early), which no shard can know"));
  CHECK(contains(refused(small + " --shard 3/2"), "--shard '3/2' is no part of a whole"));
  CHECK(contains(refused(small + " -n 2 --shard 1/5"), "5 shards: there are only 4 runs"));
  CHECK(contains(refused(small + " --shard 1/2 --report"), "need all shards"));
  CHECK(!fs::exists(scratch.file("x.shard")));
}

TEST_CASE("an MPI launcher and a Kubernetes job run shards by the rank they give", "[unit]") {
  // The lines of analysis/README.md, with the variables that the launchers set.
  const Scratch scratch;
  const auto whole = run_program(run(small + " -n 3 -o " + scratch.file("whole.h5")));
  REQUIRE(whole.code == 0);
  for (const char* rank : {"0", "1"}) {
    const auto done = run_program(
        "cd " + scratch.file("") + " && OMPI_COMM_WORLD_RANK=" + rank +
        " OMPI_COMM_WORLD_SIZE=2 sh -c '" MUSI_PROGRAM " run " + small +
        " -n 3 -j 1 --resume --shard $((OMPI_COMM_WORLD_RANK + 1))/$OMPI_COMM_WORLD_SIZE'");
    INFO(done.err);
    REQUIRE(done.code == 0);
  }
  const auto merged =
      run_program("cd " + scratch.file("") + " && " MUSI_PROGRAM
                  " merge results/small-*-of-2.shard -o merged.h5");
  INFO(merged.err);
  REQUIRE(merged.code == 0);
  CHECK(file_text(scratch.file("whole.h5")) == file_text(scratch.file("merged.h5")));
}

TEST_CASE("cluster slurm prints a script of an array and a merge that waits for it", "[unit]") {
  const auto done = run_program(MUSI_PROGRAM " cluster slurm " + small +
                                " -n 12 --shards 3 --cpus 2 --set funding.scale_pct=120 "
                                "--partition long -o out/x.h5");
  INFO(done.err);
  REQUIRE(done.code == 0);
  CHECK(contains(done.out, "--array=1-3 --cpus-per-task=2"));
  CHECK(contains(done.out, "--requeue"));
  CHECK(contains(done.out, "--partition=long"));
  CHECK(contains(done.out, small + " --set funding.scale_pct=120 --replicates 12"));
  CHECK(contains(done.out, "--shard \"$SLURM_ARRAY_TASK_ID/3\""));
  CHECK(contains(done.out, "--dependency=afterok:\"$shards\""));
  CHECK(contains(done.out, "merge out/x-*-of-3.shard -o out/x.h5 --force"));
  const Scratch scratch;
  CHECK(run_program("bash -n " + scratch.write("script", done.out)).code == 0);
  const auto refused = run_program(MUSI_PROGRAM " cluster pbs " + small);
  CHECK(refused.code == 2);
  CHECK(contains(refused.err, "it knows slurm"));
}
