#pragma once

#include <cstdint>

namespace musi::sim {

/// Month index since January of the start year; negative months are the spin-up.
using Month = int;

/// Calendar of one run: from January of `start_year` to December of `end_year`.
struct Clock {
  int start_year = 2019;
  int end_year = 2045;

  constexpr int n_years() const { return end_year - start_year + 1; }
  constexpr Month n_months() const { return 12 * n_years(); }
  /// Calendar year of month `t`.
  constexpr int year(Month t) const { return start_year + year_index(t); }
  /// Years since the start year (floor; -1 for the year before).
  static constexpr int year_index(Month t) { return (t >= 0 ? t : t - 11) / 12; }
  /// Month of the year, 1 to 12.
  static constexpr int month_of_year(Month t) { return ((t % 12) + 12) % 12 + 1; }
  static constexpr bool is_january(Month t) { return month_of_year(t) == 1; }
  static constexpr bool is_december(Month t) { return month_of_year(t) == 12; }
  /// Last month of a quarter: March, June, September, December.
  static constexpr bool ends_quarter(Month t) { return month_of_year(t) % 3 == 0; }
};

}  // namespace musi::sim
