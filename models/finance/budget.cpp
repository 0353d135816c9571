#include "models/finance/budget.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "models/draws.h"
#include "models/finance/ledger.h"
#include "models/finance/lines.h"
#include "models/observation/books.h"
#include "models/programmes/catalogue.h"
#include "models/programmes/replay.h"
#include "models/programmes/unit_costs.h"
#include "sim/core/portable_math.h"

namespace musi::models {
namespace {

namespace portable = sim::portable;

enum class ShareGroup : std::size_t {
  community,
  household,
  contractor,
  facilitation,
  relocation
};

ShareGroup share_group(const ProgrammeSpec& p) {
  if (p.after_disasters) return ShareGroup::facilitation;  // its share stands in that sum
  switch (p.channel) {
    case Channel::community: return ShareGroup::community;
    case Channel::household_group: return ShareGroup::household;
    case Channel::contractor: return ShareGroup::contractor;
    case Channel::service: break;
    case Channel::relocation: return ShareGroup::relocation;
  }
  // Waste is a service that hands out goods; its share is counted with the contractors'.
  const bool hands_out = !p.menu.empty() && p.menu.front().item == Item::waste_kit;
  return hands_out ? ShareGroup::contractor : ShareGroup::facilitation;
}

double sum(const std::vector<double>& values) {
  double total = 0.0;
  for (const double v : values) total += v;
  return total;
}

/// Amount in prices of the scenario's price year, as IDR million of 2019.
double real_million(const World& world, double idr_bn) {
  return idr_bn * 1e3 / world.city->price_level(world.scenario->funding.price_year);
}

double scale_of(const World& world, int year) {
  const Scenario& s = *world.scenario;
  if (year < s.forecast_from_year) return 1.0;
  return std::max(0.0, world.future.value(s.funding.scale_pct, 0, year) * 0.01);
}

/// What a lever on one source alone makes of its money.
double scale_of(const World& world, const SourceSpec& source, int year) {
  if (!source.scale_pct.is_set || year < world.scenario->forecast_from_year) return 1.0;
  const sim::EntityKey key = sim::fnv1a(source.id.data(), source.id.size());
  return std::max(0.0, world.future.value(source.scale_pct, key, year) * 0.01);
}

bool is_scripted(const Scenario& s, int year) {
  return s.funding.scripted &&
         (s.funding.scripted_until_year == 0 || year <= s.funding.scripted_until_year);
}

/// ln B of a year, at `z` standard deviations of its chance. In the first year that is not scripted
/// the process starts.
double log_budget_of(const World& world, int year, double level, double z) {
  const Scenario& s = *world.scenario;
  const Future& f = world.future;
  const BudgetProcess process{level, f[Param::budget_growth], f[Param::budget_pull],
                              f[Param::money_log_sd]};
  const bool is_first = year == s.clock.start_year || is_scripted(s, year - 1);
  return is_first ? first_log_budget(process, z)
                  : next_log_budget(process, world.money.log_level, z);
}

/// ln B* of a year. [ln IDR million of 2019]
double level_of(const World& world, int year) {
  const double total =
      real_million(world, world.future.value(world.scenario->funding.total_idr_bn_per_year, 0,
                                             year));
  return log_budget_level(total, target_hectares(world, year), world.money.cost_per_hectare,
                          world.future[Param::budget_target_pull]);
}

/// Advances the process by one year; gives the year's money as a factor of its level B*.
double advance_process(World& world, const sim::Step& step, double level) {
  const Future& f = world.future;
  const sim::EntityKey city = world.city->key;
  const double z =
      portable::normal_quantile(step.yearly_chance(Draw::budget_process).fine_uniform(city));
  world.money.log_level = log_budget_of(world, world.scenario->clock.year(step.month), level, z);
  const double u = step.yearly_chance(Draw::budget_shock).fine_uniform(city);
  const double shock =
      u < f[Param::money_shock_chance] ? 1.0 - f[Param::money_shock_size] : 1.0;
  return portable::exp(world.money.log_level - level) * shock;
}

/// Level of a source without the process. [IDR million of 2019]
double source_level(const World& world, const SourceSpec& source, double total, int year) {
  if (year < source.start_year || year > source.end_year) return 0.0;
  const sim::EntityKey key = sim::fnv1a(source.id.data(), source.id.size());
  const auto listed = source.schedule.find(year);
  if (listed != source.schedule.end()) {
    return real_million(world, world.future.value(listed->second, key, year));
  }
  if (source.annual_idr_bn.is_set) {
    return real_million(world, world.future.value(source.annual_idr_bn, key, year));
  }
  if (!source.share_pct.is_set) return 0.0;
  return total * world.future.value(source.share_pct, key, year) * 0.01;
}

/// The office's own money: what its lines take, and what they leave in `money.source_voted`.
/// `factor`: the year's money over its level. MODEL.md 11.2.
void crowd(const World& world, int year, double factor, YearMoney& money) {
  const Scenario& s = *world.scenario;
  const OfficeMoney office(world);
  double city = 0.0;
  std::size_t n = 0;
  for (std::size_t f = 0; f < s.funding.sources.size(); ++f) {
    if (s.funding.sources[f].kind != SourceKind::city) continue;
    city += money.source_voted[f];
    ++n;
  }
  const bool is_given = s.funding.department_budget_idr_bn.is_set;
  money.department =
      is_given ? factor * real_million(world, world.future.value(
                                                  s.funding.department_budget_idr_bn, 0, year))
               : office.department_of(city);
  const double left = money.department * (1.0 - office.crowded());
  for (std::size_t f = 0; f < s.funding.sources.size(); ++f) {
    if (s.funding.sources[f].kind != SourceKind::city) continue;
    double& voted = money.source_voted[f];
    if (!is_given) {
      voted *= office.left_factor();
    } else {
      voted = city > 0.0 ? left * voted / city : left / static_cast<double>(n);
    }
  }
}

/// Money of the lines, and the works that some of them build inside sites.
void split_lines(const World& world, int year, bool builds, YearMoney& money) {
  const Scenario& s = *world.scenario;
  const OfficeMoney office(world);
  for (const LineInfo& line : budget_lines()) {
    money.lines[static_cast<std::size_t>(line.line)] = office.line(money.department, line.line);
  }
  const std::size_t n = s.funding.sources.size();
  money.line_works.assign(s.programmes.size(), std::vector<double>(n, 0.0));
  for (std::size_t p = 0; p < s.programmes.size() && builds; ++p) {
    const ProgrammeSpec& programme = s.programmes[p];
    const auto payers = payers_of(s, programme);
    if (!programme.line || payers.empty() || !is_active(programme, year)) continue;
    if (s.funding.sources[payers.front()].kind != SourceKind::city) continue;
    money.line_works[p][payers.front()] = works_share(world, *programme.line) *
                                          money.lines[static_cast<std::size_t>(*programme.line)];
  }
}

/// What the sources give at a factor on the level of the year, after what the lines take.
YearMoney money_of_sources(const World& world, int year, double level, double factor) {
  YearMoney money;
  for (const SourceSpec& source : world.scenario->funding.sources) {
    const double amount = source_level(world, source, portable::exp(level), year);
    money.source_voted.push_back(amount * factor * scale_of(world, source, year));
  }
  crowd(world, year, factor, money);
  return money;
}

YearMoney process_money(World& world, const sim::Step& step) {
  const Scenario& s = *world.scenario;
  const int year = s.clock.year(step.month);
  const double level = level_of(world, year);
  const double factor = advance_process(world, step, level) * scale_of(world, year);
  YearMoney money = money_of_sources(world, year, level, factor);
  split_lines(world, year, true, money);
  std::vector<double> amounts;
  std::vector<std::vector<std::size_t>> payers;
  for (const ProgrammeSpec& p : s.programmes) {
    const auto own = p.amount_idr_bn.find(year);
    const bool has_own = is_active(p, year) && own != p.amount_idr_bn.end();
    amounts.push_back(has_own ? scale_of(world, year) *
                                    real_million(world, world.future.value(own->second, 0, year))
                              : -1.0);
    amounts.back() = std::max(amounts.back(), first_claim(world, p, year));
    payers.push_back(payers_of(s, p));
  }
  money.voted = split_money(money.source_voted, programme_shares(world, year), amounts, payers);
  const double planned_over_voted = 1.0 / world.future.in_year(Param::funded_over_planned, year);
  money.planned = money.voted;
  for (auto& row : money.planned) {
    for (double& v : row) v *= planned_over_voted;
  }
  for (const double v : money.source_voted) money.source_planned.push_back(v * planned_over_voted);
  return money;
}

std::size_t source_of_row(const Scenario& s, const BudgetRow& row,
                          const std::vector<std::size_t>& payers) {
  for (std::size_t f = 0; f < s.funding.sources.size(); ++f) {
    if (s.funding.sources[f].id == row.funding_source) return f;
  }
  return payers.empty() ? s.funding.sources.size() : payers.front();
}

YearMoney scripted_money(const World& world, int year) {
  const Scenario& s = *world.scenario;
  const std::size_t n = s.funding.sources.size();
  YearMoney money;
  money.source_voted.assign(n, 0.0);
  money.source_planned.assign(n, 0.0);
  money.voted.assign(s.programmes.size(), std::vector<double>(n, 0.0));
  money.planned = money.voted;
  const double given = world.future.in_year(Param::funded_over_planned, year);
  for (const BudgetRow& row : world.city->budgets) {
    if (row.year != year) continue;
    for (std::size_t p = 0; p < s.programmes.size(); ++p) {
      const ProgrammeSpec& programme = s.programmes[p];
      const auto& words = programme.csv_rows;
      const bool feeds = row.programme == programme.id ||
                         std::find(words.begin(), words.end(), row.programme) != words.end();
      if (!feeds || !is_active(programme, year)) continue;
      const std::size_t f = source_of_row(s, row, payers_of(s, programme));
      if (f == n) break;
      const double real = row.amount_idr_bn * 1e3 / world.city->price_level(year);
      const double voted = real * (row.is_planned ? given : 1.0) * scale_of(world, year) *
                           scale_of(world, s.funding.sources[f], year);
      money.planned[p][f] += real;
      money.voted[p][f] += voted;
      money.source_planned[f] += real;
      money.source_voted[f] += voted;
      break;
    }
  }
  // What was spent stands as recorded: the lines are reported beside it and crowd nothing out.
  YearMoney beside = money;
  crowd(world, year, scale_of(world, year), beside);
  money.department = beside.department;
  split_lines(world, year, false, money);
  return money;
}

/// While works are replayed there is no own money; when it starts within a year, what was replayed
/// in that year is taken off. MODEL.md 25.2.
void deduct_replayed(const World& world, const sim::Step& step, YearMoney& amounts) {
  const bool is_over = !is_replayed(world, step.month);
  if (!is_over) {
    amounts.department = 0.0;
    amounts.lines.fill(0.0);
    for (auto& works : amounts.line_works) std::fill(works.begin(), works.end(), 0.0);
  }
  const auto less = [&](double& amount, double replayed) {
    amount = is_over ? std::max(0.0, amount - replayed) : 0.0;
  };
  for (std::size_t f = 0; f < amounts.source_voted.size(); ++f) {
    double of_source = 0.0;
    for (std::size_t p = 0; p < amounts.voted.size(); ++p) {
      const ProgrammeState& programme = world.money.programmes[p];
      const double replayed = sim::Clock::is_january(step.month)
                                  ? 0.0
                                  : static_cast<double>(programme.plan_by_source[f]) * 1e-6;
      of_source += replayed;
      less(amounts.voted[p][f], replayed);
      less(amounts.planned[p][f], replayed);
    }
    less(amounts.source_voted[f], of_source);
    less(amounts.source_planned[f], of_source);
  }
}

}  // namespace

double first_log_budget(const BudgetProcess& p, double z) {
  const double variance_factor = p.pull * (2.0 - p.pull);
  return variance_factor > 0 ? p.level + p.sd * z / std::sqrt(variance_factor) : p.level;
}

double log_budget_level(double total_idr_mn, double target_ha, double cost_idr_mn_per_ha,
                        double target_pull) {
  if (total_idr_mn <= 0) return portable::log(1e-6);
  const double log_total = portable::log(total_idr_mn);
  const double wanted = target_ha * cost_idr_mn_per_ha;
  if (target_pull <= 0 || wanted <= 0) return log_total;
  return (1.0 - target_pull) * log_total + target_pull * portable::log(wanted);
}

double first_claim(const World& world, const ProgrammeSpec& programme, int year) {
  const Scenario& s = *world.scenario;
  const auto& people = s.participation;
  if (!is_active(programme, year)) return -1.0;
  const double drift = cost_drift(world, year);
  if (has_item(programme, Item::facilitator_month) && people.facilitators_number.is_set &&
      year >= people.facilitators_start_year && year <= people.facilitators_end_year) {
    const double elders = people.elders_appointed && year == s.forecast_from_year
                              ? world.future[Param::elder_fee] *
                                    static_cast<double>(world.n_sites())
                              : 0.0;
    return drift * (elders + 12.0 * cost_of(world, programme, Param::facilitator_month, year) *
                                 world.future.value(people.facilitators_number, 0, year));
  }
  if (has_item(programme, Item::complaint_desk) && year >= people.complaint_channel_start_year) {
    return complaint_desk_cost(world, year);
  }
  return -1.0;
}

double target_hectares(const World& world, int year) {
  const double rest = world.state.reported_area;
  const TargetPath path = world.scenario->targets.path.value_or(world.city->target_path);
  return std::min(rest, official_reduction(path, world.start.area_ha, rest, year));
}

bool is_active(const ProgrammeSpec& p, int year) {
  return p.enabled && year >= p.start_year && year <= p.end_year;
}

std::vector<std::size_t> payers_of(const Scenario& s, const ProgrammeSpec& programme) {
  std::vector<std::size_t> payers;
  for (const std::string& id : programme.paid_by) {
    for (std::size_t f = 0; f < s.funding.sources.size(); ++f) {
      if (s.funding.sources[f].id == id) payers.push_back(f);
    }
  }
  // The lines are the office's own money, whatever the scenario calls its source.
  for (std::size_t f = 0; programme.line && payers.empty() && f < s.funding.sources.size(); ++f) {
    if (s.funding.sources[f].kind == SourceKind::city) payers.push_back(f);
  }
  return payers;
}

std::vector<double> programme_shares(const World& world, int year) {
  const Scenario& s = *world.scenario;
  const auto drawn_over_central = [&](Param param) {
    const double now = world.future[param];
    return now / (spec(param).central * spec(param).scale);
  };
  const std::array<double, 5> factor{drawn_over_central(Param::share_community),
                                     drawn_over_central(Param::share_household),
                                     drawn_over_central(Param::share_contractor),
                                     drawn_over_central(Param::share_facilitation_upkeep),
                                     drawn_over_central(Param::share_relocation)};
  std::vector<double> shares;
  for (const ProgrammeSpec& p : s.programmes) {
    const bool takes = is_active(p, year) && p.share_pct.is_set && !p.amount_idr_bn.contains(year);
    shares.push_back(takes ? factor[static_cast<std::size_t>(share_group(p))] *
                                 world.future.value(p.share_pct, 0, year)
                           : 0.0);
  }
  const double total = sum(shares);
  if (total > 0) {
    for (double& share : shares) share /= total;
  }
  return shares;
}

std::vector<std::vector<double>> split_money(const std::vector<double>& source_money,
                                             const std::vector<double>& shares,
                                             const std::vector<double>& amounts,
                                             const std::vector<std::vector<std::size_t>>& payers) {
  const std::size_t n = shares.size();
  std::vector<double> left = source_money;
  std::vector<std::vector<double>> out(n, std::vector<double>(left.size(), 0.0));
  std::size_t longest = 0;
  for (const auto& list : payers) longest = std::max(longest, list.size());
  // `wanted` is met from the k-th payers of all programmes together, in proportion if they lack.
  const auto draw = [&](std::vector<double>& wanted) {
    for (std::size_t k = 0; k < longest; ++k) {
      std::vector<double> asked(left.size(), 0.0);
      for (std::size_t p = 0; p < n; ++p) {
        if (k < payers[p].size()) asked[payers[p][k]] += wanted[p];
      }
      std::vector<double> met(left.size(), 0.0);
      for (std::size_t f = 0; f < left.size(); ++f) {
        met[f] = asked[f] > left[f] ? left[f] / asked[f] : 1.0;
      }
      for (std::size_t p = 0; p < n; ++p) {
        if (k >= payers[p].size()) continue;
        const std::size_t f = payers[p][k];
        const double got = wanted[p] * met[f];
        out[p][f] += got;
        wanted[p] -= got;
        left[f] = std::max(0.0, left[f] - got);
      }
    }
  };
  std::vector<double> own(n, 0.0);
  for (std::size_t p = 0; p < n; ++p) own[p] = std::max(0.0, amounts[p]);
  draw(own);
  const double total = sum(left);
  std::vector<double> wanted(n);
  for (std::size_t p = 0; p < n; ++p) wanted[p] = shares[p] * total;
  draw(wanted);
  for (std::size_t f = 0; f < left.size(); ++f) {
    double weight = 0.0;
    const auto pays = [&](std::size_t p) {
      return std::find(payers[p].begin(), payers[p].end(), f) != payers[p].end();
    };
    for (std::size_t p = 0; p < n; ++p) weight += pays(p) ? shares[p] : 0.0;
    for (std::size_t p = 0; weight > 0 && p < n; ++p) {
      if (pays(p)) out[p][f] += left[f] * shares[p] / weight;
    }
  }
  return out;
}

double provisional_ceiling(const World& world, int year) {
  const Scenario& s = *world.scenario;
  if (s.funding.unlimited || is_scripted(s, year)) return std::numeric_limits<double>::quiet_NaN();
  const double level = level_of(world, year);
  const double factor =
      portable::exp(log_budget_of(world, year, level, 0.0) - level) * scale_of(world, year);
  return sum(money_of_sources(world, year, level, factor).source_voted);
}

void open_books(World& world) {
  const Scenario& s = *world.scenario;
  const std::size_t n_years = static_cast<std::size_t>(s.clock.n_years());
  Money& money = world.money;
  money.sources.clear();
  for (const SourceSpec& spec_of_source : s.funding.sources) {
    SourceState source;
    source.id = spec_of_source.id;
    source.kind = spec_of_source.kind;
    source.carry_rule = spec_of_source.carry_rule;
    ledger::open(source, n_years);
    money.sources.push_back(std::move(source));
  }
  money.programmes.assign(s.programmes.size(), {});
  for (ProgrammeState& p : money.programmes) {
    p.planned.assign(n_years, 0);
    p.voted.assign(n_years, 0);
    p.paid.assign(n_years, 0);
    p.guideline_month.assign(n_years, 1.0);
    p.plan_by_source.assign(money.sources.size(), 0);
    p.left_by_source.assign(money.sources.size(), 0);
  }
  money.unmet.assign(n_years, 0);
  money.wasted.assign(n_years, 0);
  money.officer_load.assign(n_years, 0.0);
  money.department.assign(n_years, 0);
  money.effective.assign(n_years, 0);
  for (auto& line : money.lines) line.assign(n_years, 0);
  money.target_ha.assign(n_years, 0.0);
  money.target_need.assign(n_years, 0.0);
  money.self_help.assign(n_years, 0);
  money.ceiling.assign(n_years, std::numeric_limits<double>::quiet_NaN());
}

void vote_budget(World& world, const sim::Step& step) {
  const Scenario& s = *world.scenario;
  Money& money = world.money;
  const std::size_t y = static_cast<std::size_t>(sim::Clock::year_index(step.month));
  const int year = s.clock.year(step.month);
  YearMoney amounts =
      is_scripted(s, year) ? scripted_money(world, year) : process_money(world, step);
  if (s.replays) deduct_replayed(world, step, amounts);
  set_line_effects(world, amounts.lines);
  money.target_ha[y] = target_hectares(world, year);
  money.target_need[y] = money.target_ha[y] * money.cost_per_hectare;
  Rupiah works = 0;  // of lines, inside sites
  for (std::size_t p = 0; p < money.programmes.size(); ++p) {
    ProgrammeState& programme = money.programmes[p];
    for (std::size_t f = 0; f < money.sources.size(); ++f) {
      const Rupiah of_line =
          s.funding.unlimited ? 0 : static_cast<Rupiah>(amounts.line_works[p][f] * 1e6);
      works += of_line;
      const Rupiah planned =
          s.funding.unlimited ? 0 : rupiah_of_million(amounts.planned[p][f]) + of_line;
      const Rupiah voted =
          s.funding.unlimited ? 0 : static_cast<Rupiah>(amounts.voted[p][f] * 1e6) + of_line;
      programme.plan_by_source[f] = std::max(planned, voted);
      programme.left_by_source[f] = voted;
      programme.planned[y] += programme.plan_by_source[f];
      programme.voted[y] += voted;
    }
  }
  for (std::size_t f = 0; f < money.sources.size() && !s.funding.unlimited; ++f) {
    Rupiah bound = 0;
    for (const ProgrammeState& p : money.programmes) bound += p.left_by_source[f];
    Rupiah of_lines = 0;
    for (const auto& programme : amounts.line_works) {
      of_lines += static_cast<Rupiah>(programme[f] * 1e6);
    }
    const Rupiah voted = std::max(bound, rupiah_of_million(amounts.source_voted[f]) + of_lines);
    money.sources[f].planned[y] += rupiah_of_million(amounts.source_planned[f]) + of_lines;
    ledger::vote(money.sources[f], y, voted);
    if (money.sources[f].kind == SourceKind::city) money.effective[y] += voted;
  }
  if (s.funding.unlimited) return;
  money.effective[y] -= works;
  money.department[y] = money.effective[y];
  // Rounded as a whole: how lines divide their money moves no rupiah of the office's budget.
  const Rupiah whole =
      rupiah_of_million(amounts.department * OfficeMoney(world).crowded());
  Rupiah rest = whole;
  for (std::size_t l = 0; l < n_budget_lines; ++l) {
    money.lines[l][y] = static_cast<Rupiah>(amounts.lines[l] * 1e6);
    rest -= money.lines[l][y];
  }
  const auto largest = std::max_element(
      money.lines.begin(), money.lines.end(),
      [&](const auto& a, const auto& b) { return a[y] < b[y]; });
  (*largest)[y] += rest;
  money.department[y] += whole;
}

}  // namespace musi::models
