#include "analysis/exports/geojson.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "analysis/exports/table_parts.h"
#include "analysis/report/question.h"
#include "sim/core/error.h"

namespace musi::analysis {
namespace {

using Json = nlohmann::ordered_json;

/// Five decimals: about a metre.
double rounded(double degrees) { return std::round(degrees * 1e5) / 1e5; }

Json json_of(const ExportCell& cell) {
  if (const double* number = std::get_if<double>(&cell)) return *number;
  if (const std::string* text = std::get_if<std::string>(&cell)) return *text;
  return nullptr;
}

Json position(const Json& given) {
  if (!given.is_array() || given.size() < 2 || !given[0].is_number() || !given[1].is_number()) {
    throw sim::IoError("foreign", "sites.geojson: a position is no pair of numbers");
  }
  return {rounded(given[0].get<double>()), rounded(given[1].get<double>())};
}

/// Twice the signed area; positive: counter-clockwise.
double doubled_area(const Json& ring) {
  double sum = 0.0;
  for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
    sum += ring[i][0].get<double>() * ring[i + 1][1].get<double>() -
           ring[i + 1][0].get<double>() * ring[i][1].get<double>();
  }
  return sum;
}

/// A closed ring; the outer one counter-clockwise, holes clockwise.
Json ring_of(const Json& given, bool is_outer) {
  Json ring = Json::array();
  for (const Json& point : given) ring.push_back(position(point));
  if (ring.empty()) throw sim::IoError("foreign", "sites.geojson: a ring has no position");
  if (ring.front() != ring.back()) ring.push_back(Json(ring.front()));
  if ((doubled_area(ring) > 0.0) != is_outer) std::reverse(ring.begin(), ring.end());
  return ring;
}

Json polygon_of(const Json& given) {
  Json polygon = Json::array();
  for (const Json& ring : given) polygon.push_back(ring_of(ring, polygon.empty()));
  return polygon;
}

/// Point, Polygon or MultiPolygon, tidied; other kinds are no site.
Json geometry_of(const Json& given) {
  if (!given.is_object()) return nullptr;
  const std::string type = given.value("type", "");
  const Json coordinates = given.value("coordinates", Json::array());
  if (type == "Point") return {{"type", type}, {"coordinates", position(coordinates)}};
  if (type == "Polygon") return {{"type", type}, {"coordinates", polygon_of(coordinates)}};
  if (type == "MultiPolygon") {
    Json all = Json::array();
    for (const Json& polygon : coordinates) all.push_back(polygon_of(polygon));
    return {{"type", type}, {"coordinates", all}};
  }
  throw sim::IoError("foreign", fmt::format("sites.geojson: a site is no '{}'", type));
}

/// Geometry of the city's own file by site.
std::map<std::string, Json> given_geometries(const Results& results) {
  std::map<std::string, Json> geometries;
  const std::string text = embedded_input(results, "sites.geojson");
  if (text.empty()) return geometries;
  const Json file = Json::parse(text, nullptr, false);
  if (!file.is_object() || !file.contains("features") || !file["features"].is_array()) {
    throw sim::IoError("foreign", "sites.geojson is no FeatureCollection");
  }
  for (const Json& feature : file["features"]) {
    const Json properties = feature.value("properties", Json::object());
    const auto id = properties.find("site_id");
    if (id == properties.end() || !id->is_string()) {
      throw sim::IoError("foreign", "sites.geojson: a feature has no property site_id");
    }
    geometries[id->get<std::string>()] = geometry_of(feature.value("geometry", Json()));
  }
  return geometries;
}

}  // namespace

std::string sites_geojson(const Results& results, std::size_t option) {
  const auto ids = results.file().texts("site");
  const std::size_t n = ids.size();
  const auto kelurahan = texts_or_empty(results, "site_name", n),
             kecamatan = texts_or_empty(results, "site_kecamatan", n),
             status = texts_or_empty(results, "site_area_status", n);
  const auto area = numbers_or_missing(results, "site_area_initial", n),
             latitude = numbers_or_missing(results, "site_latitude", n),
             longitude = numbers_or_missing(results, "site_longitude", n);
  const auto outcomes = site_outcomes(results, option);
  const auto geometries = given_geometries(results);
  Json features = Json::array();
  for (std::size_t s = 0; s < n; ++s) {
    Json geometry = nullptr;
    if (const auto found = geometries.find(ids[s]); found != geometries.end()) {
      geometry = found->second;
    } else if (!std::isnan(latitude[s]) && !std::isnan(longitude[s])) {
      geometry = {{"type", "Point"},
                  {"coordinates", {rounded(longitude[s]), rounded(latitude[s])}}};
    }
    features.push_back(
        {{"type", "Feature"},
         {"id", ids[s]},
         {"geometry", std::move(geometry)},
         {"properties",
          {{"site_id", ids[s]},
           {"kelurahan", kelurahan[s]},
           {"kecamatan", kecamatan[s]},
           {"option", results.options()[option]},
           {"area_ha", json_of(number_cell(area[s]))},
           {"area_status", status[s]},
           {"zero_year_p50", json_of(outcomes[s].zero_year_p50)},
           {"chance_by_headline_pct", json_of(outcomes[s].chance_by_headline_pct)},
           {"paid_idr_bn_p50", json_of(outcomes[s].paid_idr_bn_p50)}}}});
  }
  const Json collection{{"type", "FeatureCollection"}, {"features", std::move(features)}};
  return collection.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace musi::analysis
