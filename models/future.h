#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/city.h"
#include "models/parameters.h"
#include "models/scenario.h"
#include "sim/core/ids.h"

namespace musi::models {

/// All uncertain numbers of one future: one draw of each input, addressed by the run seed and the
/// FNV-1a hash of its path, so that adding an input changes no other.
class Future {
 public:
  /// `design`: uniforms for scenario.design_inputs(), or empty for independent random draws.
  Future(const Scenario& scenario, const City& city, std::uint64_t run_seed,
         std::span<const double> design = {});

  /// Parameter drawn once per future, in model units (fractions 0 to 1, IDR million of 2019).
  double operator[](Param param) const { return values_[param]; }
  /// Parameter that may differ between sites.
  double at_site(Param param, sim::EntityKey site) const;
  /// Parameter that may differ between years.
  double in_year(Param param, int year) const {
    const std::vector<double>& known = by_year_[static_cast<std::size_t>(param)];
    const auto y = static_cast<std::size_t>(year - first_year_);  // earlier years wrap
    return known.empty() ? values_[param] : y < known.size() ? known[y] : drawn_in(param, year);
  }
  /// Any input in the unit of its key; entity and year matter only if it is redrawn by them.
  double value(const Uncertain& input, sim::EntityKey entity = 0, int year = 0) const;

  /// A number given in the unit of a parameter, in model units.
  double in_units_of(Param param, const Uncertain& input, sim::EntityKey entity, int year) const {
    return to_model_units(param, value(input, entity, year));
  }

  std::uint64_t seed() const { return seed_; }
  ParticipationTheory theory() const { return theory_; }
  bool crowds_out() const { return crowds_out_; }
  int ageing_phases() const { return ageing_phases_; }
  /// Replaces a parameter, for tests and docking cases. Model units.
  void set(Param param, double model_value);
  /// Level of costs in a year against 2019, MODEL.md 11.
  double cost_drift(int year) const {
    const auto y = static_cast<std::size_t>(year - first_year_);  // earlier years wrap
    return y < cost_drift_.size() ? cost_drift_[y] : cost_drift_in(year);
  }

 private:
  double to_model_units(Param param, double scenario_value) const;
  double drawn_in(Param param, int year) const;
  double cost_drift_in(int year) const;
  void fill_cost_drift(int n_years);

  const Scenario* scenario_;
  std::uint64_t seed_;
  ParamValues values_;
  std::vector<double> design_values_;  ///< of scenario.design_inputs()
  std::vector<const Uncertain*> design_inputs_;
  int first_year_ = 0;
  std::vector<std::vector<double>> by_year_;  ///< by Param, of those redrawn; years of the run
  std::vector<double> cost_drift_;     ///< by year of the run
  std::vector<double> price_levels_;   ///< of the price years of the costs, by Param
  ParticipationTheory theory_ = ParticipationTheory::logit_neighbours;
  bool crowds_out_ = false;
  int ageing_phases_ = 3;
};

}  // namespace musi::models
