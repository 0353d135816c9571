#include "analysis/sensitivity.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <vector>

using namespace musi;
using analysis::Estimate95;
using analysis::Factors;

namespace {

constexpr double pi = 3.14159265358979323846;
using Function = std::function<double(const std::vector<double>&)>;

Factors single(std::size_t n) {
  Factors factors;
  for (std::size_t i = 0; i < n; ++i) factors.push_back({i});
  return factors;
}

std::vector<double> values(const std::vector<std::vector<double>>& points, const Function& f) {
  std::vector<double> y;
  for (const auto& x : points) y.push_back(f(x));
  return y;
}

std::vector<analysis::SobolIndex> indices_of(const Function& f, const Factors& factors,
                                             std::size_t n_inputs, std::size_t n,
                                             std::uint64_t seed) {
  const analysis::SaltelliDesign design(n_inputs, n, seed);
  analysis::SaltelliOutcomes y{values(design.a, f), values(design.b, f), {}, {}};
  for (const auto& inputs : factors) {
    y.ab.push_back(values(analysis::SaltelliDesign::mixed(design.a, design.b, inputs), f));
    y.ba.push_back(values(analysis::SaltelliDesign::mixed(design.b, design.a, inputs), f));
  }
  return analysis::sobol_indices(y, seed);
}

/// Ishigami and Homma 1990 with a = 7, b = 0.1 on (-pi, pi)^3.
double ishigami(const std::vector<double>& u) {
  const auto x = [&](std::size_t i) { return pi * (2.0 * u[i] - 1.0); };
  return std::sin(x(0)) + 7.0 * std::pow(std::sin(x(1)), 2) +
         0.1 * std::pow(x(2), 4) * std::sin(x(0));
}

/// Sobol's g function with a = 0, 1, 4.5, 9, 99, 99, 99, 99 (Saltelli and Sobol 1995).
const std::vector<double> g_weights{0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0};
double sobol_g(const std::vector<double>& u) {
  double product = 1.0;
  for (std::size_t i = 0; i < g_weights.size(); ++i) {
    product *= (std::abs(4.0 * u[i] - 2.0) + g_weights[i]) / (1.0 + g_weights[i]);
  }
  return product;
}

/// Morris 1991, section 4: 20 inputs; 1 to 10 matter, of these 8, 9 and 10 without curvature.
double morris_function(const std::vector<double>& u) {
  std::vector<double> w;
  for (std::size_t i = 0; i < 20; ++i) {
    const bool is_bent = i == 2 || i == 4 || i == 6;
    w.push_back(2.0 * ((is_bent ? 1.1 * u[i] / (u[i] + 0.1) : u[i]) - 0.5));
  }
  double y = 0.0;
  const auto sign = [](std::size_t n) { return n % 2 == 0 ? 1.0 : -1.0; };
  for (std::size_t i = 0; i < 20; ++i) y += (i < 10 ? 20.0 : sign(i + 1)) * w[i];
  for (std::size_t i = 0; i < 20; ++i) {
    for (std::size_t j = i + 1; j < 20; ++j) {
      y += (j < 6 ? -15.0 : sign(i + j + 2)) * w[i] * w[j];
    }
  }
  for (std::size_t i = 0; i < 5; ++i) {
    for (std::size_t j = i + 1; j < 5; ++j) {
      for (std::size_t k = j + 1; k < 5; ++k) y += -10.0 * w[i] * w[j] * w[k];
    }
  }
  return y + 5.0 * w[0] * w[1] * w[2] * w[3];
}

bool holds(const Estimate95& e, double value, double slack = 0.002) {
  return e.low - slack <= value && value <= e.high + slack;
}

}  // namespace

TEST_CASE("Sobol indices of the Ishigami function are the published ones", "[unit]") {
  // Saltelli et al. 2008, Global Sensitivity Analysis, section 4.
  const double first[] = {0.3139, 0.4424, 0.0}, total[] = {0.5576, 0.4424, 0.2437};
  const auto found = indices_of(ishigami, single(3), 3, 4096, 5);
  for (std::size_t i = 0; i < 3; ++i) {
    INFO("input " << i);
    CHECK(holds(found[i].first, first[i]));
    CHECK(holds(found[i].total, total[i]));
    CHECK(std::abs(found[i].first.estimate - first[i]) < 0.02);
    CHECK(std::abs(found[i].total.estimate - total[i]) < 0.02);
    CHECK(found[i].first.high - found[i].first.low < 0.1);
  }
}

TEST_CASE("Sobol indices of the g function are the published ones", "[unit]") {
  // Saltelli and Sobol 1995: V_i = 1/3 (1 + a_i)^-2, V = product (1 + V_i) - 1.
  double variance = 1.0;
  std::vector<double> part;
  for (const double a : g_weights) {
    part.push_back(1.0 / (3.0 * (1.0 + a) * (1.0 + a)));
    variance *= 1.0 + part.back();
  }
  variance -= 1.0;
  const auto found = indices_of(sobol_g, single(8), 8, 4096, 11);
  for (std::size_t i = 0; i < 8; ++i) {
    INFO("input " << i);
    const double total = part[i] * (1.0 + variance) / (1.0 + part[i]) / variance;
    CHECK(holds(found[i].first, part[i] / variance));
    CHECK(holds(found[i].total, total));
    CHECK(std::abs(found[i].total.estimate - total) < 0.02);
  }
  CHECK(part[0] / variance == Approx(0.716).margin(0.001));  // as printed
}

TEST_CASE("a group has the share of its inputs and of what they do together", "[unit]") {
  // x1 and x3 of Ishigami together: all but the share of x2.
  const auto found = indices_of(ishigami, {{0, 2}, {1}}, 3, 2048, 3);
  CHECK(found[0].first.estimate == Approx(0.5576).margin(0.02));
  CHECK(found[0].total.estimate == Approx(0.5576).margin(0.02));
  CHECK(found[1].first.estimate == Approx(0.4424).margin(0.02));
}

TEST_CASE("an outcome that does not vary has no shares", "[unit]") {
  const auto found = indices_of([](const auto&) { return 3.0; }, single(2), 2, 16, 1);
  CHECK(std::isnan(found[0].first.estimate));
  CHECK(std::isnan(found[1].total.estimate));
}

TEST_CASE("intervals of Sobol indices hold the true share about as often as they say",
          "[statistical]") {
  // 200 designs of 128 rows: 95 % of intervals hold it; resampling is short in small designs, so
  // 85 % is demanded. Rows are stratified, hence more than 95 % is right too.
  std::size_t n = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const analysis::SaltelliDesign design(2, 128, seed);
    const Function f = [](const auto& x) { return x[0] + 2.0 * x[1]; };
    analysis::SaltelliOutcomes y{values(design.a, f), values(design.b, f), {}, {}};
    y.ab = {values(analysis::SaltelliDesign::mixed(design.a, design.b, {1}), f)};
    y.ba = {values(analysis::SaltelliDesign::mixed(design.b, design.a, {1}), f)};
    n += holds(analysis::sobol_indices(y, seed, 200)[0].first, 0.8, 0.0);
  }
  CHECK(n >= 170);
}

TEST_CASE("Morris effects of a sum are its slopes, without spread", "[unit]") {
  const Factors factors = single(3);
  const analysis::MorrisLevels levels;
  const auto design = analysis::morris_design(factors, 3, 8, 1, levels);
  std::vector<std::vector<double>> y;
  for (const auto& walk : design) {
    y.push_back(values(walk.points, [](const auto& x) { return 5.0 * x[0] - 2.0 * x[1]; }));
  }
  const auto effects = analysis::morris_effects(factors, design, y, 1);
  CHECK(levels.step() == 0.5);
  CHECK(effects[0].size.estimate == Approx(2.5));
  CHECK(effects[0].change.estimate == Approx(2.5));
  CHECK(effects[0].high - effects[0].low == Approx(2.5));
  CHECK(effects[1].size.estimate == Approx(1.0));
  CHECK(effects[1].change.estimate == Approx(-1.0));
  CHECK(effects[1].spread == Approx(0.0).margin(1e-12));
  CHECK(effects[1].p_value < 1e-6);
  CHECK(effects[2].size.estimate == 0.0);
  CHECK(effects[2].p_value == 1.0);
}

TEST_CASE("a Morris design moves each factor once, by a step between its levels", "[property]") {
  const Factors factors{{0}, {1, 3}, {2}};
  const auto design = analysis::morris_design(factors, 4, 50, 9);
  std::size_t n_rises = 0;
  for (const auto& walk : design) {
    REQUIRE(walk.points.size() == 4);
    std::vector<bool> seen(3, false);
    for (std::size_t s = 0; s < 3; ++s) {
      const auto& moved = factors[walk.moved[s]];
      seen[walk.moved[s]] = true;
      for (std::size_t i = 0; i < 4; ++i) {
        const double change = walk.points[s + 1][i] - walk.points[s][i];
        const bool moves = std::find(moved.begin(), moved.end(), i) != moved.end();
        CHECK(change == (moves ? (walk.rises[i] ? 0.5 : -0.5) : 0.0));
        CHECK(walk.points[s][i] > 0.1);
        CHECK(walk.points[s][i] < 0.9);
      }
    }
    CHECK(std::count(seen.begin(), seen.end(), true) == 3);
    n_rises += walk.rises[0];
  }
  CHECK(n_rises > 10);
  CHECK(n_rises < 40);
}

TEST_CASE("Morris screening of Morris's function finds its ten inputs, and the straight ones",
          "[unit]") {
  const Factors factors = single(20);
  const analysis::MorrisLevels levels{.n = 4, .low = 0.0, .high = 1.0};
  const auto design = analysis::morris_design(factors, 20, 40, 2, levels);
  std::vector<std::vector<double>> y;
  for (const auto& walk : design) y.push_back(values(walk.points, morris_function));
  const auto effects = analysis::morris_effects(factors, design, y, 2);
  double least = 1e9, most = 0.0;
  for (std::size_t i = 0; i < 20; ++i) {
    (i < 10 ? least : most) = i < 10 ? std::min(least, effects[i].size.estimate)
                                     : std::max(most, effects[i].size.estimate);
  }
  CHECK(least > 2.0 * most);
  for (const std::size_t i : {7u, 8u, 9u}) {  // 20 w_i = 40 u_i, and small products
    CHECK(effects[i].change.estimate / levels.step() == Approx(40.0).epsilon(0.1));
    CHECK(effects[i].spread < 0.25 * effects[i].size.estimate);
  }
  for (const std::size_t i : {0u, 1u, 2u, 3u, 4u}) {
    CHECK(effects[i].spread > 0.5 * effects[i].size.estimate);
  }
}
