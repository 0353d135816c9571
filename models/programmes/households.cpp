#include "models/programmes/households.h"

#include <algorithm>
#include <numeric>
#include <span>
#include <tuple>

#include "models/draws.h"
#include "models/programmes/detection.h"
#include "sim/core/portable_math.h"

namespace musi::models {
namespace {

double income_limit(const World& world, const ProgrammeSpec& programme, Item item) {
  if (item != Item::house_repair_grant) return programme.income_max_idr_mn;
  return std::min(programme.income_max_idr_mn,
                  world.future[Param::repair_grant_income_limit]);
}

}  // namespace

Eligibility::Eligibility(const World& world, const ProgrammeSpec& programme, Item item,
                         sim::Month month)
    : lacks_(facts(item).lacks),
      is_house_(facts(item).is_house),
      is_new_house_(item == Item::house_new),
      is_rehabilitation_(programme.after_disasters),
      month_(month) {
  const std::uint32_t groups = programme.eligible_group, tenures = programme.eligible_tenure;
  for (std::uint32_t kind = 0; kind < 8; ++kind) {
    kinds_ |= ((groups >> (kind & 1u)) & (tenures >> (kind >> 1)) & 1u) << kind;
  }
  const double limit = income_limit(world, programme, item);
  any_income_ = limit > 1e8;
  log_limit_ = sim::portable::log(std::max(limit, 1e-6));
}

Eligibility& Eligibility::in_rt(const World& world, std::size_t rt) {
  replaces_all_ = is_new_house_ && is_renewal(world, rt);
  return *this;
}

FlagTest Eligibility::flags() const {
  FlagTest test = is_lacking(lacks_);
  const bool any_house = !is_house_ || is_rehabilitation_ || (is_new_house_ && replaces_all_);
  if (!any_house) {  // a house beyond repair is built anew, and only such a house
    test.mask |= flag::failed_twice;
    if (is_new_house_) test.value |= flag::failed_twice;
  }
  return test;
}

bool Eligibility::fits(const Households& h, std::size_t row) const {
  if ((kinds_ >> ((h.flags[row] >> kind_shift) & 7u) & 1u) == 0) return false;
  const HouseholdRecord& r = h.record[row];
  if (is_house_ && !is_rehabilitation_) {
    const bool recent = r.repaired != never &&
                        month_ - static_cast<int>(r.repaired) < 12 * repair_pause_years;
    if (recent) return false;
  }
  const double log_income = static_cast<double>(r.mu) + static_cast<double>(r.dy);
  return any_income_ || log_income <= log_limit_;
}

bool Eligibility::operator()(const Households& h, std::size_t row) const {
  return passes(h.flags[row], flags()) && fits(h, row);
}

bool is_eligible(const World& world, std::size_t row, const ProgrammeSpec& programme, Item item,
                 sim::Month month) {
  return Eligibility(world, programme, item, month)
      .in_rt(world, world.households.record[row].rt)(world.households, row);
}

Service::Service(const World& world, const ProgrammeSpec& programme, Item item,
                 const sim::Step& step)
    : item_(item),
      is_fit_(world, programme, item, step.month),
      is_listed_(world, item, step),
      after_disasters_(programme.after_disasters) {
  if (after_disasters_) list_claims(world, step.month);
}

void Service::list_claims(const World& world, sim::Month month) {
  const auto for_each_claim = [&](auto&& visit) {
    for (const DisasterLoss& loss : world.support.losses) {
      if (month < loss.month + claim_months) visit(loss.who);
    }
  };
  // Counted two places ahead: filling moves each border up to where the RT begins.
  first_claim_.assign(world.n_rts() + 2, 0);
  for_each_claim([&](const HouseholdRef& who) { ++first_claim_[who.rt + 2]; });
  std::partial_sum(first_claim_.begin(), first_claim_.end(), first_claim_.begin());
  claims_.resize(first_claim_.back());
  for_each_claim([&](const HouseholdRef& who) { claims_[first_claim_[who.rt + 1]++] = who.key; });
}

void Service::add_those_with_a_claim(const World& world, std::size_t rt, const Eligibility& is_fit,
                                     std::vector<std::uint32_t>& rows) const {
  const auto claims =
      std::span(claims_).subspan(first_claim_[rt], first_claim_[rt + 1] - first_claim_[rt]);
  const Households& h = world.households;
  const auto has_a_claim = [&](std::size_t row) {
    return std::find(claims.begin(), claims.end(), h.record[row].key) != claims.end();
  };
  add_rows_passing(world, rt, is_fit.flags(),
                   [&](std::size_t row) { return is_fit.fits(h, row) && has_a_claim(row); }, rows);
}

std::vector<std::uint32_t> Service::households_in(const World& world, std::size_t rt) const {
  std::vector<std::uint32_t> rows;
  add_households_in(world, rt, rows);
  return rows;
}

void Service::add_households_in(const World& world, std::size_t rt,
                                std::vector<std::uint32_t>& rows, std::size_t least) const {
  if (!may_serve(world, rt)) return;
  const Households& h = world.households;
  Eligibility is_fit = is_fit_;
  is_fit.in_rt(world, rt);
  if (after_disasters_) return add_those_with_a_claim(world, rt, is_fit, rows);
  const std::size_t first = rows.size();
  add_rows_passing(world, rt, is_fit.flags(),
                   [&](std::size_t row) { return is_fit.fits(h, row); }, rows);
  if (rows.size() < first + least) return rows.resize(first);
  is_listed_.keep_listed(h, rows, first);
}

std::vector<std::uint32_t> households_to_serve(const World& world, std::size_t rt,
                                               const ProgrammeSpec& programme, Item item,
                                               const sim::Step& step) {
  return Service(world, programme, item, step).households_in(world, rt);
}

void put_in_order(const World& world, Item item, std::vector<std::uint32_t>& rows) {
  const Households& h = world.households;
  const std::uint32_t list = facts(item).is_house ? flag::listed : 0;
  struct Place {
    int turn;
    float log_income;
    sim::EntityKey key;
    std::uint32_t row;
    bool operator<(const Place& other) const {
      return std::tie(turn, log_income, key) < std::tie(other.turn, other.log_income, other.key);
    }
  };
  if (rows.size() < 2) return;
  std::vector<Place> places;
  places.reserve(rows.size());
  for (const std::uint32_t i : rows) {
    const std::uint32_t f = h.flags[i];
    const int turn = ((f & list) == 0 ? 2 : 0) + ((f & flag::engaged) == 0 ? 1 : 0);
    places.push_back({turn, h.record[i].log_income(), h.record[i].key, i});
  }
  std::sort(places.begin(), places.end());
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = places[i].row;
}

std::vector<std::uint32_t> poorest_engaged(const World& world, std::size_t rt, std::size_t most) {
  const Households& h = world.households;
  constexpr std::uint32_t takes_part = flag::alive | flag::engaged;
  auto rows = rows_passing(world, rt, {takes_part, takes_part, takes_part},
                           [](std::size_t) { return true; });
  std::sort(rows.begin(), rows.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::tuple(h.record[a].log_income(), h.record[a].key) <
           std::tuple(h.record[b].log_income(), h.record[b].key);
  });
  if (rows.size() > most) rows.resize(most);
  return rows;
}

std::size_t group_size(const World& world, std::size_t rt, const Service& service,
                       const sim::Step& step, std::size_t least) {
  std::vector<std::uint32_t> rows;
  service.add_households_in(world, rt, rows, least);
  if (rows.size() < least) return 0;
  const double engaged = engaged_share(world, rt);
  const sim::Chance chance = step.yearly_chance(Draw::group_join);
  std::size_t n = 0;
  for (const std::uint32_t row : rows) {
    const bool is_engaged = (world.households.flags[row] & flag::engaged) != 0;
    n += is_engaged ||
         static_cast<double>(chance.uniform(world.households.record[row].key)) < engaged;
  }
  return n >= least ? n : 0;
}

}  // namespace musi::models
