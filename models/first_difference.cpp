#include "models/first_difference.h"

#include <algorithm>
#include <limits>
#include <set>

namespace musi::models {
namespace {

constexpr int no_year = std::numeric_limits<int>::max();

bool same_list(const Distribution& a, const Distribution& b) {
  if (a.list == b.list) return true;
  return a.list && b.list && *a.list == *b.list;
}

/// Fields are named one by one, here and below: a new one does not compile until somebody has
/// decided when it takes effect.
bool same(const Distribution& x, const Distribution& y) {
  const auto& [kind, a, b, c, low, high, whole, values, weights, list] = x;
  return kind == y.kind && a == y.a && b == y.b && c == y.c && low == y.low && high == y.high &&
         whole == y.whole && values == y.values && weights == y.weights && same_list(x, y);
}

/// Source, status, unit and note are words about a number.
bool same(const Uncertain& x, const Uncertain& y) {
  const auto& [path, unit, value, redraw, status, source, note, is_set] = x;
  if (is_set != y.is_set) return false;
  return !is_set || (path == y.path && same(value, y.value) && redraw == y.redraw);
}

bool same(const std::map<Param, Uncertain>& x, const std::map<Param, Uncertain>& y) {
  return std::equal(x.begin(), x.end(), y.begin(), y.end(), [](const auto& a, const auto& b) {
    return a.first == b.first && same(a.second, b.second);
  });
}

bool same(const std::vector<MenuEntry>& x, const std::vector<MenuEntry>& y) {
  return std::equal(x.begin(), x.end(), y.begin(), y.end(), [](const auto& a, const auto& b) {
    const auto& [item, weight] = a;
    return item == b.item && weight == b.weight;
  });
}

bool same(const std::optional<TargetPath>& x, const std::optional<TargetPath>& y) {
  if (!x || !y) return x.has_value() == y.has_value();
  const auto& [kind, value] = *x;
  return kind == y->kind && value == y->value;
}

/// The earliest of the differences found so far.
class Difference {
 public:
  explicit Difference(const Scenario& s)
      : clock_(s.clock), first_(s.clock.n_months()), first_own_year_(own_year(s)) {}

  sim::Month first() const { return first_; }

  void from_start_if(bool differs) { at_if(differs, nothing_in_common); }
  /// What no starting state depends on.
  void from_first_month_if(bool differs) { at_if(differs, 0); }
  /// What matters in a year: its money is foreseen in the July before.
  void from_year(int year) {
    constexpr long months_ahead = 6;
    if (year == no_year) return;
    const long month = 12L * (long{year} - clock_.start_year) - months_ahead;
    at_if(true, static_cast<sim::Month>(std::clamp(month, 0L, long{clock_.n_months()})));
  }
  void from_year_if(bool differs, int year) {
    if (differs) from_year(year);
  }
  /// What only the process of money reads, which years of recorded money do not use.
  void of_process_if(bool differs, int year = 0) {
    if (differs) from_year(std::max(year, first_own_year_));
  }

 private:
  void at_if(bool differs, sim::Month month) {
    if (differs) first_ = std::min(first_, month);
  }
  /// First year whose money is not on record.
  static int own_year(const Scenario& s) {
    if (!s.funding.scripted) return s.clock.start_year;
    return s.funding.scripted_until_year == 0 ? no_year : s.funding.scripted_until_year + 1;
  }

  const sim::Clock& clock_;
  sim::Month first_;
  int first_own_year_;
};

/// First year with different numbers in two schedules.
int first_year(const std::map<int, Uncertain>& x, const std::map<int, Uncertain>& y) {
  std::set<int> years;
  for (const auto* schedule : {&x, &y}) {
    for (const auto& [year, value] : *schedule) years.insert(year);
  }
  for (const int year : years) {
    const auto a = x.find(year), b = y.find(year);
    if (a == x.end() || b == y.end() || !same(a->second, b->second)) return year;
  }
  return no_year;
}

/// Years of activity: from, to.
struct Years {
  int from, to;
};

/// First year in which only one of the two is active, or in which both are and `differ`.
int first_year(Years x, Years y, bool differ = false) {
  const bool has_x = x.from <= x.to, has_y = y.from <= y.to;
  if (!has_x && !has_y) return no_year;
  if (!has_x || !has_y) return has_x ? x.from : y.from;
  if (x.from != y.from) return std::min(x.from, y.from);
  if (differ) return x.from;
  return x.to == y.to ? no_year : std::min(x.to, y.to) + 1;
}

void compare(const SourceSpec& x, const SourceSpec& y, const Scenario& s, Difference& d) {
  const auto& [id, kind, share_pct, annual, schedule, scale_pct, from, to, effective_month,
               carry_rule, authority_min_ha, authority_max_ha] = x;
  d.from_start_if(id != y.id || kind != y.kind || carry_rule != y.carry_rule ||
                  authority_min_ha != y.authority_min_ha ||
                  authority_max_ha != y.authority_max_ha ||
                  !same(effective_month, y.effective_month));
  d.of_process_if(!same(share_pct, y.share_pct) || !same(annual, y.annual_idr_bn));
  const int listed = first_year(schedule, y.schedule);
  d.of_process_if(listed != no_year, listed);
  const int active = first_year(Years{from, to}, Years{y.start_year, y.end_year});
  d.of_process_if(active != no_year, active);
  d.from_year_if(!same(scale_pct, y.scale_pct), s.forecast_from_year);
}

/// A programme that is switched off or not active yet serves nobody and gets nothing, but what it
/// is may be looked at: its targeting, its package, the month of its guideline.
void compare(const ProgrammeSpec& x, const ProgrammeSpec& y, Difference& d) {
  const auto& [id, type, title_en, title_id, enabled, channel, grain, gate, guideline, share_pct,
               amount, paid_by, from, to, gate_engaged, guideline_month, menu, min_package,
               max_package, staff_load, sites_per_year, units_per_year, targeting, joins_package,
               facilitators_included, csv_rows, eligible_sites, excluded_sites,
               eligible_kecamatan, eligible_class, eligible_tenure, eligible_group,
               eligible_land, income_max, wage_share, after_disasters, unit_costs, preset,
               guideline_schedule, line] = x;
  d.from_start_if(id != y.id || type != y.type || channel != y.channel || grain != y.grain ||
                  gate != y.gate || guideline != y.guideline || paid_by != y.paid_by ||
                  after_disasters != y.after_disasters || line != y.line);
  d.from_first_month_if(
      !same(guideline_month, y.guideline_month) || preset != y.guideline_preset ||
      !same(gate_engaged, y.gate_engaged_pct) || !same(menu, y.menu) ||
      !same(min_package, y.min_package_idr_mn) || !same(max_package, y.max_package_idr_mn) ||
      !same(staff_load, y.staff_load_officer_months) ||
      !same(sites_per_year, y.sites_per_year) || !same(units_per_year, y.units_per_year) ||
      targeting != y.targeting || joins_package != y.joins_package ||
      facilitators_included != y.facilitators_included || csv_rows != y.csv_rows ||
      eligible_sites != y.eligible_sites || excluded_sites != y.excluded_sites ||
      eligible_kecamatan != y.eligible_kecamatan || eligible_class != y.eligible_class ||
      eligible_tenure != y.eligible_tenure || eligible_group != y.eligible_group ||
      eligible_land != y.eligible_land || income_max != y.income_max_idr_mn ||
      wage_share != y.wage_share || !same(unit_costs, y.unit_costs));
  d.from_year(first_year(guideline_schedule, y.guideline_schedule));
  const Years a{enabled ? from : no_year, enabled ? to : 0};
  const Years b{y.enabled ? y.start_year : no_year, y.enabled ? y.end_year : 0};
  d.from_year(first_year(a, b));
  d.of_process_if(!same(share_pct, y.share_pct), std::min(a.from, b.from));
  const int listed = first_year(amount, y.amount_idr_bn);
  d.of_process_if(listed != no_year, listed);
}

void compare(const Scenario::Funding& x, const Scenario::Funding& y, const Scenario& s,
             Difference& d) {
  const auto& [price_year, scripted, until, unlimited, total, scale_pct, sources, department,
               lines] = x;
  d.from_start_if(price_year != y.price_year || scripted != y.scripted ||
                  until != y.scripted_until_year || sources.size() != y.sources.size());
  d.from_first_month_if(unlimited != y.unlimited ||
                        !same(department, y.department_budget_idr_bn));
  d.of_process_if(!same(total, y.total_idr_bn_per_year));
  d.from_year_if(!same(scale_pct, y.scale_pct), s.forecast_from_year);
  for (std::size_t f = 0; f < std::min(sources.size(), y.sources.size()); ++f) {
    compare(sources[f], y.sources[f], s, d);
  }
  for (std::size_t l = 0; l < lines.size(); ++l) {
    const auto& [share_pct, effect, sites] = lines[l];
    const LineSpec& other = y.lines[l];
    d.from_start_if(!same(effect, other.effect));  // bounds the chances to leave
    d.from_first_month_if(!same(share_pct, other.share_pct) || sites != other.sites);
  }
}

void compare(const Scenario::Participation& x, const Scenario::Participation& y,
             const Scenario& s, Difference& d) {
  const auto& [fixed, fixed_pct, number, from, to, department_only, complaints, elders] = x;
  d.from_start_if(fixed != y.fixed || !same(fixed_pct, y.fixed_engaged_pct) ||
                  department_only != y.department_only);
  // Who gives a number leaves the rule of money, from the first month on.
  d.from_first_month_if(number.is_set != y.facilitators_number.is_set);
  d.from_year(first_year(Years{from, to},
                         Years{y.facilitators_start_year, y.facilitators_end_year},
                         !same(number, y.facilitators_number)));
  d.from_year_if(complaints != y.complaint_channel_start_year,
                 std::min(complaints, y.complaint_channel_start_year));
  d.from_year_if(elders != y.elders_appointed, s.forecast_from_year);
}

void compare(const Scenario::Allocation& x, const Scenario::Allocation& y, Difference& d) {
  const auto& [rule, fixed_order, sites_per_year, max_sites_at_once, rt_order, composition,
               strict_authority, adaptive] = x;
  d.from_first_month_if(
      rule != y.rule || fixed_order != y.fixed_order ||
      !same(sites_per_year, y.sites_per_year) || max_sites_at_once != y.max_sites_at_once ||
      rt_order != y.rt_order || composition != y.composition ||
      strict_authority != y.strict_authority || adaptive != y.adaptive);
}

void compare(const Scenario::Procedure& x, const Scenario::Procedure& y, Difference& d) {
  const auto& [preset, guideline_month, schedule, pre_positioned, verbal_start, multi_year,
               october, audit, officers] = x;
  d.from_first_month_if(preset != y.preset || !same(guideline_month, y.guideline_month) ||
                        pre_positioned != y.pre_positioned_guideline ||
                        verbal_start != y.verbal_start || multi_year != y.multi_year_contract ||
                        october != y.october_reallocation || audit != y.audit ||
                        !same(officers, y.officers));
  d.from_year(first_year(schedule, y.guideline_schedule));
}

/// What the starting state hangs on, and what a record looks like.
bool differ_at_start(const Scenario& a, const Scenario& b) {
  const auto& [area_ha, redraw_areas, rt_count_from_table, subset] = a.start;
  const auto& [headline, baseline_year, tolerance_pct, sustained_months] = a.zero;
  const auto& [law_cuts, exit_needs_services] = a.score;
  const auto& [places, groups_per_place, assessment] = a.livelihoods;
  const auto& [flood, fire] = a.hazards;
  const auto& [replicates, seed, design, plain_evaluation, draws, repeats_per_draw] = a.sampling;
  const auto& [file, per_site_all, quarterly, works, quantiles_pct] = a.outputs;
  return !same(area_ha, b.start.area_ha) || redraw_areas != b.start.redraw_site_areas ||
         rt_count_from_table != b.start.rt_count_from_table || subset != b.start.subset ||
         headline != b.zero.headline || baseline_year != b.zero.baseline_year ||
         tolerance_pct != b.zero.tolerance_pct || sustained_months != b.zero.sustained_months ||
         law_cuts != b.score.law_cuts || exit_needs_services != b.score.exit_needs_services ||
         places != b.livelihoods.places || groups_per_place != b.livelihoods.groups_per_place ||
         assessment != b.livelihoods.assessment || flood != b.hazards.flood ||
         fire != b.hazards.fire || replicates != b.sampling.replicates ||
         seed != b.sampling.seed || design != b.sampling.design ||
         plain_evaluation != b.sampling.plain_evaluation || draws != b.sampling.draws ||
         repeats_per_draw != b.sampling.repeats_per_draw || file != b.outputs.file ||
         per_site_all != b.outputs.per_site_all || quarterly != b.outputs.quarterly ||
         works != b.outputs.works || quantiles_pct != b.outputs.quantiles_pct;
}

}  // namespace

sim::Month first_difference(const Scenario& a, const Scenario& b) {
  const auto& [name, title_en, title_id, question_en, question_id, description, clock,
               forecast_from_year, replay_until, replays, uncertainty, start, zero, score,
               targets, funding, strategy, programmes, participation, allocation, procedure,
               livelihoods, hazards, letter_of_law, setback_tolerated, prevention_effort,
               reporting, theory, private_response, ageing_phases, parameters, sampling,
               outputs] = a;
  const auto& [headline_year, years, chance_pct, path] = targets;
  Difference d(a);
  d.from_start_if(
      clock.start_year != b.clock.start_year || clock.end_year != b.clock.end_year ||
      forecast_from_year != b.forecast_from_year || replay_until != b.replay_until ||
      replays != b.replays || uncertainty != b.uncertainty || differ_at_start(a, b) ||
      !same(path, b.targets.path) || strategy != b.strategy ||
      programmes.size() != b.programmes.size() || letter_of_law != b.letter_of_law ||
      setback_tolerated != b.setback_tolerated ||
      reporting != b.reporting || theory != b.theory || private_response != b.private_response ||
      ageing_phases != b.ageing_phases ||
      !std::equal(parameters.begin(), parameters.end(), b.parameters.begin(),
                  [](const Uncertain& x, const Uncertain& y) { return same(x, y); }));
  if (d.first() == nothing_in_common) return nothing_in_common;
  d.from_first_month_if(!same(prevention_effort, b.prevention_effort_pct));
  compare(funding, b.funding, a, d);
  compare(participation, b.participation, a, d);
  compare(allocation, b.allocation, d);
  compare(procedure, b.procedure, d);
  for (std::size_t p = 0; p < std::min(programmes.size(), b.programmes.size()); ++p) {
    compare(programmes[p], b.programmes[p], d);
  }
  return d.first();
}

}  // namespace musi::models
