#include "sim/core/quantile_columns.h"

#include <catch2/catch.hpp>
#include <vector>

#include "sim/core/portable_math.h"
#include "sim/core/rng.h"
#include "sim/core/vector_level.h"

using namespace musi::sim;

namespace {

constexpr VectorLevel levels[] = {VectorLevel::baseline, VectorLevel::avx2, VectorLevel::avx512};

/// Words of all sizes, the least and the largest among them.
std::vector<std::uint32_t> some_words(std::size_t n) {
  std::vector<std::uint32_t> words{0u, 0xFFFFFFFFu, 0x00700000u, 0xFF900000u};
  for (std::size_t i = words.size(); i < n; ++i) {
    words.push_back(static_cast<std::uint32_t>(mix64(i)));
  }
  words.resize(n);
  return words;
}

}  // namespace

TEST_CASE("normals of many words have the bits of the normals of one, at every width",
          "[property]") {
  const VectorLevel best = vector_level();
  for (const VectorLevel level : levels) {
    use_vector_level(level);
    for (const std::size_t n : {0, 1, 3, 7, 16, 37, 5000}) {
      const std::vector<std::uint32_t> words = some_words(n);
      std::vector<float> z(n);
      normals(words, z);
      std::size_t n_equal = 0;
      for (std::size_t i = 0; i < n; ++i) {
        n_equal += z[i] == portable::normal_quantile(uniform24(words[i])) ? 1 : 0;
      }
      CHECK(n_equal == n);
    }
  }
  use_vector_level(best);
}

TEST_CASE("logarithms of many numbers have the bits of the logarithm of one, at every width",
          "[property]") {
  const VectorLevel best = vector_level();
  for (const VectorLevel level : levels) {
    use_vector_level(level);
    for (const std::size_t n : {0, 1, 3, 7, 16, 37, 5000}) {
      const std::vector<std::uint32_t> words = some_words(n + 1);
      std::vector<double> x(n), logarithm(n);
      for (std::size_t i = 0; i < n; ++i) {
        x[i] = logarithm[i] = fine_uniform_of(words[i], words[i + 1]) * (i % 2 == 0 ? 1.0 : 1e9);
      }
      logs(logarithm);
      std::size_t n_equal = 0;
      for (std::size_t i = 0; i < n; ++i) {
        n_equal += logarithm[i] == portable::log(x[i]) ? 1 : 0;
      }
      CHECK(n_equal == n);
    }
  }
  use_vector_level(best);
}
