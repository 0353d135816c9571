#pragma once

#include <algorithm>
#include <atomic>

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
inline VectorLevel best_vector_level() {
#if defined(MUSI_VECTOR_LEVEL)
  return static_cast<VectorLevel>(MUSI_VECTOR_LEVEL);
#else
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")) {
    return VectorLevel::avx512;
  }
  return __builtin_cpu_supports("avx2") ? VectorLevel::avx2 : VectorLevel::baseline;
#endif
}
#else
#define MUSI_BODY inline
inline VectorLevel best_vector_level() { return VectorLevel::baseline; }
#endif

/// The level in use, for all threads: the best one until `use_vector_level` says otherwise.
inline std::atomic<VectorLevel>& level_in_use() {
  static std::atomic<VectorLevel> level{best_vector_level()};
  return level;
}
inline VectorLevel vector_level() { return level_in_use().load(std::memory_order_relaxed); }

/// Sets the level, at most the best one; gives what is in use then. For tests and benchmarks.
inline VectorLevel use_vector_level(VectorLevel wanted) {
  const VectorLevel level = std::min(wanted, best_vector_level());
  level_in_use().store(level, std::memory_order_relaxed);
  return level;
}

}  // namespace musi::sim
