#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "analysis/scenario/reader.h"
#include "models/parameters.h"

using namespace musi;
using namespace musi::analysis;

namespace {

std::string in_repository(const std::string& name) {
  return std::string(MUSI_SOURCE_DIR) + "/scenarios/" + name;
}

std::string all_messages(const ReadResult& result) {
  return sim::io::format_all(result.problems.all(), {});
}

}  // namespace

TEST_CASE("every shipped scenario is read without errors and without warnings", "[unit]") {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(in_repository(""))) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  REQUIRE(files.size() >= 4);
  for (const std::string& file : files) {
    const ReadResult result = read_scenario(file);
    INFO(file << "\n" << all_messages(result));
    REQUIRE(result.ok());
    CHECK(result.problems.n_errors() == 0);
    CHECK(result.problems.n_warnings() == 0);
    CHECK(result.variants.size() >= 1);
    const bool is_metro = result.city->city->name == "metro";
    CHECK(result.city->city->sites.size() == (is_metro ? 5 : 59));
  }
}

TEST_CASE("the city folder of Palembang is whole", "[unit]") {
  const ReadResult result = read_city_folder(in_repository("cities/palembang"));
  INFO(all_messages(result));
  REQUIRE(result.problems.empty());
  const models::City& city = *result.city->city;
  double area = 0.0;
  for (const models::SiteFacts& site : city.sites) area += site.area_ha;
  CHECK(area == Approx(1729.84).margin(1e-9));
  CHECK(city.start_area_ha.at(2015) == 2029.88);
  CHECK(result.city->n_synthetic_areas == 55);
  const auto ulu = std::count_if(city.sites.begin(), city.sites.end(),
                                 [](const models::SiteFacts& site) { return site.is_ulu; });
  CHECK(ulu == 27);  // 10 + 6 + 6 + 5 in four kecamatan
  CHECK(city.deficits.size() == 16);
  CHECK(city.deficits[0].sd == 0.3);
  CHECK(city.deficits[1].sd == 0.0);
  CHECK(city.deficit_correlations[0][1] == -0.072);
  CHECK(city.deficit_correlations[1][0] == -0.072);
  CHECK(city.deficit_tables.size() == 16);
  CHECK(city.official_unfit_houses == 5251.0);
  CHECK(city.target_path.kind == models::TargetPath::Kind::abs_ha_per_year);
  CHECK(result.city->observed.size() == 52);
  CHECK(result.city->targets.size() == 13);
  CHECK(city.budgets.size() == 17);
}

TEST_CASE("the city folder of Kota Metro holds the programme of the second text", "[unit]") {
  const ReadResult result = read_city_folder(in_repository("cities/metro"));
  INFO(all_messages(result));
  REQUIRE(result.problems.empty());
  const models::City& city = *result.city->city;
  CHECK(city.start_area_ha.at(2018) == 86.0);
  using enum models::Business;
  const std::vector<std::pair<std::string, models::Business>> expected = {
      {"Hadimulyo Barat", herbal_drinks}, {"Iringmulyo", gas_retail}, {"Rejomulyo", gas_retail},
      {"Ganjarasri", cakes},              {"Karangrejo", vegetables}};
  REQUIRE(city.sites.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK(city.sites[i].kelurahan == expected[i].first);
    CHECK(city.sites[i].business == expected[i].second);
    CHECK(city.sites[i].area_ha < 0.0);  // drawn
  }
  CHECK(result.city->kecamatan.size() == 5);  // one kelurahan in each
  REQUIRE(city.budgets.size() == 1);
  CHECK(city.budgets[0].amount_idr_bn == 4.8);
}

TEST_CASE("options are crossed with levels and the first level bears the plain name", "[unit]") {
  const ReadResult result = read_scenario(in_repository("palembang-four-options.yaml"));
  INFO(all_messages(result));
  std::vector<std::string> names;
  for (const Variant& v : result.variants) names.push_back(v.name);
  const std::vector<std::string> expected = {
      "current", "current+supported", "need", "need+supported",
      "hold",    "hold+supported",    "target", "target+supported"};
  REQUIRE(names.size() == 8 + 72);  // a grid of 8 x 3 x 3 around "current"
  CHECK(names[8] == "grid-0001");
  CHECK(result.variants[8].is_sweep_point);
  CHECK(result.variants[8].option == "current");
  CHECK(result.variants[8].scenario.funding.scale_pct.value.a == 50.0);
  CHECK(result.variants.back().scenario.funding.scale_pct.value.a == 400.0);
  CHECK(result.variants.back().scenario.procedure.guideline_month.value.a == 7.0);
  names.resize(8);
  REQUIRE(names == expected);
  CHECK(result.variants[2].scenario.funding.unlimited);
  CHECK_FALSE(result.variants[0].scenario.funding.unlimited);
  REQUIRE(result.variants[6].solve.has_value());
  CHECK(result.variants[6].solve->path == "funding.scale_pct");
  CHECK(result.variants[6].solve->high == 800.0);
  CHECK(result.variants[6].solve->by_year == 2030);
  CHECK(result.variants[6].solve->chance_pct == 80.0);
  CHECK(result.variants[5].solve->area_pct_of_start == 100.0);
  CHECK(result.variants[6].scenario.funding.scale_pct.value.a == 100.0);  // not solved yet
  CHECK_FALSE(result.variants[4].scenario.participation.facilitators_number.is_set);
  CHECK(result.variants[5].scenario.participation.facilitators_number.value.a == 60.0);
  CHECK(result.variants[5].option == "hold");
  CHECK(result.variants[5].level == "supported");
  CHECK(result.variants[5].title_en == "Only stop growth, Supported participation");
  CHECK(result.plan.runs == 80 * result.plan.replicates);
  CHECK(result.plan.n_sweep_points == 72);
  // From the file itself, from its base, from the built-in values.
  const models::Scenario& s = result.variants[0].scenario;
  CHECK(s.prevention_effort_pct.value.a == 50.0);
  CHECK(s.clock.end_year == 2045);
  CHECK(s.procedure.october_reallocation);
}

TEST_CASE("the baseline reads what it says", "[unit]") {
  const ReadResult result = read_scenario(in_repository("palembang-baseline.yaml"));
  REQUIRE(result.variants.size() == 1);
  CHECK(result.variants[0].name == "palembang-baseline");
  const models::Scenario& s = result.variants[0].scenario;
  CHECK(s.funding.total_idr_bn_per_year.value.kind == models::DistributionKind::log_triangular);
  CHECK(s.funding.total_idr_bn_per_year.value.b == 68.0);
  CHECK(s.funding.total_idr_bn_per_year.source == "antara_296922");
  CHECK(s.sampling.seed == 20261122u);
  CHECK(s.forecast_from_year == 2022);
  const auto& initial = s.parameters[static_cast<std::size_t>(models::Param::part_initial_engaged)];
  CHECK(initial.redraw == models::Redraw::per_site);
  CHECK(initial.value.c == 15.0);
  const auto& gate = s.parameters[static_cast<std::size_t>(models::Param::part_gate_works)];
  CHECK(gate.value.kind == models::DistributionKind::lognormal);  // "10 to 40": ratio above 2
  CHECK(gate.value.high == 100.0);
  double shares = 0.0;
  for (const models::ProgrammeSpec& p : s.programmes) {
    if (p.id == "nusp") CHECK_FALSE(p.enabled);
    if (p.id == "kotaku_community") CHECK(p.share_pct.value.a == 25.0);
    if (p.id == "bedah_rumah") CHECK(p.eligible_tenure == 3);
    if (p.enabled) shares += models::central(p.share_pct.value);
  }
  CHECK(shares == Approx(100.0));
  for (const models::SourceSpec& source : s.funding.sources) {
    if (source.id != "apbd_city") continue;
    CHECK(source.share_pct.value.a == 40.0);
    CHECK(source.authority_max_ha == 10.0);
  }
}

TEST_CASE("shipped files are found outside the repository", "[unit]") {
  const ReadResult disk = read_scenario(in_repository("palembang-four-options.yaml"));
  const ReadResult inside = read_scenario("elsewhere/scenarios/palembang-four-options.yaml");
  INFO(all_messages(inside));
  REQUIRE(inside.ok());
  REQUIRE(inside.variants.size() == disk.variants.size());
  CHECK(inside.inputs.all().size() == disk.inputs.all().size());
  for (std::size_t i = 0; i < inside.inputs.all().size(); ++i) {
    CHECK(inside.inputs.all()[i].built_in);
    CHECK(inside.inputs.all()[i].bytes == disk.inputs.all()[i].bytes);
  }
}
