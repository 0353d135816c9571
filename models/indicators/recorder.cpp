#include "models/indicators/recorder.h"

#include <limits>
#include <span>
#include <string>
#include <utility>

#include "models/indicators/catalogue.h"
#include "sim/core/check.h"

namespace musi::models {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

std::size_t length_of(const World& world, const std::string& dim) {
  if (dim == "year") return static_cast<std::size_t>(world.scenario->clock.n_years());
  if (dim == "site") return world.city->sites.size();
  if (dim == "funds") return world.scenario->funding.sources.size();
  if (dim == "line") return n_budget_lines;
  if (dim == "criterion") return n_criteria;
  MUSI_EXPECT(dim == "definition");
  return n_zero_definitions;
}

bool site_is_clear(const World& world, std::size_t site) {
  for (const std::uint32_t rt : world.sites.rts[site]) {
    if (world.rts.physical_class[rt] != Slum::not_slum) return false;
  }
  return true;
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

RunRecorder::RunRecorder(const World& world) {
  for (const Indicator& indicator : indicator_catalogue()) {
    std::size_t width = 1;
    std::size_t length = 1;
    for (const std::string& dim : indicator.info.dims) {
      const std::size_t n = length_of(world, dim);
      length *= n;
      if (dim != "year") width *= n;
    }
    widths_.push_back(width);
    record_.series.emplace_back(length, missing);
  }
  history_.site_zero_year.assign(world.n_sites(), 0);
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
}

void RunRecorder::december(const World& world) {
  MUSI_EXPECT(sim::Clock::is_december(world.month));
  const std::size_t year_index = static_cast<std::size_t>(sim::Clock::year_index(world.month));
  remember(world, year_index);
  const Census census = take_census(world);
  const Observation at{world, census, history_, year_index};
  const Indicators& indicators = indicator_catalogue();
  for (std::size_t i = 0; i < indicators.size(); ++i) {
    if (indicators[i].reading != Reading::december) continue;
    MUSI_EXPECT((year_index + 1) * widths_[i] <= record_.series[i].size());
    indicators[i].measure(
        at, std::span(record_.series[i]).subspan(year_index * widths_[i], widths_[i]));
  }
}

sim::RunRecord RunRecorder::finish(const World& world) {
  const Census census = take_census(world);
  const Observation at{world, census, history_,
                       static_cast<std::size_t>(sim::Clock::year_index(world.month))};
  const Indicators& indicators = indicator_catalogue();
  for (std::size_t i = 0; i < indicators.size(); ++i) {
    if (indicators[i].reading == Reading::end) indicators[i].measure(at, record_.series[i]);
  }
  return std::move(record_);
}

}  // namespace musi::models
