#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace musi::sim {

/// How the uncertain inputs of the replicates fill their cube.
enum class DesignKind : std::uint8_t { sobol, latin_hypercube, random };

/// Dimensions with direction numbers of their own; further ones are filled independently.
inline constexpr std::size_t n_sobol_dimensions = 1024;

/// Coordinate `dimension` of point `index` of Sobol's sequence, as a fraction of 2^32, without
/// scrambling. The first points of dimension 0 are 0, 1/2, 1/4, 3/4.
/// Source: direction numbers new-joe-kuo-6.21201, Joe and Kuo 2008.
std::uint32_t sobol_integer(std::uint32_t index, std::size_t dimension);

/// The uniforms of all replicates: one point of the unit cube per replicate.
///
/// sobol: Sobol's points with nested (Owen) scrambling by the seed, so every prefix of 2^k points
/// is stratified in each dimension and a longer design begins with the shorter one.
/// latin_hypercube: one point in each of N strata of each dimension; depends on N. random:
/// independent. Coordinates beyond `n_sobol_dimensions` of a sobol design are independent.
class Design {
 public:
  /// `n_replicates` at most 2^31.
  Design(DesignKind kind, std::uint64_t seed, std::size_t n_dimensions, std::size_t n_replicates);

  std::size_t n_dimensions() const { return n_dimensions_; }
  std::size_t n_replicates() const { return n_replicates_; }
  /// True if the first points stay the same when replicates are added.
  static constexpr bool has_stable_prefixes(DesignKind kind) {
    return kind != DesignKind::latin_hypercube;
  }
  /// One coordinate, on (0,1), never 0 or 1.
  double uniform(std::size_t replicate, std::size_t dimension) const;
  /// All coordinates of one replicate. Shape: [dimension].
  std::vector<double> point(std::size_t replicate) const;

 private:
  DesignKind kind_;
  std::uint64_t seed_;
  std::size_t n_dimensions_, n_replicates_;
  std::vector<std::uint32_t> directions_;  ///< sobol: [dimension, bit]
  std::vector<std::uint32_t> strata_;  ///< latin hypercube: [dimension, replicate]
};

}  // namespace musi::sim
