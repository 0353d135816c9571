#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <unordered_map>
#include <utility>

#include "sim/io/csv_table.h"
#include "sim/io/file.h"

namespace musi::sim::io {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
constexpr std::string_view words_for_unknown[] = {"NA",   "N/A",  "n/a", "na", "-",
                                                  "null", "NULL", "?",   ".",  "--"};

/// What is written in cells that nobody filled; RFC 4180 has only the empty cell.
bool means_unknown(std::string_view text) {
  return std::find(std::begin(words_for_unknown), std::end(words_for_unknown), text) !=
         std::end(words_for_unknown);
}

std::optional<int> digits(std::string_view text) {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = 10 * value + (c - '0');
  }
  return value;
}

int days_in(int year, int month) {
  constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return days[month - 1] + (leap && month == 2 ? 1 : 0);
}

/// `2027-03` or `2027-03-31` as months since year 0.
std::optional<double> month_of(std::string_view text, bool with_day) {
  if (text.size() != (with_day ? 10u : 7u) || text[4] != '-') return std::nullopt;
  const auto year = digits(text.substr(0, 4));
  const auto month = digits(text.substr(5, 2));
  if (!year || !month || *month < 1 || *month > 12) return std::nullopt;
  if (with_day) {
    const auto day = digits(text.substr(8, 2));
    if (text[7] != '-' || !day || *day < 1 || *day > days_in(*year, *month)) return std::nullopt;
  }
  return 12.0 * *year + *month - 1;
}

Text in_words(std::size_t n) {
  return {number_in_words(static_cast<double>(n)),
          number_in_words(static_cast<double>(n), Language::indonesian)};
}

}  // namespace

/// Reads one file: text to rows of cells, header to columns, cells to values.
class CsvReader {
 public:
  CsvReader(std::shared_ptr<const SourceText> source, const CsvSpec& spec, Problems& problems)
      : spec_(spec), problems_(problems), text_(source->text()) {
    table_.source_ = std::move(source);
    separator_ = spec.indonesian_locale ? ';' : ',';
  }

  std::optional<CsvTable> read();

 private:
  using Cell = CsvTable::Cell;
  struct Row {
    std::vector<Cell> cells;
    int line = 0;
    bool is_blank = false;
  };

  bool next_row(Row& row);
  bool next_cell(Cell& cell);
  void read_quoted(Cell& cell);
  void report_stray_quote(std::size_t begin, std::size_t end);
  bool read_header();
  bool check_separator(const Row& header);
  void name_columns();
  bool check_names(const Row& header);
  void report_unknown_column(std::size_t column, const std::vector<std::string>& known);
  void report_missing_columns(const std::vector<std::string>& slips);
  void read_rows();
  void add_row(Row& row);
  void read_values();
  void read_column(std::size_t column, const CsvColumn& spec);
  double read_value(std::size_t row, std::size_t column, const CsvColumn& spec);
  void check_unique(std::size_t column, const CsvColumn& spec);
  double read_number_cell(std::size_t row, std::string_view text, const CsvColumn& spec);
  double read_word(std::size_t row, std::string_view text, const CsvColumn& spec);
  void expect_text(std::size_t row, std::string_view text, const CsvColumn& spec);
  Problem& wrong_type(std::size_t row, const CsvColumn& column, std::string_view text,
                      Text expected);
  Problem& error_at(Cell cell, std::string code, Text message);
  const CsvColumn* find_spec(std::string_view header) const;
  std::vector<std::string> known_names() const;
  Text expected_remark() const;

  const CsvSpec& spec_;
  Problems& problems_;
  const std::string& text_;
  CsvTable table_;
  char separator_ = ',';
  std::size_t at_ = 0;
  bool broken_ = false;  ///< the rest of the file cannot be read
};

Problem& CsvReader::error_at(Cell cell, std::string code, Text message) {
  Problem& problem =
      problems_.error(std::move(code), table_.cell_place(cell, 0), std::move(message));
  if (!problems_.full()) quote_source(problem, *table_.source_, cell.begin);
  return problem;
}

void CsvReader::report_stray_quote(std::size_t begin, std::size_t end) {
  const Cell span{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  const bool starts_quoted = text_[begin] == '"';
  Problem& problem = error_at(
      span, "csv_quote",
      starts_quoted ? Text{"text behind a closing quote", "ada teks setelah tanda kutip penutup"}
                    : Text{"a quote inside a cell that is not quoted",
                           "tanda kutip di dalam sel tanpa kutip"});
  set_hint(problem, {"put the whole cell in quotes and double the quotes inside",
                     "apit seluruh sel dengan tanda kutip dan gandakan kutip di dalamnya"});
}

/// Cell that begins with a quote; `at_` stands behind it afterwards.
void CsvReader::read_quoted(Cell& cell) {
  const std::size_t begin = at_;
  bool has_doubled = false;
  std::size_t i = begin + 1;
  for (;; ++i) {
    i = text_.find('"', i);
    if (i == std::string::npos) {
      const std::size_t line_end = std::min(text_.find('\n', begin), text_.size());
      Problem& problem = error_at({cell.begin, static_cast<std::uint32_t>(line_end)}, "csv_quote",
                                  {"this quote is never closed", "tanda kutip ini tidak ditutup"});
      set_hint(problem, {"the quote opened here", "kutip dibuka di sini"});
      set_remark(problem, {"the rows below were not checked", "baris di bawahnya tidak diperiksa"});
      broken_ = true;
      at_ = text_.size();
      return;
    }
    if (i + 1 >= text_.size() || text_[i + 1] != '"') break;
    has_doubled = true;
    ++i;
  }
  const std::size_t close = i;
  at_ = close + 1;
  while (at_ < text_.size() && text_[at_] != separator_ && text_[at_] != '\n') ++at_;
  cell.end = static_cast<std::uint32_t>(close + 1);
  if (at_ != close + 1) report_stray_quote(begin, at_);
  if (!has_doubled) return;
  std::string content;
  for (std::size_t k = begin + 1; k < close; ++k) {
    content += text_[k];
    if (text_[k] == '"') ++k;
  }
  table_.unescaped_.emplace(cell.begin, std::move(content));
}

/// Reads one cell and what ends it; false at the end of the row.
bool CsvReader::next_cell(Cell& cell) {
  cell.begin = static_cast<std::uint32_t>(at_);
  cell.end = cell.begin;
  if (at_ < text_.size() && text_[at_] == '"') {
    read_quoted(cell);
  } else {
    const std::size_t begin = at_;
    bool has_quote = false;
    while (at_ < text_.size() && text_[at_] != separator_ && text_[at_] != '\n') {
      has_quote = has_quote || text_[at_] == '"';
      ++at_;
    }
    cell.end = static_cast<std::uint32_t>(at_);
    if (has_quote) report_stray_quote(begin, at_);
  }
  const bool more = at_ < text_.size() && text_[at_] == separator_;
  if (at_ < text_.size()) ++at_;
  return more;
}

/// The next row; false at the end of the file or after a quote that is never closed.
bool CsvReader::next_row(Row& row) {
  row.cells.clear();
  if (at_ >= text_.size() || broken_) return false;
  row.line = table_.source_->line_of(at_);
  bool more = true;
  while (more) {
    Cell cell;
    more = next_cell(cell);
    if (broken_) return false;
    row.cells.push_back(cell);
    if (table_.content(cell).size() <= spec_.longest_cell) continue;
    const std::size_t n = n_characters(table_.content(cell));
    if (n <= spec_.longest_cell) continue;
    const Text length = in_words(n), limit = in_words(spec_.longest_cell);
    error_at(
        cell, "too_large",
        {fmt::format("a cell of {} characters; the limit is {}", length.english, limit.english),
         fmt::format("sel berisi {} karakter; batasnya {}", length.indonesian, limit.indonesian)});
  }
  row.is_blank = row.cells.size() == 1 && trimmed(table_.content(row.cells[0])).empty() &&
                 row.cells[0].begin < text_.size() && text_[row.cells[0].begin] != '"';
  return true;
}

const CsvColumn* CsvReader::find_spec(std::string_view header) const {
  for (const CsvColumn& column : spec_.columns) {
    if (column.name == header) return &column;
    for (const std::string& other : column.also_named) {
      if (other == header) return &column;
    }
  }
  return nullptr;
}

std::vector<std::string> CsvReader::known_names() const {
  std::vector<std::string> names;
  for (const CsvColumn& column : spec_.columns) names.push_back(column.name);
  return names;
}

Text CsvReader::expected_remark() const {
  const std::vector<std::string> names = known_names();
  const std::string words = joined(names, names.size());
  return {"expected columns: " + words, "kolom yang diharapkan: " + words};
}

/// One column only, although another separator is there: the usual slip of spreadsheets.
bool CsvReader::check_separator(const Row& header) {
  if (header.cells.size() > 1 || spec_.columns.size() < 2) return true;
  const std::string_view line = table_.content(header.cells[0]);
  struct Other {
    char separator;
    const char* english;
    const char* indonesian;
  };
  constexpr Other others[] = {{';', "semicolons", "titik koma"},
                              {'\t', "tabs", "tab"},
                              {',', "commas", "koma"},
                              {'|', "bars", "garis tegak"}};
  for (const Other& other : others) {
    if (other.separator == separator_ || line.find(other.separator) == line.npos) continue;
    Problem& problem = error_at(
        header.cells[0], "csv_separator",
        {fmt::format("one column found; the file seems to be separated by {}", other.english),
         fmt::format("hanya satu kolom; berkas tampaknya dipisah {}", other.indonesian)});
    if (separator_ == ';') {
      set_hint(problem, {"save it with semicolons, or leave out '--locale id'",
                         "simpan dengan titik koma, atau tanpa '--locale id'"});
    } else {
      set_hint(problem, {"save it as comma-separated CSV", "simpan sebagai CSV dengan koma"});
    }
    if (other.separator == ';') {
      set_remark(problem, {"'musi score --locale id' reads semicolons",
                           "'musi score --locale id' membaca titik koma"});
    }
    return false;
  }
  return true;
}

bool CsvReader::read_header() {
  Row header;
  if (!next_row(header)) return false;
  if (!check_separator(header)) return false;
  if (header.cells.size() > spec_.most_columns) {
    problems_.error(
        "too_large", {table_.file(), 1},
        Text{fmt::format("{} columns; the limit is {}", header.cells.size(), spec_.most_columns),
             fmt::format("{} kolom; batasnya {}", header.cells.size(), spec_.most_columns)});
    return false;
  }
  table_.header_cells_ = header.cells;
  for (const Cell& cell : header.cells) {
    table_.header_.emplace_back(trimmed(table_.content(cell)));
    const CsvColumn* column = find_spec(table_.header_.back());
    table_.names_.push_back(column == nullptr ? table_.header_.back() : column->name);
  }
  return check_names(header);
}

void CsvReader::report_unknown_column(std::size_t column, const std::vector<std::string>& known) {
  const std::string& name = table_.header_[column];
  Problem& problem = error_at(table_.header_cells_[column], "unknown_column",
                              {fmt::format("unknown column '{}'", quoted_value(name)),
                               fmt::format("kolom '{}' tidak dikenal", quoted_value(name))});
  problem.path = name;
  problem.allowed = known;
  if (const auto nearest = nearest_name(name, known)) {
    problem.suggestion = *nearest;
    set_hint(problem, {fmt::format("did you mean '{}'?", *nearest),
                       fmt::format("maksud Anda '{}'?", *nearest)});
  } else if (!spec_.keep_unknown_columns) {
    set_hint(problem, {"start its name with x_ to have it ignored",
                       "awali namanya dengan x_ agar diabaikan"});
  }
  set_remark(problem, expected_remark());
}

void CsvReader::report_missing_columns(const std::vector<std::string>& slips) {
  for (const CsvColumn& column : spec_.columns) {
    if (!column.needed || table_.column(column.name)) continue;
    // The slip of its name was reported already.
    if (std::find(slips.begin(), slips.end(), column.name) != slips.end()) continue;
    Problem& problem = problems_.error("missing_column", {table_.file(), 1},
                                       Text{fmt::format("column '{}' is missing", column.name),
                                            fmt::format("kolom '{}' tidak ada", column.name)});
    problem.path = column.name;
    set_remark(problem, expected_remark());
  }
}

bool CsvReader::check_names(const Row& header) {
  const std::vector<std::string> known = known_names();
  const std::size_t n_known = static_cast<std::size_t>(
      std::count_if(table_.header_.begin(), table_.header_.end(),
                    [this](const std::string& name) { return find_spec(name) != nullptr; }));
  const bool any_near = std::any_of(
      table_.header_.begin(), table_.header_.end(),
      [&known](const std::string& name) { return nearest_name(name, known).has_value(); });
  if (n_known == 0 && !any_near) {
    Problem& problem = error_at(header.cells[0], "missing_header",
                                {"the first line holds no known column name",
                                 "baris pertama tidak memuat nama kolom yang dikenal"});
    set_hint(problem,
             {"the first line must name the columns", "baris pertama harus berisi nama kolom"});
    set_remark(problem, expected_remark());
    return false;
  }
  std::vector<std::string> slips;
  std::unordered_map<std::string, std::size_t> first;
  for (std::size_t i = 0; i < table_.header_.size(); ++i) {
    const std::string& name = table_.header_[i];
    const auto [earlier, is_new] = first.emplace(table_.names_[i], i);
    if (!is_new && !name.empty()) {
      Problem& problem = error_at(table_.header_cells_[i], "duplicate_key",
                                  {fmt::format("column '{}' appears twice", quoted_value(name)),
                                   fmt::format("kolom '{}' muncul dua kali", quoted_value(name))});
      problem.path = name;
      problem.related = table_.cell_place(table_.header_cells_[earlier->second], 0);
      set_hint(problem, {"second here; delete one", "yang kedua di sini; hapus salah satu"});
      set_related_hint(problem, {"first here", "yang pertama di sini"});
    }
    if (find_spec(name) != nullptr || name.starts_with("x_")) continue;
    const auto nearest = nearest_name(name, known);
    const bool reserved =
        std::any_of(spec_.reserved_prefixes.begin(), spec_.reserved_prefixes.end(),
                    [&name](const std::string& prefix) { return name.starts_with(prefix); });
    if (spec_.keep_unknown_columns && !nearest && !reserved) continue;
    if (nearest) slips.push_back(*nearest);
    report_unknown_column(i, known);
  }
  report_missing_columns(slips);
  return true;
}

void CsvReader::add_row(Row& row) {
  if (row.cells.size() == table_.n_columns()) {
    table_.cells_.insert(table_.cells_.end(), row.cells.begin(), row.cells.end());
    table_.lines_.push_back(row.line);
    return;
  }
  const Cell all{row.cells.front().begin, row.cells.back().end};
  const std::size_t found = row.cells.size(), expected = table_.n_columns();
  Problem& problem =
      error_at(all, "row_length",
               {fmt::format("{} cells found, the header has {}", found, expected),
                fmt::format("ditemukan {} sel, kepala tabel memuat {}", found, expected)});
  if (found > expected) {
    set_hint(problem,
             {"a text with a separator needs quotes", "teks dengan pemisah perlu tanda kutip"});
  } else {
    set_hint(problem, {"unknown cells stay empty, but keep their separators",
                       "sel yang tidak diketahui dikosongkan, pemisahnya tetap ditulis"});
  }
}

void CsvReader::read_rows() {
  Row row;
  std::vector<int> blank_lines;
  std::size_t n_rows = 0;
  while (next_row(row)) {
    if (row.is_blank && table_.n_columns() > 1) {
      blank_lines.push_back(row.line);
      continue;
    }
    for (const int line : blank_lines) {
      problems_.error("row_length", {table_.file(), line},
                      Text{"an empty line inside the table", "baris kosong di dalam tabel"});
    }
    blank_lines.clear();
    if (++n_rows > spec_.most_rows) {
      const Text limit = in_words(spec_.most_rows);
      problems_.error("too_large", {table_.file(), row.line},
                      Text{fmt::format("more than {} rows", limit.english),
                           fmt::format("lebih dari {} baris", limit.indonesian)});
      broken_ = true;
      return;
    }
    add_row(row);
    if (problems_.full()) return;
  }
  if (n_rows > 0 || broken_ || spec_.may_have_no_rows) return;
  Problem& problem =
      problems_.error("csv_empty", {table_.file()},
                      Text{"the table has a header but no rows", "tabel tidak memuat baris data"});
  set_hint(problem, {"at least one row is needed", "perlu paling sedikit satu baris"});
}

Problem& CsvReader::wrong_type(std::size_t row, const CsvColumn& column, std::string_view text,
                               Text expected) {
  const std::string shown = quoted_value(text);
  return table_.error(row, column.name, "wrong_type",
                      {fmt::format("expected {}, found '{}'", expected.english, shown),
                       fmt::format("harus {}, ditemukan '{}'", expected.indonesian, shown)},
                      problems_);
}

double CsvReader::read_number_cell(std::size_t row, std::string_view text, const CsvColumn& spec) {
  NumberSpec number = spec.number;
  number.whole = number.whole || spec.type == CellType::whole;
  number.decimal_comma = spec_.indonesian_locale;
  NumberReading reading = io::read_number(text, number);
  if (reading.value) return *reading.value;
  NumberFault& fault = reading.fault;
  if (means_unknown(text)) {
    const std::string shown = quoted_value(text);
    fault.code = "bad_number";
    fault.message = {fmt::format("'{}' is not a number", shown),
                     fmt::format("'{}' bukan bilangan", shown)};
    fault.hint = spec.filled
                     ? Text{"a number is needed here", "di sini perlu bilangan"}
                     : Text{"leave unknown cells empty", "kosongkan sel yang tidak diketahui"};
  }
  if (fault.code == "unit_in_value") {
    const bool known = !fault.suggestion.empty();
    fault.hint = {known ? fmt::format("write {}; the unit is in the header", fault.suggestion)
                        : "write the number alone; the unit is in the header",
                  known ? fmt::format("tulis {}; satuannya ada di kepala kolom", fault.suggestion)
                        : "tulis angkanya saja; satuannya ada di kepala kolom"};
  }
  Problem& problem = table_.error(row, spec.name, fault.code, fault.message, problems_);
  set_hint(problem, fault.hint);
  set_remark(problem, fault.remark);
  problem.suggestion = fault.suggestion;
  return unknown;
}

double CsvReader::read_word(std::size_t row, std::string_view text, const CsvColumn& spec) {
  const bool words = spec.type == CellType::yes_no;
  if (text == (words ? "yes" : "1")) return 1.0;
  if (text == (words ? "no" : "0")) return 0.0;
  Problem& problem = wrong_type(
      row, spec, text, words ? Text{"yes or no", "yes atau no"} : Text{"0 or 1", "0 atau 1"});
  set_hint(problem, words ? Text{"write yes or no", "tulis yes atau no"}
                          : Text{"write 1 for yes, 0 for no", "tulis 1 untuk ya, 0 untuk tidak"});
  return unknown;
}

void CsvReader::expect_text(std::size_t row, std::string_view text, const CsvColumn& spec) {
  if (spec.type == CellType::choice) {
    if (std::find(spec.choices.begin(), spec.choices.end(), text) != spec.choices.end()) return;
    const std::string shown = quoted_value(text);
    Problem& problem =
        table_.error(row, spec.name, "unknown_choice",
                     {fmt::format("unknown word '{}' in column '{}'", shown, spec.name),
                      fmt::format("kata '{}' tidak dikenal di kolom '{}'", shown, spec.name)},
                     problems_);
    problem.allowed = spec.choices;
    if (const auto nearest = nearest_name(text, spec.choices)) {
      problem.suggestion = *nearest;
      set_hint(problem, {fmt::format("did you mean '{}'?", *nearest),
                         fmt::format("maksud Anda '{}'?", *nearest)});
    }
    const std::string words = joined(spec.choices, spec.choices.size());
    set_remark(problem, {"one of: " + words, "salah satu dari: " + words});
    return;
  }
  if (text.size() <= spec.longest || n_characters(text) <= spec.longest) return;
  table_.error(row, spec.name, "too_large",
               {fmt::format("a text of {} characters; '{}' takes at most {}", n_characters(text),
                            spec.name, spec.longest),
                fmt::format("teks {} karakter; '{}' paling banyak {}", n_characters(text),
                            spec.name, spec.longest)},
               problems_);
}

double CsvReader::read_value(std::size_t row, std::size_t column, const CsvColumn& spec) {
  const std::string_view text = trimmed(table_.text(row, column));
  if (text.empty()) {
    if (spec.filled) {
      table_.error(row, spec.name, "empty_value",
                   {fmt::format("column '{}' may not be empty", spec.name),
                    fmt::format("kolom '{}' tidak boleh kosong", spec.name)},
                   problems_);
    }
    return unknown;
  }
  switch (spec.type) {
    case CellType::number:
    case CellType::whole:
      return read_number_cell(row, text, spec);
    case CellType::flag:
    case CellType::yes_no:
      return read_word(row, text, spec);
    case CellType::date:
    case CellType::month: {
      const bool with_day = spec.type == CellType::date;
      const auto month = month_of(text, with_day);
      if (month) return *month;
      wrong_type(row, spec, text,
                 with_day ? Text{"a date like 2027-03-31", "tanggal seperti 2027-03-31"}
                          : Text{"a month like 2027-03", "bulan seperti 2027-03"});
      return unknown;
    }
    case CellType::text:
    case CellType::choice:
      expect_text(row, text, spec);
      return unknown;
  }
  return unknown;
}

void CsvReader::check_unique(std::size_t column, const CsvColumn& spec) {
  std::unordered_map<std::string_view, std::size_t> first;
  for (std::size_t row = 0; row < table_.n_rows() && !problems_.full(); ++row) {
    const std::string_view text = table_.text(row, column);
    if (text.empty()) continue;
    const auto [earlier, is_new] = first.emplace(text, row);
    if (is_new) continue;
    const std::string shown = quoted_value(text);
    Problem& problem = table_.error(row, spec.name, "duplicate_id",
                                    {fmt::format("{} '{}' appears twice", spec.name, shown),
                                     fmt::format("{} '{}' muncul dua kali", spec.name, shown)},
                                    problems_);
    set_hint(problem, {"second here", "yang kedua di sini"});
    problem.related = table_.place(earlier->second, spec.name);
    quote_related(problem, *table_.source_, table_.cell(earlier->second, column).begin);
    set_related_hint(problem, {"first here", "yang pertama di sini"});
  }
}

void CsvReader::read_column(std::size_t column, const CsvColumn& spec) {
  const bool has_values = spec.type != CellType::text && spec.type != CellType::choice;
  if (has_values) table_.values_[column].assign(table_.n_rows(), unknown);
  for (std::size_t row = 0; row < table_.n_rows() && !problems_.full(); ++row) {
    const double value = read_value(row, column, spec);
    if (has_values) table_.values_[column][row] = value;
  }
  if (spec.unique) check_unique(column, spec);
}

void CsvReader::read_values() {
  table_.values_.resize(table_.n_columns());
  for (std::size_t i = 0; i < table_.n_columns(); ++i) {
    const CsvColumn* column = find_spec(table_.header_[i]);
    // Of two columns of one name only the first is read; the second was reported.
    if (column != nullptr && table_.column(column->name) == i) read_column(i, *column);
  }
}

std::optional<CsvTable> CsvReader::read() {
  if (text_.find_first_not_of(" \t\n") == std::string::npos) {
    Problem& problem =
        problems_.error("csv_empty", {table_.file()}, Text{"the file is empty", "berkas kosong"});
    set_hint(problem, {"a header line and at least one row are needed",
                       "perlu baris kepala dan paling sedikit satu baris data"});
    set_remark(problem, expected_remark());
    return std::nullopt;
  }
  if (!read_header()) return std::nullopt;
  read_rows();
  read_values();
  if (broken_) return std::nullopt;
  return std::move(table_);
}

std::optional<CsvTable> parse_csv(std::string bytes, const std::string& file, const CsvSpec& spec,
                                  Problems& problems) {
  constexpr std::size_t addressable = std::numeric_limits<std::uint32_t>::max() - 1;
  const std::size_t most = std::min(spec.most_bytes, addressable);
  if (bytes.size() > most) {
    const Text size = in_words(bytes.size()), limit = in_words(most);
    problems.error(
        "too_large", {file},
        Text{fmt::format("the table has {} bytes; the limit is {}", size.english, limit.english),
             fmt::format("tabel berisi {} bita; batasnya {}", size.indonesian, limit.indonesian)});
    return std::nullopt;
  }
  if (!clean_text(bytes, file, problems)) return std::nullopt;
  const auto source = std::make_shared<const SourceText>(file, std::move(bytes));
  // The cap on problems is that of this file, so that one bad table does not hide another file.
  Problems own;
  auto table = CsvReader(source, spec, own).read();
  own.sort();
  problems.append(own);
  return table;
}

std::optional<CsvTable> read_csv(const std::string& file, const CsvSpec& spec, Problems& problems) {
  std::optional<std::string> bytes = read_file(file, spec.most_bytes, problems);
  if (!bytes) return std::nullopt;
  return parse_csv(std::move(*bytes), file, spec, problems);
}

}  // namespace musi::sim::io
