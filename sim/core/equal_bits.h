#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace musi::sim {

/// Bit i is set where numbers[i] == wanted, for n numbers: 16, 32, 48 or 64.
template <std::size_t n = 64>
inline std::uint64_t equal_bits(const std::uint16_t* numbers, std::uint16_t wanted) {
  std::uint64_t bits = 0;
#if defined(__SSE2__)
  const __m128i all = _mm_set1_epi16(static_cast<std::int16_t>(wanted));
  const auto equal = [&](std::size_t i) {
    return _mm_cmpeq_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(numbers + i)), all);
  };
  static_assert(n % 16 == 0 && n <= 64);
  for (std::size_t i = 0; i < n; i += 16) {
    const int found = _mm_movemask_epi8(_mm_packs_epi16(equal(i), equal(i + 8)));
    bits |= static_cast<std::uint64_t>(static_cast<std::uint32_t>(found)) << i;
  }
#else
  for (std::size_t i = 0; i < n; ++i) bits |= std::uint64_t{numbers[i] == wanted} << i;
#endif
  return bits;
}

/// Bit i is set where numbers[i] <= most, for 64 numbers.
inline std::uint64_t at_most_bits(const std::uint16_t* numbers, std::uint16_t most) {
  std::uint64_t bits = 0;
#if defined(__SSE2__)
  const __m128i all = _mm_set1_epi16(static_cast<std::int16_t>(most));
  const auto is_at_most = [&](std::size_t i) {
    const auto* const at = reinterpret_cast<const __m128i*>(numbers + i);
    return _mm_cmpeq_epi16(_mm_subs_epu16(_mm_loadu_si128(at), all), _mm_setzero_si128());
  };
  for (std::size_t i = 0; i < 64; i += 16) {
    const int found = _mm_movemask_epi8(_mm_packs_epi16(is_at_most(i), is_at_most(i + 8)));
    bits |= static_cast<std::uint64_t>(static_cast<std::uint32_t>(found)) << i;
  }
#else
  for (std::size_t i = 0; i < 64; ++i) bits |= std::uint64_t{numbers[i] <= most} << i;
#endif
  return bits;
}

/// Bit i is set where numbers[i] is not 0, for 64 numbers.
inline std::uint64_t nonzero_bits(const std::uint32_t* numbers) {
  std::uint64_t bits = 0;
#if defined(__SSE2__)
  const auto is_zero = [&](std::size_t i) {
    return _mm_cmpeq_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(numbers + i)),
                           _mm_setzero_si128());
  };
  for (std::size_t i = 0; i < 64; i += 16) {
    const __m128i low = _mm_packs_epi32(is_zero(i), is_zero(i + 4));
    const __m128i high = _mm_packs_epi32(is_zero(i + 8), is_zero(i + 12));
    const int zero = _mm_movemask_epi8(_mm_packs_epi16(low, high));
    bits |= static_cast<std::uint64_t>(~static_cast<std::uint32_t>(zero) & 0xFFFFu) << i;
  }
#else
  for (std::size_t i = 0; i < 64; ++i) bits |= std::uint64_t{numbers[i] != 0} << i;
#endif
  return bits;
}

/// The least of n numbers that are not `but`, or the largest number there is; n: 8, 16, 24, ...
template <std::size_t n>
inline std::uint16_t least_other(const std::uint16_t* numbers, std::uint16_t but) {
  static_assert(n % 8 == 0);
  std::array<std::uint16_t, 8> least;
  least.fill(0xFFFF);
#if defined(__SSE2__)
  const __m128i all = _mm_set1_epi16(static_cast<std::int16_t>(but));
  __m128i lanes = _mm_set1_epi16(-1);
  for (std::size_t i = 0; i < n; i += 8) {
    const __m128i some = _mm_loadu_si128(reinterpret_cast<const __m128i*>(numbers + i));
    const __m128i others = _mm_or_si128(some, _mm_cmpeq_epi16(some, all));
    lanes = _mm_sub_epi16(lanes, _mm_subs_epu16(lanes, others));  // the lesser of both
  }
  _mm_storeu_si128(reinterpret_cast<__m128i*>(least.data()), lanes);
#else
  for (std::size_t i = 0; i < n; ++i) {
    if (numbers[i] != but) least[i % 8] = std::min(least[i % 8], numbers[i]);
  }
#endif
  return *std::min_element(least.begin(), least.end());
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
