#include "models/indicators/recorder.h"

#include <limits>
#include <map>
#include <span>
#include <string>
#include <utility>

#include "models/indicators/catalogue.h"
#include "models/indicators/groups.h"
#include "models/indicators/implementation/evaluate.h"
#include "models/indicators/works_rows.h"
#include "models/observation/areas.h"
#include "models/observation/barriers.h"
#include "sim/core/check.h"

namespace musi::models {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

std::size_t length_of(const World& world, const std::string& dim) {
  const std::map<std::string, std::size_t> lengths = fixed_dimensions();
  if (const auto found = lengths.find(dim); found != lengths.end()) return found->second;
  const auto n_years = static_cast<std::size_t>(world.scenario->clock.n_years());
  if (dim == "year") return n_years;
  if (dim == "quarter") return 4 * n_years;
  if (dim == "site") return world.city->sites.size();
  if (dim == "funds") return world.scenario->funding.sources.size();
  if (dim == "programme") return world.scenario->programmes.size();
  if (dim == "kecamatan") return implementation::places(*world.city).size();
  MUSI_EXPECT(dim == "rt");
  return world.city->surveyed.size();
}

bool site_is_clear(const World& world, std::size_t site) {
  for (const std::uint32_t rt : world.sites.rts[site]) {
    if (world.rts.physical_class[rt] != Slum::not_slum) return false;
  }
  return true;
}

AreaSums area_sums(const World& world) {
  AreaSums area{.by_class = physical_area_by_class(world),
                .by_barrier = area_by_barrier(world),
                .by_site_barrier = {}};
  area.by_site_barrier.resize(world.n_sites());
  for (std::size_t site = 0; site < world.n_sites(); ++site) {
    for (const std::uint32_t rt : world.sites.rts[site]) {
      area.by_site_barrier[site][static_cast<std::size_t>(world.rts.first_barrier[rt])] +=
          static_cast<double>(world.rts.area[rt]);
    }
  }
  return area;
}

/// What people were counted for already.
Census census_of(const PeopleStats& people) {
  double households = 0.0;
  for (const double n : people.by_deprivations) households += n;
  return {.households = static_cast<std::int64_t>(households),
          .unfit = static_cast<std::int64_t>(people.unfit),
          .deprived = static_cast<std::int64_t>(households - people.by_deprivations[0])};
}

}  // namespace

Census take_census(const World& world) {
  constexpr std::uint32_t deprivations = flag::lacks_house | flag::lacks_water |
                                         flag::lacks_toilet | flag::lacks_tank | flag::crowded;
  Census census;
  for (const std::uint32_t flags : world.households.flags) {
    const std::uint32_t alive = (flags & flag::alive) != 0 ? 1u : 0u;
    census.households += alive;
    census.unfit += alive & ((flags & flag::lacks_house) != 0 ? 1u : 0u);
    census.deprived += alive & ((flags & deprivations) != 0 ? 1u : 0u);
  }
  return census;
}

std::map<std::string, std::size_t> fixed_dimensions() {
  return {{"criterion", n_criteria},
          {"definition", n_zero_definitions},
          {"item", n_items},
          {"line", n_budget_lines},
          {"stage", n_waiting_stages},
          {"people", n_people},
          {"deprivations", n_deprivations + 1},
          {"measure", implementation::n_measures}};
}

RunRecorder::RunRecorder(const World& world, bool headline_alone)
    : headline_alone_(headline_alone),
      indicators_(indicators_of(*world.scenario, *world.city, headline_alone)) {
  for (const Indicator* indicator : indicators_) {
    std::size_t width = 1;
    std::size_t length = 1;
    for (const std::string& dim : indicator->info.dims) {
      const std::size_t n = length_of(world, dim);
      length *= n;
      if (dim != "year" && dim != "quarter") width *= n;
    }
    widths_.push_back(width);
    record_.series.emplace_back(length, missing);
  }
  history_.site_zero_year.assign(world.n_sites(), 0);
  history_.rt_zero_year.assign(world.city->surveyed.size(), 0);
  history_.rt_start_points.assign(world.city->surveyed.size(), missing);
  for_each_surveyed_rt(world, [&](std::size_t row, std::size_t rt) {
    history_.rt_start_points[row] = world.rts.physical_score[rt];
  });
  history_.target_area = world.state.baseline_area;
}

void RunRecorder::remember(const World& world, std::size_t year_index) {
  history_.displaced += world.state.counts.displaced;
  history_.bound_crossings += world.state.counts.bound_crossings;
  for (std::size_t site = 0; site < world.n_sites(); ++site) {
    if (history_.site_zero_year[site] == 0 && site_is_clear(world, site)) {
      history_.site_zero_year[site] =
          world.scenario->clock.start_year + static_cast<int>(year_index);
    }
  }
  const int year = world.scenario->clock.start_year + static_cast<int>(year_index);
  for_each_surveyed_rt(world, [&](std::size_t row, std::size_t rt) {
    if (history_.rt_zero_year[row] == 0 && world.rts.physical_class[rt] == Slum::not_slum) {
      history_.rt_zero_year[row] = year;
    }
  });
  history_.target_area = next_target_area(world, history_.target_area, year);
}

void RunRecorder::measure(const World& world, Reading reading, std::size_t row) {
  const AreaSums area = area_sums(world);
  const auto year_index = static_cast<std::size_t>(sim::Clock::year_index(world.month));
  if (headline_alone_) {
    read({world, {}, area, history_, year_index}, reading, row);
    return;
  }
  const bool is_december = reading == Reading::december;
  const PeopleStats people = is_december ? people_stats(world) : PeopleStats{};
  const Census census = is_december ? census_of(people) : take_census(world);
  const auto past = is_december ? implementation::look_back(world) : implementation::LookBack{};
  read({world, census, area, history_, year_index, is_december ? &people : nullptr,
        is_december ? &past : nullptr},
       reading, row);
}

void RunRecorder::read(const Observation& at, Reading reading, std::size_t row) {
  for (std::size_t i = 0; i < indicators_.size(); ++i) {
    if (indicators_[i]->reading != reading) continue;
    if (reading == Reading::end) {
      indicators_[i]->measure(at, record_.series[i]);
      continue;
    }
    MUSI_EXPECT((row + 1) * widths_[i] <= record_.series[i].size());
    indicators_[i]->measure(
        at, std::span(record_.series[i]).subspan(row * widths_[i], widths_[i]));
  }
}

void RunRecorder::december(const World& world) {
  MUSI_EXPECT(sim::Clock::is_december(world.month));
  const std::size_t year_index = static_cast<std::size_t>(sim::Clock::year_index(world.month));
  if (!headline_alone_) remember(world, year_index);
  measure(world, Reading::december, year_index);
}

void RunRecorder::quarter(const World& world) {
  MUSI_EXPECT(sim::Clock::ends_quarter(world.month));
  if (headline_alone_) return;
  measure(world, Reading::quarter, static_cast<std::size_t>(world.month / 3));
}

bool RunRecorder::fits(const World& world) const {
  const RunRecorder other(world, headline_alone_);
  return other.indicators_ == indicators_ && other.widths_ == widths_;
}

sim::RunRecord RunRecorder::finish(const World& world) {
  measure(world, Reading::end, 0);
  if (world.notes.keeps_works) record_.rows = works_rows(world);
  return std::move(record_);
}

}  // namespace musi::models
