#include <limits>
#include <string>
#include <vector>

#include "models/indicators/catalogue.h"
#include "models/indicators/groups.h"

/// What was planned, booked, built and waited for; who paid when. From the notes of the year.
namespace musi::models {

std::string_view word(Stage stage) {
  switch (stage) {
    case Stage::listed: return "listed";
    case Stage::waiting_guideline: return "waiting_guideline";
    case Stage::verification: return "verification";
    case Stage::procurement: return "procurement";
    case Stage::works: return "works";
    case Stage::complete: return "complete";
    case Stage::booked: return "booked";
    case Stage::carried: return "carried";
    case Stage::returned: return "returned";
    case Stage::cancelled: break;
  }
  return "cancelled";
}

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// Amount of a year; none in years without books. [IDR million]
double million_in(const std::vector<Rupiah>& by_year, std::size_t year) {
  return year < by_year.size() ? 1e-6 * static_cast<double>(by_year[year]) : 0.0;
}

/// Sum of a count over all sites and what lies outside them.
template <class Number>
double sum_of(const World& world, Number Tally::* field) {
  double sum = 0.0;
  for (const Tally& t : world.notes.sites) sum += static_cast<double>(t.*field);
  return sum;
}

template <std::size_t kind>
void units(const Observation& at, std::span<double> out) {
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = at.world.notes.units[kind][i];
}

template <std::vector<Rupiah> ProgrammeState::* column>
void by_programme(const Observation& at, std::span<double> out) {
  const auto& programmes = at.world.money.programmes;
  for (std::size_t p = 0; p < out.size() && p < programmes.size(); ++p) {
    out[p] = 1e-3 * million_in(programmes[p].*column, at.year_index);
  }
}

/// Mean months of the year in a stage per package that was in the pipeline.
void months_waited(const Observation& at, std::span<double> out) {
  Tally all;
  for (const Tally& t : at.world.notes.sites) all.add(t);
  double n = 0.0;
  for (const Package& p : at.world.money.packages) n += p.note.is_known ? 1.0 : 0.0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double months = all.months_waited[static_cast<std::size_t>(waiting_stages[i])];
    out[i] = n > 0.0 ? months / n : none;
  }
}

template <std::size_t last_month>
void share_paid(const Observation& at, std::span<double> out) {
  double paid = 0.0, released = 0.0;
  for (std::size_t m = 0; m < last_month; ++m) paid += at.world.notes.paid_by_month[m];
  for (const SourceState& s : at.world.money.sources) {
    released += million_in(s.voted, at.year_index) + million_in(s.carried_in, at.year_index);
  }
  out[0] = released > 0.0 ? 100.0 * paid / released : none;
}

template <Item first, Item second>
void metres_per_hectare(const Observation& at, std::span<double> out) {
  const auto& given = at.world.notes.units[2];
  const double metres =
      given[static_cast<std::size_t>(first)] + given[static_cast<std::size_t>(second)];
  const double cleared = at.world.state.counts.cleared_ha;
  out[0] = cleared > 0.0 ? metres / cleared : none;
}

template <std::uint32_t Tally::* field>
void packages(const Observation& at, std::span<double> out) {
  out[0] = sum_of(at.world, field);
}

void add_money(Indicators& list) {
  const auto add = [&](const char* name, const char* long_name, const char* definition,
                       Measure measure) {
    list.push_back(only_mean(
        yearly_by("programme", name, "1e9 IDR", long_name, definition, measure)));
  };
  add("programme_planned", "Money planned by programme", "plan of the year, prices of 2019",
      by_programme<&ProgrammeState::planned>);
  add("programme_voted", "Money voted by programme", "budget of the year, prices of 2019",
      by_programme<&ProgrammeState::voted>);
  add("programme_paid", "Money paid by programme", "paid for works and services in the year",
      by_programme<&ProgrammeState::paid>);
  const auto share = [&](const char* name, const char* long_name, Measure measure) {
    list.push_back(
        yearly(name, "percent", long_name, "money paid since January / released", measure));
  };
  share("paid_by_june", "Paid by the end of June", share_paid<6>);
  share("paid_by_september", "Paid by the end of September", share_paid<9>);
  share("paid_by_december", "Paid by the end of the year", share_paid<12>);
  list.push_back(yearly("wasted", "1e9 IDR", "Money without effect",
                        "paid for units that met no deficit",
                        [](const Observation& at, std::span<double> out) {
                          out[0] = 1e-3 * million_in(at.world.money.wasted, at.year_index);
                        }));
}

void add_units(Indicators& list) {
  const auto add = [&](const char* name, const char* long_name, const char* definition,
                       Measure measure) {
    list.push_back(only_mean(yearly_by("item", name, "1", long_name, definition, measure)));
  };
  add("units_planned", "Units planned", "in packages booked in the year; see item_unit", units<0>);
  add("units_booked", "Units booked", "as the ledger has them; see item_unit", units<1>);
  add("units_delivered", "Units delivered", "that stand at completion; see item_unit", units<2>);
  list.push_back(yearly("road_metres_per_ha", "m/ha", "Roads per hectare cleared",
                        "metres surfaced or built / area that left the slum class",
                        metres_per_hectare<Item::road_surface, Item::road_new>));
  list.push_back(yearly("drain_metres_per_ha", "m/ha", "Drains per hectare cleared",
                        "metres built or repaired / area that left the slum class",
                        metres_per_hectare<Item::drain_new, Item::drain_rehab>));
}

void add_pipeline(Indicators& list) {
  list.push_back(yearly_by("stage", "months_waited", "months", "Months waited by stage",
                           "mean months of the year per package in the pipeline",
                           months_waited));
  const auto add = [&](const char* name, const char* long_name, Measure measure) {
    list.push_back(yearly(name, "1", long_name, "packages, in the year", measure));
  };
  add("packages_announced", "Packages announced", packages<&Tally::announced>);
  add("packages_started", "Packages started", packages<&Tally::started>);
  add("packages_booked", "Packages booked", packages<&Tally::n_booked>);
  add("packages_ended", "Packages ended, booked or not", packages<&Tally::ended>);
  add("packages_reworked", "Packages reworked", packages<&Tally::reworked>);
  list.push_back(yearly("officer_load", "1", "Load of officers",
                        "work of the year's packages / what the officers can start",
                        [](const Observation& at, std::span<double> out) {
                          out[0] = at.world.notes.load;
                        }));
  list.push_back(yearly("facilitator_months", "months", "Facilitator-months",
                        "in sites with packages under way, at most full support",
                        [](const Observation& at, std::span<double> out) {
                          out[0] = sum_of(at.world, &Tally::facilitators);
                        }));
  list.push_back(yearly("neighbourhoods_never_served", "1", "Neighbourhoods never served",
                        "RTs to which no programme has brought anything so far",
                        [](const Observation& at, std::span<double> out) {
                          double n = 0.0;
                          for (const std::uint8_t served : at.world.rts.ever_served) {
                            n += served == 0 ? 1.0 : 0.0;
                          }
                          out[0] = n;
                        }));
}

}  // namespace

void add_delivery_indicators(Indicators& list) {
  add_money(list);
  add_units(list);
  add_pipeline(list);
}

}  // namespace musi::models
