#include <algorithm>
#include <limits>

#include "models/indicators/catalogue.h"
#include "models/participation/complaints.h"

/// Money by source and year, in constant rupiah of 2019.
namespace musi::models {
namespace {

constexpr double to_billion = 1e-9;

Rupiah in_year(const std::vector<Rupiah>& by_year, std::size_t year) {
  return year < by_year.size() ? by_year[year] : 0;
}

Rupiah released(const SourceState& source, std::size_t year) {
  return in_year(source.voted, year) + in_year(source.carried_in, year);
}

template <std::vector<Rupiah> SourceState::* column>
void by_source(const Observation& at, std::span<double> out) {
  const auto& sources = at.world.money.sources;
  for (std::size_t s = 0; s < out.size() && s < sources.size(); ++s) {
    out[s] = to_billion * static_cast<double>(in_year(sources[s].*column, at.year_index));
  }
}

void released_by_source(const Observation& at, std::span<double> out) {
  const auto& sources = at.world.money.sources;
  for (std::size_t s = 0; s < out.size() && s < sources.size(); ++s) {
    out[s] = to_billion * static_cast<double>(released(sources[s], at.year_index));
  }
}

void gap_by_source(const Observation& at, std::span<double> out) {
  const auto& sources = at.world.money.sources;
  for (std::size_t s = 0; s < out.size() && s < sources.size(); ++s) {
    out[s] = to_billion * static_cast<double>(in_year(sources[s].planned, at.year_index) -
                                              in_year(sources[s].paid, at.year_index));
  }
}

/// Money paid by all sources up to and including a year. Rupiah are whole: any order.
Rupiah paid_until(const World& world, std::size_t last_year) {
  Rupiah sum = 0;
  for (const SourceState& source : world.money.sources) {
    for (std::size_t y = 0; y <= last_year; ++y) sum += in_year(source.paid, y);
  }
  return sum;
}

void cost_per_hectare(const Observation& at, std::span<double> out) {
  Rupiah paid = 0;
  for (const SourceState& source : at.world.money.sources) {
    paid += in_year(source.paid, at.year_index);
  }
  const double cleared = at.world.state.counts.cleared_ha;
  out[0] = cleared > 0.0 ? static_cast<double>(paid) / static_cast<double>(million) / cleared
                         : std::numeric_limits<double>::quiet_NaN();
}

double billion_of(const std::vector<Rupiah>& by_year, std::size_t year) {
  return to_billion * static_cast<double>(in_year(by_year, year));
}

void crowding_index(const Observation& at, std::span<double> out) {
  const Money& money = at.world.money;
  const double total = billion_of(money.department, at.year_index);
  out[0] = total > 0.0 ? 1.0 - billion_of(money.effective, at.year_index) / total
                       : std::numeric_limits<double>::quiet_NaN();
}

void target_gap(const Observation& at, std::span<double> out) {
  Rupiah given = 0;
  for (const SourceState& source : at.world.money.sources) given += released(source, at.year_index);
  const auto& need = at.world.money.target_need;
  const double wanted = at.year_index < need.size() ? need[at.year_index] * 1e-3 : 0.0;
  out[0] = std::max(0.0, wanted - to_billion * static_cast<double>(given));
}

void add_lines(Indicators& list) {
  list.push_back(yearly("department_budget", "1e9 IDR", "The office's own money",
                        "city money for slums + lines without slum effect, prices of 2019",
                        [](const Observation& at, std::span<double> out) {
                          out[0] = billion_of(at.world.money.department, at.year_index);
                        }));
  list.push_back(yearly("crowding_index", "1", "Crowding index",
                        "1 - city money for slums / the office's own money", crowding_index));
  list.push_back(yearly_by("line", "line_money", "1e9 IDR", "Money of lines without slum effect",
                           "budget of the line in the year, works inside sites included",
                           [](const Observation& at, std::span<double> out) {
                             for (std::size_t l = 0; l < out.size(); ++l) {
                               out[l] = billion_of(at.world.money.lines[l], at.year_index);
                             }
                           }));
}

void provisional_ceiling(const Observation& at, std::span<double> out) {
  const auto& ceiling = at.world.money.ceiling;
  out[0] = at.year_index < ceiling.size() ? ceiling[at.year_index] * 1e-3
                                          : std::numeric_limits<double>::quiet_NaN();
}

void add_gaps(Indicators& list) {
  list.push_back(yearly("provisional_ceiling", "1e9 IDR", "Provisional ceiling",
                        "money for slums expected for the year in July of the year before; missing "
                        "in the first year and where money is scripted or never binds",
                        provisional_ceiling));
  list.push_back(yearly("target_ha", "ha", "Cut that the official path asks",
                        "published area of last year less what the path allows this year",
                        [](const Observation& at, std::span<double> out) {
                          const auto& ha = at.world.money.target_ha;
                          out[0] = at.year_index < ha.size() ? ha[at.year_index] : 0.0;
                        }));
  list.push_back(yearly("target_gap", "1e9 IDR", "Money missing for the official path",
                        "hectares that the path asks * running cost per hectare cleared - money "
                        "released, not below 0",
                        target_gap));
  list.push_back(yearly("self_help", "1e9 IDR", "Self-help",
                        "value that residents added to works and houses, prices of 2019",
                        [](const Observation& at, std::span<double> out) {
                          out[0] = billion_of(at.world.money.self_help, at.year_index);
                        }));
  list.push_back(yearly("complaint_months", "month", "Handling time of a complaint",
                        "from a complaint to the list; missing while no desk runs",
                        [](const Observation& at, std::span<double> out) {
                          const auto& clock = at.world.scenario->clock;
                          out[0] = handling_months(
                              at.world, clock.start_year + static_cast<int>(at.year_index));
                        }));
}

}  // namespace

void add_money_indicators(Indicators& list) {
  const auto add = [&](const char* name, const char* long_name, const char* definition,
                       Measure measure) {
    list.push_back(yearly_by("funds", name, "1e9 IDR", long_name, definition, measure));
  };
  add("planned", "Money planned", "plan of the year, prices of 2019",
      by_source<&SourceState::planned>);
  add("voted", "Money voted", "budget of the year, prices of 2019",
      by_source<&SourceState::voted>);
  add("released", "Money released", "voted + carried from the year before", released_by_source);
  add("paid", "Money paid", "paid for works and services in the year",
      by_source<&SourceState::paid>);
  add("returned", "Money returned", "released, not used and lost",
      by_source<&SourceState::returned>);
  add("carried", "Money carried", "released and carried into the next year",
      by_source<&SourceState::carried>);
  add("committed", "Money committed", "contracted and not yet paid at the end of the year",
      by_source<&SourceState::committed>);
  add("gap", "Money missing", "planned - paid", gap_by_source);
  add_lines(list);
  add_gaps(list);
  list.push_back(yearly("cost_per_ha_cleared", "1e6 IDR/ha", "Cost per hectare cleared",
                        "money paid in the year / area that left the slum class; missing if none",
                        cost_per_hectare));
  list.push_back(once("paid_total", "1e9 IDR", "Money paid over the run",
                      "all sources and years, prices of 2019",
                      [](const Observation& at, std::span<double> out) {
                        out[0] = to_billion *
                                 static_cast<double>(paid_until(at.world, at.year_index));
                      }));
  list.push_back(once("need_left", "1e9 IDR", "Need left without money",
                      "known need that the last year's money did not cover, prices of 2019",
                      [](const Observation& at, std::span<double> out) {
                        out[0] = to_billion * static_cast<double>(in_year(
                                                  at.world.money.unmet, at.year_index));
                      }));
}

}  // namespace musi::models
