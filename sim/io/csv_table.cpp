#include "sim/io/csv_table.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace musi::sim::io {

std::string_view CsvTable::content(const Cell& cell) const {
  const std::string_view raw =
      std::string_view(source_->text()).substr(cell.begin, cell.end - cell.begin);
  if (!raw.starts_with('"')) return raw;
  const auto unescaped = unescaped_.find(cell.begin);
  if (unescaped != unescaped_.end()) return unescaped->second;
  return raw.size() < 2 ? std::string_view() : raw.substr(1, raw.size() - 2);
}

Place CsvTable::cell_place(const Cell& cell, int line) const {
  // A quoted cell may begin below the line of its row.
  const int own_line = std::max(line, source_->line_of(cell.begin));
  const int column = source_->column_of(cell.begin);
  const std::string_view raw =
      std::string_view(source_->text()).substr(cell.begin, cell.end - cell.begin);
  const std::size_t end = std::min(raw.find('\n'), raw.size());
  const int width = std::max(1, static_cast<int>(n_characters(raw.substr(0, end))));
  return {source_->file(), own_line, column, column + width};
}

std::optional<std::size_t> CsvTable::column(std::string_view name) const {
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (names_[i] == name) return i;
  }
  for (std::size_t i = 0; i < header_.size(); ++i) {
    if (header_[i] == name) return i;
  }
  return std::nullopt;
}

std::string_view CsvTable::text(std::size_t row, std::size_t column) const {
  return content(cell(row, column));
}

std::string_view CsvTable::text(std::size_t row, std::string_view name) const {
  const auto found = column(name);
  return found ? text(row, *found) : std::string_view();
}

std::optional<double> CsvTable::number(std::size_t row, std::size_t column) const {
  const std::vector<double>& values = values_[column];
  if (values.empty() || std::isnan(values[row])) return std::nullopt;
  return values[row];
}

std::optional<double> CsvTable::value(std::size_t row, std::string_view name) const {
  const auto found = column(name);
  return found ? number(row, *found) : std::nullopt;
}

std::optional<double> CsvTable::number(std::size_t row, std::string_view name) const {
  return value(row, name);
}

std::optional<std::int64_t> CsvTable::whole(std::size_t row, std::string_view name) const {
  const auto found = value(row, name);
  if (!found) return std::nullopt;
  return static_cast<std::int64_t>(*found);
}

std::optional<bool> CsvTable::flag(std::size_t row, std::string_view name) const {
  const auto found = value(row, name);
  if (!found) return std::nullopt;
  return *found != 0.0;
}

std::optional<int> CsvTable::month(std::size_t row, std::string_view name) const {
  const auto found = value(row, name);
  if (!found) return std::nullopt;
  return static_cast<int>(*found);
}

Place CsvTable::place(std::size_t row, std::string_view name) const {
  const auto found = column(name);
  if (!found) return {source_->file(), lines_[row]};
  return cell_place(cell(row, *found), lines_[row]);
}

Place CsvTable::header_place(std::string_view name) const {
  const auto found = column(name);
  if (!found) return {source_->file(), 1};
  return cell_place(header_cells_[*found], 1);
}

std::string CsvTable::source_line(std::size_t row) const {
  return std::string(source_->line(lines_[row]));
}

Problem& CsvTable::error(std::size_t row, std::string_view name, std::string code, Text message,
                         Problems& problems) const {
  const auto found = column(name);
  Problem& problem = problems.error(std::move(code), place(row, name), std::move(message));
  problem.path = name;
  if (found && !problems.full()) quote_source(problem, *source_, cell(row, *found).begin);
  return problem;
}

std::string csv_cell(std::string_view text, char separator) {
  const bool outer_space = trimmed(text).size() != text.size();
  const bool plain = text.find(separator) == std::string_view::npos &&
                     text.find_first_of("\"\r\n") == std::string_view::npos && !outer_space;
  if (plain) return std::string(text);
  std::string cell = "\"";
  for (const char c : text) {
    if (c == '"') cell += '"';
    cell += c;
  }
  return cell + '"';
}

}  // namespace musi::sim::io
