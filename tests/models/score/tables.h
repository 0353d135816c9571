#pragma once

#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace musi::tests {

/// One row of a table of the method, cells by column name.
using MethodRow = std::map<std::string, std::string>;

inline std::vector<std::string> split_csv(const std::string& line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      cells.emplace_back();
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  return cells;
}

/// Reads scenarios/method/<name>; throws when it is missing or ragged.
inline std::vector<MethodRow> method_table(const std::string& name) {
  std::ifstream file(MUSI_SOURCE_DIR "/scenarios/method/" + name);
  std::string line;
  if (!std::getline(file, line)) throw std::runtime_error("cannot read " + name);
  const std::vector<std::string> header = split_csv(line);
  std::vector<MethodRow> rows;
  while (std::getline(file, line)) {
    const std::vector<std::string> cells = split_csv(line);
    if (cells.size() != header.size()) throw std::runtime_error("ragged row in " + name);
    MethodRow row;
    for (std::size_t c = 0; c < cells.size(); ++c) row[header[c]] = cells[c];
    rows.push_back(row);
  }
  return rows;
}

}  // namespace musi::tests
