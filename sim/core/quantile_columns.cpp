#include "sim/core/quantile_columns.h"

#include <cstddef>

#include "sim/core/check.h"
#include "sim/core/portable_math.h"
#include "sim/core/rng.h"
#include "sim/core/vector_level.h"

namespace musi::sim {
namespace {

MUSI_BODY void normals_body(const std::uint32_t* __restrict words, std::size_t n,
                            float* __restrict z) {
  for (std::size_t i = 0; i < n; ++i) z[i] = portable::normal_quantile(uniform24(words[i]));
}

MUSI_BODY void logs_body(double* x, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) x[i] = portable::log(x[i]);
}

#if defined(MUSI_HAS_VECTOR_LEVELS)
MUSI_AVX2 void normals_avx2(const std::uint32_t* words, std::size_t n, float* z) {
  normals_body(words, n, z);
}
MUSI_AVX512 void normals_avx512(const std::uint32_t* words, std::size_t n, float* z) {
  normals_body(words, n, z);
}
MUSI_AVX2 void logs_avx2(double* x, std::size_t n) { logs_body(x, n); }
MUSI_AVX512 void logs_avx512(double* x, std::size_t n) { logs_body(x, n); }
#endif

}  // namespace

void normals(std::span<const std::uint32_t> words, std::span<float> z) {
  MUSI_EXPECT(z.size() >= words.size());
#if defined(MUSI_HAS_VECTOR_LEVELS)
  switch (vector_level()) {
    case VectorLevel::avx512: return normals_avx512(words.data(), words.size(), z.data());
    case VectorLevel::avx2: return normals_avx2(words.data(), words.size(), z.data());
    case VectorLevel::baseline: break;
  }
#endif
  normals_body(words.data(), words.size(), z.data());
}

void logs(std::span<double> x) {
#if defined(MUSI_HAS_VECTOR_LEVELS)
  switch (vector_level()) {
    case VectorLevel::avx512: return logs_avx512(x.data(), x.size());
    case VectorLevel::avx2: return logs_avx2(x.data(), x.size());
    case VectorLevel::baseline: break;
  }
#endif
  logs_body(x.data(), x.size());
}

}  // namespace musi::sim
