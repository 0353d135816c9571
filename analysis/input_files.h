#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "sim/io/csv_table.h"
#include "sim/io/problems.h"
#include "sim/io/yaml_tree.h"

namespace musi::analysis {

/// One file that was read: what results carry with them so that they can be repeated.
struct InputFile {
  std::string name;  ///< as shown in messages
  std::string bytes;
  bool built_in = false;
};

/// All files that were read, in the order of their first reading.
class InputFiles {
 public:
  const std::vector<InputFile>& all() const { return all_; }
  const InputFile* find(const std::string& name) const;
  void keep(InputFile file);

 private:
  std::vector<InputFile> all_;
};

/// A file or folder: on the disk, else the one of that name that was compiled in.
struct InputPath {
  std::string name;  ///< path on the disk, or the embedded name
  bool built_in = false;
  std::string shown() const;  ///< for messages
};

/// Finds `written` relative to the folder of `base_file` (empty: the working directory). A path
/// that is not there is looked up among the files compiled in by its part from `scenarios/` or
/// `cities/` on, or as it is. Nothing if there is neither.
std::optional<InputPath> find_file(const std::string& written, const InputPath& base_file);
std::optional<InputPath> find_folder(const std::string& written, const InputPath& base_file);
/// A file inside a folder; nothing if it is not there.
std::optional<InputPath> file_in(const InputPath& folder, const std::string& name);
/// The path that was looked for, for messages.
std::string resolved_path(const std::string& written, const InputPath& base_file);
/// Name beside `written` that is nearest to it, for suggestions.
std::optional<std::string> nearest_file(const std::string& written, const InputPath& base_file);
bool is_folder(const std::string& path);

/// Reads a YAML file and keeps its bytes. Nothing after problems. IoError `cannot_open` only if a
/// file vanished or may not be read.
std::optional<sim::io::YamlNode> read_input_yaml(const InputPath& path, InputFiles& files,
                                                 sim::io::Problems& problems);
std::optional<sim::io::CsvTable> read_input_csv(const InputPath& path, const sim::io::CsvSpec& spec,
                                                InputFiles& files, sim::io::Problems& problems);
std::optional<std::string> read_input_text(const InputPath& path, InputFiles& files,
                                           sim::io::Problems& problems);

}  // namespace musi::analysis
