#include "analysis/calibration/judgement.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>

#include "tests/analysis/calibration/simulators.h"

using namespace musi;
using namespace musi::analysis::calibration;
using tests::Luck;

TEST_CASE("reference forecasts go on along the series that they are named after", "[unit]") {
  const auto series = [](auto f) {
    std::vector<Known> known;
    for (const double t : {2015.0, 2016.0, 2018.0, 2019.0}) known.push_back({t, f(t)});
    return known;
  };
  const auto line = [](double t) { return 2000.0 - 90.0 * (t - 2015.0); };
  CHECK(*linear_forecast(series(line), 2022.0) == Approx(line(2022.0)));
  const auto decay = [](double t) { return 2000.0 * std::exp(-0.12 * (t - 2015.0)); };
  CHECK(*exponential_forecast(series(decay), 2022.0) == Approx(decay(2022.0)));
  const auto logistic = [](double t) { return 2100.0 / (1.0 + std::exp(0.9 * (t - 2018.5))); };
  CHECK(*logistic_forecast(series(logistic), 2022.0) == Approx(logistic(2022.0)).epsilon(1e-4));
  // Each misses the series of the others.
  CHECK(std::abs(*linear_forecast(series(logistic), 2022.0) - logistic(2022.0)) > 50.0);
  CHECK(std::abs(*exponential_forecast(series(line), 2022.0) - line(2022.0)) > 10.0);
}

TEST_CASE("reference forecasts need enough figures", "[unit]") {
  const std::vector<Known> one{{2015.0, 5.0}}, two{{2015.0, 5.0}, {2016.0, 4.0}};
  const std::vector<Known> with_zero{{2015.0, 5.0}, {2016.0, 0.0}, {2017.0, 1.0}};
  CHECK_FALSE(linear_forecast(one, 2020.0));
  CHECK(linear_forecast(two, 2020.0));
  CHECK_FALSE(logistic_forecast(two, 2020.0));
  CHECK(linear_forecast(with_zero, 2020.0));
  CHECK_FALSE(exponential_forecast(with_zero, 2020.0));
  CHECK_FALSE(logistic_forecast(with_zero, 2020.0));
}

TEST_CASE("the ranked probability score is that of its definition", "[unit]") {
  const std::vector<double> one{3.0}, weight{2.0};
  CHECK(crps(one, weight, 5.0) == Approx(2.0));  // of one number: the absolute error
  // By hand: values 0 and 1 with weights 1/4 and 3/4, observed 0.5. E|X-y| 0.5, E|X-X'| 0.375.
  CHECK(crps(std::vector<double>{1.0, 0.0}, std::vector<double>{3.0, 1.0}, 0.5) ==
        Approx(0.5 - 0.1875));
  // Standard normal, observed 0: (sqrt(2) - 1) / sqrt(pi). Source: Gneiting and Raftery 2007.
  Luck luck(4);
  std::vector<double> normal;
  for (int i = 0; i < 20'000; ++i) normal.push_back(luck.normal());
  CHECK(crps(normal, std::vector<double>(normal.size(), 1.0), 0.0) ==
        Approx((std::sqrt(2.0) - 1.0) / std::sqrt(std::numbers::pi)).margin(0.01));
}

TEST_CASE("weights shift quantiles and count as fewer runs", "[unit]") {
  const std::vector<double> values{4.0, 1.0, 3.0, 2.0}, even(4, 1.0), skewed{0.0, 0.0, 9.0, 1.0};
  CHECK(weighted_quantile(values, even, 0.5) == 2.0);
  CHECK(weighted_quantile(values, skewed, 0.5) == 3.0);
  CHECK(weighted_quantile(values, skewed, 0.05) == 2.0);
  CHECK(std::isnan(weighted_quantile(values, std::vector<double>(4, 0.0), 0.5)));
  CHECK(effective_number(even) == Approx(4.0));
  CHECK(effective_number(skewed) == Approx(100.0 / 82.0));
}

TEST_CASE("draws that follow the prior are rarely called told, others are", "[statistical]") {
  std::size_t n_told = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Luck luck(seed);
    const auto judged = judge_inputs(luck.points(80, 50), [](std::size_t, double u) { return u; });
    for (const InputJudgement& j : judged) n_told += j.is_told ? 1 : 0;
  }
  CHECK(n_told <= 18);  // nothing to tell: at most one in ten studies names any input, plus chance
  Luck luck(99);
  Points points = luck.points(80, 50);
  for (auto& point : points) point[7] = 0.5 * point[7];
  const auto judged =
      judge_inputs(points, [](std::size_t input, double u) { return input == 7 ? 10.0 * u : u; });
  CHECK(judged[7].is_told);
  CHECK(judged[7].prior_high == Approx(9.5));
  CHECK(judged[7].high < 5.0);
}

TEST_CASE("the Kolmogorov-Smirnov chance is that of the tables", "[unit]") {
  // Critical gap at 5 % for 100 numbers: 0.134 (Stephens 1970: 1.358 / (10 + 0.12 + 0.011)).
  std::vector<double> u;
  for (int i = 0; i < 100; ++i) u.push_back((i + 0.5) / 100.0 * (1.0 - 0.129));
  const UniformTest test = test_uniform(u);
  CHECK(test.gap == Approx(0.1340).margin(0.001));
  CHECK(test.p_value == Approx(0.05).margin(0.004));
  const std::vector<bool> found = discoveries(std::vector<double>{0.01, 0.04, 0.03, 0.5}, 0.05);
  CHECK(found == std::vector<bool>{true, false, false, false});
}

TEST_CASE("a perfect model shows which inputs its outputs can teach", "[statistical]") {
  Luck luck(11);
  const Points points = luck.points(400, 8);
  std::vector<std::vector<double>> outputs;
  for (const auto& u : points) outputs.push_back({u[2] + 0.05 * luck.normal(), luck.normal()});
  const std::vector<double> shares = learnable_share(points, outputs);
  CHECK(shares[2] > 0.95);
  for (const std::size_t i : {0u, 1u, 3u, 4u, 5u, 6u, 7u}) CHECK(shares[i] < learnable_from);
}

TEST_CASE("planted values of a perfect model lie in their ranges as often as nominal",
          "[statistical]") {
  Luck luck(12);
  const tests::ThreeOutputs simulator;
  const Runs prior = simulator.runs(luck.points(600, 5), luck);
  std::vector<Target> targets;
  for (int t = 0; t < 3; ++t) targets.push_back({.name = "y", .value = 0.0, .sd = 0.15});
  const std::vector<std::size_t> inputs{0, 1, 2};
  const PerfectModel perfect = perfect_model(targets, prior, inputs, 300, 5);
  CHECK(perfect.n_trials == 300);
  CHECK(perfect.coverage == Approx(0.9).margin(0.05));
  CHECK(perfect.effective_runs > 10.0);
}

TEST_CASE("a year left out is told from the others and compared with the references", "[unit]") {
  std::vector<Comparison> compared;
  for (int year = 0; year < 4; ++year) {
    Comparison c;
    c.target = {.name = "area", .value = 100.0 - 10.0 * year, .sd = 2.0};
    c.time = 2016.0 + year;
    c.is_area = true;
    compared.push_back(c);
  }
  // Runs fall by a rate of their own; the data fall by 10.
  Runs prior;
  for (int i = 0; i <= 200; ++i) {
    const double rate = 0.1 * i;
    prior.points.push_back({i / 200.0});
    prior.outputs.push_back({100.0, 100.0 - rate, 100.0 - 2 * rate, 100.0 - 3 * rate});
  }
  const auto left_out = leave_one_out(compared, prior, Known{2015.0, 110.0});
  REQUIRE(left_out.size() == 4);
  for (const LeftOut& l : left_out) {
    CHECK(l.is_inside());
    CHECK(std::abs(l.middle - l.observed) < 2.0);
    CHECK(*l.references[0].value == Approx(l.observed));
  }
  CHECK(left_out[0].effective_runs < 60.0);
  const Skill skill = skill_of(left_out);
  REQUIRE(skill.against.size() == 3);
  CHECK(skill.against[0].mae == Approx(0.0).margin(1e-9));
  CHECK(skill.against[1].n == 4);
  CHECK(skill.against[1].mae > 0.0);
}

TEST_CASE("no observation moves the hindcast of the prior", "[property]") {
  const auto area = [](const char* name, double time, double value) {
    Comparison c;
    c.target = {.name = name, .unit = "ha", .value = value, .sd = 2.0};
    c.time = time;
    c.is_area = true;
    return c;
  };
  Luck luck(3);
  Runs runs;
  runs.points = luck.points(100, 2);
  for (const auto& point : runs.points) {
    runs.outputs.push_back({100.0 * point[0], 100.0 * point[0] - 5.0, 100.0 * point[0] - 9.0});
  }
  std::vector<Comparison> seen{area("a", 2016, 70.0), area("b", 2018, 65.0),
                               area("c", 2020, 300.0)};
  const Known start{2015.0, 80.0};
  const auto told = prior_hindcast(seen, runs, start);
  REQUIRE(told.size() == 3);
  const std::vector<double> even(100, 1.0);
  CHECK(told[0].low == weighted_quantile(runs.output(0), even, 0.05));
  CHECK(told[0].high == weighted_quantile(runs.output(0), even, 0.95));
  CHECK(told[0].crps == Approx(crps(runs.output(0), even, 70.0)));
  CHECK(told[0].effective_runs == Approx(100.0));
  CHECK(n_inside(told) == 2);
  CHECK_FALSE(told[2].is_inside());
  // The references do look at the other years, and at no figure of the year itself.
  const std::vector<Known> others{start, {2018.0, 65.0}, {2020.0, 300.0}};
  CHECK(*told[0].references[0].value == Approx(*linear_forecast(others, 2016.0)));
  seen[1].target.value = 20.0;
  const auto moved = prior_hindcast(seen, runs, start);
  CHECK(moved[0].low == told[0].low);
  CHECK(moved[0].middle == told[0].middle);
  CHECK(moved[0].references[0].value != told[0].references[0].value);
  CHECK(moved[1].references[0].value == told[1].references[0].value);
  CHECK(leave_one_out(seen, runs, start)[0].effective_runs < 50.0);  // those are weighed
}

TEST_CASE("areas that no run reaches ask for an error of the model, those of a run for none",
          "[statistical]") {
  Luck luck(21);
  const auto compared = [](double factor) {
    std::vector<Comparison> all;
    for (int t = 0; t < 4; ++t) {
      Comparison c;
      c.target = {.name = "area", .value = factor * 100.0, .sd = 5.0};
      c.is_area = true;
      all.push_back(c);
    }
    return all;
  };
  Runs prior;
  prior.points = luck.points(300, 2);
  for (std::size_t r = 0; r < prior.size(); ++r) {
    std::vector<double> row;
    for (int t = 0; t < 4; ++t) row.push_back(100.0 + 5.0 * luck.normal());
    prior.outputs.push_back(row);
  }
  const Discrepancy none = discrepancy_asked_for(compared(1.0), prior);
  CHECK(none.low == 0.0);
  CHECK(none.likeliest < 0.05);
  // Seen 60, run 100: 40 of 60 is 67 % of what was seen.
  const Discrepancy far = discrepancy_asked_for(compared(0.6), prior);
  CHECK(far.low > 0.2);
  CHECK(far.likeliest == Approx(0.67).margin(0.08));
  CHECK(far.high > far.likeliest);
  CHECK(far.gain > 10.0);
}

TEST_CASE("a hindcast holds the error with which figures are published", "[unit]") {
  Comparison c;
  c.target = {.name = "area", .value = 1000.0, .sd = 150.0};
  c.time = 2016.0;
  c.is_area = true;
  Runs runs;
  runs.points = {{0.2}, {0.8}};
  runs.outputs = {{700.0}, {700.0}};  // the errors that the runs drew are not the forecast
  runs.figures = {{Figure{1000.0, 0.2, 100.0}}, {Figure{1000.0, 0.2, 100.0}}};
  const auto told = prior_hindcast({c}, runs, std::nullopt);
  REQUIRE(told.size() == 1);
  CHECK(told[0].middle == Approx(900.0).epsilon(0.02));
  CHECK(told[0].low == Approx(1000.0 * std::exp(-0.2 * 1.645) - 100.0).epsilon(0.03));
  CHECK(told[0].high == Approx(1000.0 * std::exp(0.2 * 1.645) - 100.0).epsilon(0.03));
  CHECK(told[0].effective_runs == Approx(2.0));
}
