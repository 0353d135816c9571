#include "analysis/score_sheet.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "tests/models/score/tables.h"
#include "tests/support/run_program.h"

using namespace musi;
using analysis::ScoreSheet;
using analysis::SheetRules;
using tests::file_text;
using tests::MethodRow;

namespace {

const std::vector<std::string> codes{"1a", "1b", "1c", "2a", "2b", "3a", "3b", "4a",
                                     "4b", "4c", "5a", "5b", "6a", "6b", "7a", "7b"};

/// A sheet under construction: cells by column, one row per RT.
class Sheet {
 public:
  Sheet& row() {
    rows_.emplace_back();
    return set("rt_id", "RT" + std::to_string(rows_.size()));
  }
  Sheet& set(const std::string& column, const std::string& cell) {
    if (std::find(header_.begin(), header_.end(), column) == header_.end()) {
      header_.push_back(column);
    }
    rows_.back()[column] = cell;
    return *this;
  }
  /// All sixteen percentages.
  Sheet& percentages(const std::string& cell) {
    for (const std::string& code : codes) set("pct_" + code, cell);
    return *this;
  }
  /// Denominators of 100 buildings, households, 2 ha, 780 m, 385 m, nothing lacking.
  Sheet& volumes() {
    set("area_ha", "2").set("buildings", "100").set("households", "100");
    set("ideal_road_m", "780").set("ideal_drain_m", "385");
    for (const std::string& code : codes) set("num_" + code, "0");
    return *this;
  }
  std::string csv() const {
    std::string text = line([](const std::string& column) { return column; });
    for (MethodRow cells : rows_) text += line([&](const std::string& c) { return cells[c]; });
    return text;
  }

 private:
  template <class Cell>
  std::string line(Cell cell) const {
    std::string text;
    for (const std::string& column : header_) text += cell(column) + ",";
    text.back() = '\n';
    return text;
  }

  std::vector<std::string> header_;
  std::vector<MethodRow> rows_;
};

std::string replaced(std::string text, char from, char to) {
  std::replace(text.begin(), text.end(), from, to);
  return text;
}

sim::io::Problems problems_of(const std::string& csv, const SheetRules& rules = {}) {
  sim::io::Problems problems;
  const auto table = sim::io::parse_csv(csv, "survey.csv", sheet_spec(rules), problems);
  if (table) score_sheet(*table, rules, problems);
  return problems;
}

/// "code line path" of the only error.
std::string only_error(const std::string& csv, const SheetRules& rules = {}) {
  const sim::io::Problems problems = problems_of(csv, rules);
  if (problems.n_errors() != 1) {
    std::string all = std::to_string(problems.n_errors()) + " errors:";
    for (const sim::Problem& p : problems.all()) all += " " + p.code + " " + p.message + ";";
    return all;
  }
  const sim::Problem& p = problems.all().front();
  return p.code + " " + std::to_string(p.place.line);
}

ScoreSheet scored(const std::string& csv, const SheetRules& rules = {}) {
  sim::io::Problems problems;
  const auto table = sim::io::parse_csv(csv, "survey.csv", sheet_spec(rules), problems);
  ScoreSheet sheet;
  if (table) sheet = score_sheet(*table, rules, problems);
  for (const sim::Problem& p : problems.all()) FAIL_CHECK(p.code << ": " << p.message);
  REQUIRE(table);
  return sheet;
}

std::vector<MethodRow> rows_of(const std::string& csv, char separator = ',') {
  std::istringstream in(replaced(csv, separator, ','));
  std::string line;
  std::getline(in, line);
  const std::vector<std::string> header = tests::split_csv(line);
  std::vector<MethodRow> rows;
  while (std::getline(in, line)) {
    const std::vector<std::string> cells = tests::split_csv(line);
    REQUIRE(cells.size() == header.size());
    MethodRow row;
    for (std::size_t c = 0; c < cells.size(); ++c) row[header[c]] = cells[c];
    rows.push_back(row);
  }
  return rows;
}

/// Output rows of a sheet by column.
std::vector<MethodRow> output(const std::string& csv, const SheetRules& rules = {}) {
  return rows_of(to_csv(scored(csv, rules)));
}

const std::string golden_sheets = MUSI_SOURCE_DIR "/scenarios/method/score_sheets.csv";

SheetRules with_id(const std::string& column) {
  SheetRules rules;
  rules.id_column = column;
  return rules;
}

}  // namespace

TEST_CASE("the published sheets go in and their totals come out", "[golden]") {
  for (const models::CutRule cuts : {models::CutRule::operational, models::CutRule::law}) {
    SheetRules rules = with_id("sheet_id");
    rules.cuts = cuts;
    const auto rows = output(file_text(golden_sheets), rules);
    REQUIRE(rows.size() == 8);
    for (const MethodRow& row : rows) {
      CAPTURE(row.at("rt_id"));
      CHECK(row.at("rt_id") == row.at("sheet_id"));
      CHECK(row.at("total") == row.at("total_points"));
      CHECK(row.at("class") == row.at("class_2018"));
      CHECK(row.at("flags").empty());
      CHECK(row.at("handling").empty());  // the sheets do not say who owns the land
    }
    CHECK(rows[1].at("pts_2b") == "5");
    CHECK(rows[1].at("pct_2b") == "77.5600");
    CHECK(rows[1].at("class_id") == "sedang");
    CHECK(rows[7].at("line") == "9");
  }
}

TEST_CASE("the output has the columns of the contract in their order", "[unit]") {
  std::string expected = "line,site_id,rt_id,n_rt";
  for (const char* prefix : {"pct_", "pts_"}) {
    for (const std::string& code : codes) expected += "," + (prefix + code);
  }
  expected +=
      ",total,class,class_id,sectoral_mean_pct,kotaku_exit,consideration_points,consideration,"
      "legality_points,legal,priority_code,priority,handling,handling_id,flags";
  Sheet sheet;
  sheet.row().percentages("0").set("surveyor", "Ana").set("kept", "\"a, b\"");
  const std::string csv = to_csv(scored(sheet.csv()));
  CHECK(csv.substr(0, csv.find('\n')) == expected + ",surveyor,kept");
  CHECK(csv.find(",Ana,\"a, b\"\n") != std::string::npos);
}

TEST_CASE("volumes and percentages earn the same", "[unit]") {
  Sheet volumes;
  volumes.row().volumes().set("num_2b", "605").set("num_4c", "310").set("num_5a", "27");
  Sheet percent;
  percent.row().percentages("0").set("pct_2b", "77.56").set("pct_4c", "80.52").set("pct_5a", "27");
  const MethodRow a = output(volumes.csv())[0];
  const MethodRow b = output(percent.csv())[0];
  for (const std::string& code : codes) CHECK(a.at("pts_" + code) == b.at("pts_" + code));
  CHECK(a.at("total") == "11");
  CHECK(b.at("total") == "11");
  CHECK(a.at("pct_2b") == "77.5641");
}

TEST_CASE("a denominator of its own beats that of the row", "[unit]") {
  Sheet sheet;
  sheet.row().volumes().set("num_1a", "30").set("den_1a", "40");
  sheet.row().volumes().set("num_1a", "30").set("den_1a", "");
  const auto rows = output(sheet.csv());
  CHECK(rows[0].at("pct_1a") == "75.0000");
  CHECK(rows[1].at("pct_1a") == "30.0000");
}

TEST_CASE("words of other forms are read too", "[unit]") {
  Sheet sheet;
  sheet.row().volumes().set("num_1a", "30").set("num_2b", "605").set("num_4b", "10");
  sheet.set("population", "900").set("strategic", "yes").set("potential", "yes");
  std::string csv = sheet.csv();
  const auto rename = [&](const std::string& from, const std::string& to) {
    csv.replace(csv.find(from), from.size(), to);
  };
  const MethodRow ours = output(csv)[0];
  rename("ideal_road_m", "road_ideal_m");
  rename("ideal_drain_m", "drain_ideal_m");
  rename("population", "persons");
  rename("num_1a", "vol_1a");
  const MethodRow theirs = output(csv)[0];
  CHECK(theirs.at("total") == ours.at("total"));
  CHECK(theirs.at("pct_1a") == "30.0000");
  CHECK(theirs.at("consideration_points") == "15");  // 450 persons per ha
  CHECK(theirs.at("vol_1a") == "30");
}

TEST_CASE("inputs beyond the possible are clamped, flagged and counted", "[unit]") {
  Sheet sheet;
  sheet.row().volumes().set("num_1a", "-3").set("num_2b", "800").set("ideal_drain_m", "0");
  const ScoreSheet result = scored(sheet.csv());
  const MethodRow row = rows_of(to_csv(result))[0];
  CHECK(row.at("flags") == "clamped_low:1a clamped_high:2b no_denominator:4b no_denominator:4c");
  CHECK(row.at("pct_1a") == "0.0000");
  CHECK(row.at("pts_2b") == "5");
  CHECK(row.at("pts_4b") == "0");
  const analysis::SheetCounts n = counts(result);
  CHECK(n.clamped_low == 1);
  CHECK(n.clamped_high == 1);
  CHECK(n.no_denominator == 2);

  Sheet percent;
  percent.row().percentages("0").set("pct_3a", "104").set("pct_3b", "-1").set("pct_5a", "87273");
  const MethodRow clamped = output(percent.csv())[0];
  CHECK(clamped.at("flags") == "clamped_high:3a clamped_low:3b clamped_high:5a");
  CHECK(clamped.at("total") == "10");
}

TEST_CASE("with --strict every flag is an error at its cell", "[messages]") {
  SheetRules strict;
  strict.strict = true;
  Sheet high;
  high.row().volumes().set("num_2b", "800");
  CHECK(only_error(high.csv(), strict) == "clamped 2");
  Sheet low;
  low.row().percentages("0").row().percentages("0").set("pct_6a", "-0.5");
  CHECK(only_error(low.csv(), strict) == "clamped 3");
  Sheet none;
  none.row().volumes().set("ideal_road_m", "0").set("den_2a", "5");
  CHECK(only_error(none.csv(), strict) == "no_denominator 2");
  CHECK(problems_of(Sheet{}.row().percentages("3").csv(), strict).empty());
}

TEST_CASE("a percentage on a cut earns its points and survives a round trip", "[unit]") {
  const std::map<std::string, std::string> operational{{"24.995", "1"}, {"24.9949999", "0"},
                                                       {"50.995", "3"}, {"50.99499", "1"},
                                                       {"75.995", "5"}, {"75.99499999", "3"}};
  for (const auto& [cell, points] : operational) {
    CAPTURE(cell);
    Sheet sheet;
    sheet.row().percentages("0").set("pct_1a", cell);
    const std::string first = to_csv(scored(sheet.csv()));
    CHECK(rows_of(first)[0].at("pts_1a") == points);
    CHECK(output(first)[0].at("pts_1a") == points);
  }
}

TEST_CASE("the output is a legal sheet and scores the same", "[property]") {
  const std::string golden = to_csv(scored(file_text(golden_sheets), with_id("sheet_id")));
  CHECK(to_csv(scored(golden)) != "");
  const auto before = rows_of(golden);
  const auto after = output(golden);
  REQUIRE(after.size() == before.size());
  for (std::size_t i = 0; i < after.size(); ++i) {
    for (const std::string& code : codes) {
      CHECK(after[i].at("pct_" + code) == before[i].at("pct_" + code));
      CHECK(after[i].at("pts_" + code) == before[i].at("pts_" + code));
    }
    CHECK(after[i].at("total") == before[i].at("total"));
    CHECK(after[i].at("rt_id") == before[i].at("rt_id"));
  }

  Sheet volumes;
  volumes.row().volumes().set("num_1a", "-3").set("num_2b", "800").set("site_id", "S1");
  volumes.set("population", "500").set("strategic", "yes").set("potential", "no");
  volumes.set("tenure_clear", "yes").set("fits_spatial_plan", "yes").set("remark", "by boat");
  const std::string once = to_csv(scored(volumes.csv()));
  const std::string twice = to_csv(scored(once));
  CHECK(twice == once);  // flags and considerations too
}

TEST_CASE("considerations, legality, priority and handling follow from the sheet", "[unit]") {
  Sheet sheet;
  const auto add = [&](const char* pct, const char* density, const char* strategic,
                       const char* tenure) {
    sheet.row().percentages(pct).set("persons_per_ha", density).set("strategic", strategic);
    sheet.set("potential", "yes").set("tenure_clear", tenure).set("fits_spatial_plan", "yes");
  };
  add("100", "450", "yes", "yes");  // 80 points
  add("60", "300", "no", "no");     // 48 points
  add("30", "10", "no", "yes");     // 16 points
  add("0", "10", "no", "yes");
  add("100", "", "yes", "");
  const auto rows = output(sheet.csv());
  CHECK(rows[0].at("priority_code") == "A1");
  CHECK(rows[0].at("priority") == "1");
  CHECK(rows[0].at("consideration_points") == "15");
  CHECK(rows[0].at("handling") == "renewal");
  CHECK(rows[1].at("priority_code") == "B4");
  CHECK(rows[1].at("legality_points") == "0");
  CHECK(rows[1].at("legal") == "no");
  CHECK(rows[1].at("handling_id") == "permukiman kembali");
  CHECK(rows[2].at("priority_code") == "C3");
  CHECK(rows[2].at("handling_id") == "pemugaran");
  CHECK(rows[3].at("class") == "not_slum");
  CHECK(rows[3].at("class_id") == "tidak kumuh");
  CHECK(rows[3].at("priority_code").empty());
  CHECK(rows[3].at("handling").empty());
  CHECK(rows[3].at("kotaku_exit") == "yes");
  CHECK(rows[0].at("kotaku_exit") == "no");
  for (const char* column : {"consideration_points", "consideration", "legality_points", "legal",
                             "priority_code", "priority", "handling", "handling_id"}) {
    CHECK(rows[4].at(column).empty());
  }
  CHECK(rows[0].at("sectoral_mean_pct") == "100.0000");

  SheetRules small;
  small.city_size = models::CitySize::small;
  CHECK(output(sheet.csv(), small)[1].at("consideration_points") == "11");
}

TEST_CASE("the regulation of 2016 reads nineteen criteria and the building permit", "[unit]") {
  SheetRules old;
  old.regulation = models::Regulation::permen_2016;
  Sheet sheet;
  sheet.row().percentages("100").set("pct_4x", "100").set("pct_4y", "100").set("pct_6x", "100");
  sheet.set("tenure_clear", "yes").set("fits_spatial_plan", "no").set("building_permit", "yes");
  const MethodRow row = output(sheet.csv(), old)[0];
  CHECK(row.at("total") == "95");
  CHECK(row.at("pts_6x") == "5");
  CHECK(row.at("legal") == "yes");
  const MethodRow now = output(sheet.csv())[0];
  CHECK(now.at("total") == "80");
  CHECK(now.at("legal") == "no");
  CHECK(now.at("pct_4x") == "100");  // carried along as written
  CHECK(now.count("pts_6x") == 0);

  Sheet of_2018;
  of_2018.row().percentages("0");
  CHECK(only_error(of_2018.csv(), old) == "missing_column 1");
}

TEST_CASE("the flag --by site sums the volumes of its neighbourhoods", "[unit]") {
  SheetRules by_site;
  by_site.by_site = true;
  Sheet sheet;
  sheet.row().volumes().set("site_id", "S2").set("num_1a", "60").set("num_2b", "0.1");
  sheet.set("population", "900").set("strategic", "yes").set("potential", "yes");
  sheet.row().volumes().set("site_id", "S1").set("num_1a", "10").set("num_2b", "0.3");
  sheet.set("population", "700").set("strategic", "yes").set("potential", "yes");
  sheet.row().volumes().set("site_id", "S2").set("num_1a", "120").set("num_2b", "0.2");
  sheet.set("ideal_drain_m", "0").set("population", "300").set("strategic", "no");
  sheet.set("potential", "yes");
  const auto rows = output(sheet.csv(), by_site);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].at("site_id") == "S2");  // in the order of the file
  CHECK(rows[0].at("rt_id").empty());
  CHECK(rows[0].at("n_rt") == "2");
  CHECK(rows[0].at("line") == "2");
  CHECK(rows[0].at("pct_1a") == "80.0000");  // (60 + 100) / 200: 120 of 100 is cut off
  CHECK(rows[0].at("flags") == "clamped_high:1a");
  CHECK(rows[0].at("num_2b") == "0.3");
  CHECK(rows[0].at("area_ha") == "4");
  CHECK(rows[0].at("den_4b") == "385");
  CHECK(rows[0].at("strategic").empty());  // its RTs disagree
  CHECK(rows[0].at("consideration").empty());
  CHECK(rows[1].at("n_rt") == "1");
  CHECK(rows[1].at("consideration_points") == "13");  // 350 persons per ha

  // The table of sites is a legal sheet again.
  const auto again = output(to_csv(scored(sheet.csv(), by_site)), with_id("site_id"));
  CHECK(again[0].at("pct_1a") == "80.0000");
  CHECK(again[1].at("consideration_points") == "13");

  SheetRules strict = by_site;
  strict.strict = true;
  Sheet undrained;
  undrained.row().volumes().set("site_id", "S1").set("ideal_road_m", "0").set("den_2a", "1");
  CHECK(only_error(undrained.csv(), strict) == "no_denominator 2");
}

TEST_CASE("a numerator without denominator shows in the sum of its site", "[unit]") {
  SheetRules by_site;
  by_site.by_site = true;
  Sheet sheet;
  sheet.row().volumes().set("site_id", "S1").set("num_4b", "50").set("ideal_drain_m", "0");
  sheet.row().volumes().set("site_id", "S1");
  CHECK(output(sheet.csv(), by_site)[0].at("flags") == "clamped_high:4b");
}

TEST_CASE("the flag --by site refuses what it cannot sum", "[messages]") {
  SheetRules by_site;
  by_site.by_site = true;
  Sheet no_site;
  no_site.row().volumes();
  CHECK(only_error(no_site.csv(), by_site) == "missing_column 1");
  Sheet empty_site;
  empty_site.row().volumes().set("site_id", "S1").row().volumes();
  CHECK(only_error(empty_site.csv(), by_site) == "empty_value 3");
  Sheet percent;
  percent.row().percentages("5").set("site_id", "S1");
  CHECK(only_error(percent.csv(), by_site) == "missing_column 1");
  Sheet mixed;
  mixed.row().volumes().set("site_id", "S1").row().volumes().set("site_id", "S1");
  mixed.set("num_3a", "").set("pct_3a", "5");
  CHECK(only_error(mixed.csv(), by_site) == "criterion 3");
}

TEST_CASE("the flag --locale id reads and writes semicolons and decimal commas", "[unit]") {
  SheetRules indonesian;
  indonesian.indonesian_locale = true;
  Sheet sheet;
  sheet.row().volumes().set("num_4a", "0.55").set("ideal_road_m", "780.5").set("num_2b", "605");
  sheet.set("pct_2b", "77.51");
  const std::string local = replaced(replaced(sheet.csv(), ',', ';'), '.', ',');
  const std::string csv = to_csv(scored(local, indonesian));
  CHECK(csv.rfind("line;site_id;rt_id;n_rt;pct_1a", 0) == 0);
  CHECK(csv.find(";27,5000;") != std::string::npos);
  CHECK(csv.find(";780,5;") != std::string::npos);
  CHECK(csv.find('.') == std::string::npos);
  CHECK(to_csv(scored(csv, indonesian)) == csv);
  CHECK(only_error(local) == "csv_separator 1");
}

TEST_CASE("ids keep their leading zeros and the quotes of copied cells", "[unit]") {
  Sheet sheet;
  sheet.row().percentages("0").set("rt_id", "007").set("remark", "\"say \"\"no\"\"\"");
  const std::string csv = to_csv(scored(sheet.csv()));
  CHECK(csv.find("\n2,,007,1,") != std::string::npos);
  CHECK(csv.find(",\"say \"\"no\"\"\"\n") != std::string::npos);
}

TEST_CASE("a sheet that cannot be scored is refused with its place", "[messages]") {
  const auto percent = [] {
    Sheet sheet;
    sheet.row().percentages("0").row().percentages("0");
    return sheet;
  };
  const auto volumes = [] {
    Sheet sheet;
    sheet.row().volumes().row().volumes();
    return sheet;
  };
  // D13: neither form, both forms that disagree, a numerator without denominator.
  CHECK(only_error(percent().set("pct_5b", "").csv()) == "criterion 3");
  CHECK(only_error(volumes().set("num_5b", "").csv()) == "criterion 3");
  CHECK(only_error(volumes().set("num_5b", "20").set("pct_5b", "20.06").csv()) == "criterion 3");
  CHECK(only_error(volumes().set("num_5b", "20").set("pct_5b", "20.05").csv()) == "0 errors:");
  CHECK(only_error(volumes().set("ideal_road_m", "").set("den_2a", "9").csv()) == "criterion 3");
  // Columns: needed, near misses, reserved prefixes.
  CHECK(only_error("1,2\n3,4\n") == "missing_header 1");
  CHECK(only_error(percent().csv(), with_id("rt_name")) == "missing_column 1");
  CHECK(only_error(percent().set("pct_8a", "1").csv()) == "unknown_column 1");
  CHECK(only_error(percent().set("num_9", "1").csv()) == "unknown_column 1");
  CHECK(only_error(percent().set("pts_zz", "1").csv()) == "unknown_column 1");
  CHECK(only_error(percent().set("housholds", "1").csv()) == "unknown_column 1");
  CHECK(only_error(percent().set("persons_per_hq", "1").csv()) == "unknown_column 1");
  CHECK(only_error(volumes().set("vol_1a", "1").csv()) != "0 errors:");
  // Cells.
  CHECK(only_error(percent().set("rt_id", "RT1").csv()) == "duplicate_id 3");
  CHECK(only_error(percent().set("rt_id", "").csv()) == "empty_value 3");
  CHECK(only_error(volumes().set("area_ha", "0").csv()) == "out_of_range 3");
  CHECK(only_error(volumes().set("area_ha", "-1").csv()) == "out_of_range 3");
  CHECK(only_error(volumes().set("buildings", "-1").csv()) == "out_of_range 3");
  CHECK(only_error(volumes().set("buildings", "2.5").csv()) == "not_whole 3");
  CHECK(only_error(volumes().set("num_1a", "NA").csv()) == "bad_number 3");
  CHECK(only_error(percent().set("pct_1a", "12 %").csv()) == "unit_in_value 3");
  CHECK(only_error(percent().set("pct_1a", "nan").csv()) == "not_finite 3");
  CHECK(only_error(percent().set("strategic", "maybe").csv()) == "wrong_type 3");
  CHECK(only_error("") == "csv_empty 0");
  CHECK(only_error(percent().csv() + "RT3,1\n") == "row_length 4");
}

TEST_CASE("a percentage with three decimals is no thousands", "[unit]") {
  Sheet sheet;
  sheet.row().percentages("0").set("pct_3a", "87.273");
  CHECK(output(sheet.csv())[0].at("pct_3a") == "87.2730");
}

TEST_CASE("missing criteria are said once and with what would do", "[messages]") {
  Sheet sheet;
  for (int rt = 0; rt < 5; ++rt) {
    sheet.row();
    for (const std::string& code : codes) {
      if (code != "4b" && code != "4c") sheet.set("pct_" + code, "0");
    }
  }
  const sim::io::Problems problems = problems_of(sheet.csv());
  REQUIRE(problems.n_errors() == 1);
  CHECK(problems.all()[0].code == "missing_column");
  CHECK(problems.all()[0].message == "no usable column for criteria 4b, 4c");
  CHECK(problems.all()[0].remark.find("ideal_drain_m") != std::string::npos);
}

TEST_CASE("the summary counts classes and flags in both languages", "[unit]") {
  Sheet sheet;
  sheet.row().percentages("100").row().percentages("60").row().percentages("30");
  sheet.row().percentages("0").set("pct_1a", "101");
  const ScoreSheet result = scored(sheet.csv());
  CHECK(summary(result, sim::io::Language::english) ==
        "4 RT: 1 heavy, 1 medium, 1 light, 1 not slum.  1 flag (1 clamped_high).");
  CHECK(summary(result, sim::io::Language::indonesian) ==
        "4 RT: 1 berat, 1 sedang, 1 ringan, 1 tidak kumuh.  1 tanda (1 clamped_high).");
  const ScoreSheet clean = scored(Sheet{}.row().percentages("0").csv());
  CHECK(summary(clean, sim::io::Language::english) ==
        "1 RT: 0 heavy, 0 medium, 0 light, 1 not slum.  no flags.");
}
