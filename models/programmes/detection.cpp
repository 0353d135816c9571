#include "models/programmes/detection.h"

#include <algorithm>

#include "models/draws.h"
#include "models/participation/complaints.h"
#include "models/programmes/households.h"
#include "sim/core/key_tile.h"
#include "sim/core/portable_math.h"

namespace musi::models {
namespace {

namespace portable = sim::portable;

double known_households(const World& world, std::size_t rt, Item item, const sim::Step& step) {
  const std::uint32_t lacks = facts(item).lacks;
  auto rows = rows_passing(world, rt, is_lacking(lacks), [](std::size_t) { return true; });
  Detector(world, item, step).keep_listed(world.households, rows);
  return static_cast<double>(rows.size());
}

/// How many of the 2^24 numbers of sim::uniform24 lie below a chance: they are the smallest.
std::uint32_t numbers_below(double chance) {
  constexpr std::uint32_t all = 1u << 24;
  const auto is_below = [&](std::uint32_t number) {
    return static_cast<double>(sim::uniform24(number << 8)) < chance;
  };
  // At most a few off by rounding.
  auto n = static_cast<std::uint32_t>(std::clamp(chance, 0.0, 1.0) * all);
  while (n < all && is_below(n)) ++n;
  while (n > 0 && !is_below(n - 1)) --n;
  return n;
}

constexpr std::size_t is_engaged(std::uint32_t flags) {
  return (flags & flag::engaged) != 0 ? 1 : 0;
}

}  // namespace

KnownChance::KnownChance(const World& world, int year)
    : head_bias_(world.future[Param::part_head_bias]) {
  const Future& f = world.future;
  const double q0 = f[Param::part_detection_rt_head];
  const double direct = (f[Param::part_detection_direct] - q0) * f[Param::part_detection_reach] *
                        complaints_handled(world, year);
  q_engaged_ = q0 + direct;
}

double known_chance(const World& world, double engaged, int year) {
  return KnownChance(world, year).of(engaged);
}

Detector::Detector(const World& world, Item item, const sim::Step& step)
    : chance_of_{known_chance(world, 0.0, world.scenario->clock.year(step.month)),
                 known_chance(world, 1.0, world.scenario->clock.year(step.month))},
      listed_below_{numbers_below(chance_of_[0]), numbers_below(chance_of_[1])},
      chance_(step.yearly_chance(Draw::detection)),
      // One word per deficit, not per item: two programmes read one list.
      deficit_(static_cast<std::uint32_t>(*facts(item).lowers)) {}

bool Detector::operator()(const Households& households, std::size_t row) const {
  const sim::Block words = chance_.block(households.record[row].key, deficit_);
  return static_cast<double>(sim::uniform24(words[0])) <
         chance_of_[is_engaged(households.flags[row])];
}

void Detector::keep_listed(const Households& households, std::vector<std::uint32_t>& rows,
                           std::size_t from) const {
  constexpr std::size_t batch = 64;
  sim::KeyTile<batch> drawn;
  std::size_t kept = from;
  for (std::size_t first = from; first < rows.size(); first += batch) {
    const std::size_t n = std::min(batch, rows.size() - first);
    for (std::size_t i = 0; i < n; ++i) drawn.keys[i] = households.record[rows[first + i]].key;
    drawn.draw(chance_, n, deficit_);
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint32_t row = rows[first + i];
      rows[kept] = row;
      const std::uint32_t below = listed_below_[is_engaged(households.flags[row])];
      kept += drawn.words[0][i] >> 8 < below ? 1 : 0;
    }
  }
  rows.resize(kept);
}

bool is_known(const World& world, std::size_t row, Item item, const sim::Step& step) {
  return Detector(world, item, step)(world.households, row);
}

Beliefs::Beliefs(const World& world, const sim::Step& step, NeedLuck* luck)
    : world_(world),
      chance_(step.yearly_chance(Draw::detection)),
      spread_(world.future[Param::need_error_sd]),
      known_(world, world.scenario->clock.year(step.month)),
      luck_(luck) {
  if (luck_ != nullptr) luck_->begin(step.seed, world.scenario->clock.year(step.month), spread_);
}

/// Of a hydrant the uniform number, of other works the factor. More than 0.
double Beliefs::draw(std::size_t rt, Item item) const {
  const sim::Block words = chance_.block(world_.rts.key[rt], static_cast<std::uint32_t>(item));
  const float uniform = sim::uniform24(words[0]);
  if (item == Item::fire_access) return static_cast<double>(uniform);
  return portable::exp(spread_ * static_cast<double>(portable::normal_quantile(uniform)));
}

double Beliefs::need(std::size_t rt, Item item) const {
  const double need = true_need(world_, rt, item);
  if (need <= 0) return 0.0;
  const double q = known_.of(engaged_share(world_, rt));
  const auto draw_it = [&] { return draw(rt, item); };
  const double luck = luck_ != nullptr ? luck_->of(rt, item, draw_it) : draw_it();
  if (item == Item::fire_access) return luck < q ? need : 0.0;
  return need * q * luck;
}

double believed_need(const World& world, std::size_t rt, Item item, const sim::Step& step) {
  if (facts(item).lacks == 0) return Beliefs(world, step, nullptr).need(rt, item);
  const double known = known_households(world, rt, item, step);
  return item == Item::shared_sanitation ? known / households_per_system(world) : known;
}

}  // namespace musi::models
