#pragma once

/// Wider vectors where the processor has them. The operations are those of IEEE 754 one by one and
/// never contracted, so every level gives the same bits; only the time differs.
namespace musi::sim {

enum class VectorLevel { baseline, avx2, avx512 };

#if defined(__x86_64__) && defined(__GNUC__)
#define MUSI_HAS_VECTOR_LEVELS 1
#define MUSI_AVX2 __attribute__((target("avx2")))
#define MUSI_AVX512 __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl")))
/// Bodies that every level inlines and vectorises in its own way.
#define MUSI_BODY [[gnu::always_inline]] inline

/// The best level of this processor. `MUSI_VECTOR_LEVEL` (0, 1, 2) fixes it when the program is
/// built, for comparisons.
inline VectorLevel vector_level() {
#if defined(MUSI_VECTOR_LEVEL)
  return static_cast<VectorLevel>(MUSI_VECTOR_LEVEL);
#else
  static const VectorLevel level = [] {
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")) {
      return VectorLevel::avx512;
    }
    return __builtin_cpu_supports("avx2") ? VectorLevel::avx2 : VectorLevel::baseline;
  }();
  return level;
#endif
}
#else
#define MUSI_BODY inline
inline VectorLevel vector_level() { return VectorLevel::baseline; }
#endif

}  // namespace musi::sim
