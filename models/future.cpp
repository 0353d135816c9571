#include "models/future.h"

#include <algorithm>

#include "sim/core/check.h"
#include "sim/core/portable_math.h"
#include "sim/core/rng.h"

namespace musi::models {
namespace {

/// Uniform of an input: its own random stream, named by its path. The top bit keeps parameters
/// apart from the decisions of draws.h.
double uniform_of(std::uint64_t seed, const std::string& path, sim::EntityKey entity, int year) {
  const std::uint32_t decision = sim::fnv1a(path.data(), path.size()) | 0x80000000u;
  const sim::Month month = year == 0 ? sim::start_state : year;
  return sim::Chance(seed, decision, month).fine_uniform(entity);
}

const std::string row_of_draws = "sampling.draws";

/// One of n structures with equal weight.
std::size_t sampled_structure(std::uint64_t seed, const std::string& path, std::size_t n) {
  const double u = uniform_of(seed, path, 0, 0);
  return std::min(n - 1, static_cast<std::size_t>(u * static_cast<double>(n)));
}

}  // namespace

Future::Future(const Scenario& scenario, const City& city, std::uint64_t run_seed,
               std::span<const double> design)
    : scenario_(&scenario), seed_(run_seed), design_inputs_(scenario.design_inputs()) {
  MUSI_EXPECT(design.empty() || design.size() == design_inputs_.size());
  for (std::size_t i = 0; i < design_inputs_.size(); ++i) {
    const Uncertain& input = *design_inputs_[i];
    // Without a design all lists share one stream, so that a row of the table stays together.
    const std::string& stream = input.value.is_listed() ? row_of_draws : input.path;
    const double u = design.empty() ? uniform_of(seed_, stream, 0, 0) : design[i];
    design_values_.push_back(scenario.uncertainty ? quantile(input.value, u)
                                                  : central(input.value));
  }
  price_levels_.resize(n_params, 1.0);
  by_year_.resize(n_params);
  first_year_ = scenario.clock.start_year;
  for (std::size_t i = 0; i < n_params; ++i) {
    const ParamSpec& s = param_specs()[i];
    if (s.price_year != 0) price_levels_[i] = city.price_level(s.price_year);
    const Uncertain& input = scenario.parameters[i];
    const bool once = input.value.is_constant() || input.redraw == Redraw::per_replicate;
    values_[static_cast<Param>(i)] =
        to_model_units(static_cast<Param>(i), once ? value(input) : central(input.value));
    for (int y = 0; !once && y < scenario.clock.n_years(); ++y) {
      by_year_[i].push_back(drawn_in(static_cast<Param>(i), first_year_ + y));
    }
  }
  fill_cost_drift(scenario.clock.n_years());
  theory_ = scenario.theory;
  if (theory_ == ParticipationTheory::sampled) {
    constexpr ParticipationTheory rivals[] = {ParticipationTheory::logit_neighbours,
                                              ParticipationTheory::independent,
                                              ParticipationTheory::threshold};
    theory_ = rivals[sampled_structure(seed_, "structure.participation_theory", 3)];
  }
  crowds_out_ = scenario.private_response == PrivateResponse::crowd_out ||
                (scenario.private_response == PrivateResponse::sampled &&
                 sampled_structure(seed_, "structure.private_response", 2) == 1);
  ageing_phases_ = scenario.ageing_phases != 0
                       ? scenario.ageing_phases
                       : 1 + static_cast<int>(
                                 sampled_structure(seed_, "structure.ageing_phases", 4));
  if (!scenario.uncertainty) {
    if (scenario.theory == ParticipationTheory::sampled) {
      theory_ = ParticipationTheory::logit_neighbours;
    }
    if (scenario.private_response == PrivateResponse::sampled) crowds_out_ = false;
    if (scenario.ageing_phases == 0) ageing_phases_ = 3;
  }
}

void Future::set(Param param, double model_value) {
  values_[param] = model_value;
  if (param == Param::cost_drift) fill_cost_drift(static_cast<int>(cost_drift_.size()));
}

double Future::cost_drift_in(int year) const {
  return sim::portable::pow(1.0 + values_[Param::cost_drift], year - 2019);
}

void Future::fill_cost_drift(int n_years) {
  cost_drift_.clear();
  for (int y = 0; y < n_years; ++y) cost_drift_.push_back(cost_drift_in(first_year_ + y));
}

double Future::to_model_units(Param param, double scenario_value) const {
  const std::size_t i = static_cast<std::size_t>(param);
  return scenario_value * spec(param).scale / price_levels_[i];
}

double Future::value(const Uncertain& input, sim::EntityKey entity, int year) const {
  MUSI_EXPECT(input.is_set);
  if (input.value.is_constant()) return input.value.a;
  if (!scenario_->uncertainty) return central(input.value);
  if (input.redraw == Redraw::per_replicate) {
    const auto found = std::find(design_inputs_.begin(), design_inputs_.end(), &input);
    if (found != design_inputs_.end()) {
      return design_values_[static_cast<std::size_t>(found - design_inputs_.begin())];
    }
    return quantile(input.value, uniform_of(seed_, input.path, 0, 0));
  }
  const bool by_year = input.redraw == Redraw::per_year || input.redraw == Redraw::per_site_year;
  const bool by_entity = input.redraw != Redraw::per_year;
  return quantile(input.value,
                  uniform_of(seed_, input.path, by_entity ? entity : 0, by_year ? year : 0));
}

double Future::at_site(Param param, sim::EntityKey site) const {
  const Uncertain& input = scenario_->parameters[static_cast<std::size_t>(param)];
  if (input.value.is_constant() || input.redraw == Redraw::per_replicate) return values_[param];
  return to_model_units(param, value(input, site));
}

double Future::drawn_in(Param param, int year) const {
  return to_model_units(param,
                        value(scenario_->parameters[static_cast<std::size_t>(param)], 0, year));
}

}  // namespace musi::models
