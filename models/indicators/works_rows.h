#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "models/world.h"

/// The works programme of one future as a flat table, for result files.
namespace musi::models {

/// One row: what one programme brought of one item to one site, and to one RT where RTs have names
/// (surveyed sites), from the same start to the same end.
struct WorksRowOut {
  std::int32_t site = 0;       ///< row of City::sites
  std::int32_t rt = -1;        ///< row of City::surveyed; -1: not surveyed
  std::int32_t programme = 0;  ///< row of Scenario::programmes
  std::int32_t source = 0;     ///< row of Scenario::funding.sources
  std::int32_t start_month = 0, end_month = 0;  ///< months of the run; start -1: unknown
  std::int32_t item = 0;
  float units = 0.0f, cost = 0.0f, self_help = 0.0f;  ///< [units], [IDR million of 2019]
  float reworked = 0.0f;       ///< share of the cost in packages that were reworked
};
inline constexpr std::size_t works_columns = 11;

/// Rows of World::notes.works, joined and in the order of site, RT, start, programme, item.
std::vector<float> works_rows(const World& world);

/// The rows back from their numbers.
std::vector<WorksRowOut> works_from(std::span<const float> numbers);

}  // namespace musi::models
