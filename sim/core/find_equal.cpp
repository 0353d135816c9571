#include "sim/core/find_equal.h"

#include <bit>

#include "sim/core/equal_bits.h"
#include "sim/core/vector_level.h"

#if defined(MUSI_HAS_VECTOR_LEVELS)
#include <immintrin.h>
#endif

namespace musi::sim {
namespace {

constexpr std::size_t together = 64;

/// Those of the numbers from `begin` on; `out` as `places` of find_equal, gives its end.
std::uint32_t* find_rest(std::span<const std::uint16_t> numbers, std::size_t begin,
                         std::uint16_t wanted, std::uint32_t first, std::uint32_t* out) {
  for (std::size_t i = begin; i < numbers.size(); ++i) {
    *out = first + static_cast<std::uint32_t>(i);
    out += numbers[i] == wanted ? 1 : 0;
  }
  return out;
}

std::uint32_t* find_by_bits(std::span<const std::uint16_t> numbers, std::uint16_t wanted,
                            std::uint32_t first, std::uint32_t* out) {
  std::size_t i = 0;
  for (; i + together <= numbers.size(); i += together) {
    const std::uint32_t at = first + static_cast<std::uint32_t>(i);
    for (std::uint64_t bits = equal_bits(numbers.data() + i, wanted); bits != 0; bits &= bits - 1) {
      *out++ = at + static_cast<std::uint32_t>(std::countr_zero(bits));
    }
  }
  return find_rest(numbers, i, wanted, first, out);
}

#if defined(MUSI_HAS_VECTOR_LEVELS)
// g++ 12 takes the "undefined" source operand of its own intrinsics for a mistake.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
/// Places of sixteen numbers at a time close up in a register.
MUSI_AVX512 std::uint32_t* find_closing_up(std::span<const std::uint16_t> numbers,
                                           std::uint16_t wanted, std::uint32_t first,
                                           std::uint32_t* out) {
  constexpr int lanes = 16;
  const __m512i all = _mm512_set1_epi16(static_cast<std::int16_t>(wanted));
  const __m512i step = _mm512_set1_epi32(lanes);
  __m512i at = _mm512_add_epi32(
      _mm512_set1_epi32(static_cast<std::int32_t>(first)),
      _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
  std::size_t i = 0;
  for (; i + 2 * lanes <= numbers.size(); i += 2 * lanes) {
    const __mmask32 equal = _mm512_cmpeq_epi16_mask(_mm512_loadu_si512(numbers.data() + i), all);
    for (int half = 0; half < 2; ++half) {
      const auto found = static_cast<__mmask16>(equal >> (half * lanes));
      _mm512_storeu_si512(out, _mm512_maskz_compress_epi32(found, at));
      out += std::popcount(found);
      at = _mm512_add_epi32(at, step);
    }
  }
  return find_rest(numbers, i, wanted, first, out);
}
#pragma GCC diagnostic pop
#endif

}  // namespace

std::size_t find_equal(std::span<const std::uint16_t> numbers, std::uint16_t wanted,
                       std::uint32_t first, std::uint32_t* places) {
#if defined(MUSI_HAS_VECTOR_LEVELS)
  if (vector_level() == VectorLevel::avx512) {
    return static_cast<std::size_t>(find_closing_up(numbers, wanted, first, places) - places);
  }
#endif
  return static_cast<std::size_t>(find_by_bits(numbers, wanted, first, places) - places);
}

}  // namespace musi::sim
