#include "analysis/parameter_tables.h"

#include <catch2/catch.hpp>
#include <string>

#include "models/parameters.h"
#include "tests/support/documents.h"

using namespace musi;
using namespace musi::analysis;

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
