#include "models/livelihoods/savings.h"

#include <algorithm>

#include "models/population/income.h"
#include "models/population/visits.h"
#include "sim/core/portable_math.h"

namespace musi::models {
namespace {

/// Flags of households that stand in a table; a loss concerns a dwelling, not those who leave it.
constexpr std::uint32_t is_in_table = flag::in_livelihood_group | flag::has_loan | flag::trained;

template <class Table, class WhoOf>
void follow_in(Table& table, sim::EntityKey key, std::uint32_t rt, WhoOf who_of) {
  for (auto& entry : table) {
    HouseholdRef& who = who_of(entry);
    if (who.key == key) who.rt = rt;
  }
}

}  // namespace

SavingsBook::SavingsBook(const World& world) : rate_(world.future[Param::savings_rate]) {
  const IncomeProcess process = IncomeProcess::of(world.future);
  double sum = 0.0;
  for (int i = 0; i <= world.scenario->clock.n_months() + visit_offset; ++i) {
    months_.push_back(sum);
    sum += process.level(i - visit_offset);
  }
}

double SavingsBook::accrued(const World& world, std::size_t row, sim::Month month) const {
  const double since = months_.at(static_cast<std::size_t>(month + visit_offset)) -
                       months_.at(world.households.record[row].last_visit);
  return rate_ * sim::portable::exp(double{world.households.record[row].mu}) * since;
}

double SavingsBook::saved(const World& world, std::size_t row, sim::Month month) const {
  return std::min(double{Visits::most_savings},
                  double{world.households.record[row].savings} + accrued(world, row, month));
}

void SavingsBook::raise_income(World& world, std::size_t row, float change,
                               sim::Month month) const {
  const double now = saved(world, row, month);
  world.households.record[row].mu += change;
  world.households.record[row].savings = static_cast<float>(now - accrued(world, row, month));
}

double SavingsBook::take(World& world, std::size_t row, double amount, sim::Month month) const {
  const double since = accrued(world, row, month);
  const double now =
      std::min(double{Visits::most_savings}, double{world.households.record[row].savings} + since);
  const double taken = std::clamp(amount, 0.0, std::max(0.0, now));
  world.households.record[row].savings = static_cast<float>(now - taken - since);
  return taken;
}

std::size_t find_row(const World& world, HouseholdRef& who) {
  const Households& h = world.households;
  if (who.row < h.size_rows() && h.record[who.row].key == who.key) return who.row;
  const std::size_t first = world.rts.first_row[who.rt];
  for (std::size_t row = first; row < first + world.rts.n_rows[who.rt]; ++row) {
    if (h.record[row].key != who.key) continue;
    who.row = static_cast<std::uint32_t>(row);
    return row;
  }
  return h.size_rows();
}

void follow(World& world, std::size_t row) {
  const Households& h = world.households;
  if ((h.flags[row] & is_in_table) == 0) return;
  const sim::EntityKey key = h.record[row].key;
  const std::uint32_t rt = h.record[row].rt;
  for (LivelihoodGroup& group : world.support.groups) {
    follow_in(group.members, key, rt, [](GroupMember& m) -> HouseholdRef& { return m.who; });
  }
  follow_in(world.support.courses, key, rt, [](Course& c) -> HouseholdRef& { return c.who; });
  follow_in(world.support.loans, key, rt, [](Loan& l) -> HouseholdRef& { return l.who; });
}

void leave_tables(World& world, std::size_t row) {
  Households& h = world.households;
  if ((h.flags[row] & is_in_table) == 0) return;
  h.record[row].mu = income_without_business(world, row);
  h.flags[row] &= ~flag::has_loan;
  const sim::EntityKey key = h.record[row].key;
  const auto is_it = [&](const auto& entry) { return entry.who.key == key; };
  for (LivelihoodGroup& group : world.support.groups) std::erase_if(group.members, is_it);
  std::erase_if(world.support.courses, is_it);
  std::erase_if(world.support.loans, is_it);
}

float income_without_business(const World& world, std::size_t row) {
  const Households& h = world.households;
  if ((h.flags[row] & flag::in_livelihood_group) == 0) return h.record[row].mu;
  for (const LivelihoodGroup& group : world.support.groups) {
    for (const GroupMember& m : group.members) {
      if (m.who.key == h.record[row].key && m.is_earning) return h.record[row].mu - m.effect;
    }
  }
  return h.record[row].mu;
}

}  // namespace musi::models
