#include "analysis/cli/stop_rule.h"

#include <algorithm>

#include "analysis/statistics.h"

namespace musi::cli {

StopRule::StopRule(sim::Recorder& next, const analysis::Experiment& experiment)
    : next_(next),
      n_options_(experiment.variants().size()),
      n_replicates_(experiment.n_replicates()),
      n_reached_(experiment.variants().size()) {
  if (!experiment.read().stop_half_width_pct) return;
  half_width_ = *experiment.read().stop_half_width_pct / 100.0;
  const analysis::HeadlineQuestion question = experiment.question();
  year_ = question.headline_year;
  const auto& series = experiment.series();
  series_ = static_cast<std::size_t>(
      std::find_if(series.begin(), series.end(),
                   [](const auto& info) { return info.name == "zero_year"; }) -
      series.begin());
  const auto& codes = experiment.result_outline().definitions;
  definition_ = static_cast<std::size_t>(
      std::find(codes.begin(), codes.end(), question.definition) - codes.begin());
}

void StopRule::write(std::size_t option, std::size_t replicate, sim::RunRecord record) {
  if (n_enough_ > 0) return;
  if (half_width_ > 0.0) n_reached_[option] += record.series[series_][definition_] <= year_;
  next_.write(option, replicate, std::move(record));
  const std::size_t n = replicate + 1;
  const bool ends_round = option + 1 == n_options_ && n % analysis::runs_per_batch == 0;
  if (half_width_ <= 0.0 || !ends_round || n >= n_replicates_) return;
  const bool is_exact = std::all_of(n_reached_.begin(), n_reached_.end(), [&](std::size_t count) {
    return analysis::share(count, n).half_width <= half_width_;
  });
  if (is_exact) n_enough_ = n;
}

}  // namespace musi::cli
