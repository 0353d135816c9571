#include "analysis/shard_file.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "analysis/provenance.h"
#include "sim/core/check.h"
#include "sim/core/error.h"
#include "sim/io/number.h"

namespace musi::analysis {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

/// The number is the version of the format.
constexpr std::string_view magic = "musi shard 1\n";
constexpr std::string_view any_magic = "musi shard ";
constexpr std::size_t checksum_bytes = 64;
constexpr double most_shards = 1e6;

std::string size_bytes(std::size_t size) {
  std::array<char, sizeof(std::uint64_t)> raw{};
  const auto value = static_cast<std::uint64_t>(size);
  std::memcpy(raw.data(), &value, raw.size());
  return {raw.data(), raw.size()};
}

ordered_json json_of(const ShardHead& head) {
  ordered_json json;
  json["shard"] = head.shard.number;
  json["shards"] = head.shard.count;
  json["options"] = head.n_options;
  json["replicates"] = head.n_replicates;
  json["identity"] = ordered_json::object();
  for (const auto& [name, value] : head.identity) json["identity"][name] = value;
  json["scenario"] = head.scenario;
  json["set"] = head.sets;
  json["option"] = head.options;
  json["no_sweep"] = head.no_sweep;
  json["inputs"] = ordered_json::array();  // their bytes follow in this order
  for (const auto& [name, bytes] : head.inputs.files) {
    json["inputs"].push_back({{"name", name}, {"bytes", bytes.size()}});
  }
  return json;
}

/// Reads a file from its start, so that its end is found where it should not be.
class Reader {
 public:
  explicit Reader(const std::string& path) : path_(path), file_(path, std::ios::binary) {
    std::error_code failed;
    size_ = fs::is_regular_file(path, failed) ? fs::file_size(path, failed) : 0;
    if (!file_ || failed) {
      throw sim::IoError("cannot_open", fmt::format("cannot read '{}'", path));
    }
  }
  std::size_t position() { return static_cast<std::size_t>(file_.tellg()); }
  void go_to(std::size_t position) { file_.seekg(static_cast<std::streamoff>(position)); }
  bool is_at_end() { return position() >= size_; }

  std::string bytes(std::size_t n) {
    if (n > size_ - std::min<std::size_t>(size_, position())) cut_off();
    std::string bytes(n, '\0');
    file_.read(bytes.data(), static_cast<std::streamsize>(n));
    if (!file_) cut_off();
    return bytes;
  }
  std::size_t size() {
    const std::string raw = bytes(sizeof(std::uint64_t));
    std::uint64_t value = 0;
    std::memcpy(&value, raw.data(), raw.size());
    return static_cast<std::size_t>(value);
  }
  [[noreturn]] void cut_off() const {
    throw sim::IoError("truncated",
                       fmt::format("'{}' ends before it should: the shard was cut off while it was "
                                   "copied; copy or run it again",
                                   path_));
  }
  [[noreturn]] void damaged(const char* what) const {
    throw sim::IoError("damaged", fmt::format("'{}' is damaged: {} does not have its checksum; "
                                              "copy the shard again or run it with --force",
                                              path_, what));
  }
  [[noreturn]] void foreign() const {
    throw sim::IoError(
        "foreign", fmt::format("'{}' is no shard of a run (musi run --shard K/N)", path_));
  }

 private:
  const std::string& path_;
  std::ifstream file_;
  std::size_t size_ = 0;
};

ShardHead head_of(const ordered_json& json) {
  ShardHead head;
  head.shard = {json.at("shard"), json.at("shards")};
  head.n_options = json.at("options");
  head.n_replicates = json.at("replicates");
  for (const auto& [name, value] : json.at("identity").items()) {
    head.identity.emplace_back(name, value.get<std::string>());
  }
  head.scenario = json.at("scenario");
  head.sets = json.at("set").get<std::vector<std::string>>();
  head.options = json.at("option").get<std::vector<std::string>>();
  head.no_sweep = json.at("no_sweep");
  return head;
}

}  // namespace

std::optional<Shard> parse_shard(const std::string& text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos) return std::nullopt;
  const sim::io::NumberSpec rule{.min = 1, .max = most_shards, .whole = true};
  const auto number = sim::io::read_number(text.substr(0, slash), rule).value;
  const auto count = sim::io::read_number(text.substr(slash + 1), rule).value;
  if (!number || !count || *number > *count) return std::nullopt;
  return Shard{static_cast<std::size_t>(*number), static_cast<std::size_t>(*count)};
}

ShardRuns runs_of(const Shard& shard, std::size_t n_options, std::size_t n_replicates) {
  MUSI_EXPECT(shard.number >= 1 && shard.number <= shard.count && n_options > 0);
  const std::size_t n = n_options * n_replicates;
  // The first n % count shards have one run more.
  const auto begin = [&](std::size_t k) {
    return k * (n / shard.count) + std::min(k, n % shard.count);
  };
  return {begin(shard.number - 1), begin(shard.number), n_options};
}

void write_shard(const std::string& path, const ShardHead& head, const RunParts& parts,
                 sim::io::Existing existing) {
  sim::io::AtomicFile target(path, existing);
  std::ofstream file(target.temporary(), std::ios::binary);
  const auto put = [&](std::string_view bytes) {
    if (!file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()))) {
      throw sim::IoError("disk_full", fmt::format("cannot write '{}': no space left", path));
    }
  };
  std::string top = json_of(head).dump(1);
  for (const auto& [name, bytes] : head.inputs.files) top += bytes;
  const std::size_t json_size = json_of(head).dump(1).size();
  put(std::string(magic) + size_bytes(json_size) + size_bytes(top.size()));
  put(top);
  put(sha256(top));
  for (const std::string& block : parts.block_files()) {
    const std::string bytes = sim::io::read_file(block);
    put(size_bytes(bytes.size()));
    put(bytes);
  }
  file.close();
  if (!file) throw sim::IoError("disk_full", fmt::format("cannot write '{}'", path));
  target.commit();
}

ShardFile::ShardFile(const std::string& path) : path_(path) {
  Reader reader(path_);
  std::string start;
  try {
    start = reader.bytes(magic.size());
  } catch (const sim::IoError&) {
    reader.foreign();
  }
  if (start != magic && start.starts_with(any_magic)) {
    throw sim::IoError("newer_format",
                       fmt::format("'{}' is a shard of another version of this program", path_));
  }
  if (start != magic) reader.foreign();
  const std::size_t json_size = reader.size();
  const std::size_t top_size = reader.size();
  if (json_size > top_size) reader.damaged("its head");
  const std::string top = reader.bytes(top_size);
  if (reader.bytes(checksum_bytes) != sha256(top)) reader.damaged("its head");
  blocks_at_ = reader.position();
  const auto json = ordered_json::parse(top.substr(0, json_size));
  head_ = head_of(json);
  std::size_t at = json_size;
  for (const auto& input : json.at("inputs")) {
    const std::size_t size = input.at("bytes");
    head_.inputs.files[input.at("name")] = top.substr(at, size);
    at += size;
  }
}

void ShardFile::read(
    const RecordCodec& codec,
    const std::function<void(sim::RunPlan::Position, sim::RunRecord)>& take) const {
  const ShardRuns runs = runs_of(head_.shard, head_.n_options, head_.n_replicates);
  Reader reader(path_);
  reader.go_to(blocks_at_);
  std::size_t next = 0;
  while (next < runs.size()) {
    const auto block = read_block(reader.bytes(reader.size()), codec);
    if (!block || block->first != next || block->first + block->count > runs.size()) {
      reader.damaged("a block of its runs");
    }
    for (const std::size_t begin : block->begins) {
      take(runs.at(next++), codec.decoded(block->bytes.data() + begin));
    }
  }
  if (!reader.is_at_end()) reader.damaged("what follows its runs");
}

}  // namespace musi::analysis
