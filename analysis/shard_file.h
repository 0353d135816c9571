#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/input_archive.h"
#include "analysis/run_parts.h"
#include "sim/core/ensemble.h"
#include "sim/io/file.h"

/// A part of a run on another machine: some of its runs, with all that is needed to put them
/// together again (`musi run --shard K/N`, `musi merge`).
namespace musi::analysis {

/// Shard `number` of `count`, from 1.
struct Shard {
  std::size_t number = 1, count = 1;
};

/// "2/4". Nothing if it is not of that form, or `number` is not in 1 to `count`.
std::optional<Shard> parse_shard(const std::string& text);

/// The runs of a shard: [first, end) of all runs, ordered by replicate, then by option. So every
/// shard has equal work, and within an option its replicates follow one another.
struct ShardRuns {
  std::size_t first = 0, end = 0, n_options = 0;

  std::size_t size() const { return end - first; }
  sim::RunPlan::Position at(std::size_t k) const {
    return {(first + k) % n_options, (first + k) / n_options};
  }
  /// The k of a run, if it is in the shard.
  std::optional<std::size_t> find(sim::RunPlan::Position at) const {
    const std::size_t run = at.replicate * n_options + at.option;
    if (run < first || run >= end) return std::nullopt;
    return run - first;
  }
};
ShardRuns runs_of(const Shard& shard, std::size_t n_options, std::size_t n_replicates);

/// What a shard file says about itself.
struct ShardHead {
  Shard shard;
  std::size_t n_options = 0, n_replicates = 0;
  RunIdentity identity;  ///< equal in all shards of one run: program, flags, inputs by hash
  std::string scenario;  ///< name of the scenario file in `inputs`
  InputArchive inputs;
  std::vector<std::string> sets, options;  ///< of --set and --option, as typed
  bool no_sweep = false;
};

/// Writes a shard through a temporary name. `parts`: all runs of the shard as runs 0, 1, ... of
/// option 0. Equal input gives equal bytes. IoError as AtomicFile.
void write_shard(const std::string& path, const ShardHead& head, const RunParts& parts,
                 sim::io::Existing existing);

/// A shard file, opened and checked. IoError `cannot_open`, `foreign`, `truncated`,
/// `newer_format`.
class ShardFile {
 public:
  explicit ShardFile(const std::string& path);

  const std::string& path() const { return path_; }
  const ShardHead& head() const { return head_; }
  /// Hands over all records in the order of ShardRuns, holding one block at a time. IoError
  /// `truncated`, `damaged`.
  void read(const RecordCodec& codec,
            const std::function<void(sim::RunPlan::Position, sim::RunRecord)>& take) const;

 private:
  std::string path_;
  ShardHead head_;
  std::size_t blocks_at_ = 0;  ///< place of the first block in the file
};

}  // namespace musi::analysis
