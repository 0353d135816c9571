#pragma once

#include <bit>
#include <cstdint>

namespace musi::sim {

/// What `sum` comes to after `part` has been added to it n times, one by one, each time rounded; in
/// a few steps. Both at least 0 and finite. Between two powers of two all sums are whole multiples
/// of one unit, so that every addition there brings the same, once a first has settled which way
/// halves of that unit are rounded.
inline double add_repeatedly(double sum, double part, std::uint32_t n) {
  constexpr std::uint32_t few = 8;
  const auto power_of_two = [](double x) { return std::bit_cast<std::uint64_t>(x) >> 52; };
  while (n >= few) {
    const double first = sum + part, second = first + part;
    if (power_of_two(sum) != power_of_two(second)) {
      sum = first;
      --n;
      continue;
    }
    const double each = second - first;
    if (!(each > 0.0)) return first;
    // Up to one before the next power of two, less one for the rounding of this quotient.
    const double top = std::bit_cast<double>((power_of_two(sum) + 1) << 52);
    const double room = (top - first) / each - 2.0;
    const double wanted = static_cast<double>(n - 1);
    if (!(room >= 1.0)) {
      sum = first;
      --n;
      continue;
    }
    const auto steps = static_cast<std::uint32_t>(room < wanted ? room : wanted);
    sum = first + static_cast<double>(steps) * each;
    n -= steps + 1;
  }
  for (; n > 0; --n) sum += part;
  return sum;
}

}  // namespace musi::sim
