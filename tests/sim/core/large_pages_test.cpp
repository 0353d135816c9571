#include "sim/core/large_pages.h"

#include <catch2/catch.hpp>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <limits>
#include <new>
#include <string>

using namespace musi;

namespace {

/// Flags of the piece of memory that holds `place`, as the system prints them; empty: unknown.
std::string flags_of_memory(const void* place) {
  const auto wanted = reinterpret_cast<std::uintptr_t>(place);
  std::ifstream maps("/proc/self/smaps");
  bool is_here = false;
  for (std::string line; std::getline(maps, line);) {
    unsigned long long from = 0, to = 0;
    if (std::sscanf(line.c_str(), "%llx-%llx ", &from, &to) == 2) {
      is_here = from <= wanted && wanted < to;
    } else if (is_here && line.starts_with("VmFlags:")) {
      return line;
    }
  }
  return "";
}

}  // namespace

TEST_CASE("a long column begins at a large page and asks the system for large pages", "[unit]") {
  sim::Column<std::uint32_t> column(sim::bytes_of_long_column / sizeof(std::uint32_t), 7u);
  CHECK(reinterpret_cast<std::uintptr_t>(column.data()) % (std::uintptr_t{2} << 20) == 0);
  const std::string flags = flags_of_memory(column.data());
  if (!flags.empty()) CHECK(flags.find(" hg") != std::string::npos);
}

TEST_CASE("a column keeps its rows when it grows long and when it is copied", "[unit]") {
  sim::Column<std::uint32_t> column;
  for (std::uint32_t i = 0; i < 300'000; ++i) column.push_back(i);
  const sim::Column<std::uint32_t> copy = column;
  column.assign(column.size(), 0);
  std::size_t wrong = 0;
  for (std::uint32_t i = 0; i < copy.size(); ++i) wrong += copy[i] != i;
  CHECK(wrong == 0);
}

TEST_CASE("a column that no machine can hold is refused", "[unit]") {
  CHECK_THROWS_AS(sim::memory_of_column(std::numeric_limits<std::size_t>::max() - 5),
                  std::bad_alloc);
  CHECK_THROWS_AS(sim::ColumnAllocator<std::uint64_t>().allocate(std::size_t{1} << 62),
                  std::bad_alloc);
}
