#pragma once

#include <string>

#include "analysis/scenario/reader.h"

namespace musi::analysis {

/// A numeric key of the scenario that the program varies between two bounds.
struct Lever {
  std::string path;
  std::string unit;  ///< of the key
  double low = 0.0, high = 0.0;
  bool whole = false;  ///< a count or a year
  int decimals = 0;    ///< of the values tried

  double step() const;  ///< values tried are multiples of it
  /// A value as it would be written in a scenario.
  std::string text(double value) const;
  Override at(double value, const char* origin = "point") const;
};

/// Decimals for which a thousand values fit between the bounds, and the bounds can be written.
int decimals_between(double low, double high);

/// Whether a path names a number that decides something: `number`, `whole` or uncertain keys of
/// the role assumption.
bool is_lever(const std::string& path);
/// The lever of a path for which is_lever() holds.
Lever lever_of(const std::string& path, double low, double high);

}  // namespace musi::analysis
