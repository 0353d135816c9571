#include "models/livelihoods/candidates.h"

#include <algorithm>
#include <bit>
#include <optional>

#include "models/allocation/allocation.h"
#include "models/draws.h"
#include "models/finance/budget.h"
#include "models/livelihoods/incomes.h"
#include "models/programmes/households.h"
#include "models/programmes/need.h"
#include "models/programmes/pipeline.h"
#include "sim/core/equal_bits.h"
#include "sim/core/order_statistics.h"
#include "sim/core/portable_math.h"

namespace musi::models {
namespace {

float income(const Households& h, std::size_t row) { return h.record[row].log_income(); }

bool fits_kind(std::uint32_t flags, const ProgrammeSpec& programme) {
  return (programme.eligible_tenure >> static_cast<int>(tenure_of(flags)) & 1) != 0 &&
         (programme.eligible_group >> static_cast<int>(group_of(flags)) & 1) != 0;
}

float log_limit_of(const ProgrammeSpec& programme) {
  return static_cast<float>(sim::portable::log(std::max(programme.income_max_idr_mn, 1e-6)));
}

/// Candidates for `most` places. The engaged come first, so others are kept apart and are looked at
/// only until there are enough engaged.
class Candidates {
 public:
  Candidates(const World& world, std::size_t most) : h_(world.households), most_(most) {}

  /// Adds those of the n rows from `first` on whose bits are set; `income_if_fit(row)` gives the
  /// log income of those that fit, nothing for others.
  template <class Test>
  void add(std::size_t first, std::size_t n, std::uint64_t rows, Test&& income_if_fit) {
    const auto add_to = [&](std::vector<Place>& places, std::uint64_t bits) {
      for (; bits != 0; bits &= bits - 1) {
        const std::size_t row = first + static_cast<std::size_t>(std::countr_zero(bits));
        if (const std::optional<float> log_income = income_if_fit(row)) {
          places.push_back(Place{sim::ordered_bits(*log_income)} << 32 | row);
        }
      }
    };
    constexpr FlagTest is_engaged{flag::engaged, flag::engaged, flag::engaged};
    const std::uint64_t engaged = passing_bits(h_.flags.data() + first, n, is_engaged);
    add_to(engaged_, rows & engaged);
    if (engaged_.size() < most_) add_to(others_, rows & ~engaged);
  }

  /// The first of them in the order of service: the engaged first, then the lowest income, the key.
  std::vector<std::uint32_t> first() {
    std::vector<std::uint32_t> rows;
    for (std::vector<Place>* places : {&engaged_, &others_}) {
      const std::size_t n = std::min(most_ - rows.size(), places->size());
      put_first(*places, n);
      for (std::size_t i = 0; i < n; ++i) rows.push_back(row_of((*places)[i]));
    }
    return rows;
  }

 private:
  using Place = std::uint64_t;  ///< income in order, then the row
  static std::uint32_t row_of(Place place) { return static_cast<std::uint32_t>(place); }

  void put_first(std::vector<Place>& places, std::size_t n) const {
    const auto before = [&](Place a, Place b) {
      if ((a ^ b) >> 32 != 0) return a < b;
      return h_.record[row_of(a)].key < h_.record[row_of(b)].key;
    };
    const auto end = places.begin() + static_cast<std::ptrdiff_t>(n);
    if (n < places.size()) std::nth_element(places.begin(), end, places.end(), before);
    std::sort(places.begin(), end, before);
  }

  const Households& h_;
  std::size_t most_;
  std::vector<Place> engaged_, others_;
};

/// Calls f(first row, rows, flags passing as bits) for the rows of an RT, 64 at a time.
template <class Function>
void for_each_64(const World& world, std::uint32_t rt, const FlagTest& test, Function&& f) {
  const std::size_t first = world.rts.first_row[rt], last = first + world.rts.n_rows[rt];
  for (std::size_t row = first; row < last; row += 64) {
    const std::size_t n = std::min<std::size_t>(64, last - row);
    f(row, n, passing_bits(world.households.flags.data() + row, n, test));
  }
}

/// See `poorest_third`; `is_wanted(row)` is asked of those who fit.
template <class Test>
std::vector<std::uint32_t> first_of_poorest_third(const World& world, std::size_t site,
                                                  const ProgrammeSpec& programme,
                                                  std::uint32_t without, std::size_t most,
                                                  Test&& is_wanted) {
  const Households& h = world.households;
  std::size_t n_households = 0;
  for (const std::uint32_t rt : world.sites.rts[site]) n_households += world.rts.n_households[rt];
  if (n_households == 0) return {};
  const std::vector<float> incomes = log_incomes(world, world.sites.rts[site]);
  const float third = sim::OrderStatistics(incomes).at((n_households - 1) / 3);
  const float limit = std::min(third, log_limit_of(programme));
  const FlagTest may_take_part{flag::alive | without, flag::alive, flag::alive};
  Candidates candidates(world, most);
  const float* at = incomes.data();
  for (const std::uint32_t rt : world.sites.rts[site]) {
    for_each_64(world, rt, may_take_part, [&](std::size_t first, std::size_t n, auto passing) {
      const std::uint64_t poor = sim::at_most_bits(at, n, limit);
      candidates.add(first, n, passing & poor, [&](std::size_t row) {
        const bool fits = fits_kind(h.flags[row], programme) && is_wanted(row);
        return fits ? std::optional(at[row - first]) : std::nullopt;
      });
      at += n;
    });
  }
  return candidates.first();
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
  return first_of_poorest_third(world, site, programme, without, most,
                                [](std::size_t) { return true; });
}

std::vector<std::uint32_t> joiners(const World& world, std::size_t site,
                                   const ProgrammeSpec& programme, std::size_t most,
                                   const sim::Step& step) {
  const Households& h = world.households;
  const sim::Chance chance = step.yearly_chance(Draw::group_join);
  return first_of_poorest_third(
      world, site, programme, flag::in_livelihood_group, most, [&](std::size_t row) {
        if ((h.flags[row] & flag::engaged) != 0) return true;
        const double drawn_in = engaged_share(world, h.record[row].rt);
        return static_cast<double>(chance.uniform(h.record[row].key)) < drawn_in;
      });
}

std::vector<std::uint32_t> borrowers(const World& world, std::size_t site,
                                     const ProgrammeSpec& programme, std::size_t most,
                                     const sim::Step& step) {
  constexpr std::uint32_t wants = flag::lacks_house | flag::lacks_water | flag::low_water |
                                  flag::lacks_toilet | flag::lacks_tank | flag::crowded;
  constexpr std::uint32_t is_informal_worker = flag::alive | flag::informal;
  constexpr FlagTest may_borrow{is_informal_worker | flag::has_loan, is_informal_worker, wants};
  const Households& h = world.households;
  const float limit = log_limit_of(programme);
  const bool is_housing_offered = offers_low_income_housing(world, step.month);
  Candidates candidates(world, most);
  for (const std::uint32_t rt : world.sites.rts[site]) {
    if (step.month < world.rts.credit_closed_until[rt]) continue;
    if (!passes_gate(world, programme, rt, step)) continue;
    const bool may_apply = is_housing_offered && world.rts.land_status[rt] != LandStatus::clear;
    const auto income_if_fit = [&](std::size_t row) -> std::optional<float> {
      const std::uint32_t f = h.flags[row];
      if (!(is_owner(f) || may_apply) || !fits_kind(f, programme)) return std::nullopt;
      const float log_income = income(h, row);
      return log_income <= limit ? std::optional(log_income) : std::nullopt;
    };
    for_each_64(world, rt, may_borrow, [&](std::size_t first, std::size_t n, auto passing) {
      candidates.add(first, n, passing, income_if_fit);
    });
  }
  return candidates.first();
}

std::vector<std::uint32_t> sites_helped(const World& world, std::size_t p, const sim::Step& step) {
  const ProgrammeSpec& programme = world.scenario->programmes[p];
  const bool is_board = programme.channel == Channel::community;
  std::vector<std::uint8_t> works_there(world.n_sites(), is_board ? 0 : 1);
  for (const Package& package : world.money.packages) {
    const bool is_its = package.programme == p && package.stage != Stage::cancelled;
    if (is_its) works_there[package.site] = 1;
  }
  std::vector<std::uint32_t> sites = world.money.programmes[p].site_order;
  std::erase_if(sites, [&](std::uint32_t site) {
    return works_there[site] == 0 || !is_eligible_site(world, programme, site);
  });
  if (!is_board) {
    sites.resize(std::min(sites.size(), sites_a_year(world, programme, sites.size(), step)));
  }
  return sites;
}

}  // namespace musi::models
