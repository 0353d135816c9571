#include "analysis/input_files.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "analysis/embedded_files.h"
#include "analysis/input_archive.h"
#include "sim/io/file.h"
#include "sim/io/text.h"

namespace musi::analysis {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_bytes_of_text = 2u << 20;

const EmbeddedFile* embedded(std::string_view name) {
  for (const EmbeddedFile& file : embedded_files()) {
    if (file.name == name) return &file;
  }
  return nullptr;
}

bool is_embedded_folder(const std::string& name) {
  for (const EmbeddedFile& file : embedded_files()) {
    if (file.name.starts_with(name + "/")) return true;
  }
  return false;
}

fs::path on_disk(const std::string& written, const InputPath& base_file) {
  const fs::path path(written);
  if (path.is_absolute() || base_file.built_in || base_file.name.empty() || base_file.name == "-") {
    return path;
  }
  return fs::path(base_file.name).parent_path() / path;
}

/// Names under which a path may be compiled in, the likeliest first.
std::vector<std::string> embedded_names(const std::string& written, const InputPath& base_file) {
  std::vector<std::string> names;
  if (base_file.built_in) {
    names.push_back((fs::path(base_file.name).parent_path() / written).lexically_normal().string());
  }
  std::string plain = fs::path(written).lexically_normal().string();
  while (!plain.empty() && plain.back() == '/') plain.pop_back();
  names.push_back(plain);
  for (const std::string_view start : {"scenarios/", "cities/"}) {
    const std::size_t at = plain.rfind(start);
    if (at == std::string::npos || (at > 0 && plain[at - 1] != '/')) continue;
    names.push_back(plain.substr(start == "cities/" ? at : at + start.size()));
  }
  return names;
}

std::optional<InputPath> archived(const std::optional<std::string>& name) {
  if (!name) return std::nullopt;
  return InputPath{*name, false};
}

std::optional<std::string> bytes_of(const InputPath& path, std::size_t most_bytes,
                                    sim::io::Problems& problems) {
  if (!path.built_in && archive_in_use() != nullptr) return archive_in_use()->files.at(path.name);
  if (!path.built_in) return sim::io::read_file(path.name, most_bytes, problems);
  const EmbeddedFile* file = embedded(path.name);
  if (file == nullptr) throw sim::IoError("cannot_open", "no built-in file " + path.name);
  return std::string(file->bytes);
}

}  // namespace

const InputFile* InputFiles::find(const std::string& name) const {
  const auto found = std::find_if(all_.begin(), all_.end(),
                                  [&](const InputFile& file) { return file.name == name; });
  return found == all_.end() ? nullptr : &*found;
}

void InputFiles::keep(InputFile file) {
  if (find(file.name) == nullptr) all_.push_back(std::move(file));
}

std::string InputPath::shown() const { return built_in ? "scenarios/" + name : name; }

std::optional<InputPath> find_file(const std::string& written, const InputPath& base_file) {
  if (written == "-") return InputPath{written, false};
  std::error_code failed;
  const fs::path disk = on_disk(written, base_file);
  if (archive_in_use() != nullptr) return archived(archive_in_use()->file(disk.string()));
  if (!base_file.built_in && fs::exists(disk, failed) && !fs::is_directory(disk, failed)) {
    return InputPath{disk.lexically_normal().string(), false};
  }
  for (const std::string& name : embedded_names(written, base_file)) {
    if (embedded(name) != nullptr) return InputPath{name, true};
  }
  return std::nullopt;
}

std::optional<InputPath> find_folder(const std::string& written, const InputPath& base_file) {
  std::error_code failed;
  const fs::path disk = on_disk(written, base_file);
  if (archive_in_use() != nullptr) return archived(archive_in_use()->folder(disk.string()));
  if (!base_file.built_in && fs::is_directory(disk, failed)) {
    return InputPath{disk.lexically_normal().string(), false};
  }
  for (const std::string& name : embedded_names(written, base_file)) {
    if (is_embedded_folder(name)) return InputPath{name, true};
  }
  return std::nullopt;
}

std::optional<InputPath> file_in(const InputPath& folder, const std::string& name) {
  const std::string path = (fs::path(folder.name) / name).lexically_normal().string();
  if (folder.built_in) {
    if (embedded(path) == nullptr) return std::nullopt;
    return InputPath{path, true};
  }
  if (archive_in_use() != nullptr) return archived(archive_in_use()->file(path));
  std::error_code failed;
  if (!fs::exists(path, failed)) return std::nullopt;
  return InputPath{path, false};
}

std::string resolved_path(const std::string& written, const InputPath& base_file) {
  return on_disk(written, base_file).lexically_normal().string();
}

std::optional<std::string> nearest_file(const std::string& written, const InputPath& base_file) {
  const fs::path disk = on_disk(written, base_file);
  std::vector<std::string> names;
  std::error_code failed;
  const fs::path folder = disk.parent_path().empty() ? fs::path(".") : disk.parent_path();
  fs::directory_iterator entries(folder, failed);
  for (; !failed && entries != fs::directory_iterator(); entries.increment(failed)) {
    names.push_back(entries->path().filename().string());
  }
  for (const EmbeddedFile& file : embedded_files()) {
    const fs::path name(file.name);
    names.push_back((name.has_parent_path() ? name.parent_path() : name).filename().string());
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return sim::io::nearest_name(disk.filename().string(), names);
}

bool is_folder(const std::string& path) {
  std::error_code failed;
  return fs::is_directory(path, failed);
}

std::optional<std::string> read_input_text(const InputPath& path, InputFiles& files,
                                           sim::io::Problems& problems) {
  auto bytes = bytes_of(path, most_bytes_of_text, problems);
  if (bytes) files.keep({path.shown(), *bytes, path.built_in});
  return bytes;
}

std::optional<sim::io::YamlNode> read_input_yaml(const InputPath& path, InputFiles& files,
                                                 sim::io::Problems& problems) {
  auto bytes = read_input_text(path, files, problems);
  if (!bytes) return std::nullopt;
  return sim::io::parse_yaml(std::move(*bytes), path.shown(), problems);
}

std::optional<sim::io::CsvTable> read_input_csv(const InputPath& path, const sim::io::CsvSpec& spec,
                                                InputFiles& files, sim::io::Problems& problems) {
  auto bytes = bytes_of(path, spec.most_bytes, problems);
  if (!bytes) return std::nullopt;
  files.keep({path.shown(), *bytes, path.built_in});
  return sim::io::parse_csv(std::move(*bytes), path.shown(), spec, problems);
}

}  // namespace musi::analysis
