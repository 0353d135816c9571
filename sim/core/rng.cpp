#include "sim/core/rng.h"

#include "sim/core/check.h"

namespace musi::sim {

void Chance::blocks(std::span<const EntityKey> entities, std::span<std::uint32_t> word0,
                    std::span<std::uint32_t> word1, std::span<std::uint32_t> word2,
                    std::span<std::uint32_t> word3) const {
  const std::size_t n = entities.size();
  MUSI_EXPECT(word0.size() >= n && word1.size() >= n && word2.size() >= n && word3.size() >= n);
  const EntityKey* const key = entities.data();
  std::uint32_t* const out0 = word0.data();
  std::uint32_t* const out1 = word1.data();
  std::uint32_t* const out2 = word2.data();
  std::uint32_t* const out3 = word3.data();
  // Words are carried in 64-bit lanes: one multiplication then gives both halves of a product.
#pragma GCC ivdep
  for (std::size_t i = 0; i < n; ++i) {
    std::uint64_t a = key[i] & 0xFFFFFFFFu;
    std::uint64_t b = key[i] >> 32;
    std::uint64_t c = month_;
    std::uint64_t d = decision_;
    std::uint32_t k0 = key0_;
    std::uint32_t k1 = key1_;
    for (int round = 0; round < 10; ++round) {
      const std::uint64_t p0 = (a & 0xFFFFFFFFu) * 0xD2511F53u;
      const std::uint64_t p1 = (c & 0xFFFFFFFFu) * 0xCD9E8D57u;
      a = (p1 >> 32) ^ (b & 0xFFFFFFFFu) ^ k0;
      b = p1;
      c = (p0 >> 32) ^ (d & 0xFFFFFFFFu) ^ k1;
      d = p0;
      k0 += 0x9E3779B9u;
      k1 += 0xBB67AE85u;
    }
    out0[i] = static_cast<std::uint32_t>(a);
    out1[i] = static_cast<std::uint32_t>(b);
    out2[i] = static_cast<std::uint32_t>(c);
    out3[i] = static_cast<std::uint32_t>(d);
  }
}

}  // namespace musi::sim
