#pragma once

#include <map>
#include <optional>
#include <string>

/// Inputs that a result carries with it, read again in place of files on the disk.
namespace musi::analysis {

struct InputArchive {
  std::map<std::string, std::string> files;  ///< name in the result -> bytes

  /// The name under which a path is kept: as it is, from `cities/` on, below `scenarios/`, or by
  /// its last part alone (files from outside the folder of the scenario). Nothing if it is not.
  std::optional<std::string> file(const std::string& path) const;
  /// The same for a folder; "." if its files are kept by their last part.
  std::optional<std::string> folder(const std::string& path) const;
};

/// While it lives, scenarios, cities and tables are read from the archive and from nowhere else on
/// the disk. Tables of the method that the archive lacks are those compiled in. One at a time, used
/// by the one thread that reads; `archive` must outlive it. A scope, because every reader of a file
/// takes part and none of them should know.
class ReadFromArchive {
 public:
  explicit ReadFromArchive(const InputArchive& archive);
  ~ReadFromArchive();
  ReadFromArchive(const ReadFromArchive&) = delete;
  ReadFromArchive& operator=(const ReadFromArchive&) = delete;
};

/// The archive in use; null: files are read from the disk.
const InputArchive* archive_in_use();

}  // namespace musi::analysis
