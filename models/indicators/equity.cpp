#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "models/indicators/catalogue.h"
#include "models/indicators/groups.h"
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

float log_income(const Households& h, std::size_t row) { return h.mu[row] + h.dy[row]; }

/// The element that stands at share `p` of the range if it were sorted; elements before it are
/// not greater, those behind not smaller.
std::vector<float>::iterator place(std::vector<float>::iterator first,
                                   std::vector<float>::iterator last,
                                   std::vector<float>& all, double p) {
  const auto at = all.begin() +
                  static_cast<std::ptrdiff_t>(p * static_cast<double>(all.size() - 1) + 0.5);
  std::nth_element(first, at, last);
  return at;
}

/// Deprivations of a household, of four.
std::size_t deprivations(std::uint32_t flags) {
  return ((flags & flag::lacks_water) != 0 ? 1u : 0u) + ((flags & sanitation) != 0 ? 1u : 0u) +
         ((flags & flag::lacks_house) != 0 ? 1u : 0u) + ((flags & flag::crowded) != 0 ? 1u : 0u);
}

/// Money of an RT is shared equally by its households.
void count_reach(const World& world, float poor, PeopleStats& stats) {
  const Households& h = world.households;
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    const double paid = rt < world.notes.paid_in_rt.size() ? world.notes.paid_in_rt[rt] : 0.0;
    const std::uint32_t n = world.rts.n_households[rt];
    const double each = n > 0 ? paid / n : 0.0;
    const bool is_ulu = world.sites.is_ulu[world.rts.site[rt]] != 0;
    const std::size_t first = world.rts.first_row[rt];
    for (std::size_t row = first; row < first + world.rts.n_rows[rt]; ++row) {
      const std::uint32_t f = h.flags[row];
      if ((f & flag::alive) == 0) continue;
      const std::size_t needs = deprivations(f);
      stats.by_deprivations[needs] += 1.0;
      stats.listed += (f & flag::listed) != 0 ? 1.0 : 0.0;
      const std::array<People, 3> groups{
          log_income(h, row) <= poor ? People::poorest_fifth : People::others,
          group_of(f) == Group::river ? People::river : People::land,
          is_ulu ? People::ulu : People::ilir};
      for (const People people : groups) {
        const std::size_t g = static_cast<std::size_t>(people);
        stats.households[g] += 1.0;
        stats.deprived[g] += needs > 0 ? 1.0 : 0.0;
        stats.money[g] += each;
      }
    }
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
  const auto middle = place(all.begin(), all.end(), all, 0.5);
  const auto fifth = place(all.begin(), middle, all, 0.2);
  const auto tenth = place(all.begin(), fifth, all, 0.1);
  const auto top = place(middle, all.end(), all, 0.9);
  const auto income = [](std::vector<float>::iterator at) {
    return sim::portable::exp(static_cast<double>(*at));
  };
  stats.income_p10 = income(tenth);
  stats.income_p50 = income(middle);
  stats.income_p90 = income(top);
  count_reach(world, *fifth, stats);
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
