#include <algorithm>
#include <limits>

#include "models/indicators/catalogue.h"
#include "models/indicators/groups.h"

/// Surveyed neighbourhoods, in the order of the city's rt.csv. Others have no names that last from
/// one future to the next.
namespace musi::models {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

bool is_surveyed(const Scenario&, const City& city) { return !city.surveyed.empty(); }

Indicator of_rts(const char* name, const char* unit, const char* long_name,
                 const char* definition, Measure measure) {
  Indicator i = once_by("rt", name, unit, long_name, definition, measure);
  i.is_wanted = is_surveyed;
  return i;
}

}  // namespace

void add_rt_indicators(Indicators& list) {
  list.push_back(whole(of_rts("rt_zero_year", "year", "Year in which neighbourhoods were no slum",
                              "first December with a physical score below 16",
                              [](const Observation& at, std::span<double> out) {
                                for (std::size_t i = 0; i < out.size(); ++i) {
                                  const int year = at.history.rt_zero_year[i];
                                  out[i] = year > 0 ? static_cast<double>(year) : none;
                                }
                              })));
  list.push_back(of_rts("rt_points", "points", "Score of neighbourhoods at the end",
                        "physical score in the last December",
                        [](const Observation& at, std::span<double> out) {
                          std::fill(out.begin(), out.end(), none);
                          for_each_surveyed_rt(at.world, [&](std::size_t row, std::size_t rt) {
                            out[row] = at.world.rts.physical_score[rt];
                          });
                        }));
  list.push_back(of_rts("rt_start_points", "points", "Score of neighbourhoods at the start",
                        "physical score of the survey",
                        [](const Observation& at, std::span<double> out) {
                          const auto& points = at.history.rt_start_points;
                          std::copy(points.begin(), points.end(), out.begin());
                        }));
}

}  // namespace musi::models
