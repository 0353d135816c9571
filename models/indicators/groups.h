#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/money.h"
#include "models/world.h"

/// Groups by which results are shown.
namespace musi::models {

/// Households by need: safe water, sanitation, a fit house, enough space.
inline constexpr std::size_t n_deprivations = 4;

/// Who is compared with whom, MODEL.md 23.
enum class People : std::uint8_t { poorest_fifth, others, river, land, ulu, ilir };
inline constexpr std::size_t n_people = 6;
std::string_view word(People people);

/// What is counted once each December over all households. Money in IDR million.
struct PeopleStats {
  std::array<double, n_people> households{}, deprived{}, money{};  ///< by People
  std::array<double, n_deprivations + 1> by_deprivations{};
  double income_p10 = 0.0, income_p50 = 0.0, income_p90 = 0.0;     ///< [IDR million a month]
  double listed = 0.0;                                             ///< on the list of unfit houses
  double unfit = 0.0;                                              ///< in an unfit house
  std::vector<std::uint32_t> with_sanitation;                      ///< toilet and tank, by RT
};
PeopleStats people_stats(const World& world);

/// Stages in which a package waits, in order.
inline constexpr std::array waiting_stages{Stage::waiting_guideline, Stage::verification,
                                           Stage::procurement, Stage::works};
inline constexpr std::size_t n_waiting_stages = waiting_stages.size();
std::string_view word(Stage stage);

/// Calls `visit(row of City::surveyed, RT of the world)` for surveyed RTs in the run.
template <class Visit>
void for_each_surveyed_rt(const World& world, Visit&& visit) {
  if (world.city->surveyed.empty()) return;
  std::size_t site = 0;
  for (const SiteFacts& facts : world.city->sites) {
    if (site >= world.n_sites() || world.sites.key[site] != facts.key) continue;
    const std::vector<std::size_t>& survey = world.city->survey_of(facts.site_id);
    for (std::size_t i = 0; i < survey.size(); ++i) visit(survey[i], world.sites.rts[site][i]);
    ++site;
  }
}

/// Area of the official path at the end of a year from that of the year before. [ha]
double next_target_area(const World& world, double last, int year);

}  // namespace musi::models
