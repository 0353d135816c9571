#include "models/finance/lines.h"

#include <algorithm>
#include <array>

#include "models/draws.h"
#include "models/programmes/delivery.h"
#include "models/site_facts.h"

namespace musi::models {
namespace {

/// Lines can take nearly all of the office's money, not all: its budget would be unknown.
constexpr double greatest_crowd = 0.99;
/// Light moves consent by this part of what it moves the engagement index: 0.02 against 0.05.
constexpr double consent_over_engagement = 0.4;

constexpr LineInfo lines[] = {
    {BudgetLine::cemetery, "cemetery", "cemeteries", 4, "", "", 0, 0, 0, 0, false},
    {BudgetLine::green_space, "green_space", "upkeep of green space", 14, "% per IDR billion",
     "flooded share that it takes off in the sites beside it", 0, 0, 0.2, 100, true},
    {BudgetLine::parks, "parks", "recreation parks", 8, "log",
     "value index in the sites beside them", 0, 0, 0.02, 1, true},
    {BudgetLine::strategic_planning, "strategic_planning", "planning of fast-growing areas", 4,
     "months", "lead time that it adds to strategic infrastructure", 0, 1, 2, 60, false},
    {BudgetLine::strategic_infrastructure, "strategic_infrastructure",
     "infrastructure of fast-growing areas", 24, "%",
     "part of it that falls inside slum sites, as new paths and drains", 0, 10, 30, 100, false},
    {BudgetLine::street_lighting, "street_lighting", "street lighting and utilities", 22, "logit",
     "engagement index in lit RTs; 0.4 of it is added to the share that consents", 0, 0, 0.05, 10,
     false},
    {BudgetLine::office_admin, "office_admin", "office administration", 14, "%",
     "share of the office's money below which officer_rate falls in proportion", 8, 8, 8, 100,
     false},
    {BudgetLine::apparatus_facilities, "apparatus_facilities", "facilities of the staff", 4, "",
     "", 0, 0, 0, 0, false},
    {BudgetLine::discipline, "discipline", "discipline of the staff", 1, "%",
     "verification_months are shorter by", 0, 2, 5, 100, false},
    {BudgetLine::capacity_building, "capacity_building", "capacity of the staff", 2,
     "% per IDR billion", "officer_rate is higher by", 0, 2, 10, 100, false},
    {BudgetLine::reporting_system, "reporting_system", "reports on performance and finance", 3,
     "% per IDR billion", "chance of booking as planned is lower by", 0, 5, 20, 100, false},
    {BudgetLine::waterfront, "waterfront", "river tourism: works in strategic sites on the river",
     0, "", "", 0, 0, 0, 0, false},
};
static_assert(std::size(lines) == n_budget_lines);

/// In the unit of the scenario key.
double declared(const World& world, BudgetLine line) {
  const Uncertain& effect =
      world.scenario->funding.lines[static_cast<std::size_t>(line)].effect;
  return effect.is_set ? world.future.value(effect) : 0.0;
}

bool is_percent(BudgetLine line) { return info(line).effect_unit.starts_with('%'); }

/// Rows of the sites that a line lies beside.
std::vector<std::size_t> sites_beside(const World& world, BudgetLine line) {
  const auto& named = world.scenario->funding.lines[static_cast<std::size_t>(line)].sites;
  std::vector<std::size_t> rows;
  for (std::size_t site = 0; site < world.n_sites(); ++site) {
    const std::string& id = site_facts(world, site).site_id;
    if (std::find(named.begin(), named.end(), id) != named.end()) rows.push_back(site);
  }
  return rows;
}

}  // namespace

std::span<const LineInfo, n_budget_lines> budget_lines() { return lines; }

OfficeMoney::OfficeMoney(const World& world)
    : crowd_(std::min(greatest_crowd, world.future[Param::budget_crowd_share])) {
  for (std::size_t l = 0; l < n_budget_lines; ++l) {
    shares_[l] = world.future.value(world.scenario->funding.lines[l].share_pct);
    sum_ += shares_[l];
  }
  // Percent are whole numbers as a rule: their sum is exact, that of fractions is not.
  sum_ *= 0.01;
  for (double& share : shares_) share *= 0.01;
}

double OfficeMoney::left_factor() const {
  return std::max(0.0, 1.0 - crowd_ * sum_) / (1.0 - crowd_);
}

double OfficeMoney::crowded() const { return std::min(1.0, crowd_ * sum_); }

double OfficeMoney::line(double department, BudgetLine line) const {
  return sum_ > 0.0 ? department * crowded() * share(line) / sum_ : 0.0;
}

double OfficeMoney::reach(BudgetLine line) const {
  const double usual = info(line).share_pct * 0.01;
  if (!(usual > 0.0)) return share(line) > 0.0 ? 1.0 : 0.0;
  return std::min(1.0, share(line) / usual);
}

double effect_of(const World& world, BudgetLine line) {
  return declared(world, line) * (is_percent(line) ? 0.01 : 1.0);
}

double works_share(const World& world, BudgetLine line) {
  if (line == BudgetLine::waterfront) return 1.0;
  if (line != BudgetLine::strategic_infrastructure) return 0.0;
  return std::clamp(effect_of(world, line), 0.0, 1.0);
}

void set_line_effects(World& world, const std::array<double, n_budget_lines>& line_idr_mn) {
  using enum BudgetLine;
  const OfficeMoney office(world);
  const auto billions = [&](BudgetLine l) {
    return line_idr_mn[static_cast<std::size_t>(l)] * 1e-3;
  };
  const auto reached = [&](BudgetLine l) { return effect_of(world, l) * office.reach(l); };
  LineEffects e;
  const double floor = effect_of(world, office_admin);
  const double admin = office.line(1.0, office_admin);
  e.officer_factor = (floor > 0.0 ? std::min(1.0, admin / floor) : 1.0) *
                     (1.0 + effect_of(world, capacity_building) * billions(capacity_building));
  e.verification_factor = 1.0 - std::min(1.0, reached(discipline));
  e.booking_factor =
      1.0 - std::min(1.0, effect_of(world, reporting_system) * billions(reporting_system));
  e.lead_months = reached(strategic_planning);
  e.lighting = effect_of(world, street_lighting);
  e.lit_consent = consent_over_engagement * e.lighting;
  e.lit_share = office.reach(street_lighting);
  e.park_value = reached(parks);
  e.green_relief = effect_of(world, green_space) * billions(green_space);
  world.money.line_effects = e;
  std::fill(world.sites.park_value.begin(), world.sites.park_value.end(), 0.0f);
  for (const std::size_t site : sites_beside(world, parks)) {
    world.sites.park_value[site] = static_cast<float>(e.park_value);
  }
}

void tend_green_space(World& world) {
  const double relief = world.money.line_effects.green_relief;
  const auto sites = sites_beside(world, BudgetLine::green_space);
  if (!(relief > 0.0) || sites.empty()) return;
  const double each = relief / static_cast<double>(sites.size());
  for (const std::size_t site : sites) {
    for (const std::uint32_t rt : world.sites.rts[site]) relieve_floods(world, rt, each);
  }
}

double light_rank_of(const Future& future, sim::EntityKey rt) {
  const sim::Chance chance(future.seed(), static_cast<std::uint32_t>(Draw::street_lighting),
                           sim::start_state);
  return chance.fine_uniform(rt);
}

double consent_from_light(const World& world, std::size_t rt) {
  const LineEffects& e = world.money.line_effects;
  return world.rts.light_rank[rt] < e.lit_share ? e.lit_consent : 0.0;
}

double amenity(const World& world, std::size_t rt) {
  const double water = world.rts.waterfront[rt] != 0
                           ? world.future[Param::value_gain_waterfront]
                           : 0.0;
  return water + static_cast<double>(world.sites.park_value[world.rts.site[rt]]);
}

double greatest_amenity(const World& world) {
  return world.future[Param::value_gain_waterfront] +
         std::max(0.0, effect_of(world, BudgetLine::parks));
}

}  // namespace musi::models
