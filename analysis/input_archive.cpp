#include "analysis/input_archive.h"

#include <filesystem>
#include <vector>

#include "sim/core/check.h"

namespace musi::analysis {
namespace {

namespace fs = std::filesystem;

const InputArchive* in_use = nullptr;

/// Names under which a path may be kept, the likeliest first.
std::vector<std::string> candidates(const std::string& path) {
  std::string plain = fs::path(path).lexically_normal().generic_string();
  while (!plain.empty() && plain.back() == '/') plain.pop_back();
  std::vector<std::string> names{plain};
  const std::size_t at = plain.rfind("cities/");
  if (at != std::string::npos && (at == 0 || plain[at - 1] == '/')) {
    names.push_back(plain.substr(at));
    names.push_back("scenarios/" + plain.substr(at));
  }
  names.push_back("scenarios/" + plain);
  return names;
}

}  // namespace

std::optional<std::string> InputArchive::file(const std::string& path) const {
  std::vector<std::string> names = candidates(path);
  names.push_back(fs::path(path).filename().string());
  for (const std::string& name : names) {
    if (files.contains(name)) return name;
  }
  return std::nullopt;
}

std::optional<std::string> InputArchive::folder(const std::string& path) const {
  for (const std::string& name : candidates(path)) {
    const auto first = files.lower_bound(name + "/");
    if (first != files.end() && first->first.starts_with(name + "/")) return name;
  }
  if (files.contains("city.yaml")) return ".";
  return std::nullopt;
}

ReadFromArchive::ReadFromArchive(const InputArchive& archive) {
  MUSI_EXPECT(in_use == nullptr);
  in_use = &archive;
}

ReadFromArchive::~ReadFromArchive() { in_use = nullptr; }

const InputArchive* archive_in_use() { return in_use; }

}  // namespace musi::analysis
