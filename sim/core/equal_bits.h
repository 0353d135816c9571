#pragma once

#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace musi::sim {

/// Bit i is set where numbers[i] == wanted, for 64 numbers.
inline std::uint64_t equal_bits(const std::uint16_t* numbers, std::uint16_t wanted) {
  std::uint64_t bits = 0;
#if defined(__SSE2__)
  const __m128i all = _mm_set1_epi16(static_cast<std::int16_t>(wanted));
  const auto equal = [&](std::size_t i) {
    return _mm_cmpeq_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(numbers + i)), all);
  };
  for (std::size_t i = 0; i < 64; i += 16) {
    const int found = _mm_movemask_epi8(_mm_packs_epi16(equal(i), equal(i + 8)));
    bits |= static_cast<std::uint64_t>(static_cast<std::uint32_t>(found)) << i;
  }
#else
  for (std::size_t i = 0; i < 64; ++i) bits |= std::uint64_t{numbers[i] == wanted} << i;
#endif
  return bits;
}

/// Bit i is set where numbers[i] <= most, for the first n of at most 64 numbers.
inline std::uint64_t at_most_bits(const float* numbers, std::size_t n, float most) {
  std::uint64_t bits = 0;
  std::size_t i = 0;
#if defined(__SSE2__)
  const __m128 all = _mm_set1_ps(most);
  for (; i + 4 <= n; i += 4) {
    const int found = _mm_movemask_ps(_mm_cmple_ps(_mm_loadu_ps(numbers + i), all));
    bits |= static_cast<std::uint64_t>(static_cast<std::uint32_t>(found)) << i;
  }
#endif
  for (; i < n; ++i) bits |= std::uint64_t{numbers[i] <= most} << i;
  return bits;
}

}  // namespace musi::sim
