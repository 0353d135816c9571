#include "analysis/run_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <system_error>

#include "analysis/provenance.h"
#include "sim/core/check.h"
#include "sim/io/file.h"

namespace musi::analysis {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view magic = "musi runs 2\n";
constexpr std::size_t checksum_bytes = 64;

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

RunParts::RunParts(std::string folder, std::vector<sim::SeriesInfo> series,
                   const std::map<std::string, std::size_t>& lengths)
    : folder_(std::move(folder)) {
  for (const sim::SeriesInfo& info : series) {
    std::size_t length = 1;
    for (const std::string& dim : info.dims) length *= lengths.at(dim);
    lengths_.push_back(length);
    precisions_.push_back(precision_of(info));
    record_bytes_ += length * width(precisions_.back());
  }
}

bool RunParts::exists() const {
  std::error_code ignored;
  return fs::is_directory(folder_, ignored);
}

std::vector<std::string> RunParts::changes(const RunIdentity& now) const {
  nlohmann::json then;
  try {
    then = nlohmann::json::parse(sim::io::read_file(folder_ + "/manifest.json"), nullptr, false);
  } catch (const sim::IoError&) {
    return {"manifest.json"};
  }
  if (!then.is_object()) return {"manifest.json"};
  std::vector<std::string> changed;
  for (const auto& [name, value] : now) {
    const auto found = then.find(name);
    if (found == then.end() || *found != value) changed.push_back(name);
  }
  for (const auto& [name, value] : then.items()) {
    const auto is_it = [&](const auto& item) { return item.first == name; };
    if (std::none_of(now.begin(), now.end(), is_it)) changed.push_back(name);
  }
  return changed;
}

void RunParts::begin(const RunIdentity& identity) {
  remove();
  nlohmann::ordered_json manifest;
  for (const auto& [name, value] : identity) manifest[name] = value;
  sim::io::write_file(folder_ + "/manifest.json", manifest.dump(1) + "\n",
                      sim::io::Existing::replace, true);
}

std::vector<std::string> RunParts::block_files() const {
  std::vector<std::string> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_, error)) {
    if (entry.path().extension() == ".block") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::optional<RunParts::Block> RunParts::read_block(const std::string& file) const {
  const std::string bytes = sim::io::read_file(file);
  const std::size_t head = magic.size() + 3 * sizeof(std::uint32_t);
  if (bytes.size() < head + checksum_bytes || !bytes.starts_with(magic)) return std::nullopt;
  const std::string_view body = std::string_view(bytes).substr(0, bytes.size() - checksum_bytes);
  if (sha256(body) != std::string_view(bytes).substr(body.size())) return std::nullopt;
  const char* at = bytes.data() + magic.size();
  Block block;
  block.option = take<std::uint32_t>(at);
  block.first = take<std::uint32_t>(at + 4);
  block.count = take<std::uint32_t>(at + 8);
  block.bytes = std::string(body.substr(head));
  std::size_t begin = 0;  // each record: its series, the number of its rows' numbers, these
  for (std::size_t i = 0; i < block.count; ++i) {
    if (begin + record_bytes_ + sizeof(std::uint32_t) > block.bytes.size()) return std::nullopt;
    block.begins.push_back(begin);
    const auto n_rows = take<std::uint32_t>(block.bytes.data() + begin + record_bytes_);
    begin += record_bytes_ + sizeof(std::uint32_t) + n_rows * sizeof(float);
  }
  if (begin != block.bytes.size()) return std::nullopt;
  return block;
}

std::vector<std::string> RunParts::load() {
  std::vector<std::string> damaged;
  const std::vector<std::string> files = block_files();
  blocks_.reserve(files.size());  // records point into the blocks, which must not move
  for (const std::string& file : files) {
    std::optional<Block> block = read_block(file);
    if (!block) {
      damaged.push_back(fs::path(file).filename().string());
      std::error_code ignored;
      fs::remove(file, ignored);
      continue;
    }
    blocks_.push_back(std::move(block->bytes));
    for (std::size_t i = 0; i < block->count; ++i) {
      loaded_[{block->option, block->first + i}] = blocks_.back().data() + block->begins[i];
    }
  }
  return damaged;
}

std::size_t RunParts::count() const {
  std::size_t n = 0;
  for (const std::string& file : block_files()) {
    if (const auto block = read_block(file)) n += block->count;
  }
  return n;
}

bool RunParts::has(std::size_t option, std::size_t replicate) const {
  return loaded_.contains({option, replicate});
}

sim::RunRecord RunParts::record(std::size_t option, std::size_t replicate) const {
  const char* at = loaded_.at({option, replicate});
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

std::string RunParts::encoded(const sim::RunRecord& record) const {
  MUSI_EXPECT(record.series.size() == lengths_.size());
  std::string bytes;
  bytes.reserve(record_bytes_);
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

void RunParts::keep(std::size_t option, std::size_t first_replicate,
                    const std::vector<std::string>& records) {
  std::string bytes(magic);
  append(bytes, static_cast<std::uint32_t>(option));
  append(bytes, static_cast<std::uint32_t>(first_replicate));
  append(bytes, static_cast<std::uint32_t>(records.size()));
  for (const std::string& record : records) bytes += record;
  bytes += sha256(bytes);
  sim::io::write_file(fmt::format("{}/{:04}-{:07}.block", folder_, option, first_replicate), bytes,
                      sim::io::Existing::replace, true);
}

void RunParts::remove() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void KeepingRecorder::write(std::size_t option, std::size_t replicate, sim::RunRecord record) {
  if (waiting_.empty()) {
    option_ = option;
    first_ = replicate;
    is_new_ = false;
  }
  store_.write(option, replicate, record);  // refuses what cannot be stored
  waiting_.push_back(parts_.encoded(record));
  is_new_ = is_new_ || !parts_.has(option, replicate);
  if ((replicate + 1) % batch_ == 0 || replicate + 1 == store_.n_replicates()) flush();
}

void KeepingRecorder::flush() {
  if (!waiting_.empty() && is_new_) parts_.keep(option_, first_, waiting_);
  waiting_.clear();
}

}  // namespace musi::analysis
