#include <algorithm>
#include <string>

#include "models/indicators/catalogue.h"
#include "models/observation/areas.h"
#include "models/score/classes.h"
#include "models/stocks/refresh.h"

/// Slum area in the books, classes and points.
namespace musi::models {
namespace {

template <Slum slum>
void class_area(const Observation& at, std::span<double> out) {
  out[0] = at.area.by_class[static_cast<std::size_t>(slum)];
}

double mean_score(const World& world) {
  double sum = 0.0;
  for (const std::uint8_t score : world.rts.physical_score) sum += score;
  return sum / static_cast<double>(world.n_rts());
}

/// Area of every RT times the part of its sectoral mean that was removed since the start.
double improved_area(const World& world) {
  const auto means_of = [&](const std::array<std::vector<float>, n_criteria>& book) {
    std::array<const float*, n_criteria> columns;
    for (std::size_t k = 0; k < n_criteria; ++k) columns[k] = book[k].data();
    std::vector<double> means(world.n_rts());
    sectoral_means(columns, means);
    return means;
  };
  const std::vector<double> before = means_of(world.rts.start_share);
  const std::vector<double> after = means_of(world.rts.physical);
  double area = 0.0;
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    area += static_cast<double>(world.rts.area[rt]) * contribution(before[rt], after[rt]);
  }
  return area;
}

template <Slum slum>
void neighbourhoods(const Observation& at, std::span<double> out) {
  const auto& classes = at.world.rts.physical_class;
  out[0] = static_cast<double>(std::count(classes.begin(), classes.end(), slum));
}

void mean_points(const Observation& at, std::span<double> out) {
  const CutRule rule = cut_rule(*at.world.scenario);
  for (std::size_t k = 0; k < n_criteria; ++k) {
    std::int64_t sum = 0;
    for (const float share : at.world.rts.physical[k]) sum += points(share, rule);
    out[k] = static_cast<double>(sum) / static_cast<double>(at.world.n_rts());
  }
}

}  // namespace

void add_area_indicators(Indicators& list) {
  const auto add = [&](Indicator i, std::string source = {}) {
    i.info.source = std::move(source);
    list.push_back(std::move(i));
  };
  add(yearly("slum_area", "ha", "Slum area, physical",
             "area of neighbourhoods with a physical score of 16 or more",
             [](const Observation& at, std::span<double> out) {
               out[0] = physical_area(at.area.by_class);
             }),
      "permen_14_2018");
  add(yearly("slum_area_ledger", "ha", "Slum area, official score book",
             "area of neighbourhoods that the score book still counts as slum",
             [](const Observation& at, std::span<double> out) { out[0] = ledger_area(at.world); }));
  add(yearly("slum_area_decree", "ha", "Slum area, mayor's decision",
             "area listed by the decision in force",
             [](const Observation& at, std::span<double> out) { out[0] = decree_area(at.world); }));
  add(yearly("slum_area_reported", "ha", "Slum area, published",
             "figure published in December, with the errors of reporting",
             [](const Observation& at, std::span<double> out) {
               out[0] = at.world.state.reported_area;
             }));
  add(yearly("coverage", "percent", "Slum coverage", "physical slum area / area of the city",
             [](const Observation& at, std::span<double> out) {
               out[0] = 100.0 * physical_area(at.area.by_class) / at.world.city->city_area_ha;
             }));
  add(yearly("area_heavy", "ha", "Area of heavy slum", "physical score 60 to 80",
             class_area<Slum::heavy>),
      "permen_14_2018");
  add(yearly("area_medium", "ha", "Area of medium slum", "physical score 38 to 59",
             class_area<Slum::medium>),
      "permen_14_2018");
  add(yearly("area_light", "ha", "Area of light slum", "physical score 16 to 37",
             class_area<Slum::light>),
      "permen_14_2018");
  const auto count = [&](const char* name, const char* long_name, const char* definition,
                         Measure measure) {
    add(yearly(name, "1", long_name, definition, measure), "permen_14_2018");
  };
  count("neighbourhoods_heavy", "Neighbourhoods of heavy slum", "RTs with 60 to 80 points",
        neighbourhoods<Slum::heavy>);
  count("neighbourhoods_medium", "Neighbourhoods of medium slum", "RTs with 38 to 59 points",
        neighbourhoods<Slum::medium>);
  count("neighbourhoods_light", "Neighbourhoods of light slum", "RTs with 16 to 37 points",
        neighbourhoods<Slum::light>);
  count("neighbourhoods_not_slum", "Neighbourhoods that are no slum", "RTs below 16 points",
        neighbourhoods<Slum::not_slum>);
  add(yearly("mean_score", "points", "Mean score", "mean physical score over neighbourhoods",
             [](const Observation& at, std::span<double> out) { out[0] = mean_score(at.world); }));
  add(yearly_by("criterion", "mean_points", "points", "Mean points by criterion",
                "mean physical points over neighbourhoods", mean_points),
      "permen_14_2018");
  add(yearly("area_improved", "ha", "Area times contribution",
             "sum over neighbourhoods of area x removed part of the mean shortcoming",
             [](const Observation& at, std::span<double> out) {
               out[0] = improved_area(at.world);
             }),
      "motorkawanku");
  add(yearly("area_cleared", "ha", "Area that left the slum class in the year",
             "neighbourhoods that fell below 16 points",
             [](const Observation& at, std::span<double> out) {
               out[0] = at.world.state.counts.cleared_ha;
             }));
  add(yearly("area_relapsed", "ha", "Area that came back in the year",
             "neighbourhoods that were below 16 points before and reached 16 again",
             [](const Observation& at, std::span<double> out) {
               out[0] = at.world.state.counts.relapsed_ha;
             }));
}

}  // namespace musi::models
