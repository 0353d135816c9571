#include <algorithm>

#include "models/indicators/catalogue.h"

/// Households, engagement, site institutions, counts of events.
namespace musi::models {
namespace {

double percent(double part, double whole_number) {
  return whole_number > 0.0 ? 100.0 * part / whole_number : 0.0;
}

double sum_of(const std::vector<std::uint32_t>& counts) {
  std::int64_t sum = 0;
  for (const std::uint32_t n : counts) sum += n;
  return static_cast<double>(sum);
}

double engaged_percent(const World& world, Group group) {
  const std::size_t g = static_cast<std::size_t>(group);
  return percent(sum_of(world.rts.n_engaged[g]), sum_of(world.rts.n_group[g]));
}

double mean_percent(const std::vector<float>& column) {
  double sum = 0.0;
  for (const float x : column) sum += static_cast<double>(x);
  return percent(sum, static_cast<double>(column.size()));
}

void add_engagement(Indicators& list) {
  list.push_back(yearly("engaged", "percent", "Households that take part",
                        "engaged households / households in December",
                        [](const Observation& at, std::span<double> out) {
                          const auto& n = at.world.rts.n_engaged;
                          out[0] = percent(sum_of(n[0]) + sum_of(n[1]),
                                           sum_of(at.world.rts.n_households));
                        }));
  list.push_back(yearly("engaged_river", "percent", "River households that take part",
                        "engaged / all households of the river community",
                        [](const Observation& at, std::span<double> out) {
                          out[0] = engaged_percent(at.world, Group::river);
                        }));
  list.push_back(yearly("engaged_land", "percent", "Land households that take part",
                        "engaged / all households of the land community",
                        [](const Observation& at, std::span<double> out) {
                          out[0] = engaged_percent(at.world, Group::land);
                        }));
  list.push_back(yearly("board_strength", "percent", "Strength of community boards",
                        "mean over sites of the strength of the board (LKM)",
                        [](const Observation& at, std::span<double> out) {
                          out[0] = mean_percent(at.world.sites.board);
                        }));
  list.push_back(yearly("disappointment", "percent", "Disappointment",
                        "mean over sites of the effect of promises not kept",
                        [](const Observation& at, std::span<double> out) {
                          out[0] = mean_percent(at.world.sites.disappointment);
                        }));
}

template <std::int64_t YearCounts::* count>
void count_of_year(const Observation& at, std::span<double> out) {
  out[0] = static_cast<double>(at.world.state.counts.*count);
}

void add_counts(Indicators& list) {
  const auto add = [&](const char* name, const char* long_name, const char* definition,
                       Measure measure) {
    list.push_back(yearly(name, "1", long_name, definition, measure));
  };
  add("self_investments", "Improvements by households", "self-paid improvements in the year",
      count_of_year<&YearCounts::self_investments>);
  add("relocated", "Households relocated",
      "households that moved out of the slum neighbourhoods by a programme in the year",
      count_of_year<&YearCounts::relocated>);
  add("relocated_returned", "Relocated households back in a slum",
      "relocated households that moved into a slum neighbourhood again in the year",
      count_of_year<&YearCounts::returned>);
  add("relocation_exits", "Households that left a new place",
      "relocated households that left the new place in the year, back to a slum or elsewhere",
      count_of_year<&YearCounts::left_relocation>);
  add("homes_opened", "Low-income houses and flats opened", "homes offered in the year",
      count_of_year<&YearCounts::homes_opened>);
  list.push_back(yearly("relocated_now", "1", "Households in new places",
                        "relocated households that still live there in December",
                        [](const Observation& at, std::span<double> out) {
                          out[0] = static_cast<double>(at.world.relocation.living.size());
                        }));
  list.push_back(yearly("land_bought", "m2", "Land bought for low-income housing",
                        "since the start of the run",
                        [](const Observation& at, std::span<double> out) {
                          double sum = 0.0;
                          for (const double m2 : at.world.relocation.land_bought) sum += m2;
                          out[0] = sum;
                        }));
  add("new_units", "New informal units", "dwellings added in the year",
      count_of_year<&YearCounts::new_units>);
  add("new_neighbourhoods", "New neighbourhoods", "RTs that appeared in the year",
      count_of_year<&YearCounts::new_rts>);
  add("displaced", "Households displaced", "renters who left because rents rose, in the year",
      count_of_year<&YearCounts::displaced>);
  add("house_failures", "Houses that became unfit", "by age, in the year",
      count_of_year<&YearCounts::house_failures>);
  add("water_failures", "Water connections that failed", "by age, in the year",
      count_of_year<&YearCounts::water_failures>);
  add("sanitation_failures", "Toilets and tanks that failed", "by age, in the year",
      count_of_year<&YearCounts::sanitation_failures>);
  add("houses_repaired", "Houses repaired by programmes", "in the year",
      count_of_year<&YearCounts::houses_repaired>);
  add("legalised", "Neighbourhoods whose land was cleared", "in the year",
      count_of_year<&YearCounts::legalised>);
  add("floods", "Floods", "RTs flooded, each time, in the year",
      count_of_year<&YearCounts::floods>);
  add("fires", "Fires", "wooden houses that caught fire in the year",
      count_of_year<&YearCounts::fires>);
  add("houses_lost", "Houses lost in fires", "in the year",
      count_of_year<&YearCounts::houses_lost>);
}

/// Livelihood groups, courses, loans, wages, claims after disasters.
void add_support(Indicators& list) {
  const auto add = [&](const char* name, const char* unit, const char* long_name,
                       const char* definition, Measure measure) {
    list.push_back(yearly(name, unit, long_name, definition, measure));
  };
  add("livelihood_groups", "1", "Livelihood groups at work",
      "groups that have their capital and have not given up in December",
      [](const Observation& at, std::span<double> out) {
        const auto& groups = at.world.support.groups;
        out[0] = static_cast<double>(
            std::count_if(groups.begin(), groups.end(),
                          [](const LivelihoodGroup& g) { return g.funded != never; }));
      });
  add("livelihood_members", "1", "New members of livelihood groups",
      "households that got starting capital in the year",
      count_of_year<&YearCounts::group_members>);
  add("livelihood_groups_ended", "1", "Livelihood groups that gave up", "in the year",
      count_of_year<&YearCounts::groups_ended>);
  add("trained", "1", "Households trained", "courses begun in the year",
      count_of_year<&YearCounts::trained>);
  add("loans", "1", "Loans", "granted by banks and revolving funds in the year",
      count_of_year<&YearCounts::loans>);
  add("loan_defaults", "1", "Loans that defaulted", "in the year",
      count_of_year<&YearCounts::loan_defaults>);
  add("houses_rehabilitated", "1", "Houses rebuilt after fire and flood",
      "by programmes, within 24 months of the loss, in the year",
      count_of_year<&YearCounts::rehabilitated>);
  add("wages_paid", "1e9 IDR", "Wages of cash for work",
      "part of the money paid that went to households, in the year, prices of 2019",
      [](const Observation& at, std::span<double> out) {
        out[0] = 1e-9 * static_cast<double>(at.world.state.counts.wages);
      });
}

}  // namespace

void add_people_indicators(Indicators& list) {
  list.push_back(yearly("households", "1", "Households in slum sites",
                        "living households in December",
                        [](const Observation& at, std::span<double> out) {
                          out[0] = static_cast<double>(at.census.households);
                        }));
  list.push_back(yearly("unfit_houses", "1", "Unfit houses",
                        "households whose house is below technical requirements (1c)",
                        [](const Observation& at, std::span<double> out) {
                          out[0] = static_cast<double>(at.census.unfit);
                        }));
  list.push_back(yearly("deprived_households", "1", "Deprived households",
                        "households without safe water, sanitation, a fit house or enough space",
                        [](const Observation& at, std::span<double> out) {
                          out[0] = static_cast<double>(at.census.deprived);
                        }));
  add_engagement(list);
  add_counts(list);
  add_support(list);
  list.push_back(whole(once("households_displaced", "1", "Households displaced over the run",
                            "renters who left because rents rose",
                            [](const Observation& at, std::span<double> out) {
                              out[0] = static_cast<double>(at.history.displaced);
                            })));
  list.push_back(whole(once("households_relocated", "1", "Households relocated over the run",
                            "households that moved out of the slum neighbourhoods by a programme",
                            [](const Observation& at, std::span<double> out) {
                              out[0] = static_cast<double>(at.world.relocation.relocated);
                            })));
  list.push_back(whole(once("bound_crossings", "1", "Crossed bounds of rare events",
                            "hazards above the bound they are thinned with; must be 0",
                            [](const Observation& at, std::span<double> out) {
                              out[0] = static_cast<double>(at.history.bound_crossings);
                            })));
}

}  // namespace musi::models
