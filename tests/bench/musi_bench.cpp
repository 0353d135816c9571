/// Speed of a future, with the reference kernels in the same run:
///     build/bench/tests/bench/musi_bench --benchmark_out=bench.json
/// Of futures and references alike, the least of three rounds counts: a busy machine only adds.
/// Totals are CPU seconds of one thread; shares of processes are taken by a cheaper clock.
#include <benchmark/benchmark.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <stdexcept>
#include <string>

#include "analysis/scenario/reader.h"
#include "models/world.h"
#include "sim/core/vector_level.h"
#include "tests/bench/timed_run.h"

namespace musi {
namespace {

constexpr const char* scenario_file = MUSI_SOURCE_DIR "/scenarios/palembang-baseline.yaml";
constexpr int n_replicates = 4;
constexpr int n_rounds = 3;

/// Columns of a household, for one row. [bytes]
std::size_t bytes_of_row(const models::Households& h) {
  const auto sum = [](const auto&... columns) { return (sizeof(columns[0]) + ...); };
  return sum(h.record, h.flags, h.next_revision, h.next_rare, h.fails);
}

struct Meter {
  std::map<std::string, double> seconds;  ///< by process, on the wall
  double total = 0.0;                     ///< with building and record [s of CPU]
  double household_months = 0.0;
  double bytes = 0.0, households = 0.0;   ///< at the end of the runs
};

void run_replicate(const models::Scenario& scenario, const models::City& city, int replicate,
                   Meter& meter) {
  const bench::TimedRun timed = bench::timed_run(scenario, city, replicate);
  for (const auto& [process, seconds] : timed.seconds) meter.seconds[process] += seconds;
  meter.total += timed.total;
  meter.household_months += timed.household_months;
  meter.bytes += static_cast<double>(timed.rows * bytes_of_row(models::Households{}));
  meter.households += static_cast<double>(timed.households);
}

/// Runs a reference kernel and reads its figure. [ns per household-month]
double reference(const char* program) {
  std::FILE* pipe = popen(program, "r");
  if (pipe == nullptr) throw std::runtime_error(std::string("cannot start ") + program);
  std::string text;
  char line[512];
  while (std::fgets(line, sizeof line, pipe) != nullptr) text += line;
  const bool failed = pclose(pipe) != 0;
  const std::string label = "ns/hh-month";
  const auto at = text.find(label);
  if (failed || at == std::string::npos) {
    throw std::runtime_error(std::string("no figure from ") + program);
  }
  return std::stod(text.substr(at + label.size()));
}

/// A reference is measured in one place, then divided by.
double reference_once(const char* program) {
  static std::map<std::string, double> known;
  const auto [entry, is_new] = known.try_emplace(program, 0.0);
  if (is_new) {
    entry->second = reference(program);
    for (int round = 1; round < n_rounds; ++round) {
      entry->second = std::min(entry->second, reference(program));
    }
  }
  return entry->second;
}

void measure_reference(benchmark::State& state, const char* program) {
  const double ns = reference_once(program);
  for ([[maybe_unused]] auto _ : state) state.SetIterationTime(ns * 1e-9);
}

/// `wanted`: widest vectors to use. Every level gives the same bits.
void measure_baseline(benchmark::State& state, sim::VectorLevel wanted) {
  const sim::VectorLevel best = sim::vector_level();
  if (sim::use_vector_level(wanted) != wanted) {
    sim::use_vector_level(best);
    state.SkipWithError("not on this processor");
    return;
  }
  const auto reading = analysis::read_scenario(scenario_file);
  const models::Scenario& scenario = reading.variants.at(0).scenario;
  Meter meter;
  for ([[maybe_unused]] auto _ : state) {
    for (int round = 0; round < n_rounds; ++round) {
      Meter now;
      for (int k = 0; k < n_replicates; ++k) run_replicate(scenario, *reading.city->city, k, now);
      if (round == 0 || now.total < meter.total) meter = now;
    }
    state.SetIterationTime(meter.total);
  }
  const double per_household_month = 1e9 / meter.household_months;
  for (const auto& [process, seconds] : meter.seconds) {
    state.counters["ns:" + process] = seconds * per_household_month;
  }
  const double ns = meter.total * per_household_month;
  state.counters["ns_per_household_month"] = ns;
  state.counters["replicates_per_second"] = n_replicates / meter.total;
  state.counters["bytes_per_household"] = meter.bytes / meter.households;
  state.counters["times_aos"] = ns / reference_once(MUSI_REFERENCE_AOS);
  state.counters["times_soa"] = ns / reference_once(MUSI_REFERENCE_SOA);
  state.counters["times_soa_wide"] = ns / reference_once(MUSI_REFERENCE_SOA_WIDE);
  sim::use_vector_level(best);
}

/// The city with its sites repeated, or cut, to `times` as many.
models::City city_times(const models::City& base, double times) {
  models::City city = base;
  city.sites.clear();
  const auto n = static_cast<std::size_t>(times * static_cast<double>(base.sites.size()) + 0.5);
  for (std::size_t i = 0; i < n; ++i) {
    models::SiteFacts site = base.sites[i % base.sites.size()];
    const std::size_t copy = i / base.sites.size();
    if (copy > 0) {
      site.key = sim::mix(site.key, copy);
      site.site_id += "-" + std::to_string(copy);
    }
    city.sites.push_back(std::move(site));
  }
  for (auto& [year, area] : city.start_area_ha) area *= times;
  if (city.official_unfit_houses > 0.0) city.official_unfit_houses *= times;
  return city;
}

/// One replicate of a city of another size, or over another horizon: cost should be linear in both.
void measure_scaling(benchmark::State& state) {
  const double times = 0.01 * static_cast<double>(state.range(0));
  auto reading = analysis::read_scenario(scenario_file);
  models::Scenario scenario = reading.variants.at(0).scenario;
  scenario.clock.end_year = scenario.clock.start_year + static_cast<int>(state.range(1)) - 1;
  const models::City city = city_times(*reading.city->city, times);
  Meter meter;
  for ([[maybe_unused]] auto _ : state) {
    const double before = meter.total;
    run_replicate(scenario, city, 0, meter);
    state.SetIterationTime(meter.total - before);
  }
  state.counters["households"] = meter.households;
  state.counters["ns_per_household_month"] = meter.total * 1e9 / meter.household_months;
  state.counters["bytes_per_household"] = meter.bytes / meter.households;
}

void add(const char* name, const char* program) {
  benchmark::RegisterBenchmark(name, measure_reference, program)
      ->UseManualTime()
      ->Iterations(1)
      ->Unit(benchmark::kNanosecond);
}

void add_baseline(const char* name, sim::VectorLevel level) {
  benchmark::RegisterBenchmark(name, measure_baseline, level)
      ->UseManualTime()
      ->Iterations(1)
      ->Unit(benchmark::kMillisecond);
}

}  // namespace
}  // namespace musi

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  musi::add("reference/household_month/aos_mt", MUSI_REFERENCE_AOS);
  musi::add("reference/household_month/soa_vec", MUSI_REFERENCE_SOA);
  musi::add("reference/household_month/soa_vec_avx2", MUSI_REFERENCE_SOA_WIDE);
  // The first is what users get on this processor.
  musi::add_baseline("palembang-baseline/replicates_0_to_3", musi::sim::vector_level());
  musi::add_baseline("palembang-baseline/plain_x86-64", musi::sim::VectorLevel::baseline);
  musi::add_baseline("palembang-baseline/avx2", musi::sim::VectorLevel::avx2);
  benchmark::RegisterBenchmark("scaling/percent_of_sites/years", musi::measure_scaling)
      ->ArgsProduct({{10, 100, 1000}, {5}})
      ->ArgsProduct({{100}, {27, 50}})
      ->UseManualTime()
      ->Iterations(1)
      ->Unit(benchmark::kMillisecond);
  tbb::task_arena(1).execute([] { benchmark::RunSpecifiedBenchmarks(); });  // the time of one core
  benchmark::Shutdown();
}
