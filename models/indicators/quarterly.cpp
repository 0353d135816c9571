#include <algorithm>
#include <array>
#include <string_view>

#include "models/indicators/catalogue.h"

/// City series by quarter: area and people, MODEL.md 23.
namespace musi::models {
namespace {

constexpr std::array<std::string_view, 16> names{
    "slum_area",     "slum_area_ledger", "slum_area_decree", "slum_area_reported",
    "coverage",      "area_heavy",       "area_medium",      "area_light",
    "mean_score",    "unfit_houses",     "deprived_households", "households",
    "engaged",       "engaged_river",    "engaged_land",     "area_improved"};

bool is_quarterly(const Scenario& scenario, const City&) { return scenario.outputs.quarterly; }

}  // namespace

void add_quarterly_indicators(Indicators& list) {
  Indicators copies;
  for (const Indicator& yearly : list) {
    if (std::find(names.begin(), names.end(), yearly.info.name) == names.end()) continue;
    Indicator copy = yearly;
    copy.info.name = "quarterly/" + yearly.info.name;
    copy.info.dims.front() = "quarter";
    copy.reading = Reading::quarter;
    copy.is_wanted = is_quarterly;
    copies.push_back(std::move(copy));
  }
  list.insert(list.end(), copies.begin(), copies.end());
}

}  // namespace musi::models
