#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/record_store.h"

/// Records as bytes: what unfinished runs and shards keep on the disk.
namespace musi::analysis {

/// Bytes of a record: its series one after the other, each number in the precision of its series,
/// then how many numbers its rows have, then these.
class RecordCodec {
 public:
  /// `series` and `lengths`: shape of the records, as in RecordStore.
  RecordCodec(const std::vector<sim::SeriesInfo>& series,
              const std::map<std::string, std::size_t>& lengths);

  /// Bytes of a record without its rows.
  std::size_t series_bytes() const { return series_bytes_; }
  std::string encoded(const sim::RunRecord& record) const;
  /// `at`: first byte of a record.
  sim::RunRecord decoded(const char* at) const;
  /// Bytes of the record that begins here; nothing if `bytes` ends before it does.
  std::optional<std::size_t> length(std::string_view bytes) const;

 private:
  std::vector<sim::Precision> precisions_;
  std::vector<std::size_t> lengths_;
  std::size_t series_bytes_ = 0;
};

/// Records of successive runs of one option, as they stand in a file of their own or in a shard.
struct RecordBlock {
  std::size_t option = 0, first = 0, count = 0;
  std::string bytes;                ///< of all records
  std::vector<std::size_t> begins;  ///< of each record in `bytes`
};

/// Bytes of a block file before its first record.
inline constexpr std::size_t block_head_bytes = 24;

/// Bytes of a block with its checksum. `records`: encoded.
std::string block_bytes(std::size_t option, std::size_t first,
                        const std::vector<std::string>& records);
/// Reads it back; nothing if it is damaged or of another shape.
std::optional<RecordBlock> read_block(std::string_view bytes, const RecordCodec& codec);

}  // namespace musi::analysis
