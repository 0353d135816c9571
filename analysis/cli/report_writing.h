#pragma once

#include <string>
#include <vector>

#include "analysis/cli/terminal.h"
#include "analysis/report/report.h"

namespace musi::cli {

/// Name of the report of a result: beside it, `.html` for `.h5`.
std::string report_name(const std::string& result);

/// Writes the report of the results and says where. IoError, InputError.
void write_report_file(Terminal& terminal, const std::vector<std::string>& results,
                       const analysis::ReportOptions& options, const std::string& output,
                       bool force);

}  // namespace musi::cli
