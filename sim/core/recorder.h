#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace musi::sim {

/// One number, or array of numbers, that a run reports.
struct SeriesInfo {
  std::string name;                ///< dataset name; never renamed or reused
  std::string unit{};              ///< "ha", "percent", "1", "1e9 IDR", ...
  std::string long_name{};
  std::string definition{};
  std::string source{};            ///< source key, may be empty
  std::vector<std::string> dims{}; ///< behind option and replicate: "year", "site", "funds", ...
  bool is_whole = false;           ///< stored as integer
  bool only_mean = false;          ///< kept as mean over the runs of an option, not run by run
};

/// What one run reports: `series[i]` belongs to the i-th SeriesInfo, last dimension fastest. NaN
/// is "missing".
struct RunRecord {
  std::vector<std::vector<double>> series;
  std::vector<float> rows{};       ///< numbers of a ragged table; whoever asked knows its width
};

/// The only way out of a run. Called by one thread at a time, in the order of the plan.
class Recorder {
 public:
  virtual ~Recorder() = default;
  virtual void write(std::size_t option, std::size_t replicate, RunRecord record) = 0;
};

/// Keeps every record in memory, for tests and small ensembles.
class MemoryRecorder final : public Recorder {
 public:
  void write(std::size_t option, std::size_t replicate, RunRecord record) override {
    records_[{option, replicate}] = std::move(record);
  }
  const RunRecord& at(std::size_t option, std::size_t replicate) const {
    return records_.at({option, replicate});
  }
  std::size_t size() const { return records_.size(); }

 private:
  std::map<std::pair<std::size_t, std::size_t>, RunRecord> records_;
};

}  // namespace musi::sim
