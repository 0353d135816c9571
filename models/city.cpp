#include "models/city.h"

#include "sim/core/check.h"

namespace musi::models {

double City::price_level(int year) const {
  MUSI_EXPECT(!price_index.empty());
  const auto at = [&](int y) {
    const auto above = price_index.lower_bound(y);
    if (above == price_index.end()) return price_index.rbegin()->second;
    if (above->first == y || above == price_index.begin()) return above->second;
    const auto below = std::prev(above);
    const double weight =
        static_cast<double>(y - below->first) / static_cast<double>(above->first - below->first);
    return below->second + weight * (above->second - below->second);
  };
  return at(year) / at(2019);
}

}  // namespace musi::models
