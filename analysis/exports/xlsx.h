#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "analysis/results.h"

namespace musi::analysis {

/// Writes a workbook with typed cells: Summary (both languages, options as columns), Chance, Years,
/// Sites, Works, Money, Futures, Assumptions, About. Headers are frozen and have filters; there are
/// no formulas, and the time of creation is fixed, so equal results give equal bytes.
/// `is_indonesian`: Indonesian names of sheets and columns; numbers are numbers in both. Futures
/// beyond a million rows are left out and a note says so. IoError `cannot_write`.
void write_xlsx(const Results& results, const std::vector<std::size_t>& options,
                bool is_indonesian, const std::string& file);

}  // namespace musi::analysis
