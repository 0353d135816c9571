#include "models/score/priority.h"

#include <catch2/catch.hpp>
#include <map>
#include <string>

#include "tests/models/score/tables.h"

using namespace musi::models;

namespace {

const std::map<std::string, SlumClass> classes{
    {"heavy", SlumClass::heavy}, {"medium", SlumClass::medium}, {"light", SlumClass::light}};
const std::map<std::string, Consideration> levels{
    {"high", Consideration::high}, {"medium", Consideration::medium}, {"low", Consideration::low}};

}  // namespace

TEST_CASE("all eighteen priority codes and ranks are those of the table", "[unit]") {
  const auto rows = musi::tests::method_table("priority.csv");
  REQUIRE(rows.size() == 18);
  int order = 0;  // the table is printed in the order of MODEL.md 13
  for (const auto& row : rows) {
    CAPTURE(row.at("code"));
    const auto priority =
        priority_code(classes.at(row.at("severity_en")), levels.at(row.at("consideration_en")),
                      row.at("legality_en") == "legal");
    REQUIRE(priority);
    CHECK(priority->code() == row.at("code"));
    CHECK(priority->rank == std::stoi(row.at("priority_rank")));
    CHECK(priority->order() == order++);
  }
  CHECK_FALSE(priority_code(SlumClass::not_slum, Consideration::high, true));
}

TEST_CASE("handling follows the table by class and legality", "[unit]") {
  for (const auto& row : musi::tests::method_table("handling.csv")) {
    const bool legal = row.at("legality_en") == "legal";
    if (row.at("mode") == "practice") {
      for (const auto& [name, slum_class] : classes) {
        CHECK(handling_of(slum_class, legal, HandlingMode::practice) == Handling::legalise_first);
      }
      continue;
    }
    CAPTURE(row.at("severity_en"), row.at("legality_en"));
    const SlumClass slum_class = classes.at(row.at("severity_en"));
    const auto handling = handling_of(slum_class, legal, HandlingMode::letter_of_law);
    REQUIRE(handling);
    CHECK(name_id(*handling) == row.at("handling_id"));
    CHECK(row.at("handling_en").rfind(name_en(*handling), 0) == 0);
    if (legal) CHECK(handling_of(slum_class, true, HandlingMode::practice) == handling);
  }
  CHECK_FALSE(handling_of(SlumClass::not_slum, false, HandlingMode::letter_of_law));
}

TEST_CASE("density earns points above the limits of the city's size", "[unit]") {
  for (const CitySize size : {CitySize::metropolitan, CitySize::large}) {
    CHECK(density_points(200.0, size) == 1);
    CHECK(density_points(200.5, size) == 3);
    CHECK(density_points(400.0, size) == 3);
    CHECK(density_points(400.1, size) == 5);
    CHECK(density_limit(size) == 250.0);
  }
  for (const CitySize size : {CitySize::medium, CitySize::small}) {
    CHECK(density_points(150.0, size) == 1);
    CHECK(density_points(151.0, size) == 3);
    CHECK(density_points(200.0, size) == 3);
    CHECK(density_points(201.0, size) == 5);
    CHECK(density_limit(size) == 200.0);
  }
}

TEST_CASE("considerations sum to 3 to 15 points with limits at 6 and 11", "[unit]") {
  CHECK(consideration_points(false, 0, false, CitySize::metropolitan) == 3);
  CHECK(consideration_points(true, 500, true, CitySize::metropolitan) == 15);
  CHECK(consideration_points(true, 298, false, CitySize::metropolitan) == 9);
  CHECK(consideration_of(5) == Consideration::low);
  CHECK(consideration_of(6) == Consideration::medium);
  CHECK(consideration_of(10) == Consideration::medium);
  CHECK(consideration_of(11) == Consideration::high);
}

TEST_CASE("a site is legal when its items sum to at least one", "[unit]") {
  CHECK(is_legal(legality_points(true, true)));
  CHECK_FALSE(is_legal(legality_points(true, false)));  // 0
  CHECK(legality_points(true, false, true) == 1);
  CHECK(is_legal(legality_points(true, false, true)));
  CHECK_FALSE(is_legal(legality_points(false, false, true)));
}
