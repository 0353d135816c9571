#include "sim/core/best_level.h"

#include <catch2/catch.hpp>
#include <vector>

#include "sim/core/portable_math.h"
#include "sim/core/rng.h"

using namespace musi::sim;

TEST_CASE("A loop gives the same bits with vectors of any width, and runs once", "[property]") {
  const Chance chance(3, 1, 0);
  std::vector<float> u(1000);
  for (std::size_t i = 0; i < u.size(); ++i) u[i] = chance.uniform(i);
  const VectorLevel best = best_vector_level();
  std::vector<float> plain;
  for (const float x : u) plain.push_back(portable::exp(3.0f * x) * 0.1f + x);
  for (const VectorLevel level : {VectorLevel::baseline, VectorLevel::avx2, best}) {
    use_vector_level(level);
    std::vector<float> result(u.size());
    int n_runs = 0;
    at_best_level([&]() MUSI_LOOP {
      ++n_runs;
      for (std::size_t i = 0; i < u.size(); ++i) {
        result[i] = portable::exp(3.0f * u[i]) * 0.1f + u[i];
      }
    });
    CHECK(n_runs == 1);
    CHECK(result == plain);
  }
  use_vector_level(best);
}
