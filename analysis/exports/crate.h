#pragma once

#include <string>

#include "analysis/results.h"

namespace musi::analysis {

/// Writes an RO-Crate 1.1 (Process Run Crate) into an existing empty folder: the result, its CSV
/// tables, scenario, city and method files as they were read, the resolved scenario, metadata as
/// JSON-LD and a preview page. Inputs over 2 MiB are described by their hash alone. The date is
/// that of SOURCE_DATE_EPOCH, else `provenance.created`, else there is none. Equal results give
/// equal bytes. IoError `cannot_write`, `disk_full`.
void write_crate(const Results& results, const std::string& folder);

}  // namespace musi::analysis
