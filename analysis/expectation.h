#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/headline.h"
#include "analysis/results.h"

/// What `--expect` demands of a result: `[OPTION:]METRIC OP NUMBER`, INTERFACE 1.5.
namespace musi::analysis {

enum class Metric : std::uint8_t {
  chance_by,     ///< [percent] of futures with 0 % by the end of `from`
  zero_year,     ///< year by which `percent` % of futures have 0 %; infinite if not by the end
  slum_area_ha,  ///< [ha] mean physical area in `from`
  paid_idr_bn,   ///< [IDR bn] mean money paid in `from` to `to`
};
enum class Comparison : std::uint8_t { less, less_equal, greater, greater_equal, equal };

struct Expectation {
  std::string text;    ///< as given
  std::string option;  ///< empty: of all options
  Metric metric = Metric::chance_by;
  int from = 0, to = 0;
  double percent = 0.0;
  Comparison comparison = Comparison::greater_equal;
  double bound = 0.0;
};

/// What came of an expectation in one option.
struct Outturn {
  std::string option;
  double value = 0.0;
  bool holds = false;
};

/// Throws std::invalid_argument with a sentence for the user.
Expectation parse_expectation(const std::string& text);

/// One outturn per option that is meant; `std::invalid_argument` if there is no such option or
/// year.
std::vector<Outturn> check_expectation(const Expectation& expectation, const Results& results,
                                       const std::vector<OptionOutcome>& outcomes);

}  // namespace musi::analysis
