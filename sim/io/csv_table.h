#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/io/number.h"
#include "sim/io/problems.h"
#include "sim/io/text.h"

namespace musi::sim::io {

enum class CellType {
  text,
  number,
  whole,
  flag,    ///< 0 or 1
  yes_no,  ///< yes or no
  choice,  ///< one of `choices`
  date,    ///< YYYY-MM-DD
  month,   ///< YYYY-MM
};

/// What a column may hold. Empty cells mean unknown; they are an error only if `filled`.
struct CsvColumn {
  std::string name;
  CellType type = CellType::text;
  bool needed = false;  ///< the column must exist
  bool filled = false;  ///< no cell may be empty
  bool unique = false;  ///< no value twice (`duplicate_id`)
  NumberSpec number = {};
  std::vector<std::string> choices = {};
  std::size_t longest = 10'000;              ///< characters of a text
  std::vector<std::string> also_named = {};  ///< other header words that are read as this column
};

struct CsvSpec {
  std::vector<CsvColumn> columns;
  bool may_have_no_rows = false;
  /// Columns that are not in `columns` are an error, unless they start with `x_`; or they are kept
  /// (`CsvTable::text` finds them), unless they look like a slip of a known name.
  bool keep_unknown_columns = false;
  /// With `keep_unknown_columns`: names that start so must be known (`num_`, `den_`).
  std::vector<std::string> reserved_prefixes = {};
  bool indonesian_locale = false;  ///< separator `;`, decimal comma
  std::size_t most_bytes = 64u << 20;
  std::size_t most_rows = 1'000'000;
  std::size_t most_columns = 200;
  std::size_t longest_cell = 10'000;  ///< characters
};

/// A table whose cells were checked while reading. Columns are named as in the spec (also if the
/// file uses another word of `also_named`), kept ones as in the file.
///
///     CsvSpec spec{.columns = {
///         {.name = "site_id", .needed = true, .filled = true, .unique = true, .longest = 16},
///         {.name = "area_ha", .type = CellType::number, .number = {.min = 0, .min_open = true}},
///         {.name = "river_frontage", .type = CellType::flag}}};
///     const auto table = read_csv("sites.csv", spec, problems);
///     if (table) for (std::size_t row = 0; row < table->n_rows(); ++row)
///         table->number(row, "area_ha");   // nothing = unknown (empty cell or no such column)
class CsvTable {
 public:
  std::size_t n_rows() const { return lines_.size(); }
  /// Header words of the file, in its order.
  const std::vector<std::string>& header() const { return header_; }
  bool has_column(std::string_view name) const { return column(name).has_value(); }
  /// Position in the file of a column; resolves `also_named`.
  std::optional<std::size_t> column(std::string_view name) const;

  /// A cell as written (unquoted); empty if unknown or no such column.
  std::string_view text(std::size_t row, std::string_view name) const;
  std::string_view text(std::size_t row, std::size_t column) const;
  /// Cells that are not legal were reported and read as unknown.
  std::optional<double> number(std::size_t row, std::string_view name) const;
  std::optional<double> number(std::size_t row, std::size_t column) const;
  std::optional<std::int64_t> whole(std::size_t row, std::string_view name) const;
  std::optional<bool> flag(std::size_t row, std::string_view name) const;  ///< 0/1 and yes/no
  /// Months since January of year 0 (12 * year + month - 1) of a date or month.
  std::optional<int> month(std::size_t row, std::string_view name) const;

  /// Line of the file where the row begins.
  int line(std::size_t row) const { return lines_[row]; }
  /// Place of a cell, or of the row if there is no such column.
  Place place(std::size_t row, std::string_view name) const;
  Place header_place(std::string_view name) const;
  const std::string& file() const { return source_->file(); }
  /// Any error at a cell, with place, source line and column name filled in.
  Problem& error(std::size_t row, std::string_view name, std::string code, Text message,
                 Problems& problems) const;
  std::string source_line(std::size_t row) const;

 private:
  friend class CsvReader;

  /// Bytes of the file, quotes included; files are below 4 GiB.
  struct Cell {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };

  std::size_t n_columns() const { return header_.size(); }
  const Cell& cell(std::size_t row, std::size_t column) const {
    return cells_[row * n_columns() + column];
  }
  std::string_view content(const Cell& cell) const;
  Place cell_place(const Cell& cell, int line) const;
  std::optional<double> value(std::size_t row, std::string_view name) const;

  std::shared_ptr<const SourceText> source_;
  std::vector<std::string> header_;
  std::vector<std::string> names_;  ///< [column of file], after `also_named`
  std::vector<Cell> header_cells_;
  std::vector<Cell> cells_;                  ///< [row, column of file]
  std::vector<std::vector<double>> values_;  ///< [column][row] of typed columns; NaN if unknown
  std::vector<int> lines_;                   ///< [row]
  /// Contents of the cells with doubled quotes, by the byte at which the cell begins.
  std::map<std::uint32_t, std::string> unescaped_;
};

/// Reads and checks a whole table (`-` = standard input): RFC 4180, UTF-8, header line; byte-order
/// mark, CRLF and trailing blank lines are accepted silently. All problems of the file are reported
/// (missing_header, missing_column, unknown_column, duplicate_id, row_length, csv_quote,
/// csv_separator, csv_empty, too_large, not_text, not_utf8, and those of the cells). Nothing if the
/// header or the quoting cannot be trusted; otherwise the rows that have the right length.
/// IoError `cannot_open` if the file cannot be read.
std::optional<CsvTable> read_csv(const std::string& file, const CsvSpec& spec, Problems& problems);

/// The same from memory; `file` is only the name shown in messages.
std::optional<CsvTable> parse_csv(std::string bytes, const std::string& file, const CsvSpec& spec,
                                  Problems& problems);

/// One cell for writing: in quotes if it holds the separator, a quote, a line end or outer spaces.
std::string csv_cell(std::string_view text, char separator = ',');

}  // namespace musi::sim::io
