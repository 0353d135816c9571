#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analysis/common_luck.h"
#include "analysis/headline.h"
#include "analysis/result_file.h"
#include "analysis/results.h"
#include "analysis/run_parts.h"
#include "analysis/scenario/reader.h"
#include "models/future.h"
#include "sim/core/ensemble.h"
#include "sim/core/recorder.h"

namespace musi::models {
class RunInParts;
struct RunScope;
}

/// From a scenario that was read to runs and to what their result file says about them.
namespace musi::analysis {

/// Replicates of one option between two looks at the other options.
inline constexpr std::size_t runs_per_batch = 16;
/// Futures of each option whose works programme is kept unless the scenario says otherwise.
inline constexpr std::size_t works_futures = 20;

/// Rough costs of an ensemble.
struct Estimate {
  double memory_mib = 0.0, file_mib = 0.0;  ///< no file of the headline alone
  double seconds = 0.0;  ///< on `n_threads`
};

/// Options and levels as one list, with their common luck: future 17 has the same seed in all of
/// them, and each uncertain input the same point of the design, whichever options are run.
class Experiment {
 public:
  /// `read` must be ok() and outlive this object. `options`: names to keep (of options, or of
  /// options with levels), empty: all. `flags`: those that affect results, for the result file.
  /// InputError if options differ in what they must share, or `--option` names none.
  Experiment(const ReadResult& read, const std::vector<std::string>& options, std::string flags);
  /// The same with the luck of another file, so that its futures and these have the same draws.
  Experiment(const ReadResult& read, const std::vector<std::string>& options, std::string flags,
             CommonLuck luck);

  /// From now on futures are computed for the headline alone: records hold only its series, and a
  /// future ends once nothing of it can change. What they hold is what whole runs have, except that
  /// other definitions of zero are missing from the end of the future on.
  void ask_headline_alone();

  const ReadResult& read() const { return *read_; }
  const std::vector<const Variant*>& variants() const { return variants_; }
  const CommonLuck& luck() const { return luck_; }
  std::size_t n_replicates() const { return n_replicates_; }
  std::size_t n_runs() const { return variants_.size() * n_replicates_; }

  /// Computes one future of one option. Thread-safe. A future that the cancellation ends leaves a
  /// record without series.
  sim::RunRecord run(std::size_t option, std::size_t replicate,
                     const sim::Cancellation* cancellation = nullptr) const;
  /// The same with the works programme, whatever the number of the future.
  sim::RunRecord run_with_works(std::size_t option, std::size_t replicate) const;
  /// A run in parts, for options that share its beginning (shared_runs.h): begin it, prepare for
  /// the others, let months pass, branch, and take the record once `n_months` have passed.
  models::RunInParts begin(std::size_t option, std::size_t replicate) const;
  void prepare(models::RunInParts& run, std::size_t option, std::size_t replicate) const;
  models::RunInParts branch(const models::RunInParts& run, std::size_t option) const;
  sim::RunRecord end(models::RunInParts& run, std::size_t option) const;
  sim::Month n_months() const { return first().clock.n_months(); }

  /// Of the records.
  const std::vector<sim::SeriesInfo>& series() const { return series_; }
  /// Everything for the result file but the runs. Must not outlive this object.
  ResultInput result_input() const;
  /// The same without the values of the uncertain inputs, future by future.
  const ResultInput& result_outline() const { return result_; }
  const std::map<std::string, std::size_t>& lengths() const { return lengths_; }

  /// What runs depend on; equal for equal runs. Replicates count only where the design does.
  RunIdentity identity() const;
  Estimate estimate(std::size_t n_threads) const;
  /// Where the result goes if no flag says so.
  std::string default_output() const;
  HeadlineQuestion question() const;
  /// `other` is a complete result of the same program and inputs.
  bool is_up_to_date(const Results& other) const;

 private:
  sim::RunRecord run(std::size_t option, std::size_t replicate, const models::RunScope& scope,
                     const sim::Cancellation* cancellation) const;
  models::RunScope scope_of(std::size_t replicate) const;
  const models::Scenario& scenario(std::size_t option) const { return variants_[option]->scenario; }
  const models::Scenario& first() const { return variants_.front()->scenario; }
  void check_common() const;
  void make_result();
  void add_inputs();
  void name_axes();
  sim::RunRecord with_common_axes(sim::RunRecord record, std::size_t option) const;
  void move_axis(const sim::SeriesInfo& info, const char* dim, const std::vector<int>& place,
                 std::size_t n, double empty, std::vector<double>& values) const;
  double mean_draw(const models::Future& future, const models::Uncertain& input) const;
  /// Values drawn of some successive replicates. Shape: [replicate, input].
  std::vector<float> input_rows(std::size_t option, std::size_t first, std::size_t count) const;

  const ReadResult* read_;
  std::vector<const Variant*> variants_;
  std::string flags_;
  std::size_t n_replicates_ = 0;
  std::optional<sim::Month> headline_until_;  ///< of RunScope
  CommonLuck luck_;
  /// [option][design input of the option] -> dimension of the design
  std::vector<std::vector<std::size_t>> dimensions_;
  std::vector<sim::SeriesInfo> series_;
  std::map<std::string, std::size_t> lengths_;
  ResultInput result_;
};

/// Name of a file inside a result: relative to the folder of the scenario, never absolute.
std::string portable_name(const InputFile& file, const std::string& scenario_file);

}  // namespace musi::analysis
