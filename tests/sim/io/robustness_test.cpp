#include <catch2/catch.hpp>
#include <cstdint>
#include <string>

#include "sim/io/csv_table.h"
#include "sim/io/yaml_tree.h"

using namespace musi::sim;
using namespace musi::sim::io;

namespace {

/// Fixed sequence, so that a failure comes again.
class Sequence {
 public:
  explicit Sequence(std::uint64_t seed) : state_(seed) {}
  std::size_t below(std::size_t n) {
    state_ = state_ * 6364136223846793005ull + 1442695040888963407ull;
    return static_cast<std::size_t>((state_ >> 33) % n);
  }

 private:
  std::uint64_t state_;
};

const char* const pieces[] = {
    "\t",   "\"",   "'",  "[",   "]",    "{",   "}",   ":",   ": ", "- ",  "\n",   "\r",
    "#",    "&a",   "*a", "!!x", "<<: ", "---", "|",   ">",   "%",  "@",   "\\x",  "é",
    "\xFF", ",",    ";",  "",    "? ",   "~",   "012", "1e9", " ",  "\n ", "\n\n", "\xEF\xBB\xBF",
    "...",  "\"\"", "\\", "水"};

std::string mutated(std::string text, Sequence& next) {
  const std::size_t n = 1 + next.below(6);
  for (std::size_t i = 0; i < n && !text.empty(); ++i) {
    const std::size_t at = next.below(text.size());
    switch (next.below(5)) {
      case 0:
        text[at] = static_cast<char>(next.below(256));
        break;
      case 1:
        text.erase(at, 1 + next.below(12));
        break;
      case 2:
        text.insert(at, pieces[next.below(std::size(pieces))]);
        break;
      case 3:
        text.insert(at, text.substr(next.below(text.size()), next.below(40)));
        break;
      default:
        text.replace(at, 1, pieces[next.below(std::size(pieces))]);
    }
  }
  return text;
}

/// What must hold for any input: a tree without errors or problems at places that exist.
void check_problems(const Problems& problems, bool read) {
  if (!read) REQUIRE_FALSE(problems.empty());
  for (const Problem& problem : problems.all()) {
    REQUIRE_FALSE(problem.code.empty());
    REQUIRE_FALSE(problem.message.empty());
    REQUIRE_FALSE(problem.message_indonesian.empty());
    REQUIRE((problem.place.column == 0 || problem.place.end_column > problem.place.column));
    if (problem.place.column > 0 && !problem.source_line.empty()) {
      const auto width = static_cast<int>(n_characters(problem.source_line));
      REQUIRE(problem.place.column <= width + 1 + problem.source_skip);
    }
    const std::string text =
        format(problem, {}) + format(problem, {.language = Language::indonesian});
    REQUIRE_FALSE(first_invalid_utf8(text));
    REQUIRE(to_json(problem, 3).starts_with("{\"severity\""));
  }
}

void read_all(const YamlNode& node, Problems& problems) {
  node.as_number({.min = 0, .max = 2000}, problems);
  node.as_bool(problems);
  node.as_text(problems);
  node.check_keys({"schema", "name", "annual_idr_bn"}, problems);
  for (const YamlNode& item : node.items) read_all(item, problems);
  for (const YamlEntry& entry : node.entries) read_all(entry.value, problems);
}

const char* const scenario = R"(# a comment
schema: 1
name: "Kampung é"
description: >
  Two lines, isn't it,
  of text.
funding:
  total_idr_bn_per_year: {value: {dist: triangular, min: 1, mode: 2, max: 3}, source: a}
  sources:
    apbd_city: {kind: city, share_pct: 40}   # shares
    'x': [1, 2.5, "3 to 15", ~]
options:
  - {name: current}
  - name: need
    set: {funding.unlimited: true, funding.budgets: {2027: 35}}
empty:
last: 012
)";

const char* const table =
    "site_id,area_ha,river,x_note,status\r\n"
    "A-1,46.30,1,\"a, \"\"b\"\"\nc\",measured\r\n"
    "A-2,,0,é,reported\nB,1e3,,,\n\n";

CsvSpec table_spec() {
  CsvSpec spec;
  spec.columns = {
      {.name = "site_id", .needed = true, .filled = true, .unique = true},
      {.name = "area_ha", .type = CellType::number},
      {.name = "river", .type = CellType::flag},
      {.name = "status", .type = CellType::choice, .choices = {"measured", "reported"}}};
  return spec;
}

}  // namespace

TEST_CASE("four thousand damaged scenarios give a tree or problems", "[property]") {
  Sequence next(20261122);
  int n_read = 0;
  for (int i = 0; i < 4000; ++i) {
    const std::string text = mutated(scenario, next);
    INFO(i << "\n" << printable(text));
    Problems problems;
    const auto root = parse_yaml(text, "a.yaml", problems);
    check_problems(problems, root.has_value());
    if (!root) continue;
    ++n_read;
    read_all(*root, problems);
    check_problems(problems, true);
  }
  CHECK(n_read > 200);
  CHECK(n_read < 3900);
}

TEST_CASE("four thousand damaged tables give rows or problems", "[property]") {
  Sequence next(488);
  int n_read = 0;
  for (int i = 0; i < 4000; ++i) {
    CsvSpec spec = table_spec();
    spec.keep_unknown_columns = i % 2 == 0;
    const std::string text = mutated(table, next);
    INFO(i << "\n" << printable(text));
    Problems problems;
    const auto rows = parse_csv(text, "a.csv", spec, problems);
    check_problems(problems, rows.has_value());
    n_read += rows ? 1 : 0;
  }
  CHECK(n_read > 200);
  CHECK(n_read < 3900);
}

TEST_CASE("random bytes give problems", "[property]") {
  Sequence next(7);
  for (int i = 0; i < 2000; ++i) {
    std::string text;
    const std::size_t n = next.below(200);
    const bool pieces_only = i % 2 == 0;
    for (std::size_t k = 0; k < n; ++k) {
      if (pieces_only) {
        text += pieces[next.below(std::size(pieces))];
      } else {
        text += static_cast<char>(next.below(256));
      }
    }
    INFO(i << "\n" << printable(text));
    Problems yaml, csv;
    check_problems(yaml, parse_yaml(text, "a.yaml", yaml).has_value());
    check_problems(csv, parse_csv(text, "a.csv", table_spec(), csv).has_value());
  }
}

TEST_CASE("long rows of one character are read in little time", "[property]") {
  for (const char c : std::string("[{-:\"'#&*!|>%,?\t \n~a")) {
    INFO(c);
    const std::string text = "a: " + std::string(1u << 20, c);
    Problems problems;
    const auto root = parse_yaml(text, "a.yaml", problems);
    check_problems(problems, root.has_value());
  }
}
