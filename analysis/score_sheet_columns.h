#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/score_sheet.h"

namespace musi::analysis {

/// "num_", "den_", "pct_" or "pts_" with the code of a criterion.
std::string column_name(std::string_view prefix, models::Criterion criterion);

/// Column of a row that holds the denominator unless `den_<code>` does.
std::string_view row_denominator_column(models::Denominator denominator);

/// Where a table holds what is needed; nothing = no such column.
struct SheetColumns {
  using Position = std::optional<std::size_t>;
  struct OfCriterion {
    Position numerator, denominator, row_denominator, percentage;
  };

  SheetColumns(const sim::io::CsvTable& table, models::Regulation regulation);
  const OfCriterion& of(models::Criterion c) const { return criteria[models::index(c)]; }

  std::array<OfCriterion, models::n_criteria_2016> criteria;
  Position area_ha, population, persons_per_ha;
};

/// Columns of the output up to `flags`, in order.
std::vector<std::string> output_columns(models::Regulation regulation);

/// Input columns that the output does not write itself, in the order of the file.
std::vector<std::string> copied_columns(const sim::io::CsvTable& table, const SheetRules& rules);

/// Of the copied columns those that can hold for a whole site: no ids and volumes of single RTs.
std::vector<std::string> site_columns(const std::vector<std::string>& copied,
                                      const SheetRules& rules);

/// num_1a, den_1a, num_1b …
std::vector<std::string> volume_columns(models::Regulation regulation);

/// True for quantities of a row that add up over the RTs of a site.
bool is_summed_column(std::string_view name);

/// A number as a cell, with the decimal mark of the sheet.
std::string cell_number(double value, const SheetRules& rules);

}  // namespace musi::analysis
