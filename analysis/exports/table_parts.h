#pragma once

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "analysis/exports/tables.h"

/// What the sources of analysis/exports share.
namespace musi::analysis {

/// A number as cell; nothing for NaN.
inline ExportCell number_cell(double value) {
  if (std::isnan(value)) return {};
  return value;
}

/// A number stored with float precision: the double nearest to its shortest decimal text, so that
/// 0.1f is written as 0.1.
ExportCell float_cell(double value);

/// Names of options and levels as the first two columns, so that they are unique.
struct OptionNames {
  std::vector<std::string> option, level;  ///< [option]
  /// The first cells of a row.
  ExportRow row(std::size_t o) const { return {option[o], level[o]}; }
};
OptionNames option_names(const Results& results);

/// Texts of a dataset; empty ones if it is missing.
std::vector<std::string> texts_or_empty(const Results& results, const std::string& name,
                                        std::size_t n);
std::vector<double> numbers_or_missing(const Results& results, const std::string& name,
                                       std::size_t n);
/// "p05" for 5, "p02_5" for 2.5.
std::string quantile_column(double percent);

ExportTable futures_table(const Results& results, const std::vector<std::size_t>& options);
ExportTable chance_table(const Results& results, const std::vector<std::size_t>& options);
ExportTable years_table(const Results& results, const std::vector<std::size_t>& options);
ExportTable sites_table(const Results& results, const std::vector<std::size_t>& options);
ExportTable works_table(const Results& results, const std::vector<std::size_t>& options);
ExportTable money_table(const Results& results, const std::vector<std::size_t>& options);
ExportTable barriers_table(const Results& results, const std::vector<std::size_t>& options);
ExportTable site_barriers_table(const Results& results, const std::vector<std::size_t>& options);
ExportTable inputs_table(const Results& results, const std::vector<std::size_t>& options);
ExportTable assumptions_table(const Results& results, const std::vector<std::size_t>& options);

}  // namespace musi::analysis
