#include "analysis/provenance.h"

#include <H5public.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <vector>

#include "sim/core/vector_level.h"

#if defined(MUSI_HAS_VECTOR_LEVELS)
#include <immintrin.h>
#endif

#include "analysis/build_info.h"
#include "sim/core/error.h"
#include "sim/io/file.h"

namespace musi::analysis {
namespace {

constexpr std::array<std::uint32_t, 64> round_constants = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

using State = std::array<std::uint32_t, 8>;
constexpr std::size_t block_bytes = 64;

constexpr std::uint32_t rotated(std::uint32_t x, int by) { return (x >> by) | (x << (32 - by)); }

void compress(State& state, const unsigned char* block) {
  std::array<std::uint32_t, 64> w{};
  for (std::size_t i = 0; i < 16; ++i) {
    w[i] = static_cast<std::uint32_t>(block[4 * i]) << 24 |
           static_cast<std::uint32_t>(block[4 * i + 1]) << 16 |
           static_cast<std::uint32_t>(block[4 * i + 2]) << 8 | block[4 * i + 3];
  }
  for (std::size_t i = 16; i < 64; ++i) {
    const std::uint32_t s0 = rotated(w[i - 15], 7) ^ rotated(w[i - 15], 18) ^ (w[i - 15] >> 3);
    const std::uint32_t s1 = rotated(w[i - 2], 17) ^ rotated(w[i - 2], 19) ^ (w[i - 2] >> 10);
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  auto [a, b, c, d, e, f, g, h] = state;
  for (std::size_t i = 0; i < 64; ++i) {
    const std::uint32_t s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
    const std::uint32_t t1 = h + s1 + ((e & f) ^ (~e & g)) + round_constants[i] + w[i];
    const std::uint32_t s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
    const std::uint32_t t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
    h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
  }
  const State add{a, b, c, d, e, f, g, h};
  for (std::size_t i = 0; i < 8; ++i) state[i] += add[i];
}

void compress_all_plain(State& state, std::string_view blocks) {
  for (std::size_t i = 0; i < blocks.size(); i += block_bytes) {
    compress(state, reinterpret_cast<const unsigned char*>(blocks.data()) + i);
  }
}

#if defined(MUSI_HAS_VECTOR_LEVELS)
#define MUSI_SHA __attribute__((target("sha,sse4.1,ssse3")))

/// The same where processors have instructions for it: a, b, e, f stand in one register and c, d,
/// g, h in another; four rounds at a time, which need four words and make the four 16 later.
MUSI_SHA void compress_all_by_processor(State& state, std::string_view blocks) {
  const auto load = [](const void* from) MUSI_SHA {
    return _mm_loadu_si128(static_cast<const __m128i*>(from));
  };
  const __m128i badc = _mm_shuffle_epi32(load(state.data()), 0xB1);
  const __m128i hgfe = _mm_shuffle_epi32(load(state.data() + 4), 0x1B);
  __m128i abef = _mm_alignr_epi8(badc, hgfe, 8);
  __m128i cdgh = _mm_blend_epi16(hgfe, badc, 0xF0);
  const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  for (std::size_t at = 0; at < blocks.size(); at += block_bytes) {
    const __m128i abef_before = abef, cdgh_before = cdgh;
    __m128i w[4];
    for (std::size_t i = 0; i < 4; ++i) {
      w[i] = _mm_shuffle_epi8(load(blocks.data() + at + 16 * i), big_endian);
    }
    for (std::size_t four = 0; four < 16; ++four) {
      __m128i& now = w[four % 4];
      const __m128i last = w[(four + 3) % 4];
      const __m128i in = _mm_add_epi32(now, load(round_constants.data() + 4 * four));
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, in);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(in, 0x0E));
      const __m128i seven_before = _mm_alignr_epi8(last, w[(four + 2) % 4], 4);
      const __m128i sum = _mm_sha256msg1_epu32(now, w[(four + 1) % 4]);
      now = _mm_sha256msg2_epu32(_mm_add_epi32(sum, seven_before), last);
    }
    abef = _mm_add_epi32(abef, abef_before);
    cdgh = _mm_add_epi32(cdgh, cdgh_before);
  }
  const __m128i feba = _mm_shuffle_epi32(abef, 0x1B), dchg = _mm_shuffle_epi32(cdgh, 0xB1);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(state.data()), _mm_blend_epi16(feba, dchg, 0xF0));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(state.data() + 4), _mm_alignr_epi8(dchg, feba, 8));
}
#endif

void compress_all(State& state, std::string_view blocks) {
#if defined(MUSI_HAS_VECTOR_LEVELS)
  if (sim::vector_level() != sim::VectorLevel::baseline && __builtin_cpu_supports("sha")) {
    return compress_all_by_processor(state, blocks);
  }
#endif
  compress_all_plain(state, blocks);
}

/// SHA-256 of bytes that come in pieces.
class Hash {
 public:
  void add(std::string_view bytes) {
    n_bytes_ += bytes.size();
    if (!rest_.empty()) {
      const std::size_t n = std::min(block_bytes - rest_.size(), bytes.size());
      rest_ += bytes.substr(0, n);
      bytes.remove_prefix(n);
      if (rest_.size() < block_bytes) return;
      compress_all(state_, rest_);
      rest_.clear();
    }
    const std::size_t whole = bytes.size() / block_bytes * block_bytes;
    compress_all(state_, bytes.substr(0, whole));
    rest_ = bytes.substr(whole);
  }

  /// 64 hexadecimal digits; once, at the end.
  std::string text() {
    rest_ += '\x80';
    while (rest_.size() % block_bytes != 56) rest_ += '\0';
    for (int shift = 56; shift >= 0; shift -= 8) {
      rest_ += static_cast<char>(static_cast<unsigned char>(n_bytes_ * 8 >> shift));
    }
    compress_all(state_, rest_);
    std::string text;
    for (const std::uint32_t word : state_) text += fmt::format("{:08x}", word);
    return text;
  }

 private:
  State state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
               0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::string rest_;  ///< less than a block
  std::uint64_t n_bytes_ = 0;
};

}  // namespace

Program program() {
  return {.version = MUSI_VERSION,
          .git_commit = MUSI_GIT_COMMIT,
          .compiler = MUSI_COMPILER,
          .hdf5 = fmt::format("{}.{}.{}", H5_VERS_MAJOR, H5_VERS_MINOR, H5_VERS_RELEASE)};
}

std::string result_format_version() {
  return fmt::format("{}.{}", result_format_major, result_format_minor);
}

std::string sha256(std::string_view bytes) {
  Hash hash;
  hash.add(bytes);
  return hash.text();
}

std::string sha256_of_file(const std::string& file) {
  std::error_code failed;
  std::ifstream stream;
  if (std::filesystem::is_regular_file(file, failed)) stream.open(file, std::ios::binary);
  if (!stream.is_open()) return sha256(sim::io::read_file(file));  // or says why not
  Hash hash;
  std::vector<char> piece(std::size_t{1} << 18u);
  while (stream.read(piece.data(), static_cast<std::streamsize>(piece.size())) ||
         stream.gcount() > 0) {
    hash.add({piece.data(), static_cast<std::size_t>(stream.gcount())});
  }
  if (stream.bad()) throw sim::IoError("cannot_open", fmt::format("cannot read '{}'", file));
  return hash.text();
}

}  // namespace musi::analysis
