#include "sim/core/rng.h"

#include <array>

#include "sim/core/check.h"
#include "sim/core/vector_level.h"

#if defined(MUSI_HAS_VECTOR_LEVELS)
#include <immintrin.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace musi::sim {
namespace {

constexpr std::size_t n_rounds = 10;

/// What the key adds in each round, in lanes of 64 bits.
struct RoundKeys {
  std::array<std::int64_t, n_rounds> of_a, of_c;

  RoundKeys(std::uint32_t key0, std::uint32_t key1) {
    for (std::size_t round = 0; round < n_rounds; ++round) {
      of_a[round] = std::int64_t{key0};
      of_c[round] = std::int64_t{key1};
      key0 += 0x9E3779B9u;
      key1 += 0xBB67AE85u;
    }
  }
};

#if defined(__SSE2__)

/// Four entities at a time: two registers of two 64-bit lanes, so that one multiplication gives
/// both halves of a product. Only the lower half of a lane counts; what stands above it is never
/// read. Compilers do not find this form by themselves.
constexpr std::size_t n_pairs = 2;
using Lanes = __m128i[n_pairs];

void load(const EntityKey* key, Lanes& low, Lanes& high) {
  for (std::size_t p = 0; p < n_pairs; ++p) {
    low[p] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(key + 2 * p));
    high[p] = _mm_srli_epi64(low[p], 32);
  }
}

void store(const Lanes& words, std::uint32_t* out) {
  const __m128i first = _mm_shuffle_epi32(words[0], _MM_SHUFFLE(3, 1, 2, 0));
  const __m128i second = _mm_shuffle_epi32(words[1], _MM_SHUFFLE(3, 1, 2, 0));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), _mm_unpacklo_epi64(first, second));
}

__m128i in_both_lanes(std::uint32_t word) { return _mm_set1_epi64x(std::int64_t{word}); }

void philox_of_four(const EntityKey* key, std::uint32_t month, std::uint32_t decision,
                     const RoundKeys& keys, std::uint32_t* const out[4]) {
  Lanes a, b, c, d;
  load(key, a, b);
  for (std::size_t p = 0; p < n_pairs; ++p) {
    c[p] = in_both_lanes(month);
    d[p] = in_both_lanes(decision);
  }
  const __m128i m0 = in_both_lanes(0xD2511F53u);
  const __m128i m1 = in_both_lanes(0xCD9E8D57u);
  for (std::size_t round = 0; round < n_rounds; ++round) {
    const __m128i k0 = _mm_set1_epi64x(keys.of_a[round]);
    const __m128i k1 = _mm_set1_epi64x(keys.of_c[round]);
    for (std::size_t p = 0; p < n_pairs; ++p) {
      const __m128i p0 = _mm_mul_epu32(a[p], m0);
      const __m128i p1 = _mm_mul_epu32(c[p], m1);
      a[p] = _mm_xor_si128(_mm_xor_si128(_mm_srli_epi64(p1, 32), b[p]), k0);
      b[p] = p1;
      c[p] = _mm_xor_si128(_mm_xor_si128(_mm_srli_epi64(p0, 32), d[p]), k1);
      d[p] = p0;
    }
  }
  store(a, out[0]);
  store(b, out[1]);
  store(c, out[2]);
  store(d, out[3]);
}

#endif

#if defined(MUSI_HAS_VECTOR_LEVELS)

/// Eight entities at a time, in the same form.
MUSI_AVX2 void philox_of_eight(const EntityKey* key, std::uint32_t month, std::uint32_t decision,
                               const RoundKeys& keys, std::uint32_t* const out[4]) {
  __m256i a[n_pairs], b[n_pairs], c[n_pairs], d[n_pairs];
  for (std::size_t p = 0; p < n_pairs; ++p) {
    a[p] = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(key + 4 * p));
    b[p] = _mm256_srli_epi64(a[p], 32);
    c[p] = _mm256_set1_epi64x(std::int64_t{month});
    d[p] = _mm256_set1_epi64x(std::int64_t{decision});
  }
  const __m256i m0 = _mm256_set1_epi64x(std::int64_t{0xD2511F53u});
  const __m256i m1 = _mm256_set1_epi64x(std::int64_t{0xCD9E8D57u});
  for (std::size_t round = 0; round < n_rounds; ++round) {
    const __m256i k0 = _mm256_set1_epi64x(keys.of_a[round]);
    const __m256i k1 = _mm256_set1_epi64x(keys.of_c[round]);
    for (std::size_t p = 0; p < n_pairs; ++p) {
      const __m256i p0 = _mm256_mul_epu32(a[p], m0);
      const __m256i p1 = _mm256_mul_epu32(c[p], m1);
      a[p] = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(p1, 32), b[p]), k0);
      b[p] = p1;
      c[p] = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(p0, 32), d[p]), k1);
      d[p] = p0;
    }
  }
  const __m256i even = _mm256_setr_epi32(0, 2, 4, 6, 0, 2, 4, 6);  // lower halves of the lanes
  const __m256i* const words[4] = {a, b, c, d};
  for (std::size_t k = 0; k < 4; ++k) {
    const __m256i first = _mm256_permutevar8x32_epi32(words[k][0], even);
    const __m256i second = _mm256_permutevar8x32_epi32(words[k][1], even);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out[k]),
                        _mm256_blend_epi32(first, second, 0xF0));
  }
}

// g++ 12 takes the "undefined" source operand of its own intrinsics for a mistake.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

/// Sixteen entities at a time, in the same form.
MUSI_AVX512 void philox_of_sixteen(const EntityKey* key, std::uint32_t month,
                                   std::uint32_t decision, const RoundKeys& keys,
                                   std::uint32_t* const out[4]) {
  __m512i a[n_pairs], b[n_pairs], c[n_pairs], d[n_pairs];
  for (std::size_t p = 0; p < n_pairs; ++p) {
    a[p] = _mm512_loadu_si512(key + 8 * p);
    b[p] = _mm512_srli_epi64(a[p], 32);
    c[p] = _mm512_set1_epi64(std::int64_t{month});
    d[p] = _mm512_set1_epi64(std::int64_t{decision});
  }
  const __m512i m0 = _mm512_set1_epi64(std::int64_t{0xD2511F53u});
  const __m512i m1 = _mm512_set1_epi64(std::int64_t{0xCD9E8D57u});
  for (std::size_t round = 0; round < n_rounds; ++round) {
    const __m512i k0 = _mm512_set1_epi64(keys.of_a[round]);
    const __m512i k1 = _mm512_set1_epi64(keys.of_c[round]);
    for (std::size_t p = 0; p < n_pairs; ++p) {
      const __m512i p0 = _mm512_mul_epu32(a[p], m0);
      const __m512i p1 = _mm512_mul_epu32(c[p], m1);
      // 0x96: exclusive or of all three.
      a[p] = _mm512_ternarylogic_epi64(_mm512_srli_epi64(p1, 32), b[p], k0, 0x96);
      b[p] = p1;
      c[p] = _mm512_ternarylogic_epi64(_mm512_srli_epi64(p0, 32), d[p], k1, 0x96);
      d[p] = p0;
    }
  }
  const __m512i* const words[4] = {a, b, c, d};
  for (std::size_t k = 0; k < 4; ++k) {
    for (std::size_t p = 0; p < n_pairs; ++p) {
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(out[k] + 8 * p),
                          _mm512_cvtepi64_epi32(words[k][p]));
    }
  }
}

#pragma GCC diagnostic pop

#endif

}  // namespace

void Chance::blocks(std::span<const EntityKey> entities, std::span<std::uint32_t> word0,
                    std::span<std::uint32_t> word1, std::span<std::uint32_t> word2,
                    std::span<std::uint32_t> word3, std::uint32_t number) const {
  const std::uint32_t month = month_ | (number << 16);
  const std::size_t n = entities.size();
  MUSI_EXPECT(word0.size() >= n && word1.size() >= n && word2.size() >= n && word3.size() >= n);
  std::size_t i = 0;
#if defined(__SSE2__)
  const RoundKeys keys(key0_, key1_);
#endif
#if defined(MUSI_HAS_VECTOR_LEVELS)
  const bool is_widest = vector_level() == VectorLevel::avx512;
  for (; is_widest && i + 16 <= n; i += 16) {
    std::uint32_t* const out[4] = {&word0[i], &word1[i], &word2[i], &word3[i]};
    philox_of_sixteen(&entities[i], month, decision_, keys, out);
  }
  const bool is_wide = vector_level() != VectorLevel::baseline;
  for (; is_wide && i + 8 <= n; i += 8) {
    std::uint32_t* const out[4] = {&word0[i], &word1[i], &word2[i], &word3[i]};
    philox_of_eight(&entities[i], month, decision_, keys, out);
  }
#endif
#if defined(__SSE2__)
  for (; i + 4 <= n; i += 4) {
    std::uint32_t* const out[4] = {&word0[i], &word1[i], &word2[i], &word3[i]};
    philox_of_four(&entities[i], month, decision_, keys, out);
  }
#endif
  for (; i < n; ++i) {
    const Block words = block(entities[i], number);
    word0[i] = words[0];
    word1[i] = words[1];
    word2[i] = words[2];
    word3[i] = words[3];
  }
}

}  // namespace musi::sim
