#include "analysis/drivers.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "sim/core/rng.h"

using namespace musi;
using analysis::DriverRow;

namespace {

std::vector<double> ramp(std::size_t n) {
  std::vector<double> x;
  for (std::size_t i = 0; i < n; ++i) x.push_back(static_cast<double>(i));
  return x;
}

}  // namespace

TEST_CASE("low and high quarter are compared with Newcombe's interval", "[unit]") {
  // 80 futures: 4 of the lowest 20 and 14 of the highest 20 succeed, half of the others.
  const std::vector<double> x = ramp(80);
  std::vector<double> y(80, 0.0);
  for (std::size_t i = 0; i < 4; ++i) y[i] = 100.0;
  for (std::size_t i = 20; i < 60; i += 2) y[i] = 100.0;
  for (std::size_t i = 60; i < 74; ++i) y[i] = 100.0;
  const auto row = analysis::regional_row(x, y, true);
  REQUIRE(row);
  CHECK(row->low == Approx(20.0));
  CHECK(row->high == Approx(70.0));
  // By hand from Wilson's intervals 0.0807 to 0.4160 (4 of 20) and 0.4810 to 0.8545 (14 of 20).
  CHECK(row->effect.estimate == Approx(50.0));
  CHECK(row->effect.low ==
        Approx(100.0 * (0.5 - std::hypot(0.7 - 0.4810, 0.4160 - 0.2))).epsilon(2e-3));
  CHECK(row->effect.high ==
        Approx(100.0 * (0.5 + std::hypot(0.8545 - 0.7, 0.2 - 0.0807))).epsilon(2e-3));
  CHECK(row->p_value < 0.01);
}

TEST_CASE("an input with few values is split at the common one; a constant one tells nothing",
          "[unit]") {
  std::vector<double> x(100, 0.0), y(100, 10.0);
  for (std::size_t i = 90; i < 100; ++i) {
    x[i] = 1.0;
    y[i] = 30.0 + static_cast<double>(i % 2);
  }
  const auto row = analysis::regional_row(x, y, false);
  REQUIRE(row);
  CHECK(row->low == Approx(10.0));
  CHECK(row->high == Approx(30.5));
  CHECK(!analysis::regional_row(std::vector<double>(100, 2.0), y, false));
  CHECK(!analysis::regional_row(std::vector<double>(100, std::nan("")), y, false));
}

TEST_CASE("the tipping value is where the chance passes the level", "[statistical]") {
  // Chance 0.2 + 0.6 x passes one half at x = 0.5, and 70 % at 5/6; it falls for 1 - x.
  const sim::Chance inputs(3, 1, sim::start_state), luck(3, 2, sim::start_state);
  std::vector<double> x, down, y;
  for (std::size_t i = 0; i < 20'000; ++i) {
    x.push_back(inputs.fine_uniform(i));
    down.push_back(1.0 - x.back());
    y.push_back(luck.fine_uniform(i) < 0.2 + 0.6 * x.back() ? 100.0 : 0.0);
  }
  REQUIRE(analysis::tipping_value(x, y, 50.0));
  CHECK(*analysis::tipping_value(x, y, 50.0) == Approx(0.5).margin(0.06));
  CHECK(*analysis::tipping_value(x, y, 70.0) == Approx(5.0 / 6.0).margin(0.06));
  CHECK(*analysis::tipping_value(down, y, 70.0) == Approx(1.0 / 6.0).margin(0.06));
  CHECK(!analysis::tipping_value(x, y, 95.0));
  CHECK(!analysis::tipping_value(std::vector<double>(30, 1.0), std::vector<double>(30, 0.0), 50.0));
}

TEST_CASE("rows stand out by Benjamini and Hochberg's rule", "[unit]") {
  // Their bounds at 10 % for five rows: 0.02, 0.04, 0.06, 0.08, 0.10. 0.05 passes as the third.
  std::vector<DriverRow> rows(5);
  const double p[] = {0.001, 0.045, 0.05, 0.3, 0.9};
  for (std::size_t i = 0; i < 5; ++i) rows[i].p_value = p[i];
  analysis::mark_discoveries(rows);
  CHECK(rows[0].stands_out);
  CHECK(rows[1].stands_out);
  CHECK(rows[2].stands_out);
  CHECK(!rows[3].stands_out);
  CHECK(!rows[4].stands_out);
}

TEST_CASE("inputs that tell nothing do not stand out", "[statistical]") {
  std::vector<double> y;
  const sim::Chance luck(11, 0, sim::start_state);
  for (std::size_t i = 0; i < 400; ++i) y.push_back(luck.fine_uniform(i) < 0.4 ? 100.0 : 0.0);
  std::vector<DriverRow> rows;
  for (std::uint32_t k = 1; k <= 150; ++k) {
    const sim::Chance chance(11, k, sim::start_state);
    std::vector<double> x;
    for (std::size_t i = 0; i < 400; ++i) x.push_back(chance.fine_uniform(i));
    rows.push_back(*analysis::regional_row(x, y, true));
  }
  analysis::mark_discoveries(rows);
  CHECK(std::count_if(rows.begin(), rows.end(), [](const auto& r) { return r.stands_out; }) <= 1);
}

TEST_CASE("rank correlations equal R's, with mean ranks for equal values", "[unit]") {
  // R: cor(c(1, 2, 2, 7, 9), c(3, 1, 4, 4, 8), method = "spearman")
  CHECK(analysis::rank_correlation(std::vector<double>{1, 2, 2, 7, 9},
                                   std::vector<double>{3, 1, 4, 4, 8}) ==
        Approx(0.7631579).epsilon(1e-6));
  CHECK(analysis::rank_correlation(ramp(5), std::vector<double>{9, 7, 5, 3, 1}) == Approx(-1.0));
  CHECK(analysis::rank_correlation(ramp(3), std::vector<double>(3, 1.0)) == 0.0);
}
