#include "models/relocation/homes.h"

#include <algorithm>

#include "models/draws.h"
#include "models/livelihoods/savings.h"
#include "models/observation/books.h"
#include "models/observation/minutes.h"
#include "models/population/moves.h"
#include "models/programmes/need.h"
#include "models/stocks/refresh.h"
#include "sim/core/check.h"

namespace musi::models {
namespace {

/// Months by which the flats of a package open late for want of water and power; 0: in time.
int delay_of_flats(const World& world, const Package& package, const sim::Step& step) {
  const sim::Chance chance(step.seed, static_cast<std::uint32_t>(Draw::flat_opening),
                           sim::start_state);
  const sim::Block words = chance.block(package.key);
  const Future& f = world.future;
  if (sim::fine_uniform_of(words[0], words[1]) >= f[Param::flat_late_chance]) return 0;
  const double least = f[Param::flat_late_months_least];
  const double most = std::max(least, f[Param::flat_late_months_most]);
  return static_cast<int>(least + static_cast<double>(sim::uniform24(words[2])) * (most - least));
}

void keep_home(World& world, const Package& package, const PackageLine& line,
               sim::EntityKey household, const sim::Step& step) {
  Relocation& relocation = world.relocation;
  HomeOffer offer{.household = household, .rt = line.rt, .programme = package.programme};
  int opens = step.month;
  if (static_cast<Item>(line.item) == Item::rental_flat) {
    opens += delay_of_flats(world, package, step);
  } else {
    at_site(relocation.homes, package.site) += 1.0;
    at_site(relocation.land_used, package.site) += world.future[Param::low_income_plot];
  }
  offer.opens = static_cast<std::uint16_t>(std::min(opens, never - 1));
  relocation.offers.push_back(offer);
}

/// Land counts as clear once enough of its owners were compensated. A set-back stays one.
void clear_land(World& world, std::size_t rt) {
  LandStatus& land = world.rts.land_status[rt];
  if (land != LandStatus::disputed && land != LandStatus::state_or_other) return;
  double owners = 0.0, compensated = 0.0;
  const std::size_t first = world.rts.first_row[rt];
  for (std::size_t i = first; i < first + world.rts.n_rows[rt]; ++i) {
    const std::uint32_t f = world.households.flags[i];
    if ((f & flag::alive) == 0 || !is_owner(f)) continue;
    owners += 1.0;
    compensated += (f & flag::compensated) != 0 ? 1.0 : 0.0;
  }
  if (compensated < world.future[Param::land_clear_share] * owners) return;
  land = LandStatus::clear;
  ++world.state.counts.legalised;
}

bool buy_plot(World& world, const Package& package, const PackageLine& line,
              sim::EntityKey household, const sim::Step& step) {
  const std::size_t row = find_household(world, line.rt, household);
  if (row == world.households.size_rows()) return false;
  const std::uint32_t f = world.households.flags[row];
  if ((f & flag::alive) == 0 || !is_owner(f) || (f & flag::compensated) != 0) return false;
  world.change_flags(row, flag::compensated, 0);
  at_site(world.relocation.land_bought, package.site) += world.future[Param::low_income_plot];
  world.rts.year_marks[line.rt] |= mark::delivered;
  world.rts.ever_served[line.rt] = 1;
  clear_land(world, line.rt);
  (void)step;
  return true;
}

float shrink(std::vector<float>& column, std::size_t rt, double lost) {
  column[rt] = std::max(0.0f, column[rt] - static_cast<float>(lost));
  return column[rt];
}

/// Nobody can live here any more: what was needed and what stood is gone.
void dissolve(World& world, std::size_t rt) {
  Neighbourhoods& r = world.rts;
  for (auto* column : {&r.buildings, &r.irregular, &r.ideal_road, &r.ideal_drain, &r.miss_road,
                       &r.miss_drain, &r.overdense_at_start, &r.clog}) {
    (*column)[rt] = 0.0f;
  }
  for (auto& phases : r.good) {
    for (auto& column : phases) column[rt] = 0.0f;
  }
  for (auto& book : r.ledger) book[rt] = 0.0f;
}

/// The office strikes a demolished dwelling out of the score book.
void strike_out(World& world, std::size_t rt, double buildings, bool was_unfit, sim::Month month) {
  Neighbourhoods& r = world.rts;
  if (r.in_ledger[rt] == 0) return;
  const auto lower = [&](Criterion criterion, double units, double of) {
    if (of > 0.0) shrink(r.ledger[index(criterion)], rt, units / of);
  };
  const double limit = units_over_dense(*world.city) * static_cast<double>(r.area[rt]);
  lower(Criterion::c1a, buildings, static_cast<double>(r.buildings[rt]));
  lower(Criterion::c1b, buildings, limit);
  if (was_unfit) lower(Criterion::c1c, 1.0, static_cast<double>(r.n_households[rt]));
  const Standing standing = standing_of(shares_of(r.ledger, rt), cut_rule(*world.scenario));
  r.ledger_score[rt] = standing.score;
  r.ledger_class[rt] = standing.slum;
  r.measured[rt] = static_cast<std::uint16_t>(month);
}

}  // namespace

bool hand_over(World& world, const Package& package, const PackageLine& line,
               sim::EntityKey household, const sim::Step& step) {
  if (static_cast<Item>(line.item) == Item::land_m2) {
    return buy_plot(world, package, line, household, step);
  }
  keep_home(world, package, line, household, step);
  return true;
}

void serve_homes(World& world, std::size_t site, double homes) {
  const double all = at_site(world.relocation.homes, site);
  double& served = at_site(world.relocation.homes_served, site);
  served = std::min(all, served + homes);
}

std::size_t find_household(const World& world, std::size_t rt, sim::EntityKey household) {
  const std::size_t first = world.rts.first_row[rt];
  const std::size_t n = world.rts.n_rows[rt];
  const HouseholdRecord* const records = world.households.record.data() + first;
  std::size_t i = 0;
  for (; i + 4 <= n; i += 4) {  // four at a time: half of the instructions
    if (records[i].key == household) return first + i;
    if (records[i + 1].key == household) return first + i + 1;
    if (records[i + 2].key == household) return first + i + 2;
    if (records[i + 3].key == household) return first + i + 3;
  }
  for (; i < n; ++i) {
    if (records[i].key == household) return first + i;
  }
  return world.households.size_rows();
}

HouseholdRow move_out(World& world, std::size_t row, sim::Month month) {
  leave_tables(world, row);
  HouseholdRow household = world.row(row);
  const std::size_t rt = world.households.record[row].rt;
  note_relocation(world, row, month);
  vacate_dwelling(world, row, month);
  household.flags = (household.flags & ~flag::engaged) | flag::relocated;
  household.next_revision = household.next_rare = never;
  Neighbourhoods& r = world.rts;
  r.touched[rt] = 1;
  r.ever_served[rt] = 1;
  r.year_marks[rt] |= mark::delivered;
  return household;
}

void demolish(World& world, std::size_t row, sim::Month month) {
  MUSI_EXPECT((world.households.flags[row] & flag::alive) == 0);
  Neighbourhoods& r = world.rts;
  const std::size_t rt = world.households.record[row].rt;
  const double before = static_cast<double>(r.buildings[rt]);
  const double lost = before / static_cast<double>(r.n_rows[rt]);
  strike_out(world, rt, lost, (world.households.flags[row] & flag::lacks_house) != 0, month);
  shrink(r.irregular, rt, lost);
  shrink(r.buildings, rt, lost);
  const float kept = before > 0.0 ? static_cast<float>(1.0 - lost / before) : 0.0f;
  for (const Stock stock : {Stock::hydrant, Stock::extinguisher}) {
    for (auto& phase : r.good[static_cast<std::size_t>(stock)]) phase[rt] *= kept;
  }
  world.remove_row(row);
  r.touched[rt] = 1;
  ++world.state.counts.demolished;
  if (r.n_rows[rt] > 0) return;
  dissolve(world, rt);
  strike_out(world, rt, 0.0, false, month);
}

}  // namespace musi::models
