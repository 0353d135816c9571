#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <utility>
#include <vector>

#include "analysis/experiment.h"
#include "analysis/input_archive.h"
#include "analysis/report/page_data.h"
#include "analysis/results.h"
#include "analysis/scenario/reader.h"
#include "analysis/serve/messages.h"
#include "sim/core/ensemble.h"

/// The opened scenario or result, the changes that visitors lay over it, and the futures that were
/// computed for them.
namespace musi::analysis::serve {

/// Futures that were computed for one scenario with its changes. Several questions may share them:
/// those that ask for more of the same.
class Futures {
 public:
  explicit Futures(std::size_t n_options) : records_(n_options) {}
  /// Of one option: the first so many.
  std::size_t count(std::size_t option) const;
  /// Of all options together.
  std::size_t count() const;
  /// Those that all options have.
  std::size_t n_complete() const;
  /// Adds the next future of an option; false if it is not the next one.
  bool add(std::size_t option, std::size_t replicate, sim::RunRecord record);
  /// Calls with every record of the first `n` of an option, in order.
  void each(std::size_t option, std::size_t n,
            const std::function<void(std::size_t, const sim::RunRecord&)>& take) const;
  std::size_t n_bytes() const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::vector<sim::RunRecord>> records_;  ///< [option][replicate]
};

/// Futures of one question: a scenario with changes, some of its options. Future 17 has the luck of
/// future 17 of the file as it is, so that every change can be compared with it.
class Setup {
 public:
  Setup(ReadResult read, std::string flags, CommonLuck luck, std::shared_ptr<Futures> futures);
  Setup(const Setup&) = delete;
  Setup& operator=(const Setup&) = delete;

  const Experiment& experiment() const { return experiment_; }
  const ReadResult& read() const { return read_; }
  std::size_t n_options() const { return experiment_.variants().size(); }
  std::size_t n_replicates() const { return experiment_.n_replicates(); }
  std::string option_name(std::size_t option) const { return experiment_.variants()[option]->name; }
  /// Futures that all options have, at most those asked for.
  std::size_t n_complete() const { return std::min(n_replicates(), futures_->n_complete()); }

  /// Computes what is missing of the first `n` futures; false if the cancellation stopped it.
  /// `progress`: after each future, by one thread at a time, with those that all options together
  /// have. One thread calls.
  bool run_to(std::size_t n, std::size_t n_threads, const sim::Cancellation& cancellation,
              const std::function<void(std::size_t option, std::size_t n_done)>& progress);
  /// The futures here, in a store of the first `n`. `experiment`: one with the same series.
  sim::RecordStore records(const Experiment& experiment, std::size_t n) const;

  /// Numbers of a series of the first `n` futures. Shape: [replicate, index]; NaN is missing.
  std::vector<double> series(std::size_t option, const std::string& name, std::size_t n) const;
  /// Page data of the first `n` futures. `is_whole`: also the parts that no lever changes, the
  /// values drawn and the works; else only what a preview draws.
  std::string page(std::size_t n, bool is_whole) const;
  /// Works programme and barriers of one future, computed now, as a JSON object.
  std::string future_json(std::size_t option, std::size_t replicate) const;

 private:
  ReadResult read_;
  Experiment experiment_;
  std::shared_ptr<Futures> futures_;
};

/// What the server serves. Everything but `refuse...` may throw InputError and IoError.
class Study {
 public:
  /// A scenario or a result file. `sets`: of the command line. Reading a result takes its inputs
  /// from inside it.
  Study(const std::string& path, std::vector<std::string> sets);

  const ReadResult& base() const { return base_; }
  const std::string& path() const { return path_; }
  const std::vector<std::string>& sets() const { return sets_; }
  bool is_result() const { return results_ != nullptr; }
  /// What the resolved scenario of an option states: path -> value as written.
  const std::map<std::string, std::string>& settings(const std::string& option) const {
    return settings_.at(option);
  }
  /// Page data of the opened result.
  std::string result_data() const;

  /// A question with the futures that are there already. InputError for values that are refused.
  /// Thread-safe.
  std::shared_ptr<Setup> setup(const Question& question);
  /// The command that computes the same numbers; empty if only a saved scenario can.
  std::string command(const Setup& setup, const Question& question) const;
  struct Saved {
    std::string path, kind, command;
    std::size_t bytes = 0;
    std::string sha256;
  };
  /// Writes a question under `results/`: as scenario; or as result or report, whose futures must
  /// be there, with the scenario beside it. IoError `exists`, `not_computed`, `not_savable`.
  Saved save(const SaveRequest& request);

 private:
  std::vector<Variant> variants(const Question& question) const;
  std::string key(const std::vector<Variant>& variants, std::size_t replicates) const;
  std::shared_ptr<Futures> futures(const std::string& key, std::size_t n_options);
  std::string scenario_yaml(const std::string& name, const Question& question) const;
  std::vector<std::string> saved_options(const Question& question) const;
  std::vector<std::string> sets_to_save() const;
  ReadResult read_from_disk(const std::string& path);

  std::string path_;
  std::vector<std::string> sets_;
  std::unique_ptr<Results> results_;
  InputArchive archive_;
  std::optional<ReadFromArchive> reading_;
  mutable std::shared_mutex archive_mutex_;  ///< held alone while files of the disk are read
  std::string on_disk_;  ///< the scenario that saved ones extend; empty if it is not there
  ReadResult base_;
  std::map<std::string, std::map<std::string, std::string>> settings_;  ///< by option
  std::mutex mutex_;
  std::list<std::pair<std::string, std::shared_ptr<Futures>>> futures_;  ///< the last asked first
};

/// A folder of this process for files that nobody keeps; removed at the end.
class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  /// A file of this name in a folder that no other call gets.
  std::string file(const std::string& name);

 private:
  std::string path_;
  std::atomic<std::size_t> count_{0};
};
ScratchFolder& scratch();

}  // namespace musi::analysis::serve
