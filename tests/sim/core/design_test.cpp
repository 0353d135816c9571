#include "sim/core/design.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <set>
#include <vector>

using musi::sim::Design;
using musi::sim::DesignKind;
using musi::sim::sobol_integer;

namespace {

std::size_t stratum(double u, std::size_t n) {
  return static_cast<std::size_t>(u * static_cast<double>(n));
}

/// Whether the first n points fill each of n equal intervals of a dimension once.
bool fills_intervals(const Design& design, std::size_t dimension, std::size_t n) {
  std::set<std::size_t> seen;
  for (std::size_t i = 0; i < n; ++i) seen.insert(stratum(design.uniform(i, dimension), n));
  return seen.size() == n;
}

}  // namespace

TEST_CASE("the points of Sobol's sequence are those of the published direction numbers",
          "[unit]") {
  // scipy.stats.qmc.Sobol(scramble=False), in Gray code order: i ^ (i >> 1).
  const double expected[8][6] = {
      {0.0, 0.0, 0.0, 0.0, 0.0, 0.0},
      {0.5, 0.5, 0.5, 0.5, 0.5, 0.5},
      {0.75, 0.25, 0.25, 0.25, 0.75, 0.75},
      {0.25, 0.75, 0.75, 0.75, 0.25, 0.25},
      {0.375, 0.375, 0.625, 0.875, 0.375, 0.125},
      {0.875, 0.875, 0.125, 0.375, 0.875, 0.625},
      {0.625, 0.125, 0.875, 0.625, 0.625, 0.875},
      {0.125, 0.625, 0.375, 0.125, 0.125, 0.375},
  };
  for (std::uint32_t i = 0; i < 8; ++i) {
    for (std::size_t d = 0; d < 6; ++d) {
      INFO("point " << i << " dimension " << d);
      CHECK(sobol_integer(i ^ (i >> 1), d) * 0x1p-32 == expected[i][d]);
    }
  }
}

TEST_CASE("high dimensions of Sobol's sequence have their published points", "[unit]") {
  const auto point = [](std::uint32_t i, std::size_t d) { return sobol_integer(i ^ (i >> 1), d); };
  CHECK(point(5, 299) == 0x20000000u);
  CHECK(point(100, 299) == 0x96000000u);
  CHECK(point(1'000'000, 299) == 0x4f6fb000u);
  CHECK(point(5, 1023) == 0x60000000u);
  CHECK(point(100, 1023) == 0xf2000000u);
  CHECK(point(1'000'000, 1023) == 0x4c80f000u);
}

TEST_CASE("every prefix of 2^k scrambled Sobol points is stratified in all dimensions",
          "[property]") {
  const Design design(DesignKind::sobol, 20261122, 400, 1024);
  for (std::size_t d = 0; d < design.n_dimensions(); ++d) {
    for (std::size_t n = 1; n <= 1024; n *= 4) {
      INFO("dimension " << d << ", " << n << " points");
      REQUIRE(fills_intervals(design, d, n));
    }
  }
}

TEST_CASE("the first two Sobol dimensions are stratified in rectangles", "[property]") {
  const Design design(DesignKind::sobol, 7, 2, 256);
  for (std::size_t columns = 1; columns <= 256; columns *= 2) {
    const std::size_t rows = 256 / columns;
    std::set<std::pair<std::size_t, std::size_t>> seen;
    for (std::size_t i = 0; i < 256; ++i) {
      seen.insert({stratum(design.uniform(i, 0), columns), stratum(design.uniform(i, 1), rows)});
    }
    CHECK(seen.size() == 256);
  }
}

TEST_CASE("scrambling depends on the seed and on the dimension", "[unit]") {
  const Design one(DesignKind::sobol, 1, 2, 16), other(DesignKind::sobol, 2, 2, 16);
  CHECK(one.point(0) != other.point(0));
  CHECK(one.uniform(0, 0) != one.uniform(0, 1));
}

TEST_CASE("a Sobol design integrates better than independent points", "[statistical]") {
  const auto error = [](DesignKind kind) {
    double squared = 0.0;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      const Design design(kind, seed, 8, 512);
      double sum = 0.0;
      for (std::size_t i = 0; i < 512; ++i) {
        for (const double u : design.point(i)) sum += u * u;
      }
      const double off = sum / 512 - 8.0 / 3.0;
      squared += off * off;
    }
    return std::sqrt(squared / 20);
  };
  // Independent points: sqrt(8 * 4/45 / 512) = 0.037.
  CHECK(error(DesignKind::random) == Approx(0.037).epsilon(0.5));
  CHECK(error(DesignKind::sobol) < 0.002);
  CHECK(error(DesignKind::latin_hypercube) < 0.005);
}

TEST_CASE("a Latin hypercube has one point in each stratum of each dimension", "[property]") {
  for (const std::size_t n : {1, 10, 97, 500}) {
    const Design design(DesignKind::latin_hypercube, 3, 50, n);
    for (std::size_t d = 0; d < 50; ++d) REQUIRE(fills_intervals(design, d, n));
  }
}

TEST_CASE("the dimensions of a Latin hypercube are shuffled apart", "[unit]") {
  const Design design(DesignKind::latin_hypercube, 3, 2, 200);
  std::size_t n_equal = 0;
  for (std::size_t i = 0; i < 200; ++i) {
    n_equal += stratum(design.uniform(i, 0), 200) == stratum(design.uniform(i, 1), 200);
  }
  CHECK(n_equal < 10);  // 1 expected
}

TEST_CASE("more replicates leave the first points of Sobol and random designs as they are",
          "[property]") {
  for (const DesignKind kind : {DesignKind::sobol, DesignKind::random}) {
    REQUIRE(Design::has_stable_prefixes(kind));
    const Design small(kind, 5, 30, 100), large(kind, 5, 30, 1000);
    for (std::size_t i = 0; i < 100; ++i) REQUIRE(small.point(i) == large.point(i));
  }
  CHECK_FALSE(Design::has_stable_prefixes(DesignKind::latin_hypercube));
}

TEST_CASE("coordinates lie strictly between 0 and 1, also beyond the table of directions",
          "[property]") {
  for (const DesignKind kind :
       {DesignKind::sobol, DesignKind::latin_hypercube, DesignKind::random}) {
    const Design design(kind, 11, 1100, 64);
    for (std::size_t i = 0; i < 64; ++i) {
      for (const double u : design.point(i)) REQUIRE((u > 0.0 && u < 1.0));
    }
    CHECK(design.point(3)[1090] != design.point(4)[1090]);
  }
}
