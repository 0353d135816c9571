#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "analysis/results.h"
#include "sim/io/file.h"

/// `musi export`: one result as files for other programs (INTERFACE 7).
namespace musi::analysis {

struct ExportOptions {
  std::vector<std::string> formats{"csv"};  ///< csv, xlsx, geojson, crate
  std::vector<std::string> tables;          ///< of CSV; empty: all that the result has
  std::vector<std::string> options;         ///< names; empty: all
  std::string locale = "en";                ///< en or id
  std::string output;                       ///< folder, or file if there is one file only
};

/// A file that an export writes.
struct ExportFile {
  std::string path;
  std::string kind;                               ///< csv, xlsx, geojson; crate: a folder
  std::function<void(const std::string&)> write;  ///< fills a file, or folder, of that name
};

/// The files of an export in the order of writing; nothing is written yet. `output` is a file if
/// its name ends in .csv, .xlsx or .geojson: then one file must be asked for, else InputError.
/// IoError `not_in_result` for a table that the result does not have. `results` must outlive it.
std::vector<ExportFile> plan_export(const Results& results, const ExportOptions& options);

/// `results/<name>-export` for `results/<name>.h5`.
std::string default_export_folder(const std::string& result);

/// Writes all files, each through a temporary name. Without `replace` an existing one is refused
/// before the first is written: IoError `exists`. Calls `wrote` after each file.
void write_export(const std::vector<ExportFile>& files, bool replace,
                  const std::function<void(const ExportFile&)>& wrote);

}  // namespace musi::analysis
