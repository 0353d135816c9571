#include "models/world.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <type_traits>
#include <vector>

#include "sim/core/ask_for.h"
#include "sim/core/check.h"

namespace musi::models {
namespace {

/// Calls f(column, value of a spare row) for each column; `dy_now` only where it is kept.
template <class Function>
void for_each_column(Households& h, Function&& f) {
  const HouseholdRow spare;
  f(h.record, HouseholdRecord{}), f(h.flags, spare.flags);
  f(h.next_revision, spare.next_revision), f(h.next_rare, spare.next_rare);
  f(h.fails, spare.fails);
  if (h.keeps_dy_now) f(h.dy_now, spare.dy_now);
}

/// Rows there may be before blocks close ranks, if `used` are in use, with room for one more block.
constexpr std::size_t most_rows(std::size_t used) { return used + used / 4 + used / 16; }

/// Rows to spare for a block of n that has grown by `grown` since blocks last closed ranks: it is
/// expected to grow on.
constexpr std::size_t rows_to_grow(std::size_t n, std::size_t grown) {
  return n / 32 + 2 + grown + grown / 4;
}

/// How blocks of rows come to stand in order of their RTs, in place.
class Closing {
 public:
  /// From the rows `old_first` to those of `rts`.
  Closing(const Neighbourhoods& rts, std::span<const std::uint32_t> old_first) {
    for (std::size_t rt = 0; rt < rts.size(); ++rt) {
      const std::size_t n = rts.n_rows[rt], to = rts.first_row[rt];
      gaps_.push_back({.from = to + n, .to = to + n, .n = rts.capacity[rt] - n});
      if (n == 0) continue;
      const Shift shift{.from = old_first[rt], .to = to, .n = n};
      (shift.from >= rts.ordered_rows ? moved_ : shift.to < shift.from ? down_ : up_)
          .push_back(shift);
    }
    std::reverse(up_.begin(), up_.end());
  }

  /// Blocks that moved step aside; of the others, which are in order, nobody is in the way of those
  /// who go down if the lowest goes first, nor then of those who go up if the highest goes first.
  template <class T>
  void close(std::span<T> column, const T& spare, std::vector<std::byte>& aside) const {
    static_assert(std::is_trivially_copyable_v<T>);
    aside.clear();
    for (const Shift& s : moved_) {
      const auto* const bytes = reinterpret_cast<const std::byte*>(&column[s.from]);
      aside.insert(aside.end(), bytes, bytes + sizeof(T) * s.n);
    }
    for (const auto* shifts : {&down_, &up_}) {
      for (const Shift& s : *shifts) {
        std::memmove(&column[s.to], &column[s.from], sizeof(T) * s.n);
      }
    }
    const std::byte* from = aside.data();
    for (const Shift& s : moved_) {
      std::memcpy(&column[s.to], from, sizeof(T) * s.n);
      from += sizeof(T) * s.n;
    }
    for (const Shift& gap : gaps_) {
      std::fill_n(column.begin() + static_cast<std::ptrdiff_t>(gap.to), gap.n, spare);
    }
  }

 private:
  struct Shift {
    std::size_t from, to, n;  ///< rows
  };
  std::vector<Shift> moved_, down_, up_, gaps_;
};

}  // namespace

void Households::reserve(std::size_t rows) {
  for_each_column(*this, [&](auto& column, auto) { column.reserve(most_rows(rows)); });
  rare_from.reserve(most_rows(rows) / rows_per_rare_from + 1);
}

void Households::resize(std::size_t rows) {
  for_each_column(*this, [&](auto& column, auto spare) { column.resize(rows, spare); });
  rare_from.resize((rows + rows_per_rare_from - 1) / rows_per_rare_from, 0);
}

void Neighbourhoods::resize(std::size_t rows) {
  const auto to = [&](auto&... columns) { (columns.resize(rows), ...); };
  to(key, site, ordinal, first_row, n_rows, capacity, rows_at_rest, light_rank, area, buildings,
     buildings_at_start,
     share_river, tide, ideal_road, ideal_drain, miss_road, miss_drain);
  for (auto& phases : good) {
    for (auto& column : phases) column.resize(rows);
  }
  to(clog, waste_service, irregular, overdense_at_start, n_households, n_persons, n_unfit,
     n_no_water, n_low_water, n_no_toilet, n_no_tank, n_crowded);
  for (std::size_t g = 0; g < n_groups; ++g) to(n_group[g], n_engaged[g], gamma[g]);
  to(sc, A, E, land_status, clock_community, clock_calendar, refreshed_community,
     refreshed_calendar, upkeep_sum, upkeep_months, service_paid_until, upkeep_paid_until,
     works_until, attracts_until, touched, next_fire, fire_slots, credit_closed_until);
  next_failure.resize(rows, no_failure);
  next_flood.resize(rows, never);
  flooded.resize(rows, never);
  for (std::size_t k = 0; k < n_criteria; ++k) to(start_share[k], physical[k], ledger[k]);
  to(physical_score, ledger_score, physical_class, ledger_class, in_ledger, in_decree, decree_area,
     measured, was_clear, ever_served, waterfront, year_marks, first_barrier);
}

void Sites::resize(std::size_t rows) {
  const auto to = [&](auto&... columns) { (columns.resize(rows), ...); };
  to(key, rts, area, is_strategic, is_legal, is_ulu, unclear_land_share, board, disappointment,
     facilitator_months, delivery_ratio, promised, delivered,
     elders_appointed, prevention, park_value, renewal, priority_rank, decree_area);
  cost_factor.resize(rows, 1.0f);
  served_since.resize(rows, never);
}

std::size_t World::n_households() const {
  std::size_t n = 0;
  for (const std::uint32_t in_rt : rts.n_households) n += in_rt;
  return n;
}

HouseholdRow World::row(std::size_t row) const {
  HouseholdRow all = household(row);
  all.fails = households.fails[row];
  return all;
}

HouseholdRow World::household(std::size_t row) const {
  const Households& h = households;
  const HouseholdRecord& r = h.record[row];
  return {.key = r.key,
          .flags = h.flags[row],
          .next_revision = h.next_revision[row],
          .next_rare = h.next_rare[row],
          .last_visit = r.last_visit,
          .repaired = r.repaired,
          .mu = r.mu,
          .dy = r.dy,
          .dy_now = h.keeps_dy_now ? h.dy_now[row] : 0.0f,
          .savings = r.savings,
          .c0 = r.c0};
}

void World::ask_for_household(std::size_t row) const {
  const Households& h = households;
  sim::ask_for(&h.record[row]);
  sim::ask_for(&h.flags[row]);
  sim::ask_for(&h.next_revision[row]);
  sim::ask_for(&h.next_rare[row]);
}

void World::set_row(std::size_t row, const HouseholdRow& in) {
  set_household(row, in);
  households.fails[row] = in.fails;
}

void World::set_household(std::size_t row, const HouseholdRow& in) {
  Households& h = households;
  h.record[row] = {.key = in.key,
                   .rt = h.record[row].rt,
                   .mu = in.mu,
                   .dy = in.dy,
                   .savings = in.savings,
                   .c0 = in.c0,
                   .last_visit = in.last_visit,
                   .repaired = in.repaired};
  h.flags[row] = in.flags;
  h.next_revision[row] = in.next_revision;
  h.set_next_rare(row, in.next_rare);
  if (h.keeps_dy_now) h.dy_now[row] = in.dy_now;
}

std::size_t World::add_row(std::size_t rt, const HouseholdRow& household) {
  if (rts.n_rows[rt] == rts.capacity[rt]) {
    const std::size_t old_first = rts.first_row[rt];
    const std::size_t n = rts.n_rows[rt];
    const std::size_t capacity = n + n / 4 + rows_to_spare(n);
    const std::size_t new_first = households.size_rows();
    households.resize(new_first + capacity);
    for_each_column(households, [&](auto& column, auto) {
      std::copy_n(column.begin() + static_cast<std::ptrdiff_t>(old_first), n,
                  column.begin() + static_cast<std::ptrdiff_t>(new_first));
    });
    for_each_column(households, [&](auto& column, auto spare) {
      std::fill_n(column.begin() + static_cast<std::ptrdiff_t>(old_first), n, spare);
    });
    constexpr std::size_t per_bound = Households::rows_per_rare_from;
    for (std::size_t b = new_first / per_bound; b * per_bound < new_first + n; ++b) {
      households.rare_from[b] = 0;  // the rows are looked at once
    }
    rts.first_row[rt] = static_cast<std::uint32_t>(new_first);
    rts.capacity[rt] = static_cast<std::uint32_t>(capacity);
  }
  const std::size_t row = rts.first_row[rt] + rts.n_rows[rt]++;
  set_row(row, household);
  households.record[row].rt = static_cast<std::uint32_t>(rt);
  return row;
}

void World::close_ranks() {
  std::size_t used = 0;
  for (const std::uint32_t n : rts.n_rows) used += n;
  if (households.size_rows() <= used + used / 4 + rows_to_spare(0) * rts.size()) return;
  const std::vector<std::uint32_t> old_first = rts.first_row;
  std::size_t rows = 0;
  for (std::size_t rt = 0; rt < rts.size(); ++rt) {
    const std::uint32_t n = rts.n_rows[rt];
    rts.first_row[rt] = static_cast<std::uint32_t>(rows);
    rts.capacity[rt] = static_cast<std::uint32_t>(
        n + rows_to_grow(n, n - std::min(n, rts.rows_at_rest[rt])));
    rts.rows_at_rest[rt] = n;
    rows += rts.capacity[rt];
  }
  // Columns stay where they are: fresh memory costs more than the copying.
  if (rows > households.size_rows()) households.resize(rows);
  const Closing closing(rts, old_first);
  std::vector<std::byte> aside;
  for_each_column(households, [&](auto& column, auto spare) {
    closing.close(std::span(column), spare, aside);
    column.resize(rows);
  });
  households.rare_from.assign(
      (rows + Households::rows_per_rare_from - 1) / Households::rows_per_rare_from, 0);
  rts.ordered_rows = rows;
}

void World::remove_row(std::size_t row) {
  MUSI_EXPECT((households.flags[row] & flag::alive) == 0);
  const std::size_t rt = households.record[row].rt;
  const std::size_t last = rts.first_row[rt] + rts.n_rows[rt] - 1;
  MUSI_EXPECT(row >= rts.first_row[rt] && row <= last);
  for (std::size_t i = row; i < last; ++i) set_row(i, this->row(i + 1));
  set_row(last, HouseholdRow{});
  --rts.n_rows[rt];
}

void World::count_household(std::size_t row, int sign) {
  const std::uint32_t f = households.flags[row];
  MUSI_HOT_EXPECT((f & flag::alive) != 0);
  const std::size_t rt = households.record[row].rt;
  const std::uint32_t one = static_cast<std::uint32_t>(sign);  // -1 wraps, counters wrap back
  const auto add = [&](std::vector<std::uint32_t>& counter, std::uint32_t bit) {
    counter[rt] += (f & bit) != 0 ? one : 0u;  // nobody can foresee a branch
  };
  rts.n_households[rt] += one;
  rts.n_persons[rt] += one * size_of(f);
  add(rts.n_unfit, flag::lacks_house);
  add(rts.n_no_water, flag::lacks_water);
  add(rts.n_low_water, flag::low_water);
  add(rts.n_no_toilet, flag::lacks_toilet);
  add(rts.n_no_tank, flag::lacks_tank);
  add(rts.n_crowded, flag::crowded);
  const std::size_t group = static_cast<std::size_t>(group_of(f));
  rts.n_group[group][rt] += one;
  add(rts.n_engaged[group], flag::engaged);
}

void World::count_successor(std::size_t row, std::uint32_t before) {
  const std::uint32_t now = households.flags[row];
  [[maybe_unused]] constexpr std::uint32_t of_dwelling =
      flag::alive | flag::lacks_house | flag::lacks_water | flag::low_water | flag::lacks_toilet |
      flag::lacks_tank | flag::crowded;
  MUSI_HOT_EXPECT((now & flag::alive) != 0 && ((now ^ before) & of_dwelling) == 0);
  const std::size_t rt = households.record[row].rt;
  rts.n_persons[rt] += size_of(now) - size_of(before);  // wraps, the counter wraps back
  if (((now ^ before) & (flag::land_group | flag::engaged)) == 0) return;
  const auto count = [&](std::uint32_t flags, std::uint32_t one) {
    const std::size_t group = static_cast<std::size_t>(group_of(flags));
    rts.n_group[group][rt] += one;
    rts.n_engaged[group][rt] += (flags & flag::engaged) != 0 ? one : 0u;
  };
  count(before, ~0u);
  count(now, 1u);
}

void World::change_flags(std::size_t row, std::size_t rt, std::uint32_t set,
                         std::uint32_t clear) {
  MUSI_HOT_EXPECT(rt == households.record[row].rt);
  std::uint32_t& f = households.flags[row];
  MUSI_HOT_EXPECT((f & flag::alive) != 0);
  const std::uint32_t after = (f & ~clear) | set;
  const std::uint32_t changed = f ^ after;
  if ((changed & (flag::alive | flag::land_group)) == 0) {  // all but arrivals and departures
    const auto step = [&](std::vector<std::uint32_t>& counter, std::uint32_t bit) {
      if ((changed & bit) != 0) counter[rt] += (after & bit) != 0 ? 1u : ~0u;
    };
    step(rts.n_unfit, flag::lacks_house);
    step(rts.n_no_water, flag::lacks_water);
    step(rts.n_low_water, flag::low_water);
    step(rts.n_no_toilet, flag::lacks_toilet);
    step(rts.n_no_tank, flag::lacks_tank);
    step(rts.n_crowded, flag::crowded);
    step(rts.n_engaged[static_cast<std::size_t>(group_of(f))], flag::engaged);
    f = after;
    return;
  }
  count_household(row, -1);
  f = after;
  count_household(row, +1);
}

void World::note_loss(std::size_t row, sim::Month in_month) {
  if ((households.flags[row] & flag::alive) == 0) return;
  const HouseholdRef who{.key = households.record[row].key,
                         .rt = households.record[row].rt,
                         .row = static_cast<std::uint32_t>(row)};
  support.losses.push_back({.who = who, .month = static_cast<std::uint16_t>(in_month)});
}

void World::recount(std::size_t rt) {
  for (auto* counter : {&rts.n_households, &rts.n_persons, &rts.n_unfit, &rts.n_no_water,
                        &rts.n_low_water, &rts.n_no_toilet, &rts.n_no_tank, &rts.n_crowded}) {
    (*counter)[rt] = 0;
  }
  for (std::size_t g = 0; g < n_groups; ++g) rts.n_group[g][rt] = rts.n_engaged[g][rt] = 0;
  for (std::size_t i = rts.first_row[rt]; i < rts.first_row[rt] + rts.n_rows[rt]; ++i) {
    if ((households.flags[i] & flag::alive) != 0) count_household(i, +1);
  }
}

}  // namespace musi::models
