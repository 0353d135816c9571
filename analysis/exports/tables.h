#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "analysis/results.h"

/// The tables of INTERFACE 7.1, made from a result file alone. CSV and XLSX write the same rows.
namespace musi::analysis {

/// Nothing (missing, or not reached by the end), a number, or a text.
using ExportCell = std::variant<std::monostate, double, std::string>;
using ExportRow = std::vector<ExportCell>;
using ExportSink = std::function<void(const ExportRow&)>;

/// One table; its rows are made one by one, because there may be millions.
struct ExportTable {
  std::string name;
  std::vector<std::string> columns;  ///< the first two are `option` and `level`
  std::function<void(const ExportSink&)> rows;
};

/// futures, chance, years, sites, works, money, barriers, site_barriers, inputs, assumptions.
const std::vector<std::string>& export_table_names();

/// Whether the result holds what the table needs: `works` asks for the group /works.
bool has_export_table(const Results& results, const std::string& name);

/// A table of some options (indices into results.options()). `results` must outlive it.
/// ContractError for an unknown name, or a table that the result does not have.
ExportTable export_table(const Results& results, const std::string& name,
                         const std::vector<std::size_t>& options);

/// Options that `--option` names: by their full name ("current+supported") or by that of the option
/// alone, then with all its levels. All of them for no names. InputError `unknown_choice`.
std::vector<std::size_t> export_options(const Results& results,
                                        const std::vector<std::string>& names);

/// What one site has to show in one option.
struct SiteOutcome {
  ExportCell zero_year_p50;  ///< by which half of the futures have reached zero there
  ExportCell chance_by_headline_pct;
  ExportCell paid_idr_bn_p50;  ///< of the futures whose packages are kept; nothing for fewer than 2
};
std::vector<SiteOutcome> site_outcomes(const Results& results, std::size_t option);

}  // namespace musi::analysis
