#include "models/livelihoods/livelihoods.h"

#include <algorithm>

#include "models/finance/budget.h"
#include "models/livelihoods/aid_purse.h"
#include "models/programmes/catalogue.h"
#include "models/programmes/need.h"

namespace musi::models {
namespace {

std::size_t year_of(const sim::Step& step) {
  return static_cast<std::size_t>(sim::Clock::year_index(step.month));
}

/// Splits the voted money of each programme over the kinds of help by the weights of its menu.
void open_year(World& world, const sim::Step& step) {
  const Scenario& s = *world.scenario;
  world.support.left.assign(s.programmes.size(), {});
  world.support.fund.resize(world.n_sites(), 0);
  for (std::size_t p = 0; p < s.programmes.size(); ++p) {
    for (std::size_t a = 0; a < n_aids; ++a) {
      const double share = menu_share(s.programmes[p], item_of_aid(static_cast<Aid>(a)));
      const auto voted = static_cast<double>(world.money.programmes[p].voted[year_of(step)]);
      world.support.left[p][a] = static_cast<Rupiah>(voted * share);
    }
  }
}

}  // namespace

bool offers(const ProgrammeSpec& programme, Aid aid) {
  return menu_share(programme, item_of_aid(aid)) > 0.0;
}

bool is_round(const World& world, std::size_t p, const sim::Step& step) {
  const Scenario& s = *world.scenario;
  double ready = 12.0;
  for (const std::size_t f : payers_of(s, s.programmes[p])) {
    ready = std::min(ready, world.money.sources[f].effective_month[year_of(step)]);
  }
  if (!s.procedure.verbal_start) {
    ready = std::max(ready, world.money.programmes[p].guideline_month[year_of(step)]);
  }
  const double now = sim::Clock::month_of_year(step.month);
  return now >= ready && now - 1.0 < ready;
}

Livelihoods::Params Livelihoods::params_of(const World& world) {
  const Future& f = world.future;
  return {.mean = f[Param::effect_kube_welfare],
          .sd = f[Param::livelihood_sd],
          .survival_5y = f[Param::effect_kube_active_5y],
          .assessment_factor = f[Param::livelihood_assessment_factor],
          .course_effect = f[Param::training_income_effect],
          .default_share = f[Param::loan_default_rate]};
}

void Livelihoods::step(World& world, const sim::Step& step) {
  const Scenario& s = *world.scenario;
  if (sim::Clock::is_january(step.month)) open_year(world, step);
  follow_groups(world, step);
  finish_courses(world, step);
  collect(world, step);
  for (std::size_t p = 0; p < s.programmes.size(); ++p) {
    const ProgrammeSpec& programme = s.programmes[p];
    if (!is_active(programme, s.clock.year(step.month))) continue;
    const int month = sim::Clock::month_of_year(step.month);
    if (offers(programme, Aid::livelihood) && month == assessment_month) {
      form_groups(world, p, step);
    }
    if (offers(programme, Aid::livelihood) && month == capital_month) {
      hand_out_capital(world, p, step);
    }
    const bool teaches = offers(programme, Aid::training);
    const bool lends = offers(programme, Aid::loan) && !s.funding.unlimited;
    if (!(teaches || lends) || !is_round(world, p, step)) continue;
    if (teaches) teach(world, p, step);
    if (lends) lend(world, p, step);
  }
  if (sim::Clock::ends_quarter(step.month)) lend_again(world, step);
}

}  // namespace musi::models
