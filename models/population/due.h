#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace musi::models {

/// Bit i is set where due[i] == now, for 64 rows.
inline std::uint64_t due_bits(const std::uint16_t* due, std::uint16_t now) {
  std::uint64_t bits = 0;
#if defined(__SSE2__)
  const __m128i wanted = _mm_set1_epi16(static_cast<std::int16_t>(now));
  const auto equal = [&](std::size_t i) {
    return _mm_cmpeq_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(due + i)), wanted);
  };
  for (std::size_t i = 0; i < 64; i += 16) {
    const int found = _mm_movemask_epi8(_mm_packs_epi16(equal(i), equal(i + 8)));
    bits |= static_cast<std::uint64_t>(static_cast<std::uint32_t>(found)) << i;
  }
#else
  for (std::size_t i = 0; i < 64; ++i) bits |= std::uint64_t{due[i] == now} << i;
#endif
  return bits;
}

/// Rows whose due month is now, in order of rows. `due` is one of the 16-bit month columns.
inline void rows_due(std::span<const std::uint16_t> due, std::uint16_t now,
                     std::vector<std::uint32_t>& rows) {
  constexpr std::size_t block = 64;
  const std::size_t whole = due.size() / block * block;
  std::size_t total = 0;
  for (std::size_t first = 0; first < whole; first += block) {
    total += static_cast<std::size_t>(std::popcount(due_bits(due.data() + first, now)));
  }
  rows.resize(total);
  std::uint32_t* out = rows.data();
  for (std::size_t first = 0; first < whole; first += block) {
    std::uint64_t bits = due_bits(due.data() + first, now);
    for (; bits != 0; bits &= bits - 1) {
      *out++ = static_cast<std::uint32_t>(first + static_cast<std::size_t>(std::countr_zero(bits)));
    }
  }
  for (std::size_t i = whole; i < due.size(); ++i) {
    if (due[i] == now) rows.push_back(static_cast<std::uint32_t>(i));
  }
}

}  // namespace musi::models
