#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "models/city.h"
#include "models/scenario.h"
#include "models/world.h"
#include "sim/core/ensemble.h"
#include "sim/core/process.h"
#include "sim/core/recorder.h"

namespace musi::models {

/// THE step order, MODEL.md 5.1; the only place.
sim::Schedule<World> standard_schedule(const World& world);

/// How much of a future is computed and taken down. States are the same, to the last bit, as far as
/// they are computed.
struct RunScope {
  /// The record gets the rows of the works programme (works_rows.h).
  bool keeps_works = false;
  /// Given: the headline alone, that is the year in which the scenario's own definition of zero is
  /// reached and what is paid before this month. The future ends when both are known; what only
  /// other numbers read (minutes, counts of people) is left out.
  std::optional<sim::Month> headline_until = std::nullopt;
};

/// All series that a run of this scenario reports. `headline_alone`: with RunScope::headline_until.
std::vector<sim::SeriesInfo> series_of(const Scenario& scenario, const City& city,
                                       bool headline_alone = false);

/// One future on its way from start to horizon. At any month it can branch: go on from a copy under
/// another scenario, so that options share their run up to their first difference.
class RunInParts {
 public:
  /// The starting state. `design`: uniforms for scenario.design_inputs(), or empty.
  RunInParts(const Scenario& scenario, const City& city, std::uint64_t run_seed,
             std::span<const double> design = {}, const RunScope& scope = {});
  ~RunInParts();
  RunInParts(RunInParts&&) noexcept;
  RunInParts& operator=(RunInParts&&) noexcept;

  /// Makes ready to branch to another scenario, before the first month: its processes are made from
  /// the starting state, as they would be in a run of its own. `design` for its inputs.
  /// ContractError if it starts from other numbers or makes another record.
  void prepare(const Scenario& scenario, std::span<const double> design = {});
  /// Lets the months before `end` pass, or those until the headline is known if nothing else is
  /// asked for. `cancellation` is looked at every month; false if the future was given up.
  bool advance(sim::Month end, const sim::Cancellation* cancellation = nullptr);
  /// This past, from now on under a scenario that was prepared and does not differ before the month
  /// reached (first_difference.h).
  RunInParts branch(const Scenario& scenario) const;
  /// The record, after the last month or once the headline is known.
  sim::RunRecord finish();

 private:
  struct Way;
  struct State;
  explicit RunInParts(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

/// One future from start to horizon. `design`: uniforms for scenario.design_inputs(), or empty.
/// `cancellation`: looked at every month; a future that is given up leaves a record without series.
/// Thread-safe: shares only the scenario and the city, which it does not change.
sim::RunRecord run_future(const Scenario& scenario, const City& city, std::uint64_t run_seed,
                          std::span<const double> design = {}, const RunScope& scope = {},
                          const sim::Cancellation* cancellation = nullptr);

}  // namespace musi::models
