#include "models/relocation/invitations.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "models/allocation/rule.h"
#include "models/draws.h"
#include "models/programmes/households.h"
#include "models/programmes/packages.h"
#include "models/programmes/unit_costs.h"
#include "models/relocation/homes.h"
#include "sim/core/key_tile.h"
#include "sim/core/portable_math.h"

namespace musi::models {
namespace {

/// Questions that one household may be asked in a year, each with an answer of its own.
enum Question : std::uint32_t { to_move = 0, to_sell = 1 };

bool is_home(Item item) { return item == Item::low_income_house || item == Item::rental_flat; }

/// Open packages that have relocation lines in a site.
template <class Visit>
void for_each_planned_line(const World& world, std::size_t site, sim::EntityKey self,
                           Visit&& visit) {
  const auto& places = world.money.places.wide_of_site;
  if (site >= places.size()) return;
  for (const PlacedPackage& placed : places[site]) {
    const Package& package = world.money.packages[placed.row];
    if (package.key == self) continue;
    for (const PackageLine& line : package.lines) {
      if (facts(static_cast<Item>(line.item)).is_relocation) visit(line);
    }
  }
}

/// Households that wait for a home or the price of their plot.
std::vector<sim::EntityKey> chosen_elsewhere(const World& world, std::size_t rt, Item item,
                                             sim::EntityKey self) {
  std::vector<sim::EntityKey> keys;
  for_each_planned_line(world, world.rts.site[rt], self, [&](const PackageLine& line) {
    const bool same = is_home(item) == is_home(static_cast<Item>(line.item));
    if (same && line.rt == rt) {
      keys.insert(keys.end(), line.households.begin(), line.households.end());
    }
  });
  if (is_home(item)) {
    for (const HomeOffer& offer : world.relocation.offers) {
      if (offer.rt == rt) keys.push_back(offer.household);
    }
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

bool may_be_asked(const ProgrammeSpec& programme, Item item, std::uint32_t flags) {
  if ((flags & flag::alive) == 0) return false;
  if ((programme.eligible_tenure >> static_cast<int>(tenure_of(flags)) & 1) == 0) return false;
  if ((programme.eligible_group >> static_cast<int>(group_of(flags)) & 1) == 0) return false;
  if (item == Item::land_m2) return is_owner(flags) && (flags & flag::compensated) == 0;
  return (flags & flag::relocated) == 0;
}

/// Calls take(row) for the households of an RT that may be asked and say yes this year, in order of
/// rows, until it answers false. Sixteen are asked at a time, since chance comes in such blocks.
template <class Take>
void for_each_consenting(const World& world, const ProgrammeSpec& programme, std::size_t rt,
                         Item item, sim::EntityKey self, const sim::Step& step, Take&& take) {
  const double share = consent_chance(world, rt);
  if (!(share > 0.0)) return;
  constexpr std::size_t batch = 16;
  const Households& h = world.households;
  const auto taken = chosen_elsewhere(world, rt, item, self);
  const sim::Chance chance = step.yearly_chance(Draw::consent);
  const std::uint32_t question = item == Item::land_m2 ? to_sell : to_move;
  const double log_limit = sim::portable::log(std::max(programme.income_max_idr_mn, 1e-6));
  std::array<std::uint32_t, batch> rows;
  sim::KeyTile<batch> drawn;
  const std::size_t last = world.rts.first_row[rt] + world.rts.n_rows[rt];
  for (std::size_t next = world.rts.first_row[rt]; next < last;) {
    std::size_t n = 0;
    for (; next < last && n < batch; ++next) {
      if (!may_be_asked(programme, item, h.flags[next])) continue;
      const HouseholdRecord& r = h.record[next];
      if (static_cast<double>(r.mu) + static_cast<double>(r.dy) > log_limit) continue;
      rows[n] = static_cast<std::uint32_t>(next);
      drawn.keys[n++] = r.key;
    }
    if (n == 0) return;
    drawn.draw(chance, n, question);
    for (std::size_t i = 0; i < n; ++i) {
      if (static_cast<double>(sim::uniform24(drawn.words[0][i])) >= share) continue;
      if (std::binary_search(taken.begin(), taken.end(), drawn.keys[i])) continue;
      if (!take(rows[i])) return;
    }
  }
}

/// Does anybody in this RT consent?
bool anybody_consents(const World& world, const ProgrammeSpec& programme, std::size_t rt,
                      Item item, sim::EntityKey self, const sim::Step& step) {
  bool found = false;
  for_each_consenting(world, programme, rt, item, self, step, [&](std::uint32_t) {
    found = true;
    return false;
  });
  return found;
}

/// Those who consent, in order of rows.
std::vector<std::uint32_t> consenting_rows(const World& world, const ProgrammeSpec& programme,
                                           std::size_t rt, Item item, sim::EntityKey self,
                                           const sim::Step& step) {
  std::vector<std::uint32_t> rows;
  for_each_consenting(world, programme, rt, item, self, step, [&](std::uint32_t row) {
    rows.push_back(row);
    return true;
  });
  return rows;
}

/// Houses of a site that have no roads and connections yet and are in no other open package.
double homes_without_roads(const World& world, std::size_t site, sim::EntityKey self) {
  double n = at_site(world.relocation.homes, site) - at_site(world.relocation.homes_served, site);
  for_each_planned_line(world, site, self, [&](const PackageLine& line) {
    if (static_cast<Item>(line.item) == Item::estate_service) {
      n -= static_cast<double>(line.units_planned - line.units_delivered);
    }
  });
  return std::max(0.0, n);
}

bool has_unclear_land(const World& world, const ProgrammeSpec& programme, std::size_t site) {
  const auto& rts = world.sites.rts[site];
  return std::any_of(rts.begin(), rts.end(), [&](std::uint32_t rt) {
    return world.rts.n_households[rt] > 0 && may_serve_rt(world, programme, rt);
  });
}

/// RTs that one package of this programme may serve, the first first.
std::vector<std::uint32_t> rts_of_package(const World& world, const ProgrammeSpec& programme,
                                          std::size_t rt, const sim::Step& step) {
  if (programme.grain != Grain::site) return {static_cast<std::uint32_t>(rt)};
  return order_rts(world, world.rts.site[rt], world.scenario->allocation.rt_order, step);
}

/// Cuts lines for the relocation items of a menu.
class Cutter {
 public:
  Cutter(const World& world, const ProgrammeSpec& programme, std::size_t rt, sim::EntityKey self,
         const sim::Step& step)
      : world_(world),
        programme_(programme),
        site_(world.rts.site[rt]),
        rt_(static_cast<std::uint32_t>(rt)),
        self_(self),
        step_(step),
        year_(world.scenario->clock.year(step.month)) {}

  /// Lines worth at most `money` [IDR million], by the weights of the menu.
  std::vector<PackageLine> lines(double money, double most_units) {
    double weights = 0.0;
    for (const MenuEntry& entry : programme_.menu) weights += entry.weight;
    for (const MenuEntry& entry : programme_.menu) {
      if (!facts(entry.item).is_relocation || !(weights > 0.0)) continue;
      money_ = money * entry.weight / weights;
      units_ = most_units;
      if (entry.item == Item::estate_service) {
        serve_place();
      } else if (entry.item == Item::land_m2) {
        buy_land();
      } else {
        build_homes(entry.item);
      }
    }
    return std::move(lines_);
  }
  /// What lines for as many as could be served would cost. [IDR million]
  double usable_money() {
    constexpr double plenty = 1e9;
    names_households_ = false;
    double money = 0.0;
    for (const PackageLine& line : lines(plenty, plenty)) {
      money += static_cast<double>(line.cost) * 1e-6;
    }
    return money;
  }
  bool lacks_room() const { return lacks_room_; }

  /// Are there homes only on the menu, and not the money for one of them?
  bool pays_for_nothing(double money, double most_units) {
    double weights = 0.0;
    for (const MenuEntry& entry : programme_.menu) weights += entry.weight;
    return std::all_of(programme_.menu.begin(), programme_.menu.end(), [&](const MenuEntry& entry) {
      money_ = money * entry.weight / weights;
      units_ = most_units;
      return is_home(entry.item) && affordable(price(rt_, entry.item)) == 0;
    });
  }

 private:
  double price(std::size_t rt, Item item) const {
    return money_per_unit(world_, programme_, rt, item, year_);
  }
  std::size_t affordable(double price_each) const {
    const double n = std::floor(std::min(money_ / price_each, units_) + 1e-9);
    return static_cast<std::size_t>(std::max(0.0, n));
  }
  void add(std::size_t rt, Item item, double units, double each,
           const std::vector<std::uint32_t>& rows, std::size_t n) {
    PackageLine line;
    line.rt = static_cast<std::uint32_t>(rt);
    line.item = static_cast<std::uint8_t>(item);
    line.units_planned = static_cast<float>(units);
    line.cost = rupiah_of_million(units * each);
    for (std::size_t i = 0; names_households_ && i < n && i < rows.size(); ++i) {
      line.households.push_back(world_.households.record[rows[i]].key);
    }
    money_ -= units * each;
    units_ -= units;
    lines_.push_back(std::move(line));
  }

  /// In the order of service, unless it does not matter who they are.
  std::vector<std::uint32_t> consenting_in(std::size_t rt, Item item) const {
    const auto look = names_households_ ? consenting : consenting_rows;
    return look(world_, programme_, rt, item, self_, step_);
  }

  void build_homes(Item item) {
    if (!may_serve_rt(world_, programme_, rt_)) return;
    const double each = price(rt_, item);
    std::size_t most = affordable(each);
    if (most == 0) return;
    if (item == Item::low_income_house) {
      const double room = room_for_homes(world_, site_, self_);
      if (room < 1.0) {
        lacks_room_ = anybody_consents(world_, programme_, rt_, item, self_, step_);
        return;
      }
      most = std::min(most, static_cast<std::size_t>(room));
    }
    const auto rows = consenting_in(rt_, item);
    const std::size_t n = std::min(rows.size(), most);
    if (n > 0) add(rt_, item, static_cast<double>(n), each, rows, n);
  }

  void buy_land() {
    const double plot = world_.future[Param::low_income_plot];
    for (const std::uint32_t rt : rts_of_package(world_, programme_, rt_, step_)) {
      if (!may_serve_rt(world_, programme_, rt)) continue;
      const double each = price(rt, Item::land_m2);
      units_ /= plot;  // whole plots
      const std::size_t most = affordable(plot * each);
      units_ *= plot;
      if (most == 0) return;
      const auto rows = consenting_in(rt, Item::land_m2);
      const std::size_t n = std::min(rows.size(), most);
      if (n > 0) add(rt, Item::land_m2, static_cast<double>(n) * plot, each, rows, n);
    }
  }

  void serve_place() {
    const double each = price(rt_, Item::estate_service);
    const double n = std::min(homes_without_roads(world_, site_, self_),
                              static_cast<double>(affordable(each)));
    if (n >= 1.0) add(rt_, Item::estate_service, n, each, {}, 0);
  }

  const World& world_;
  const ProgrammeSpec& programme_;
  std::size_t site_;
  std::uint32_t rt_;
  sim::EntityKey self_;
  const sim::Step& step_;
  int year_;
  double money_ = 0.0, units_ = 0.0;
  bool lacks_room_ = false;
  bool names_households_ = true;
  std::vector<PackageLine> lines_;
};

}  // namespace

bool has_relocation_work(const World& world, const ProgrammeSpec& programme, std::size_t site) {
  for (const MenuEntry& entry : programme.menu) {
    if (!facts(entry.item).is_relocation) continue;
    if (entry.item == Item::estate_service) {
      if (homes_without_roads(world, site, 0) >= 1.0) return true;
    } else if (has_unclear_land(world, programme, site) &&
               (entry.item != Item::low_income_house || room_for_homes(world, site, 0) >= 1.0)) {
      return true;
    }
  }
  return false;
}

bool cannot_pay_for_homes(const World& world, const ProgrammeSpec& programme, std::size_t rt,
                          double money, double units, const sim::Step& step) {
  return Cutter(world, programme, rt, 0, step).pays_for_nothing(money, units);
}

double room_for_homes(const World& world, std::size_t site, sim::EntityKey self) {
  const double plot = world.future[Param::low_income_plot];
  const Relocation& relocation = world.relocation;
  const double land = at_site(relocation.land_bought, site) - at_site(relocation.land_used, site);
  double homes = land / plot;
  for_each_planned_line(world, site, self, [&](const PackageLine& line) {
    if (static_cast<Item>(line.item) == Item::low_income_house) {
      homes -= static_cast<double>(line.units_planned - line.units_delivered);
    }
  });
  return std::max(0.0, std::floor(homes + 1e-6));
}

std::vector<std::uint32_t> consenting(const World& world, const ProgrammeSpec& programme,
                                      std::size_t rt, Item item, sim::EntityKey self,
                                      const sim::Step& step) {
  auto rows = consenting_rows(world, programme, rt, item, self, step);
  put_in_order(world, item, rows);
  return rows;
}

bool somebody_consents(const World& world, const ProgrammeSpec& programme, std::size_t rt,
                       const sim::Step& step) {
  const Item item = relocation_item(programme).value_or(Item::low_income_house);
  if (item == Item::estate_service) return true;
  const auto is_welcome = [&](std::size_t r) {
    return may_serve_rt(world, programme, r) &&
           anybody_consents(world, programme, r, item, 0, step);
  };
  if (programme.grain != Grain::site) return is_welcome(rt);
  const auto rts = rts_of_package(world, programme, rt, step);
  return std::any_of(rts.begin(), rts.end(), is_welcome);
}

double usable_relocation_money(const World& world, const ProgrammeSpec& programme, std::size_t rt,
                               const sim::Step& step) {
  return Cutter(world, programme, rt, 0, step).usable_money();
}

std::vector<PackageLine> relocation_lines(World& world, const Package& package, double money,
                                          double most_units, const sim::Step& step) {
  const ProgrammeSpec& programme = world.scenario->programmes[package.programme];
  Cutter cutter(world, programme, package.rt, package.key, step);
  auto lines = cutter.lines(money, most_units);
  if (cutter.lacks_room()) world.rts.year_marks[package.rt] |= mark::refused_land;
  return lines;
}

}  // namespace musi::models
