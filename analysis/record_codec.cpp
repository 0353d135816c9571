#include "analysis/record_codec.h"

#include <cmath>
#include <cstring>
#include <limits>

#include "analysis/provenance.h"
#include "sim/core/check.h"

namespace musi::analysis {
namespace {

constexpr std::string_view magic = "musi runs 2\n";
constexpr std::size_t checksum_bytes = 64;
static_assert(block_head_bytes == magic.size() + 3 * sizeof(std::uint32_t));

std::size_t width(sim::Precision precision) {
  return precision == sim::Precision::float64 ? sizeof(double) : sizeof(float);
}

template <class T>
void append(std::string& bytes, T value) {
  char raw[sizeof(T)];
  std::memcpy(raw, &value, sizeof(T));
  bytes.append(raw, sizeof(T));
}

template <class T>
T take(const char* at) {
  T value;
  std::memcpy(&value, at, sizeof(T));
  return value;
}

std::int32_t whole_of(double value) {
  return std::isnan(value) ? sim::RecordStore::missing_whole : static_cast<std::int32_t>(value);
}

double of_whole(std::int32_t whole) {
  return whole == sim::RecordStore::missing_whole ? std::numeric_limits<double>::quiet_NaN()
                                                  : static_cast<double>(whole);
}

}  // namespace

RecordCodec::RecordCodec(const std::vector<sim::SeriesInfo>& series,
                         const std::map<std::string, std::size_t>& lengths) {
  for (const sim::SeriesInfo& info : series) {
    std::size_t length = 1;
    for (const std::string& dim : info.dims) length *= lengths.at(dim);
    lengths_.push_back(length);
    precisions_.push_back(precision_of(info));
    series_bytes_ += length * width(precisions_.back());
  }
}

std::string RecordCodec::encoded(const sim::RunRecord& record) const {
  MUSI_EXPECT(record.series.size() == lengths_.size());
  std::string bytes;
  bytes.reserve(series_bytes_ + sizeof(std::uint32_t) + record.rows.size() * sizeof(float));
  for (std::size_t s = 0; s < lengths_.size(); ++s) {
    MUSI_EXPECT(record.series[s].size() == lengths_[s]);
    for (const double value : record.series[s]) {
      switch (precisions_[s]) {
        case sim::Precision::float32:
          append(bytes, static_cast<float>(value));
          break;
        case sim::Precision::float64:
          append(bytes, value);
          break;
        case sim::Precision::int32:
          append(bytes, whole_of(value));
          break;
      }
    }
  }
  append(bytes, static_cast<std::uint32_t>(record.rows.size()));
  for (const float number : record.rows) append(bytes, number);
  return bytes;
}

sim::RunRecord RecordCodec::decoded(const char* at) const {
  sim::RunRecord record;
  for (std::size_t s = 0; s < lengths_.size(); ++s) {
    std::vector<double>& values = record.series.emplace_back(lengths_[s]);
    for (double& value : values) {
      switch (precisions_[s]) {
        case sim::Precision::float32:
          value = static_cast<double>(take<float>(at));
          break;
        case sim::Precision::float64:
          value = take<double>(at);
          break;
        case sim::Precision::int32:
          value = of_whole(take<std::int32_t>(at));
          break;
      }
      at += width(precisions_[s]);
    }
  }
  record.rows.resize(take<std::uint32_t>(at));
  if (!record.rows.empty()) {
    std::memcpy(record.rows.data(), at + sizeof(std::uint32_t),
                record.rows.size() * sizeof(float));
  }
  return record;
}

std::optional<std::size_t> RecordCodec::length(std::string_view bytes) const {
  const std::size_t head = series_bytes_ + sizeof(std::uint32_t);
  if (bytes.size() < head) return std::nullopt;
  const std::size_t n_rows = take<std::uint32_t>(bytes.data() + series_bytes_);
  const std::size_t length = head + n_rows * sizeof(float);
  return length <= bytes.size() ? std::optional(length) : std::nullopt;
}

std::string block_bytes(std::size_t option, std::size_t first,
                        const std::vector<std::string>& records) {
  std::string bytes(magic);
  append(bytes, static_cast<std::uint32_t>(option));
  append(bytes, static_cast<std::uint32_t>(first));
  append(bytes, static_cast<std::uint32_t>(records.size()));
  for (const std::string& record : records) bytes += record;
  return bytes + sha256(bytes);
}

std::optional<RecordBlock> read_block(std::string_view bytes, const RecordCodec& codec) {
  constexpr std::size_t head = block_head_bytes;
  if (bytes.size() < head + checksum_bytes || !bytes.starts_with(magic)) return std::nullopt;
  const std::string_view body = bytes.substr(0, bytes.size() - checksum_bytes);
  if (sha256(body) != bytes.substr(body.size())) return std::nullopt;
  const char* at = bytes.data() + magic.size();
  RecordBlock block;
  block.option = take<std::uint32_t>(at);
  block.first = take<std::uint32_t>(at + 4);
  block.count = take<std::uint32_t>(at + 8);
  block.bytes = std::string(body.substr(head));
  std::size_t begin = 0;
  for (std::size_t i = 0; i < block.count; ++i) {
    const auto length = codec.length(std::string_view(block.bytes).substr(begin));
    if (!length) return std::nullopt;
    block.begins.push_back(begin);
    begin += *length;
  }
  if (begin != block.bytes.size()) return std::nullopt;
  return block;
}

}  // namespace musi::analysis
