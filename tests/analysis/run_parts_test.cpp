#include "analysis/run_parts.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include "tests/support/run_program.h"

using namespace musi;
using namespace musi::analysis;

namespace {

namespace fs = std::filesystem;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

const std::vector<sim::SeriesInfo> series{{.name = "area", .dims = {"year"}},
                                          {.name = "total"},
                                          {.name = "zero", .dims = {"year"}, .is_whole = true}};
const std::map<std::string, std::size_t> lengths{{"year", 2}};

sim::RunRecord record(double x) { return {{{x, nan}, {x / 3.0}, {2019.0 + x, nan}}}; }

/// Records of one option, replicates [first, last), as blocks of `runs` each.
void keep(RunParts& parts, std::size_t option, std::size_t first, std::size_t last) {
  std::vector<std::string> encoded;
  for (std::size_t r = first; r < last; ++r) {
    encoded.push_back(parts.encoded(record(static_cast<double>(r))));
  }
  parts.keep(option, first, encoded);
}

}  // namespace

TEST_CASE("records come back from their blocks bit by bit, missing ones included", "[unit]") {
  const tests::Scratch scratch;
  RunParts parts(scratch.file("x.parts"), series, lengths);
  parts.begin({{"seed", "1"}});
  keep(parts, 0, 0, 3);
  keep(parts, 1, 0, 2);

  RunParts again(scratch.file("x.parts"), series, lengths);
  CHECK(again.count() == 5);
  CHECK(again.load().empty());
  CHECK(again.n_loaded() == 5);
  CHECK(again.has(0, 2));
  CHECK(!again.has(1, 2));
  const sim::RunRecord found = again.record(1, 1);
  CHECK(found.series[0][0] == 1.0);
  CHECK(std::isnan(found.series[0][1]));
  CHECK(found.series[1][0] == 1.0 / 3.0);
  CHECK(found.series[2][0] == 2020.0);
  CHECK(std::isnan(found.series[2][1]));
}

TEST_CASE("a block with one flipped bit or a missing end is discarded by name", "[unit]") {
  const tests::Scratch scratch;
  RunParts parts(scratch.file("x.parts"), series, lengths);
  parts.begin({});
  for (std::size_t first = 0; first < 4; ++first) keep(parts, 0, first, first + 1);
  std::vector<fs::path> blocks;
  for (const auto& entry : fs::directory_iterator(scratch.file("x.parts"))) {
    if (entry.path().extension() == ".block") blocks.push_back(entry.path());
  }
  std::sort(blocks.begin(), blocks.end());
  REQUIRE(blocks.size() == 4);
  std::string bytes = tests::file_text(blocks[1]);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  std::ofstream(blocks[1], std::ios::binary) << bytes;
  fs::resize_file(blocks[2], 40);
  fs::resize_file(blocks[3], 0);

  RunParts again(scratch.file("x.parts"), series, lengths);
  CHECK(again.count() == 1);
  CHECK(again.load().size() == 3);
  CHECK(again.n_loaded() == 1);
  CHECK(again.has(0, 0));
  CHECK(!fs::exists(blocks[1]));
}

TEST_CASE("the manifest names every input that differs, is new or is gone", "[unit]") {
  const tests::Scratch scratch;
  RunParts parts(scratch.file("x.parts"), series, lengths);
  parts.begin({{"program", "a"}, {"seed", "1"}, {"sites.csv", "b"}});
  CHECK(parts.changes({{"program", "a"}, {"seed", "1"}, {"sites.csv", "b"}}).empty());
  CHECK(parts.changes({{"program", "a"}, {"seed", "2"}, {"budgets.csv", "b"}}) ==
        std::vector<std::string>{"seed", "budgets.csv", "sites.csv"});
  scratch.write("x.parts/manifest.json", "{\"program\":");
  CHECK(parts.changes({{"program", "a"}}) == std::vector<std::string>{"manifest.json"});
}

TEST_CASE("a recorder writes full batches at once and the rest when told", "[unit]") {
  const tests::Scratch scratch;
  RunParts parts(scratch.file("x.parts"), series, lengths);
  parts.begin({});
  sim::RecordStore store(series, lengths, 1, 10);
  KeepingRecorder recorder(store, parts, 4);
  for (std::size_t r = 0; r < 6; ++r) recorder.write(0, r, record(static_cast<double>(r)));
  CHECK(parts.count() == 4);
  recorder.flush();
  CHECK(parts.count() == 6);
  CHECK(store.has(0, 5));
  CHECK(!store.has(0, 6));
}

TEST_CASE("rows of a ragged table come back with their record", "[unit]") {
  const tests::Scratch scratch;
  RunParts parts(scratch.file("x.parts"), series, lengths);
  parts.begin({});
  sim::RunRecord with = record(1.0), without = record(2.0);
  with.rows = {1.5f, 2.5f, 3.5f};
  parts.keep(0, 0, {parts.encoded(with), parts.encoded(without), parts.encoded(with)});

  RunParts again(scratch.file("x.parts"), series, lengths);
  CHECK(again.load().empty());
  CHECK(again.record(0, 0).rows == with.rows);
  CHECK(again.record(0, 1).rows.empty());
  CHECK(again.record(0, 1).series[0][0] == 2.0);
  CHECK(again.record(0, 2).rows == with.rows);
}
