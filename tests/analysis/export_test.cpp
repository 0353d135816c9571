#include "analysis/exports/export.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "analysis/exports/csv.h"
#include "analysis/exports/tables.h"
#include "analysis/provenance.h"
#include "analysis/results.h"
#include "sim/core/error.h"
#include "sim/io/csv_table.h"
#include "sim/io/h5_file.h"
#include "tests/support/run_program.h"
#include "tests/support/sample_result.h"

using namespace musi;
using namespace musi::analysis;
using tests::run_program;
using tests::Scratch;

namespace {

const std::string musi_program = MUSI_PROGRAM;
const std::string small = MUSI_SOURCE_DIR "/tests/scenarios/small.yaml";

/// A result of the small city, computed once.
const std::string& small_result() {
  static const Scratch folder;
  static const std::string path = [] {
    const std::string made = folder.file("small.h5");
    const auto run = run_program(musi_program + " run " + small + " -n 12 -q -o " + made);
    INFO(run.err);
    REQUIRE(run.code == 0);
    return made;
  }();
  return path;
}

std::vector<ExportRow> rows_of(const Results& results, const std::string& name,
                               const std::vector<std::size_t>& options) {
  std::vector<ExportRow> rows;
  export_table(results, name, options).rows([&](const ExportRow& row) { rows.push_back(row); });
  return rows;
}

double number(const ExportCell& cell) { return std::get<double>(cell); }
std::string word(const ExportCell& cell) { return std::get<std::string>(cell); }

/// The sample of the tests of the result file, with four futures.
std::string sample_file(const Scratch& folder) {
  const ResultInput input = tests::sample_input(4);
  const std::string path = folder.file("sample.h5");
  write_result(path, input, tests::sample_records(input, 4));
  return path;
}

}  // namespace

TEST_CASE("the table of futures holds the zero year, money and inputs of every future", "[unit]") {
  const Scratch folder;
  const Results results(sample_file(folder));
  const ExportTable table = export_table(results, "futures", {0, 1});
  CHECK(table.columns ==
        std::vector<std::string>{"option", "level", "replicate", "zero_year_Z1", "zero_year_Z2a",
                                 "reached_Z1", "reached_Z2a", "paid_idr_bn", "need_left_idr_bn",
                                 "parameters.x_pct", "parameters.y"});
  const auto rows = rows_of(results, "futures", {0, 1});
  REQUIRE(rows.size() == 8);
  for (std::size_t o = 0; o < 2; ++o) {
    for (std::size_t r = 0; r < 4; ++r) {
      const ExportRow& row = rows[4 * o + r];
      CHECK(word(row[0]) == (o == 0 ? "current" : "need"));
      CHECK(number(row[2]) == static_cast<double>(r));
      for (std::size_t d = 0; d < 2; ++d) {
        const double year = tests::sample_zero(o, r, d);
        CHECK(std::holds_alternative<std::monostate>(row[3 + d]) == std::isnan(year));
        CHECK(number(row[5 + d]) == (std::isnan(year) ? 0.0 : 1.0));
        if (!std::isnan(year)) CHECK(number(row[3 + d]) == year);
      }
      CHECK(number(row[7]) == 0.1 + static_cast<double>(r));
      CHECK(number(row[9]) == static_cast<double>(2 * (4 * o + r)) / 8.0);
    }
  }
}

TEST_CASE("means and quantiles by year are those of the futures", "[unit]") {
  const Scratch folder;
  const Results results(sample_file(folder));
  const auto rows = rows_of(results, "years", {1});
  const ExportTable table = export_table(results, "years", {1});
  CHECK(table.columns == std::vector<std::string>{"option", "level", "year", "quantity", "unit",
                                                  "mean", "p05", "p50", "p95"});
  std::size_t n_area = 0;
  for (const ExportRow& row : rows) {
    if (word(row[3]) != "slum_area") continue;
    const auto year = static_cast<std::size_t>(number(row[2]) - 2019);
    // Four futures, one hectare apart: their middle is 1.5 below the first.
    CHECK(word(row[4]) == "ha");
    CHECK(number(row[5]) == Approx(tests::sample_area(1, 0, year) - 1.5));
    CHECK(number(row[7]) == Approx(tests::sample_area(1, 0, year) - 1.5));
    CHECK(number(row[6]) == Approx(tests::sample_area(1, 3, year) + 0.15));
    ++n_area;
  }
  CHECK(n_area == 4);
  // Coverage is missing in the last year: no row, not a row of nothing.
  CHECK(std::count_if(rows.begin(), rows.end(),
                      [](const ExportRow& row) { return word(row[3]) == "coverage"; }) == 3);
}

TEST_CASE("a site's median year is empty unless half of the futures reach zero", "[unit]") {
  const Scratch folder;
  const Results results(sample_file(folder));
  const auto rows = rows_of(results, "sites", {0});
  REQUIRE(rows.size() == 3);
  CHECK(word(rows[0][2]) == "p01");
  CHECK(number(rows[0][7]) == 2020);
  CHECK(std::holds_alternative<std::monostate>(rows[1][7]));
  CHECK(number(rows[2][7]) == 2022);
  CHECK(number(rows[0][8]) == 100.0);
  CHECK(number(rows[1][8]) == 0.0);
  CHECK(number(rows[0][5]) == 30.5);
  CHECK(std::holds_alternative<std::monostate>(rows[0][9]));  // no package of any future is kept
}

TEST_CASE("numbers of a CSV read back exactly, and a locale changes their form alone", "[unit]") {
  const ExportRow row{std::string("a;b"), std::string("c,d"), 0.1, 1.0 / 3.0, {}, 2030.0, -0.0};
  CHECK(csv_line(row, false) == "a;b,\"c,d\",0.1,0.3333333333333333,,2030,0\n");
  CHECK(csv_line(row, true) == "\"a;b\";c,d;0,1;0,3333333333333333;;2030;0\n");
}

TEST_CASE("a CSV in Indonesian form reads back to the same numbers", "[unit]") {
  const Scratch folder;
  for (const std::string locale : {"en", "id"}) {
    const auto run = run_program(musi_program + " export " + small_result() + " --locale " +
                                 locale + " -o " + folder.file(locale));
    INFO(run.err);
    REQUIRE(run.code == 0);
  }
  std::size_t n_numbers = 0;
  for (const std::string& name : export_table_names()) {
    if (name == "works" && !std::filesystem::exists(folder.file("en/works.csv"))) continue;
    INFO(name);
    sim::io::CsvSpec spec;
    spec.columns = {{.name = "option"}, {.name = "level"}};
    spec.keep_unknown_columns = true;
    spec.most_columns = 1000;
    sim::io::Problems problems;
    const auto en = sim::io::read_csv(folder.file("en/" + name + ".csv"), spec, problems);
    spec.indonesian_locale = true;
    const auto id = sim::io::read_csv(folder.file("id/" + name + ".csv"), spec, problems);
    for (const auto& problem : problems.all()) UNSCOPED_INFO(problem.message);
    REQUIRE((en && id && !problems.has_errors()));
    REQUIRE(en->header() == id->header());
    REQUIRE(en->n_rows() == id->n_rows());
    CHECK(en->n_rows() > 0);
    CHECK(en->header()[0] == "option");
    CHECK(en->header()[1] == "level");
    for (std::size_t row = 0; row < en->n_rows(); ++row) {
      for (std::size_t column = 0; column < en->header().size(); ++column) {
        const std::string plain(en->text(row, column));
        std::string other(id->text(row, column));
        if (plain == other) continue;
        std::replace(other.begin(), other.end(), ',', '.');
        CHECK(plain == other);
        ++n_numbers;
      }
    }
  }
  CHECK(n_numbers > 1000);
}

TEST_CASE("assumptions name the line that a value is from, inputs their range and source",
          "[unit]") {
  const Results results(small_result());
  std::map<std::string, ExportRow> by_path;
  for (ExportRow& row : rows_of(results, "assumptions", {1})) by_path[word(row[2])] = row;
  CHECK(number(by_path.at("funding.scale_pct")[3]) == 200.0);
  CHECK(word(by_path.at("funding.scale_pct")[7]) == "small.yaml:12");
  CHECK(word(by_path.at("horizon.end_year")[7]) == "small.yaml:6");
  CHECK(number(by_path.at("targets.chance_pct")[3]) == 80.0);
  CHECK(word(by_path.at("targets.chance_pct")[7]) == "built in");
  CHECK(word(by_path.at("funding.sources.kotaku.share_pct")[6]) == "antara_334822");
  CHECK(by_path.contains("programmes.nusp.share_pct"));
  bool is_seen = false;
  for (const ExportRow& row : rows_of(results, "inputs", {0})) {
    if (word(row[2]) != "funding.total_idr_bn_per_year") continue;
    is_seen = true;
    CHECK(word(row[6]) == "2 to 6");
  }
  CHECK(is_seen);
}

TEST_CASE("works, where a result holds them, name site, item, dates and payer", "[unit]") {
  const Results results(small_result());
  if (!has_export_table(results, "works")) {
    ExportOptions wanted;
    wanted.tables = {"works"};
    CHECK_THROWS_AS(plan_export(results, wanted), sim::IoError);
    return;
  }
  const auto sites = results.file().texts("site");
  for (const ExportRow& row : rows_of(results, "works", {0, 1})) {
    CHECK(std::find(sites.begin(), sites.end(), word(row[3])) != sites.end());
    CHECK(word(row[10]).size() == 7);
    CHECK(number(row[7]) >= 0.0);
  }
}

TEST_CASE("export refuses existing files before it writes one, and names what it does not know",
          "[messages]") {
  const Scratch folder;
  const std::string call = musi_program + " export " + small_result() + " -o " + folder.file("x");
  REQUIRE(run_program(call + " --tables chance").code == 0);
  const auto again = run_program(call + " --tables chance,barriers");
  CHECK(again.code == 4);
  CHECK(again.err.find("chance.csv' exists") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(folder.file("x/barriers.csv")));
  CHECK(run_program(call + " --tables chance,barriers --force").code == 0);
  const auto table = run_program(call + " --tables chances");
  CHECK(table.code == 2);
  CHECK(table.err.find("did you mean 'chance'?") != std::string::npos);
  const auto option = run_program(call + " --lang id --option doubel");
  CHECK(option.code == 2);
  CHECK(option.err.find("maksud Anda 'double'?") != std::string::npos);
  CHECK(run_program(call + "/all.csv").code == 2);
  CHECK(run_program(musi_program + " export " + folder.file("none.h5")).code == 4);
  CHECK(run_program(musi_program + " export " + small_result() + " --format parquet").code == 2);
}

TEST_CASE("export of one option leaves out the others and changes no row", "[unit]") {
  const Results results(small_result());
  const auto chosen = export_options(results, {"double"});
  REQUIRE(chosen == std::vector<std::size_t>{1});
  const auto one = rows_of(results, "chance", chosen), all = rows_of(results, "chance", {0, 1});
  REQUIRE(all.size() == 2 * one.size());
  for (std::size_t i = 0; i < one.size(); ++i) CHECK(one[i] == all[one.size() + i]);
}

TEST_CASE("an exported workbook has typed cells with the numbers of the result", "[unit]") {
  const Scratch folder;
  for (const std::string locale : {"en", "id"}) {
    const std::string book = folder.file(locale + ".xlsx");
    const auto made = run_program(musi_program + " export " + small_result() +
                                  " --format xlsx --locale " + locale + " -o " + book);
    INFO(made.err);
    REQUIRE(made.code == 0);
    const auto read = run_program("/usr/bin/python3 " MUSI_SOURCE_DIR
                                  "/tests/readers/read_exports.py " +
                                  small_result() + " " + book);
    INFO(read.out << read.err);
    CHECK(read.code == 0);
    const std::string first = sha256_of_file(book);
    REQUIRE(run_program("sleep 2; " + musi_program + " export " + small_result() +
                        " --format xlsx --force --locale " + locale + " -o " + book)
                .code == 0);
    CHECK(sha256_of_file(book) == first);  // no time of the machine is in it
  }
}

TEST_CASE("exported sites obey RFC 7946, with shapes of the city or points", "[unit]") {
  const Scratch folder;
  std::filesystem::create_directories(folder.file("cities"));
  std::filesystem::copy(MUSI_SOURCE_DIR "/tests/scenarios/cities/small",
                        folder.file("cities/small"), std::filesystem::copy_options::recursive);
  std::filesystem::copy_file(small, folder.file("small.yaml"));
  // An outer ring the wrong way round with a hole, not closed; the third site has no shape.
  folder.write("cities/small/sites.geojson", R"({"type": "FeatureCollection", "features": [
    {"type": "Feature", "properties": {"site_id": "S-01"}, "geometry": {"type": "Polygon",
     "coordinates": [[[104.7, -3.0], [104.7, -2.9], [104.8, -2.9], [104.8, -3.0]],
                     [[104.72, -2.98], [104.74, -2.98], [104.74, -2.96], [104.72, -2.98]]]}},
    {"type": "Feature", "properties": {"site_id": "S-02"}, "geometry": {"type": "MultiPolygon",
     "coordinates": [[[[104.1234567, -3], [104.2, -3], [104.2, -2.9], [104.1234567, -3]]]]}}]})");
  folder.write("cities/small/NOTES.md", tests::file_text(folder.file("cities/small/NOTES.md")) +
                                            "\n## sites.geojson\n\nShapes made up here.\n");
  const std::string result = folder.file("small.h5");
  const auto run =
      run_program(musi_program + " run " + folder.file("small.yaml") + " -n 2 -q -o " + result);
  INFO(run.err);
  REQUIRE(run.code == 0);
  const auto made = run_program(musi_program + " export " + result + " --format geojson -o " +
                                folder.file("map"));
  INFO(made.err);
  REQUIRE(made.code == 0);
  const std::string file = folder.file("map/sites-double.geojson");
  const auto read = run_program("/usr/bin/python3 " MUSI_SOURCE_DIR
                                "/tests/readers/read_exports.py " +
                                result + " " + file);
  INFO(read.out << read.err);
  CHECK(read.code == 0);
  const std::string text = tests::file_text(file);
  CHECK(text.find("\"MultiPolygon\"") != std::string::npos);
  CHECK(text.find("104.12346") != std::string::npos);
  CHECK(text.find("\"Point\"") != std::string::npos);
}

TEST_CASE("a crate describes every file in it, what made them and from what", "[unit]") {
  const Scratch folder;
  const std::string call = musi_program + " export " + small_result() + " --format crate -o " +
                           folder.file("crate");
  const auto made = run_program(call);
  INFO(made.err);
  REQUIRE(made.code == 0);
  const auto read = run_program("/usr/bin/python3 " MUSI_SOURCE_DIR
                                "/tests/readers/read_exports.py " +
                                small_result() + " " +
                                folder.file("crate/ro-crate-metadata.json"));
  INFO(read.out << read.err);
  CHECK(read.code == 0);
  // The result inside is a result, and can be computed again.
  const auto again = run_program(musi_program + " reproduce " + folder.file("crate/small.h5") +
                                 " -q --replicates 2");
  INFO(again.err);
  CHECK(again.code == 0);
  CHECK(run_program(call).code == 4);
  CHECK(run_program(call + " --force").code == 0);
  // A folder that is no crate is never replaced.
  folder.write("kept.txt", "mine");
  CHECK(run_program(musi_program + " export " + small_result() + " --format crate --force -o " +
                    folder.file("."))
            .code == 4);
  CHECK(tests::file_text(folder.file("kept.txt")) == "mine");
}
