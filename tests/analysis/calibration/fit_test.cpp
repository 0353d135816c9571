#include "analysis/calibration/fit.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/analysis/calibration/simulators.h"

using namespace musi;
using namespace musi::analysis::calibration;
using tests::Luck;
using tests::ThreeOutputs;

namespace {

constexpr std::size_t n_inputs = 6;
constexpr double seen_with = 0.1;  // sd of the observation

std::vector<Target> observe(const std::vector<double>& outputs, Luck& luck) {
  std::vector<Target> targets;
  for (const double output : outputs) {
    targets.push_back({.name = "y", .value = output + seen_with * luck.normal(), .sd = seen_with});
  }
  return targets;
}

}  // namespace

TEST_CASE("acceptance gives back planted inputs with ranges that cover as often as they say",
          "[statistical]") {
  constexpr std::uint64_t repetitions = 300;
  const ThreeOutputs simulator;
  double covered_90[3] = {}, covered_50[3] = {};
  int n_empty = 0;  // seen with an error so large that no run comes near
  for (std::uint64_t i = 0; i < repetitions; ++i) {
    Luck luck(i);
    const Points truth = luck.points(1, n_inputs);
    const auto targets = observe(simulator.at(truth[0], luck), luck);
    const Runs runs = simulator.runs(luck.points(8000, n_inputs), luck);
    const Acceptance found = accept(targets, runs, i);
    if (found.accepted.empty()) {
      ++n_empty;
      continue;
    }
    for (std::size_t input = 0; input < 3; ++input) {
      std::vector<double> u;
      for (const std::size_t r : found.accepted) u.push_back(runs.points[r][input]);
      double below = 0.0;
      for (const double x : u) below += x < truth[0][input] ? 1.0 : 0.0;
      // The rank of the truth among draws of its own posterior is uniform.
      const double rank = (below + luck.uniform()) / (static_cast<double>(u.size()) + 1.0);
      covered_90[input] += rank > 0.05 && rank < 0.95 ? 1.0 / repetitions : 0.0;
      covered_50[input] += rank > 0.25 && rank < 0.75 ? 1.0 / repetitions : 0.0;
    }
  }
  CHECK(n_empty <= 3);
  for (std::size_t input = 0; input < 3; ++input) {
    INFO(input);
    CHECK(std::abs(covered_90[input] - 0.9) < 4.0 * std::sqrt(0.09 / repetitions));
    CHECK(std::abs(covered_50[input] - 0.5) < 4.0 * std::sqrt(0.25 / repetitions));
  }
}

TEST_CASE("history matching and acceptance together cover as often as they say", "[statistical]") {
  constexpr std::uint64_t repetitions = 60;
  const ThreeOutputs simulator;
  double covered = 0.0, spread = 0.0;
  for (std::uint64_t i = 0; i < repetitions; ++i) {
    Luck luck(7000 + i);
    const Points truth = luck.points(1, n_inputs);
    FitQuestion question;
    question.targets = observe(simulator.at(truth[0], luck), luck);
    question.n_inputs = n_inputs;
    question.n_waves = 3;
    question.runs_per_wave = 300;
    question.seed = i;
    const Fit found = fit(question, simulator.runs(luck.points(300, n_inputs), luck),
                          [&](std::size_t, const Points& points) {
                            return std::optional(simulator.runs(points, luck));
                          });
    REQUIRE(found.waves.size() == 3);
    REQUIRE(found.acceptance.accepted.size() >= 10);
    CHECK(found.waves.back().left.share <=
          found.waves.front().left.share + 6.0 * found.waves.front().left.share_error);
    for (std::size_t input = 0; input < 3; ++input) {
      double below = 0.0, n = 0.0;
      for (const std::size_t r : found.acceptance.accepted) {
        below += found.kept.points[r][input] < truth[0][input] ? 1.0 : 0.0;
        n += 1.0;
      }
      const double rank = (below + luck.uniform()) / (n + 1.0);
      covered += rank > 0.05 && rank < 0.95 ? 1.0 / (3 * repetitions) : 0.0;
    }
    std::vector<double> first;
    for (const std::size_t r : found.acceptance.accepted) first.push_back(found.kept.points[r][2]);
    double mean = 0.0, square = 0.0;
    for (const double u : first) mean += u / static_cast<double>(first.size());
    for (const double u : first) {
      square += (u - mean) * (u - mean) / static_cast<double>(first.size());
    }
    spread += std::sqrt(square) / repetitions;
  }
  CHECK(std::abs(covered - 0.9) < 4.0 * std::sqrt(0.09 / repetitions));
  CHECK(spread < 0.12);  // 0.289 before
}

TEST_CASE("history matching excludes the planted truth no more often than its cut-off says",
          "[statistical]") {
  constexpr std::uint64_t repetitions = 400;
  const ThreeOutputs simulator;
  double excluded = 0.0, share_left = 0.0;
  for (std::uint64_t i = 0; i < repetitions; ++i) {
    Luck luck(20'000 + i);
    const Points truth = luck.points(1, n_inputs);
    Space space(observe(simulator.at(truth[0], luck), luck));
    space.add_wave(simulator.runs(luck.points(150, n_inputs), luck));
    excluded += space.holds(truth[0]) ? 0.0 : 1.0 / repetitions;
    if (i < 40) share_left += search(space, n_inputs, 0, i, 1000).share / 40.0;
  }
  // Three targets beyond three sd of a normal law: 0.8 %; 5 % each is the nominal rate of any
  // distribution with one peak (Pukelsheim).
  CHECK(excluded < 0.03);
  CHECK(share_left < 0.6);  // and it excludes something
  CHECK(share_left > 0.02);
}

TEST_CASE("data that no input can give leave nothing, and name the observation", "[unit]") {
  Luck luck(5);
  const ThreeOutputs simulator;
  FitQuestion question;
  question.targets = {{.name = "possible", .value = 0.75, .sd = 0.1},
                      {.name = "impossible", .value = 40.0, .sd = 0.1},
                      {.name = "also possible", .value = 0.5, .sd = 0.5}};
  question.n_inputs = n_inputs;
  question.n_waves = 2;
  question.runs_per_wave = 100;
  for (const Method method : {Method::both, Method::history, Method::abc}) {
    question.method = method;
    const Fit found = fit(question, simulator.runs(luck.points(100, n_inputs), luck),
                          [&](std::size_t, const Points& points) {
                            return std::optional(simulator.runs(points, luck));
                          });
    CHECK(found.is_empty());
    CHECK(question.targets[found.hardest].name == "impossible");
  }
}

TEST_CASE("data that say nothing leave everything", "[unit]") {
  Luck luck(6);
  const ThreeOutputs simulator;
  FitQuestion question;
  question.targets = {{.name = "vague", .value = 0.75, .sd = 1000.0}};
  question.n_inputs = n_inputs;
  question.n_waves = 1;
  question.runs_per_wave = 200;
  const Fit found = fit(question, simulator.runs(luck.points(200, n_inputs), luck),
                        [](std::size_t, const Points&) { return std::nullopt; });
  CHECK(found.waves.front().left.share == 1.0);
  CHECK(found.acceptance.accepted.size() == 200);
}

TEST_CASE("an upper bound excludes what lies above it and nothing below", "[unit]") {
  const Target bound{.name = "b", .value = 2.0, .sd = 0.5, .at_most = true};
  CHECK(distance(bound, -100.0) == 0.0);
  CHECK(distance(bound, 2.0) == 0.0);
  CHECK(distance(bound, 3.0) == Approx(2.0));
  const Target both{.name = "b", .value = 2.0, .sd = 0.3};
  CHECK(distance(both, 1.0, 0.16) == Approx(2.0));
}

TEST_CASE("a stopped simulator stops the fit", "[unit]") {
  Luck luck(8);
  FitQuestion question;
  question.targets = {{.name = "y", .value = 0.75, .sd = 0.2}};
  question.n_inputs = n_inputs;
  question.n_waves = 3;
  question.runs_per_wave = 60;
  const Fit found = fit(question, ThreeOutputs().runs(luck.points(60, n_inputs), luck),
                        [](std::size_t, const Points&) { return std::nullopt; });
  CHECK(found.is_stopped);
  CHECK(found.is_empty());
}

TEST_CASE("a published figure agrees as its errors do in the mean", "[statistical]") {
  const Target target{.name = "area", .value = 1000.0, .sd = 150.0};
  const Figure figure{.book = 1900.0, .log_sd = 0.2, .removed = 400.0};
  Luck luck(31);
  double sum = 0.0, mean = 0.0, square = 0.0;
  constexpr int n = 40'000;
  for (int i = 0; i < n; ++i) {
    const double output = std::max(0.0, 1900.0 * std::exp(0.2 * luck.normal()) - 400.0);
    const double d = (output - 1000.0) / 150.0;
    sum += std::exp(-0.5 * d * d) / n;
    mean += output / n;
    square += output * output / n;
  }
  CHECK(agreement(target, figure) == Approx(sum).margin(4.0 * 0.3 / std::sqrt(n)));
  CHECK(figure.mean() == Approx(mean).epsilon(0.01));
  CHECK(figure.variance() == Approx(square - mean * mean).epsilon(0.05));
  // Without an error it is the kernel itself, and nothing is published below zero.
  CHECK(agreement(target, Figure{.book = 1150.0}) == Approx(std::exp(-0.5)));
  CHECK(Figure{.book = 100.0, .log_sd = 0.1, .removed = 300.0}.at(0.0) == 0.0);
}

TEST_CASE("acceptance covers as often as it says where figures are published with error",
          "[statistical]") {
  // Input 0 is the area, input 1 what is removed on paper, input 2 the error of publishing.
  const auto figure_of = [](const std::vector<double>& u, double size) {
    return Figure{.book = size * (1.0 + u[0]), .log_sd = 0.1 + 0.2 * u[2],
                  .removed = 0.6 * size * u[1]};
  };
  constexpr std::uint64_t repetitions = 300;
  double covered[3] = {}, draws = 0.0;
  for (std::uint64_t i = 0; i < repetitions; ++i) {
    Luck luck(40'000 + i);
    const Points truth = luck.points(1, 3);
    std::vector<Target> targets;
    for (const double size : {100.0, 80.0}) {
      const double seen = figure_of(truth[0], size).at(luck.normal()) + 10.0 * luck.normal();
      targets.push_back({.name = "area", .value = seen, .sd = 10.0});
    }
    Runs runs;
    runs.points = luck.points(400, 3);
    for (const auto& u : runs.points) {
      runs.figures.push_back({figure_of(u, 100.0), figure_of(u, 80.0)});
      runs.outputs.push_back({0.0, 0.0});  // errors drawn by a run do not matter
    }
    const Acceptance found = accept(targets, runs, i);
    draws += static_cast<double>(found.accepted.size()) / repetitions;
    for (std::size_t input = 0; input < 3; ++input) {
      double below = 0.0;
      for (const std::size_t r : found.accepted) {
        below += runs.points[r][input] < truth[0][input] ? 1.0 : 0.0;
      }
      const double rank =
          (below + luck.uniform()) / (static_cast<double>(found.accepted.size()) + 1.0);
      covered[input] += rank > 0.05 && rank < 0.95 ? 1.0 / repetitions : 0.0;
    }
  }
  CHECK(draws > 40.0);
  for (std::size_t input = 0; input < 3; ++input) {
    INFO(input);
    CHECK(std::abs(covered[input] - 0.9) < 4.0 * std::sqrt(0.09 / repetitions));
  }
}

TEST_CASE("the best of runs that are all implausible is not accepted", "[unit]") {
  const std::vector<Target> targets{{.name = "area", .value = 100.0, .sd = 10.0}};
  Runs runs;
  runs.points = {{0.1}, {0.5}, {0.9}};
  runs.outputs = {{131.0}, {140.0}, {150.0}};
  CHECK(accept(targets, runs, 1).accepted.empty());
  // The same areas published with an error of 20 % come near enough.
  for (const auto& row : runs.outputs) runs.figures.push_back({Figure{row[0], 0.2, 0.0}});
  const Acceptance found = accept(targets, runs, 1);
  REQUIRE_FALSE(found.accepted.empty());
  CHECK(found.accepted.front() == 0);  // the best is accepted whatever the seed
  CHECK(found.best_agreement == Approx(agreement(targets, runs, 0)));
}
