#pragma once

#include <string>
#include <vector>

#include "analysis/cli/terminal.h"
#include "analysis/report/report.h"

namespace musi::cli {

/// Name of the report of a result: beside it, `.html` for `.h5`.
std::string report_name(const std::string& result);

/// Charts as files.
struct FigureOptions {
  std::string folder;                ///< empty: none
  std::vector<std::string> formats;  ///< svg, png, csv
};

/// Writes the report of the results, and its figures if any are wanted, and says where. A missing
/// browser is found before anything is written. IoError, InputError.
void write_report_file(Terminal& terminal, const std::vector<std::string>& results,
                       const analysis::ReportOptions& options, const std::string& output,
                       bool force, const FigureOptions& figures = {});

}  // namespace musi::cli
