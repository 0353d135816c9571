#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "models/programmes/detection.h"
#include "models/programmes/need.h"
#include "sim/core/process.h"

/// Whom household items serve, MODEL.md 12 and 10.3.
namespace musi::models {

/// Years after which a house may be repaired again.
inline constexpr int repair_pause_years = 10;

/// What flags are asked for: those of `mask` stand as in `value`, and one of `any` is set.
struct FlagTest {
  std::uint32_t mask, value, any;
};
constexpr bool passes(std::uint32_t flags, const FlagTest& test) {
  return (flags & test.mask) == test.value && (flags & test.any) != 0;
}
/// A living household that lacks one of these.
constexpr FlagTest is_lacking(std::uint32_t lacks) { return {flag::alive, flag::alive, lacks}; }

/// May this household get this item from this programme now: it lacks it, tenure, group and income
/// fit, no repair in ten years, and for a new house the old one has failed twice.
bool is_eligible(const World& world, std::size_t row, const ProgrammeSpec& programme, Item item,
                 sim::Month month);

/// is_eligible for many households: what they share is looked up once.
class Eligibility {
 public:
  Eligibility(const World& world, const ProgrammeSpec& programme, Item item, sim::Month month);
  bool operator()(const Households& households, std::size_t row) const;
  /// What is asked of the flags, tenure and group left out: most are turned away by it.
  FlagTest flags() const;
  /// The rest, of a household whose flags pass.
  bool fits(const Households& households, std::size_t row) const;
  /// For households of this RT: where the law asks for renewal, every unfit house is built anew.
  Eligibility& in_rt(const World& world, std::size_t rt);

 private:
  static constexpr int kind_shift = 2;  ///< group and tenure are three bits side by side
  static_assert(flag::land_group == 1u << kind_shift && flag::tenure_shift == kind_shift + 1);
  std::uint32_t lacks_;
  std::uint32_t kinds_ = 0;  ///< bit by group and tenure: may be served
  bool is_house_, is_new_house_, is_rehabilitation_, replaces_all_ = false;
  sim::Month month_;
  bool any_income_;
  double log_limit_;  ///< [ln IDR million a month]
};

/// Whom an item of a programme serves now: what all RTs share is looked up once.
class Service {
 public:
  Service(const World& world, const ProgrammeSpec& programme, Item item, const sim::Step& step);
  /// Rows of an RT that are eligible and known, in order of rows. After disasters: those who lost
  /// the house they live in within claim_months, whom everybody knows.
  std::vector<std::uint32_t> households_in(const World& world, std::size_t rt) const;
  /// The same, appended to `rows`; nobody where they are surely fewer than `least`.
  void add_households_in(const World& world, std::size_t rt, std::vector<std::uint32_t>& rows,
                         std::size_t least = 1) const;
  /// False if it surely serves nobody in this RT: nobody there lacks the item or has a claim.
  bool may_serve(const World& world, std::size_t rt) const {
    if (after_disasters_) return first_claim_[rt] != first_claim_[rt + 1];
    return lacks_any(world, rt, item_);
  }

 private:
  void list_claims(const World& world, sim::Month month);
  void add_those_with_a_claim(const World& world, std::size_t rt, const Eligibility& is_fit,
                              std::vector<std::uint32_t>& rows) const;

  Item item_;
  Eligibility is_fit_;
  Detector is_listed_;
  bool after_disasters_;
  /// Of programmes after disasters: households with a claim, by RT, those of an RT from
  /// first_claim_[rt] to before first_claim_[rt + 1].
  std::vector<sim::EntityKey> claims_;
  std::vector<std::uint32_t> first_claim_;
};

/// The same for one RT.
std::vector<std::uint32_t> households_to_serve(const World& world, std::size_t rt,
                                               const ProgrammeSpec& programme, Item item,
                                               const sim::Step& step);

/// Bit i is set where flags[i] pass; of at most 64 rows.
inline std::uint64_t passing_bits(const std::uint32_t* flags, std::size_t n, const FlagTest& test) {
  std::uint64_t bits = 0;
  std::size_t i = 0;
#if defined(__SSE2__)
  const auto in_all_lanes = [](std::uint32_t x) { return _mm_set1_epi32(static_cast<int>(x)); };
  const __m128i mask = in_all_lanes(test.mask), value = in_all_lanes(test.value);
  const __m128i any = in_all_lanes(test.any), none = _mm_setzero_si128();
  const auto four = [&](std::size_t first) {
    const __m128i f = _mm_loadu_si128(reinterpret_cast<const __m128i*>(flags + first));
    return _mm_andnot_si128(_mm_cmpeq_epi32(_mm_and_si128(f, any), none),
                            _mm_cmpeq_epi32(_mm_and_si128(f, mask), value));
  };
  for (; i + 16 <= n; i += 16) {
    const __m128i low = _mm_packs_epi32(four(i), four(i + 4));
    const __m128i high = _mm_packs_epi32(four(i + 8), four(i + 12));
    const int passing = _mm_movemask_epi8(_mm_packs_epi16(low, high));
    bits |= static_cast<std::uint64_t>(static_cast<std::uint32_t>(passing)) << i;
  }
  for (; i + 4 <= n; i += 4) {
    const int passing = _mm_movemask_ps(_mm_castsi128_ps(four(i)));
    bits |= static_cast<std::uint64_t>(static_cast<std::uint32_t>(passing)) << i;
  }
#endif
  for (; i < n; ++i) bits |= std::uint64_t{passes(flags[i], test)} << i;
  return bits;
}

/// Appends rows of an RT, in order, whose flags pass and then a test of the row. Most rows are
/// turned away sixteen at a time.
template <class Test>
void add_rows_passing(const World& world, std::size_t rt, const FlagTest& flags, Test&& is_wanted,
                      std::vector<std::uint32_t>& rows) {
  const std::size_t first = world.rts.first_row[rt], n = world.rts.n_rows[rt];
  const std::uint32_t* const of_rows = world.households.flags.data() + first;
  for (std::size_t at = 0; at < n; at += 64) {
    std::uint64_t bits = passing_bits(of_rows + at, std::min<std::size_t>(64, n - at), flags);
    std::array<std::uint32_t, 64> wanted;
    std::size_t n_wanted = 0;
    for (; bits != 0; bits &= bits - 1) {
      const auto row = first + at + static_cast<std::size_t>(std::countr_zero(bits));
      wanted[n_wanted] = static_cast<std::uint32_t>(row);
      n_wanted += is_wanted(row) ? 1 : 0;
    }
    rows.insert(rows.end(), wanted.begin(), wanted.begin() + n_wanted);
  }
}

template <class Test>
std::vector<std::uint32_t> rows_passing(const World& world, std::size_t rt, const FlagTest& flags,
                                        Test&& is_wanted) {
  std::vector<std::uint32_t> rows;
  add_rows_passing(world, rt, flags, is_wanted, rows);
  return rows;
}

/// Puts rows into the order of service: on the official list first (houses), engaged first, lowest
/// income of the last visit, key.
void put_in_order(const World& world, Item item, std::vector<std::uint32_t>& rows);

/// The poorest engaged households of an RT, at most `most`: lowest income of the last visit, key.
std::vector<std::uint32_t> poorest_engaged(const World& world, std::size_t rt, std::size_t most);

/// The fewest households that are not fewer than this.
inline std::size_t whole_households(double n) {
  return static_cast<std::size_t>(std::ceil(std::max(0.0, n)));
}

/// Members of a repair group that could form now: known eligible households that are engaged or,
/// with the engaged share of the RT as chance, drawn in by their neighbours; 0 if fewer than
/// `least`.
std::size_t group_size(const World& world, std::size_t rt, const Service& service,
                       const sim::Step& step, std::size_t least = 0);

}  // namespace musi::models
