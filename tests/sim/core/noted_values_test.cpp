#include "sim/core/noted_values.h"

#include <catch2/catch.hpp>

using musi::sim::NotedValues;

TEST_CASE("values are found where they were noted until all are forgotten") {
  NotedValues<int> values;
  CHECK(values.is_new());
  for (const std::size_t n : {std::size_t{130}, std::size_t{70}, std::size_t{200}}) {
    values.clear(n);
    CHECK_FALSE(values.is_new());
    for (std::size_t at = 0; at < n; ++at) REQUIRE(values.find(at) == nullptr);
    for (std::size_t at = 0; at < n; at += 3) CHECK(values.note(at, static_cast<int>(at)) >= 0);
    values.note(63, 7);
    for (std::size_t at = 0; at < n; ++at) {
      REQUIRE((values.find(at) != nullptr) == (at % 3 == 0));
      if (at % 3 == 0) CHECK(*values.find(at) == (at == 63 ? 7 : static_cast<int>(at)));
    }
  }
}
