#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/indicators/indicator.h"
#include "models/world.h"
#include "sim/core/recorder.h"

namespace musi::models {

/// Takes down one run: `december` at the end of each December, `finish` once at the end. The series
/// are those of `series_of`; years that a run did not reach stay missing (NaN). `headline_alone`:
/// only those of the headline, which need neither people nor minutes.
class RunRecorder {
 public:
  explicit RunRecorder(const World& world, bool headline_alone = false);

  /// Reads the world at the end of the December of `world.month`.
  void december(const World& world);
  /// Reads the world at the end of the quarter of `world.month`.
  void quarter(const World& world);
  /// True if a record of `world` has the same series in the same shapes.
  bool fits(const World& world) const;
  /// Reads what is taken once and hands over the record; the recorder is empty then.
  sim::RunRecord finish(const World& world);

 private:
  void remember(const World& world, std::size_t year_index);
  void measure(const World& world, Reading reading, std::size_t row);
  void read(const Observation& at, Reading reading, std::size_t row);

  bool headline_alone_;
  std::vector<const Indicator*> indicators_;
  std::vector<std::size_t> widths_;  ///< numbers of one reading, by series
  sim::RunRecord record_;
  History history_;
};

/// Lengths of the dimensions that no scenario or city changes.
std::map<std::string, std::size_t> fixed_dimensions();

/// Counts households by need, in the order of rows.
Census take_census(const World& world);

}  // namespace musi::models
