#include "models/population/moves.h"

#include <algorithm>
#include <limits>
#include <span>

#include "models/draws.h"
#include "models/finance/lines.h"
#include "models/livelihoods/savings.h"
#include "models/population/synthesis.h"
#include "models/population/visits.h"
#include "models/relocation/homes.h"
#include "models/score/criteria.h"
#include "models/stocks/failures.h"
#include "models/stocks/refresh.h"
#include "sim/core/check.h"
#include "sim/core/key_tile.h"
#include "sim/core/sort_spread.h"

namespace musi::models {
namespace {

/// What stays with a dwelling when its household changes.
constexpr std::uint32_t lacks_any = flag::lacks_house | flag::lacks_water | flag::low_water |
                                    flag::lacks_toilet | flag::lacks_tank;
constexpr std::uint32_t dwelling_bits = flag::tenure_mask | flag::wood | flag::raft | lacks_any |
                                        flag::crowded | flag::listed | flag::failed_once |
                                        flag::failed_twice | flag::compensated;
/// Ordinals of keys that a dwelling or parent gives in a month.
enum Ordinal : int { empty_dwelling = 0, newcomer_in_dwelling = 1, child = 2, new_unit = 3 };

constexpr std::uint32_t with_tenure(std::uint32_t flags, Tenure tenure) {
  return (flags & ~flag::tenure_mask) |
         (static_cast<std::uint32_t>(tenure) << flag::tenure_shift);
}

/// Dwellings that are asked for before somebody moves in: they lie in no order.
constexpr std::size_t dwellings_ahead = 24;

/// Key of the dwelling that a household leaves.
sim::EntityKey key_of_empty_dwelling(sim::EntityKey household, sim::Month month) {
  return sim::mix(household, month, Ordinal::empty_dwelling);
}

/// The people of `household` in the dwelling of `row`, without its failure ages.
HouseholdRow moved_in(const World& world, std::size_t row, HouseholdRow household) {
  const Households& h = world.households;
  household.flags = (household.flags & ~dwelling_bits) | (h.flags[row] & dwelling_bits);
  household.repaired = h.record[row].repaired;
  return household;
}

/// First empty dwelling of an RT, if any.
std::size_t empty_row(const World& world, std::size_t rt) {
  const std::size_t first = world.rts.first_row[rt];
  const std::size_t last = first + world.rts.n_rows[rt];
  for (std::size_t row = first; row < last; ++row) {
    if ((world.households.flags[row] & flag::alive) == 0) return row;
  }
  return last;
}

double start_share(const World& world, std::size_t rt, Criterion criterion, double add) {
  return std::min(1.0, static_cast<double>(world.rts.start_share[index(criterion)][rt]) + add);
}

}  // namespace

Moves::Moves(const World& world)
    : rare_events_(world),
      traits_(world),
      engagement_(world.future),
      lives_(world.future),
      revisions_(Visits::law_of_waits(world.future)) {
  const Future& f = world.future;
  params_ = {.to_other_slum = f[Param::leaver_to_other_slum],
             .refill = f[Param::refill_share],
             .irregular = f[Param::new_building_irregular],
             .path_loss = f[Param::new_building_path_loss],
             .deficit_add = f[Param::new_unit_deficit_add],
             .max_density = f[Param::max_density],
             .crowded = f[Param::initial_crowded_share],
             .elder_share = f[Param::part_initial_leaders],
             .revision = f[Param::part_revision_rate]};
}

void Moves::step(World& world, const sim::Step& step) {
  sim::sort_spread(
      world.wishes,
      [](const MoveWish& w) { return static_cast<std::uint64_t>(w.kind) << 62 | w.key >> 2; },
      [](const MoveWish& a, const MoveWish& b) {
        return a.kind != b.kind ? a.kind < b.kind : a.key < b.key;
      });
  // Blocks of rows may move when rows are added; the place inside a block stays.
  for (MoveWish& wish : world.wishes) wish.row -= world.rts.first_row[wish.rt];
  Leavers leavers = vacate(world, step);
  let_emptied_dwellings(world, leavers);
  bring_back(world, step, leavers);
  refill(world, step, leavers);
  found(world, step);
  move_builders(world, step, leavers);
  follow(world, std::move(leavers.settled));
  world.wishes.clear();
  world.close_ranks();
}

/// Sorts the leavers by where they go and empties the dwellings that stay empty; the others are as
/// they were until somebody takes them, see occupy.
Moves::Leavers Moves::vacate(World& world, const sim::Step& step) const {
  Leavers leavers;
  YearCounts& counts = world.state.counts;
  const sim::Chance chance = step.chance(Draw::vacancy);
  const auto of_leavers = [](const MoveWish& wish) { return wish.kind == MoveWish::Kind::leave; };
  const auto end = std::partition_point(world.wishes.begin(), world.wishes.end(), of_leavers);
  const std::span<const MoveWish> wishes(world.wishes.begin(), end);  // in order of their kinds
  sim::KeyTile<64> drawn;
  const auto tile_from = [&](std::size_t first) {
    const std::size_t begin = std::min(first, wishes.size());
    return wishes.subspan(begin, std::min(drawn.keys.size(), wishes.size() - begin));
  };
  const auto ask_for = [&](std::span<const MoveWish> tile) {
    for (const MoveWish& wish : tile) {
      world.ask_for_household(world.rts.first_row[wish.rt] + wish.row);
    }
  };
  ask_for(tile_from(0));
  for (std::size_t first = 0; first < wishes.size(); first += drawn.keys.size()) {
    const auto some = tile_from(first);
    ask_for(tile_from(first + drawn.keys.size()));
    for (std::size_t i = 0; i < some.size(); ++i) drawn.keys[i] = some[i].key;
    drawn.draw(chance, some.size());
    for (std::size_t i = 0; i < some.size(); ++i) {
      const MoveWish& wish = some[i];
      const std::size_t row = world.rts.first_row[wish.rt] + wish.row;
      const double u = static_cast<double>(sim::uniform24(drawn.words[0][i]));
      if (u < params_.to_other_slum) {
        leavers.seekers.push_back({world.household(row), wish.rt});
      } else if (u < params_.to_other_slum + params_.to_new_plot) {
        leavers.builders.push_back({world.household(row), wish.rt});
      } else {
        ++counts.left;
      }
      ++counts.vacated;
      if (static_cast<double>(sim::uniform24(drawn.words[1][i])) < params_.refill) {
        leavers.taken.push_back({key_of_empty_dwelling(wish.key, step.month),
                                 static_cast<std::uint32_t>(row)});
      } else {
        vacate_dwelling(world, row, step.month);
      }
    }
  }
  return leavers;
}

/// Dwellings that relocated households left and the office did not take down.
void Moves::let_emptied_dwellings(World& world, Leavers& leavers) const {
  for (const Relocation::Letting& dwelling : world.relocation.to_let) {
    const std::size_t row = find_household(world, dwelling.rt, dwelling.key);
    if (row == world.households.size_rows()) continue;  // taken by a split
    ++world.state.counts.vacated;
    leavers.taken.push_back({dwelling.key, static_cast<std::uint32_t>(row)});
  }
  world.relocation.to_let.clear();
}

/// Relocated households on their way back look for a dwelling like other seekers. Nothing is known
/// of their months away: income and savings go on as they left.
void Moves::bring_back(World& world, const sim::Step& step, Leavers& leavers) const {
  std::vector<Relocated>& returning = world.relocation.returning;
  if (returning.empty()) return;
  for (Relocated& r : returning) {
    r.household.last_visit = static_cast<std::uint16_t>(step.month + visit_offset);
    leavers.seekers.push_back({r.household, r.from_rt, true});
  }
  returning.clear();
  std::sort(leavers.seekers.begin(), leavers.seekers.end(), [](const Seeker& a, const Seeker& b) {
    return a.household.key < b.household.key;
  });
}

/// Seekers and dwellings meet in order of their keys; nobody moves inside one RT, but who comes
/// back may. Seekers who find nothing leave the slums; who comes back builds.
void Moves::refill(World& world, const sim::Step& step, Leavers& leavers) const {
  YearCounts& counts = world.state.counts;
  std::vector<Seeker>& seekers = leavers.seekers;
  sim::sort_spread(
      leavers.taken, [](const Vacated& v) { return v.key; },
      [](const Vacated& a, const Vacated& b) { return a.key < b.key; });
  std::vector<std::uint8_t> housed(seekers.size(), 0);
  constexpr std::size_t nobody = std::numeric_limits<std::size_t>::max();
  std::vector<std::size_t> seeker_of;  ///< by dwelling; nobody: a newcomer
  std::vector<sim::EntityKey> keys;
  std::vector<Newcomer> newcomers;
  const auto ask_for = [&](std::size_t d) {
    if (d < leavers.taken.size()) world.ask_for_household(leavers.taken[d].row);
  };
  std::size_t first = 0;  // all before are housed
  for (const Vacated& dwelling : leavers.taken) {
    ask_for(seeker_of.size() + dwellings_ahead);
    const std::uint32_t rt = world.households.record[dwelling.row].rt;
    while (first < seekers.size() && housed[first] != 0) ++first;
    std::size_t i = first;
    const auto stays_out = [&](const Seeker& s) { return s.rt == rt && !s.comes_back; };
    while (i < seekers.size() && (housed[i] != 0 || stays_out(seekers[i]))) ++i;
    if (i < seekers.size()) {
      housed[i] = 1;
      seeker_of.push_back(i);
      keys.push_back(seekers[i].household.key);
    } else {
      seeker_of.push_back(nobody);
      keys.push_back(sim::mix(dwelling.key, step.month, Ordinal::newcomer_in_dwelling));
      newcomers.push_back({.key = keys.back(), .rt = rt});
    }
  }
  const std::vector<HouseholdRow> arrivals = draw(world, step, newcomers);
  const std::vector<MoveLuck> luck = luck_of_moves(keys, step);
  auto arrival = arrivals.begin();
  for (std::size_t d = 0; d < leavers.taken.size(); ++d) {
    ask_for(d + dwellings_ahead);
    const std::size_t row = leavers.taken[d].row;
    if (seeker_of[d] == nobody) {
      occupy(world, step, row, *arrival++, luck[d]);
    } else {
      const Seeker& seeker = seekers[seeker_of[d]];
      occupy(world, step, row, seeker.household, luck[d]);
      settle(world, seeker, world.households.record[row].rt, leavers);
    }
  }
  counts.arrived += static_cast<std::int64_t>(newcomers.size());
  counts.refilled += static_cast<std::int64_t>(leavers.taken.size());
  for (std::size_t i = 0; i < seekers.size(); ++i) {
    if (housed[i] != 0) continue;
    if (seekers[i].comes_back) {
      leavers.builders.push_back(seekers[i]);
    } else {
      ++counts.left;
    }
  }
}

void Moves::settle(World& world, const Seeker& seeker, std::size_t rt, Leavers& leavers) {
  if (may_be_in_table(seeker.household.flags)) {
    leavers.settled.push_back(
        {.key = seeker.household.key, .rt = static_cast<std::uint32_t>(rt)});
  }
  if (!seeker.comes_back) {
    ++world.state.counts.moved;
    return;
  }
  ++world.state.counts.returned;
  ++world.relocation.returned;
}

/// Households that are new: those of children, then those in new units.
void Moves::found(World& world, const sim::Step& step) const {
  std::vector<Newcomer> newcomers;
  std::vector<sim::EntityKey> keys;
  std::size_t n_splits = 0;
  for (const MoveWish& wish : world.wishes) {  // in order of their kinds
    if (wish.kind == MoveWish::Kind::leave) continue;
    const bool is_split = wish.kind == MoveWish::Kind::split;
    n_splits += is_split ? 1 : 0;
    keys.push_back(sim::mix(wish.key, step.month, is_split ? Ordinal::child : Ordinal::new_unit));
    newcomers.push_back({.key = keys.back(), .rt = wish.rt, .is_informal = !is_split});
  }
  const std::vector<HouseholdRow> rows = draw(world, step, newcomers);
  const std::vector<MoveLuck> luck = luck_of_moves(keys, step);
  const std::vector<BuildingLuck> buildings =
      luck_of_buildings(std::span(keys).subspan(n_splits), lives_.phases(), step);
  const auto* const wishes = world.wishes.data() + (world.wishes.size() - rows.size());
  for (std::size_t i = 0; i < n_splits; ++i) {
    const std::size_t parent = world.rts.first_row[wishes[i].rt] + wishes[i].row;
    split(world, step, wishes[i].rt, parent, rows[i], luck[i]);
  }
  for (std::size_t i = n_splits; i < rows.size(); ++i) {
    build(world, step, rows[i], wishes[i].rt, luck[i], buildings[i - n_splits]);
    ++world.state.counts.arrived;
  }
}

/// A member of the household at `parent` founds one of its own, `young`: group, education and
/// permanent income of the parents, nothing saved. The parents' size stays, since births are not
/// counted.
void Moves::split(World& world, const sim::Step& step, std::size_t rt, std::size_t parent,
                  HouseholdRow young, const MoveLuck& luck) const {
  MUSI_HOT_EXPECT(young.key ==
                  sim::mix(world.households.record[parent].key, step.month, Ordinal::child));
  const std::uint32_t parents = world.households.flags[parent];
  constexpr std::uint32_t inherited =
      flag::land_group | flag::edu_mask | flag::informal | flag::wood | flag::raft;
  young.flags = (young.flags & ~inherited) | (parents & inherited);
  young.mu = income_without_business(world, parent);
  young.savings = 0.0f;
  ++world.state.counts.splits;
  const std::size_t row = empty_row(world, rt);
  if (row < world.rts.first_row[rt] + world.rts.n_rows[rt]) {
    occupy(world, step, row, young, luck);
    return;
  }
  if ((parents & flag::crowded) != 0) {
    build(world, step, young, rt, luck,
          luck_of_buildings({&young.key, 1}, lives_.phases(), step).front());
    return;
  }
  world.change_flags(parent, flag::crowded, 0);
  young = moved_in(world, parent, young);
  young.fails = world.households.fails[parent];  // known to the RT already
  settle_in(step, young, luck);
  world.count_household(world.add_row(rt, young), +1);
}

/// Leavers who build go to any RT of their site.
void Moves::move_builders(World& world, const sim::Step& step, Leavers& leavers) const {
  std::vector<Seeker>& builders = leavers.builders;
  std::vector<sim::EntityKey> keys;
  for (const Seeker& builder : builders) keys.push_back(builder.household.key);
  const std::vector<MoveLuck> luck = luck_of_moves(keys, step);
  const std::vector<BuildingLuck> buildings = luck_of_buildings(keys, lives_.phases(), step);
  const sim::Chance place = step.chance(Draw::new_unit_place);
  for (std::size_t b = 0; b < builders.size(); ++b) {
    Seeker& builder = builders[b];
    const std::vector<std::uint32_t>& members = world.sites.rts[world.rts.site[builder.rt]];
    const double u = static_cast<double>(
        sim::uniform24(place.block(builder.household.key, 1)[0]));
    const std::size_t i = static_cast<std::size_t>(u * static_cast<double>(members.size()));
    builder.household.flags = with_tenure(builder.household.flags, Tenure::informal_own);
    const std::size_t rt = build(world, step, builder.household,
                                 members[std::min(i, members.size() - 1)], luck[b], buildings[b]);
    settle(world, builder, rt, leavers);
  }
}

/// A new informal building, without certificate, in the RT of its origin or at the site's edge;
/// gives the RT.
std::size_t Moves::build(World& world, const sim::Step& step, HouseholdRow household,
                         std::size_t origin, const MoveLuck& luck,
                         const BuildingLuck& building) const {
  const std::size_t rt = place_for(world, origin, step.month);
  Neighbourhoods& rts = world.rts;
  if (is_new(rts, rt)) add_ground(world, rt, params_.deficit_add);
  household.flags &= ~(lacks_any | flag::crowded | flag::listed | flag::failed_once |
                       flag::failed_twice);
  if (tenure_of(household.flags) == Tenure::title) {
    household.flags = with_tenure(household.flags, Tenure::informal_own);
  }
  const auto draw = [&](std::size_t word, Criterion criterion, std::uint32_t bit) {
    const double share = start_share(world, rt, criterion, params_.deficit_add);
    if (static_cast<double>(building.deficits[word]) < share) household.flags |= bit;
  };
  draw(0, Criterion::c1c, flag::lacks_house);
  draw(1, Criterion::c3a, flag::lacks_water);
  draw(2, Criterion::c3b, flag::low_water);
  draw(3, Criterion::c5a, flag::lacks_toilet);
  draw(4, Criterion::c5b, flag::lacks_tank);
  if (static_cast<double>(building.deficits[5]) < params_.crowded) household.flags |= flag::crowded;
  const auto fails = [&](std::uint32_t lacks, int what) {
    if ((household.flags & lacks) == lacks) return no_failure;
    const double life = lives_.years(building.log_lives[static_cast<std::size_t>(what)],
                                     household.flags, what, rts.tide[rt]);
    return static_cast<float>(rts.clock_calendar[rt]) + static_cast<float>(life);
  };
  household.fails = {.house = fails(flag::lacks_house, 0),
                     .water = fails(flag::lacks_water | flag::low_water, 1),
                     .sanitation = fails(flag::lacks_toilet | flag::lacks_tank, 2)};
  household.repaired = never;
  settle_in(step, household, luck);
  const std::size_t row = world.add_row(rt, household);
  world.count_household(row, +1);
  note_failure_ages(world, row);
  rts.buildings[rt] += 1.0f;
  if (static_cast<double>(building.place) < params_.irregular) rts.irregular[rt] += 1.0f;
  take_path(world, rt, params_.path_loss);
  rts.touched[rt] = 1;
  ++world.state.counts.new_units;
  return rt;
}

/// A building that stands in the way takes path from the good and bad metres alike: the same share
/// of what is new and of what is old. Whether it ages before or after makes no difference, and the
/// refresh of this month does it for many RTs at once.
void Moves::take_path(World& world, std::size_t rt, double metres) const {
  Neighbourhoods& rts = world.rts;
  const double there = static_cast<double>(rts.ideal_road[rt] - rts.miss_road[rt]);
  if (there <= 0.0 || metres <= 0.0) return;
  const double lost = std::min(metres, there);
  const float kept = static_cast<float>(1.0 - lost / there);
  for (const Stock stock : {Stock::path_land, Stock::path_river}) {
    for (auto& phase : rts.good[static_cast<std::size_t>(stock)]) phase[rt] *= kept;
  }
  rts.miss_road[rt] = std::min(rts.ideal_road[rt], rts.miss_road[rt] + static_cast<float>(lost));
}

/// A household takes the dwelling at `row`, which stands empty or whose household leaves right now.
/// Ages and repair of the dwelling stay as they are, and are known to its RT.
void Moves::occupy(World& world, const sim::Step& step, std::size_t row,
                   HouseholdRow household, const MoveLuck& luck) const {
  const std::uint32_t before = world.households.flags[row];
  household = moved_in(world, row, household);
  settle_in(step, household, luck);
  world.set_household(row, household);
  if ((before & flag::alive) != 0) {
    world.count_successor(row, before);
  } else {
    world.count_household(row, +1);
  }
}

std::vector<HouseholdRow> Moves::draw(const World& world, const sim::Step& step,
                                      std::span<const Newcomer> newcomers) const {
  std::vector<HouseholdRow> rows(newcomers.size());
  draw_newcomers(world, traits_, newcomers, step.month, rows);
  const sim::Chance elders = step.chance(Draw::elders);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool appointed = world.sites.elders_appointed[world.rts.site[newcomers[i].rt]] != 0;
    if (appointed && elders.fine_uniform(newcomers[i].key) < params_.elder_share) {
      rows[i].flags |= flag::elder;
    }
    rows[i].last_visit = static_cast<std::uint16_t>(step.month + visit_offset);
  }
  return rows;
}

/// What a household takes to its dwelling: the constant of its engagement, and due months. The rare
/// candidate is drawn anew because its bound goes by tenure; a waiting time has no memory.
void Moves::settle_in(const sim::Step& step, HouseholdRow& household, const MoveLuck& luck) const {
  const auto after = [&](int wait) {
    return static_cast<std::uint16_t>(std::min(step.month + wait, never - 1));
  };
  household.c0 = engagement_(luck.threshold_normal, luck.propensity_normal, household.flags);
  if (household.next_revision == never) {
    household.next_revision = after(revisions_.wait(luck.log_revision));
  }
  household.next_rare = after(rare_events_.wait(luck.log_rare, tenure_of(household.flags)));
}

/// The RT itself, or the open new RT of its site if it is full.
std::size_t Moves::place_for(World& world, std::size_t rt, sim::Month month) const {
  const Neighbourhoods& rts = world.rts;
  const bool full = is_new(rts, rt) ? rts.n_rows[rt] >= units_per_new_rt
                                    : rts.n_persons[rt] >= params_.max_density *
                                                               static_cast<double>(rts.area[rt]);
  if (!full) return rt;
  const std::size_t site = rts.site[rt];
  const std::uint32_t last = world.sites.rts[site].back();
  if (is_new(rts, last) && rts.n_rows[last] < units_per_new_rt) return last;
  return open_rt(world, site, rt, month);
}

void vacate_dwelling(World& world, std::size_t row, sim::Month month) {
  Households& h = world.households;
  world.count_household(row, -1);
  h.flags[row] &= dwelling_bits;
  h.next_revision[row] = h.next_rare[row] = never;
  h.record[row].key = key_of_empty_dwelling(h.record[row].key, month);
}

bool is_new(const Neighbourhoods& rts, std::size_t rt) {
  return rts.buildings_at_start[rt] <= 0.0f;
}

std::size_t open_rt(World& world, std::size_t site, std::size_t origin, sim::Month month) {
  Neighbourhoods& rts = world.rts;
  const std::size_t rt = rts.size();
  rts.resize(rt + 1);
  std::vector<std::uint32_t>& members = world.sites.rts[site];
  rts.key[rt] = sim::mix(world.sites.key[site], members.size());
  rts.light_rank[rt] = light_rank_of(world.future, rts.key[rt]);
  rts.site[rt] = static_cast<std::uint32_t>(site);
  rts.ordinal[rt] = static_cast<std::uint16_t>(members.size());
  members.push_back(static_cast<std::uint32_t>(rt));
  rts.first_row[rt] = static_cast<std::uint32_t>(world.households.size_rows());
  const auto copy = [&](auto&... columns) { ((columns[rt] = columns[origin]), ...); };
  copy(rts.share_river, rts.tide, rts.clog, rts.sc, rts.A, rts.E, rts.land_status,
       rts.clock_community, rts.clock_calendar, rts.gamma[0], rts.gamma[1]);
  for (auto& shares : rts.start_share) copy(shares);
  rts.refreshed_community[rt] = rts.clock_community[rt];
  rts.refreshed_calendar[rt] = rts.clock_calendar[rt];
  rts.waste_service[rt] = 1.0f - rts.start_share[index(Criterion::c6b)][rt];
  rts.measured[rt] = static_cast<std::uint16_t>(month);
  rts.touched[rt] = 1;
  ++world.state.counts.new_rts;
  return rt;
}

void add_ground(World& world, std::size_t rt, double deficit_add) {
  Neighbourhoods& rts = world.rts;
  double area = 0.0, road = 0.0, drain = 0.0, households = 0.0;
  for (const std::uint32_t other : world.sites.rts[rts.site[rt]]) {
    if (is_new(rts, other)) continue;
    area += static_cast<double>(rts.area[other]);
    road += static_cast<double>(rts.ideal_road[other]);
    drain += static_cast<double>(rts.ideal_drain[other]);
    households += rts.n_households[other];
  }
  const double per_household = 1.0 / std::max(1.0, households);
  age_stocks(world, rt);
  rts.area[rt] += static_cast<float>(area * per_household);
  const auto lay = [&](std::vector<float>& ideal, std::vector<float>& miss, double length,
                       Criterion missing, Criterion bad) {
    const double miss_share = start_share(world, rt, missing, deficit_add);
    const double bad_share = std::min(1.0 - miss_share, start_share(world, rt, bad, deficit_add));
    ideal[rt] += static_cast<float>(length);
    miss[rt] += static_cast<float>(length * miss_share);
    return static_cast<float>(length * (1.0 - miss_share - bad_share));
  };
  const float path = lay(rts.ideal_road, rts.miss_road, road * per_household, Criterion::c2a,
                         Criterion::c2b);
  const float lined = lay(rts.ideal_drain, rts.miss_drain, drain * per_household, Criterion::c4b,
                          Criterion::c4c);
  const float river = rts.share_river[rt];
  rts.good[static_cast<std::size_t>(Stock::path_land)][0][rt] += path * (1.0f - river);
  rts.good[static_cast<std::size_t>(Stock::path_river)][0][rt] += path * river;
  rts.good[static_cast<std::size_t>(Stock::drain)][0][rt] += lined;
}

}  // namespace musi::models
