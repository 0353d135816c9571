#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <ranges>
#include <vector>

#include "models/indicators/catalogue.h"
#include "models/indicators/groups.h"
#include "models/livelihoods/incomes.h"
#include "sim/core/order_statistics.h"
#include "sim/core/portable_math.h"

/// Who is reached: the poorest fifth against the others, river against land, Ulu against Ilir.
namespace musi::models {

std::string_view word(People people) {
  switch (people) {
    case People::poorest_fifth: return "poorest_fifth";
    case People::others: return "others";
    case People::river: return "river";
    case People::land: return "land";
    case People::ulu: return "ulu";
    case People::ilir: break;
  }
  return "ilir";
}

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();
constexpr std::uint32_t sanitation = flag::lacks_toilet | flag::lacks_tank;

/// The value that stands at share `p` of n if they were sorted.
std::size_t place(double p, std::size_t n) {
  return static_cast<std::size_t>(p * static_cast<double>(n - 1) + 0.5);
}

/// Deprivations of a household, of four.
constexpr std::size_t deprivations(std::uint32_t flags) {
  return ((flags & flag::lacks_water) != 0 ? 1u : 0u) + ((flags & sanitation) != 0 ? 1u : 0u) +
         ((flags & flag::lacks_house) != 0 ? 1u : 0u) + ((flags & flag::crowded) != 0 ? 1u : 0u);
}

/// Households by number of deprivations.
using ByNeeds = std::array<std::uint32_t, n_deprivations + 1>;

/// The same packed into one number, so that one addition without a branch counts a household.
constexpr int bits_each = 12;
constexpr std::size_t most_packed = (std::size_t{1} << bits_each) - 1;
static_assert(bits_each * (n_deprivations + 1) <= 64);

/// One household, by the six bits of flags from lacks_house to crowded.
constexpr int needs_shift = std::countr_zero(flag::lacks_house);
constexpr std::array<std::uint64_t, 64> one_of_bits = [] {
  std::array<std::uint64_t, 64> one{};
  for (std::uint32_t i = 0; i < 64; ++i) {
    one[i] = std::uint64_t{1} << (bits_each * static_cast<int>(deprivations(i << needs_shift)));
  }
  return one;
}();

void add_packed(ByNeeds& counts, std::uint64_t packed) {
  for (std::size_t needs = 0; needs < counts.size(); ++needs) {
    counts[needs] += static_cast<std::uint32_t>(packed >> (bits_each * static_cast<int>(needs))) &
                     static_cast<std::uint32_t>(most_packed);
  }
}

/// Households of an RT.
struct Kinds {
  ByNeeds all{}, poor{}, land{};  ///< poor: of the poorest fifth
  std::uint32_t listed = 0;
};

/// `incomes` of its n rows; `poor`: the highest of the poorest fifth.
Kinds kinds_of(const std::uint32_t* flags, const float* incomes, std::size_t n, float poor) {
  Kinds kinds;
  for (std::size_t i = 0; i < n;) {
    std::uint64_t all = 0, of_poor = 0, of_land = 0;
    for (const std::size_t end = std::min(n, i + most_packed); i < end; ++i) {
      const std::uint32_t f = flags[i];
      const std::uint64_t is_alive = (f & flag::alive) != 0 ? 1u : 0u;
      const std::uint64_t one = one_of_bits[(f >> needs_shift) & 63u] & (0 - is_alive);
      const std::uint64_t is_poor = incomes[i] <= poor ? 1u : 0u;
      const std::uint64_t is_land = (f & flag::land_group) != 0 ? 1u : 0u;
      all += one;
      of_poor += one & (0 - is_poor);
      of_land += one & (0 - is_land);
      kinds.listed += (f & (flag::alive | flag::listed)) == (flag::alive | flag::listed) ? 1u : 0u;
    }
    add_packed(kinds.all, all);
    add_packed(kinds.poor, of_poor);
    add_packed(kinds.land, of_land);
  }
  return kinds;
}

ByNeeds without(ByNeeds all, const ByNeeds& some) {
  for (std::size_t needs = 0; needs < all.size(); ++needs) all[needs] -= some[needs];
  return all;
}

/// Money of an RT is shared equally by its households.
void count_reach(const World& world, const float* incomes, float poor, PeopleStats& stats) {
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    const double paid = rt < world.notes.paid_in_rt.size() ? world.notes.paid_in_rt[rt] : 0.0;
    const std::uint32_t n = world.rts.n_households[rt];
    const double each = n > 0 ? paid / n : 0.0;
    const People side =
        world.sites.is_ulu[world.rts.site[rt]] != 0 ? People::ulu : People::ilir;
    const std::uint32_t* const flags = world.households.flags.data() + world.rts.first_row[rt];
    const Kinds kinds = kinds_of(flags, incomes, world.rts.n_rows[rt], poor);
    incomes += world.rts.n_rows[rt];
    for (std::size_t needs = 0; needs < kinds.all.size(); ++needs) {
      stats.by_deprivations[needs] += kinds.all[needs];
    }
    stats.listed += kinds.listed;
    const auto add = [&](People people, const ByNeeds& counts) {
      const std::size_t g = static_cast<std::size_t>(people);
      const std::uint32_t households = std::accumulate(counts.begin(), counts.end(), 0u);
      stats.households[g] += households;
      stats.deprived[g] += households - counts[0];
      // One by one: a sum of equal parts is rounded at each.
      if (each > 0.0) {
        for (std::uint32_t i = 0; i < households; ++i) stats.money[g] += each;
      }
    };
    add(People::poorest_fifth, kinds.poor);
    add(People::others, without(kinds.all, kinds.poor));
    add(People::river, without(kinds.all, kinds.land));
    add(People::land, kinds.land);
    add(side, kinds.all);
  }
}

void deprived_by_people(const Observation& at, std::span<double> out) {
  const PeopleStats& p = *at.people;
  for (std::size_t g = 0; g < out.size(); ++g) {
    out[g] = p.households[g] > 0.0 ? 100.0 * p.deprived[g] / p.households[g] : none;
  }
}

void money_by_people(const Observation& at, std::span<double> out) {
  const PeopleStats& p = *at.people;
  for (std::size_t g = 0; g < out.size(); ++g) {
    out[g] = p.households[g] > 0.0 ? p.money[g] / p.households[g] : none;
  }
}

void by_deprivations(const Observation& at, std::span<double> out) {
  std::copy(at.people->by_deprivations.begin(), at.people->by_deprivations.end(), out.begin());
}

template <double PeopleStats::* field>
void of_people(const Observation& at, std::span<double> out) {
  out[0] = at.people->*field;
}

}  // namespace

PeopleStats people_stats(const World& world) {
  PeopleStats stats;
  const std::vector<float> all =
      log_incomes(world, std::views::iota(std::size_t{0}, world.n_rts()));
  const std::size_t n = world.n_households();
  stats.income_p10 = stats.income_p50 = stats.income_p90 = none;
  if (n == 0) return stats;
  const sim::OrderStatistics sorted(all);
  const auto income = [&](double p) {
    return sim::portable::exp(static_cast<double>(sorted.at(place(p, n))));
  };
  stats.income_p10 = income(0.1);
  stats.income_p50 = income(0.5);
  stats.income_p90 = income(0.9);
  count_reach(world, all.data(), sorted.at(place(0.2, n)), stats);
  return stats;
}

void add_equity_indicators(Indicators& list) {
  list.push_back(yearly_by("people", "people_deprived", "percent", "Deprived households by group",
                           "households without safe water, sanitation, a fit house or enough "
                           "space / all of the group",
                           deprived_by_people));
  list.push_back(yearly_by("people", "people_money", "1e6 IDR", "Money per household by group",
                           "paid for packages in the year, shared equally in each RT / households "
                           "of the group",
                           money_by_people));
  list.push_back(yearly_by("deprivations", "households_by_deprivations", "1",
                           "Households by number of deprivations",
                           "of four: safe water, sanitation, a fit house, enough space",
                           by_deprivations));
  const auto add = [&](const char* name, const char* long_name, Measure measure) {
    list.push_back(yearly(name, "1e6 IDR/month", long_name,
                          "over households, as last looked at", measure));
  };
  add("income_p10", "Income, lowest tenth", of_people<&PeopleStats::income_p10>);
  add("income_p50", "Income, median", of_people<&PeopleStats::income_p50>);
  add("income_p90", "Income, highest tenth", of_people<&PeopleStats::income_p90>);
  list.push_back(yearly("unfit_houses_listed", "1", "Unfit houses on the official list",
                        "households on the list of unfit houses",
                        of_people<&PeopleStats::listed>));
}

}  // namespace musi::models
