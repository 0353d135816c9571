#pragma once

#include <cstdint>
#include <span>

/// Functions of many numbers at once, in the widest vectors of the processor; the bits are those of
/// the functions of one number.
namespace musi::sim {

/// Standard normals of random words: z[i] = portable::normal_quantile(uniform24(words[i])).
/// Shapes: z at least as long as words.
void normals(std::span<const std::uint32_t> words, std::span<float> z);

/// Natural logarithms in place: portable::log(x[i]).
void logs(std::span<double> x);

}  // namespace musi::sim
