#include "analysis/cli/report_writing.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <system_error>

#include "analysis/headline.h"
#include "analysis/provenance.h"
#include "analysis/report/figures.h"
#include "sim/core/error.h"
#include "sim/io/file.h"

namespace musi::cli {
namespace {

namespace fs = std::filesystem;

/// A report must not take the place of what it is made from.
void refuse_input_as_output(const std::vector<std::string>& results, const std::string& output) {
  std::error_code failed;
  for (const std::string& path : results) {
    if (fs::equivalent(path, output, failed)) {
      throw sim::IoError(
          "overwrites_input",
          fmt::format("'{}' is the result itself; write to another file with -o", output));
    }
  }
}

void say_thinned(Terminal& terminal, const analysis::Report& report) {
  const bool is_id = terminal.globals().lang == "id";
  if (report.is_thinned) {
    terminal.note(fmt::format("{} {} {}{}{}", is_id ? " agar cukup kecil:" : " thinned to fit:",
                              report.detail.n_paths, is_id ? "jalur per opsi" : "paths per option",
                              report.detail.with_site_years ? ""
                              : is_id                       ? ", lokasi tanpa tahun"
                                                            : ", no areas by site and year",
                              report.detail.with_inputs ? ""
                              : is_id                   ? ", tanpa berkas masukan"
                                                        : ", no input files"));
  }
  if (!report.fits) {
    terminal.note(is_id ? " berkas tetap lebih besar daripada --max-mib"
                        : " the file is still larger than --max-mib");
  }
}

void write_figures(Terminal& terminal, const std::string& html,
                   const analysis::ReportOptions& options, const std::string& stem,
                   const std::string& browser, const FigureOptions& figures, bool force) {
  const std::vector<std::string> langs = options.lang == "both"
                                             ? std::vector<std::string>{"en", "id"}
                                             : std::vector<std::string>{options.lang};
  const auto files = analysis::draw_figures(browser, html, stem, langs, figures.formats);
  for (const analysis::FigureFile& file : files) {
    const std::string path = (fs::path(figures.folder) / file.name).string();
    sim::io::write_file(path, file.bytes,
                        force ? sim::io::Existing::replace : sim::io::Existing::refuse, true);
    terminal.event(
        "written",
        fmt::format("\"path\":{},\"kind\":\"figure\",\"bytes\":{},\"sha256\":{}", json_text(path),
                    file.bytes.size(), json_text(analysis::sha256(file.bytes))));
  }
  terminal.note(fmt::format(
      " {} {} {} {}", terminal.globals().lang == "id" ? "menulis" : "wrote", files.size(),
      terminal.globals().lang == "id" ? "gambar ke" : "figures to", figures.folder));
}

}  // namespace

std::string report_name(const std::string& result) {
  return fs::path(result).replace_extension(".html").string();
}

void write_report_file(Terminal& terminal, const std::vector<std::string>& results,
                       const analysis::ReportOptions& options, const std::string& output,
                       bool force, const FigureOptions& figures) {
  refuse_input_as_output(results, output);
  const std::string browser = figures.folder.empty() ? "" : analysis::find_browser();
  if (!figures.folder.empty() && browser.empty()) {
    throw sim::IoError("no_browser",
                       "--figures needs Chromium or Chrome on the path, or MUSI_BROWSER; the "
                       "report's own buttons save charts in any browser");
  }
  const bool has_png = std::find(figures.formats.begin(), figures.formats.end(), "png") !=
                       figures.formats.end();
  if (has_png && analysis::find_converter().empty()) {
    throw sim::IoError("no_converter",
                       "--figure-format png needs rsvg-convert on the path (Debian package "
                       "librsvg2-bin); svg and csv need no more than the browser");
  }
  std::vector<std::unique_ptr<analysis::Results>> opened;
  std::vector<const analysis::Results*> all;
  for (const std::string& path : results) {
    opened.push_back(std::make_unique<analysis::Results>(path));
    all.push_back(opened.back().get());
  }
  const analysis::Report report = analysis::write_report(all, options);
  sim::io::write_file(output, report.html,
                      force ? sim::io::Existing::replace : sim::io::Existing::refuse, true);
  say_thinned(terminal, report);
  if (!browser.empty()) {
    write_figures(terminal, report.html, options, fs::path(output).stem().string(), browser,
                  figures, force);
  }
  if (terminal.globals().json) {
    terminal.event(
        "written",
        fmt::format("\"path\":{},\"kind\":\"report\",\"bytes\":{},\"sha256\":{}", json_text(output),
                    report.html.size(), json_text(analysis::sha256(report.html))));
    return;
  }
  const double megabytes = static_cast<double>(report.html.size()) / 1e6;
  terminal.note(fmt::format(" {} {}  ({} MB)",
                            terminal.globals().lang == "id" ? "menulis" : "wrote", output,
                            analysis::number_text(megabytes, 2, terminal.globals().lang)));
}

}  // namespace musi::cli
