#include "models/stocks/failures.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include "sim/core/ask_for.h"
#include "sim/core/vector_level.h"

#if defined(MUSI_HAS_VECTOR_LEVELS)
#include <immintrin.h>
#endif

namespace musi::models {
namespace {

/// Sets deficits of a dwelling of `rt`; one that stands empty is in no counter.
void deteriorate(World& world, std::size_t row, std::size_t rt, std::uint32_t set) {
  if ((world.households.flags[row] & flag::alive) != 0) {
    world.change_flags(row, rt, set, 0);
  } else {
    world.households.flags[row] |= set;
  }
}

/// True, and the age is spent, if a unit is due that still worked.
bool fails(float& age, float clock, std::uint32_t flags, std::uint32_t lacks) {
  if (age > clock) return false;
  age = no_failure;
  return (flags & lacks) != lacks;
}

/// The clock of an RT. `by_flood`: a house that would have stood at this clock without the flood of
/// this month fails later than it.
struct Now {
  std::size_t rt;
  float clock, by_flood;
  sim::Month month;
};

void fail_due_units(World& world, std::size_t row, const Now& now) {
  Households& h = world.households;
  YearCounts& counts = world.state.counts;
  FailureAges& ages = h.fails[row];
  const float house = ages.house;
  if (fails(ages.house, now.clock, h.flags[row], flag::lacks_house)) {
    if (house > now.by_flood) world.note_loss(row, now.month);
    const bool again = (h.flags[row] & flag::failed_once) != 0;
    deteriorate(world, row, now.rt,
                flag::lacks_house | (again ? flag::failed_twice : flag::failed_once));
    ++counts.house_failures;
  }
  constexpr std::uint32_t water = flag::lacks_water | flag::low_water;
  if (fails(ages.water, now.clock, h.flags[row], water)) {
    deteriorate(world, row, now.rt, water);
    ++counts.water_failures;
  }
  constexpr std::uint32_t sanitation = flag::lacks_toilet | flag::lacks_tank;
  if (fails(ages.sanitation, now.clock, h.flags[row], sanitation)) {
    deteriorate(world, row, now.rt, sanitation);
    ++counts.sanitation_failures;
  }
}

constexpr std::size_t ages_per_row = 3;
static_assert(sizeof(FailureAges) == ages_per_row * sizeof(float), "the ages of rows are in a row");

/// Places of the ages of an RT that are due, in order; `n` of them count. Kept between RTs.
struct Due {
  std::vector<std::uint32_t> places;
  std::size_t n = 0;

  /// Makes room for so many, and for whole vectors behind them.
  void clear(std::size_t room) {
    constexpr std::size_t most_lanes = 16;
    if (places.size() < room + most_lanes) places.resize(2 * room + most_lanes);
    n = 0;
  }
};

/// Lists what is due at `clock`; gives the least age of the others, at most `next`.
float find_due(const float* ages, std::size_t first, std::size_t n, float clock, Due& due,
               float next = no_failure) {
  for (std::size_t i = first; i < n; ++i) {
    if (ages[i] <= clock) {
      due.places[due.n++] = static_cast<std::uint32_t>(i);
    } else {
      next = std::min(next, ages[i]);
    }
  }
  return next;
}

#if defined(MUSI_HAS_VECTOR_LEVELS)
void list_bits(std::uint32_t bits, std::size_t first, Due& due) {
  for (; bits != 0; bits &= bits - 1) {
    due.places[due.n++] = static_cast<std::uint32_t>(first) +
                          static_cast<std::uint32_t>(std::countr_zero(bits));
  }
}

float find_due_baseline(const float* ages, std::size_t n, float clock, Due& due) {
  const __m128 now = _mm_set1_ps(clock), none = _mm_set1_ps(no_failure);
  __m128 next = none;
  const auto four = [&](std::size_t at) {
    const __m128 age = _mm_loadu_ps(ages + at);
    const __m128 is_due = _mm_cmple_ps(age, now);
    next = _mm_min_ps(next, _mm_or_ps(_mm_and_ps(is_due, none), _mm_andnot_ps(is_due, age)));
    return static_cast<std::uint32_t>(_mm_movemask_ps(is_due));
  };
  std::size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    list_bits(four(i) | four(i + 4) << 4 | four(i + 8) << 8 | four(i + 12) << 12, i, due);
  }
  for (; i + 4 <= n; i += 4) list_bits(four(i), i, due);
  next = _mm_min_ps(next, _mm_movehl_ps(next, next));
  next = _mm_min_ss(next, _mm_shuffle_ps(next, next, 1));
  return find_due(ages, i, n, clock, due, _mm_cvtss_f32(next));
}

MUSI_AVX2 float find_due_avx2(const float* ages, std::size_t n, float clock, Due& due) {
  const __m256 now = _mm256_set1_ps(clock), none = _mm256_set1_ps(no_failure);
  __m256 next = none;
  std::size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    const __m256 age = _mm256_loadu_ps(ages + i);
    const __m256 is_due = _mm256_cmp_ps(age, now, _CMP_LE_OQ);
    list_bits(static_cast<std::uint32_t>(_mm256_movemask_ps(is_due)), i, due);
    next = _mm256_min_ps(next, _mm256_blendv_ps(age, none, is_due));
  }
  __m128 half = _mm_min_ps(_mm256_castps256_ps128(next), _mm256_extractf128_ps(next, 1));
  half = _mm_min_ps(half, _mm_movehl_ps(half, half));
  half = _mm_min_ss(half, _mm_shuffle_ps(half, half, 1));
  return find_due(ages, i, n, clock, due, _mm_cvtss_f32(half));
}

// g++ 12 takes the "undefined" source operand of its own intrinsics for a mistake.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
/// Places close up in a register: nobody can foresee a branch on what is due.
MUSI_AVX512 float find_due_avx512(const float* ages, std::size_t n, float clock, Due& due) {
  const __m512 now = _mm512_set1_ps(clock), none = _mm512_set1_ps(no_failure);
  const __m512i step = _mm512_set1_epi32(16);
  __m512i places = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  __m512 next = none;
  std::uint32_t* out = due.places.data();
  for (std::size_t i = 0; i < n; i += 16) {
    const std::size_t left = n - i;
    const auto lanes = static_cast<__mmask16>(left < 16 ? (1u << left) - 1u : 0xFFFFu);
    const __m512 age = _mm512_mask_loadu_ps(none, lanes, ages + i);
    const __mmask16 is_due = _mm512_cmp_ps_mask(age, now, _CMP_LE_OQ);
    _mm512_storeu_si512(out, _mm512_maskz_compress_epi32(is_due, places));
    out += std::popcount(is_due);
    places = _mm512_add_epi32(places, step);
    next = _mm512_mask_min_ps(next, static_cast<__mmask16>(~is_due), next, age);
  }
  due.n = static_cast<std::size_t>(out - due.places.data());
  return _mm512_reduce_min_ps(next);
}
#pragma GCC diagnostic pop
#endif

/// The same for the ages of an RT, in vectors: the order does not matter for the least.
float find_due_in(const World& world, std::size_t rt, float clock, Due& due) {
  const std::size_t n = ages_per_row * world.rts.n_rows[rt];
  due.clear(n);
  if (n == 0) return no_failure;
  const float* const ages = &world.households.fails[world.rts.first_row[rt]].house;
#if defined(MUSI_HAS_VECTOR_LEVELS)
  switch (sim::vector_level()) {
    case sim::VectorLevel::avx512: return find_due_avx512(ages, n, clock, due);
    case sim::VectorLevel::avx2: return find_due_avx2(ages, n, clock, due);
    case sim::VectorLevel::baseline: return find_due_baseline(ages, n, clock, due);
  }
#endif
  return find_due(ages, 0, n, clock, due);
}

/// Lets what is due in an RT fail; returns its next age.
float fail_in(World& world, const Now& now, Due& due) {
  const float next = find_due_in(world, now.rt, now.clock, due);
  for (std::size_t i = 0; i < due.n; ++i) {
    const std::uint32_t household = due.places[i] / ages_per_row;
    const bool is_done = i > 0 && due.places[i - 1] / ages_per_row == household;
    if (!is_done) fail_due_units(world, world.rts.first_row[now.rt] + household, now);
  }
  return next;
}

/// Asks for the ages of an RT, which are read soon: blocks are too short for a processor to
/// foresee.
void ask_for_ages(const World& world, std::size_t rt) {
  constexpr std::size_t line = 64;
  const auto* const ages =
      reinterpret_cast<const char*>(world.households.fails.data() + world.rts.first_row[rt]);
  const std::size_t bytes = world.rts.n_rows[rt] * sizeof(FailureAges);
  for (std::size_t at = 0; at < bytes; at += line) sim::ask_for(ages + at);
}

}  // namespace

void note_failure_ages(World& world, std::size_t row) {
  float& next = world.rts.next_failure[world.households.record[row].rt];
  next = std::min(next, world.households.fails[row].least());
}

float smallest_failure_age(const World& world, std::size_t rt) {
  constexpr float never_due = -no_failure;
  Due due;
  return find_due_in(world, rt, never_due, due);
}

Failures::Failures(const World&) {}

void Failures::step(World& world, const sim::Step& step) {
  Neighbourhoods& rts = world.rts;
  const float shock = static_cast<float>(world.future[Param::flood_shock_years]);
  constexpr std::size_t ahead = 8;
  std::vector<std::uint32_t> due(rts.size() + 1);
  std::size_t n_due = 0;
  for (std::size_t rt = 0; rt < rts.size(); ++rt) {
    due[n_due] = static_cast<std::uint32_t>(rt);
    n_due += rts.next_failure[rt] <= static_cast<float>(rts.clock_calendar[rt]) ? 1 : 0;
  }
  Due units;
  for (std::size_t i = 0; i < n_due; ++i) {
    if (i + ahead < n_due) ask_for_ages(world, due[i + ahead]);
    const std::size_t rt = due[i];
    const float clock = static_cast<float>(rts.clock_calendar[rt]);
    rts.next_failure[rt] =
        fail_in(world, {.rt = rt,
                        .clock = clock,
                        .by_flood = rts.flooded[rt] == step.month ? clock - shock : clock,
                        .month = step.month},
                units);
  }
}

}  // namespace musi::models
