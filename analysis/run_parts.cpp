#include "analysis/run_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>

#include "sim/core/error.h"
#include "sim/io/file.h"

namespace musi::analysis {
namespace {

namespace fs = std::filesystem;

}  // namespace

RunParts::RunParts(std::string folder, const std::vector<sim::SeriesInfo>& series,
                   const std::map<std::string, std::size_t>& lengths)
    : folder_(std::move(folder)), codec_(series, lengths) {}

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

std::vector<std::string> RunParts::load() {
  std::vector<std::string> damaged;
  const std::vector<std::string> files = block_files();
  for (const std::string& file : files) {
    std::optional<RecordBlock> block = read_block(sim::io::read_file(file), codec_);
    if (!block) {
      damaged.push_back(fs::path(file).filename().string());
      std::error_code ignored;
      fs::remove(file, ignored);
      continue;
    }
    files_.push_back(file);
    for (std::size_t i = 0; i < block->count; ++i) {
      const std::size_t begin = block->begins[i];
      const std::size_t end = i + 1 < block->count ? block->begins[i + 1] : block->bytes.size();
      loaded_[{block->option, block->first + i}] = {files_.size() - 1, block_head_bytes + begin,
                                                    end - begin};
    }
  }
  return damaged;
}

std::size_t RunParts::count() const {
  std::size_t n = 0;
  for (const std::string& file : block_files()) {
    if (const auto block = read_block(sim::io::read_file(file), codec_)) n += block->count;
  }
  return n;
}

bool RunParts::has(std::size_t option, std::size_t replicate) const {
  return loaded_.contains({option, replicate});
}

sim::RunRecord RunParts::record(std::size_t option, std::size_t replicate) const {
  const Place& place = loaded_.at({option, replicate});
  std::ifstream file(files_[place.file], std::ios::binary);
  file.seekg(static_cast<std::streamoff>(place.begin));
  std::string bytes(place.length, '\0');
  if (!file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()))) {
    throw sim::IoError("cannot_open", fmt::format("cannot read '{}'", files_[place.file]));
  }
  return codec_.decoded(bytes.data());
}

void RunParts::keep(std::size_t option, std::size_t first_replicate,
                    const std::vector<std::string>& records) {
  sim::io::write_file(fmt::format("{}/{:04}-{:07}.block", folder_, option, first_replicate),
                      block_bytes(option, first_replicate, records), sim::io::Existing::replace,
                      true);
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
