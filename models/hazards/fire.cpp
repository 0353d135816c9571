#include "models/hazards/fire.h"

#include <algorithm>
#include <bit>

#include "models/draws.h"
#include "models/score/classes.h"
#include "sim/core/distributions.h"
#include "sim/core/portable_math.h"

namespace musi::models {
namespace {

constexpr std::uint32_t fewest_slots = 256;
constexpr float protected_below = 0.25f;  ///< of 7a, 7b

/// Mean of 1 + geometric, at most largest_fire, where each further house is lost with chance q.
double mean_size(double q) {
  double sum = 0.0;
  for (int k = 0; k < largest_fire; ++k) sum = 1.0 + q * sum;
  return sum;
}

/// The q of a mean.
double spread_of(double mean) {
  double low = 0.0;
  double high = 1.0;
  for (int i = 0; i < 50; ++i) {
    const double middle = 0.5 * (low + high);
    (mean_size(middle) < mean ? low : high) = middle;
  }
  return high;
}

/// A dwelling burns down; one that stands empty is in no counter.
void destroy(World& world, std::size_t row, sim::Month month) {
  constexpr std::uint32_t gone = flag::lacks_house | flag::failed_twice | flag::lacks_water |
                                 flag::low_water | flag::lacks_toilet | flag::lacks_tank;
  Households& h = world.households;
  if ((h.flags[row] & flag::alive) != 0) {
    world.change_flags(row, gone, 0);
  } else {
    h.flags[row] |= gone;
  }
  h.fails[row] = {};
  world.note_loss(row, month);
}

}  // namespace

Fires::Fires(const Params& params)
    : params_(params),
      rate_(-sim::portable::log(1.0 - std::clamp(params.yearly_chance, 0.0, 0.999)) / 12.0),
      spread_(spread_of(params.mean_lost)) {}

Fires::Params Fires::params_of(const World& world) {
  return {.is_on = world.scenario->hazards.fire,
          .yearly_chance = world.future[Param::fire_rate],
          .mean_lost = world.future[Param::fire_houses_lost]};
}

int Fires::size(double uniform) const {
  return sim::geometric_wait(uniform, 1.0 - spread_, largest_fire);
}

void Fires::step(World& world, const sim::Step& step) {
  if (!params_.is_on || !(rate_ > 0.0)) return;
  constexpr std::uint32_t wait_block = 0;
  Neighbourhoods& rts = world.rts;
  const Households& h = world.households;
  const sim::Chance luck = step.chance(Draw::fire_wait);
  const double now = static_cast<double>(step.month);
  const std::uint32_t* const slots = rts.fire_slots.data();
  const std::uint32_t* const n_rows = rts.n_rows.data();
  const double* const next = rts.next_fire.data();
  for (std::size_t rt = 0; rt < rts.size(); ++rt) {
    // Nearly all: dwellings for all rows, and no fire this month.
    if (slots[rt] >= std::max(n_rows[rt], fewest_slots) && next[rt] >= now + 1.0) continue;
    if (rts.fire_slots[rt] < std::max(rts.n_rows[rt], fewest_slots)) {
      rts.fire_slots[rt] = std::max(fewest_slots, std::bit_ceil(2 * rts.n_rows[rt]));
      const sim::Block words = luck.block(rts.key[rt], wait_block);
      rts.next_fire[rt] = now + sim::exponential_quantile(sim::fine_uniform_of(words[0], words[1]),
                                                          rate_ * rts.fire_slots[rt]);
    }
    for (std::uint32_t number = wait_block + 1; rts.next_fire[rt] < now + 1.0; ++number) {
      const sim::Block words = luck.block(rts.key[rt], number);
      rts.next_fire[rt] += sim::exponential_quantile(sim::fine_uniform_of(words[0], words[1]),
                                                     rate_ * rts.fire_slots[rt]);
      const auto slot = static_cast<std::uint32_t>(
          (std::uint64_t{words[2]} * rts.fire_slots[rt]) >> 32);
      if (slot >= rts.n_rows[rt]) continue;
      const std::size_t row = rts.first_row[rt] + slot;
      constexpr std::uint32_t can_ignite = flag::alive | flag::wood;
      if ((h.flags[row] & can_ignite) == can_ignite) burn(world, step, rt, row, number);
    }
  }
}

void Fires::burn(World& world, const sim::Step& step, std::size_t rt, std::size_t row,
                 std::uint32_t number) const {
  const Neighbourhoods& rts = world.rts;
  const sim::Block words =
      step.chance(Draw::fire_size).block(world.households.record[row].key, number);
  double lost = size(sim::fine_uniform_of(words[0], words[1]));
  for (const Criterion protection : {Criterion::c7a, Criterion::c7b}) {
    if (rts.physical[static_cast<std::size_t>(protection)][rt] < protected_below) lost *= 0.5;
  }
  auto left = static_cast<std::size_t>(lost + static_cast<double>(sim::uniform24(words[2])));
  YearCounts& counts = world.state.counts;
  ++counts.fires;
  const std::size_t first = rts.first_row[rt];
  const std::size_t last = first + rts.n_rows[rt];
  for (std::size_t distance = 0; left > 0 && distance < rts.n_rows[rt]; ++distance) {
    const auto reach = [&](std::size_t place) {
      if (left == 0) return;
      destroy(world, place, step.month);
      ++counts.houses_lost;
      --left;
    };
    if (row + distance < last) reach(row + distance);
    if (distance > 0 && row >= first + distance) reach(row - distance);
  }
}

}  // namespace musi::models
