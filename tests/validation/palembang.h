#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "analysis/scenario/reader.h"
#include "models/run.h"
#include "sim/core/parallel.h"

/// The shipped city and its scenarios.
namespace musi::tests {

/// A scenario of the repository; throws if it has errors.
inline analysis::ReadResult read(const std::string& file, const std::string& option = "") {
  analysis::ReadOptions options;
  if (!option.empty()) options.options = {option};
  auto result = analysis::read_scenario(file, options);
  if (!result.ok()) throw std::runtime_error("cannot read " + file);
  return result;
}

inline std::string shipped(const std::string& name) {
  return MUSI_SOURCE_DIR "/scenarios/" + name;
}

/// The baseline with its uncertain and with its central parameters.
struct Palembang {
  analysis::ReadResult read = tests::read(shipped("palembang-baseline.yaml"));
  const models::City& city = *read.city->city;
  models::Scenario uncertain = read.variants.front().scenario;
  models::Scenario central = [this] {
    models::Scenario s = uncertain;
    s.uncertainty = false;
    return s;
  }();
};

inline const Palembang& palembang() {
  static const Palembang p;
  return p;
}

/// Runs months of a world, calling `look(world, month)` at the end of each.
template <class Look>
void live(models::World& world, int months, Look look) {
  const auto schedule = models::standard_schedule(world);
  for (sim::Month t = 0; t < months; ++t) {
    world.month = t;
    schedule.run(world, {.month = t, .seed = world.future.seed()});
    look(world, t);
  }
}

/// Runs `one(i)` for n futures side by side; results by index.
template <class Result, class One>
std::vector<Result> side_by_side(std::size_t n, One one) {
  std::vector<Result> results(n);
  sim::for_each_index(n, [&](std::size_t i) { results[i] = one(i); });
  return results;
}

}  // namespace musi::tests
