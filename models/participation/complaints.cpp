#include "models/participation/complaints.h"

#include <algorithm>
#include <limits>

namespace musi::models {

double handling_months(const World& world, int year) {
  const bool on = year >= world.scenario->participation.complaint_channel_start_year;
  const double paid = world.money.desk_share;
  if (!on || !(paid > 0.0)) return std::numeric_limits<double>::quiet_NaN();
  return world.future[Param::complaint_handling] / paid;
}

double complaints_handled(const World& world, int year) {
  const double months = handling_months(world, year);
  return months == months ? std::max(0.0, 1.0 - months / 12.0) : 0.0;
}

}  // namespace musi::models
