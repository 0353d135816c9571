#include "analysis/calibration/emulator.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "tests/analysis/calibration/simulators.h"

using namespace musi;
using namespace musi::analysis::calibration;

TEST_CASE("an emulator gives a quadratic function back exactly", "[unit]") {
  tests::Luck luck(1);
  const auto f = [](const std::vector<double>& u) {
    return 3.0 - 2.0 * u[4] + 5.0 * u[7] * u[7] + 4.0 * u[4] * u[7] - u[1];
  };
  const Points points = luck.points(200, 12);
  std::vector<double> outputs;
  for (const auto& u : points) outputs.push_back(f(u));
  const Emulator emulator = Emulator::fit(points, outputs);
  CHECK(emulator.active() == std::vector<std::size_t>{1, 4, 7});
  for (const auto& u : luck.points(50, 12)) {
    CHECK(emulator.at(u).mean == Approx(f(u)).margin(1e-6));
  }
  CHECK(emulator.predicted_share() > 0.999999);
  CHECK(emulator.noise_variance() < 1e-10);
}

TEST_CASE("an emulator finds few inputs among 150 and the variance of the noise",
          "[statistical]") {
  constexpr int repetitions = 20;
  int n_false = 0, n_missed = 0;
  double noise = 0.0;
  for (int i = 0; i < repetitions; ++i) {
    tests::Luck luck(100 + static_cast<std::uint64_t>(i));
    const Points points = luck.points(300, 150);
    std::vector<double> outputs;
    for (const auto& u : points) outputs.push_back(4.0 * u[3] + 3.0 * u[99] + luck.normal());
    const Emulator emulator = Emulator::fit(points, outputs);
    noise += emulator.noise_variance() / repetitions;
    for (const std::size_t wanted : {3u, 99u}) {
      const auto& active = emulator.active();
      n_missed += std::find(active.begin(), active.end(), wanted) == active.end() ? 1 : 0;
    }
    n_false += static_cast<int>(emulator.active().size());
  }
  n_false += n_missed - 2 * repetitions;
  CHECK(n_missed == 0);
  CHECK(n_false <= 6);  // an input taken for active by chance: under one in three fits
  CHECK(noise == Approx(1.0).margin(0.06));
}

TEST_CASE("an emulator of noise alone takes no input and predicts nothing", "[statistical]") {
  int n_terms = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    tests::Luck luck(500 + seed);
    const Points points = luck.points(200, 100);
    std::vector<double> outputs;
    for (std::size_t i = 0; i < points.size(); ++i) outputs.push_back(luck.normal());
    const Emulator emulator = Emulator::fit(points, outputs);
    n_terms += static_cast<int>(emulator.n_terms());
    CHECK(emulator.predicted_share() < 0.1);
  }
  CHECK(n_terms <= 4);
}

TEST_CASE("the error of the mean that an emulator states is the one it makes", "[statistical]") {
  double z2 = 0.0, n = 0.0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    tests::Luck luck(900 + seed);
    const Points points = luck.points(120, 5);
    const auto f = [](const std::vector<double>& u) { return 6.0 * u[0] - 5.0 * u[2] * u[2]; };
    std::vector<double> outputs;
    for (const auto& u : points) outputs.push_back(f(u) + 0.5 * luck.normal());
    const Emulator emulator = Emulator::fit(points, outputs);
    for (const auto& u : luck.points(20, 5)) {
      const Prediction p = emulator.at(u);
      z2 += (p.mean - f(u)) * (p.mean - f(u)) / p.variance;
      n += 1.0;
    }
  }
  // Terms are chosen with the same runs, so the error is a little larger than stated.
  CHECK(z2 / n > 0.8);
  CHECK(z2 / n < 1.6);
}

TEST_CASE("outputs that are all equal make an emulator of that number", "[unit]") {
  tests::Luck luck(3);
  const Points points = luck.points(40, 6);
  const Emulator emulator = Emulator::fit(points, std::vector<double>(40, 7.5));
  CHECK(emulator.at(points.front()).mean == Approx(7.5));
  CHECK(emulator.active().empty());
  CHECK(emulator.noise_variance() < 1e-20);
}
