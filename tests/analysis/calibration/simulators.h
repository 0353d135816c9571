#pragma once

#include <cstdint>
#include <vector>

#include "analysis/calibration/history.h"
#include "sim/core/portable_math.h"
#include "sim/core/rng.h"

/// Cheap simulators whose answers are known, for tests of calibration.
namespace musi::tests {

namespace cal = analysis::calibration;

/// Random numbers of a test.
class Luck {
 public:
  explicit Luck(std::uint64_t seed)
      : stream_(sim::Chance(seed, 0x80000077u, sim::start_state), 0) {}
  double uniform() { return stream_.fine_uniform(); }
  double normal() { return sim::portable::normal_quantile(stream_.fine_uniform()); }
  cal::Points points(std::size_t n, std::size_t n_inputs) {
    cal::Points points(n, std::vector<double>(n_inputs));
    for (auto& point : points) {
      for (double& u : point) u = uniform();
    }
    return points;
  }

 private:
  sim::Stream stream_;
};

/// Three outputs of the first three inputs, with noise of their own; further inputs do nothing.
struct ThreeOutputs {
  double noise = 0.05;
  std::vector<double> at(const std::vector<double>& u, Luck& luck) const {
    return {u[0] + 0.5 * u[1] + noise * luck.normal(),
            u[1] - u[0] * u[2] + noise * luck.normal(),
            2.0 * u[2] * u[2] + noise * luck.normal()};
  }
  cal::Runs runs(const cal::Points& points, Luck& luck) const {
    cal::Runs runs{.points = points, .outputs = {}};
    for (const auto& point : points) runs.outputs.push_back(at(point, luck));
    return runs;
  }
};

}  // namespace musi::tests
