#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/experiment.h"
#include "analysis/headline.h"
#include "analysis/run_parts.h"
#include "analysis/scenario/reader.h"
#include "sim/core/ensemble.h"

/// Experiments in memory: a scenario file, values laid over it, and what each future then does.
namespace musi::analysis {

/// An option of the file with values laid over it.
struct Trial {
  std::string variant = {};           ///< "current+supported"; empty: the first of the file
  std::vector<Override> values = {};  ///< paths as under `set`; later ones win
};

/// What the first futures of one trial left behind, future by future.
class Outcomes {
 public:
  std::size_t n_replicates() const { return n_; }
  const std::vector<int>& years() const { return *years_; }
  /// Numbers of a kept series. Shape: [replicate, index]; NaN is missing.
  std::vector<double> series(const std::string& name) const;
  /// Year of zero of every future by a definition ("Z2a"); NaN: not by the end.
  std::vector<double> zero_years(const std::string& definition) const;
  /// Sum over the years `from` to `to` of a yearly series. Shape: [replicate]. Missing counts 0.
  std::vector<double> sum(const std::string& name, int from, int to) const;
  /// Value of a yearly series at the end of one year. Shape: [replicate].
  std::vector<double> in_year(const std::string& name, int year) const;
  /// As the headline of a run needs it.
  OptionOutcome headline(const HeadlineQuestion& question) const;
  /// The first `n` futures only; at most n_replicates().
  Outcomes prefix(std::size_t n) const;

 private:
  friend class Laboratory;
  std::string name_;
  std::size_t n_ = 0;
  const std::vector<std::string>* names_ = nullptr;
  const std::vector<int>* years_ = nullptr;
  const std::vector<std::string>* definitions_ = nullptr;
  const std::vector<sim::RunRecord>* futures_ = nullptr;
};

struct LaboratoryOptions {
  /// Series of the result file that are kept; those by source of money are summed over it. Others
  /// may have the dimensions year, definition, site, kecamatan and criterion.
  std::vector<std::string> series = default_series();
  std::size_t n_threads = 0;  ///< 0: all cores; never changes a number
  const sim::Cancellation* cancellation = nullptr;
  /// Called by one thread at a time after each future that was not there before.
  std::function<void(std::size_t trial)> each_future = {};

  /// zero_year, slum_area, slum_area_ledger, paid, all barriers.
  static std::vector<std::string> default_series();
};

/// Runs trials under the common luck of the file: future 17 of every trial has the same run seed
/// and the same draw of every uncertain input, so trials may be compared future by future. Each
/// future is computed once; asking for more futures of the same trial adds to those there.
///
/// Results depend on the file, the trial and the number of the future only: not on threads, nor on
/// the order of trials. One thread calls; `run` uses all cores.
class Laboratory {
 public:
  /// `read` must be ok() and outlive this object. InputError as for Experiment.
  explicit Laboratory(const ReadResult& read, LaboratoryOptions options = {});
  Laboratory(const Laboratory&) = delete;
  Laboratory& operator=(const Laboratory&) = delete;

  /// Makes a trial; an equal one that is there already is handed back. InputError if a value is
  /// refused, or changes what all trials must share (horizon, price year, sites, sampling).
  std::size_t add(const Trial& trial);
  /// Makes a trial whose futures have design points of their own instead of the common ones: future
  /// i has `points[i]` (uniforms for design_inputs() of the variant's scenario) and the run seed of
  /// future `first_future` + i. For searches through the inputs; never equal to another trial.
  std::size_t add_points(const std::string& variant, std::vector<std::vector<double>> points,
                         std::size_t first_future);
  const Trial& trial(std::size_t trial) const { return trials_[trial].trial; }
  const Variant& variant(std::size_t trial) const { return *trials_[trial].variant; }
  std::size_t n_trials() const { return trials_.size(); }

  /// Computes what is missing of the first `n_replicates` futures of some trials, batches going
  /// round the trials. False if the cancellation stopped it: then fewer futures are there. Futures
  /// beyond those of the file (sampling.replicates) are refused: ContractError.
  bool run(std::span<const std::size_t> trials, std::size_t n_replicates);
  bool run(std::size_t trial, std::size_t n_replicates) { return run({&trial, 1}, n_replicates); }

  /// All futures computed so far; valid until the next call of run, add or forget.
  Outcomes outcomes(std::size_t trial) const;
  /// Frees the futures of a trial, for long sessions; they are computed anew if asked for again.
  void forget(std::size_t trial);

  /// Keeps finished futures in a folder and takes over those that are there (INTERFACE 6.6).
  /// `question`: what the folder is for, besides file, inputs and program. Hands back the names of
  /// what has changed since: then nothing was taken over and nothing is kept. Trials must be added
  /// in the same order as before. IoError if the folder cannot be written.
  std::vector<std::string> keep_in(const std::string& folder, const RunIdentity& question,
                                   bool resume);
  /// Deletes the folder of keep_in.
  void remove_kept();
  std::size_t n_kept() const { return parts_ ? parts_->n_loaded() : 0; }

  const Experiment& experiment() const { return experiment_; }
  /// Futures of the file: sampling.replicates.
  std::size_t n_replicates() const { return experiment_.n_replicates(); }
  std::size_t n_computed() const { return n_computed_; }  ///< futures computed here, not kept ones

 private:
  struct Entry {
    Trial trial;
    std::unique_ptr<const Variant> variant;
    std::vector<std::size_t> dimensions;  ///< of the design
    std::vector<std::size_t> series;      ///< of the scenario's own list, for each kept series
    std::vector<sim::RunRecord> futures;  ///< kept series only
    std::vector<std::vector<double>> points = {};  ///< of add_points; empty: of the common luck
    std::size_t first_future = 0;
  };
  class Collector;

  Entry entry_of(const Trial& trial) const;
  sim::RunRecord compute(const Entry& entry, std::size_t replicate) const;
  void check_common(const Variant& variant) const;

  const ReadResult* read_;
  LaboratoryOptions options_;
  Experiment experiment_;
  std::vector<sim::SeriesInfo> infos_;  ///< of the kept series, without the dimension funds
  std::vector<std::size_t> lengths_;    ///< of the kept series
  std::vector<std::string> definitions_;
  std::vector<int> years_;
  std::vector<Entry> trials_;
  std::optional<RunParts> parts_;
  std::size_t n_computed_ = 0;
};

}  // namespace musi::analysis
