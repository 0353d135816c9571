#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/results.h"

/// When a future has failed: `zero_year>2035`, `slum_area_ha:2030>100`,
/// `paid_idr_bn:2024..2030>=500`.
namespace musi::analysis {

enum class Order : std::uint8_t { less, less_equal, greater, greater_equal, equal };

struct FailureRule {
  enum class Kind : std::uint8_t {
    zero_year,     ///< year of zero; later than every year if it is not reached
    slum_area_ha,  ///< [ha] physical slum area at the end of `from`
    paid_idr_bn,   ///< [IDR bn] money paid from `from` to `to`
  };
  Kind kind = Kind::zero_year;
  std::string definition;  ///< of zero_year
  int from = 0, to = 0;
  Order comparison = Order::greater;
  double bound = 0.0;

  /// "0 % by 2035 (Z2a) fails", "slum_area_ha:2030 > 100".
  std::string words(const std::string& lang) const;
};

/// METRIC OP NUMBER with METRIC zero_year, zero_year:DEFINITION, slum_area_ha:YEAR or
/// paid_idr_bn:YEAR[..YEAR] and OP <, <=, >, >=, =. Empty: the headline of the result is not
/// reached by its year. std::invalid_argument with a sentence for the user.
FailureRule parse_failure(const std::string& text, const Results& results);

/// Whether each future of an option fails: 0 or 1.
std::vector<std::uint8_t> failures(const FailureRule& rule, const Results& results,
                                   std::size_t option);

}  // namespace musi::analysis
