#include "models/programmes/packages.h"

#include <algorithm>
#include <cmath>

#include "models/allocation/rule.h"
#include "models/draws.h"
#include "models/finance/ledger.h"
#include "models/observation/books.h"
#include "models/programmes/composition.h"
#include "models/programmes/households.h"
#include "models/programmes/prospects.h"
#include "models/programmes/unit_costs.h"
#include "models/relocation/invitations.h"
#include "models/stocks/refresh.h"
#include "sim/core/check.h"

namespace musi::models {
namespace {

constexpr double no_limit_idr_mn = 1e9;
constexpr double least_households_of_system = 40.0;

std::size_t year_of(const sim::Step& step) {
  return static_cast<std::size_t>(sim::Clock::year_index(step.month));
}

const ProgrammeSpec& spec_of(const World& world, const Package& package) {
  return world.scenario->programmes[package.programme];
}

double million_of(Rupiah amount) { return static_cast<double>(amount) * 1e-6; }

/// Households for which a portion of a household item is enough.
std::size_t households_of(const World& world, const Portion& portion) {
  const double each =
      portion.item == Item::shared_sanitation ? households_per_system(world) : 1.0;
  return static_cast<std::size_t>(std::floor(portion.units * each + 1e-6));
}

PackageLine line_of(const World& world, std::size_t rt, const Portion& portion, Choice& choice) {
  PackageLine line;
  line.rt = static_cast<std::uint32_t>(rt);
  line.item = static_cast<std::uint8_t>(portion.item);
  line.units_planned = static_cast<float>(portion.units);
  line.cost = rupiah_of_million(portion.money);
  if (facts(portion.item).lacks == 0) return line;
  const std::size_t n = std::min(households_of(world, portion), choice.rows.size());
  put_in_order(world, portion.item, choice.rows);
  line.households.reserve(n);
  for (std::size_t i = 0; i < n; ++i) {
    line.households.push_back(world.households.record[choice.rows[i]].key);
  }
  return line;
}

/// Notes where the land does not allow what is needed.
void mark_refused(World& world, Prospects& prospects, std::size_t programme, std::size_t rt) {
  std::uint16_t& marks = world.rts.year_marks[rt];
  const bool is_known = (marks & mark::refused_land) != 0;
  if (!is_known && prospects.is_refused(programme, rt)) marks |= mark::refused_land;
}

/// What of the drafted offers is bought in an RT for this much money. [IDR million]
const std::vector<Portion>& portions_for(Prospects& prospects, const Package& package,
                                         std::size_t rt, double money, double most_units,
                                         std::uint64_t draw) {
  const World& world = prospects.world();
  Draft& draft = prospects.draft();
  for (Offer& offer : draft.offers) offer.need = std::min(offer.need, most_units);
  const sim::Chance chance(prospects.step().seed, static_cast<std::uint32_t>(Draw::composition),
                           sim::start_state);
  sim::Stream stream(chance, sim::mix(package.key, world.rts.key[rt], draw));
  compose(world.scenario->allocation.composition, draft.offers, money, cut_rule(*world.scenario),
          stream, draft.portions);
  return draft.portions;
}

/// Adds the lines for one RT and this much money [IDR million]. What other packages than `self`
/// plan there is left out.
void add_lines(World& world, Prospects& prospects, const Package& package, std::size_t rt,
               double money, double most_units, sim::EntityKey self, std::uint64_t draw,
               std::vector<PackageLine>& lines) {
  mark_refused(world, prospects, package.programme, rt);
  if (!prospects.may_buy(package.programme, rt, money, most_units)) return;
  if (!prospects.is_needed(package.programme, rt)) return;
  const auto all = prospects.choices(package.programme, rt, self);
  const bool is_needed = std::any_of(all.begin(), all.end(),
                                     [](const Choice& c) { return c.offer.need > 0.0; });
  if (!is_needed) return;
  auto& offers = prospects.draft().offers;
  offers.clear();
  for (const Choice& c : all) offers.push_back(c.offer);
  const auto& portions = portions_for(prospects, package, rt, money, most_units, draw);
  if (lines.empty()) lines.reserve(portions.size());  // those of a whole site grow RT by RT
  for (const Portion& portion : portions) {
    const auto choice = std::find_if(all.begin(), all.end(), [&](Choice& c) {
      return c.offer.item == portion.item;
    });
    lines.push_back(line_of(world, rt, portion, *choice));
  }
}

bool only_systems(const ProgrammeSpec& programme) {
  return programme.menu.size() == 1 && programme.menu.front().item == Item::shared_sanitation;
}

/// Would a package of this programme hold the same in whatever RT of a site it stands?
bool is_same_in_all_rts(const ProgrammeSpec& programme) {
  return programme.grain == Grain::site &&
         std::all_of(programme.menu.begin(), programme.menu.end(), [](const MenuEntry& entry) {
           return !facts(entry.item).is_relocation || entry.item == Item::land_m2;
         });
}

/// RTs of a package of site grain and their parts of its money, by slum area times score.
std::vector<std::pair<std::uint32_t, double>> parts_of_site(Prospects& prospects,
                                                            const Package& package,
                                                            double money) {
  const World& world = prospects.world();
  std::vector<std::pair<std::uint32_t, double>> parts;
  double hectares = 0.0, weights = 0.0;
  for (const std::uint32_t rt : prospects.rts_in_order(package.site)) {
    if (hectares * world.money.cost_per_hectare >= money) break;
    if (!may_serve_rt(world, spec_of(world, package), rt)) continue;
    const double area = static_cast<double>(world.rts.area[rt]);
    hectares += area;
    weights += area * world.rts.ledger_score[rt];
    parts.emplace_back(rt, area * world.rts.ledger_score[rt]);
  }
  for (auto& part : parts) part.second = weights > 0 ? money * part.second / weights : 0.0;
  return parts;
}

/// Calls visit(rt) for the RTs that one system serves, until it answers false: its own, then the
/// others of the site in order.
template <class Visit>
void for_each_rt_of_system(Prospects& prospects, const Package& package, Visit&& visit) {
  const World& world = prospects.world();
  if (!visit(package.rt)) return;
  for (const std::uint32_t rt : prospects.rts_in_order(package.site)) {
    if (rt == package.rt || !may_serve_rt(world, spec_of(world, package), rt)) continue;
    if (!visit(rt)) return;
  }
}

/// Would this money pay for a system for `least` households in some RT of the site? The margin
/// covers rounding to whole households and rupiah.
bool pays_for_system(const World& world, const Package& package, const Price& price, double money,
                     double least) {
  const double per_system = households_per_system(world);
  const auto& rts = world.sites.rts[package.site];
  return std::any_of(rts.begin(), rts.end(), [&](std::uint32_t rt) {
    return !(money / price.in(rt) * per_system < least - 0.01);
  });
}

/// Are fewer than `least` households left in the site, while money and units would do for all of
/// them? The margins cover rounding, as below.
bool is_too_small(const World& world, Prospects& prospects, const Package& package,
                  const Price& price, double money, double most_units, double least) {
  double households = 0.0, cost = 0.0;
  for_each_rt_of_system(prospects, package, [&](std::uint32_t rt) {
    const auto n = prospects.households_left(package.programme, rt, package.key);
    households += static_cast<double>(n);
    if (n > 0) cost += static_cast<double>(n) * price.in(rt);
    return households < least;
  });
  const double per_system = households_per_system(world);
  return households < least && cost / per_system < money - 2.0 &&
         households / per_system < most_units - 0.02;
}

/// One system serves several RTs: its own, then the others of the site in order. `is_bound`: money
/// or units ended the search, so that another order of RTs might serve other households.
std::vector<PackageLine> system_lines(World& world, Prospects& prospects, const Package& package,
                                      double money, double most_units, bool& is_bound) {
  const double per_system = households_per_system(world);
  const double least = std::min(least_households_of_system, per_system);
  std::vector<PackageLine> lines;
  const Price price(world, spec_of(world, package), Item::shared_sanitation,
                    world.scenario->clock.year(prospects.step().month));
  if (!pays_for_system(world, package, price, money, least)) {
    mark_refused(world, prospects, package.programme, package.rt);
    is_bound = false;
    return lines;
  }
  if (is_too_small(world, prospects, package, price, money, most_units, least)) {
    for_each_rt_of_system(prospects, package, [&](std::uint32_t rt) {
      mark_refused(world, prospects, package.programme, rt);
      return true;
    });
    is_bound = false;
    return lines;
  }
  // Whom it serves is only looked up once it is known to serve enough.
  std::vector<std::pair<std::uint32_t, Portion>> parts;
  double households = 0.0, left = money, units = most_units;
  const auto serve = [&](std::uint32_t rt) {
    if (left <= 0 || units <= 0) return false;
    mark_refused(world, prospects, package.programme, rt);
    if (!prospects.may_buy(package.programme, rt, left, units)) return true;
    const Offer offer = prospects.offer_left(package.programme, rt, package.key);
    if (offer.need <= 0.0) return true;
    const auto there = prospects.households_left(package.programme, rt, package.key);
    prospects.draft().offers.assign(1, offer);
    for (const Portion& portion : portions_for(prospects, package, rt, left, units, 0)) {
      left -= million_of(rupiah_of_million(portion.money));
      units -= static_cast<double>(static_cast<float>(portion.units));
      households += static_cast<double>(std::min(households_of(world, portion), there));
      parts.emplace_back(rt, portion);
    }
    return true;
  };
  for_each_rt_of_system(prospects, package, serve);
  // Whole millions and a margin of units: what is left bounded no purchase, not even by rounding.
  is_bound = left < 1.0 || units < 0.01;
  if (households < least) return lines;
  lines.reserve(parts.size());
  for (const auto& [rt, portion] : parts) {
    const auto all = prospects.choices(package.programme, rt, package.key);
    lines.push_back(line_of(world, rt, portion, all.front()));
  }
  return lines;
}

/// Units that the programme may still plan this year.
double units_left(const World& world, const Package& package, const sim::Step& step) {
  const ProgrammeSpec& programme = spec_of(world, package);
  if (!programme.units_per_year.is_set) return no_limit_idr_mn;
  const int year = world.scenario->clock.year(step.month);
  double left = world.future.value(programme.units_per_year, 0, year);
  for (const Package& other : world.money.packages) {
    if (other.programme != package.programme || other.stage == Stage::cancelled) continue;
    if (other.year != static_cast<int>(year_of(step))) continue;
    for (const PackageLine& line : other.lines) left -= static_cast<double>(line.units_planned);
  }
  return std::max(0.0, left);
}

Rupiah total_cost(const std::vector<PackageLine>& lines) {
  Rupiah total = 0;
  for (const PackageLine& line : lines) total += line.cost;
  return total;
}

/// Rounding of lines may exceed the money by some rupiah: the last line bears it.
void fit_cost(std::vector<PackageLine>& lines, Rupiah most) {
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    const Rupiah excess = total_cost(lines) - most;
    if (excess <= 0) return;
    line->cost -= std::min(excess, line->cost);
  }
}

ProgrammeState& programme_of(World& world, const Package& package) {
  return world.money.programmes[package.programme];
}

/// Notes that a package that was placed without lines has got some.
void note_lines(World& world, const Package& package) {
  PlacesOfPackages& places = world.money.places;
  const auto row = static_cast<std::size_t>(&package - world.money.packages.data());
  const auto note_in = [&](std::vector<PlacedPackage>& here) {
    for (PlacedPackage& placed : here) placed.has_lines = placed.has_lines || placed.row == row;
  };
  if (package.rt < places.of_rt.size()) note_in(places.of_rt[package.rt]);
  if (package.site < places.wide_of_site.size()) note_in(places.wide_of_site[package.site]);
}

}  // namespace

void place_package(World& world, std::size_t row) {
  const Package& package = world.money.packages[row];
  const ProgrammeSpec& programme = spec_of(world, package);
  PlacesOfPackages& places = world.money.places;
  const PlacedPackage placed{.row = static_cast<std::uint32_t>(row),
                             .turn = places.next_turn++,
                             .programme = package.programme,
                             .has_other_rts = programme.grain == Grain::site ||
                                              only_systems(programme) ||
                                              relocation_item(programme).has_value(),
                             .has_lines = !package.lines.empty()};
  if (places.of_rt.size() < world.n_rts()) places.of_rt.resize(world.n_rts());
  if (places.wide_of_site.size() < world.n_sites()) places.wide_of_site.resize(world.n_sites());
  places.of_rt[package.rt].push_back(placed);
  if (placed.has_other_rts) places.wide_of_site[package.site].push_back(placed);
}

void leave_place(World& world, std::size_t row, std::size_t site, std::size_t rt) {
  PlacesOfPackages& places = world.money.places;
  const auto is_it = [&](const PlacedPackage& placed) { return placed.row == row; };
  if (rt < places.of_rt.size()) std::erase_if(places.of_rt[rt], is_it);
  if (site < places.wide_of_site.size()) std::erase_if(places.wide_of_site[site], is_it);
}

void close_package(World& world, Package& package, Stage stage) {
  package.stage = stage;
  const auto row = static_cast<std::size_t>(&package - world.money.packages.data());
  leave_place(world, row, package.site, package.rt);
}

bool has_open_package(const World& world, std::size_t programme, std::size_t rt) {
  if (rt >= world.money.places.of_rt.size()) return false;
  const auto& here = world.money.places.of_rt[rt];
  return std::any_of(here.begin(), here.end(),
                     [&](const PlacedPackage& p) { return p.programme == programme; });
}

Means means_of(const World& world, const Package& package, const sim::Step& step) {
  return {.money = world.scenario->funding.unlimited ? no_limit_idr_mn
                                                     : million_of(package.committed),
          .units = units_left(world, package, step)};
}

bool finds_nothing(const World& world, Prospects& prospects, const Package& package, std::size_t rt,
                const Means& means) {
  const ProgrammeSpec& programme = spec_of(world, package);
  if (only_systems(programme)) return false;
  if (relocation_item(programme)) {
    return cannot_pay_for_homes(world, programme, rt, means.money, means.units, prospects.step());
  }
  return programme.grain != Grain::site &&
         !(prospects.may_need(package.programme, rt) &&
           prospects.may_buy(package.programme, rt, means.money, means.units)) &&
         !prospects.is_refused(package.programme, rt);
}

Filled fill(World& world, Package& package, const sim::Step& step) {
  Prospects prospects(world, step, &world.need_luck);
  return fill(world, prospects, package);
}

Filled fill(World& world, Prospects& prospects, Package& package) {
  const sim::Step& step = prospects.step();
  const ProgrammeSpec& programme = spec_of(world, package);
  // Works of site grain are the same from wherever in the site they are looked for.
  bool is_bound = !is_same_in_all_rts(programme);
  const bool unlimited = world.scenario->funding.unlimited;
  const auto [money, most_units] = means_of(world, package, step);
  package.lines.clear();
  if (only_systems(programme)) {
    const double price = money_per_unit(world, programme, package.rt, Item::shared_sanitation,
                                        world.scenario->clock.year(step.month));
    package.lines = system_lines(world, prospects, package, unlimited ? price : money, most_units,
                                 is_bound);
  } else if (relocation_item(programme)) {
    package.lines = relocation_lines(world, package, money, most_units, step);
  } else if (programme.grain == Grain::site) {
    for (const auto& [rt, part] : parts_of_site(prospects, package, money)) {
      add_lines(world, prospects, package, rt, part, most_units, package.key, 0, package.lines);
    }
  } else {
    add_lines(world, prospects, package, package.rt, money, most_units, package.key, 0,
              package.lines);
  }
  if (unlimited) bind(world, package, total_cost(package.lines), step);
  fit_cost(package.lines, package.committed);
  const Rupiah cost = total_cost(package.lines);
  if (cost == 0) return is_bound || unlimited ? Filled::nothing_in_rt : Filled::nothing_in_site;
  unbind(world, package, package.committed - cost, step);
  package.cost_planned = cost;
  note_lines(world, package);
  return Filled::yes;
}

Rupiah top_up(World& world, Prospects& prospects, Package& package, Rupiah money) {
  const sim::Step& step = prospects.step();
  const double most_units = units_left(world, package, step);
  constexpr sim::EntityKey nobody = 0;  // so that its own lines count as planned
  std::vector<PackageLine> lines;
  add_lines(world, prospects, package, package.rt, million_of(money), most_units, nobody,
            package.key, lines);
  fit_cost(lines, money);
  const Rupiah cost = total_cost(lines);
  if (cost == 0) return 0;
  const Rupiah bound = bind(world, package, cost, step);
  MUSI_ENSURE(bound == cost);
  for (PackageLine& line : lines) {
    line.added_at = static_cast<float>(package.progress);
    package.lines.push_back(std::move(line));
  }
  package.cost_planned += cost;
  return cost;
}

Rupiah bind(World& world, Package& package, Rupiah wanted, const sim::Step& step) {
  SourceState& source = world.money.sources[package.source];
  ProgrammeState& programme = programme_of(world, package);
  Rupiah& left = programme.left_by_source[package.source];
  if (world.scenario->funding.unlimited && wanted > left) {
    const Rupiah more = wanted - left;
    ledger::vote(source, year_of(step), more);
    programme.voted[year_of(step)] += more;
    programme.planned[year_of(step)] += more;
    source.planned[year_of(step)] += more;
    left += more;
  }
  const Rupiah amount = std::min(wanted, left);
  ledger::commit(source, year_of(step), amount);
  left -= amount;
  package.committed += amount;
  return amount;
}

void unbind(World& world, Package& package, Rupiah amount, const sim::Step& step) {
  MUSI_EXPECT(amount <= package.committed);
  ledger::release(world.money.sources[package.source], year_of(step), amount);
  programme_of(world, package).left_by_source[package.source] += amount;
  package.committed -= amount;
}

void pay_package(World& world, Package& package, Rupiah amount, const sim::Step& step) {
  amount = std::min(amount, package.committed);
  ledger::pay(world.money.sources[package.source], year_of(step), amount);
  programme_of(world, package).paid[year_of(step)] += amount;
  package.committed -= amount;
  package.cost_paid += amount;
}

void complete(World& world, Package& package, const sim::Step& step) {
  for (PackageLine& line : package.lines) {
    // Whole households are served before the works stop: never less than what stands.
    line.units_planned = std::max(line.units_delivered,
                                  line.units_planned * static_cast<float>(package.progress_final));
  }
  close_package(world, package, Stage::booked);
  book(world, package, step);
  if (package.year == static_cast<int>(year_of(step))) ++world.sites.delivered[package.site];
}

void drop(World& world, Package& package, DelayCause cause, const sim::Step& step) {
  close_package(world, package, package.committed > 0 ? Stage::returned : Stage::cancelled);
  unbind(world, package, package.committed, step);
  if (package.cause == DelayCause::none) package.cause = cause;
}

void forget_closed_packages(World& world) {
  std::erase_if(world.money.packages,
                [](const Package& p) { return !is_open(p) && p.committed == 0; });
  PlacesOfPackages& places = world.money.places;
  for (auto& here : places.of_rt) here.clear();
  for (auto& here : places.wide_of_site) here.clear();
  places.next_turn = 0;
  for (std::size_t row = 0; row < world.money.packages.size(); ++row) {
    if (is_open(world.money.packages[row])) place_package(world, row);
  }
}

}  // namespace musi::models
