#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "analysis/record_codec.h"
#include "sim/core/record_store.h"

/// Finished runs on the disk, so that a stopped or killed ensemble can go on (INTERFACE 6.6).
namespace musi::analysis {

/// What the runs depend on: name -> hash or value, in a fixed order.
using RunIdentity = std::vector<std::pair<std::string, std::string>>;

/// A folder with `manifest.json` and one checksummed block per batch of one option. Each file is
/// written aside, flushed and renamed, so that a kill leaves whole blocks only.
class RunParts {
 public:
  /// `series` and `lengths`: shape of the records, as in RecordStore.
  RunParts(std::string folder, const std::vector<sim::SeriesInfo>& series,
           const std::map<std::string, std::size_t>& lengths);

  const std::string& folder() const { return folder_; }
  bool exists() const;
  /// Names whose value in the manifest differs from `now`; a manifest that cannot be read is
  /// named "manifest.json".
  std::vector<std::string> changes(const RunIdentity& now) const;
  /// Empties the folder and writes the manifest. IoError `cannot_write`, `disk_full`.
  void begin(const RunIdentity& identity);
  /// Checks all blocks and notes which records they hold; returns the names of damaged ones, which
  /// are deleted. Records stay on the disk until they are asked for.
  std::vector<std::string> load();
  /// Only counts the records in blocks; damaged ones count nothing.
  std::size_t count() const;

  std::size_t n_loaded() const { return loaded_.size(); }
  bool has(std::size_t option, std::size_t replicate) const;
  /// A record that was loaded. Thread-safe. IoError if its file is gone.
  sim::RunRecord record(std::size_t option, std::size_t replicate) const;

  /// Bytes of a record, each number in the precision of its series.
  std::string encoded(const sim::RunRecord& record) const { return codec_.encoded(record); }
  /// Writes one block of records of successive replicates.
  void keep(std::size_t option, std::size_t first_replicate,
            const std::vector<std::string>& records);
  /// Files of the blocks, by option and first replicate.
  std::vector<std::string> block_files() const;
  const RecordCodec& codec() const { return codec_; }
  /// Deletes the folder.
  void remove();

 private:
  std::string folder_;
  RecordCodec codec_;
  /// A record in a block file.
  struct Place {
    std::size_t file, begin, length;
  };
  std::vector<std::string> files_;  ///< of the blocks that were loaded
  std::map<std::pair<std::size_t, std::size_t>, Place> loaded_;
};

/// Takes records in the order of the plan, keeps them in a store and writes each full batch.
class KeepingRecorder final : public sim::Recorder {
 public:
  KeepingRecorder(sim::RecordStore& store, RunParts& parts, std::size_t batch)
      : store_(store), parts_(parts), batch_(batch) {}
  void write(std::size_t option, std::size_t replicate, sim::RunRecord record) override;
  /// Writes what is left of an unfinished batch.
  void flush();

 private:
  sim::RecordStore& store_;
  RunParts& parts_;
  std::size_t batch_;
  std::size_t option_ = 0, first_ = 0;
  std::vector<std::string> waiting_;
  bool is_new_ = false;  ///< a record of the batch was computed now
};

}  // namespace musi::analysis
