#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <sstream>
#include <string>

#include "analysis/scenario/reader.h"
#include "models/run.h"
#include "sim/core/rng.h"
#include "tests/support/run_program.h"

using namespace musi;

namespace {

namespace fs = std::filesystem;

void write(const fs::path& path, const std::string& text) { std::ofstream(path) << text; }

/// A city folder of `n_sites` sites with `households` in all; which optional columns are there
/// depends on the dice.
std::string write_city(const fs::path& root, int n_sites, double households, sim::Stream& dice) {
  const fs::path city = root / "city";
  fs::create_directories(city);
  const double area = households * 3.6 / 110.0;  // [ha]
  const bool has_area = dice.uniform() < 0.5f;
  const bool has_density = dice.uniform() < 0.5f;
  const bool has_place = dice.uniform() < 0.5f;
  std::ostringstream yaml;
  yaml << std::fixed << std::setprecision(4);  // three decimals could be read as thousands
  yaml << "schema: 1\nname: random\ntitle: {en: R, id: R}\ncountry: ID\nlanguage: id\n"
       << "size_class: " << (dice.uniform() < 0.5f ? "small" : "metropolitan") << "\n"
       << "expected_sites: " << n_sites << "\ncity_area_ha: " << 10.0 * area + 100.0
       << "\nstart_area_ha: {2019: " << area << "}\nprice_year: 2019\n"
       << "price_index: {2019: 100}\n";
  write(city / "city.yaml", yaml.str());
  std::ostringstream sites;
  sites << std::fixed << std::setprecision(4);
  sites << "site_id,kelurahan,kecamatan,status,source";
  if (has_area) sites << ",area_ha";
  if (has_density) sites << ",persons_per_ha";
  if (has_place) sites << ",river_frontage,river_group_share,unclear_land_share";
  sites << "\n";
  for (int i = 0; i < n_sites; ++i) {
    sites << "R-" << i << ",K" << i << ",District " << i % 7 << ",synthetic,made_up";
    if (has_area) sites << "," << area / n_sites;
    if (has_density) sites << "," << 80 + i % 200;
    if (has_place) sites << "," << i % 2 << "," << 0.1 * (i % 10) << "," << 0.05 * (i % 8);
    sites << "\n";
  }
  write(city / "sites.csv", sites.str());
  write(city / "references.csv",
        "key,citation,address,year,accessed,confidence\nmade_up,Made up for a test,,,,low\n");
  write(city / "observed.csv",
        "indicator,place,year,month,value,unit,low,high,series,use,status,source,note\n");
  write(city / "NOTES.md", "# Notes\n## city.yaml\nx\n## sites.csv\nx\n## references.csv\nx\n"
                           "## observed.csv\nx\n");
  write(root / "scenario.yaml",
        "schema: 1\nname: random\ncity: city\nhorizon: {start_year: 2019, end_year: 2020}\n"
        "sampling: {replicates: 2, seed: 3}\n");
  return (root / "scenario.yaml").string();
}

void require_run(int n_sites, double households, std::uint64_t throw_number) {
  INFO(n_sites << " sites, " << households << " households, throw " << throw_number);
  tests::Scratch scratch;
  sim::Stream dice(sim::Chance(1, 1, 1), throw_number);
  const fs::path root = scratch.file("");
  auto read = analysis::read_scenario(write_city(root, n_sites, households, dice));
  for (const auto& problem : read.problems.all()) {
    INFO(problem.place.file << ":" << problem.place.line << " " << problem.message);
    CHECK(problem.severity != sim::Severity::error);
  }
  REQUIRE(read.ok());
  const models::Scenario& scenario = read.variants.front().scenario;
  const models::City& city = *read.city->city;
  const auto infos = models::series_of(scenario, city);
  const auto record = models::run_future(scenario, city, sim::run_seed(3, 0));
  for (std::size_t i = 0; i < infos.size(); ++i) {
    if (infos[i].name != "slum_area" && infos[i].name != "households") continue;
    for (const double value : record.series[i]) {
      REQUIRE(std::isfinite(value));
      REQUIRE(value >= 0.0);
    }
  }
}

}  // namespace

TEST_CASE("random city folders load and run with optional columns missing", "[property]") {
  const int sites[] = {1, 2, 5, 40, 200};
  const double households[] = {10, 100, 2000};
  std::uint64_t throw_number = 0;
  for (const int n : sites) {
    for (const double h : households) require_run(n, h, ++throw_number);
  }
}

TEST_CASE("a city of half a million households loads and runs", "[property][slow]") {
  require_run(200, 500'000, 99);
}
