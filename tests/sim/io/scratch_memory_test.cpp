#include "sim/io/scratch_memory.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "sim/core/error.h"
#include "tests/support/run_program.h"

using namespace musi;
using sim::RecordStore;
using sim::SeriesInfo;

namespace {

std::vector<SeriesInfo> three_kinds() {
  SeriesInfo single, area, count, mean;
  single.name = "paid_total";
  area.name = "slum_area";
  area.dims = {"year"};
  count.name = "zero_year";
  count.is_whole = true;
  mean.name = "mean_only";
  mean.dims = {"year"};
  mean.only_mean = true;
  return {single, area, count, mean};
}

sim::RunRecord record(std::size_t option, std::size_t replicate) {
  const double x = static_cast<double>(100 * option + replicate);
  sim::RunRecord r;
  r.series = {{x / 3.0}, {x, x / 7.0, x / 9.0}, {x}, {x, x, 0.1 * x}};
  return r;
}

void fill(RecordStore& store) {
  for (std::size_t o = 0; o < 2; ++o) {
    for (std::size_t r = 0; r < 500; ++r) store.write(o, r, record(o, r));
  }
}

}  // namespace

TEST_CASE("records kept in a file are those kept in memory, also after they were forgotten",
          "[property]") {
  const tests::Scratch scratch;
  RecordStore in_memory(three_kinds(), {{"year", 3}}, 2, 500);
  RecordStore in_file(three_kinds(), {{"year", 3}}, 2, 500, [&](std::size_t bytes) {
    CHECK(bytes == 2 * 500 * (8 + 3 * 4 + 4));
    return sim::io::make_scratch_memory(scratch.file("numbers"), bytes);
  });
  CHECK(!std::filesystem::exists(scratch.file("numbers")));  // it has no name
  fill(in_memory);
  fill(in_file);
  in_file.forget();
  for (std::size_t o = 0; o < 2; ++o) {
    CHECK(std::ranges::equal(in_memory.doubles(0, o), in_file.doubles(0, o)));
    CHECK(std::ranges::equal(in_memory.floats(1, o), in_file.floats(1, o)));
    in_file.forget();
    CHECK(std::ranges::equal(in_memory.wholes(2, o), in_file.wholes(2, o)));
    CHECK(in_memory.means(3, o) == in_file.means(3, o));
  }
  CHECK(in_file.value(1, 1, 499, 1) == in_memory.value(1, 1, 499, 1));
}

TEST_CASE("space that is not there is missed at once, not when it is written to", "[messages]") {
  const tests::Scratch scratch;
  try {
    sim::io::make_scratch_memory(scratch.file("numbers"), std::size_t{1} << 60u);
    FAIL("an exabyte was found");
  } catch (const sim::IoError& error) {
    CHECK(error.code() == "disk_full");
    CHECK(std::string(error.what()).find("MiB of runs in '" + scratch.file("numbers")) !=
          std::string::npos);
  }
  CHECK_THROWS_AS(sim::io::make_scratch_memory("/no/such/folder/numbers", 10), sim::IoError);
}
