#include "models/finance/guideline.h"

#include <cmath>

#include "models/draws.h"
#include "sim/core/portable_math.h"

namespace musi::models {
namespace {

namespace portable = sim::portable;

/// AR(1) with unit variance, from the start year to the year of the step.
double ar1(const sim::Step& step, sim::EntityKey entity, double correlation) {
  const int last = sim::Clock::year_index(step.month);
  const double fresh = std::sqrt(1.0 - correlation * correlation);
  double z = 0.0;
  for (int y = 0; y <= last; ++y) {
    const sim::Step january{12 * y, step.seed};
    const double u = january.chance(Draw::guideline_month).fine_uniform(entity);
    const double fresh_z = portable::normal_quantile(u);
    z = y == 0 ? fresh_z : correlation * z + fresh * fresh_z;
  }
  return z;
}

}  // namespace

GuidelineMonths months_of(GuidelinePreset preset) {
  switch (preset) {
    case GuidelinePreset::early: return {2, 1, 3, 1};
    case GuidelinePreset::late: return {7, 5, 9, 1.5};
    case GuidelinePreset::very_late: return {9, 8, 10, 1};
    case GuidelinePreset::central: break;
  }
  return {4, 2, 7, 1.5};
}

double guideline_month(const GuidelineMonths& m, double z) {
  const double low = portable::normal_cdf((m.low - m.mean) / m.sd);
  const double high = portable::normal_cdf((m.high - m.mean) / m.sd);
  const double u = low + (high - low) * portable::normal_cdf(z);
  return m.mean + m.sd * portable::normal_quantile(u);
}

sim::EntityKey programme_key(std::string_view id) {
  return sim::mix64(sim::fnv1a(id.data(), id.size()));
}

double draw_guideline_month(const World& world, const ProgrammeSpec& programme,
                            const sim::Step& step) {
  const Scenario& s = *world.scenario;
  const int year = s.clock.year(step.month);
  const sim::EntityKey key = programme_key(programme.id);
  if (programme.guideline == Guideline::none) return 1.0;
  if (s.procedure.pre_positioned_guideline) return 1.0;
  const auto own = programme.guideline_schedule.find(year);
  if (own != programme.guideline_schedule.end()) {
    return world.future.value(own->second, key, year);
  }
  if (programme.guideline_month.is_set) {
    return world.future.value(programme.guideline_month, key, year);
  }
  if (!programme.guideline_preset) {
    const auto scripted = s.procedure.guideline_schedule.find(year);
    if (scripted != s.procedure.guideline_schedule.end()) {
      return world.future.value(scripted->second, 0, year);
    }
    if (s.procedure.guideline_month.is_set) {
      return world.future.value(s.procedure.guideline_month, 0, year);
    }
  }
  const GuidelineMonths months =
      months_of(programme.guideline_preset.value_or(s.procedure.preset));
  if (!s.uncertainty) return months.mean;
  const double share = world.future[Param::ministry_share];
  const double correlation = world.future[Param::juknis_year_correlation];
  const bool is_works = programme.guideline == Guideline::ministry_works;
  const sim::EntityKey ministry = programme_key(is_works ? "ministry_works" : "ministry_housing");
  const double z = std::sqrt(share) * ar1(step, ministry, correlation) +
                   std::sqrt(1.0 - share) * ar1(step, key, correlation);
  return guideline_month(months, z);
}

double draw_effective_month(const World& world, const SourceSpec& source, const sim::Step& step) {
  const int year = world.scenario->clock.year(step.month);
  if (source.effective_month.is_set) {
    return world.future.value(source.effective_month, programme_key(source.id), year);
  }
  switch (source.kind) {
    case SourceKind::state: return world.future.in_year(Param::budget_effective_state, year);
    case SourceKind::loan: return world.future.in_year(Param::budget_effective_loan, year);
    default: return world.future.in_year(Param::budget_effective_city, year);
  }
}

}  // namespace musi::models
