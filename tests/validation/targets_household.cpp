#include <algorithm>
#include <cmath>
#include <map>

#include "models/build_world.h"
#include "models/population/rare_events.h"
#include "models/programmes/delivery.h"
#include "models/programmes/need.h"
#include "models/relocation/relocations.h"
#include "models/stocks/ageing.h"
#include "models/stocks/refresh.h"
#include "tests/support/crowd.h"
#include "tests/support/moments.h"
#include "tests/support/money_run.h"
#include "tests/validation/evidence.h"
#include "tests/validation/palembang.h"

/// MODEL.md section 26, targets 28, 29, 32 and 33: households before and after works.

namespace musi::tests {

using namespace musi::models;

namespace {

constexpr double most_errors = 4.0;

/// Log incomes of the present month, by household. Rows move, keys do not.
std::map<sim::EntityKey, double> incomes(const World& world) {
  std::map<sim::EntityKey, double> all;
  const Households& h = world.households;
  for (std::size_t i = 0; i < h.size_rows(); ++i) {
    if ((h.flags[i] & flag::alive) == 0) continue;
    all[h.record[i].key] = double{h.record[i].mu} + double{h.dy_now[i]};
  }
  return all;
}

struct Mobility {
  double up = 0.0, down = 0.0;  ///< [%]
};

/// Households that stayed three years: out of the poorest three deciles, and out of the upper six.
Mobility three_years(std::uint64_t seed) {
  Scenario s = palembang().central;
  s.sampling.plain_evaluation = true;  // incomes of the month, not of the last visit
  s.start.subset = {palembang().city.sites.front().kecamatan};
  World world = build_world(s, palembang().city, seed);
  std::map<sim::EntityKey, double> before;
  live(world, 48, [&](const World& w, sim::Month month) {
    if (month == 11) before = incomes(w);
  });
  const auto after = incomes(world);
  std::vector<std::pair<double, double>> stayed;
  std::vector<double> then, now;
  for (const auto& [key, income] : before) {
    const auto there = after.find(key);
    if (there == after.end()) continue;
    stayed.emplace_back(income, there->second);
    then.push_back(income);
    now.push_back(there->second);
  }
  const double low_then = quantile(then, 0.3), low_now = quantile(now, 0.3);
  const double four_then = quantile(then, 0.4), four_now = quantile(now, 0.4);
  double poor = 0.0, rose = 0.0, rest = 0.0, fell = 0.0;
  for (const auto& [a, b] : stayed) {
    poor += a < low_then, rose += a < low_then && b >= low_now;
    rest += a >= four_then, fell += a >= four_then && b < four_now;
  }
  return {100.0 * rose / poor, 100.0 * fell / rest};
}

std::vector<Target> mobility(std::size_t futures) {
  const auto all = side_by_side<Mobility>(
      futures, [](std::size_t i) { return three_years(sim::run_seed(28, i)); });
  std::vector<double> up, down;
  for (const Mobility& m : all) up.push_back(m.up), down.push_back(m.down);
  const std::string why = "a part of the spread of incomes, that between classes of education, "
                          "never changes, so that fewer change places than the correlation says";
  return {{.number = "28a",
           .pattern = "three-year mobility: out of the poorest three deciles",
           .value = moments(up).mean,
           .low = 24.0,
           .high = 32.0,
           .unit = "%",
           .use = Use::calibration,
           .likely_reason = why,
           .spread = range_of(up)},
          {.number = "28b",
           .pattern = "three-year mobility: out of the upper six deciles",
           .value = moments(down).mean,
           .low = 9.0,
           .high = 17.0,
           .unit = "%",
           .use = Use::calibration,
           .likely_reason = why,
           .spread = range_of(down)}};
}

/// Land households invited in one month, fourteen years later, with parameters drawn anew. [%]
struct Invited {
  double never_moved = 0.0, left = 0.0;
};

Invited fourteen_years(std::uint64_t seed) {
  World world = crowd(palembang().uncertain, palembang().city,
                      {.n_rts = 2, .per_rt = 1000, .seed = seed});
  std::uint16_t flats = 0;
  while (palembang().uncertain.programmes.at(flats).id != "rusunawa") ++flats;
  for (std::size_t i = 0; i < world.households.size_rows(); ++i) {
    if ((world.households.flags[i] & flag::alive) == 0) continue;
    world.relocation.offers.push_back({.household = world.households.record[i].key,
                                       .rt = world.households.record[i].rt,
                                       .programme = flats,
                                       .opens = 0});
  }
  Relocations relocations(world);
  for (sim::Month t = 0; t <= 14 * 12; ++t) relocations.step(world, {.month = t, .seed = seed});
  const double n = 2000, moved = static_cast<double>(world.relocation.relocated);
  const double there = static_cast<double>(world.relocation.living.size());
  return {100.0 * (1.0 - moved / n), 100.0 * (moved - there) / n};
}

std::vector<Target> relocation(std::size_t futures) {
  const auto all = side_by_side<Invited>(
      futures, [](std::size_t i) { return fourteen_years(sim::run_seed(29, i)); });
  std::vector<double> never, left;
  for (const Invited& one : all) never.push_back(one.never_moved), left.push_back(one.left);
  const std::string why = "ranges of take-up and exit are wider than the trial";
  return {{.number = "29a",
           .pattern = "invited households that never move",
           .value = moments(never).mean,
           .low = 28.0,
           .high = 40.0,
           .unit = "%",
           .use = Use::calibration,
           .likely_reason = why,
           .spread = range_of(never)},
          {.number = "29b",
           .pattern = "invited households that have left after 14 years",
           .value = moments(left).mean,
           .low = 26.0,
           .high = 38.0,
           .unit = "%",
           .use = Use::calibration,
           .likely_reason = why,
           .spread = range_of(left)}};
}

/// Wishes of three years in one small city, everything treated or nothing.
struct Wishes {
  double owners_leave = 0.0, new_units = 0.0;
};

Wishes wishes_of(const City& city, bool treated, std::uint64_t seed) {
  const Scenario s = tiny_scenario();
  World world = build_world_without_spin_up(s, city, seed);
  for (std::size_t rt = 0; treated && rt < world.n_rts(); ++rt) {
    world.rts.works_until[rt] = 36;
    world.rts.attracts_until[rt] = 60;
  }
  draw_first_rare(world);
  RareEvents events(world);
  Wishes n;
  for (sim::Month t = 0; t < 36; ++t) {
    events.step(world, {.month = t, .seed = seed});
    for (const MoveWish& wish : world.wishes) {
      const bool owner = is_owner(world.households.flags[wish.row]);
      n.owners_leave += owner && wish.kind == MoveWish::Kind::leave ? 1.0 : 0.0;
      n.new_units += wish.kind == MoveWish::Kind::new_unit ? 1.0 : 0.0;
    }
  }
  return n;
}

/// Gain of house value by full paving, from the RTs of Palembang paved whole. [%]
double value_of_paving() {
  World world = build_world_without_spin_up(palembang().central, palembang().city, 32);
  double weight = 0.0, gains = 0.0;
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    const double before = value_gain(world, rt, world.future[Param::value_gain_full_paving]);
    double paved = 0.0;
    for (const Item item : {Item::road_surface, Item::road_new}) {
      paved += add_works(world, rt, item, true_need(world, rt, item), 0.0, 0);
    }
    const double share = paved / static_cast<double>(world.rts.ideal_road[rt]);
    if (share < 0.2) continue;
    const double gain =
        value_gain(world, rt, world.future[Param::value_gain_full_paving]) - before;
    gains += std::exp(gain / share) - 1.0;
    weight += 1.0;
  }
  return 100.0 * gains / weight;
}

std::vector<Target> after_works(std::size_t pairs) {
  const City city = tiny_city(8);
  std::vector<double> owners, units;
  double left[2] = {};
  const auto all = side_by_side<std::array<Wishes, 2>>(pairs, [&](std::size_t i) {
    const std::uint64_t seed = sim::run_seed(32, i);
    return std::array<Wishes, 2>{wishes_of(city, false, seed), wishes_of(city, true, seed)};
  });
  for (const auto& [without, with] : all) {
    owners.push_back(with.owners_leave - without.owners_leave);
    units.push_back(with.new_units - without.new_units);
    left[0] += without.owners_leave;
    left[1] += with.owners_leave;
  }
  const Moments fewer = moments(owners), more = moments(units);
  const std::string why = "an error of the program: the sign is a parameter";
  return {{.number = "32a",
           .pattern = "owners who leave a treated place less those of an untreated one",
           .value = fewer.mean,
           .low = -1e9,
           .high = -most_errors * fewer.sd / std::sqrt(fewer.n),
           .unit = "in three years",
           .use = Use::prediction,
           .likely_reason = why,
           .spread = fmt::format("{:.0f} % fewer", 100.0 * (1.0 - left[1] / left[0]))},
          {.number = "32b",
           .pattern = "gain of house value by full paving",
           .value = value_of_paving(),
           .low = 6.0,
           .high = 26.0,
           .unit = "%",
           .use = Use::prediction,
           .likely_reason = "the gain is a parameter"},
          {.number = "33",
           .pattern = "new informal units in treated places less those in untreated ones",
           .value = more.mean,
           .low = most_errors * more.sd / std::sqrt(more.n),
           .high = 1e9,
           .unit = "in three years",
           .use = Use::prediction,
           .likely_reason = why}};
}

}  // namespace

std::vector<Target> household_targets(const Effort& effort) {
  std::vector<Target> all = mobility(std::max<std::size_t>(2, effort.long_runs));
  const auto add = [&](const std::vector<Target>& rows) {
    all.insert(all.end(), rows.begin(), rows.end());
  };
  add(relocation(effort.futures));
  add(after_works(effort.pairs / 4));
  return all;
}

}  // namespace musi::tests
