#include "models/programmes/packages.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "models/allocation/rule.h"
#include "models/draws.h"
#include "models/finance/ledger.h"
#include "models/observation/books.h"
#include "models/programmes/composition.h"
#include "models/programmes/detection.h"
#include "models/programmes/households.h"
#include "models/programmes/unit_costs.h"
#include "models/stocks/refresh.h"
#include "sim/core/check.h"
#include "sim/core/portable_math.h"

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

/// An item that a programme could bring to an RT, and to which households.
struct Choice {
  Offer offer;
  std::vector<std::uint32_t> rows;
};

/// Lines of other open packages in this RT. All lines of a package lie in its site.
std::vector<const PackageLine*> planned_lines(const World& world, sim::EntityKey self,
                                              std::size_t rt) {
  std::vector<const PackageLine*> lines;
  const std::uint32_t site = world.rts.site[rt];
  if (site >= world.money.packages_of_site.size()) return lines;
  for (const std::uint32_t row : world.money.packages_of_site[site]) {
    const Package& other = world.money.packages[row];
    if (other.key == self || !is_open(other)) continue;
    for (const PackageLine& line : other.lines) {
      if (line.rt == rt) lines.push_back(&line);
    }
  }
  return lines;
}

/// What others have planned is left alone: neither metres nor households twice.
void leave_out_planned(const World& world, const std::vector<const PackageLine*>& planned,
                       Item item, Choice& choice) {
  const std::uint32_t lacks = facts(item).lacks;
  for (const PackageLine* line : planned) {
    if (lacks == 0 && line->item == static_cast<std::uint8_t>(item)) {
      choice.offer.need -= static_cast<double>(line->units_planned - line->units_delivered);
    }
    if (lacks == 0 || (facts(static_cast<Item>(line->item)).lacks & lacks) == 0) continue;
    std::erase_if(choice.rows, [&](std::uint32_t row) {
      return std::find(line->households.begin(), line->households.end(),
                       world.households.key[row]) != line->households.end();
    });
  }
}

/// Share of owners of irregular buildings who consent.
double consent(const World& world, std::size_t rt) {
  return sim::portable::pow(engaged_share(world, rt), world.future[Param::part_consent_exponent]);
}

/// What others have planned in the RT of a choice, looked up only if something is needed there.
class Planned {
 public:
  Planned(const World& world, sim::EntityKey self, std::size_t rt)
      : world_(world), self_(self), rt_(rt) {}
  const std::vector<const PackageLine*>& lines() {
    if (!lines_) lines_ = planned_lines(world_, self_, rt_);
    return *lines_;
  }

 private:
  const World& world_;
  sim::EntityKey self_;
  std::size_t rt_;
  std::optional<std::vector<const PackageLine*>> lines_;
};

/// What a programme could do in an RT with one item of its menu. Prices and shares are worked out
/// only where there is a need.
Choice choice_of(const World& world, const ProgrammeSpec& programme, std::size_t rt,
                 const MenuEntry& entry, Item item, Planned& planned, const sim::Step& step) {
  Choice c;
  c.offer.item = item;
  c.offer.weight = entry.weight;
  if (facts(item).lacks != 0) {
    c.rows = households_to_serve(world, rt, programme, item, step);
    if (!c.rows.empty()) leave_out_planned(world, planned.lines(), item, c);
    if (programme.channel == Channel::household_group) {
      const auto most = static_cast<std::size_t>(world.future[Param::part_group_max]);
      if (c.rows.size() > most) {
        put_in_order(world, item, c.rows);
        c.rows.resize(most);
      }
    }
    c.offer.need = static_cast<double>(c.rows.size());
    c.offer.is_whole = item != Item::shared_sanitation;
    if (!c.offer.is_whole) c.offer.need /= households_per_system(world);
  } else {
    c.offer.need = believed_need(world, rt, item, step);
    if (c.offer.need > 0.0) {
      if (item == Item::realignment) c.offer.need *= consent(world, rt);
      leave_out_planned(world, planned.lines(), item, c);
    }
  }
  c.offer.need = std::max(0.0, c.offer.need);
  if (c.offer.need <= 0.0) return c;
  c.offer.price =
      money_per_unit(world, programme.channel, rt, item, world.scenario->clock.year(step.month));
  c.offer.share = static_cast<double>(world.rts.physical[index(*facts(item).lowers)][rt]);
  const double need = true_need(world, rt, item);
  c.offer.share_per_unit = need > 0 ? c.offer.share / need : 0.0;
  return c;
}

/// All that the menu could bring; `refused`: something is needed that the land does not allow.
std::vector<Choice> choices(const World& world, const ProgrammeSpec& programme, std::size_t rt,
                            sim::EntityKey self, const sim::Step& step, bool& refused) {
  std::vector<Choice> all;
  Planned planned(world, self, rt);
  for (const MenuEntry& entry : programme.menu) {
    const auto item = item_of(entry.item);
    MUSI_EXPECT(item.has_value());
    if (!is_works(*item)) continue;
    if (!is_buildable(world, rt) && !facts(*item).may_serve_unclear_land) {
      refused = refused || true_need(world, rt, *item) > 0;
      continue;
    }
    all.push_back(choice_of(world, programme, rt, entry, *item, planned, step));
  }
  return all;
}

PackageLine line_of(const World& world, std::size_t rt, const Portion& portion, Choice& choice) {
  PackageLine line;
  line.rt = static_cast<std::uint32_t>(rt);
  line.item = static_cast<std::uint8_t>(portion.item);
  line.units_planned = static_cast<float>(portion.units);
  line.cost = rupiah_of_million(portion.money);
  if (facts(portion.item).lacks == 0) return line;
  const double each =
      portion.item == Item::shared_sanitation ? households_per_system(world) : 1.0;
  const auto n = static_cast<std::size_t>(std::floor(portion.units * each + 1e-6));
  put_in_order(world, portion.item, choice.rows);
  for (std::size_t i = 0; i < std::min(n, choice.rows.size()); ++i) {
    line.households.push_back(world.households.key[choice.rows[i]]);
  }
  return line;
}

/// Lines for one RT and this much money. [IDR million]
std::vector<PackageLine> lines_for(World& world, const Package& package, std::size_t rt,
                                   double money, double most_units, std::uint64_t draw,
                                   const sim::Step& step) {
  const ProgrammeSpec& programme = spec_of(world, package);
  bool refused = false;
  auto all = choices(world, programme, rt, package.key, step, refused);
  if (refused) world.rts.year_marks[rt] |= mark::refused_land;
  const bool is_needed = std::any_of(all.begin(), all.end(),
                                     [](const Choice& c) { return c.offer.need > 0.0; });
  if (!is_needed) return {};
  std::vector<Offer> offers;
  for (const Choice& c : all) {
    offers.push_back(c.offer);
    offers.back().need = std::min(offers.back().need, most_units);
  }
  const sim::Chance chance(step.seed, static_cast<std::uint32_t>(Draw::composition),
                           sim::start_state);
  sim::Stream stream(chance, sim::mix(package.key, world.rts.key[rt], draw));
  const auto portions = compose(world.scenario->allocation.composition, std::move(offers), money,
                                cut_rule(*world.scenario), stream);
  std::vector<PackageLine> lines;
  for (const Portion& portion : portions) {
    const auto choice = std::find_if(all.begin(), all.end(), [&](Choice& c) {
      return c.offer.item == portion.item;
    });
    lines.push_back(line_of(world, rt, portion, *choice));
  }
  return lines;
}

bool only_systems(const ProgrammeSpec& programme) {
  return programme.menu.size() == 1 && programme.menu.front().item == "shared_sanitation";
}

/// RTs of a package of site grain and their parts of its money, by slum area times score.
std::vector<std::pair<std::uint32_t, double>> parts_of_site(const World& world,
                                                            const Package& package, double money,
                                                            const sim::Step& step) {
  std::vector<std::pair<std::uint32_t, double>> parts;
  double hectares = 0.0, weights = 0.0;
  for (const std::uint32_t rt :
       order_rts(world, package.site, world.scenario->allocation.rt_order, step)) {
    if (hectares * world.money.cost_per_hectare >= money) break;
    const double area = static_cast<double>(world.rts.area[rt]);
    hectares += area;
    weights += area * world.rts.ledger_score[rt];
    parts.emplace_back(rt, area * world.rts.ledger_score[rt]);
  }
  for (auto& part : parts) part.second = weights > 0 ? money * part.second / weights : 0.0;
  return parts;
}

/// One system serves several RTs: its own, then the others of the site in order. `is_bound`: money
/// or units ended the search, so that another order of RTs might serve other households.
std::vector<PackageLine> system_lines(World& world, const Package& package, double money,
                                      double most_units, const sim::Step& step, bool& is_bound) {
  std::vector<std::uint32_t> rts{package.rt};
  for (const std::uint32_t rt :
       order_rts(world, package.site, world.scenario->allocation.rt_order, step)) {
    if (rt != package.rt) rts.push_back(rt);
  }
  std::vector<PackageLine> lines;
  double households = 0.0, left = money, units = most_units;
  for (const std::uint32_t rt : rts) {
    if (left <= 0 || units <= 0) break;
    for (PackageLine& line : lines_for(world, package, rt, left, units, 0, step)) {
      left -= million_of(line.cost);
      units -= static_cast<double>(line.units_planned);
      households += static_cast<double>(line.households.size());
      lines.push_back(std::move(line));
    }
  }
  // Whole millions and a margin of units: what is left bounded no purchase, not even by rounding.
  is_bound = left < 1.0 || units < 0.01;
  if (households < std::min(least_households_of_system, households_per_system(world))) return {};
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

}  // namespace

double progress_at(const Package& package, double elapsed) {
  const double p = package.span > 0 ? (elapsed - package.start) / package.span
                                    : (elapsed >= package.start ? 1.0 : 0.0);
  return std::clamp(p, 0.0, std::min(package.progress_allowed, package.progress_final));
}

bool has_open_package(const World& world, std::size_t programme, std::size_t rt) {
  const std::uint32_t site = world.rts.site[rt];
  if (site >= world.money.packages_of_site.size()) return false;
  const auto& rows = world.money.packages_of_site[site];
  return std::any_of(rows.begin(), rows.end(), [&](std::uint32_t row) {
    const Package& p = world.money.packages[row];
    return p.rt == rt && p.programme == programme && is_open(p);
  });
}

Filled fill(World& world, Package& package, const sim::Step& step) {
  const ProgrammeSpec& programme = spec_of(world, package);
  bool is_bound = true;
  const bool unlimited = world.scenario->funding.unlimited;
  const double money = unlimited ? no_limit_idr_mn : million_of(package.committed);
  const double most_units = units_left(world, package, step);
  package.lines.clear();
  if (only_systems(programme)) {
    const double price = money_per_unit(world, programme.channel, package.rt,
                                        Item::shared_sanitation,
                                        world.scenario->clock.year(step.month));
    package.lines =
        system_lines(world, package, unlimited ? price : money, most_units, step, is_bound);
  } else if (programme.grain == Grain::site) {
    for (const auto& [rt, part] : parts_of_site(world, package, money, step)) {
      auto lines = lines_for(world, package, rt, part, most_units, 0, step);
      package.lines.insert(package.lines.end(), lines.begin(), lines.end());
    }
  } else {
    package.lines = lines_for(world, package, package.rt, money, most_units, 0, step);
  }
  if (unlimited) bind(world, package, total_cost(package.lines), step);
  fit_cost(package.lines, package.committed);
  const Rupiah cost = total_cost(package.lines);
  if (cost == 0) return is_bound || unlimited ? Filled::nothing_in_rt : Filled::nothing_in_site;
  unbind(world, package, package.committed - cost, step);
  package.cost_planned = cost;
  return Filled::yes;
}

Rupiah top_up(World& world, Package& package, Rupiah money, const sim::Step& step) {
  const double most_units = units_left(world, package, step);
  // Its own lines count as planned: a package without a name of its own sees them.
  const sim::EntityKey key = package.key;
  package.key = 0;
  Package stand_in = package;
  auto lines = lines_for(world, stand_in, package.rt, million_of(money), most_units, key, step);
  package.key = key;
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

double usable_money(const World& world, const ProgrammeSpec& programme, std::size_t rt,
                    const sim::Step& step) {
  bool refused = false;
  double money = 0.0;
  for (const Choice& c : choices(world, programme, rt, 0, step, refused)) {
    money += c.offer.need * c.offer.price;
  }
  return money;
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
  package.stage = Stage::booked;
  book(world, package, step);
  if (package.year == static_cast<int>(year_of(step))) ++world.sites.delivered[package.site];
}

void drop(World& world, Package& package, DelayCause cause, const sim::Step& step) {
  package.stage = package.committed > 0 ? Stage::returned : Stage::cancelled;
  unbind(world, package, package.committed, step);
  if (package.cause == DelayCause::none) package.cause = cause;
}

void forget_closed_packages(World& world) {
  std::erase_if(world.money.packages,
                [](const Package& p) { return !is_open(p) && p.committed == 0; });
  world.money.packages_of_site.assign(world.n_sites(), {});
  for (std::size_t row = 0; row < world.money.packages.size(); ++row) {
    world.money.packages_of_site[world.money.packages[row].site].push_back(
        static_cast<std::uint32_t>(row));
  }
}

}  // namespace musi::models
