#include "sim/core/quantile_columns.h"

#include <cstddef>

#include "sim/core/best_level.h"
#include "sim/core/check.h"
#include "sim/core/portable_math.h"
#include "sim/core/rng.h"

namespace musi::sim {
namespace {

MUSI_BODY void normals_body(const std::uint32_t* __restrict words, std::size_t n,
                            float* __restrict z) {
  for (std::size_t i = 0; i < n; ++i) z[i] = portable::normal_quantile(uniform24(words[i]));
}

MUSI_BODY void logs_body(double* x, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) x[i] = portable::log(x[i]);
}

}  // namespace

void normals(std::span<const std::uint32_t> words, std::span<float> z) {
  MUSI_EXPECT(z.size() >= words.size());
  at_best_level([&]() MUSI_LOOP { normals_body(words.data(), words.size(), z.data()); });
}

void logs(std::span<double> x) {
  at_best_level([&]() MUSI_LOOP { logs_body(x.data(), x.size()); });
}

}  // namespace musi::sim
