#include "sim/core/parallel.h"

#include <catch2/catch.hpp>
#include <stdexcept>
#include <string>
#include <vector>

using namespace musi::sim;

TEST_CASE("every index is visited once", "[unit]") {
  std::vector<int> visits(10'000);
  for_each_index(visits.size(), [&](std::size_t i) { ++visits[i]; });
  CHECK(visits == std::vector<int>(10'000, 1));
  for_each_index(0, [](std::size_t) { FAIL("no index to visit"); });
}

TEST_CASE("loops may be nested", "[unit]") {
  std::vector<double> sums(40);
  for_each_index(sums.size(), [&](std::size_t i) {
    std::vector<double> terms(100);
    for_each_index(terms.size(), [&](std::size_t k) { terms[k] = static_cast<double>(i * k); });
    sums[i] = ordered_sum(terms.size(), [&](std::size_t k) { return terms[k]; });
  });
  for (std::size_t i = 0; i < sums.size(); ++i) CHECK(sums[i] == static_cast<double>(i * 4950));
}

TEST_CASE("all indices are tried and the failures become one error", "[unit]") {
  std::vector<int> visits(100);
  try {
    for_each_index(visits.size(), [&](std::size_t i) {
      ++visits[i];
      if (i % 25 == 7) throw std::runtime_error("bad");
    });
    FAIL("nothing was thrown");
  } catch (const ParallelError& error) {
    CHECK(std::string(error.what()) ==
          "4 of 100 parallel tasks failed: index 7: bad; index 32: bad; index 57: bad; ...");
    REQUIRE(error.failures().size() == 4);
    CHECK(error.failures()[3].index == 82);
  }
  CHECK(visits == std::vector<int>(100, 1));
}

TEST_CASE("an ordered sum has the bits of its fixed blocks", "[unit]") {
  std::vector<double> terms;
  for (int i = 0; i < 5000; ++i) terms.push_back(1.0 / (1.0 + i));
  double expected = 0.0;
  for (std::size_t begin = 0; begin < terms.size(); begin += sum_block) {
    double block = 0.0;
    for (std::size_t i = begin; i < std::min(begin + sum_block, terms.size()); ++i) {
      block += terms[i];
    }
    expected += block;
  }
  CHECK(ordered_sum(terms.size(), [&](std::size_t i) { return terms[i]; }) == expected);
  CHECK(ordered_sum(0, [](std::size_t) { return 1.0; }) == 0.0);
}
