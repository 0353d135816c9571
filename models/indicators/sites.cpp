#include <limits>

#include "models/indicators/catalogue.h"
#include "models/indicators/site_rows.h"

namespace musi::models {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

double slum_area_of(const World& world, std::size_t site) {
  double area = 0.0;
  for (const std::uint32_t rt : world.sites.rts[site]) {
    if (world.rts.physical_class[rt] != Slum::not_slum) {
      area += static_cast<double>(world.rts.area[rt]);
    }
  }
  return area;
}

}  // namespace

void add_site_indicators(Indicators& list) {
  list.push_back(yearly_by("site", "site_area", "ha", "Slum area of sites, physical",
                           "area of the site's neighbourhoods with a physical score of 16 or more",
                           [](const Observation& at, std::span<double> out) {
                             at_city_rows(at.world, out, [&](std::size_t site) {
                               return slum_area_of(at.world, site);
                             });
                           }));
  list.push_back(whole(once_by(
      "site", "site_zero_year", "year", "Year in which sites reached zero",
      "first year at whose end no neighbourhood of the site had 16 points or more",
      [](const Observation& at, std::span<double> out) {
        at_city_rows(at.world, out, [&](std::size_t site) {
          const int year = at.history.site_zero_year[site];
          return year > 0 ? static_cast<double>(year) : missing;
        });
      })));
}

}  // namespace musi::models
