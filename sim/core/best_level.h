#pragma once

#include "sim/core/vector_level.h"

namespace musi::sim {

#if defined(MUSI_HAS_VECTOR_LEVELS)
template <class Body>
MUSI_AVX2 void at_avx2(const Body& body) {
  body();
}
template <class Body>
MUSI_AVX512 void at_avx512(const Body& body) {
  body();
}
#define MUSI_LOOP __attribute__((always_inline))
#else
#define MUSI_LOOP
#endif

/// Runs `body` once, compiled for the vectors in use, so that its loops vectorise as wide as they
/// can: `at_best_level([&]() MUSI_LOOP { ... })`. What it calls must be inline. Loops over columns
/// should write local ones, which cannot alias.
template <class Body>
void at_best_level(const Body& body) {
#if defined(MUSI_HAS_VECTOR_LEVELS)
  switch (vector_level()) {
    case VectorLevel::avx512: return at_avx512(body);
    case VectorLevel::avx2: return at_avx2(body);
    case VectorLevel::baseline: break;
  }
#endif
  body();
}

}  // namespace musi::sim
