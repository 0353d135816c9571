#include <algorithm>

#include "models/indicators/catalogue.h"
#include "models/indicators/groups.h"
#include "models/observation/areas.h"
#include "models/observation/books.h"

/// The official path against what is published and what is there.
namespace musi::models {

double next_target_area(const World& world, double last, int year) {
  const TargetPath path = world.scenario->targets.path.value_or(world.city->target_path);
  return std::max(0.0, last - official_reduction(path, world.state.baseline_area, last, year));
}

void add_target_indicators(Indicators& list) {
  list.push_back(yearly("target_area", "ha", "Official path",
                        "area that the official target leaves at the end of the year",
                        [](const Observation& at, std::span<double> out) {
                          out[0] = at.history.target_area;
                        }));
  list.push_back(yearly("target_area_gap", "ha", "Gap to the official path",
                        "physical slum area - official path",
                        [](const Observation& at, std::span<double> out) {
                          out[0] = physical_area(at.area.by_class) - at.history.target_area;
                        }));
  list.push_back(yearly("target_area_gap_reported", "ha", "Gap of the published figure",
                        "published slum area - official path",
                        [](const Observation& at, std::span<double> out) {
                          out[0] = at.world.state.reported_area - at.history.target_area;
                        }));
}

}  // namespace musi::models
