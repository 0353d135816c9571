#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace musi::sim {

/// find_equal writes whole vectors: so many places behind the last one found may be overwritten.
inline constexpr std::size_t find_equal_slack = 16;

/// Writes the places of the numbers that equal `wanted` to `places`, in order, each plus `first`.
/// Returns how many there are. `places` has room for all numbers and find_equal_slack more.
std::size_t find_equal(std::span<const std::uint16_t> numbers, std::uint16_t wanted,
                       std::uint32_t first, std::uint32_t* places);

}  // namespace musi::sim
