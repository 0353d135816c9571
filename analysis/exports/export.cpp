#include "analysis/exports/export.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string_view>
#include <system_error>

#include "analysis/exports/crate.h"
#include "analysis/exports/csv.h"
#include "analysis/exports/geojson.h"
#include "analysis/exports/tables.h"
#include "analysis/exports/xlsx.h"
#include "sim/core/error.h"
#include "sim/io/text.h"

namespace musi::analysis {
namespace {

namespace fs = std::filesystem;

bool is_file_name(const std::string& path) {
  const std::string ending = fs::path(path).extension().string();
  return ending == ".csv" || ending == ".xlsx" || ending == ".geojson";
}

[[noreturn]] void refuse_table(const Results& results, const std::string& name) {
  const auto& known = export_table_names();
  if (std::find(known.begin(), known.end(), name) != known.end()) {
    throw sim::IoError("not_in_result",
                       fmt::format("'{}' holds nothing for the table '{}'{}", results.path(), name,
                                   name == "works" ? "; run with outputs.works other than none, "
                                                     "by a version that writes works"
                                                   : ""));
  }
  sim::Problem problem;
  problem.code = "unknown_choice";
  problem.place.file = "command line";
  problem.message = fmt::format("--tables '{}' is no table", name);
  problem.message_indonesian = fmt::format("--tables '{}' bukan tabel", name);
  if (const auto nearest = sim::io::nearest_name(name, known)) {
    problem.suggestion = *nearest;
    problem.hint = fmt::format("did you mean '{}'?", *nearest);
    problem.hint_indonesian = fmt::format("maksud Anda '{}'?", *nearest);
  }
  problem.allowed = known;
  problem.remark = "tables: " + sim::io::joined(known, 20);
  problem.remark_indonesian = "tabel: " + sim::io::joined(known, 20);
  throw sim::InputError({problem});
}

std::vector<std::string> chosen_tables(const Results& results, const ExportOptions& options) {
  std::vector<std::string> chosen;
  for (const std::string& name : export_table_names()) {
    const bool is_named =
        std::find(options.tables.begin(), options.tables.end(), name) != options.tables.end();
    if ((options.tables.empty() || is_named) && has_export_table(results, name)) {
      chosen.push_back(name);
    }
  }
  for (const std::string& name : options.tables) {
    if (std::find(chosen.begin(), chosen.end(), name) == chosen.end()) refuse_table(results, name);
  }
  return chosen;
}

[[noreturn]] void refuse_single_file(const std::string& output, std::size_t n) {
  sim::Problem problem;
  problem.code = "usage";
  problem.place.file = "command line";
  problem.message = fmt::format("-o {} names one file, but {} are asked for", output, n);
  problem.message_indonesian =
      fmt::format("-o {} menyebut satu berkas, tetapi {} diminta", output, n);
  problem.remark = "give a folder, or one format with one table or option";
  problem.remark_indonesian = "berikan folder, atau satu format dengan satu tabel atau opsi";
  throw sim::InputError({problem});
}

void add_tables(const Results& results, const ExportOptions& options,
                const std::vector<std::size_t>& chosen, const fs::path& folder,
                std::vector<ExportFile>& files) {
  const bool is_indonesian = options.locale == "id";
  for (const std::string& name : chosen_tables(results, options)) {
    files.push_back({(folder / (name + ".csv")).string(), "csv",
                     [&results, name, chosen, is_indonesian](const std::string& file) {
                       write_csv(export_table(results, name, chosen), is_indonesian, file);
                     }});
  }
}

/// One file per option.
void add_maps(const Results& results, const std::vector<std::size_t>& chosen,
              const fs::path& folder, std::vector<ExportFile>& files) {
  for (const std::size_t o : chosen) {
    files.push_back({(folder / ("sites-" + results.options()[o] + ".geojson")).string(), "geojson",
                     [&results, o](const std::string& file) {
                       sim::io::write_file(file, sites_geojson(results, o));
                     }});
  }
}

/// Fills a folder under a temporary name. Only a crate is replaced, never another folder.
void write_folder(const ExportFile& file, bool replace) {
  std::error_code failed;
  const fs::path target(file.path), temporary(file.path + ".part");
  if (fs::exists(target, failed) && !(replace && fs::exists(target / "ro-crate-metadata.json"))) {
    throw sim::IoError("exists",
                       fmt::format("'{}' exists and is no crate that may be replaced", file.path));
  }
  fs::remove_all(temporary, failed);
  fs::create_directories(temporary, failed);
  if (failed) {
    throw sim::IoError("cannot_write",
                       fmt::format("cannot write '{}': {}", file.path, failed.message()));
  }
  try {
    file.write(temporary.string());
  } catch (...) {
    fs::remove_all(temporary, failed);
    throw;
  }
  fs::remove_all(target, failed);
  fs::rename(temporary, target, failed);
  if (failed) {
    throw sim::IoError("cannot_write",
                       fmt::format("cannot write '{}': {}", file.path, failed.message()));
  }
}

}  // namespace

std::string default_export_folder(const std::string& result) {
  const fs::path path(result);
  return (path.parent_path() / (path.stem().string() + "-export")).string();
}

std::vector<ExportFile> plan_export(const Results& results, const ExportOptions& options) {
  const std::vector<std::size_t> chosen = export_options(results, options.options);
  const std::string output =
      options.output.empty() ? default_export_folder(results.path()) : options.output;
  const fs::path folder = is_file_name(output) ? fs::path(output).parent_path() : fs::path(output);
  const bool is_indonesian = options.locale == "id";
  const auto wants = [&](const char* format) {
    return std::find(options.formats.begin(), options.formats.end(), format) !=
           options.formats.end();
  };
  std::vector<ExportFile> files;
  if (wants("csv")) add_tables(results, options, chosen, folder, files);
  if (wants("xlsx")) {
    const std::string name = fs::path(results.path()).stem().string() + ".xlsx";
    files.push_back({(folder / name).string(), "xlsx",
                     [&results, chosen, is_indonesian](const std::string& file) {
                       write_xlsx(results, chosen, is_indonesian, file);
                     }});
  }
  if (wants("geojson")) add_maps(results, chosen, folder, files);
  if (wants("crate")) {
    // A crate is a folder: the one of -o if nothing else goes there.
    files.push_back({files.empty() && !options.output.empty() ? output
                                                              : (folder / "crate").string(),
                     "crate",
                     [&results](const std::string& made) { write_crate(results, made); }});
  }
  if (is_file_name(output)) {
    if (files.size() != 1) refuse_single_file(output, files.size());
    files.front().path = output;
  }
  return files;
}

void write_export(const std::vector<ExportFile>& files, bool replace,
                  const std::function<void(const ExportFile&)>& wrote) {
  std::error_code failed;
  for (const ExportFile& file : files) {
    if (!replace && fs::exists(file.path, failed)) {
      throw sim::IoError("exists",
                         fmt::format("'{}' exists; use --force to replace it, or another place "
                                     "with -o",
                                     file.path));
    }
  }
  for (const ExportFile& file : files) {
    if (file.kind == "crate") {
      write_folder(file, replace);
      wrote(file);
      continue;
    }
    const fs::path parent = fs::path(file.path).parent_path();
    if (!parent.empty()) fs::create_directories(parent, failed);
    sim::io::AtomicFile target(
        file.path, replace ? sim::io::Existing::replace : sim::io::Existing::refuse);
    file.write(target.temporary());
    target.commit();
    wrote(file);
  }
}

}  // namespace musi::analysis
