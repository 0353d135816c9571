#pragma once

#include <cstddef>
#include <string>

#include "analysis/results.h"

namespace musi::analysis {

/// GeoJSON (RFC 7946) of the sites of one option: a FeatureCollection with one Feature per site,
/// WGS 84, longitude first. Geometry: that of `sites.geojson` among the embedded inputs, with five
/// decimals, closed rings and the right-hand rule; else a Point at the coordinates of the site;
/// else null. IoError `foreign` for a sites.geojson that is no FeatureCollection with `site_id`.
std::string sites_geojson(const Results& results, std::size_t option);

}  // namespace musi::analysis
