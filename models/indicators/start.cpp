#include "models/indicators/catalogue.h"

/// What the start of the run looked like, MODEL.md 8.6.
namespace musi::models {
namespace {

template <double StartReport::* field>
void number(const Observation& at, std::span<double> out) {
  out[0] = at.world.start.*field;
}

template <std::size_t StartReport::* field>
void count(const Observation& at, std::span<double> out) {
  out[0] = static_cast<double>(at.world.start.*field);
}

template <Slum slum>
void class_percent(const Observation& at, std::span<double> out) {
  out[0] = 100.0 * at.world.start.class_share[static_cast<std::size_t>(slum)];
}

void add_classes(Indicators& list) {
  const auto add = [&](const char* name, const char* long_name, Measure measure) {
    list.push_back(once(name, "percent", long_name, "of neighbourhoods", measure));
  };
  add("start_heavy", "Heavy slum at the start", class_percent<Slum::heavy>);
  add("start_medium", "Medium slum at the start", class_percent<Slum::medium>);
  add("start_light", "Light slum at the start", class_percent<Slum::light>);
  add("start_not_slum", "Listed but not slum at the start", class_percent<Slum::not_slum>);
}

}  // namespace

void add_start_indicators(Indicators& list) {
  const auto add = [&](const char* name, const char* unit, const char* long_name,
                       const char* definition, Measure measure) {
    list.push_back(once(name, unit, long_name, definition, measure));
  };
  const auto add_count = [&](const char* name, const char* long_name, const char* definition,
                             Measure measure) {
    list.push_back(whole(once(name, "1", long_name, definition, measure)));
  };
  add("start_area", "ha", "Listed area at the start", "sum over neighbourhoods",
      number<&StartReport::area_ha>);
  add("start_area_not_slum", "ha", "Listed area below 16 points at the start",
      "in the decree but not slum", number<&StartReport::listed_not_slum_ha>);
  add_count("start_neighbourhoods", "Neighbourhoods at the start", "RTs",
            count<&StartReport::n_rt>);
  add_count("start_households", "Households at the start", "in slum sites",
            count<&StartReport::n_households>);
  add_count("start_persons", "Persons at the start", "in slum sites",
            count<&StartReport::n_persons>);
  add("start_mean_score", "points", "Mean score at the start", "over neighbourhoods",
      number<&StartReport::mean_score>);
  add("start_sd_score", "points", "Spread of scores at the start", "standard deviation",
      number<&StartReport::sd_score>);
  add("start_p10_score", "points", "Low score at the start", "10 % quantile",
      number<&StartReport::p10_score>);
  add("start_p90_score", "points", "High score at the start", "90 % quantile",
      number<&StartReport::p90_score>);
  add_classes(list);
  list.push_back(once_by("criterion", "start_mean_share", "percent",
                         "Mean shortcomings at the start", "mean share over neighbourhoods",
                         [](const Observation& at, std::span<double> out) {
                           for (std::size_t k = 0; k < out.size(); ++k) {
                             out[k] = 100.0 * at.world.start.mean_share[k];
                           }
                         }));
  add_count("start_redrawn", "Neighbourhoods drawn again", "first draw was below 16 points",
            count<&StartReport::n_redrawn>);
  add("start_houses_listed", "1", "Houses on the official list at the start",
      "unfit houses that the office knows", number<&StartReport::households_on_official_list>);
  add("start_owner_unfit", "1", "Unfit houses of owners at the start", "households",
      number<&StartReport::owner_unfit>);
}

}  // namespace musi::models
