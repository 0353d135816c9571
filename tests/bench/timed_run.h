#pragma once

#include <chrono>
#include <ctime>
#include <map>
#include <string>
#include <utility>

#include "models/build_world.h"
#include "models/indicators/recorder.h"
#include "models/run.h"

namespace musi::bench {

/// Processor time of the program so far [s]. A call may cost a microsecond or more.
inline double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// One future, from its seed to its record.
struct TimedRun {
  double total = 0.0;                     ///< processor time, read twice [s]
  std::map<std::string, double> seconds;  ///< by process, on the wall: the cheaper clock [s]
  double household_months = 0.0;          ///< lived
  std::size_t rows = 0, households = 0;   ///< at the end
  sim::RunRecord record;
};

inline TimedRun timed_run(const models::Scenario& scenario, const models::City& city,
                          int replicate) {
  using Clock = std::chrono::steady_clock;
  const std::uint64_t seed =
      sim::run_seed(scenario.sampling.seed, static_cast<std::uint64_t>(replicate));
  TimedRun timed;
  const double begin = cpu_seconds();
  Clock::time_point before = Clock::now();
  const auto lap = [&](std::string_view name) {
    const Clock::time_point now = Clock::now();
    timed.seconds[std::string(name)] += std::chrono::duration<double>(now - before).count();
    before = now;
  };
  models::World world = models::build_world(scenario, city, seed);
  const auto schedule = models::standard_schedule(world);
  models::RunRecorder recorder(world);
  lap("build_world");
  for (sim::Month t = 0; t < scenario.clock.n_months(); ++t) {
    world.month = t;
    timed.household_months += static_cast<double>(world.n_households());
    for (const auto& entry : schedule.entries()) {
      if (!is_due(entry.cadence, t)) continue;
      entry.process->step(world, {.month = t, .seed = seed});
      lap(entry.process->name());
    }
    if (sim::Clock::is_december(t)) recorder.december(world);
    lap("recorder");
  }
  timed.record = recorder.finish(world);
  lap("recorder");
  timed.total = cpu_seconds() - begin;
  timed.rows = world.households.size_rows();
  timed.households = world.n_households();
  return timed;
}

}  // namespace musi::bench
