#include "analysis/rt_table.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "analysis/scenario/reader.h"
#include "models/build_world.h"
#include "tests/support/run_program.h"

using namespace musi;
using namespace musi::analysis;

namespace {

namespace fs = std::filesystem;

const std::string header =
    "rt_id,site_id,area_ha,buildings,households,population,ideal_road_m,ideal_drain_m,"
    "num_1a,num_1b,num_1c,num_2a,num_2b,den_2b,num_3a,num_3b,num_4a,num_4b,num_4c,num_5a,num_5b,"
    "num_6a,num_6b,num_7a,num_7b,land_status,share_river,survey_date,score_total,status,source\n";

/// 46 ha of site PLB-IB2-01 (46.30 ha) in two RTs: EJ-like sheets.
const std::string row_1 =
    "001,PLB-IB2-01,23,40,55,210,780,385,8,0,4,0,390,780,48,0,2.7,385,0,27,28,55,55,0,40,"
    "disputed,0.5,2019-03-01,28,measured,cahyadsn_boundaries\n";
const std::string row_2 =
    "002,PLB-IB2-01,23.2,50,60,,780,385,13,0,13,100,605,,54,0,0,0,310,10,16,60,60,50,50,"
    ",,,,,\n";

const std::string works_header =
    "month,site_id,rt_id,programme,item,units,cost_idr_mn,funding_source,planned_or_realised,"
    "source\n";

/// The city folder of Palembang with further tables.
class Folder {
 public:
  Folder() {
    for (const auto& entry :
         fs::directory_iterator(std::string(MUSI_SOURCE_DIR) + "/scenarios/cities/palembang")) {
      if (entry.is_regular_file()) fs::copy(entry.path(), scratch_.file(entry.path().filename()));
    }
    const std::string notes = file_text_of("NOTES.md");
    scratch_.write("NOTES.md", notes + "\n## rt.csv\n\nSurvey.\n\n## works.csv\n\nWorks.\n");
  }
  Folder& with(const std::string& name, const std::string& text) {
    scratch_.write(name, text);
    return *this;
  }
  std::string file_text_of(const std::string& name) const {
    return tests::file_text(scratch_.file(name));
  }
  ReadResult read() const { return read_city_folder(scratch_.file("")); }

 private:
  tests::Scratch scratch_;
};

/// The problems with this code.
std::vector<sim::Problem> with_code(const ReadResult& result, const std::string& code) {
  std::vector<sim::Problem> found;
  for (const sim::Problem& problem : result.problems.all()) {
    if (problem.code == code) found.push_back(problem);
  }
  return found;
}

/// Exactly one problem about a row, of this code and severity, at this line.
void require_one(const ReadResult& result, const std::string& code, int line,
                 sim::Severity severity = sim::Severity::error) {
  INFO(sim::io::format_all(result.problems.all(), {}));
  REQUIRE(result.problems.all().size() == 1);
  const sim::Problem problem = result.problems.all().front();
  REQUIRE(problem.code == code);
  REQUIRE(problem.place.line == line);
  REQUIRE(problem.severity == severity);
}

std::string replaced(std::string text, const std::string& old, const std::string& with) {
  const std::size_t at = text.find(old);
  REQUIRE(at != std::string::npos);
  return text.replace(at, old.size(), with);
}

}  // namespace

TEST_CASE("a survey is read with its volumes and denominators of the row", "[unit]") {
  Folder folder;
  const ReadResult result = folder.with("rt.csv", header + row_1 + row_2).read();
  INFO(sim::io::format_all(result.problems.all(), {}));
  REQUIRE(result.problems.empty());
  const models::City& city = *result.city->city;
  REQUIRE(city.surveyed.size() == 2);
  const models::SurveyedRt& first = city.surveyed[0];
  CHECK(first.rt_id == "001");
  CHECK(first.households == 55);
  CHECK(first.population == 210);
  CHECK(first.share_river == 0.5);
  CHECK(first.land_status == models::LandStatus::disputed);
  CHECK(first.shares()[5] == Approx(48.0 / 55.0));
  CHECK(first.shares()[7] == Approx(2.7 / 23.0));
  const models::SurveyedRt& second = city.surveyed[1];
  CHECK(second.population == -1);
  CHECK(second.share_river == -1.0);
  CHECK(!second.land_status.has_value());
  CHECK(second.denominator[4] == 780.0);
  CHECK(city.survey_of("PLB-IB2-01").size() == 2);
  CHECK(city.survey_of("PLB-IB2-02").empty());
}

TEST_CASE("rows of a survey become RTs with the totals of their sheets", "[unit]") {
  Folder folder;
  const ReadResult result = folder.with("rt.csv", header + row_1 + row_2).read();
  REQUIRE(result.city.has_value());
  models::Scenario scenario = models::default_scenario();
  scenario.uncertainty = false;
  const models::World world =
      models::build_world_without_spin_up(scenario, *result.city->city, 3);
  REQUIRE(world.sites.rts[0].size() == 2);
  CHECK(int{world.rts.physical_score[world.sites.rts[0][0]]} == 28);
  CHECK(int{world.rts.physical_score[world.sites.rts[0][1]]} == 38);
}

TEST_CASE("each wrong row of a survey is named with its place", "[messages]") {
  const auto read = [](const std::string& rows) {
    Folder folder;
    return folder.with("rt.csv", header + rows).read();
  };
  require_one(read(row_1 + replaced(row_2, "002,", "001,")), "duplicate_id", 3);
  require_one(read(row_1 + replaced(row_2, ",605,", ",700,")), "criterion", 3);
  require_one(read(replaced(row_1, ",210,", ",20,") + row_2), "out_of_range", 2);
  require_one(read(row_1 + replaced(row_2, ",50,60,", ",50,2,")), "out_of_range", 3);
  require_one(read(replaced(row_1, ",28,measured", ",29,measured") + row_2), "score_total", 2,
              sim::Severity::warning);
  require_one(read(replaced(row_1, "cahyadsn_boundaries", "cahyadsn_boundary") + row_2),
              "unknown_source", 2);
  require_one(read(replaced(row_1, ",2.7,", ",-1,") + row_2), "clamped", 2,
              sim::Severity::warning);
  // Its area is synthetic, so the survey may know better.
  require_one(read(row_1 + replaced(row_2, ",23.2,", ",20,")), "area_total", 3,
              sim::Severity::warning);
}

TEST_CASE("an unknown site of a survey gets the nearest name", "[messages]") {
  Folder folder;
  const ReadResult result =
      folder.with("rt.csv", header + row_1 + replaced(row_2, "PLB-IB2-01", "PLB-IB2_01")).read();
  const auto found = with_code(result, "unknown_id");
  REQUIRE(found.size() == 1);
  CHECK(found[0].place.line == 3);
  CHECK(found[0].suggestion == "PLB-IB2-01");
  CHECK(result.problems.has_errors());
}

TEST_CASE("works are read and each wrong row is named", "[messages]") {
  const auto read = [](const std::string& rows) {
    Folder folder;
    return folder.with("rt.csv", header + row_1 + row_2).with("works.csv", works_header + rows)
        .read();
  };
  const std::string good =
      "2019-06,,001,neighbourhood_roads,road_surface,120,75.5,apbd_city,realised,"
      "cahyadsn_boundaries\n";
  const ReadResult result = read(good);
  INFO(sim::io::format_all(result.problems.all(), {}));
  REQUIRE(result.problems.all().empty());
  REQUIRE(with_code(result, "not_available").empty());
  REQUIRE(!result.problems.has_errors());
  const models::WorksRow& works = result.city->city->works.at(0);
  CHECK((works.year == 2019 && works.month == 6));
  CHECK(works.site_id == "PLB-IB2-01");
  CHECK(works.item == models::Item::road_surface);
  CHECK(works.units == 120.0);
  CHECK(works.is_realised);
  REQUIRE(read("").problems.empty());
  require_one(read(good + replaced(good, ",001,", ",003,")), "unknown_id", 3);
  require_one(read(replaced(good, ",,001", ",PLB-IB2-99,")), "unknown_id", 2);
  require_one(read(replaced(good, ",,001", ",PLB-IB2-02,001")), "unknown_id", 2);
  require_one(read(replaced(good, ",,001", ",,")), "empty_value", 2);
  require_one(read(replaced(good, "2019-06", "2009-06")), "year_outside", 2);
  REQUIRE(read(replaced(good, "road_surface", "road_surfaces")).problems.has_errors());
  REQUIRE(read(replaced(good, ",120,", ",-1,")).problems.has_errors());
}
