#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "analysis/cli/report_writing.h"
#include "analysis/cli/run_job.h"
#include "analysis/exports/export.h"
#include "analysis/provenance.h"
#include "sim/core/error.h"

/// What `musi run` writes besides the result: the report and the crate.
namespace musi::cli {
namespace {

namespace fs = std::filesystem;

bool exists(const std::string& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

}  // namespace

std::string RunJob::report_output() const {
  return report_.empty() ? report_name(output_) : report_;
}

/// Found before anything is run: a report in the way that this run would have to replace.
void RunJob::check_report() const {
  if (!wants_report_ || flags_.force || !exists(report_output())) return;
  throw sim::IoError("exists", fmt::format("'{}' exists, and the report goes there; use "
                                           "--force to replace it, or --report=FILE",
                                           report_output()));
}

void RunJob::write_report(Terminal& terminal) const {
  if (!wants_report_) return;
  const std::string target = report_output();
  std::error_code failed;
  // A report as young as a result that is up to date says what a new one would say.
  if (is_up_to_date_ && exists(target) &&
      fs::last_write_time(target, failed) >= fs::last_write_time(output_, failed)) {
    terminal.note(fmt::format(
        " {} {}", target, terminal.globals().lang == "id" ? "sudah mutakhir" : "is up to date"));
    return;
  }
  analysis::ReportOptions options;
  options.lang = terminal.globals().page_lang;
  options.first_lang = terminal.globals().lang;
  write_report_file(terminal, {output_}, options, target, true);
}

std::string RunJob::crate_output() const {
  return (fs::path(analysis::default_export_folder(output_)) / "crate").string();
}

/// True if the crate holds the result as it is.
bool RunJob::is_crate_of_result() const {
  const fs::path copy = fs::path(crate_output()) / fs::path(output_).filename();
  std::error_code failed;
  return fs::is_regular_file(copy, failed) && fs::is_regular_file(output_, failed) &&
         analysis::sha256_of_file(copy.string()) == analysis::sha256_of_file(output_);
}

/// Found before anything is run, like a report in the way.
void RunJob::check_crate() const {
  if (!wants_crate_ || flags_.force || !exists(crate_output())) return;
  if (is_up_to_date_ && is_crate_of_result()) return;
  throw sim::IoError("exists", fmt::format("'{}' exists, and the crate goes there; use --force to "
                                           "replace it",
                                           crate_output()));
}

void RunJob::write_crate(Terminal& terminal) const {
  if (!wants_crate_) return;
  const bool is_id = terminal.globals().lang == "id";
  if (!flags_.force && exists(crate_output())) {  // check_crate let it stand: it is the same
    terminal.note(
        fmt::format(" {} {}", crate_output(), is_id ? "sudah mutakhir" : "is up to date"));
    return;
  }
  const analysis::Results results(output_);
  analysis::ExportOptions options;
  options.formats = {"crate"};
  options.output = crate_output();
  write_export(analysis::plan_export(results, options), true, [&](const auto& file) {
    if (terminal.globals().json) {
      say_written(terminal, file.path + "/ro-crate-metadata.json", "crate");
    } else {
      terminal.note(fmt::format(" {} {}", is_id ? "menulis" : "wrote", file.path));
    }
  });
}

}  // namespace musi::cli
