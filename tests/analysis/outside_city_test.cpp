#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "analysis/results.h"
#include "tests/support/run_program.h"

using namespace musi;

namespace {

const std::string sites =
    "site_id,kelurahan,kecamatan,area_ha,area_status,river_frontage,status,source\n"
    "PUL-01,Hulu,Utara,4.0,reported,1,assumed,made_up\n"
    "PUL-02,Tengah,Utara,6,synthetic,0,assumed,made_up\n"
    "PUL-03,Hilir,Selatan,5,synthetic,1,assumed,made_up\n";

const std::string rt_header =
    "rt_id,site_id,area_ha,buildings,households,population,ideal_road_m,ideal_drain_m,"
    "num_1a,num_1b,num_1c,num_2a,num_2b,num_3a,num_3b,num_4a,num_4b,num_4c,num_5a,num_5b,"
    "num_6a,num_6b,num_7a,num_7b,score_total,status,source\n";
/// Sheets EJ1 (28 points) and EJ2 (38 points) of the official method, as volumes.
const std::string rt_1 =
    "A01,PUL-01,2.0,40,55,210,780,385,8,0,4,0,390,48,0,0.2376,385,0,27,28,55,55,0,40,28,"
    "assumed,made_up\n";
const std::string rt_2 =
    "A02,PUL-01,2.0,50,60,240,780,385,13,0,13,100,605,54,0,0,0,310,10,16,60,60,50,50,38,"
    "assumed,made_up\n";

const std::string works_header =
    "month,site_id,rt_id,programme,item,units,cost_idr_mn,funding_source,planned_or_realised,"
    "source\n";
const std::string works_rows =
    "2019-03,,A01,neighbourhood_roads,road_surface,100,60,apbd_city,realised,made_up\n"
    "2019-05,PUL-02,,sanimas,shared_sanitation,1,425,kotaku,realised,made_up\n"
    "2019-08,,A02,bedah_rumah,house_repair_city,4,120,apbd_city,realised,made_up\n";

/// A city of nobody's, in a folder of its own far from the repository.
class Pulau {
 public:
  Pulau() {
    std::filesystem::create_directories(folder_.file("city"));
    write("city/city.yaml",
          "schema: 1\nname: pulau\ntitle: {en: Pulau, id: Pulau}\ncountry: ID\nlanguage: id\n"
          "size_class: small\nexpected_sites: 3\ncity_area_ha: 900\n"
          "start_area_ha: {2019: 15}\nprice_year: 2019\nprice_index: {2019: 100}\n");
    write("city/sites.csv", sites);
    write("city/rt.csv", rt_header + rt_1 + rt_2);
    write("city/works.csv", works_header + works_rows);
    write("city/references.csv",
          "key,citation,address,year,accessed,confidence\nmade_up,Made up,,,,low\n");
    write("city/observed.csv",
          "indicator,place,year,month,value,unit,low,high,series,use,status,source,note\n");
    write("city/NOTES.md",
          "# Notes\n## city.yaml\nx\n## sites.csv\nx\n## rt.csv\nx\n## works.csv\nx\n"
          "## references.csv\nx\n## observed.csv\nx\n");
    write("scenario.yaml",
          "schema: 1\nname: pulau\ncity: city\n"
          "horizon: {start_year: 2019, end_year: 2023, replay_until: 2020-01}\n"
          "outputs: {step: quarter, works: all}\n"
          "sampling: {replicates: 4, seed: 3}\n");
  }
  void write(const std::string& name, const std::string& text) const { folder_.write(name, text); }
  std::string file(const std::string& name) const { return folder_.file(name); }
  /// Runs musi in the folder of the city.
  tests::Finished musi(const std::string& arguments) const {
    return tests::run_program("cd " + folder_.file("") + " && " MUSI_PROGRAM " " + arguments);
  }

 private:
  tests::Scratch folder_;
};

std::string replaced(std::string text, const std::string& old, const std::string& with) {
  const std::size_t at = text.find(old);
  REQUIRE(at != std::string::npos);
  return text.replace(at, old.size(), with);
}

}  // namespace

TEST_CASE("A city outside the repository runs, and its survey comes out to the point", "[golden]") {
  const Pulau city;
  const tests::Finished run = city.musi("run scenario.yaml -o out.h5 --plain");
  INFO(run.err);
  REQUIRE(run.code == 0);
  const analysis::Results results(city.file("out.h5"));
  const auto& file = results.file();
  CHECK(file.texts("rt/rt_id") == std::vector<std::string>{"A01", "A02"});
  CHECK(file.numbers("rt/start_points") == std::vector<double>{28.0, 38.0});
  CHECK(file.numbers("rt/site_index") == std::vector<double>{0.0, 0.0});
  // In 2019 only the table is paid, in every future.
  const std::vector<double> paid = results.series("paid", 0);
  const std::size_t n_funds = file.shape("funds")[0];
  for (std::size_t r = 0; r < 4; ++r) {
    double sum = 0.0;
    for (std::size_t f = 0; f < n_funds; ++f) sum += paid[r * 5 * n_funds + f];
    CHECK(sum == Approx(0.605));
  }
  CHECK(results.series("houses_repaired", 0)[0] == 4.0);
  // The works programme begins with the table.
  const std::vector<double> years = file.numbers("works/end_year");
  const std::vector<double> cost = file.numbers("works/cost");
  double first_year = 0.0;
  for (std::size_t i = 0; i < years.size(); ++i) first_year += years[i] == 2019 ? cost[i] : 0.0;
  const std::vector<double> wasted = results.series("wasted", 0);  // more was paid than needed
  for (std::size_t r = 0; r < 4; ++r) first_year += 1e3 * wasted[r * 5];
  CHECK(first_year == Approx(4 * 605.0).epsilon(0.001));  // four futures
  CHECK(file.texts("kecamatan") == std::vector<std::string>{"city", "Utara", "Selatan"});
  CHECK(file.dims("implementation/value") ==
        std::vector<std::string>{"option", "year", "kecamatan", "measure"});
  CHECK(file.shape("quarterly/slum_area") == std::vector<std::size_t>{1, 4, 20});
  const tests::Finished listed = city.musi("inspect out.h5 --variables --plain");
  CHECK(listed.out.find("implementation/value") != std::string::npos);
  CHECK(listed.out.find("works/chance_in_year") != std::string::npos);
}

TEST_CASE("A wrong row of a survey or of works stops the run at its place", "[messages]") {
  const auto refused = [](const std::string& file, const std::string& text,
                          const std::string& place, const std::string& reason) {
    const Pulau city;
    city.write("city/" + file, text);
    const tests::Finished run = city.musi("run scenario.yaml -o out.h5 --plain");
    INFO(run.err);
    CHECK(run.code == 3);
    CHECK(run.err.find(file + place) != std::string::npos);
    CHECK(run.err.find(reason) != std::string::npos);
    CHECK(!std::filesystem::exists(city.file("out.h5")));
    CHECK(!std::filesystem::exists(city.file("out.parts")));
  };
  refused("rt.csv", rt_header + rt_1 + replaced(rt_2, ",605,", ",700,"), ":3:",
          "of the ideal length");
  refused("works.csv", works_header + replaced(works_rows, ",,A02,", ",,A03,"), ":4:",
          "'A03' is not in rt.csv");
  refused("works.csv", works_header + replaced(works_rows, "2019-05", "2018-05"), ":3:",
          "before the first start year");
  refused("works.csv", works_header + replaced(works_rows, "sanimas", "sanimass"), ":3:",
          "unknown programme 'sanimass'");
  refused("works.csv", works_header + replaced(works_rows, "kotaku,", "kotakuu,"), ":3:",
          "unknown source of money 'kotakuu'");
}

TEST_CASE("The city template is a folder to fill: with one site it runs", "[unit]") {
  const tests::Scratch folder;
  const std::string in = "cd " + folder.file("") + " && " MUSI_PROGRAM " ";
  REQUIRE(tests::run_program(in + "init . --template city --city kota").code == 0);
  const std::string rts = tests::file_text(folder.file("cities/kota/rt.csv"));
  const std::string works = tests::file_text(folder.file("cities/kota/works.csv"));
  CHECK(rts.starts_with("rt_id,site_id,area_ha"));
  CHECK(works.starts_with("month,site_id,rt_id,programme,item"));
  folder.write("cities/kota/references.csv",
               "key,citation,address,year,accessed,confidence\nmade_up,Made up,,,,low\n");
  folder.write("cities/kota/sites.csv",
               "site_id,kelurahan,kecamatan,status,source\nK-1,Satu,Pusat,assumed,made_up\n");
  std::filesystem::remove(folder.file("cities/kota/rt.csv"));
  const tests::Finished run =
      tests::run_program(in + "run kota-baseline.yaml --set horizon.end_year=2020 " +
                         "--set targets.headline_year=2020 --set sampling.replicates=2 --plain");
  INFO(run.err);
  CHECK(run.code == 0);
}
