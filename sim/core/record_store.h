#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/core/recorder.h"

namespace musi::sim {

/// Precision in which a series is kept and stored.
enum class Precision : std::uint8_t { float32, float64, int32 };

/// float64 for one number per run, int32 for whole numbers, float32 for all other arrays.
Precision precision_of(const SeriesInfo& info);

/// Bytes in which a RecordStore keeps its numbers when they should not stay in memory.
class RecordMemory {
 public:
  virtual ~RecordMemory() = default;
  /// Zero at first; stays at one place.
  virtual std::byte* data() = 0;
  /// What was read or written so far need not be in memory any more. Loses nothing.
  virtual void forget() = 0;
};
using MakeRecordMemory = std::function<std::unique_ptr<RecordMemory>(std::size_t bytes)>;

/// All records of an ensemble in one block per series, in the precision of the result file:
/// 10,000 runs of 4,000 numbers take 160 MB. Missing whole numbers are kept as `missing_whole`.
class RecordStore final : public Recorder {
 public:
  static constexpr std::int32_t missing_whole = -2147483647;

  /// `lengths`: size of every dimension that a series names; ContractError for an unknown one.
  /// `memory`: where the numbers of single runs are kept, else in memory.
  RecordStore(std::vector<SeriesInfo> series, std::map<std::string, std::size_t> lengths,
              std::size_t n_options, std::size_t n_replicates,
              const MakeRecordMemory& memory = {});
  RecordStore(RecordStore&&) = default;
  RecordStore& operator=(RecordStore&&) = default;

  /// ContractError for a record of wrong shape, an infinite number, a whole series with a fraction.
  void write(std::size_t option, std::size_t replicate, RunRecord record) override;

  /// Whoever reads many rows calls this now and then, so that they do not fill the memory.
  void forget() const {
    if (memory_) memory_->forget();
  }

  const std::vector<SeriesInfo>& series() const { return series_; }
  std::optional<std::size_t> find(std::string_view name) const;
  std::size_t n_options() const { return n_options_; }
  std::size_t n_replicates() const { return n_replicates_; }
  bool has(std::size_t option, std::size_t replicate) const;
  /// Replicates that all options have: the first so many.
  std::size_t n_complete() const;

  /// Numbers of one run: product of its dimensions.
  std::size_t length(std::size_t series) const { return lengths_[series]; }
  Precision precision(std::size_t series) const { return precisions_[series]; }
  /// One number; NaN if missing.
  double value(std::size_t series, std::size_t option, std::size_t replicate,
               std::size_t index) const;
  /// Rows of one option in the precision of the series. Shape: [replicate, index].
  std::span<const float> floats(std::size_t series, std::size_t option) const;
  std::span<const double> doubles(std::size_t series, std::size_t option) const;
  std::span<const std::int32_t> wholes(std::size_t series, std::size_t option) const;
  /// Means over the runs of an option, of a series that is kept as mean only; runs in which a
  /// number is missing count for nothing, NaN if it is missing in all. Shape: [index].
  std::vector<double> means(std::size_t series, std::size_t option) const;
  /// Rows of the ragged table of one run; empty if there are none.
  std::span<const float> rows(std::size_t option, std::size_t replicate) const;

 private:
  std::size_t offset(std::size_t series, std::size_t option, std::size_t replicate) const {
    return (option * n_replicates_ + replicate) * lengths_[series];
  }
  struct Block {
    std::span<float> floats;
    std::span<double> doubles;
    std::span<std::int32_t> wholes;
    std::vector<double> sums;             ///< [option, index] of series kept as mean only
    std::vector<std::uint32_t> counts;    ///< numbers in each sum
  };
  void add_to_means(std::size_t series, std::size_t option, const std::vector<double>& values);
  std::vector<SeriesInfo> series_;
  std::vector<std::size_t> lengths_;
  std::vector<Precision> precisions_;
  std::size_t n_options_, n_replicates_;
  std::vector<std::byte> own_bytes_;      ///< of the blocks, or
  std::unique_ptr<RecordMemory> memory_;  ///< theirs
  std::vector<Block> blocks_;
  std::size_t n_written_ = 0;
  std::vector<std::uint8_t> present_;  ///< [option, replicate]
  std::map<std::pair<std::size_t, std::size_t>, std::vector<float>> rows_;
};

}  // namespace musi::sim
