#include "models/programmes/delivery.h"

#include <algorithm>
#include <bitset>
#include <cmath>

#include "models/draws.h"
#include "models/population/synthesis.h"
#include "models/programmes/households.h"
#include "models/programmes/packages.h"
#include "models/programmes/unit_costs.h"
#include "models/relocation/homes.h"
#include "models/stocks/ageing.h"
#include "models/stocks/failures.h"
#include "models/stocks/refresh.h"
#include "sim/core/check.h"

namespace musi::models {
namespace {

constexpr std::size_t lines_ahead = 8;  ///< packages whose lines are asked for before they are due
constexpr int recent_works_months = 36;
constexpr int attraction_months = 60;
constexpr double surface_side_effect = 0.30;
constexpr double new_road_side_effect = 1.0;
constexpr double water_side_effect = 0.10;

float as_float(double x) { return static_cast<float>(x); }

/// True if the works have been aged to the present clocks.
bool is_aged(const Neighbourhoods& r, std::size_t rt) {
  return r.clock_community[rt] == r.refreshed_community[rt] &&
         r.clock_calendar[rt] == r.refreshed_calendar[rt] && r.upkeep_months[rt] == 0;
}

void age_if_due(World& world, std::size_t rt) {
  if (!is_aged(world.rts, rt)) age_stocks(world, rt);
}

/// Adds good units, the faulty share in the last phase.
void add_good(World& world, Stock stock, std::size_t rt, double units, double faulty = 0.0) {
  auto& phases = world.rts.good[static_cast<std::size_t>(stock)];
  const std::size_t last = static_cast<std::size_t>(world.future.ageing_phases() - 1);
  phases[0][rt] += as_float(units * (1.0 - faulty));
  phases[last][rt] += as_float(units * faulty);
}

/// Buildings newly in reach of a hydrant; never more than there are.
void reach_by_fire_engine(World& world, std::size_t rt, double buildings) {
  const double lacking = true_need(world, rt, Item::fire_access) *
                         static_cast<double>(world.rts.buildings[rt]);
  add_good(world, Stock::hydrant, rt, std::clamp(buildings, 0.0, lacking));
}

/// Roads straighten rows of houses and let fire engines in.
void road_side_effects(World& world, std::size_t rt, double metres, double factor) {
  Neighbourhoods& r = world.rts;
  if (!(r.ideal_road[rt] > 0.0f)) return;
  const double buildings = factor * metres / static_cast<double>(r.ideal_road[rt]) *
                           static_cast<double>(r.buildings[rt]);
  r.irregular[rt] = std::max(0.0f, r.irregular[rt] - as_float(buildings));
  reach_by_fire_engine(world, rt, buildings);
}

void add_road(World& world, std::size_t rt, double metres, double factor) {
  const double river = static_cast<double>(world.rts.share_river[rt]);
  add_good(world, Stock::path_land, rt, metres * (1.0 - river));
  add_good(world, Stock::path_river, rt, metres * river);
  road_side_effects(world, rt, metres, factor);
}

/// `hectares` of flooded area fall dry: the protected share W grows until (1 - W) x does so.
void protect(World& world, std::size_t rt, double hectares, double faulty) {
  Neighbourhoods& r = world.rts;
  const double area = static_cast<double>(r.area[rt]);
  const double open = static_cast<double>(
      flooded_share(0.0f, r.tide[rt], as_float(world.future[Param::flood_drain_weight]),
                    bad_drain_share(r, rt)));
  if (!(open > 0.0)) return;
  const double room = area - static_cast<double>(good_units(r, Stock::flood_works, rt));
  add_good(world, Stock::flood_works, rt, std::clamp(hectares / open, 0.0, std::max(0.0, room)),
           faulty);
  r.physical[index(Criterion::c4a)][rt] =
      std::max(0.0f, r.physical[index(Criterion::c4a)][rt] - as_float(hectares / area));
}

void realign(World& world, std::size_t rt, double buildings) {
  Neighbourhoods& r = world.rts;
  const double limit = units_over_dense(*world.city);
  const float share = as_float(buildings / (limit * static_cast<double>(r.area[rt])));
  r.irregular[rt] = std::max(0.0f, r.irregular[rt] - as_float(buildings));
  r.overdense_at_start[rt] = std::max(0.0f, r.overdense_at_start[rt] - share);
}

void install(World& world, Item item, std::size_t rt, double u, double faulty, sim::Month month) {
  Neighbourhoods& r = world.rts;
  const double buildings = static_cast<double>(r.buildings[rt]);
  switch (item) {
    case Item::road_surface: return add_road(world, rt, u, surface_side_effect);
    case Item::road_new:
      r.miss_road[rt] = std::max(0.0f, r.miss_road[rt] - as_float(u));
      return add_road(world, rt, u, new_road_side_effect);
    case Item::drain_new:
      r.miss_drain[rt] = std::max(0.0f, r.miss_drain[rt] - as_float(u));
      return add_good(world, Stock::drain, rt, u, faulty);
    case Item::drain_rehab: return add_good(world, Stock::drain, rt, u, faulty);
    case Item::drain_cleaning:
      r.clog[rt] = std::max(0.0f, r.clog[rt] - as_float(u / static_cast<double>(good_units(
                                                                r, Stock::drain, rt))));
      return;
    case Item::flood_works: return protect(world, rt, u, faulty);
    case Item::river_wall: return protect(world, rt, u * hectares_per_wall_metre, 0.0);
    case Item::waste_kit: return add_good(world, Stock::waste_kit, rt, u * households_per_kit);
    case Item::waste_service:
      r.waste_service[rt] =
          std::min(1.0f, r.waste_service[rt] + as_float(u / r.n_households[rt]));
      r.service_paid_until[rt] = static_cast<std::uint16_t>(month + 12);
      return;
    case Item::fire_access: {
      const double reached = u * buildings;
      const double bare =
          true_need(world, rt, Item::fire_equipment) * buildings_per_piece;
      add_good(world, Stock::hydrant, rt, reached);
      return add_good(world, Stock::extinguisher, rt, std::min(reached, bare));
    }
    case Item::fire_equipment:
      return add_good(world, Stock::extinguisher, rt, u * buildings_per_piece);
    case Item::realignment: return realign(world, rt, u);
    default: break;
  }
  MUSI_EXPECT(is_works(item));
}

void mark_served(World& world, std::size_t rt, sim::Month month) {
  Neighbourhoods& r = world.rts;
  r.touched[rt] = 1;
  r.ever_served[rt] = 1;
  r.year_marks[rt] |= mark::delivered;
  r.works_until[rt] = static_cast<std::uint16_t>(month + recent_works_months);
  r.attracts_until[rt] = static_cast<std::uint16_t>(month + attraction_months);
}

/// Households that may have lost their house; nearly all others are turned away by a bit.
class Claimants {
 public:
  explicit Claimants(const Support& support) {
    for (const DisasterLoss& loss : support.losses) may_be_one_[bit_of(loss.who.key)] = true;
  }
  bool may_hold(sim::EntityKey key) const { return may_be_one_[bit_of(key)]; }

 private:
  static constexpr std::size_t n_bits = 4096;
  static std::size_t bit_of(sim::EntityKey key) { return key % n_bits; }

  std::bitset<n_bits> may_be_one_;
};

/// True if the household had lost its house and is now helped; its claim ends.
bool end_claim(World& world, std::size_t row) {
  const auto is_its = [key = world.households.record[row].key](const DisasterLoss& loss) {
    return loss.who.key == key;
  };
  auto& losses = world.support.losses;
  const std::size_t before = losses.size();
  auto found = std::find_if(losses.begin(), losses.end(), is_its);
  while (found != losses.end()) {
    found = losses.erase(found);
    found = std::find_if(found, losses.end(), is_its);
  }
  return losses.size() < before;
}

/// A house that was beyond repair and is repaired all the same was lost in a disaster: it is built
/// up again from the ground.
void fix_house(World& world, std::size_t row, Item item, const Claimants* claimants,
               sim::Month month) {
  Households& h = world.households;
  constexpr std::uint32_t failures = flag::failed_once | flag::failed_twice;
  std::uint32_t extra = (h.flags[row] & flag::failed_twice) != 0 ? failures : 0;
  if (item == Item::house_new) extra = flag::crowded | failures;
  const bool may_claim = claimants == nullptr || claimants->may_hold(h.record[row].key);
  if (may_claim && end_claim(world, row)) ++world.state.counts.rehabilitated;
  world.change_flags(row, flag::helped, flag::lacks_house | flag::listed | extra);
  h.record[row].repaired = static_cast<std::uint16_t>(month);
  // Renewal sets new houses in rows.
  const std::size_t rt = h.record[row].rt;
  if (item == Item::house_new && is_renewal(world, rt)) {
    realign(world, rt, buildings_per_dwelling(world, rt));
  }
  ++world.state.counts.houses_repaired;
}

Rupiah value_of(const PackageLine& line, double units) {
  if (!(line.units_planned > 0.0f)) return 0;
  return static_cast<Rupiah>(static_cast<double>(line.cost) * units /
                             static_cast<double>(line.units_planned));
}

/// What all works of a month have in common, looked up once.
struct MonthOfWorks {
  MonthOfWorks(const World& world, const sim::Step& now)
      : step(now),
        elapsed(sim::Clock::month_of_year(now.month)),
        payment_lag(world.future[Param::payment_lag]),
        is_december(sim::Clock::is_december(now.month)),
        year_index(static_cast<std::size_t>(sim::Clock::year_index(now.month))),
        year(world.scenario->clock.year(now.month)),
        missing(std::max(0.0, world.future[Param::missing_spending_share] -
                                  (world.scenario->procedure.audit ? audit_effect : 0.0))),
        faulty(world.future[Param::wet_fault_share]),
        rates(world.future),
        claimants(world.support) {
    for (const ProgrammeSpec& spec : world.scenario->programmes) {
      programmes.push_back({.has_self_help = spec.channel == Channel::community ||
                                             spec.channel == Channel::household_group,
                            .is_waterfront = spec.type == "waterfront"});
    }
  }

  /// What is asked of a programme for each of its packages.
  struct Kind {
    bool has_self_help, is_waterfront;
  };

  const sim::Step& step;
  double elapsed;      ///< months of this year
  double payment_lag;  ///< [months]
  bool is_december;
  std::size_t year_index;
  int year;
  double missing;  ///< share of booked units that are not there
  double faulty;   ///< share of wet works with a fault
  AgeingRates rates;
  Claimants claimants;
  std::vector<Kind> programmes;
};

/// Rounds whole units of a package. Addressed by its key alone, so that it never changes: drawn
/// once.
double rounding_luck(Package& package, const sim::Step& step) {
  if (package.rounding_luck < 0.0f) {
    const sim::Chance chance(step.seed, static_cast<std::uint32_t>(Draw::leakage),
                             sim::start_state);
    package.rounding_luck = chance.uniform(package.key);
  }
  return static_cast<double>(package.rounding_luck);
}

/// See serve_household. Without `claimants` any household may hold a claim.
bool give_item(World& world, std::size_t row, Item item, bool is_faulty,
               const Claimants* claimants, sim::Month month) {
  Households& h = world.households;
  const std::uint32_t f = h.flags[row];
  if ((f & flag::alive) == 0 || (f & facts(item).lacks) == 0) return false;
  const std::size_t rt = h.record[row].rt;
  int what = 0;
  if (facts(item).is_house) {
    fix_house(world, row, item, claimants, month);
  } else {
    world.change_flags(row, flag::helped, facts(item).lacks);
    what = item == Item::water_connection ? 1 : 2;
  }
  const double life =
      static_cast<double>(draw_life(world, rt, h.flags[row], h.record[row].key, month, what));
  const double lasts = is_faulty ? life / world.future.ageing_phases() : life;
  const float fails = as_float(world.rts.clock_calendar[rt] + lasts);
  h.fails[row].of(what) = fails;
  note_failure_age(world, rt, fails);
  if (item == Item::water_connection && world.rts.n_households[rt] > 0) {
    age_if_due(world, rt);
    reach_by_fire_engine(world, rt, water_side_effect / world.rts.n_households[rt] *
                                        static_cast<double>(world.rts.buildings[rt]));
  }
  mark_served(world, rt, month);
  return true;
}

/// Gives an item to the household if it still lives there and lacks it.
bool serve(World& world, const PackageLine& line, sim::EntityKey key, const MonthOfWorks& month) {
  const Item item = static_cast<Item>(line.item);
  const std::size_t row = find_household(world, line.rt, key);
  if (row == world.households.size_rows()) return false;
  const bool is_faulty = facts(item).is_wet &&
                         month.step.chance(Draw::leakage).fine_uniform(key) < month.faulty;
  return give_item(world, row, item, is_faulty, &month.claimants, month.step.month);
}

/// Serves listed households up to the share `to` of them; line.units_delivered counts the true
/// ones.
void serve_line(World& world, Package& package, PackageLine& line, double from, double to,
                const MonthOfWorks& month) {
  if (line.households.empty()) return;
  // A system serves households; its line counts systems.
  const double n = static_cast<double>(line.households.size());
  const double luck = rounding_luck(package, month.step);
  const auto upto = [&](double share) {
    return static_cast<std::size_t>(n * share * (1.0 - month.missing) + luck);
  };
  const std::size_t first = from > 0 ? upto(from) : 0;
  const std::size_t last = std::min(upto(to), line.households.size());
  if (first >= last) return;
  const double each = static_cast<double>(line.units_planned) / n;
  const bool hands_over = facts(static_cast<Item>(line.item)).is_relocation;
  for (std::size_t i = first; i < last; ++i) {
    const sim::EntityKey key = line.households[i];
    const bool served = hands_over ? hand_over(world, package, line, key, month.step)
                                   : serve(world, line, key, month);
    if (served) line.units_delivered += as_float(each);
    if (!served) world.money.wasted[month.year_index] += value_of(line, each);
  }
}

/// add_works in an RT whose works have been aged.
double add_to_aged(World& world, std::size_t rt, Item item, double units, double faulty,
                   sim::Month month) {
  MUSI_EXPECT(facts(item).lacks == 0 && is_works(item));
  const double met = std::clamp(units, 0.0, true_need(world, rt, item));
  if (!(met > 0.0)) return 0.0;
  install(world, item, rt, met, facts(item).is_wet ? faulty : 0.0, month);
  mark_served(world, rt, month);
  return met;
}

void build_line(World& world, Package& package, PackageLine& line, double from, double to,
                const MonthOfWorks& month) {
  const Item item = static_cast<Item>(line.item);
  if (facts(item).lacks != 0 || !line.households.empty()) {
    return serve_line(world, package, line, from, to, month);
  }
  const double units =
      static_cast<double>(line.units_planned) * (to - from) * (1.0 - month.missing);
  if (facts(item).is_relocation) {
    serve_homes(world, package.site, units);
    line.units_delivered += as_float(units);
    return;
  }
  if (!is_aged(world.rts, line.rt)) age_stocks(world, line.rt, month.rates);
  const double met = add_to_aged(world, line.rt, item, units, month.faulty, month.step.month);
  line.units_delivered += as_float(met);
  if (met < units) world.money.wasted[month.year_index] += value_of(line, units - met);
}

void build(World& world, Package& package, double progress, const MonthOfWorks& month) {
  if (!(progress > package.progress)) return;
  const MonthOfWorks::Kind kind = month.programmes[package.programme];
  for (PackageLine& line : package.lines) {
    // A line added on the way is built in what was left of the works.
    const double from = static_cast<double>(line.added_at);
    const double rest = 1.0 - from;
    if (!(rest > 0.0)) continue;
    const float before = line.units_delivered;
    build_line(world, package, line, std::max(0.0, package.progress - from) / rest,
               std::max(0.0, progress - from) / rest, month);
    const double built = static_cast<double>(line.units_delivered) - static_cast<double>(before);
    if (!(built > 0.0)) continue;
    if (kind.has_self_help) {
      const ProgrammeSpec& spec = world.scenario->programmes[package.programme];
      world.money.self_help[month.year_index] += rupiah_of_million(self_help_value(
          world, spec, line.rt, static_cast<Item>(line.item), built, month.year));
    }
    if (kind.is_waterfront) world.rts.waterfront[line.rt] = 1;
  }
  package.progress = progress;
}

/// Pays, and of cash for work the wages, which are part of the cost of the works: in equal parts to
/// the poorest engaged households of the RT, as many as a repair group has at most.
void pay_with_wages(World& world, Package& package, Rupiah amount, const sim::Step& step) {
  const Rupiah before = package.cost_paid;
  pay_package(world, package, amount, step);
  const double share = world.scenario->programmes[package.programme].wage_share;
  if (!(share > 0.0)) return;
  const auto most = static_cast<std::size_t>(world.future[Param::part_group_max]);
  const auto workers = poorest_engaged(world, package.rt, most);
  if (workers.empty()) return;
  const double wages = static_cast<double>(package.cost_paid - before) * share;
  const double each = wages * 1e-6 / static_cast<double>(workers.size());
  for (const std::uint32_t row : workers) world.households.record[row].savings += as_float(each);
  world.state.counts.wages += static_cast<Rupiah>(wages);
}

/// Payment follows progress by the lag; in December all that was built is paid.
void pay_progress(World& world, Package& package, const MonthOfWorks& month) {
  if (package.committed == 0) return;
  const double paid_for = month.is_december
                              ? package.progress
                              : progress_at(package, month.elapsed - month.payment_lag);
  if (package.stage == Stage::booked &&
      (month.is_december || paid_for >= package.progress_final)) {
    return pay_with_wages(world, package, package.committed, month.step);
  }
  const Rupiah due = static_cast<Rupiah>(static_cast<double>(package.cost_planned) *
                                         std::min(paid_for, package.progress));
  if (due > package.cost_paid) {
    pay_with_wages(world, package, due - package.cost_paid, month.step);
  }
}

}  // namespace

double add_works(World& world, std::size_t rt, Item item, double units, double faulty,
                 sim::Month month) {
  age_if_due(world, rt);
  return add_to_aged(world, rt, item, units, faulty, month);
}

void relieve_floods(World& world, std::size_t rt, double share) {
  age_if_due(world, rt);
  const double hectares = std::min(share * static_cast<double>(world.rts.area[rt]),
                                   true_need(world, rt, Item::flood_works));
  if (!(hectares > 0.0)) return;
  protect(world, rt, hectares, 0.0);
  world.rts.touched[rt] = 1;
}

bool serve_household(World& world, std::size_t row, Item item, bool is_faulty, sim::Month month) {
  return give_item(world, row, item, is_faulty, nullptr, month);
}

void build(World& world, Package& package, double progress, const sim::Step& step) {
  build(world, package, progress, MonthOfWorks(world, step));
}

void Delivery::step(World& world, const sim::Step& step) {
  const MonthOfWorks month(world, step);
  const double built_until = std::min(month.elapsed, world.future[Param::works_stop_month]);
  auto& packages = world.money.packages;
  for (std::size_t i = 0; i < packages.size(); ++i) {
    Package& package = packages[i];
    if (i + lines_ahead < packages.size()) {
      __builtin_prefetch(packages[i + lines_ahead].lines.data());
    }
    if (package.stage == Stage::works) {
      build(world, package,
            month.is_december ? package.progress_allowed : progress_at(package, built_until),
            month);
      if (package.progress >= package.progress_final - 1e-9) complete(world, package, step);
    }
    if (package.stage == Stage::works || package.stage == Stage::booked) {
      pay_progress(world, package, month);
    }
  }
}

}  // namespace musi::models
