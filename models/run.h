#pragma once

#include <cstdint>
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

/// All series that a run of this scenario reports.
std::vector<sim::SeriesInfo> series_of(const Scenario& scenario, const City& city);

/// One future from start to horizon. `design`: uniforms for scenario.design_inputs(), or empty.
/// `keeps_works`: the record gets the rows of the works programme (works_rows.h).
/// `cancellation`: looked at every month; a future that is given up leaves a record without series.
/// Thread-safe: shares only the scenario and the city, which it does not change.
sim::RunRecord run_future(const Scenario& scenario, const City& city, std::uint64_t run_seed,
                          std::span<const double> design = {}, bool keeps_works = false,
                          const sim::Cancellation* cancellation = nullptr);

}  // namespace musi::models
