#include "models/observation/barriers.h"

#include "models/indicators/catalogue.h"

namespace musi::models {
namespace {

template <Barrier barrier>
void area_behind(const Observation& at, std::span<double> out) {
  out[0] = area_by_barrier(at.world)[static_cast<std::size_t>(barrier)];
}

}  // namespace

void add_barrier_indicators(Indicators& list) {
  const auto add = [&](const char* name, const char* long_name, const char* definition,
                       Measure measure) {
    list.push_back(yearly(name, "ha", long_name, definition, measure));
  };
  add("barrier_land", "Still slum: land",
      "land without clear status that got no works, or works refused for it",
      area_behind<Barrier::land>);
  add("barrier_money", "Still slum: money", "no package this year, or cancelled for money",
      area_behind<Barrier::money>);
  add("barrier_guideline", "Still slum: guideline", "started late because the guideline was late",
      area_behind<Barrier::guideline>);
  add("barrier_procurement", "Still slum: procurement and staff",
      "late for procurement or staff, or not finished in the year",
      area_behind<Barrier::procurement>);
  add("barrier_participation", "Still slum: participation", "failed gate, group or consent",
      area_behind<Barrier::participation>);
  add("barrier_technical", "Still slum: not enough was built",
      "works were delivered and 16 points or more are left", area_behind<Barrier::technical>);
  add("barrier_regrowth", "Still slum: came back",
      "was below 16 points before, and no earlier barrier applies",
      area_behind<Barrier::regrowth>);
}

}  // namespace musi::models
