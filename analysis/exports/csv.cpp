#include "analysis/exports/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <memory>
#include <system_error>

#include "sim/core/error.h"
#include "sim/io/csv_table.h"

namespace musi::analysis {
namespace {

std::string number_of(double value, bool is_indonesian) {
  const bool is_whole = value == std::trunc(value) && std::abs(value) < 1e15;
  std::string text = is_whole ? fmt::format("{:.0f}", value + 0.0) : fmt::format("{}", value);
  if (is_indonesian) std::replace(text.begin(), text.end(), '.', ',');
  return text;
}

[[noreturn]] void fail(const std::string& file) {
  const int number = errno;
  throw sim::IoError(number == ENOSPC ? "disk_full" : "cannot_write",
                     fmt::format("cannot write '{}': {}", file,
                                 std::error_code(number, std::generic_category()).message()));
}

}  // namespace

std::string csv_line(const ExportRow& row, bool is_indonesian) {
  const char separator = is_indonesian ? ';' : ',';
  std::string line;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i > 0) line += separator;
    if (const double* number = std::get_if<double>(&row[i])) {
      line += number_of(*number, is_indonesian);
    } else if (const std::string* text = std::get_if<std::string>(&row[i])) {
      line += sim::io::csv_cell(*text, separator);
    }
  }
  return line + '\n';
}

void write_csv(const ExportTable& table, bool is_indonesian, const std::string& file) {
  struct Close {
    void operator()(std::FILE* f) const { std::fclose(f); }
  };
  std::unique_ptr<std::FILE, Close> out(std::fopen(file.c_str(), "wb"));
  if (!out) fail(file);
  const auto write = [&](const std::string& text) {
    if (std::fwrite(text.data(), 1, text.size(), out.get()) != text.size()) fail(file);
  };
  write(csv_line(ExportRow(table.columns.begin(), table.columns.end()), is_indonesian));
  table.rows([&](const ExportRow& row) { write(csv_line(row, is_indonesian)); });
  std::FILE* last = out.release();
  if (std::fclose(last) != 0) fail(file);
}

}  // namespace musi::analysis
