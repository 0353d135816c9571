#include "analysis/parameter_tables.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "models/parameters.h"
#include "sim/io/csv_table.h"
#include "tests/support/documents.h"

using namespace musi;
using namespace musi::analysis;

namespace {

struct Evidence {
  double low, central, high;
};

/// Rows of scenarios/parameters/*.csv that give three numbers, by key.
std::map<std::string, Evidence> evidence() {
  std::map<std::string, Evidence> rows;
  const std::string folder = std::string(MUSI_SOURCE_DIR) + "/scenarios/parameters";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".csv") continue;
    sim::io::CsvSpec spec{.columns = {{.name = "key", .needed = true}}};
    for (const char* number : {"low", "central", "high"}) {
      spec.columns.push_back({.name = number, .type = sim::io::CellType::number});
    }
    spec.keep_unknown_columns = true;
    sim::io::Problems problems;
    const auto table = sim::io::read_csv(entry.path().string(), spec, problems);
    REQUIRE(table.has_value());
    for (std::size_t row = 0; row < table->n_rows(); ++row) {
      const auto low = table->number(row, "low");
      const auto central = table->number(row, "central");
      const auto high = table->number(row, "high");
      if (!low || !central || !high) continue;
      rows[std::string(table->text(row, "key"))] = {*low, *central, *high};
    }
  }
  return rows;
}

/// The same three numbers, as fractions or in the unit of the scenario key.
bool agrees(const models::ParamSpec& p, const Evidence& e) {
  const auto is_near = [](double a, double b) { return a == Approx(b).margin(1e-9); };
  const auto all = [&](double scale) {
    return is_near(p.low * scale, e.low) && is_near(p.central * scale, e.central) &&
           is_near(p.high * scale, e.high);
  };
  return all(p.scale) || all(1.0);
}

}  // namespace

TEST_CASE("the parameter tables of the model description are those of the program", "[golden]") {
  tests::require_generated("models/README.md", "parameter status", parameter_status_markdown());
  tests::require_generated("models/README.md", "parameters", parameter_tables_markdown());
}

TEST_CASE("every parameter stands in one table with its scenario key", "[property]") {
  const std::string tables = parameter_tables_markdown();
  for (const models::ParamSpec& p : models::param_specs()) {
    INFO(p.key);
    const std::string row = "\n| `" + p.scenario_key() + "` | ";
    const std::size_t first = tables.find(row);
    REQUIRE(first != std::string::npos);
    CHECK(tables.find(row, first + 1) == std::string::npos);
    const std::size_t end = tables.find('\n', first + 1);
    const std::string line = tables.substr(first, end - first);
    CHECK(line.find(std::string(word(p.status))) != std::string::npos);
    if (p.source.empty()) CHECK(p.status == models::Status::assumed);
  }
}

TEST_CASE("a parameter row says unit, range, redraw, status and sources in words", "[unit]") {
  const std::string tables = parameter_tables_markdown();
  CHECK(tables.find("| `part_revision_rate_pct_per_month` | households that reconsider in a month "
                    "(psi) | % per month | 10 | 25 | 50 | triangular | per_replicate | assumed | "
                    "– |\n") != std::string::npos);
  CHECK(tables.find("| Rp million per house of 2018 | 1.8 | 2.09 | 2.5 | triangular | "
                    "per_replicate | measured | `bsps_snvt_2018` |\n") != std::string::npos);
  CHECK(tables.find("| triangular, whole | ") != std::string::npos);
}

TEST_CASE("parameters have the numbers of the evidence tables but for the stated ones", "[unit]") {
  const auto rows = evidence();
  const std::string readme = tests::repository_text("models/README.md");
  const std::string start = "Numbers that differ from the evidence tables on purpose: ";
  const std::size_t at = readme.find(start);
  REQUIRE(at != std::string::npos);
  const std::string stated = readme.substr(at + start.size(), readme.find('.', at) - at);
  int compared = 0;
  for (const models::ParamSpec& p : models::param_specs()) {
    const auto row = rows.find(std::string(p.key));
    if (row == rows.end()) continue;
    ++compared;
    INFO(p.key << ": " << row->second.low << ", " << row->second.central << ", "
               << row->second.high);
    const bool is_stated = stated.find("`" + std::string(p.key) + "`") != std::string::npos;
    CHECK(agrees(p, row->second) == !is_stated);
  }
  CHECK(compared > 90);
}
