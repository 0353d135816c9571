#include "models/programmes/prospects.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "models/allocation/rule.h"
#include "models/programmes/detection.h"
#include "models/programmes/packages.h"

namespace musi::models {
namespace {

/// What two programmes may both have planned: an item of the works of an RT, or what household
/// items bring. One bit.
std::uint64_t kind_of(Item item) {
  static_assert(n_items <= 32);
  const std::uint64_t lacks = facts(item).lacks;
  return lacks != 0 ? lacks << 32 : std::uint64_t{1} << static_cast<unsigned>(item);
}

std::uint64_t kinds_of(const ProgrammeSpec& programme) {
  std::uint64_t kinds = 0;
  for (const MenuEntry& entry : programme.menu) kinds |= kind_of(entry.item);
  return kinds;
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

Prospects::Prospects(const World& world, const sim::Step& step, NeedLuck* luck)
    : world_(world),
      step_(step),
      beliefs_(world, step, luck),
      programmes_(world.scenario->programmes.size()),
      sites_(world.n_sites()) {
  kinds_.reserve(programmes_.size());
  for (const ProgrammeSpec& spec : world.scenario->programmes) kinds_.push_back(kinds_of(spec));
}

void Prospects::begin(std::size_t index) {
  OfProgramme& p = programmes_[index];
  p.is_known = true;
  const ProgrammeSpec& spec = world_.scenario->programmes[index];
  const int year = world_.scenario->clock.year(step_.month);
  p.menu.reserve(spec.menu.size());
  for (const MenuEntry& entry : spec.menu) {
    if (!is_works(entry.item) || facts(entry.item).is_relocation) continue;
    p.menu.push_back({entry.item, entry.weight, Price(world_, spec, entry.item, year), {}});
    p.has_works_of_rts = p.has_works_of_rts || facts(entry.item).lacks == 0;
    p.has_parts = p.has_parts || !comes_whole(entry.item);
    if (facts(entry.item).lacks != 0) {
      p.menu.back().service.emplace(world_, spec, entry.item, step_);
    }
  }
}

Prospects::Prospect Prospects::of(std::size_t index, std::size_t rt) {
  OfProgramme& p = programme(index);
  if (p.of_rt.is_new()) p.of_rt.clear(world_.n_rts());
  const Prospect* const known = p.of_rt.find(rt);
  return known != nullptr ? *known : p.of_rt.note(rt, look(p, rt));
}

Prospects::Prospect Prospects::look(const OfProgramme& programme, std::size_t rt) {
  Prospect prospect{
      .first = static_cast<std::uint32_t>(found_.size()), .n = 0, .is_needed = false};
  const bool buildable = is_buildable(world_, rt);
  for (const MenuItem& item : programme.menu) {
    if (!is_allowed(item.item, rt, buildable)) continue;
    found_.push_back(look(item, rt));
    prospect.is_needed = prospect.is_needed || found_.back().offer.need > 0.0;
  }
  prospect.n = static_cast<std::uint16_t>(found_.size() - prospect.first);
  return prospect;
}

/// By law and land.
bool Prospects::is_allowed(Item item, std::size_t rt, bool buildable) const {
  return !is_against_the_law(world_, rt, item) &&
         (buildable || facts(item).may_serve_unclear_land);
}

bool Prospects::may_need(std::size_t index, std::size_t rt) {
  const OfProgramme& p = programme(index);
  return p.has_works_of_rts ||
         std::any_of(p.menu.begin(), p.menu.end(), [&](const MenuItem& entry) {
           return entry.service->may_serve(world_, rt);
         });
}

bool Prospects::is_refused(std::size_t index, std::size_t rt) {
  if (is_buildable(world_, rt)) return false;
  const auto& menu = programme(index).menu;
  return std::any_of(menu.begin(), menu.end(), [&](const MenuItem& entry) {
    return !facts(entry.item).may_serve_unclear_land &&
           !is_against_the_law(world_, rt, entry.item) && lacks_any(world_, rt, entry.item);
  });
}

bool Prospects::may_buy(std::size_t index, std::size_t rt, double money, double units) {
  if (money <= small_change || units <= 0.0) return false;
  const OfProgramme& p = programme(index);
  return p.has_parts || std::any_of(p.menu.begin(), p.menu.end(), [&](const MenuItem& entry) {
           return has_whole_unit(std::min(units, money / entry.price.in(rt)));
         });
}

/// Prices and shares are worked out only where there is a need.
Prospects::Found Prospects::look(const MenuItem& entry, std::size_t rt) {
  Found f{.offer = {.item = entry.item, .weight = entry.weight},
          .first_row = rows_.size(),
          .n_rows = 0};
  if (entry.service) {
    entry.service->add_households_in(world_, rt, rows_);
    f.n_rows = rows_.size() - f.first_row;
    f.offer.need = static_cast<double>(f.n_rows);
  } else {
    f.offer.need = beliefs_.need(rt, entry.item);
    if (entry.item == Item::realignment && f.offer.need > 0.0) {
      f.offer.need *= consent_chance(world_, rt);
    }
  }
  if (f.offer.need <= 0.0) return f;
  f.offer.price = entry.price.in(rt);
  f.offer.share = static_cast<double>(world_.rts.physical[index(*facts(entry.item).lowers)][rt]);
  if (world_.scenario->allocation.composition == Composition::score_per_rupiah) {
    const double need = true_need(world_, rt, entry.item);
    f.offer.share_per_unit = need > 0 ? f.offer.share / need : 0.0;
  }
  return f;
}

/// Lists the lines of other open packages in this RT that bring something of the menu. All lines of
/// a package lie in its site.
void Prospects::list_planned_lines(std::size_t programme, std::size_t rt, sim::EntityKey self) {
  planned_.clear();
  for_each_package_at(
      world_, rt, [&](std::size_t other) { return (kinds_[programme] & kinds_[other]) != 0; },
      [&](const Package& other) {
        if (other.key == self) return;
        for (const PackageLine& line : other.lines) {
          if (line.rt == rt) planned_.push_back(&line);
        }
      });
}

/// Lists the households to which the lines bring what this item would bring.
void Prospects::list_planned_households(Item item) {
  served_.clear();
  served_bits_ = 0;
  for (const PackageLine* line : planned_) {
    if ((facts(static_cast<Item>(line->item)).lacks & facts(item).lacks) == 0) continue;
    served_.insert(served_.end(), line->households.begin(), line->households.end());
    for (const sim::EntityKey key : line->households) served_bits_ |= std::uint64_t{1} << key % 64;
  }
}

bool Prospects::is_planned(std::uint32_t row) const {
  const sim::EntityKey key = world_.households.record[row].key;
  return (served_bits_ >> key % 64 & 1u) != 0 &&
         std::find(served_.begin(), served_.end(), key) != served_.end();
}

/// Takes from a need of works what the lines bring: neither metres nor households twice.
double Prospects::left_of(const Offer& offer) const {
  double need = offer.need;
  for (const PackageLine* line : planned_) {
    if (line->item != static_cast<std::uint8_t>(offer.item)) continue;
    need -= static_cast<double>(line->units_planned - line->units_delivered);
  }
  return std::max(0.0, need);
}

std::size_t Prospects::count_left(const Found& found) {
  list_planned_households(found.offer.item);
  const auto all = rows(found);
  return static_cast<std::size_t>(std::count_if(
      all.begin(), all.end(), [&](std::uint32_t row) { return !is_planned(row); }));
}

std::span<Choice> Prospects::choices(std::size_t programme, std::size_t rt, sim::EntityKey self) {
  const Prospect prospect = of(programme, rt);
  if (choices_.size() < prospect.n) choices_.resize(prospect.n);
  list_planned_lines(programme, rt, self);
  for (std::size_t i = 0; i < prospect.n; ++i) {
    const Found& seen = found(prospect)[i];
    Choice& choice = choices_[i];
    choice.offer = seen.offer;
    choice.rows.clear();
    if (facts(seen.offer.item).lacks == 0) {
      choice.offer.need = left_of(seen.offer);
      continue;
    }
    if (seen.n_rows > 0) list_planned_households(seen.offer.item);
    for (const std::uint32_t row : rows(seen)) {
      if (!is_planned(row)) choice.rows.push_back(row);
    }
    count_households(world_, world_.scenario->programmes[programme], choice);
  }
  return std::span(choices_).first(prospect.n);
}

std::size_t Prospects::households_left(std::size_t programme, std::size_t rt,
                                       sim::EntityKey self) {
  if (left_.is_new() || asker_ != self || asking_programme_ != programme) {
    asker_ = self;
    asking_programme_ = programme;
    left_.clear(world_.n_rts());
  }
  if (const std::uint32_t* const known = left_.find(rt)) return *known;
  const Prospect prospect = of(programme, rt);
  if (!prospect.is_needed) return left_.note(rt, 0);
  list_planned_lines(programme, rt, self);
  const std::size_t n = count_left(found(prospect).front());
  const std::size_t most = most_households(world_, world_.scenario->programmes[programme]);
  return left_.note(rt, static_cast<std::uint32_t>(std::min(n, most)));
}

Offer Prospects::offer_left(std::size_t programme, std::size_t rt, sim::EntityKey self) {
  const Prospect prospect = of(programme, rt);
  if (!prospect.is_needed) return {};
  Offer offer = found(prospect).front().offer;
  offer.need = units_for(world_, offer.item, households_left(programme, rt, self));
  offer.is_whole = comes_whole(offer.item);
  return offer;
}

double Prospects::usable_money(std::size_t index, std::size_t rt, double most) {
  const OfProgramme& p = programme(index);
  const bool buildable = is_buildable(world_, rt);
  const std::size_t group = most_households(world_, world_.scenario->programmes[index]);
  const std::size_t n_rows = rows_.size();
  bool is_listed = false;
  double money = 0.0;
  for (const MenuItem& entry : p.menu) {
    if (money >= most) return most;
    if (!is_allowed(entry.item, rt, buildable)) continue;
    const Found seen = look(entry, rt);
    if (seen.offer.need > 0.0) {
      if (!is_listed) list_planned_lines(index, rt, 0);
      is_listed = true;
      // Who of them is served does not matter here, only how many.
      const double need = entry.service
                              ? units_for(world_, entry.item, std::min(group, count_left(seen)))
                              : left_of(seen.offer);
      money += need * seen.offer.price;
    }
    rows_.resize(n_rows);  // asked once in a step: not worth remembering
  }
  return std::min(money, most);
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
