#include "sim/io/csv_table.h"

#include <catch2/catch.hpp>

using namespace musi::sim;
using namespace musi::sim::io;

namespace {

CsvSpec sites() {
  CsvSpec spec;
  spec.columns = {
      {.name = "site_id", .needed = true, .filled = true, .unique = true, .longest = 16},
      {.name = "area_ha", .type = CellType::number, .number = {.min = 0, .min_open = true}},
      {.name = "n_rt", .type = CellType::whole, .number = {.min = 1}},
      {.name = "river", .type = CellType::flag},
      {.name = "land_share", .type = CellType::number, .number = {.is_share = true}},
      {.name = "status", .type = CellType::choice, .choices = {"measured", "reported"}},
      {.name = "month", .type = CellType::month},
      {.name = "surveyed", .type = CellType::date},
      {.name = "distance_to_centre_km",
       .type = CellType::number,
       .also_named = {"distance_to_ampera_km"}}};
  return spec;
}

std::string join_places(const Problems& problems) {
  std::string found;
  for (const Problem& p : problems.all()) {
    found += (found.empty() ? "" : ", ") + p.code + " " + std::to_string(p.place.line) + ":" +
             std::to_string(p.place.column) + "-" + std::to_string(p.place.end_column);
  }
  return found;
}

std::string places_of(const std::string& text, const CsvSpec& spec = sites()) {
  Problems problems;
  parse_csv(text, "a.csv", spec, problems);
  return join_places(problems);
}

Problem problem_of(const std::string& text, const CsvSpec& spec = sites()) {
  Problems problems;
  parse_csv(text, "a.csv", spec, problems);
  INFO(format_all(problems.all(), {}));
  REQUIRE(problems.all().size() == 1);
  return problems.all()[0];
}

}  // namespace

TEST_CASE("typed cells are read, in any column order", "[unit]") {
  Problems problems;
  const auto table = parse_csv(
      "area_ha,site_id,n_rt,river,land_share,status,month,surveyed,distance_to_ampera_km,x_own\n"
      "46.30,PLB-1,28,1,0.7,reported,2027-03,2024-02-29,2.83,é\n"
      ",\"PLB \"\"2\"\", b\",,,,,,,,\n",
      "a.csv", sites(), problems);
  INFO(format_all(problems.all(), {}));
  REQUIRE(problems.empty());
  REQUIRE(table);
  CHECK(table->n_rows() == 2);
  CHECK(table->number(0, "area_ha") == 46.3);
  CHECK(table->whole(0, "n_rt") == 28);
  CHECK(table->flag(0, "river") == true);
  CHECK(table->text(0, "status") == "reported");
  CHECK(table->month(0, "month") == 12 * 2027 + 2);
  CHECK(table->month(0, "surveyed") == 12 * 2024 + 1);
  CHECK(table->number(0, "distance_to_centre_km") == 2.83);
  CHECK(table->text(0, "x_own") == "é");
  CHECK(table->text(1, "site_id") == "PLB \"2\", b");
  CHECK_FALSE(table->number(1, "area_ha"));
  CHECK_FALSE(table->flag(1, "river"));
  CHECK_FALSE(table->number(1, "no such column"));
  CHECK(table->line(1) == 3);
}

// D1
TEST_CASE("columns that are missing or unknown are all reported", "[messages]") {
  CHECK(places_of("area_ha,n_rtt,colour\n1,2,3\n") ==
        "missing_column 1:0-0, unknown_column 1:9-14, unknown_column 1:15-21");
  CHECK(problem_of("site_ids,area_ha\nA,1\n").hint == "did you mean 'site_id'?");
  CHECK(problem_of("PLB-1,46.3,28\nPLB-2,3.1,4\n").code == "missing_header");
  CHECK(places_of("site_id,area_ha,area_ha\nA,1,2\n") == "duplicate_key 1:17-24");
}

TEST_CASE("unknown columns are kept on request unless they look like a slip", "[messages]") {
  CsvSpec spec = sites();
  spec.keep_unknown_columns = true;
  spec.reserved_prefixes = {"num_"};
  Problems problems;
  const auto table = parse_csv("site_id,colour\nA,red\n", "a.csv", spec, problems);
  CHECK(problems.empty());
  CHECK(table->text(0, "colour") == "red");
  CHECK(places_of("site_id,area_hs,num_9z\nA,1,2\n", spec) ==
        "unknown_column 1:9-16, unknown_column 1:17-23");
}

// D2
TEST_CASE("an id that comes twice is reported with both lines", "[messages]") {
  Problems problems;
  parse_csv("site_id\nA\nB\nA\n", "a.csv", sites(), problems);
  REQUIRE(problems.all().size() == 1);
  CHECK(format(problems.all()[0], {}) ==
        "a.csv:4:1: error: site_id 'A' appears twice\n"
        "    2 | A\n      | - first here\n    4 | A\n      | ^ second here\n");
}

// D3
TEST_CASE("numbers of cells are as strict as those of scenarios", "[messages]") {
  CHECK(places_of("site_id,area_ha\nA,-3\nB,0\nC,NA\nD,-\nE,1.500\nF,\"1,5\"\nG,20 ha\n") ==
        "out_of_range 2:3-5, out_of_range 3:3-4, bad_number 4:3-5, bad_number 5:3-4, "
        "ambiguous_number 6:3-8, bad_number 7:3-8, unit_in_value 8:3-8");
  CHECK(problem_of("site_id,area_ha\nC,NA\n").hint == "leave unknown cells empty");
  CHECK(problem_of("site_id,land_share\nC,70\n").hint == "did you mean 0.7?");
  CHECK(problem_of("site_id,n_rt\nC,2.5\n").code == "not_whole");
}

TEST_CASE("words, switches, dates and ids of cells are checked", "[messages]") {
  CHECK(places_of("site_id,river,status,month,surveyed\n,yes,mesured,2027-13,2023-02-29\n"
                  "ABCDEFGHIJKLMNOPQ,2,reported,2027-3,x\n") ==
        "empty_value 2:1-2, wrong_type 2:2-5, unknown_choice 2:6-13, wrong_type 2:14-21, "
        "wrong_type 2:22-32, too_large 3:1-18, wrong_type 3:19-20, wrong_type 3:30-36, "
        "wrong_type 3:37-38");
}

// D7
TEST_CASE("rows of the wrong length are counted and the rest is still checked", "[messages]") {
  CHECK(places_of("site_id,area_ha\nA\nB,1,2\nC,x\n") ==
        "row_length 2:1-2, row_length 3:1-6, wrong_type 4:3-4");
  CHECK(problem_of("site_id,area_ha\nB,1,2\n").message == "3 cells found, the header has 2");
  CHECK(places_of("site_id,area_ha\nA,1\n\nB,2\n") == "row_length 3:0-0");
}

TEST_CASE("a quote that is never closed is reported where it opened", "[messages]") {
  CHECK(places_of("site_id,area_ha\nA,1\nB,\"2\nC,3\n") == "csv_quote 3:3-5");
  CHECK(problem_of("site_id,area_ha\nB,\"2\n").message == "this quote is never closed");
  CHECK(places_of("site_id\na\"b\n\"c\"d\n") == "csv_quote 2:1-4, csv_quote 3:1-5");
}

TEST_CASE("a quoted cell may hold separators, quotes and line ends", "[unit]") {
  Problems problems;
  const auto table = parse_csv("site_id,x_note,area_ha\nA,\"a, \"\"b\"\"\r\nc\",1\nB,,oops\n",
                               "a.csv", sites(), problems);
  REQUIRE(table);
  CHECK(table->text(0, "x_note") == "a, \"b\"\nc");
  CHECK(table->line(1) == 4);
  CHECK(join_places(problems) == "wrong_type 4:4-8");
}

// D8
TEST_CASE("another separator is named", "[messages]") {
  const Problem problem = problem_of("site_id;area_ha\nA;1\n");
  CHECK(problem.code == "csv_separator");
  CHECK(problem.message == "one column found; the file seems to be separated by semicolons");
  CHECK(problem.remark == "'musi score --locale id' reads semicolons");
  CHECK(problem_of("site_id\tarea_ha\nA\t1\n").code == "csv_separator");
  CsvSpec spec = sites();
  spec.indonesian_locale = true;
  CHECK(problem_of("site_id,area_ha\nA,1\n", spec).code == "csv_separator");
  Problems problems;
  const auto table = parse_csv("site_id;area_ha\nA;1,5\n", "a.csv", spec, problems);
  REQUIRE(table);
  CHECK(table->number(0, "area_ha") == 1.5);
}

// D9
TEST_CASE("byte-order mark, CRLF and trailing blank lines pass silently", "[unit]") {
  Problems problems;
  const auto table =
      parse_csv("\xEF\xBB\xBFsite_id,area_ha\r\nA,1\r\n\r\n  \r\n", "a.csv", sites(), problems);
  CHECK(problems.empty());
  REQUIRE(table);
  CHECK(table->n_rows() == 1);
  CHECK(table->header()[0] == "site_id");
}

// D10
TEST_CASE("an empty table is refused unless it may be empty", "[messages]") {
  CHECK(problem_of("").code == "csv_empty");
  CHECK(problem_of("\n\n").code == "csv_empty");
  CHECK(problem_of("site_id,area_ha\n").code == "csv_empty");
  CsvSpec spec = sites();
  spec.may_have_no_rows = true;
  Problems problems;
  CHECK(parse_csv("site_id,area_ha\n", "a.csv", spec, problems)->n_rows() == 0);
  CHECK(problems.empty());
}

// Y7, Y9
TEST_CASE("tables above the limits and wrong encodings are refused", "[messages]") {
  CsvSpec spec = sites();
  spec.most_rows = 3;
  CHECK(places_of("site_id\nA\nB\nC\nD\n", spec) == "too_large 5:0-0");
  spec = sites();
  spec.most_columns = 3;
  CHECK(places_of("site_id,x_1,x_2,x_3\n", spec) == "too_large 1:0-0");
  spec = sites();
  spec.most_bytes = 10;
  CHECK(problem_of("site_id\nAAAAAA\n", spec).code == "too_large");
  const std::string cell(10001, 'x');
  CHECK(places_of("site_id,x_n\nA," + cell + "\n") == "too_large 2:3-10004");
  CHECK(problem_of("site_id\n\xFF\n").code == "not_utf8");
}

TEST_CASE("a cell for writing reads back as it was", "[property]") {
  for (const char* text : {"plain", "a,b", "a\"b", "a\nb", " outer ", "", "é;x"}) {
    Problems problems;
    const auto table =
        parse_csv("site_id,x_t\nA," + csv_cell(text) + "\n", "a.csv", sites(), problems);
    REQUIRE(table);
    CHECK(table->text(0, "x_t") == text);
    CHECK(problems.empty());
  }
}
