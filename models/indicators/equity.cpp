#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <ranges>
#include <vector>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "models/indicators/catalogue.h"
#include "models/indicators/groups.h"
#include "models/livelihoods/incomes.h"
#include "sim/core/best_level.h"
#include "sim/core/equal_bits.h"
#include "sim/core/order_statistics.h"
#include "sim/core/portable_math.h"
#include "sim/core/repeated_sum.h"

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

/// The value that stands at share `p` of n if they were sorted.
std::size_t place(double p, std::size_t n) {
  return static_cast<std::size_t>(p * static_cast<double>(n - 1) + 0.5);
}

/// Households by number of deprivations.
using ByNeeds = std::array<std::uint32_t, n_deprivations + 1>;

/// Households of an RT.
struct Kinds {
  ByNeeds all{}, poor{}, land{};  ///< poor: of the poorest fifth
  std::uint32_t listed = 0, unfit = 0, with_sanitation = 0;
};

/// Flags of 64 rows: bit i of each number belongs to row i.
struct FlagBits {
  std::uint64_t alive = 0, land = 0, listed = 0;
  std::uint64_t house = 0, water = 0, toilet = 0, tank = 0, space = 0;  ///< what they lack
};

/// Of n rows, at most 64; bits of rows beyond are 0. Sixteen rows side by side: eight of their
/// flags are a byte of a register, and its bits are taken out one by one.
MUSI_BODY FlagBits flag_bits(const std::uint32_t* flags, std::size_t n) {
  constexpr int needs_shift = std::countr_zero(flag::lacks_house);
  FlagBits bits;
  for (std::size_t first = 0; first < n; first += 16) {
    const std::uint32_t* f = flags + first;
    std::array<std::uint32_t, 16> last{};
    if (n - first < last.size()) {
      std::copy_n(f, n - first, last.begin());
      f = last.data();
    }
#if defined(__SSE2__)
    const auto bytes = [&](int shift) {  // bits shift to shift + 7 of the flags
      const auto four = [&](std::size_t i) {
        const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(f + i));
        return _mm_and_si128(_mm_srli_epi32(x, shift), _mm_set1_epi32(0xFF));
      };
      return _mm_packus_epi16(_mm_packs_epi32(four(0), four(4)),
                              _mm_packs_epi32(four(8), four(12)));
    };
    const __m128i kind = bytes(0), needs = bytes(needs_shift), list = bytes(needs_shift + 8);
    const auto add = [&](std::uint64_t& to, __m128i of_bytes, std::uint32_t flag, int shift) {
      const int left = 7 - (std::countr_zero(flag) - shift);
      const int found = _mm_movemask_epi8(_mm_slli_epi16(of_bytes, left));
      to |= static_cast<std::uint64_t>(static_cast<std::uint32_t>(found)) << first;
    };
#else
    const int kind = 0, needs = 0, list = 0;
    const auto add = [&](std::uint64_t& to, int, std::uint32_t flag, int) {
      for (std::size_t i = 0; i < 16; ++i) to |= std::uint64_t{(f[i] & flag) != 0} << (first + i);
    };
#endif
    add(bits.alive, kind, flag::alive, 0);
    add(bits.land, kind, flag::land_group, 0);
    add(bits.house, needs, flag::lacks_house, needs_shift);
    add(bits.water, needs, flag::lacks_water, needs_shift);
    add(bits.toilet, needs, flag::lacks_toilet, needs_shift);
    add(bits.tank, needs, flag::lacks_tank, needs_shift);
    add(bits.space, needs, flag::crowded, needs_shift);
    add(bits.listed, list, flag::listed, needs_shift + 8);
  }
  return bits;
}

MUSI_BODY std::uint32_t number(std::uint64_t bits) {
  return static_cast<std::uint32_t>(std::popcount(bits));
}

/// `incomes` of its n rows; `poor`: the highest of the poorest fifth. Needs are added up by bits:
/// one and two of a household are the digits of how many it has.
MUSI_BODY Kinds count_kinds(const std::uint32_t* flags, const float* incomes, std::size_t n,
                            float poor) {
  Kinds kinds;
  for (std::size_t first = 0; first < n; first += 64) {
    const std::size_t now = std::min<std::size_t>(64, n - first);
    const FlagBits f = flag_bits(flags + first, now);
    const std::uint64_t sanitation = f.toilet | f.tank;
    const std::uint64_t one_of_first = f.water ^ sanitation, both_first = f.water & sanitation;
    const std::uint64_t one_of_last = f.house ^ f.space, both_last = f.house & f.space;
    const std::uint64_t one = one_of_first ^ one_of_last;
    const std::uint64_t two = both_first ^ both_last ^ (one_of_first & one_of_last);
    const std::uint64_t four = both_first & both_last;
    const std::array by_needs{f.alive & ~(one | two | four), f.alive & one & ~two,
                              f.alive & two & ~one, f.alive & one & two, f.alive & four};
    const std::uint64_t is_poor = sim::at_most_bits(incomes + first, now, poor);
    for (std::size_t needs = 0; needs < by_needs.size(); ++needs) {
      kinds.all[needs] += number(by_needs[needs]);
      kinds.poor[needs] += number(by_needs[needs] & is_poor);
      kinds.land[needs] += number(by_needs[needs] & f.land);
    }
    kinds.listed += number(f.alive & f.listed);
    kinds.unfit += number(f.alive & f.house);
    kinds.with_sanitation += number(f.alive & ~sanitation);
  }
  return kinds;
}

Kinds kinds_of(const std::uint32_t* flags, const float* incomes, std::size_t n, float poor) {
  Kinds kinds;
  sim::at_best_level([&]() MUSI_LOOP { kinds = count_kinds(flags, incomes, n, poor); });
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
    stats.unfit += kinds.unfit;
    stats.with_sanitation[rt] = kinds.with_sanitation;
    const auto add = [&](People people, const ByNeeds& counts) {
      const std::size_t g = static_cast<std::size_t>(people);
      const std::uint32_t households = std::accumulate(counts.begin(), counts.end(), 0u);
      stats.households[g] += households;
      stats.deprived[g] += households - counts[0];
      // As if one by one: a sum of equal parts is rounded at each.
      if (each > 0.0) stats.money[g] = sim::add_repeatedly(stats.money[g], each, households);
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
  stats.with_sanitation.resize(world.n_rts());
  const auto all = log_incomes(world, std::views::iota(std::size_t{0}, world.n_rts()));
  const std::size_t n = world.n_households();
  stats.income_p10 = stats.income_p50 = stats.income_p90 = none;
  if (n == 0) return stats;
  const sim::OrderStatistics sorted = in_order(all);
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
