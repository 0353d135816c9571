#include "analysis/prim.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "sim/core/rng.h"

using namespace musi;
using analysis::binomial_tail;
using analysis::find_failures;
using analysis::PrimAnswer;
using analysis::PrimData;

namespace {

/// Uniform inputs on (0, 1); nothing fails yet.
PrimData uniform_data(std::size_t n_inputs, std::size_t n, std::uint64_t seed = 7) {
  PrimData data;
  data.fails.assign(n, 0);
  for (std::size_t i = 0; i < n_inputs; ++i) {
    const sim::Chance chance(seed, static_cast<std::uint32_t>(i), sim::start_state);
    std::vector<double>& x = data.inputs.emplace_back();
    for (std::size_t f = 0; f < n; ++f) x.push_back(chance.fine_uniform(f));
  }
  return data;
}

double uniform(std::size_t future, std::uint32_t decision) {
  return sim::Chance(99, decision, sim::start_state).fine_uniform(future);
}

}  // namespace

TEST_CASE("a planted box is found with its two inputs, ends, coverage and density", "[unit]") {
  // Fails with 95 % inside x3 > 0.6 and x7 < 0.5, with 5 % elsewhere.
  PrimData data = uniform_data(30, 1000);
  for (std::size_t f = 0; f < 1000; ++f) {
    const bool is_inside = data.inputs[3][f] > 0.6 && data.inputs[7][f] < 0.5;
    data.fails[f] = uniform(f, 1) < (is_inside ? 0.95 : 0.05);
  }
  const PrimAnswer answer = find_failures(data, {});
  CHECK(answer.is_enough);
  REQUIRE(answer.boxes.size() == 1);
  const analysis::Box& box = answer.boxes[0];
  CHECK(box.passes);
  REQUIRE(box.limits.size() == 2);
  CHECK(box.limits[0].input == 3);
  CHECK(box.limits[0].low == Approx(0.6).margin(0.03));
  CHECK(std::isinf(box.limits[0].high));
  CHECK(box.limits[1].input == 7);
  CHECK(std::isinf(box.limits[1].low));
  CHECK(box.limits[1].high == Approx(0.5).margin(0.03));
  for (const analysis::BoxLimit& limit : box.limits) {
    CHECK(limit.quasi_p < 1e-6);
    CHECK(limit.n_found >= 45);
  }
  CHECK(box.left_out_density > 0.8);
  CHECK(static_cast<double>(box.n_failures) / static_cast<double>(box.n_futures) > 0.9);
}

TEST_CASE("two planted boxes are found one after the other", "[unit]") {
  PrimData data = uniform_data(20, 1000);
  for (std::size_t f = 0; f < 1000; ++f) {
    const bool first = data.inputs[0][f] > 0.75;
    const bool second = data.inputs[1][f] < 0.3 && data.inputs[2][f] > 0.4;
    data.fails[f] = first || second;
  }
  const PrimAnswer answer = find_failures(data, {});
  REQUIRE(answer.boxes.size() == 2);
  CHECK(answer.coverage > 0.9);
  CHECK(answer.boxes[0].limits.size() + answer.boxes[1].limits.size() == 3);
  CHECK(answer.boxes[0].n_new_failures + answer.boxes[1].n_new_failures <= answer.n_failures);
}

TEST_CASE("an input with two values is a condition too", "[unit]") {
  PrimData data = uniform_data(5, 400);
  for (std::size_t f = 0; f < 400; ++f) {
    data.inputs[2][f] = data.inputs[2][f] < 0.3 ? 1.0 : 0.0;
    data.fails[f] = uniform(f, 2) < (data.inputs[2][f] == 1.0 ? 0.9 : 0.1);
  }
  const PrimAnswer answer = find_failures(data, {});
  REQUIRE(answer.is_enough);
  REQUIRE(answer.boxes[0].limits.size() == 1);
  CHECK(answer.boxes[0].limits[0].input == 2);
  CHECK(answer.boxes[0].limits[0].low == 0.5);
}

TEST_CASE("failures by luck alone give no box that passes", "[statistical]") {
  // 100 inputs that tell nothing: of 5 searches none may pass.
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    PrimData data = uniform_data(100, 300, seed);
    for (std::size_t f = 0; f < 300; ++f) {
      data.fails[f] = uniform(f, 10 + static_cast<std::uint32_t>(seed)) < 0.5;
    }
    const PrimAnswer answer = find_failures(data, {.n_resamples = 20});
    CHECK(!answer.is_enough);
    REQUIRE(answer.boxes.size() == 1);
    CHECK(!answer.boxes[0].passes);
  }
}

TEST_CASE("where most futures fail a box must be denser than their share", "[unit]") {
  CHECK(analysis::wanted_density(0.3, 0.7) == 0.7);
  CHECK(analysis::wanted_density(0.8, 0.7) == Approx(0.9));
  PrimData data = uniform_data(10, 500);
  for (std::size_t f = 0; f < 500; ++f) data.fails[f] = data.inputs[4][f] > 0.2;
  const PrimAnswer answer = find_failures(data, {});
  REQUIRE(answer.is_enough);
  CHECK(answer.wanted_density > 0.85);
  CHECK(answer.boxes[0].limits[0].input == 4);
  CHECK(answer.boxes[0].limits[0].low == Approx(0.2).margin(0.05));
}

TEST_CASE("no failures, or only failures, and too few futures give no box", "[unit]") {
  PrimData data = uniform_data(3, 100);
  CHECK(find_failures(data, {}).boxes.empty());
  data.fails.assign(100, 1);
  CHECK(find_failures(data, {}).boxes.empty());
  CHECK(!find_failures(data, {}).is_enough);
  data = uniform_data(3, 6);
  data.fails = {1, 0, 1, 0, 0, 1};
  CHECK(find_failures(data, {}).boxes.empty());
}

TEST_CASE("a search can be stopped, and inputs with gaps are left out", "[unit]") {
  PrimData data = uniform_data(3, 200);
  for (std::size_t f = 0; f < 200; ++f) data.fails[f] = data.inputs[1][f] > 0.5;
  std::size_t n_asked = 0;
  const auto stopped =
      find_failures(data, {.go_on = [&](std::size_t, std::size_t) { return ++n_asked < 3; }});
  CHECK(stopped.is_stopped);
  CHECK(n_asked == 3);
  data.inputs[1][5] = std::nan("");
  for (const auto& box : find_failures(data, {}).boxes) CHECK(box.limits[0].input != 1);
}

TEST_CASE("binomial tails equal R's pbinom", "[unit]") {
  // R: pbinom(k - 1, n, p, lower.tail = FALSE)
  CHECK(binomial_tail(7, 10, 0.5) == Approx(0.171875).epsilon(1e-12));
  CHECK(binomial_tail(3, 20, 0.1) == Approx(0.3230732).epsilon(1e-6));
  CHECK(binomial_tail(241, 262, 0.588) < 1e-25);
  CHECK(binomial_tail(0, 5, 0.2) == 1.0);
  CHECK(binomial_tail(5, 5, 1.0) == 1.0);
}
