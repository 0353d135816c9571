#include "models/livelihoods/candidates.h"

#include <algorithm>
#include <bit>

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

/// Kinds of households, by group and tenure, three bits of the flags side by side.
class Kinds {
 public:
  /// Those that a programme serves.
  explicit Kinds(const ProgrammeSpec& programme) {
    for (std::uint32_t kind = 0; kind < n; ++kind) {
      const std::uint32_t flags = kind << shift;
      const int tenure = static_cast<int>(tenure_of(flags));
      const int group = static_cast<int>(group_of(flags));
      const bool fits = (programme.eligible_tenure >> tenure & 1) != 0 &&
                        (programme.eligible_group >> group & 1) != 0;
      if (fits) kinds_ |= 1u << kind;
    }
  }
  Kinds owners() const {
    Kinds owners = *this;
    for (std::uint32_t kind = 0; kind < n; ++kind) {
      if (!is_owner(kind << shift)) owners.kinds_ &= ~(1u << kind);
    }
    return owners;
  }
  bool hold(std::uint32_t flags) const { return (kinds_ >> (flags >> shift & (n - 1)) & 1) != 0; }

 private:
  static constexpr std::uint32_t shift = 2, n = 8;
  static_assert(flag::land_group == 1u << shift && flag::tenure_shift == shift + 1);
  std::uint32_t kinds_ = 0;
};

float log_limit_of(const ProgrammeSpec& programme) {
  return static_cast<float>(sim::portable::log(std::max(programme.income_max_idr_mn, 1e-6)));
}

/// Households by income and key, as far as they can be among the first `most`: the others are
/// dropped now and then, and from then on nobody who earns more is added.
class PoorestFirst {
 public:
  /// `highest`: log income above which nobody is wanted.
  PoorestFirst(const Households& households, std::size_t most, float highest)
      : h_(households), most_(most), highest_(highest) {}
  float highest() const { return highest_; }

  /// Adds a household that earns at most highest().
  void add(float log_income, std::size_t row) {
    places_.push_back(Place{sim::ordered_bits(log_income)} << 32 | row);
    if (most_ == 0 || places_.size() / 2 < most_) return;
    keep_first(most_);
    highest_ = income(h_, row_of(*std::max_element(places_.begin(), places_.end())));
  }

  /// Appends the first n in order.
  void put_first(std::size_t n, std::vector<std::uint32_t>& rows) {
    keep_first(n);
    std::sort(places_.begin(), places_.end(), [&](Place a, Place b) { return is_before(a, b); });
    for (const Place place : places_) rows.push_back(row_of(place));
  }

 private:
  using Place = std::uint64_t;  ///< income in order, then the row

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
  float highest_;
  std::vector<Place> places_;
};

/// The first `most` in the order of service: the engaged first, then the lowest income, the key.
/// `add(candidates, engaged flag)` adds those who are engaged, or the others, who are looked at
/// only if the engaged leave places.
template <class Add>
std::vector<std::uint32_t> in_order_of_service(const World& world, std::size_t most, float highest,
                                               Add&& add) {
  std::vector<std::uint32_t> rows;
  for (const std::uint32_t engaged : {flag::engaged, std::uint32_t{0}}) {
    if (rows.size() == most) break;
    PoorestFirst candidates(world.households, most - rows.size(), highest);
    add(candidates, engaged);
    candidates.put_first(most - rows.size(), rows);
  }
  return rows;
}

/// Those who are engaged, or those who are not, of those who pass a test.
constexpr FlagTest with(const FlagTest& test, std::uint32_t engaged) {
  return {test.mask | flag::engaged, test.value | engaged, test.any};
}

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
  const auto incomes = log_incomes(world, world.sites.rts[site]);
  const Kinds kinds(programme);
  const FlagTest may_take_part{flag::alive | without, flag::alive, flag::alive};
  const auto first_up_to = [&](float limit) {
    return in_order_of_service(world, most, limit, [&](PoorestFirst& line, std::uint32_t engaged) {
      const FlagTest test = with(may_take_part, engaged);
      const float* at = incomes.data();
      for (const std::uint32_t rt : world.sites.rts[site]) {
        for_each_64(world, rt, [&](std::size_t first, std::size_t n) {
          std::uint64_t bits = sim::at_most_bits(at, n, line.highest());
          if (bits != 0) bits &= passing_bits(h.flags.data() + first, n, test);
          for (; bits != 0; bits &= bits - 1) {
            const auto i = static_cast<std::size_t>(std::countr_zero(bits));
            const bool fits = at[i] <= line.highest() && kinds.hold(h.flags[first + i]);
            if (fits && is_wanted(first + i)) line.add(at[i], first + i);
          }
          at += n;
        });
      }
    });
  };
  // Where the third is bounded is looked up only if somebody was found who may be above it: places
  // are few, and those who get them are mostly the poorest by far.
  const float limit = log_limit_of(programme);
  const std::size_t place_of_third = (n_households - 1) / 3;
  std::vector<std::uint32_t> rows = first_up_to(limit);
  float highest = -no_income;
  for (const std::uint32_t row : rows) highest = std::max(highest, income(h, row));
  const auto n_poorer = std::count_if(incomes.begin(), incomes.end(),
                                      [&](float log_income) { return log_income < highest; });
  if (static_cast<std::size_t>(n_poorer) <= place_of_third) return rows;
  return first_up_to(std::min(limit, in_order(incomes).at(place_of_third)));
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
  const bool is_housing_offered = offers_low_income_housing(world, step.month);
  const Kinds all(programme), owners = all.owners();
  std::vector<std::uint32_t> rts = world.sites.rts[site];
  std::erase_if(rts, [&](std::uint32_t rt) {
    return step.month < world.rts.credit_closed_until[rt] ||
           !passes_gate(world, programme, rt, step);
  });
  const auto add = [&](PoorestFirst& line, std::uint32_t engaged) {
    std::vector<std::uint32_t> rows;
    for (const std::uint32_t rt : rts) {
      const bool may_apply = is_housing_offered && world.rts.land_status[rt] != LandStatus::clear;
      const Kinds kinds = may_apply ? all : owners;
      add_rows_passing(
          world, rt, with(may_borrow, engaged),
          [&](std::size_t row) { return kinds.hold(h.flags[row]); }, rows);
    }
    // Listed first, so that records are read many at a time.
    for (const std::uint32_t row : rows) {
      const float log_income = income(h, row);
      if (log_income <= line.highest()) line.add(log_income, row);
    }
  };
  return in_order_of_service(world, most, log_limit_of(programme), add);
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
