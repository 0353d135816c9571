#include "models/stocks/failures.h"

#include <algorithm>

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace musi::models {
namespace {

/// Sets deficits of a dwelling; one that stands empty is in no counter.
void deteriorate(World& world, std::size_t row, std::uint32_t set) {
  if ((world.households.flags[row] & flag::alive) != 0) {
    world.change_flags(row, set, 0);
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

/// `by_flood`: a house that would have stood at this clock without the flood of this month.
void fail_due_units(World& world, std::size_t row, float clock, float by_flood,
                    sim::Month month) {
  Households& h = world.households;
  YearCounts& counts = world.state.counts;
  const float house = h.fail_house[row];
  if (fails(h.fail_house[row], clock, h.flags[row], flag::lacks_house)) {
    if (house > by_flood) world.note_loss(row, month);
    const bool again = (h.flags[row] & flag::failed_once) != 0;
    deteriorate(world, row,
                flag::lacks_house | (again ? flag::failed_twice : flag::failed_once));
    ++counts.house_failures;
  }
  constexpr std::uint32_t water = flag::lacks_water | flag::low_water;
  if (fails(h.fail_water[row], clock, h.flags[row], water)) {
    deteriorate(world, row, water);
    ++counts.water_failures;
  }
  constexpr std::uint32_t sanitation = flag::lacks_toilet | flag::lacks_tank;
  if (fails(h.fail_sanitation[row], clock, h.flags[row], sanitation)) {
    deteriorate(world, row, sanitation);
    ++counts.sanitation_failures;
  }
}

float smallest_age(const Households& h, std::size_t row) {
  return std::min({h.fail_house[row], h.fail_water[row], h.fail_sanitation[row]});
}

/// Households whose ages are compared together. Units fail one in thousands a month.
constexpr std::size_t n_together = 16;

/// Least age of n households from `first` on. Four at a time: the order does not matter.
float smallest_of_rows(const Households& h, std::size_t first, std::size_t n) {
  std::size_t i = first;
  float smallest = no_failure;
#if defined(__SSE2__)
  __m128 least = _mm_set1_ps(no_failure);
  for (; i + 4 <= first + n; i += 4) {
    const __m128 house = _mm_loadu_ps(&h.fail_house[i]);
    const __m128 water = _mm_loadu_ps(&h.fail_water[i]);
    const __m128 sanitation = _mm_loadu_ps(&h.fail_sanitation[i]);
    least = _mm_min_ps(least, _mm_min_ps(house, _mm_min_ps(water, sanitation)));
  }
  least = _mm_min_ps(least, _mm_movehl_ps(least, least));
  smallest = std::min(_mm_cvtss_f32(least), _mm_cvtss_f32(_mm_shuffle_ps(least, least, 1)));
#endif
  for (; i < first + n; ++i) smallest = std::min(smallest, smallest_age(h, i));
  return smallest;
}

}  // namespace

void note_failure_ages(World& world, std::size_t row) {
  float& next = world.rts.next_failure[world.households.record[row].rt];
  next = std::min(next, smallest_age(world.households, row));
}

float smallest_failure_age(const World& world, std::size_t rt) {
  float smallest = no_failure;
  const std::size_t last = world.rts.first_row[rt] + world.rts.n_rows[rt];
  for (std::size_t first = world.rts.first_row[rt]; first < last; first += n_together) {
    const std::size_t n = std::min(n_together, last - first);
    smallest = std::min(smallest, smallest_of_rows(world.households, first, n));
  }
  return smallest;
}

Failures::Failures(const World&) {}

void Failures::step(World& world, const sim::Step& step) {
  Neighbourhoods& rts = world.rts;
  const float shock = static_cast<float>(world.future[Param::flood_shock_years]);
  for (std::size_t rt = 0; rt < rts.size(); ++rt) {
    const float clock = static_cast<float>(rts.clock_calendar[rt]);
    if (rts.next_failure[rt] > clock) continue;
    const float by_flood = rts.flooded[rt] == step.month ? clock - shock : clock;
    const std::size_t last = rts.first_row[rt] + rts.n_rows[rt];
    float next = no_failure;
    for (std::size_t first = rts.first_row[rt]; first < last; first += n_together) {
      const std::size_t n = std::min(n_together, last - first);
      float least = smallest_of_rows(world.households, first, n);
      if (least <= clock) {
        for (std::size_t row = first; row < first + n; ++row) {
          fail_due_units(world, row, clock, by_flood, step.month);
        }
        least = smallest_of_rows(world.households, first, n);
      }
      next = std::min(next, least);
    }
    rts.next_failure[rt] = next;
  }
}

}  // namespace musi::models
