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
  Candidates(const World& world, std::size_t most)
      : h_(world.households), most_(most), engaged_(h_, most), others_(h_, most) {}

  /// Adds those of the n rows from `first` on, at most 64, whose flags pass and whose bits are set;
  /// `income_if_fit(row)` gives the log income of those that fit, nothing for others.
  template <class Test>
  void add(std::size_t first, std::size_t n, const FlagTest& test, std::uint64_t rows,
           Test&& income_if_fit) {
    const auto add_to = [&](Line& line, std::uint32_t engaged) {
      const FlagTest of_line{test.mask | flag::engaged, test.value | engaged, test.any};
      std::uint64_t bits = rows & passing_bits(h_.flags.data() + first, n, of_line);
      for (; bits != 0; bits &= bits - 1) {
        const std::size_t row = first + static_cast<std::size_t>(std::countr_zero(bits));
        if (const std::optional<float> log_income = income_if_fit(row)) line.add(*log_income, row);
      }
    };
    add_to(engaged_, flag::engaged);
    if (engaged_.size() < most_) add_to(others_, 0);
  }

  /// The first of them in the order of service: the engaged first, then the lowest income, the key.
  std::vector<std::uint32_t> first() {
    std::vector<std::uint32_t> rows;
    engaged_.put_first(most_, rows);
    others_.put_first(most_ - rows.size(), rows);
    return rows;
  }

 private:
  /// Households by income and key. Those that cannot be among the first `most` are dropped now and
  /// then, and from then on nobody who earns more is added.
  class Line {
   public:
    Line(const Households& households, std::size_t most) : h_(households), most_(most) {}
    std::size_t size() const { return places_.size(); }

    void add(float log_income, std::size_t row) {
      const std::uint32_t income = sim::ordered_bits(log_income);
      if (income > highest_) return;
      places_.push_back(Place{income} << 32 | row);
      if (most_ == 0 || places_.size() / 2 < std::max(most_, few)) return;
      keep_first(most_);
      highest_ = static_cast<std::uint32_t>(
          *std::max_element(places_.begin(), places_.end()) >> 32);
    }

    /// Appends the first n in order.
    void put_first(std::size_t n, std::vector<std::uint32_t>& rows) {
      keep_first(n);
      std::sort(places_.begin(), places_.end(),
                [&](Place a, Place b) { return is_before(a, b); });
      for (const Place place : places_) rows.push_back(row_of(place));
    }

   private:
    using Place = std::uint64_t;  ///< income in order, then the row
    static constexpr std::size_t few = 16;

    static std::uint32_t row_of(Place place) { return static_cast<std::uint32_t>(place); }
    bool is_before(Place a, Place b) const {
      if ((a ^ b) >> 32 != 0) return a < b;
      return h_.record[row_of(a)].key < h_.record[row_of(b)].key;
    }
    void keep_first(std::size_t n) {
      if (n >= places_.size()) return;
      const auto end = places_.begin() + static_cast<std::ptrdiff_t>(n);
      std::nth_element(places_.begin(), end, places_.end(),
                       [&](Place a, Place b) { return is_before(a, b); });
      places_.resize(n);
    }

    const Households& h_;
    std::size_t most_;
    std::uint32_t highest_ = ~0u;
    std::vector<Place> places_;
  };

  const Households& h_;
  std::size_t most_;
  Line engaged_, others_;
};

/// Calls f(first row, number of rows) for the rows of an RT, 64 at a time.
template <class Function>
void for_each_64(const World& world, std::uint32_t rt, Function&& f) {
  const std::size_t first = world.rts.first_row[rt], last = first + world.rts.n_rows[rt];
  for (std::size_t row = first; row < last; row += 64) {
    f(row, std::min<std::size_t>(64, last - row));
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
    for_each_64(world, rt, [&](std::size_t first, std::size_t n) {
      const std::uint64_t poor = sim::at_most_bits(at, n, limit);
      candidates.add(first, n, may_take_part, poor, [&](std::size_t row) {
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
  if (most == 0) return {};
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
    for_each_64(world, rt, [&](std::size_t first, std::size_t n) {
      candidates.add(first, n, may_borrow, ~std::uint64_t{0}, income_if_fit);
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
