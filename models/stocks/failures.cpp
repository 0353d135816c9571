#include "models/stocks/failures.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#if defined(__SSE2__)
#include <xmmintrin.h>
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

/// Households whose ages are compared together: three ages each, a bit for each age.
constexpr std::size_t n_together = 16;
constexpr std::size_t ages_per_row = 3;
static_assert(sizeof(FailureAges) == ages_per_row * sizeof(float), "the ages of rows are in a row");

struct DueUnits {
  std::uint64_t bits = 0;    ///< bit 3 i + what: this unit of household i is due
  float next = no_failure;   ///< least age of the others
};

/// Four ages at a time: the order does not matter for the least.
DueUnits due_units(const FailureAges* rows, std::size_t n_rows, float clock) {
  const float* const ages = &rows->house;
  const std::size_t n = ages_per_row * n_rows;
  DueUnits due;
  std::size_t i = 0;
#if defined(__SSE2__)
  const __m128 now = _mm_set1_ps(clock);
  const __m128 none = _mm_set1_ps(no_failure);
  __m128 next = none;
  for (; i + 4 <= n; i += 4) {
    const __m128 age = _mm_loadu_ps(ages + i);
    const __m128 is_due = _mm_cmple_ps(age, now);
    due.bits |= static_cast<std::uint64_t>(_mm_movemask_ps(is_due)) << i;
    next = _mm_min_ps(next, _mm_or_ps(_mm_and_ps(is_due, none), _mm_andnot_ps(is_due, age)));
  }
  next = _mm_min_ps(next, _mm_movehl_ps(next, next));
  due.next = std::min(_mm_cvtss_f32(next), _mm_cvtss_f32(_mm_shuffle_ps(next, next, 1)));
#endif
  for (; i < n; ++i) {
    due.bits |= std::uint64_t{ages[i] <= clock} << i;
    due.next = std::min(due.next, ages[i] <= clock ? no_failure : ages[i]);
  }
  return due;
}

/// The rows of an RT in parts of at most n_together: visit(first row, how many).
template <class Visit>
void for_each_part(const Neighbourhoods& rts, std::size_t rt, Visit&& visit) {
  const std::size_t last = rts.first_row[rt] + rts.n_rows[rt];
  for (std::size_t first = rts.first_row[rt]; first < last; first += n_together) {
    visit(first, std::min(n_together, last - first));
  }
}

/// Lets what is due in an RT fail; returns its next age.
float fail_in(World& world, const Now& now) {
  float next = no_failure;
  for_each_part(world.rts, now.rt, [&](std::size_t first, std::size_t n) {
    const DueUnits due = due_units(&world.households.fails[first], n, now.clock);
    next = std::min(next, due.next);
    for (std::uint64_t bits = due.bits; bits != 0;) {
      const std::size_t i = static_cast<std::size_t>(std::countr_zero(bits)) / ages_per_row;
      fail_due_units(world, first + i, now);
      bits &= ~(std::uint64_t{7} << (ages_per_row * i));
    }
  });
  return next;
}

/// Asks for the ages of an RT, which are read soon: blocks are too short for a processor to
/// foresee.
void ask_for_ages(const World& world, std::size_t rt) {
  constexpr std::size_t line = 64;
  const auto* const ages =
      reinterpret_cast<const char*>(world.households.fails.data() + world.rts.first_row[rt]);
  const std::size_t bytes = world.rts.n_rows[rt] * sizeof(FailureAges);
  for (std::size_t at = 0; at < bytes; at += line) __builtin_prefetch(ages + at);
}

}  // namespace

void note_failure_ages(World& world, std::size_t row) {
  float& next = world.rts.next_failure[world.households.record[row].rt];
  next = std::min(next, world.households.fails[row].least());
}

float smallest_failure_age(const World& world, std::size_t rt) {
  float smallest = no_failure;
  for_each_part(world.rts, rt, [&](std::size_t first, std::size_t n) {
    constexpr float never_due = -no_failure;
    smallest = std::min(smallest, due_units(&world.households.fails[first], n, never_due).next);
  });
  return smallest;
}

Failures::Failures(const World&) {}

void Failures::step(World& world, const sim::Step& step) {
  Neighbourhoods& rts = world.rts;
  const float shock = static_cast<float>(world.future[Param::flood_shock_years]);
  constexpr std::size_t ahead = 2;
  std::vector<std::uint32_t> due(rts.size() + 1);
  std::size_t n_due = 0;
  for (std::size_t rt = 0; rt < rts.size(); ++rt) {
    due[n_due] = static_cast<std::uint32_t>(rt);
    n_due += rts.next_failure[rt] <= static_cast<float>(rts.clock_calendar[rt]) ? 1 : 0;
  }
  for (std::size_t i = 0; i < n_due; ++i) {
    if (i + ahead < n_due) ask_for_ages(world, due[i + ahead]);
    const std::size_t rt = due[i];
    const float clock = static_cast<float>(rts.clock_calendar[rt]);
    rts.next_failure[rt] =
        fail_in(world, {.rt = rt,
                        .clock = clock,
                        .by_flood = rts.flooded[rt] == step.month ? clock - shock : clock,
                        .month = step.month});
  }
}

}  // namespace musi::models
