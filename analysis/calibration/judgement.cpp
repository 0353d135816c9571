#include "analysis/calibration/judgement.h"

#include <eigen3/Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "sim/core/check.h"
#include "sim/core/portable_math.h"
#include "sim/core/rng.h"

namespace musi::analysis::calibration {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Decision number of errors of observation; no decision of the model has the top bit set.
constexpr std::uint32_t observing = 0x80000013u;
constexpr std::size_t n_parts = 10;
/// Added to the diagonal of standardised outputs, so that equal ones do no harm.
constexpr double ridge = 1e-3;
/// Further errors that are tried: 0 to 200 % of an area.
constexpr double discrepancy_step = 0.01;
constexpr int discrepancy_steps = 200;
/// Half the 95 % quantile of chi-square with one degree of freedom.
constexpr double half_chi_square_95 = 1.92;

std::vector<double> column(const Points& points, std::size_t input) {
  std::vector<double> values;
  for (const std::vector<double>& point : points) values.push_back(point[input]);
  return values;
}

/// Outputs with mean 0 and sd 1; those that do not vary are left out.
MatrixXd standardised(const std::vector<std::vector<double>>& summaries) {
  const auto n = static_cast<Index>(summaries.size());
  std::vector<VectorXd> kept;
  for (std::size_t s = 0; s < summaries.front().size(); ++s) {
    VectorXd values(n);
    for (Index r = 0; r < n; ++r) values(r) = summaries[static_cast<std::size_t>(r)][s];
    if (!values.allFinite()) continue;
    values.array() -= values.mean();
    const double sd = std::sqrt(values.squaredNorm() / static_cast<double>(n));
    if (sd > 1e-12) kept.push_back(values / sd);
  }
  MatrixXd all(n, static_cast<Index>(kept.size()) + 1);
  all.col(0).setOnes();
  for (std::size_t k = 0; k < kept.size(); ++k) all.col(static_cast<Index>(k) + 1) = kept[k];
  return all;
}

/// Places of the observations that are not of the year left out.
std::vector<std::size_t> others_of(const std::vector<Comparison>& comparisons, std::size_t out) {
  std::vector<std::size_t> places;
  for (std::size_t t = 0; t < comparisons.size(); ++t) {
    if (comparisons[t].time != comparisons[out].time) places.push_back(t);
  }
  return places;
}

/// Agreement of each run with the observations at these places.
std::vector<double> weights_by(const std::vector<Comparison>& comparisons, const Runs& runs,
                               const std::vector<std::size_t>& places) {
  std::vector<double> weights(runs.size(), 1.0);
  for (std::size_t r = 0; r < runs.size(); ++r) {
    for (const std::size_t place : places) {
      weights[r] *= agreement(comparisons[place].target, runs.figure(r, place));
    }
  }
  return weights;
}

/// Weighted numbers that an output of the runs may be published as.
struct Forecast {
  std::vector<double> values, weights;
};
Forecast forecast_of(const Runs& runs, std::size_t target, const std::vector<double>& weights) {
  Forecast forecast;
  for (std::size_t r = 0; r < runs.size(); ++r) {
    const Figure figure = runs.figure(r, target);
    if (figure.log_sd == 0.0) {
      forecast.values.push_back(figure.at(0.0));
      forecast.weights.push_back(weights[r]);
      continue;
    }
    const auto errors = publishing_errors();
    for (const double z : errors) {
      forecast.values.push_back(figure.at(z));
      forecast.weights.push_back(weights[r] / static_cast<double>(errors.size()));
    }
  }
  return forecast;
}

std::vector<LeftOut> each_year_left_out(const std::vector<Comparison>& comparisons,
                                        const Runs& prior, const std::optional<Known>& start,
                                        bool is_weighed) {
  std::vector<LeftOut> all;
  for (std::size_t out = 0; out < comparisons.size(); ++out) {
    if (!comparisons[out].is_area) continue;
    const std::vector<std::size_t> places = others_of(comparisons, out);
    std::vector<Known> known;
    if (start) known.push_back(*start);
    for (const std::size_t place : places) {
      const Comparison& c = comparisons[place];
      if (c.is_area) known.push_back({c.time, c.target.value});
    }
    const std::vector<double> weights = is_weighed ? weights_by(comparisons, prior, places)
                                                   : std::vector<double>(prior.size(), 1.0);
    const Forecast forecast = forecast_of(prior, out, weights);
    LeftOut left;
    left.name = comparisons[out].target.name;
    left.observed = comparisons[out].target.value;
    left.low = weighted_quantile(forecast.values, forecast.weights, 0.05);
    left.middle = weighted_quantile(forecast.values, forecast.weights, 0.5);
    left.high = weighted_quantile(forecast.values, forecast.weights, 0.95);
    left.crps = crps(forecast.values, forecast.weights, left.observed);
    left.effective_runs = effective_number(weights);
    left.references = reference_forecasts(known, comparisons[out].time);
    all.push_back(std::move(left));
  }
  return all;
}

}  // namespace

std::vector<InputJudgement> judge_inputs(
    const Points& points, const std::function<double(std::size_t, double)>& value) {
  std::vector<InputJudgement> all;
  if (points.empty()) return all;
  const std::vector<double> ones(points.size(), 1.0);
  std::vector<double> p_values;
  for (std::size_t i = 0; i < points.front().size(); ++i) {
    const std::vector<double> u = column(points, i);
    InputJudgement j;
    j.input = i;
    j.prior_low = value(i, 0.05);
    j.prior_middle = value(i, 0.5);
    j.prior_high = value(i, 0.95);
    j.low = value(i, weighted_quantile(u, ones, 0.05));
    j.middle = value(i, weighted_quantile(u, ones, 0.5));
    j.high = value(i, weighted_quantile(u, ones, 0.95));
    j.p_value = test_uniform(u).p_value;
    p_values.push_back(j.p_value);
    all.push_back(j);
  }
  const std::vector<bool> told = discoveries(p_values, discovery_rate);
  for (InputJudgement& j : all) j.is_told = told[j.input];
  return all;
}

std::vector<LeftOut> leave_one_out(const std::vector<Comparison>& comparisons, const Runs& prior,
                                   const std::optional<Known>& start) {
  return each_year_left_out(comparisons, prior, start, true);
}

std::vector<LeftOut> prior_hindcast(const std::vector<Comparison>& comparisons, const Runs& prior,
                                    const std::optional<Known>& start) {
  return each_year_left_out(comparisons, prior, start, false);
}

std::size_t n_inside(const std::vector<LeftOut>& left_out) {
  return static_cast<std::size_t>(std::count_if(left_out.begin(), left_out.end(),
                                                [](const LeftOut& l) { return l.is_inside(); }));
}

Skill skill_of(const std::vector<LeftOut>& left_out) {
  Skill skill;
  if (left_out.empty()) return skill;
  const double n = static_cast<double>(left_out.size());
  for (const LeftOut& l : left_out) {
    skill.model_mae += std::abs(l.middle - l.observed) / n;
    skill.model_crps += l.crps / n;
  }
  for (std::size_t k = 0; k < left_out.front().references.size(); ++k) {
    Skill::Against a;
    a.name = left_out.front().references[k].name;
    double model_mae = 0.0, model_crps = 0.0;
    for (const LeftOut& l : left_out) {
      if (!l.references[k].value) continue;
      ++a.n;
      a.mae += std::abs(*l.references[k].value - l.observed);
      model_mae += std::abs(l.middle - l.observed);
      model_crps += l.crps;
    }
    if (a.mae > 0.0) {
      a.mae_skill = 1.0 - model_mae / a.mae;
      a.crps_skill = 1.0 - model_crps / a.mae;
    }
    if (a.n > 0) a.mae /= static_cast<double>(a.n);
    skill.against.push_back(a);
  }
  return skill;
}

std::vector<double> learnable_share(const Points& points,
                                    const std::vector<std::vector<double>>& summaries) {
  MUSI_EXPECT(points.size() == summaries.size() && points.size() >= 2 * n_parts);
  const MatrixXd x = standardised(summaries);
  const auto n = static_cast<Index>(points.size());
  const auto n_inputs = static_cast<Index>(points.front().size());
  MatrixXd y(n, n_inputs);
  for (Index r = 0; r < n; ++r) {
    for (Index i = 0; i < n_inputs; ++i) {
      y(r, i) = points[static_cast<std::size_t>(r)][static_cast<std::size_t>(i)];
    }
  }
  const MatrixXd xx = x.transpose() * x, xy = x.transpose() * y;
  MatrixXd error = MatrixXd::Zero(n, n_inputs);
  for (std::size_t part = 0; part < n_parts; ++part) {
    MatrixXd part_xx = xx, part_xy = xy;
    for (Index r = static_cast<Index>(part); r < n; r += n_parts) {
      part_xx -= x.row(r).transpose() * x.row(r);
      part_xy -= x.row(r).transpose() * y.row(r);
    }
    part_xx.diagonal().tail(x.cols() - 1).array() += ridge * static_cast<double>(n);
    const MatrixXd coefficients = part_xx.ldlt().solve(part_xy);
    for (Index r = static_cast<Index>(part); r < n; r += n_parts) {
      error.row(r) = y.row(r) - x.row(r) * coefficients;
    }
  }
  // Without any effect the share recovered is about 0 with a spread of root(outputs) / runs.
  const double noise =
      4.0 * std::sqrt(static_cast<double>(x.cols() - 1)) / static_cast<double>(n);
  std::vector<double> shares;
  for (Index i = 0; i < n_inputs; ++i) {
    const double total = (y.col(i).array() - y.col(i).mean()).square().sum();
    const double left = error.col(i).squaredNorm();
    const double share = total > 0.0 ? 1.0 - left / total : 0.0;
    shares.push_back(share > noise ? share : 0.0);
  }
  return shares;
}

std::vector<std::vector<double>> with_errors(std::span<const Target> targets,
                                             const std::vector<std::vector<double>>& outputs,
                                             std::uint64_t seed) {
  const sim::Chance chance(seed, observing, sim::start_state);
  std::vector<std::vector<double>> seen;
  for (std::size_t r = 0; r < outputs.size(); ++r) {
    sim::Stream stream(chance, r);
    std::vector<double>& row = seen.emplace_back();
    for (std::size_t t = 0; t < targets.size(); ++t) {
      row.push_back(outputs[r][t] +
                    targets[t].sd * sim::portable::normal_quantile(stream.fine_uniform()));
    }
  }
  return seen;
}

Discrepancy discrepancy_asked_for(const std::vector<Comparison>& comparisons, const Runs& prior) {
  // Log of the mean likelihood of the areas over the runs, at each further error.
  const auto evidence = [&](double further) {
    double sum = 0.0;
    for (std::size_t r = 0; r < prior.size(); ++r) {
      double all = 1.0;
      for (std::size_t t = 0; t < comparisons.size(); ++t) {
        Target target = comparisons[t].target;
        const double stated = target.sd;
        if (comparisons[t].is_area) {
          target.sd = std::sqrt(stated * stated + further * further * target.value * target.value);
        }
        all *= stated / target.sd * agreement(target, prior.figure(r, t));
      }
      sum += all;
    }
    return std::log(sum / static_cast<double>(std::max<std::size_t>(1, prior.size())));
  };
  std::vector<double> tried;
  for (int step = 0; step <= discrepancy_steps; ++step) {
    tried.push_back(evidence(discrepancy_step * step));
  }
  const auto best = std::max_element(tried.begin(), tried.end());
  Discrepancy found;
  found.likeliest = discrepancy_step * static_cast<double>(best - tried.begin());
  found.gain = *best - tried.front();
  const auto is_likely = [&](double e) { return e >= *best - half_chi_square_95; };
  const auto low = std::find_if(tried.begin(), tried.end(), is_likely);
  const auto high = std::find_if(tried.rbegin(), tried.rend(), is_likely);
  found.low = discrepancy_step * static_cast<double>(low - tried.begin());
  found.high = discrepancy_step * static_cast<double>(tried.rend() - high - 1);
  found.is_open = high == tried.rbegin();
  return found;
}

PerfectModel perfect_model(std::span<const Target> targets, const Runs& prior,
                           std::span<const std::size_t> inputs, std::size_t n_trials,
                           std::uint64_t seed) {
  PerfectModel result;
  result.n_trials = std::min(n_trials, prior.size());
  const auto observed = with_errors(targets, prior.outputs, seed);
  std::size_t n_inside = 0, n_looked_at = 0;
  for (std::size_t truth = 0; truth < result.n_trials; ++truth) {
    std::vector<Target> seen(targets.begin(), targets.end());
    for (std::size_t t = 0; t < seen.size(); ++t) {
      seen[t].value = observed[truth][t];
      seen[t].at_most = false;  // the planted value is seen, not a bound for it
    }
    std::vector<double> weights;
    for (std::size_t r = 0; r < prior.size(); ++r) {
      weights.push_back(r == truth ? 0.0 : agreement(seen, prior, r));
    }
    result.effective_runs += effective_number(weights) / static_cast<double>(result.n_trials);
    for (const std::size_t input : inputs) {
      const std::vector<double> u = column(prior.points, input);
      const double low = weighted_quantile(u, weights, 0.05);
      const double high = weighted_quantile(u, weights, 0.95);
      if (std::isnan(low)) continue;
      ++n_looked_at;
      n_inside += prior.points[truth][input] >= low && prior.points[truth][input] <= high ? 1u : 0u;
    }
  }
  if (n_looked_at > 0) {
    result.coverage = static_cast<double>(n_inside) / static_cast<double>(n_looked_at);
  }
  return result;
}

}  // namespace musi::analysis::calibration
