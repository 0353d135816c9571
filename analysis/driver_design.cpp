#include "analysis/driver_design.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>

#include "sim/core/check.h"
#include "sim/core/rng.h"
#include "sim/io/text.h"

namespace musi::analysis {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
constexpr Estimate95 unknown{undefined, undefined, undefined};
using Kind = CompareMetric::Kind;

DriverRow row_of(const NamedFactor& factor) {
  DriverRow row;
  row.path = factor.name;
  row.unit = factor.unit;
  row.low = row.high = undefined;
  row.effect = unknown;
  return row;
}

/// Values of one input in the rows of a design.
std::vector<double> values_of(const models::Uncertain& input,
                              const std::vector<std::vector<double>>& points, std::size_t i) {
  std::vector<double> values;
  for (const std::vector<double>& point : points) {
    values.push_back(models::quantile(input.value, point[i]));
  }
  return values;
}

Factors inputs_of(const std::vector<NamedFactor>& factors) {
  Factors inputs;
  for (const NamedFactor& factor : factors) inputs.push_back(factor.inputs);
  return inputs;
}

}  // namespace

std::vector<NamedFactor> single_factors(const models::Scenario& scenario) {
  std::vector<NamedFactor> factors;
  const auto inputs = scenario.design_inputs();
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    factors.push_back({inputs[i]->path, inputs[i]->unit, {i}});
  }
  return factors;
}

std::vector<NamedFactor> chosen_factors(const models::Scenario& scenario,
                                        const std::vector<std::string>& paths) {
  const auto inputs = scenario.design_inputs();
  std::vector<std::string> known;
  for (const auto* input : inputs) known.push_back(input->path);
  std::vector<NamedFactor> factors;
  std::vector<bool> is_chosen(inputs.size(), false);
  for (const std::string& path : paths) {
    const auto found = std::find(known.begin(), known.end(), path);
    if (found == known.end()) {
      const auto nearest = sim::io::nearest_name(path, known);
      throw std::invalid_argument(
          fmt::format("--inputs {}: is no uncertain input that is drawn once per future{}", path,
                      nearest ? fmt::format("; did you mean '{}'?", *nearest) : ""));
    }
    const auto i = static_cast<std::size_t>(found - known.begin());
    if (is_chosen[i]) throw std::invalid_argument(fmt::format("--inputs {}: named twice", path));
    is_chosen[i] = true;
    factors.push_back({path, inputs[i]->unit, {i}});
  }
  NamedFactor others{"all other inputs", "", {}};
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (!is_chosen[i]) others.inputs.push_back(i);
  }
  if (!others.inputs.empty()) factors.push_back(std::move(others));
  return factors;
}

std::vector<NamedFactor> grouped_factors(const models::Scenario& scenario) {
  std::vector<NamedFactor> factors;
  const auto inputs = scenario.design_inputs();
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const std::string& path = inputs[i]->path;
    const std::string prefix = "parameters.";
    std::string name = path.substr(0, path.find('.'));
    if (path.starts_with(prefix)) {
      name = path.substr(0, path.find('_', prefix.size()));
      if (name != path) name += "_*";
    }
    auto found = std::find_if(factors.begin(), factors.end(),
                              [&](const NamedFactor& f) { return f.name == name; });
    if (found == factors.end()) found = factors.insert(factors.end(), {name, "", {}});
    found->inputs.push_back(i);
  }
  return factors;
}

std::vector<double> metric_values(const Outcomes& outcomes, const CompareMetric& metric,
                                  const std::string& definition) {
  if (metric.kind == Kind::slum_area_ha) return outcomes.in_year("slum_area", metric.from);
  if (metric.kind == Kind::paid_idr_bn) return outcomes.sum("paid", metric.from, metric.to);
  return metric_of_years(outcomes.zero_years(definition), metric, outcomes.years().front(),
                         outcomes.years().back());
}

// --- morris -------------------------------------------------------------------------------------

MorrisRun::MorrisRun(const models::Scenario& scenario, std::vector<NamedFactor> factors,
                     std::size_t n)
    : factors_(std::move(factors)), inputs_(inputs_of(factors_)), seed_(scenario.sampling.seed) {
  design_ = morris_design(inputs_, scenario.design_inputs().size(), n, seed_);
}

DesignTrials MorrisRun::add_to(Laboratory& laboratory, const std::string& variant) const {
  DesignTrials all;
  for (std::size_t step = 0; step <= factors_.size() + 1; ++step) {
    const bool is_other_luck = step > factors_.size();
    std::vector<std::vector<double>> points;
    for (const MorrisTrajectory& walk : design_) {
      points.push_back(walk.points[is_other_luck ? 0 : step]);
    }
    all.trials.push_back(laboratory.add_points(variant, std::move(points),
                                               is_other_luck ? design_.size() : std::size_t{0}));
    all.names.push_back(is_other_luck ? chance_events : fmt::format("morris {}", step));
  }
  all.n_runs = n_runs(factors_.size(), design_.size());
  return all;
}

std::vector<DriverRow> MorrisRun::rows(const std::vector<std::vector<double>>& outcomes) const {
  MUSI_EXPECT(outcomes.size() == factors_.size() + 2);
  std::vector<std::vector<double>> walks(design_.size());
  std::vector<std::vector<double>> lucks(design_.size());
  for (std::size_t t = 0; t < design_.size(); ++t) {
    for (std::size_t s = 0; s <= factors_.size(); ++s) walks[t].push_back(outcomes[s][t]);
    lucks[t] = {outcomes.front()[t], outcomes.back()[t]};
  }
  const std::vector<MorrisEffect> effects = morris_effects(inputs_, design_, walks, seed_);
  std::vector<DriverRow> rows;
  for (std::size_t f = 0; f < factors_.size(); ++f) {
    DriverRow row = row_of(factors_[f]);
    row.screening = effects[f].size;
    row.spread = effects[f].spread;
    row.effect = effects[f].change;
    row.low = effects[f].low;
    row.high = effects[f].high;
    row.p_value = effects[f].p_value;
    rows.push_back(std::move(row));
  }
  // The luck as a factor that moves once in each trajectory, in no direction.
  std::vector<MorrisTrajectory> moves(design_.size());
  for (MorrisTrajectory& move : moves) move.moved = {0};
  const MorrisEffect noise = morris_effects({{0, 0}}, moves, lucks, seed_ + 1).front();
  DriverRow row = row_of({chance_events, "", {}});
  row.screening = noise.size;
  row.spread = noise.spread;
  rows.push_back(std::move(row));
  return rows;
}

// --- sobol --------------------------------------------------------------------------------------

SobolRun::SobolRun(const models::Scenario& scenario, std::vector<NamedFactor> factors,
                   std::size_t n)
    : scenario_(scenario),
      factors_(std::move(factors)),
      seed_(scenario.sampling.seed),
      n_(n),
      design_(scenario.design_inputs().size(), n, seed_) {}

DesignTrials SobolRun::add_to(Laboratory& laboratory, const std::string& variant) const {
  DesignTrials all;
  const auto add = [&](std::vector<std::vector<double>> points, bool has_luck_of_b,
                       std::string name) {
    all.trials.push_back(
        laboratory.add_points(variant, std::move(points), has_luck_of_b ? n_ : std::size_t{0}));
    all.names.push_back(std::move(name));
  };
  add(design_.a, false, "sobol a");
  add(design_.b, true, "sobol b");
  for (const NamedFactor& f : factors_) {
    add(SaltelliDesign::mixed(design_.a, design_.b, f.inputs), false, f.name);
    add(SaltelliDesign::mixed(design_.b, design_.a, f.inputs), true, f.name);
  }
  add(design_.a, true, chance_events);
  add(design_.b, false, chance_events);
  all.n_runs = n_runs(factors_.size(), n_);
  return all;
}

std::vector<DriverRow> SobolRun::rows(const std::vector<std::vector<double>>& outcomes,
                                      bool is_share, double wished_pct) const {
  const std::size_t n_factors = factors_.size() + 1;
  MUSI_EXPECT(outcomes.size() == 2 * n_factors + 2);
  SaltelliOutcomes y{outcomes[0], outcomes[1], {}, {}};
  for (std::size_t f = 0; f < n_factors; ++f) {
    y.ab.push_back(outcomes[2 + 2 * f]);
    y.ba.push_back(outcomes[3 + 2 * f]);
  }
  const std::vector<SobolIndex> indices = sobol_indices(y, seed_);
  std::vector<std::vector<double>> points = design_.a;
  points.insert(points.end(), design_.b.begin(), design_.b.end());
  std::vector<double> outcome = outcomes[0];
  outcome.insert(outcome.end(), outcomes[1].begin(), outcomes[1].end());
  const auto inputs = scenario_.design_inputs();
  std::vector<DriverRow> rows;
  std::vector<std::vector<double>> values(n_factors);
  for (std::size_t f = 0; f < n_factors; ++f) {
    const bool is_luck = f == factors_.size();
    const NamedFactor factor = is_luck ? NamedFactor{chance_events, "", {}} : factors_[f];
    DriverRow row = row_of(factor);
    if (factor.inputs.size() == 1) {
      const std::size_t i = factor.inputs.front();
      values[f] = values_of(*inputs[i], points, i);
      if (const auto quarters = regional_row(values[f], outcome, is_share)) {
        row.low = quarters->low;
        row.high = quarters->high;
        row.effect = quarters->effect;
        row.p_value = quarters->p_value;
      }
    }
    row.first_order = indices[f].first;
    row.total = indices[f].total;
    rows.push_back(std::move(row));
  }
  mark_discoveries(rows);
  for (std::size_t f = 0; f < n_factors && is_share; ++f) {
    if (!values[f].empty()) add_tipping(rows[f], values[f], outcome, wished_pct);
  }
  return rows;
}

}  // namespace musi::analysis
