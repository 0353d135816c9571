#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "analysis/cli/catalogue.h"
#include "analysis/cli/command.h"
#include "analysis/cli/run_flags.h"
#include "analysis/cli/terminal.h"
#include "analysis/exports/export.h"
#include "analysis/exports/tables.h"
#include "analysis/provenance.h"
#include "analysis/results.h"

namespace musi::cli {
namespace {

std::vector<std::string> words_of(const std::string& list) {
  std::vector<std::string> words;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    if (end > begin) words.push_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

class Export final : public Command {
 public:
  std::string_view name() const override { return "export"; }
  std::string_view summary() const override { return "CSV tables, XLSX, GeoJSON, RO-Crate"; }
  std::string_view footer() const override {
    return "Exit codes: 0 done, 2 wrong use, 4 a file cannot be read or written, or the result "
           "does not hold a table that was named.\n"
           "Tables: futures, chance, years, sites, works, money, barriers, site_barriers, inputs, "
           "assumptions. "
           "Every table starts with option and level; an empty cell is missing, or not reached by "
           "the end.\n"
           "XLSX holds them all in one workbook; GeoJSON is one file per option; a crate is a "
           "folder with everything and its metadata.\n"
           "Example: musi export results/palembang-baseline.h5 --format xlsx --locale id";
  }
  void declare(CLI::App& app) override {
    app.add_option("RESULT", path_, "result file")->required();
    app.add_option("--format", formats_, "csv, xlsx, geojson or crate (repeatable, default csv)")
        ->check(CLI::IsMember({"csv", "xlsx", "geojson", "crate"}))
        ->allow_extra_args(false);
    app.add_option("-o,--output", output_,
                   "folder, or a file if one is written; default results/<name>-export beside "
                   "RESULT");
    app.add_option("--tables", tables_, "of CSV: NAME,NAME; default all that the result has");
    app.add_option("--option", options_, "only this option, with its levels (repeatable)")
        ->allow_extra_args(false);
    app.add_option("--locale", locale_,
                   "en, or id: CSV with semicolons and decimal commas, as spreadsheets set to "
                   "Indonesian read; XLSX with Indonesian headers")
        ->check(CLI::IsMember({"en", "id"}));
    app.add_flag("--force", force_, "replaces existing files");
  }

  sim::ExitCode run(Terminal& terminal) override {
    const analysis::Results results(path_);
    analysis::ExportOptions options;
    if (!formats_.empty()) options.formats = formats_;
    options.tables = words_of(tables_);
    options.options = options_;
    options.locale = locale_;
    options.output = output_;
    const auto files = analysis::plan_export(results, options);
    say_left_out(terminal, results, options);
    analysis::write_export(files, force_, [&](const analysis::ExportFile& file) {
      say_written(terminal, file);
    });
    return sim::ExitCode::done;
  }

 private:
  /// Tables that were not named and that the result cannot fill.
  static void say_left_out(Terminal& terminal, const analysis::Results& results,
                           const analysis::ExportOptions& options) {
    const bool has_csv = std::find(options.formats.begin(), options.formats.end(), "csv") !=
                         options.formats.end();
    if (!has_csv || !options.tables.empty()) return;
    for (const std::string& table : analysis::export_table_names()) {
      if (analysis::has_export_table(results, table)) continue;
      terminal.note(fmt::format(fmt::runtime(terminal.globals().lang == "id"
                                                 ? " tanpa tabel {}: berkas hasil tidak memuatnya"
                                                 : " no table {}: the result does not hold it"),
                                table));
    }
  }

  static void say_written(Terminal& terminal, const analysis::ExportFile& file) {
    std::error_code ignored;
    if (terminal.globals().json) {
      const bool is_folder = file.kind == "crate";
      const std::string main = is_folder ? file.path + "/ro-crate-metadata.json" : file.path;
      const auto bytes = std::filesystem::file_size(main, ignored);
      terminal.event("written",
                     fmt::format("\"path\":{},\"kind\":\"{}\",\"bytes\":{},\"sha256\":{}",
                                 json_text(main), file.kind, bytes,
                                 json_text(analysis::sha256_of_file(main))));
      return;
    }
    terminal.answer(file.path + "\n");
  }

  std::string path_, output_, tables_, locale_ = "en";
  std::vector<std::string> formats_, options_;
  bool force_ = false;
};

}  // namespace

std::unique_ptr<Command> make_export() { return std::make_unique<Export>(); }

}  // namespace musi::cli
