#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <set>

#include "tests/support/dip.h"
#include "tests/support/documents.h"
#include "tests/validation/evidence.h"

/// The evidence of scenarios/validate at reduced effort: exact rows are held, others only reported.

using namespace musi::tests;

namespace {

const std::vector<Target>& targets() {
  static const std::vector<Target> all = all_targets(quick_effort);
  return all;
}
const std::vector<Target>& cases() {
  static const std::vector<Target> all = all_docking_cases(quick_effort);
  return all;
}

/// Uses of MODEL.md section 26, by target.
const std::map<int, std::set<std::string>> uses{
    {1, {"V"}},  {2, {"V"}},  {3, {"C"}},       {4, {"C"}},  {5, {"C"}},  {6, {"C"}},  {7, {"C"}},
    {8, {"P"}},  {9, {"C"}},  {10, {"P"}},      {11, {"C"}}, {12, {"P"}}, {13, {"C"}}, {14, {"P"}},
    {15, {"C"}}, {16, {"P"}}, {17, {"C"}},      {18, {"P"}}, {19, {"P"}}, {20, {"C", "P"}},
    {21, {"P"}}, {22, {"C"}}, {23, {"P"}},      {24, {"P"}}, {25, {"P"}}, {26, {"P"}}, {27, {"P"}},
    {28, {"C"}}, {29, {"C"}}, {30, {"P"}},      {31, {"C"}}, {32, {"P"}}, {33, {"P"}}, {34, {"V"}}};

}  // namespace

TEST_CASE("all eighteen docking cases give their known answers", "[validation][slow]") {
  std::set<int> seen;
  for (const Target& t : cases()) {
    INFO(row(t));
    seen.insert(docking_number(t));
    CHECK(t.met());
    CHECK(t.use == Use::verification);
  }
  CHECK(seen.size() == 18);
  CHECK(*seen.begin() == 1);
  CHECK(*seen.rbegin() == 18);
}

TEST_CASE("all 34 targets are computed, the exact ones are met, the others say why not",
          "[validation][slow]") {
  std::map<int, std::set<std::string>> seen;
  for (const Target& t : targets()) {
    INFO(row(t));
    WARN(row(t));
    seen[target_number(t)].insert(word(t.use));
    CHECK(std::isfinite(t.value));
    CHECK(t.low <= t.high);
    if (t.use == Use::verification) {
      CHECK(t.met());
    } else {
      CHECK(!t.likely_reason.empty());
    }
  }
  CHECK(seen == uses);
}

TEST_CASE("patterns that theory and trials name hold beyond four standard errors",
          "[statistical][slow]") {
  // Their wanted ranges are a sign and four standard errors, or the published margin.
  std::set<std::string> held{"25a", "26a", "26b", "27a", "27b", "27c", "29a", "29b", "30a", "30b",
                             "31",  "32a", "32b", "33",  "34a", "34b"};
  for (const Target& t : targets()) {
    if (held.erase(t.number) == 0) continue;
    INFO(row(t));
    CHECK(t.met());
  }
  CHECK(held.empty());
}

TEST_CASE("the dip test tells two modes from one", "[unit]") {
  // Two equal masses are a quarter away from one mode; an even grid is as near as can be.
  CHECK(Dip({0, 0, 0, 0, 1, 1, 1, 1})() == Approx(0.25));
  std::vector<double> grid, peaks;
  for (int i = 0; i < 200; ++i) {
    grid.push_back(i);
    peaks.push_back(i % 2 == 0 ? 0.2 + 0.001 * i : 0.8 + 0.001 * i);
  }
  CHECK(Dip(grid)() == Approx(1.0 / 400));
  CHECK(dip_p_value(Dip(peaks)(), 200) < 0.01);
  CHECK(dip_p_value(Dip(grid)(), 200) > 0.9);
}

TEST_CASE("the table of evidence in models/README.md has every target and docking case", "[unit]") {
  const std::string text = repository_text("models/README.md");
  const std::size_t from = text.find("<!-- BEGIN generated evidence -->");
  const std::size_t to = text.find("<!-- END generated evidence -->");
  REQUIRE(from < to);
  REQUIRE(to != std::string::npos);
  std::set<std::string> targets_there, cases_there;
  std::size_t rows = 0;
  for (std::size_t at = text.find("\n| ", from); at < to; at = text.find("\n| ", at + 1)) {
    const std::string line = text.substr(at + 1, text.find('\n', at + 1) - at - 1);
    const std::string number = line.substr(2, line.find(' ', 2) - 2);
    if (number == "#") continue;
    ++rows;
    const bool is_case = number.front() == 'D';
    std::string digits;
    for (const char c : number.substr(is_case ? 1 : 0)) {
      if (c < '0' || c > '9') break;
      digits += c;
    }
    INFO(line);
    CHECK(!digits.empty());
    (is_case ? cases_there : targets_there).insert(digits);
    const bool met = line.ends_with("| met |");
    CHECK((met || line.find("| MISSED: ") != std::string::npos));
    if (is_case || line.find("| V |") != std::string::npos) CHECK(met);
  }
  CHECK(targets_there.size() == 34);
  CHECK(cases_there.size() == 18);
  CHECK(rows > 52);
}
