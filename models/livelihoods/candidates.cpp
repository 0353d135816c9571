#include "models/livelihoods/candidates.h"

#include <algorithm>
#include <compare>
#include <limits>

#include "models/allocation/allocation.h"
#include "models/draws.h"
#include "models/finance/budget.h"
#include "models/programmes/households.h"
#include "models/programmes/need.h"
#include "models/programmes/pipeline.h"
#include "sim/core/order_statistics.h"
#include "sim/core/portable_math.h"

namespace musi::models {
namespace {

float income(const Households& h, std::size_t row) { return h.record[row].log_income(); }

bool fits(const Households& h, std::size_t row, const ProgrammeSpec& programme, float log_limit) {
  const std::uint32_t f = h.flags[row];
  return (programme.eligible_tenure >> static_cast<int>(tenure_of(f)) & 1) != 0 &&
         (programme.eligible_group >> static_cast<int>(group_of(f)) & 1) != 0 &&
         income(h, row) <= log_limit;
}

float log_limit_of(const ProgrammeSpec& programme) {
  return static_cast<float>(sim::portable::log(std::max(programme.income_max_idr_mn, 1e-6)));
}

/// Keeps the first `most` in the order of service.
void keep_first(const Households& h, std::vector<std::uint32_t>& rows, std::size_t most) {
  struct Place {
    std::uint64_t rank;  ///< engaged first, then the lowest income
    sim::EntityKey key;
    std::uint32_t row;
    auto operator<=>(const Place&) const = default;
  };
  constexpr std::uint64_t behind = std::uint64_t{1} << 32;
  std::vector<Place> places;
  places.reserve(rows.size());
  for (const std::uint32_t i : rows) {
    const std::uint64_t late = (h.flags[i] & flag::engaged) == 0 ? behind : 0u;
    places.push_back({late | sim::ordered_bits(income(h, i)), h.record[i].key, i});
  }
  const std::size_t n = std::min(most, rows.size());
  const auto end_of_first = places.begin() + static_cast<std::ptrdiff_t>(n);
  if (n < rows.size()) std::nth_element(places.begin(), end_of_first, places.end());
  std::sort(places.begin(), end_of_first);
  rows.resize(n);
  for (std::size_t i = 0; i < n; ++i) rows[i] = places[i].row;
}

bool offers_low_income_housing(const World& world, sim::Month month) {
  const int year = world.scenario->clock.year(month);
  const auto& all = world.scenario->programmes;
  return std::any_of(all.begin(), all.end(), [&](const ProgrammeSpec& p) {
    return p.type == "low_income_housing" && is_active(p, year);
  });
}

}  // namespace

std::vector<std::uint32_t> poorest_third(const World& world, std::size_t site,
                                         const ProgrammeSpec& programme, std::uint32_t without,
                                         std::size_t most) {
  const Households& h = world.households;
  // Empty dwellings stand behind all incomes.
  std::vector<float> incomes;
  std::size_t n_households = 0;
  for (const std::uint32_t rt : world.sites.rts[site]) {
    const std::size_t first = world.rts.first_row[rt], n_rows = world.rts.n_rows[rt];
    const std::size_t before = incomes.size();
    incomes.resize(before + n_rows);
    for (std::size_t i = 0; i < n_rows; ++i) {
      const bool is_alive = (h.flags[first + i] & flag::alive) != 0;
      incomes[before + i] = is_alive ? income(h, first + i) : std::numeric_limits<float>::max();
    }
    n_households += world.rts.n_households[rt];
  }
  std::vector<std::uint32_t> rows;
  if (n_households == 0) return rows;
  const float third = sim::OrderStatistics(incomes).at((n_households - 1) / 3);
  const float limit = std::min(third, log_limit_of(programme));
  rows.reserve(n_households / 3 + 1);
  std::size_t at = 0;
  for (const std::uint32_t rt : world.sites.rts[site]) {
    const std::size_t first = world.rts.first_row[rt], n_rows = world.rts.n_rows[rt];
    for (std::size_t i = first; i < first + n_rows; ++i) {
      if (incomes[at++] > limit || (h.flags[i] & without) != 0) continue;
      if (fits(h, i, programme, limit)) rows.push_back(static_cast<std::uint32_t>(i));
    }
  }
  keep_first(h, rows, most);
  return rows;
}

void keep_willing(const World& world, std::vector<std::uint32_t>& rows, const sim::Step& step) {
  const Households& h = world.households;
  const sim::Chance chance = step.yearly_chance(Draw::group_join);
  std::erase_if(rows, [&](std::uint32_t i) {
    if ((h.flags[i] & flag::engaged) != 0) return false;
    const double drawn_in = engaged_share(world, h.record[i].rt);
    return static_cast<double>(chance.uniform(h.record[i].key)) >= drawn_in;
  });
}

std::vector<std::uint32_t> borrowers(const World& world, std::size_t site,
                                     const ProgrammeSpec& programme, std::size_t most,
                                     const sim::Step& step) {
  constexpr std::uint32_t wants = flag::lacks_house | flag::lacks_water | flag::low_water |
                                  flag::lacks_toilet | flag::lacks_tank | flag::crowded;
  constexpr std::uint32_t is_informal_worker = flag::alive | flag::informal;
  const Households& h = world.households;
  const float limit = log_limit_of(programme);
  const bool is_housing_offered = offers_low_income_housing(world, step.month);
  std::vector<std::uint32_t> rows;
  for (const std::uint32_t rt : world.sites.rts[site]) {
    if (step.month < world.rts.credit_closed_until[rt]) continue;
    if (!passes_gate(world, programme, rt, step)) continue;
    const bool may_apply = is_housing_offered && world.rts.land_status[rt] != LandStatus::clear;
    const FlagTest may_borrow{is_informal_worker | flag::has_loan, is_informal_worker, wants};
    const auto here = rows_passing(world, rt, may_borrow, [&](std::size_t i) {
      return (is_owner(h.flags[i]) || may_apply) && fits(h, i, programme, limit);
    });
    rows.insert(rows.end(), here.begin(), here.end());
  }
  keep_first(h, rows, most);
  return rows;
}

std::vector<std::uint32_t> sites_helped(const World& world, std::size_t p, const sim::Step& step) {
  const ProgrammeSpec& programme = world.scenario->programmes[p];
  const bool is_board = programme.channel == Channel::community;
  const auto works_there = [&](std::uint32_t site) {
    const auto& packages = world.money.packages;
    return std::any_of(packages.begin(), packages.end(), [&](const Package& package) {
      return package.programme == p && package.site == site && package.stage != Stage::cancelled;
    });
  };
  std::vector<std::uint32_t> sites = world.money.programmes[p].site_order;
  std::erase_if(sites, [&](std::uint32_t site) {
    return !is_eligible_site(world, programme, site) || (is_board && !works_there(site));
  });
  if (!is_board) {
    sites.resize(std::min(sites.size(), sites_a_year(world, programme, sites.size(), step)));
  }
  return sites;
}

}  // namespace musi::models
