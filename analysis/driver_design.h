#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "analysis/drivers.h"
#include "analysis/laboratory.h"
#include "analysis/sensitivity.h"
#include "models/scenario.h"

/// Designs over the uncertain inputs of a scenario, run in a laboratory: which trials, and what
/// their outcomes say.
namespace musi::analysis {

/// A factor by name: an input by its path, a group, or "all other inputs".
struct NamedFactor {
  std::string name, unit;
  std::vector<std::size_t> inputs;  ///< of scenario.design_inputs()
};

/// Every input on its own.
std::vector<NamedFactor> single_factors(const models::Scenario& scenario);
/// The named inputs on their own and the rest together. std::invalid_argument for a path that is no
/// uncertain input drawn once per future, with the nearest one.
std::vector<NamedFactor> chosen_factors(const models::Scenario& scenario,
                                        const std::vector<std::string>& paths);
/// One factor for each first word of a path, and for the part of `parameters` before the first
/// underscore: funding, parameters.flood_*, ...
std::vector<NamedFactor> grouped_factors(const models::Scenario& scenario);

/// The name of the factor that is no input: which households, floods, tenders happen.
inline const std::string chance_events = "chance events";

/// A metric of each future of a trial.
std::vector<double> metric_values(const Outcomes& outcomes, const CompareMetric& metric,
                                  const std::string& definition);

/// Trials of one design. Futures of a trial are its rows (sobol) or trajectories (morris).
struct DesignTrials {
  std::vector<std::size_t> trials;
  std::vector<std::string> names;
  std::size_t n_runs = 0;
};

/// Morris: steps 0 to F of every trajectory with one luck per trajectory, then step 0 with another
/// luck, which tells the noise. Runs: n (F + 2).
class MorrisRun {
 public:
  MorrisRun(const models::Scenario& scenario, std::vector<NamedFactor> factors, std::size_t n);
  DesignTrials add_to(Laboratory& laboratory, const std::string& variant) const;
  static std::size_t n_runs(std::size_t n_factors, std::size_t n) { return n * (n_factors + 2); }
  /// `outcomes`: of the trials, in their order. The last row is the one of chance events.
  std::vector<DriverRow> rows(const std::vector<std::vector<double>>& outcomes) const;

 private:
  std::vector<NamedFactor> factors_;
  Factors inputs_;
  std::uint64_t seed_;
  std::vector<MorrisTrajectory> design_;
};

/// Sobol: Saltelli's design with the luck as one more factor. Runs: n (2 (F + 1) + 2).
class SobolRun {
 public:
  SobolRun(const models::Scenario& scenario, std::vector<NamedFactor> factors, std::size_t n);
  DesignTrials add_to(Laboratory& laboratory, const std::string& variant) const;
  static std::size_t n_runs(std::size_t n_factors, std::size_t n) {
    return n * (2 * (n_factors + 1) + 2);
  }
  /// Low, high, effect and tipping value of single inputs are those of the 2 n independent futures.
  std::vector<DriverRow> rows(const std::vector<std::vector<double>>& outcomes, bool is_share,
                              double wished_pct) const;

 private:
  const models::Scenario& scenario_;
  std::vector<NamedFactor> factors_;
  std::uint64_t seed_;
  std::size_t n_;
  SaltelliDesign design_;
};

}  // namespace musi::analysis
