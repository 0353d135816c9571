#include "sim/io/problems.h"

#include <catch2/catch.hpp>

#include "sim/io/number.h"
#include "sim/io/yaml_tree.h"

using namespace musi::sim;
using namespace musi::sim::io;

namespace {

const char* const plan_head = R"(schema: 1
name: plan
city: cities/palembang

horizon:
  start_year: 2019
  end_year: 2045

funding:
  price_year: 2019
  sources:
    apbd_city:
      kind: city
      anual_idr_bn: 40
      annual_idr_bn: 1.500
)";

std::string plan() {
  std::string text = plan_head;
  text += "\nsampling: {seed: 1}\n";
  while (std::count(text.begin(), text.end(), '\n') < 25) text += "\n";
  text += "parameters:\n  part_gate_works_pct: 25\n";
  while (std::count(text.begin(), text.end(), '\n') < 30) text += "\n";
  return text + "  part_gate_works_pct: 40\n";
}

/// The four problems of the sample in the interface contract.
Problems sample() {
  Problems problems;
  const auto root = parse_yaml(plan(), "plan.yaml", problems);
  REQUIRE(root);
  const YamlNode* source = root->find("funding")->find("sources")->find("apbd_city");
  REQUIRE(source != nullptr);
  source->check_keys(
      {"kind", "share_pct", "annual_idr_bn", "schedule", "carry_rule", "end_year", "start_year"},
      problems);
  NumberSpec spec{.min = 0};
  spec.unit = {"billion rupiah (miliar) a year, prices of 2019",
               "miliar rupiah per tahun, harga 2019"};
  source->find("annual_idr_bn")->as_number(spec, problems);
  Problem& count = problems.error("site_count", {"cities/palembang/sites.csv", 61},
                                  "60 sites found, city.yaml expects 59 (city.yaml:4:14)");
  set_remark(count, {"site_id 'PLB-SU1-05' appears in lines 12 and 61", {}});
  problems.sort();
  return problems;
}

const char* const printed =
    R"(plan.yaml:14:7: error: unknown key 'anual_idr_bn' in 'funding.sources.apbd_city'
   14 |       anual_idr_bn: 40
      |       ^^^^^^^^^^^^ did you mean 'annual_idr_bn'?
      = allowed here: annual_idr_bn, carry_rule, end_year, kind, schedule, share_pct, ...

plan.yaml:15:22: error: '1.500' can be read as 1.5 or as 1500
   15 |       annual_idr_bn: 1.500
      |                      ^^^^^ write 1500 or 1.5; do not use a thousands separator
      = unit is billion rupiah (miliar) a year, prices of 2019

plan.yaml:31:3: error: key 'part_gate_works_pct' appears twice in 'parameters'
   27 |   part_gate_works_pct: 25
      |   ------------------- first here
   31 |   part_gate_works_pct: 40
      |   ^^^^^^^^^^^^^^^^^^^ second here; delete one

cities/palembang/sites.csv:61: error: 60 sites found, city.yaml expects 59 (city.yaml:4:14)
      = site_id 'PLB-SU1-05' appears in lines 12 and 61

4 errors in 2 files. Nothing was run.
)";

Problem one_line(std::string line, int column, int end_column) {
  Problem problem;
  problem.code = "unknown_key";
  problem.place = {"a.yaml", 1, column, end_column};
  problem.message = "odd";
  problem.source_line = std::move(line);
  return problem;
}

}  // namespace

TEST_CASE("problems print as the interface contract shows, character by character", "[messages]") {
  CHECK(format_all(sample().all(), {}) == printed);
}

TEST_CASE("the first line of a problem is Indonesian on request", "[messages]") {
  const Problems problems = sample();
  const std::string text = format(problems.all()[0], {.language = Language::indonesian});
  CHECK(text.substr(0, text.find('\n')) ==
        "plan.yaml:14:7: galat: kunci 'anual_idr_bn' tidak dikenal di "
        "'funding.sources.apbd_city'; maksud Anda 'annual_idr_bn'?");
  CHECK(count_sentence(problems.all(), Language::indonesian) == "4 galat di 2 berkas");
}

TEST_CASE("at most twenty problems are printed, and all are counted", "[messages]") {
  Problems problems;
  for (int i = 1; i <= 47; ++i) problems.error("odd", {"a.yaml", i, 1, 2}, "odd");
  problems.warning("few", {"a.yaml", 48}, "few");
  const std::string text = format_all(problems.all(), {});
  CHECK(text.find("a.yaml:20:1:") != std::string::npos);
  CHECK(text.find("a.yaml:21:1:") == std::string::npos);
  CHECK(
      text.ends_with("47 errors and 1 warning in 1 file, the first 20 shown. Nothing was run.\n"));
}

TEST_CASE("warnings alone do not say that nothing was run", "[messages]") {
  Problems problems;
  problems.warning("few", {"a.yaml", 48}, "few");
  CHECK(format_all(problems.all(), {}) == "a.yaml:48: warning: few\n\n1 warning in 1 file.\n");
  CHECK_NOTHROW(problems.throw_if_errors());
  problems.make_warnings_errors();
  CHECK_THROWS_AS(problems.throw_if_errors(), InputError);
}

TEST_CASE("long lines are cut around the caret", "[messages]") {
  const std::string line = std::string(500, 'a') + "BAD" + std::string(500, 'b');
  const std::string text = format(one_line(line, 501, 504), {.width = 60});
  const std::size_t first = text.find(" | ") + 3;
  const std::string shown = text.substr(first, text.find('\n', first) - first);
  CHECK(shown.size() == 66);
  CHECK(shown.starts_with("...a"));
  CHECK(shown.ends_with("b..."));
  const std::size_t second = text.find(" | ", first) + 3;
  CHECK(text.substr(second + shown.find("BAD"), 3) == "^^^");
  CHECK(text.substr(second + shown.find("BAD") - 1, 1) == " ");
  CHECK(text.substr(second + shown.find("BAD") + 3, 1) == "\n");
}

TEST_CASE("control characters of a line print visibly and keep the caret in place", "[messages]") {
  CHECK(format(one_line("\x1b[1m: x", 7, 8), {}) ==
        "a.yaml:1:7: error: odd\n    1 | \\x1b[1m: x\n      |          ^\n");
  CHECK(format(one_line("é水: x", 5, 6), {}) ==
        "a.yaml:1:5: error: odd\n    1 | é水: x\n      |     ^\n");
}

TEST_CASE("colour only adds escapes", "[messages]") {
  std::string text = format_all(sample().all(), {.colour = true});
  CHECK(text.find("\x1b[1;31merror:\x1b[0m") != std::string::npos);
  for (std::size_t at = text.find('\x1b'); at != std::string::npos; at = text.find('\x1b')) {
    text.erase(at, text.find('m', at) - at + 1);
  }
  CHECK(text == printed);
}

TEST_CASE("a problem as JSON has the fields of the event", "[messages]") {
  const Problems problems = sample();
  CHECK(to_json(problems.all()[1], 3) ==
        R"({"severity":"error","code":"ambiguous_number","file":"plan.yaml","line":15,"column":22,)"
        R"("end_column":27,"path":"funding.sources.apbd_city.annual_idr_bn",)"
        R"("message":"'1.500' can be read as 1.5 or as 1500","allowed":[],"suggestion":null,)"
        R"("exit_code":3,"hint":"write 1500 or 1.5; do not use a thousands separator",)"
        R"("remark":"unit is billion rupiah (miliar) a year, prices of 2019"})");
  CHECK(to_json(problems.all()[3], 3).find(R"("column":null)") != std::string::npos);
}

TEST_CASE("problems are sorted by file as first met, then by place", "[unit]") {
  Problems problems;
  problems.error("x", {"b.yaml", 9, 1}, "1");
  problems.error("x", {"a.csv", 2, 7}, "2");
  problems.error("x", {"b.yaml", 3, 5}, "3");
  problems.error("x", {"b.yaml", 3, 2}, "4");
  try {
    problems.throw_if_errors();
    FAIL("no exception");
  } catch (const InputError& error) {
    std::string order;
    for (const Problem& problem : error.problems()) order += problem.message;
    CHECK(order == "4312");
  }
}

TEST_CASE("a collector that is full keeps an error that comes after many warnings", "[unit]") {
  Problems problems;
  for (std::size_t i = 0; i < most_problems + 10; ++i) problems.warning("w", {"a", 1}, "w");
  problems.error("e", {"a", 2}, "e");
  CHECK(problems.has_errors());
  const std::size_t n = problems.all().size();
  problems.error("e", {"a", 3}, "e");
  CHECK(problems.all().size() == n);
}
