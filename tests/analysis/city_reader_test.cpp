#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "analysis/scenario/reader.h"
#include "sim/io/file.h"
#include "tests/support/run_program.h"

using namespace musi;
using namespace musi::analysis;

namespace {

/// A copy of Palembang in which one text of one file is replaced.
ReadResult changed_city(const std::string& file, const std::string& from, const std::string& to) {
  const tests::Scratch scratch;  // several programs of this test run at the same time
  const std::string folder = scratch.file("study");
  std::filesystem::create_directories(folder + "/cities");
  std::filesystem::copy(std::string(MUSI_SOURCE_DIR) + "/scenarios/cities/palembang",
                        folder + "/cities/palembang");
  const std::string path = folder + "/cities/palembang/" + file;
  std::string text = sim::io::read_file(path);
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  sim::io::write_file(path, text.replace(at, from.size(), to));
  ReadResult result = read_city_folder(folder + "/cities/palembang");
  std::filesystem::remove_all(folder);
  return result;
}

/// The one problem of a changed city.
sim::Problem only_problem(const std::string& file, const std::string& from, const std::string& to) {
  const ReadResult result = changed_city(file, from, to);
  INFO(sim::io::format_all(result.problems.all(), {}));
  REQUIRE(result.problems.all().size() == 1);
  const sim::Problem problem = result.problems.all()[0];
  CHECK(result.city.has_value() == (problem.severity != sim::Severity::error));
  return problem;
}

const std::string first_site =
    "PLB-IB2-01,16.71.01.1001,35 Ilir,Ilir Barat II,Ilir Barat II,"
    "-3.008,104.744,1,musi,0.70,2.83,80,46.30,synthetic,28,191,"
    "synthetic,2211,0,0,0.14,assumed,cahyadsn_boundaries,";

}  // namespace

TEST_CASE("60 sites where 59 are expected are one line with both places", "[messages]") {
  const std::string extra = "PLB-XX-01,,Nowhere,Gandus,Gandus,,,0,,,,,,,,,,,,,,assumed,seed_1,\n";
  const sim::Problem p = only_problem("sites.csv", "PLB-IB2-01,", extra + "PLB-IB2-01,");
  CHECK(p.code == "site_count");
  CHECK(p.message.find("60 sites found, city.yaml expects 59 (") == 0);
  CHECK(p.message.find("city.yaml:8:17)") != std::string::npos);
  CHECK(p.place.line == 61);
  CHECK_FALSE(p.remark.empty());
}

TEST_CASE("58 sites where 59 are expected are found as well", "[messages]") {
  const sim::Problem p = only_problem("city.yaml", "expected_sites: 59", "expected_sites: 60");
  CHECK(p.code == "site_count");
  CHECK(p.message.find("59 sites found, city.yaml expects 60") == 0);
}

TEST_CASE("a site twice is named with both lines", "[messages]") {
  const ReadResult result = changed_city("sites.csv", "PLB-IB2-02,16.71.01.1002", "PLB-IB2-01,");
  REQUIRE(result.problems.n_errors() == 1);
  const sim::Problem& p = result.problems.all()[0];
  CHECK(p.code == "duplicate_id");
  CHECK(p.place.line == 3);
  CHECK(p.related.line == 2);
}

TEST_CASE("a missing or unknown column of the sites is named", "[messages]") {
  const sim::Problem missing = only_problem("observed.csv", "indicator,place,", "indicator,plaze,");
  CHECK((missing.code == "missing_column" || missing.code == "unknown_column"));
  CHECK((missing.suggestion == "place" || missing.suggestion == "plaze"));
  const sim::Problem unknown = only_problem("sites.csv", "households,heavy", "house_holds,heavy");
  CHECK(unknown.code == "unknown_column");
  CHECK(unknown.suggestion == "households");
}

TEST_CASE("numbers of the sites are read strictly", "[messages]") {
  const auto with = [](const std::string& from, const std::string& to) {
    std::string row = first_site;
    return only_problem("sites.csv", first_site, row.replace(row.find(from), from.size(), to));
  };
  CHECK(with(",46.30,", ",0,").code == "out_of_range");
  CHECK(with(",46.30,", ",NA,").code == "bad_number");
  const sim::Problem cap = with(",46.30,", ",90,");
  CHECK(cap.code == "area_above_cap");
  CHECK(cap.message.find("90") != std::string::npos);
  CHECK(cap.message.find("80") != std::string::npos);
  const sim::Problem share = with(",0.70,", ",70,");
  CHECK(share.hint.find("0.7") != std::string::npos);
  const sim::Problem swapped = with("-3.008,104.744", "104.744,-3.008");
  CHECK(swapped.place.line == 2);  // 104.7 is no latitude
  const sim::Problem away = with("-3.008,104.744", "-6.2,106.8");
  CHECK(away.code == "outside_city");
  CHECK(away.severity == sim::Severity::warning);
  const sim::Problem total = with(",46.30,", ",46.00,");
  CHECK(total.code == "area_total");
  CHECK(total.severity == sim::Severity::warning);
  CHECK(total.message.find("1729.54") != std::string::npos);
  const sim::Problem source = with("cahyadsn_boundaries", "cahyadsn_boundary");
  CHECK(source.code == "unknown_source");
  CHECK(source.suggestion == "cahyadsn_boundaries");
}

TEST_CASE("city.yaml is read as strictly as a scenario", "[messages]") {
  const auto code = [](const std::string& from, const std::string& to) {
    return only_problem("city.yaml", from, to).code;
  };
  CHECK(code("city_area_ha: 35250", "city_area: 35250") == "wrong_unit");
  CHECK(code("country: ID", "contry: ID") == "unknown_key");
  CHECK(code("schema: 1", "schema: 2") == "schema_version");
  CHECK(code("size_class: metropolitan", "size_class: huge") == "unknown_choice");
  CHECK(code("  2019: 100\n", "  2019: 100 %\n") == "unit_in_value");
  CHECK(code("country: ID\n", "") == "missing_key");
  CHECK(code("price_year: 2019", "price_year: 2030") == "out_of_range");
}

TEST_CASE("each file of a city folder needs a heading in NOTES.md", "[messages]") {
  const sim::Problem p = only_problem("NOTES.md", "## budgets.csv", "## money");
  CHECK(p.code == "missing_notes");
  CHECK(p.message.find("budgets.csv") != std::string::npos);
}

TEST_CASE("keys of sites depend on city and site alone", "[property]") {
  const ReadResult as_is =
      read_city_folder(std::string(MUSI_SOURCE_DIR) + "/scenarios/cities/palembang");
  const ReadResult moved = changed_city("sites.csv", ",46.30,", ",46.00,");
  for (std::size_t i = 0; i < 59; ++i) {
    CHECK(as_is.city->city->sites[i].key == moved.city->city->sites[i].key);
  }
}

TEST_CASE("rows that are only compared change no fact of the city", "[property]") {
  const ReadResult as_is =
      read_city_folder(std::string(MUSI_SOURCE_DIR) + "/scenarios/cities/palembang");
  const ReadResult other = changed_city("observed.csv", "slum_area,Palembang,2014,,2400.00",
                                        "slum_area,Palembang,2014,,9.00");
  const ReadResult list = changed_city("observed.csv", "unfit_houses,Palembang,2018,,5251",
                                       "unfit_houses,Palembang,2018,,9");
  CHECK(list.city->city->official_unfit_houses == 5251.0);
  CHECK(other.city->observed[0].value == 9.0);
  CHECK(as_is.city->observed[0].value == 2400.0);
}
