#include <string>

#include "models/indicators/catalogue.h"
#include "models/indicators/site_rows.h"

namespace musi::models {
namespace {

template <Barrier barrier>
void area_behind(const Observation& at, std::span<double> out) {
  out[0] = at.area.by_barrier[static_cast<std::size_t>(barrier)];
}

template <Barrier barrier>
void site_area_behind(const Observation& at, std::span<double> out) {
  at_city_rows(at.world, out, [&](std::size_t site) {
    return at.area.by_site_barrier[site][static_cast<std::size_t>(barrier)];
  });
}

template <Barrier barrier>
void add(Indicators& list, const std::string& key, const char* long_name, const char* definition) {
  list.push_back(yearly("barrier_" + key, "ha", long_name, definition, area_behind<barrier>));
  // By site the mean over the futures is kept: what holds a site back in most futures.
  list.push_back(only_mean(yearly_by("site", "site_barrier_" + key, "ha",
                                     std::string(long_name) + ", by site", definition,
                                     site_area_behind<barrier>)));
}

}  // namespace

void add_barrier_indicators(Indicators& list) {
  add<Barrier::land>(list, "land", "Still slum: land",
                     "land without clear status that got no works, or works refused for it");
  add<Barrier::money>(list, "money", "Still slum: money",
                      "no package this year, or cancelled for money");
  add<Barrier::guideline>(list, "guideline", "Still slum: guideline",
                          "started late because the guideline was late");
  add<Barrier::procurement>(list, "procurement", "Still slum: procurement and staff",
                            "late for procurement or staff, or not finished in the year");
  add<Barrier::participation>(list, "participation", "Still slum: participation",
                              "failed gate, group or consent");
  add<Barrier::technical>(list, "technical", "Still slum: not enough was built",
                          "works were delivered and 16 points or more are left");
  add<Barrier::regrowth>(list, "regrowth", "Still slum: came back",
                         "was below 16 points before, and no earlier barrier applies");
}

}  // namespace musi::models
