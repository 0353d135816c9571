#include "sim/core/record_store.h"

#include <fmt/core.h>

#include <cmath>
#include <limits>

#include "sim/core/check.h"

namespace musi::sim {
namespace {

[[noreturn]] void refuse(const SeriesInfo& info, std::size_t option, std::size_t replicate,
                         const std::string& why) {
  throw ContractError(
      fmt::format("series '{}', option {}, replicate {}: {}", info.name, option, replicate, why));
}

std::size_t length_of(const SeriesInfo& info, const std::map<std::string, std::size_t>& lengths) {
  std::size_t length = 1;
  for (const std::string& dim : info.dims) {
    const auto found = lengths.find(dim);
    if (found == lengths.end()) {
      throw ContractError(
          fmt::format("series '{}' has the unknown dimension '{}'", info.name, dim));
    }
    length *= found->second;
  }
  return length;
}

std::int32_t whole_of(double value) {
  return std::isnan(value) ? RecordStore::missing_whole : static_cast<std::int32_t>(value);
}

/// Why a number cannot be kept; empty if it can.
std::string fault_of(double value, Precision precision) {
  if (std::isinf(value)) return "a number is infinite";
  if (precision == Precision::float32 &&
      std::abs(value) > static_cast<double>(std::numeric_limits<float>::max())) {
    return fmt::format("{} is too large", value);
  }
  if (precision != Precision::int32 || std::isnan(value)) return {};
  if (std::abs(value) > 2147483646.0) return fmt::format("{} is too large", value);
  return value == std::trunc(value) ? std::string{} : fmt::format("{} is not whole", value);
}

}  // namespace

Precision precision_of(const SeriesInfo& info) {
  if (info.is_whole) return Precision::int32;
  return info.dims.empty() ? Precision::float64 : Precision::float32;
}

RecordStore::RecordStore(std::vector<SeriesInfo> series,
                         std::map<std::string, std::size_t> lengths, std::size_t n_options,
                         std::size_t n_replicates, const MakeRecordMemory& memory)
    : series_(std::move(series)),
      n_options_(n_options),
      n_replicates_(n_replicates),
      blocks_(series_.size()),
      present_(n_options * n_replicates) {
  std::vector<std::size_t> begins;
  std::size_t n_bytes = 0;
  for (std::size_t i = 0; i < series_.size(); ++i) {
    MUSI_EXPECT(!find(series_[i].name) || *find(series_[i].name) == i);
    lengths_.push_back(length_of(series_[i], lengths));
    precisions_.push_back(precision_of(series_[i]));
    begins.push_back(n_bytes);
    if (series_[i].only_mean) {
      blocks_[i].sums.resize(n_options * lengths_[i]);
      blocks_[i].counts.resize(n_options * lengths_[i]);
      continue;
    }
    const std::size_t width = precisions_[i] == Precision::float64 ? sizeof(double) : sizeof(float);
    const std::size_t n = n_options * n_replicates * lengths_[i];
    n_bytes += (n * width + sizeof(double) - 1) / sizeof(double) * sizeof(double);
  }
  if (memory) {
    memory_ = memory(n_bytes);
  } else {
    own_bytes_.resize(n_bytes);
  }
  std::byte* const bytes = memory_ ? memory_->data() : own_bytes_.data();
  for (std::size_t i = 0; i < series_.size(); ++i) {
    if (series_[i].only_mean) continue;
    const std::size_t n = n_options * n_replicates * lengths_[i];
    void* const at = bytes + begins[i];
    switch (precisions_[i]) {
      case Precision::float32: blocks_[i].floats = {static_cast<float*>(at), n}; break;
      case Precision::float64: blocks_[i].doubles = {static_cast<double*>(at), n}; break;
      case Precision::int32: blocks_[i].wholes = {static_cast<std::int32_t*>(at), n}; break;
    }
  }
}

void RecordStore::write(std::size_t option, std::size_t replicate, RunRecord record) {
  MUSI_EXPECT(option < n_options_ && replicate < n_replicates_);
  MUSI_EXPECT(record.series.size() == series_.size());
  for (std::size_t i = 0; i < series_.size(); ++i) {
    const std::vector<double>& values = record.series[i];
    if (values.size() != lengths_[i]) {
      refuse(series_[i], option, replicate,
             fmt::format("{} numbers instead of {}", values.size(), lengths_[i]));
    }
    if (series_[i].only_mean) {
      for (const double value : values) {
        const std::string fault = fault_of(value, precisions_[i]);
        if (!fault.empty()) refuse(series_[i], option, replicate, fault);
      }
      if (!has(option, replicate)) add_to_means(i, option, values);
      continue;
    }
    const std::size_t begin = offset(i, option, replicate);
    for (std::size_t k = 0; k < values.size(); ++k) {
      const std::string fault = fault_of(values[k], precisions_[i]);
      if (!fault.empty()) refuse(series_[i], option, replicate, fault);
      switch (precisions_[i]) {
        case Precision::float32:
          blocks_[i].floats[begin + k] = static_cast<float>(values[k]);
          break;
        case Precision::float64: blocks_[i].doubles[begin + k] = values[k]; break;
        case Precision::int32: blocks_[i].wholes[begin + k] = whole_of(values[k]); break;
      }
    }
  }
  if (!record.rows.empty()) rows_[{option, replicate}] = std::move(record.rows);
  present_[option * n_replicates_ + replicate] = 1;
  constexpr std::size_t runs_to_remember = 64;
  if (++n_written_ % runs_to_remember == 0) forget();
}

void RecordStore::add_to_means(std::size_t series, std::size_t option,
                               const std::vector<double>& values) {
  Block& block = blocks_[series];
  const std::size_t begin = option * lengths_[series];
  for (std::size_t k = 0; k < values.size(); ++k) {
    if (std::isnan(values[k])) continue;
    block.sums[begin + k] += static_cast<double>(static_cast<float>(values[k]));
    ++block.counts[begin + k];
  }
}

std::optional<std::size_t> RecordStore::find(std::string_view name) const {
  for (std::size_t i = 0; i < series_.size(); ++i) {
    if (series_[i].name == name) return i;
  }
  return std::nullopt;
}

bool RecordStore::has(std::size_t option, std::size_t replicate) const {
  MUSI_EXPECT(option < n_options_ && replicate < n_replicates_);
  return present_[option * n_replicates_ + replicate] != 0;
}

std::size_t RecordStore::n_complete() const {
  for (std::size_t replicate = 0; replicate < n_replicates_; ++replicate) {
    for (std::size_t option = 0; option < n_options_; ++option) {
      if (!has(option, replicate)) return replicate;
    }
  }
  return n_replicates_;
}

double RecordStore::value(std::size_t series, std::size_t option, std::size_t replicate,
                          std::size_t index) const {
  MUSI_EXPECT(option < n_options_ && replicate < n_replicates_ && index < lengths_[series]);
  MUSI_EXPECT(!series_[series].only_mean);
  const std::size_t at = offset(series, option, replicate) + index;
  switch (precisions_[series]) {
    case Precision::float32: return static_cast<double>(blocks_[series].floats[at]);
    case Precision::float64: return blocks_[series].doubles[at];
    case Precision::int32: break;
  }
  const std::int32_t whole = blocks_[series].wholes[at];
  return whole == missing_whole ? std::numeric_limits<double>::quiet_NaN()
                                : static_cast<double>(whole);
}

std::span<const float> RecordStore::floats(std::size_t series, std::size_t option) const {
  MUSI_EXPECT(precisions_[series] == Precision::float32 && option < n_options_);
  return std::span<const float>(blocks_[series].floats)
      .subspan(offset(series, option, 0), n_replicates_ * lengths_[series]);
}

std::span<const double> RecordStore::doubles(std::size_t series, std::size_t option) const {
  MUSI_EXPECT(precisions_[series] == Precision::float64 && option < n_options_);
  return std::span<const double>(blocks_[series].doubles)
      .subspan(offset(series, option, 0), n_replicates_ * lengths_[series]);
}

std::span<const std::int32_t> RecordStore::wholes(std::size_t series, std::size_t option) const {
  MUSI_EXPECT(precisions_[series] == Precision::int32 && option < n_options_);
  return std::span<const std::int32_t>(blocks_[series].wholes)
      .subspan(offset(series, option, 0), n_replicates_ * lengths_[series]);
}

std::vector<double> RecordStore::means(std::size_t series, std::size_t option) const {
  MUSI_EXPECT(series_[series].only_mean && option < n_options_);
  const Block& block = blocks_[series];
  std::vector<double> means(lengths_[series], std::numeric_limits<double>::quiet_NaN());
  for (std::size_t k = 0; k < means.size(); ++k) {
    const std::size_t at = option * means.size() + k;
    if (block.counts[at] > 0) means[k] = block.sums[at] / block.counts[at];
  }
  return means;
}

std::span<const float> RecordStore::rows(std::size_t option, std::size_t replicate) const {
  const auto found = rows_.find({option, replicate});
  return found == rows_.end() ? std::span<const float>{} : std::span(found->second);
}

}  // namespace musi::sim
