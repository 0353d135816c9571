#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "models/indicators/catalogue.h"
#include "models/indicators/groups.h"
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

float log_income(const Households& h, std::size_t row) { return h.record[row].log_income(); }

/// The value that stands at share `p` of n if they were sorted.
std::size_t place(double p, std::size_t n) {
  return static_cast<std::size_t>(p * static_cast<double>(n - 1) + 0.5);
}

/// Deprivations of a household, of four.
constexpr std::size_t deprivations(std::uint32_t flags) {
  return ((flags & flag::lacks_water) != 0 ? 1u : 0u) + ((flags & sanitation) != 0 ? 1u : 0u) +
         ((flags & flag::lacks_house) != 0 ? 1u : 0u) + ((flags & flag::crowded) != 0 ? 1u : 0u);
}

/// Households of an RT, counted by kind without branches, since all of them are counted each year.
struct Kinds {
  /// By deprivations and, in three bits, deprived, not of the poorest fifth, of the land group.
  std::array<std::uint32_t, 5> by_deprivations{};
  std::array<std::uint32_t, 8> kind{};
  std::uint32_t listed = 0;

  /// Households of one side (0 or 1) of the bit of a kind; `deprived`: those only.
  double of(std::size_t bit, std::size_t side, bool deprived) const {
    std::uint32_t n = 0;
    for (std::size_t k = 0; k < kind.size(); ++k) {
      if (((k >> bit) & 1u) == side && (!deprived || (k & 1u) != 0)) n += kind[k];
    }
    return n;
  }
};

/// Deprivations by the six bits of flags from lacks_house to crowded.
constexpr int needs_shift = std::countr_zero(flag::lacks_house);
constexpr std::array<std::uint8_t, 64> needs_of_bits = [] {
  std::array<std::uint8_t, 64> needs{};
  for (std::uint32_t i = 0; i < 64; ++i) {
    needs[i] = static_cast<std::uint8_t>(deprivations(i << needs_shift));
  }
  return needs;
}();

Kinds kinds_of(const World& world, std::size_t rt, float poor) {
  const Households& h = world.households;
  Kinds kinds;
  const std::size_t first = world.rts.first_row[rt];
  for (std::size_t row = first; row < first + world.rts.n_rows[rt]; ++row) {
    const std::uint32_t f = h.flags[row];
    const std::uint32_t alive = (f & flag::alive) != 0 ? 1u : 0u;
    const std::size_t needs = needs_of_bits[(f >> needs_shift) & 63u];
    const std::size_t kind = (needs > 0 ? 1u : 0u) | (log_income(h, row) <= poor ? 0u : 2u) |
                             (group_of(f) == Group::river ? 0u : 4u);
    kinds.by_deprivations[needs] += alive;
    kinds.kind[kind] += alive;
    kinds.listed += (f & flag::listed) != 0 ? alive : 0u;
  }
  return kinds;
}

/// Money of an RT is shared equally by its households.
void count_reach(const World& world, float poor, PeopleStats& stats) {
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    const double paid = rt < world.notes.paid_in_rt.size() ? world.notes.paid_in_rt[rt] : 0.0;
    const std::uint32_t n = world.rts.n_households[rt];
    const double each = n > 0 ? paid / n : 0.0;
    const People side =
        world.sites.is_ulu[world.rts.site[rt]] != 0 ? People::ulu : People::ilir;
    const Kinds kinds = kinds_of(world, rt, poor);
    for (std::size_t needs = 0; needs < kinds.by_deprivations.size(); ++needs) {
      stats.by_deprivations[needs] += kinds.by_deprivations[needs];
    }
    stats.listed += kinds.listed;
    const auto add = [&](People people, double households, double deprived) {
      const std::size_t g = static_cast<std::size_t>(people);
      stats.households[g] += households;
      stats.deprived[g] += deprived;
      // One by one: a sum of equal parts is rounded at each.
      if (each > 0.0) {
        for (double i = 0.0; i < households; ++i) stats.money[g] += each;
      }
    };
    const auto both_sides = [&](std::size_t bit, People people, People other) {
      add(people, kinds.of(bit, 0, false), kinds.of(bit, 0, true));
      add(other, kinds.of(bit, 1, false), kinds.of(bit, 1, true));
    };
    both_sides(1, People::poorest_fifth, People::others);
    both_sides(2, People::river, People::land);
    add(side, kinds.of(2, 0, false) + kinds.of(2, 1, false),
        kinds.of(2, 0, true) + kinds.of(2, 1, true));
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
  const Households& h = world.households;
  std::vector<float> all;
  all.reserve(h.size_rows());
  for (std::size_t row = 0; row < h.size_rows(); ++row) {
    if ((h.flags[row] & flag::alive) != 0) all.push_back(log_income(h, row));
  }
  stats.income_p10 = stats.income_p50 = stats.income_p90 = none;
  if (all.empty()) return stats;
  const sim::OrderStatistics sorted(all);
  const auto income = [&](double p) {
    return sim::portable::exp(static_cast<double>(sorted.at(place(p, all.size()))));
  };
  stats.income_p10 = income(0.1);
  stats.income_p50 = income(0.5);
  stats.income_p90 = income(0.9);
  count_reach(world, sorted.at(place(0.2, all.size())), stats);
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
