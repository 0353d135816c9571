#include "models/observation/zero.h"

#include <limits>

#include "models/indicators/catalogue.h"

namespace musi::models {

void add_zero_indicators(Indicators& list) {
  list.push_back(whole(once_by(
      "definition", "zero_year", "year", "First year of zero",
      "year in which the definition was first met; missing if not by the end of the run",
      [](const Observation& at, std::span<double> out) {
        for (std::size_t d = 0; d < out.size(); ++d) {
          const int month = at.world.zero.reached_month[d];
          out[d] = month >= 0 ? static_cast<double>(at.world.scenario->clock.year(month))
                              : std::numeric_limits<double>::quiet_NaN();
        }
      })));
}

}  // namespace musi::models
