#include <catch2/catch.hpp>
#include <cstdlib>
#include <string>

#include "tests/support/run_program.h"

using namespace musi;
using tests::Scratch;

namespace {

/// One site, two years: nearly all memory that grows with futures is that of their numbers.
const std::string scenario =
    "schema: 1\n"
    "name: tiny\n"
    "city: " MUSI_SOURCE_DIR "/tests/scenarios/cities/small\n"
    "horizon: {start_year: 2019, end_year: 2020}\n"
    "targets: {headline_year: 2020, years: [2020]}\n"
    "funding: {total_idr_bn_per_year: \"2 to 6\"}\n"
    "start: {subset: [West]}\n"
    "sampling: {replicates: 100, seed: 1}\n"
    "outputs: {works: none}\n";

/// Peak memory of a run [MiB].
double peak_memory(const Scratch& scratch, const std::string& file, const std::string& flags) {
  const auto done = tests::run_program(MUSI_PROGRAM " --json run " + file + " " + flags +
                                       " -j1 --force -o " + scratch.file("r.h5"));
  INFO(done.out);
  REQUIRE(done.code == 0);
  const std::string key = "\"peak_memory_mib\":";
  const std::size_t at = done.out.rfind(key);
  REQUIRE(at != std::string::npos);
  return std::atof(done.out.c_str() + at + key.size());
}

}  // namespace

TEST_CASE("memory does not grow with futures: 2,000 need a twentieth more than 100 at most",
          "[property][slow]") {
  const Scratch scratch;
  const std::string file = scratch.write("tiny.yaml", scenario);
  const double few = peak_memory(scratch, file, "-n 100");
  const double many = peak_memory(scratch, file, "-n 2000");
  INFO(few << " MiB for 100, " << many << " MiB for 2,000");
  CHECK(few > 5.0);
  CHECK(many <= 1.05 * few + 1.0);  // printed as whole MiB
}
