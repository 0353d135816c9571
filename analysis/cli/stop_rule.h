#pragma once

#include <cstddef>
#include <vector>

#include "analysis/experiment.h"
#include "sim/core/recorder.h"

namespace musi::cli {

/// sampling.stop_early: hands records on until the headline chance of every option is exact enough,
/// and drops those behind. It looks after each full round of the plan, in the order of the plan, so
/// where it stops depends on neither threads nor earlier interruptions.
class StopRule final : public sim::Recorder {
 public:
  StopRule(sim::Recorder& next, const analysis::Experiment& experiment);
  void write(std::size_t option, std::size_t replicate, sim::RunRecord record) override;
  /// Futures of every option that are enough; 0 as long as they are not, and if there is no rule.
  std::size_t n_enough() const { return n_enough_; }

 private:
  sim::Recorder& next_;
  double half_width_ = 0.0;  ///< as a fraction; 0: no rule
  int year_ = 0;
  std::size_t n_options_, n_replicates_, series_ = 0, definition_ = 0, n_enough_ = 0;
  std::vector<std::size_t> n_reached_;  ///< [option] by the headline year
};

}  // namespace musi::cli
