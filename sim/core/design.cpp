#include "sim/core/design.h"

#include <algorithm>
#include <array>
#include <bit>

#include "sim/core/check.h"
#include "sim/core/ids.h"

namespace musi::sim {
namespace {

constexpr auto sobol_numbers = std::to_array<std::uint16_t>({
#include "sim/core/sobol_numbers.inc"
});

constexpr std::size_t n_bits = 32;

/// The 32 direction numbers of dimension 0: van der Corput's sequence.
void fill_first(std::uint32_t* directions) {
  for (std::size_t bit = 0; bit < n_bits; ++bit) directions[bit] = 1u << (n_bits - 1 - bit);
}

/// The 32 direction numbers from one row of the table: polynomial, then the initial numbers.
void fill(std::uint32_t* directions, const std::uint16_t* row) {
  const std::uint32_t polynomial = row[0];
  const auto degree = static_cast<std::size_t>(std::bit_width(polynomial)) - 1;
  std::array<std::uint32_t, n_bits> m{};
  for (std::size_t bit = 0; bit < n_bits; ++bit) {
    if (bit < degree) {
      m[bit] = row[1 + bit];
    } else {
      m[bit] = m[bit - degree];
      for (std::size_t k = 1; k <= degree; ++k) {
        if ((polynomial >> (degree - k)) & 1u) m[bit] ^= m[bit - k] << k;
      }
    }
    directions[bit] = m[bit] << (n_bits - 1 - bit);
  }
}

/// Direction numbers of the first dimensions. Shape: [dimension, bit].
std::vector<std::uint32_t> directions_of(std::size_t n_dimensions) {
  std::vector<std::uint32_t> directions(n_dimensions * n_bits);
  const std::uint16_t* row = sobol_numbers.data();
  for (std::size_t dimension = 0; dimension < n_dimensions; ++dimension) {
    if (dimension == 0) {
      fill_first(directions.data());
      continue;
    }
    fill(&directions[dimension * n_bits], row);
    row += std::bit_width(std::uint32_t{row[0]});  // the polynomial and its degree's numbers
  }
  return directions;
}

std::uint32_t combine(std::uint32_t index, const std::uint32_t* directions) {
  std::uint32_t result = 0;
  for (; index != 0; index &= index - 1) result ^= directions[std::countr_zero(index)];
  return result;
}

/// Owen's nested scrambling: each bit is flipped by a coin that belongs to all the bits above it.
std::uint32_t scramble(std::uint32_t x, std::uint64_t key) {
  std::uint32_t flips = 0;
  for (std::uint32_t level = 0; level < n_bits; ++level) {
    const std::uint64_t above = level == 0 ? 0 : x >> (n_bits - level);
    const std::uint64_t coin = mix64(key ^ mix64((above << 6) | level));
    flips |= static_cast<std::uint32_t>(coin >> 63) << (n_bits - 1 - level);
  }
  return x ^ flips;
}

/// Middle of one of 2^32 cells of (0,1); exact in double precision.
double middle(std::uint32_t cell) { return (static_cast<double>(cell) + 0.5) * 0x1p-32; }

/// Independent cell of one coordinate.
std::uint32_t independent(std::uint64_t key, std::size_t replicate) {
  return static_cast<std::uint32_t>(mix(key, replicate) >> 32);
}

/// A random order of 0 ... n-1 without a generator: sorted by a hash, ties by number.
std::vector<std::uint32_t> permutation(std::size_t n, std::uint64_t key) {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> order(n);
  for (std::size_t i = 0; i < n; ++i) order[i] = {mix(key, i), static_cast<std::uint32_t>(i)};
  std::sort(order.begin(), order.end());
  std::vector<std::uint32_t> result(n);
  for (std::size_t i = 0; i < n; ++i) result[i] = order[i].second;
  return result;
}

/// Names of the independent uses of a seed.
enum Use : std::uint64_t { scrambling = 1, strata = 2, places = 3 };

}  // namespace

std::uint32_t sobol_integer(std::uint32_t index, std::size_t dimension) {
  MUSI_EXPECT(dimension < n_sobol_dimensions);
  return combine(index, &directions_of(dimension + 1)[dimension * n_bits]);
}

Design::Design(DesignKind kind, std::uint64_t seed, std::size_t n_dimensions,
               std::size_t n_replicates)
    : kind_(kind), seed_(seed), n_dimensions_(n_dimensions), n_replicates_(n_replicates) {
  MUSI_EXPECT(n_replicates <= (std::size_t{1} << 31));
  if (kind == DesignKind::sobol) {
    directions_ = directions_of(std::min(n_dimensions, n_sobol_dimensions));
  }
  if (kind == DesignKind::latin_hypercube) {
    strata_.reserve(n_dimensions * n_replicates);
    for (std::size_t dimension = 0; dimension < n_dimensions; ++dimension) {
      const auto order = permutation(n_replicates, mix(seed, Use::strata, dimension));
      strata_.insert(strata_.end(), order.begin(), order.end());
    }
  }
}

double Design::uniform(std::size_t replicate, std::size_t dimension) const {
  MUSI_EXPECT(replicate < n_replicates_ && dimension < n_dimensions_);
  if (kind_ == DesignKind::sobol && dimension < n_sobol_dimensions) {
    const std::uint32_t cell =
        combine(static_cast<std::uint32_t>(replicate), &directions_[dimension * n_bits]);
    return middle(scramble(cell, mix(seed_, Use::scrambling, dimension)));
  }
  const double u = middle(independent(mix(seed_, Use::places, dimension), replicate));
  if (kind_ == DesignKind::latin_hypercube) {
    const double stratum = strata_[dimension * n_replicates_ + replicate];
    return std::min((stratum + u) / static_cast<double>(n_replicates_), 1.0 - 0x1p-53);
  }
  return u;
}

std::vector<double> Design::point(std::size_t replicate) const {
  std::vector<double> coordinates(n_dimensions_);
  for (std::size_t dimension = 0; dimension < n_dimensions_; ++dimension) {
    coordinates[dimension] = uniform(replicate, dimension);
  }
  return coordinates;
}

}  // namespace musi::sim
