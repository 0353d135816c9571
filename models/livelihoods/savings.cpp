#include "models/livelihoods/savings.h"

#include <algorithm>
#include <bitset>
#include <utility>

#include "models/population/income.h"
#include "models/population/visits.h"
#include "sim/core/portable_math.h"

namespace musi::models {
namespace {

/// Flags of households that stand in a table; a loss concerns a dwelling, not those who leave it.
constexpr std::uint32_t is_in_table = flag::in_livelihood_group | flag::has_loan | flag::trained;

/// Households that have moved, by key. Most entries of the tables are turned away by a bit.
class Movers {
 public:
  explicit Movers(std::vector<HouseholdRef> movers) : movers_(std::move(movers)) {
    std::sort(movers_.begin(), movers_.end(), is_before);
    for (const HouseholdRef& mover : movers_) may_be_one_[bit_of(mover.key)] = true;
  }
  void update(HouseholdRef& who) const {
    if (!may_be_one_[bit_of(who.key)]) return;
    const auto found = std::lower_bound(movers_.begin(), movers_.end(), who, is_before);
    if (found != movers_.end() && found->key == who.key) who.rt = found->rt;
  }

 private:
  static constexpr std::size_t n_bits = 4096;
  static std::size_t bit_of(sim::EntityKey key) { return key % n_bits; }
  static bool is_before(const HouseholdRef& a, const HouseholdRef& b) { return a.key < b.key; }

  std::vector<HouseholdRef> movers_;
  std::bitset<n_bits> may_be_one_;
};

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
  const double available = now > 0.0 ? now : 0.0;
  const double taken = amount < available ? amount : available;
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

bool may_be_in_table(std::uint32_t flags) { return (flags & is_in_table) != 0; }

void follow(World& world, std::vector<HouseholdRef> movers) {
  if (movers.empty()) return;
  const Movers moved(std::move(movers));
  for (LivelihoodGroup& group : world.support.groups) {
    for (GroupMember& member : group.members) moved.update(member.who);
  }
  for (Course& course : world.support.courses) moved.update(course.who);
  for (Loan& loan : world.support.loans) moved.update(loan.who);
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
