#include "models/housing/self_build.h"

#include <algorithm>
#include <vector>

#include "models/draws.h"
#include "models/population/synthesis.h"
#include "models/population/traits.h"
#include "models/stocks/failures.h"
#include "sim/core/ask_for.h"
#include "sim/core/check.h"
#include "sim/core/key_tile.h"
#include "sim/core/portable_math.h"

namespace musi::models {
namespace {

namespace portable = sim::portable;

constexpr double share_saved = 0.8;  ///< of the cost, before a household dares; assumed
constexpr double savings_cap = 2.0;  ///< savings beyond twice the cost add nothing; assumed
constexpr double margin = 1e-6;      ///< of bounds of chances: more than rounding takes away
constexpr float space_chance = 0.5f; ///< a house step also gives enough space; assumed
}  // namespace

SelfBuild::SelfBuild(const Params& params) : params_(params) {
  least_[house] = static_cast<float>(share_saved * params.cost_house);
  least_[water] =
      static_cast<float>(share_saved * std::min(params.cost_water_poor, params.cost_water));
  least_[sanitation] = static_cast<float>(share_saved * params.cost_sanitation);
  cost_[0] = {params.cost_house, params.cost_water, params.cost_sanitation};
  cost_[1] = {params.cost_house, params.cost_water_poor, params.cost_sanitation};
  for (std::size_t i = 0; i < cost_.size(); ++i) order_[i] = by_cost(cost_[i]);
  const double keenest = params.c0 + std::max(0.0, savings_cap * params.c1) +
                         std::max(0.0, params.c2) + std::max(0.0, params.c3) +
                         std::max(0.0, params.c4);
  keenest_ = keenest;
  for (std::size_t i = 0; i < most_likely_at_.size(); ++i) {
    const double x = keenest - static_cast<double>(i) / steps_per_logit;
    most_likely_at_[i] = static_cast<float>(chance_at(x) + margin);
  }
  const float most_likely = std::min(1.0f, most_likely_at_.front());
  tries_of_256_ = std::min(256u, static_cast<std::uint32_t>(most_likely * 256.0f) + 1u);
}

std::array<SelfBuild::What, 3> SelfBuild::by_cost(const std::array<double, 3>& cost) {
  std::array<What, 3> order{house, water, sanitation};
  std::sort(order.begin(), order.end(), [&](What a, What b) {
    return cost[a] != cost[b] ? cost[a] < cost[b] : a < b;
  });
  return order;
}

double SelfBuild::chance_at(double index) const {
  return 1.0 - portable::exp(-portable::logistic(index) / (12.0 * params_.revision));
}

bool SelfBuild::succeeds(double trial, double index) const {
  const double below = std::max(0.0, (keenest_ - index) * steps_per_logit);
  const std::size_t last = most_likely_at_.size() - 1;
  const std::size_t i = std::min(static_cast<std::size_t>(below), last);
  if (trial >= static_cast<double>(most_likely_at_[i])) return false;
  if (i < last && trial < static_cast<double>(most_likely_at_[i + 1]) - 2.0 * margin) return true;
  return trial < chance_at(index);
}

SelfBuild::Params SelfBuild::params_of(const World& world) {
  const Future& f = world.future;
  const double crowding_out = f[Param::crowding_out_elasticity];
  return {.c0 = f[Param::self_c0],
          .c1 = f[Param::self_c1],
          .c2 = portable::log(1.0 + f[Param::tenure_investment_effect]),
          .c3 = f[Param::self_c3],
          .c4 = f.crowds_out() ? crowding_out
                               : portable::log(1.0 + f[Param::neighbour_investment_effect]),
          .revision = f[Param::part_revision_rate],
          .cost_house = f[Param::house_self_step],
          .cost_sanitation = f[Param::wastewater_household],
          .cost_water_poor = f[Param::water_connection_fee_poor],
          .cost_water = f[Param::water_connection_fee],
          .poor_income = f[Param::repair_grant_income_limit],
          .income = IncomeProcess::of(f)};
}

void SelfBuild::decide_one(const World& world, sim::Month month, double poor_log_income,
                           const Candidate& candidate, const std::array<float, 4>& u,
                           std::vector<Investment>& investments) const {
  const Households& h = world.households;
  const Neighbourhoods& rts = world.rts;
  const std::uint32_t row = candidate.row;
  const std::uint32_t flags = h.flags[row];
  const std::size_t rt = h.record[row].rt;
  const double bound = static_cast<double>(tries_of_256_) / 256.0;
  bool is_poor = false;
  if ((candidate.kinds & lacks[water]) != 0) {
    is_poor = static_cast<double>(h.record[row].log_income()) <= poor_log_income;
  }
  const std::array<double, 3>& cost = cost_[is_poor ? 1 : 0];
  const double households = std::max(1.0, static_cast<double>(rts.n_households[rt]));
  const double fit_share = 1.0 - static_cast<double>(rts.n_unfit[rt]) / households;
  const bool works = month < rts.works_until[rt];
  const double common = params_.c0 +
                        (tenure_of(flags) == Tenure::title ? params_.c2 : 0.0) +
                        params_.c3 * fit_share + (works ? params_.c4 : 0.0);
  double savings = static_cast<double>(h.record[row].savings);
  for (const What what : order_[is_poor ? 1 : 0]) {
    if ((candidate.kinds & lacks[what]) == 0) continue;
    if (savings < share_saved * cost[what]) continue;
    const double saved =
        cost[what] > 0.0 ? std::min(savings_cap, savings / cost[what]) : savings_cap;
    const double index = common + params_.c1 * saved;
    MUSI_HOT_EXPECT(chance_at(index) <= bound);
    if (!succeeds(static_cast<double>(u[what]) * bound, index)) continue;
    savings = std::max(0.0, savings - cost[what]);
    investments.push_back(
        {row, what, what == house && u[3] < space_chance, static_cast<float>(cost[what])});
  }
}

void SelfBuild::decide(const World& world, const sim::Step& step,
                       std::span<const Candidate> candidates,
                       std::vector<Investment>& investments) const {
  constexpr std::size_t batch = 64;
  const sim::Chance chance = step.chance(Draw::self_investment);
  const double poor_log_income =
      portable::log(params_.poor_income / params_.income.level(step.month));
  sim::KeyTile<batch> drawn;
  const auto& words = drawn.words;
  for (std::size_t first = 0; first < candidates.size(); first += batch) {
    const auto some = candidates.subspan(first, std::min(batch, candidates.size() - first));
    for (std::size_t i = 0; i < some.size(); ++i) {
      drawn.keys[i] = world.households.record[some[i].row].key;
    }
    drawn.draw(chance, some.size());
    for (std::size_t i = 0; i < some.size(); ++i) {
      const std::array<float, 4> u{sim::uniform24(words[0][i]), sim::uniform24(words[1][i]),
                                   sim::uniform24(words[2][i]), sim::uniform24(words[3][i])};
      decide_one(world, step.month, poor_log_income, some[i], u, investments);
    }
  }
}

void SelfBuild::carry_out(World& world, const sim::Step& step,
                          std::span<const Investment> investments) const {
  const UnitLives lives(world.future);
  const Households& h = world.households;
  constexpr std::size_t ahead = 48;  // they lie far apart, and all others were visited in between
  std::vector<sim::EntityKey> keys;
  keys.reserve(investments.size());
  for (std::size_t i = 0; i < investments.size(); ++i) {
    if (i + ahead < investments.size()) sim::ask_for(&h.record[investments[i + ahead].row]);
    keys.push_back(unit_key(h.record[investments[i].row].key, investments[i].what));
  }
  std::vector<double> log_lives(keys.size());
  draw_lives(world.future.seed(), step.month, keys, lives.phases(), log_lives);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (i + ahead < keys.size()) {
      const std::uint32_t row = investments[i + ahead].row;
      sim::ask_for(&h.record[row]);
      sim::ask_for(&h.flags[row]);
      sim::ask_for(&h.fails[row]);
    }
    carry_out(world, investments[i], lives, log_lives[i]);
  }
}

void SelfBuild::carry_out(World& world, const Investment& investment, const UnitLives& lives,
                          double log_life) const {
  Households& h = world.households;
  const std::size_t row = investment.row;
  const std::size_t rt = h.record[row].rt;
  h.record[row].savings = std::max(0.0f, h.record[row].savings - investment.cost);
  const std::uint32_t space = investment.gives_space ? flag::crowded : 0u;
  world.change_flags(row, rt, 0, lacks[investment.what] | space);
  const float fails = static_cast<float>(world.rts.clock_calendar[rt]) +
                      static_cast<float>(lives.years(log_life, h.flags[row], investment.what,
                                                     world.rts.tide[rt]));
  h.fails[row].of(investment.what) = fails;
  note_failure_age(world, rt, fails);
  ++world.state.counts.self_investments;
}

}  // namespace musi::models
