#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/score_sheet.h"
#include "analysis/score_sheet_columns.h"

namespace musi::analysis {

/// One criterion of one RT as the sheet gives it.
struct Reading {
  models::Share share;
  bool has_volumes = false;
  double lacking = 0.0;  ///< numerator, clamped to 0 to `whole`
  double whole = 0.0;    ///< denominator
};

/// One RT as the sheet gives it.
struct SheetRow {
  std::vector<Reading> criteria;
  std::optional<double> area_ha;
  std::optional<double> persons_per_ha;
  std::optional<bool> strategic, potential;
  std::optional<bool> tenure_clear, fits_spatial_plan, building_permit;
};

/// Reads the criteria of a sheet cell by cell and reports what does not fit.
class SheetReader {
 public:
  SheetReader(const sim::io::CsvTable& table, const SheetRules& rules, sim::io::Problems& problems);

  /// The id, and a form for each criterion; said once, not once per row.
  bool has_all_columns();

  SheetRow read(std::size_t row);

 private:
  using Position = SheetColumns::Position;

  sim::Place header_line() const { return {.file = table_.file(), .line = 1}; }
  std::optional<double> number(std::size_t row, Position column) const;
  bool is_filled(std::size_t row, Position column) const;
  std::optional<bool> answer(std::size_t row, std::string_view name) const;
  /// Percentage cell as a fraction, not yet clamped. Read here and not with the table, because
  /// percentages beyond 0 to 100 are clamped, never refused.
  std::optional<double> percentage(std::size_t row, models::Criterion c);
  Reading reading(std::size_t row, models::Criterion c);
  /// A filled cell without a number was reported with the table.
  bool was_reported(std::size_t row, const SheetColumns::OfCriterion& at) const;
  /// Column to point at when a criterion is wrong.
  std::string cell_of(std::size_t row, models::Criterion c) const;
  void report_missing_forms(const std::vector<std::string>& codes);
  void report_no_form(std::size_t row, models::Criterion c, bool has_numerator);
  void require_agreement(std::size_t row, models::Criterion c, const models::Share& volumes,
                         const models::Share& percent);
  void report_flags(std::size_t row, models::Criterion c, const Reading& reading);

  const sim::io::CsvTable& table_;
  const SheetRules& rules_;
  sim::io::Problems& problems_;
  SheetColumns columns_;
};

}  // namespace musi::analysis
