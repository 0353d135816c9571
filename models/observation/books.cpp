#include "models/observation/books.h"

#include <algorithm>
#include <array>

#include "models/draws.h"
#include "models/observation/areas.h"
#include "models/stocks/refresh.h"
#include "sim/core/best_level.h"
#include "sim/core/portable_math.h"

namespace musi::models {
namespace {

/// Spread of a survey around the truth, per criterion [sd of log]. MODEL.md 20.2, assumed.
constexpr float survey_log_sd = 0.05f;

void set_standing(World& world, std::size_t rt) {
  const Standing standing =
      standing_of(shares_of(world.rts.ledger, rt), cut_rule(*world.scenario));
  world.rts.ledger_score[rt] = standing.score;
  world.rts.ledger_class[rt] = standing.slum;
}

/// Surveys an RT: the ledger takes the physical shares with an error.
void survey(World& world, std::size_t rt, sim::Stream& luck, sim::Month month) {
  Neighbourhoods& rts = world.rts;
  std::array<float, n_criteria> factor;
  for (float& u : factor) u = luck.uniform();
  sim::at_best_level([&]() MUSI_LOOP {  // in a loop of its own, which vectorises
    for (float& f : factor) {
      f = sim::portable::exp(survey_log_sd * sim::portable::normal_quantile(f));
    }
  });
  for (std::size_t k = 0; k < n_criteria; ++k) {
    rts.ledger[k][rt] = std::min(1.0f, rts.physical[k][rt] * factor[k]);
  }
  rts.in_ledger[rt] = 1;
  rts.measured[rt] = static_cast<std::uint16_t>(month);
  set_standing(world, rt);
}

/// Lists what the ledger counts as slum; `factors`: redrawn borders by site. Returns the area that
/// came in [ha].
double redraw_decree(World& world, const std::vector<double>& factors) {
  Neighbourhoods& rts = world.rts;
  std::fill(world.sites.decree_area.begin(), world.sites.decree_area.end(), 0.0f);
  double added = 0.0;
  for (std::size_t rt = 0; rt < rts.size(); ++rt) {
    const bool listed = rts.in_ledger[rt] != 0 &&
                        counts_as_slum(*world.scenario, rts.ledger_class[rt], rts.ledger, rt);
    const double area = static_cast<double>(rts.area[rt]) * factors[rts.site[rt]];
    if (listed && rts.in_decree[rt] == 0) added += area;
    rts.in_decree[rt] = listed ? 1 : 0;
    rts.decree_area[rt] = listed ? static_cast<float>(area) : 0.0f;
    world.sites.decree_area[rts.site[rt]] += rts.decree_area[rt];
  }
  return added;
}

/// Area in which the tolerance is measured: the listed area at the baseline year. If that lies
/// after the start, the published area of that year, scaled like the start. [ha]
double baseline_area(const World& world, double listed) {
  const int start = world.scenario->clock.start_year;
  const int baseline = world.scenario->zero.baseline_year;
  const auto& known = world.city->start_area_ha;
  if (baseline <= start || !known.contains(baseline)) return listed;
  return known.contains(start) ? listed / known.at(start) * known.at(baseline)
                               : known.at(baseline);
}

}  // namespace

void initial_books(World& world) {
  Neighbourhoods& rts = world.rts;
  std::fill(world.sites.decree_area.begin(), world.sites.decree_area.end(), 0.0f);
  double listed = 0.0;
  for (std::size_t rt = 0; rt < rts.size(); ++rt) {
    for (std::size_t k = 0; k < n_criteria; ++k) rts.ledger[k][rt] = rts.physical[k][rt];
    rts.ledger_score[rt] = rts.physical_score[rt];
    rts.ledger_class[rt] = rts.physical_class[rt];
    rts.in_ledger[rt] = 1;
    rts.in_decree[rt] = 1;
    rts.decree_area[rt] = rts.area[rt];
    rts.measured[rt] = 0;
    rts.was_clear[rt] = rts.physical_class[rt] == Slum::not_slum ? 1 : 0;
    rts.first_barrier[rt] = Barrier::none;
    world.sites.decree_area[rts.site[rt]] += rts.area[rt];
    listed += static_cast<double>(rts.area[rt]);
  }
  CityState& state = world.state;
  state.reported_area = state.previous_reported_area = listed;
  state.ledger_figure = ledger_area(world);
  state.decree_figure = listed;
  state.admin_removed = state.decree_added = 0.0;
  state.baseline_area = baseline_area(world, listed);
  const int start = world.scenario->clock.start_year;
  const int interval = static_cast<int>(world.future[Param::report_decree_interval]);
  state.next_decree_year = next_decree_year(*world.city, start, interval, start - 1);
  state.last_decree_month = -1;
  world.zero = ZeroState{};
  world.zero.reached_month.fill(-1);
}

double published_area(double book_area, double log_error, double admin_removed) {
  return std::max(0.0, book_area * sim::portable::exp(log_error) - admin_removed);
}

double report_error(sim::Stream& luck, double log_sd) {
  return log_sd * sim::portable::normal_quantile(luck.fine_uniform());
}

int next_decree_year(const City& city, int start_year, int interval, int after_year) {
  int last = start_year - 1;
  if (!city.decree_years.empty()) {
    last = *std::max_element(city.decree_years.begin(), city.decree_years.end());
    int next = last + 1;
    for (const int year : city.decree_years) {
      if (year > after_year) next = std::min(next, year);
    }
    if (next <= last) return next;
  }
  const int step = std::max(1, interval);
  int year = last + step;
  while (year <= after_year) year += step;
  return year;
}

double official_reduction(const TargetPath& path, double base, double last, int year) {
  switch (path.kind) {
    case TargetPath::Kind::none: return 0.0;
    case TargetPath::Kind::zero_by:
      return last / std::max(1.0, path.value - static_cast<double>(year) + 1.0);
    case TargetPath::Kind::abs_ha_per_year: return path.value;
    case TargetPath::Kind::pct_of_base: return base * path.value / 100.0;
    case TargetPath::Kind::pct_of_rest: break;
  }
  return last * path.value / 100.0;
}

Books::Books(const World& world)
    : p_{.mode = world.scenario->reporting,
         .remeasure_rate = world.future[Param::report_remeasure_rate],
         .decree_verify = world.future[Param::report_decree_verify],
         .redelineation_sd = world.future[Param::report_redelineation],
         .decree_interval = static_cast<int>(world.future[Param::report_decree_interval]),
         .log_sd = world.future[Param::report_log_sd],
         .admin_removal = world.future[Param::report_admin_removal],
         .plan_chance = world.future[Param::report_plan_chance],
         .target = world.scenario->targets.path.value_or(world.city->target_path)} {}

void Books::step(World& world, const sim::Step& step) {
  if (!sim::Clock::is_december(step.month)) return;
  remeasure_some(world, step);
  const int year = world.scenario->clock.year(step.month);
  if (year >= world.state.next_decree_year) {
    issue_decree(world, step);
    world.state.next_decree_year = next_decree_year(
        *world.city, world.scenario->clock.start_year, p_.decree_interval, year);
  }
  publish(world, step);
}

void Books::remeasure_some(World& world, const sim::Step& step) const {
  const bool all = p_.mode == ReportingMode::measured;
  const sim::Chance chance = step.chance(Draw::remeasurement);
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    if (!all && world.rts.in_ledger[rt] == 0) continue;
    sim::Stream luck(chance, world.rts.key[rt]);
    if (luck.fine_uniform() < p_.remeasure_rate || all) survey(world, rt, luck, step.month);
  }
}

void Books::issue_decree(World& world, const sim::Step& step) const {
  const sim::Chance chance = step.chance(Draw::decree);
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    sim::Stream luck(chance, world.rts.key[rt]);
    if (luck.fine_uniform() < p_.decree_verify) survey(world, rt, luck, step.month);
  }
  std::vector<double> factors(world.n_sites());
  for (std::size_t site = 0; site < world.n_sites(); ++site) {
    const double z = sim::portable::normal_quantile(chance.fine_uniform(world.sites.key[site]));
    factors[site] = sim::portable::exp(p_.redelineation_sd * z);
  }
  world.state.decree_added = redraw_decree(world, factors);
  world.state.last_decree_month = step.month;
}

void Books::publish(World& world, const sim::Step& step) const {
  CityState& state = world.state;
  const int year = world.scenario->clock.year(step.month);
  sim::Stream luck(step.chance(Draw::report_noise), world.city->key);
  const double error = report_error(luck, p_.log_sd);
  const bool by_plan = luck.fine_uniform() < p_.plan_chance;
  state.admin_removed += p_.admin_removal;
  state.ledger_figure = published_area(ledger_area(world), error, state.admin_removed);
  state.decree_figure = published_area(decree_area(world), error, state.admin_removed);
  state.previous_reported_area = state.reported_area;
  switch (p_.mode) {
    case ReportingMode::frozen: state.reported_area = state.decree_figure; break;
    case ReportingMode::plan_driven:
      if (by_plan && p_.target.kind != TargetPath::Kind::none) {
        const double last = state.previous_reported_area;
        state.reported_area =
            std::max(0.0, last - official_reduction(p_.target, state.baseline_area, last, year));
        break;
      }
      [[fallthrough]];
    case ReportingMode::ledger:
    case ReportingMode::measured: state.reported_area = state.ledger_figure; break;
  }
}

}  // namespace musi::models
