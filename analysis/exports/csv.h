#pragma once

#include <string>

#include "analysis/exports/tables.h"

namespace musi::analysis {

/// One row as a line of CSV, line end included. Numbers have the shortest digits that read back
/// exactly. `is_indonesian`: semicolons and decimal commas, as spreadsheets set to Indonesian read.
std::string csv_line(const ExportRow& row, bool is_indonesian);

/// Writes a whole table into an open file of that name (UTF-8, LF, one header line). The header is
/// the same in both forms. IoError `cannot_write`, `disk_full`.
void write_csv(const ExportTable& table, bool is_indonesian, const std::string& file);

}  // namespace musi::analysis
