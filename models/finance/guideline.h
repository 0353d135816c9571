#pragma once

#include <string_view>

#include "models/scenario.h"
#include "models/world.h"
#include "sim/core/process.h"

/// When money can move, MODEL.md 11.3. All times in elapsed months since 1 January.
namespace musi::models {

/// Preset of the month of a national guideline (juknis). [elapsed months]
struct GuidelineMonths {
  double mean, low, high, sd;
};
/// Source: panrb_2022, mendagri_2025 (central); haluansumatera_2016 (very late); else assumed.
GuidelineMonths months_of(GuidelinePreset preset);

/// Month for a standard normal z: truncated to the low and high of the preset.
double guideline_month(const GuidelineMonths& months, double z);

/// Name of a programme for addresses; the same in every option.
sim::EntityKey programme_key(std::string_view id);

/// J of a programme in a year: 1 for programmes without ministry guideline and for pre-positioned
/// guidelines; else the first that is given of: own month of the year, own month, own preset, month
/// of the year, month, preset of the scenario. [elapsed months]
double draw_guideline_month(const World& world, const ProgrammeSpec& programme,
                            const sim::Step& step);

/// B of a source in a year. [elapsed months]
double draw_effective_month(const World& world, const SourceSpec& source, const sim::Step& step);

/// S = max(J, B) + v + q. [elapsed months]
constexpr double start_of_works(double guideline, double effective, double verification,
                                double procurement) {
  return (guideline > effective ? guideline : effective) + verification + procurement;
}
/// A: share of works that fits into the year. [0-1]
constexpr double feasible_share(double start, double span, double stop) {
  const double share = span > 0 ? (stop - start) / span : (stop > start ? 1.0 : 0.0);
  return share < 0 ? 0.0 : (share > 1 ? 1.0 : share);
}
/// A': the same when started works are hurried in December and `lost` of the rest slips. [0-1]
constexpr double hurried_share(double feasible, double lost) {
  return feasible > 0 ? feasible + (1 - feasible) * (1 - lost) : 0.0;
}

}  // namespace musi::models
