#include "models/programmes/prospects.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "models/allocation/rule.h"
#include "models/programmes/detection.h"
#include "models/programmes/packages.h"
#include "models/programmes/unit_costs.h"

namespace musi::models {
namespace {

/// Lists the lines of other open packages in this RT. All lines of a package lie in its site.
void planned_lines(const World& world, sim::EntityKey self, std::size_t rt,
                   std::vector<const PackageLine*>& lines) {
  lines.clear();
  for_each_package_at(world, rt, [&](const Package& other) {
    if (other.key == self || !is_open(other)) return;
    for (const PackageLine& line : other.lines) {
      if (line.rt == rt) lines.push_back(&line);
    }
  });
}

/// What others have planned is left alone: neither metres nor households twice.
void leave_out_planned(const World& world, const std::vector<const PackageLine*>& planned,
                       Choice& choice) {
  const Item item = choice.offer.item;
  const std::uint32_t lacks = facts(item).lacks;
  for (const PackageLine* line : planned) {
    if (lacks == 0 && line->item == static_cast<std::uint8_t>(item)) {
      choice.offer.need -= static_cast<double>(line->units_planned - line->units_delivered);
    }
    if (lacks == 0 || (facts(static_cast<Item>(line->item)).lacks & lacks) == 0) continue;
    std::erase_if(choice.rows, [&](std::uint32_t row) {
      return std::find(line->households.begin(), line->households.end(),
                       world.households.record[row].key) != line->households.end();
    });
  }
}

/// Renewal builds anew what restoration repairs in place.
bool is_against_the_law(const World& world, std::size_t rt, Item item) {
  if (!world.scenario->letter_of_law) return false;
  const bool repairs = facts(item).is_house && item != Item::house_new;
  return is_renewal(world, rt) ? repairs : item == Item::realignment;
}

/// Households are served one by one; of a shared system, as of metres, parts are built.
bool comes_whole(Item item) { return facts(item).lacks != 0 && item != Item::shared_sanitation; }

/// Households that a programme serves in an RT at once: those of a group.
std::size_t most_households(const World& world, const ProgrammeSpec& programme) {
  if (programme.channel != Channel::household_group) return std::numeric_limits<std::size_t>::max();
  return static_cast<std::size_t>(world.future[Param::part_group_max]);
}

/// Households are served one by one up to the size of a group; a system serves many.
double units_for(const World& world, Item item, std::size_t households) {
  const double n = static_cast<double>(households);
  return comes_whole(item) ? n : n / households_per_system(world);
}

/// Keeps those who are served, and their units.
void count_households(const World& world, const ProgrammeSpec& programme, Choice& choice) {
  const Item item = choice.offer.item;
  const std::size_t most = most_households(world, programme);
  if (choice.rows.size() > most) {
    put_in_order(world, item, choice.rows);
    choice.rows.resize(most);
  }
  choice.offer.need = units_for(world, item, choice.rows.size());
  choice.offer.is_whole = comes_whole(item);
}

}  // namespace

Prospects::Prospects(const World& world, const sim::Step& step)
    : world_(world),
      step_(step),
      programmes_(world.scenario->programmes.size()),
      sites_(world.n_sites()) {}

Prospects::OfProgramme& Prospects::programme(std::size_t index) {
  OfProgramme& p = programmes_[index];
  if (!p.of_rt.empty()) return p;
  p.of_rt.resize(world_.n_rts(), 0);
  for (const MenuEntry& entry : world_.scenario->programmes[index].menu) {
    if (!is_works(entry.item) || facts(entry.item).is_relocation) continue;
    p.menu.push_back({entry.item, entry.weight, {}});
    if (facts(entry.item).lacks != 0) {
      p.menu.back().service.emplace(world_, world_.scenario->programmes[index], entry.item, step_);
    }
  }
  return p;
}

const Prospect& Prospects::of(std::size_t index, std::size_t rt) {
  std::uint32_t& place = programme(index).of_rt[rt];
  if (place == 0) {
    known_.push_back(look(index, rt));
    place = static_cast<std::uint32_t>(known_.size());
  }
  return known_[place - 1];
}

Prospect Prospects::look(std::size_t index, std::size_t rt) {
  Prospect prospect;
  const ProgrammeSpec& spec = world_.scenario->programmes[index];
  const bool buildable = is_buildable(world_, rt);
  prospect.choices.reserve(programme(index).menu.size());
  for (const MenuItem& item : programme(index).menu) {
    if (is_against_the_law(world_, rt, item.item)) continue;
    if (!buildable && !facts(item.item).may_serve_unclear_land) continue;
    prospect.choices.push_back(look(spec, item, rt));
    prospect.is_needed = prospect.is_needed || prospect.choices.back().offer.need > 0.0;
  }
  return prospect;
}

bool Prospects::is_refused(std::size_t index, std::size_t rt) {
  if (is_buildable(world_, rt)) return false;
  const auto& menu = programme(index).menu;
  return std::any_of(menu.begin(), menu.end(), [&](const MenuItem& entry) {
    return !facts(entry.item).may_serve_unclear_land &&
           !is_against_the_law(world_, rt, entry.item) && true_need(world_, rt, entry.item) > 0;
  });
}

bool Prospects::may_buy(std::size_t index, std::size_t rt, double money, double units) {
  if (money <= small_change || units <= 0.0) return false;
  const ProgrammeSpec& spec = world_.scenario->programmes[index];
  const int year = world_.scenario->clock.year(step_.month);
  const auto& menu = programme(index).menu;
  return std::any_of(menu.begin(), menu.end(), [&](const MenuItem& entry) {
    if (!comes_whole(entry.item)) return true;
    const double price = money_per_unit(world_, spec, rt, entry.item, year);
    return whole_units(std::min(units, money / price)) > 0.0;
  });
}

/// Prices and shares are worked out only where there is a need.
Choice Prospects::look(const ProgrammeSpec& programme, const MenuItem& entry,
                       std::size_t rt) const {
  Choice c;
  c.offer.item = entry.item;
  c.offer.weight = entry.weight;
  if (entry.service) {
    c.rows = entry.service->households_in(world_, rt);
    c.offer.need = static_cast<double>(c.rows.size());
  } else {
    c.offer.need = believed_need(world_, rt, entry.item, step_);
    if (entry.item == Item::realignment && c.offer.need > 0.0) {
      c.offer.need *= consent_chance(world_, rt);
    }
  }
  if (c.offer.need <= 0.0) return c;
  c.offer.price = money_per_unit(world_, programme, rt, entry.item,
                                 world_.scenario->clock.year(step_.month));
  c.offer.share = static_cast<double>(world_.rts.physical[index(*facts(entry.item).lowers)][rt]);
  const double need = true_need(world_, rt, entry.item);
  c.offer.share_per_unit = need > 0 ? c.offer.share / need : 0.0;
  return c;
}

std::vector<Choice>& Prospects::choices(std::size_t programme, std::size_t rt,
                                        sim::EntityKey self) {
  const Prospect& prospect = of(programme, rt);
  choices_ = prospect.choices;
  if (!prospect.is_needed) return choices_;
  planned_lines(world_, self, rt, planned_);
  for (Choice& choice : choices_) {
    if (choice.offer.need > 0.0) leave_out_planned(world_, planned_, choice);
    if (facts(choice.offer.item).lacks != 0) {
      count_households(world_, world_.scenario->programmes[programme], choice);
    }
    choice.offer.need = std::max(0.0, choice.offer.need);
  }
  return choices_;
}

double Prospects::usable_money(std::size_t index, std::size_t rt) {
  const Prospect& prospect = of(index, rt);
  if (!prospect.is_needed) return 0.0;
  planned_lines(world_, 0, rt, planned_);
  const std::size_t most = most_households(world_, world_.scenario->programmes[index]);
  double money = 0.0;
  for (const Choice& choice : prospect.choices) {
    if (choice.offer.need <= 0.0) continue;
    left_over_ = choice;
    leave_out_planned(world_, planned_, left_over_);
    const Item item = choice.offer.item;
    // Who of them is served does not matter here, only how many.
    const double need =
        facts(item).lacks != 0 ? units_for(world_, item, std::min(most, left_over_.rows.size()))
                               : std::max(0.0, left_over_.offer.need);
    money += need * choice.offer.price;
  }
  return money;
}

double Prospects::cheapest(std::size_t index, Item item, std::size_t site) {
  OfProgramme& p = programme(index);
  if (p.cheapest.empty() || p.cheapest_item != item) {
    p.cheapest.assign(world_.n_sites(), -1.0);
    p.cheapest_item = item;
  }
  double& least = p.cheapest[site];
  if (least >= 0.0) return least;
  const ProgrammeSpec& spec = world_.scenario->programmes[index];
  const int year = world_.scenario->clock.year(step_.month);
  least = std::numeric_limits<double>::infinity();
  for (const std::uint32_t rt : world_.sites.rts[site]) {
    least = std::min(least, money_per_unit(world_, spec, rt, item, year));
  }
  return least;
}

const Service* Prospects::service(std::size_t index) {
  const OfProgramme& p = programme(index);
  if (p.menu.empty() || !p.menu.front().service) return nullptr;
  if (p.menu.front().item != world_.scenario->programmes[index].menu.front().item) return nullptr;
  return &*p.menu.front().service;
}

const std::vector<std::uint32_t>& Prospects::rts_in_order(std::size_t site) {
  OfSite& s = sites_[site];
  if (!s.is_known) {
    s.rts = order_rts(world_, site, world_.scenario->allocation.rt_order, step_);
    s.is_known = true;
  }
  return s.rts;
}

}  // namespace musi::models
