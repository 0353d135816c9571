#include "models/start/households.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "models/draws.h"
#include "models/population/traits.h"
#include "models/start/survey.h"
#include "sim/core/check.h"
#include "sim/core/quantile_columns.h"

namespace musi::models {
namespace {

enum : std::size_t {
  c1a, c1b, c1c, c2a, c2b, c3a, c3b, c4a, c4b, c4c, c5a, c5b, c6a, c6b, c7a, c7b
};

/// Shares of existing good units in the ageing phases; assumed (MODEL.md 8.6).
constexpr std::array<double, 3> start_phases{0.40, 0.35, 0.25};

double phase_share(int phase, int n_phases_used) {
  if (n_phases_used == 3) return start_phases[static_cast<std::size_t>(phase)];
  return 1.0 / n_phases_used;
}

/// A deficit of households: its criterion, its flag, and whether it is the house.
struct HouseholdDeficit {
  std::size_t criterion;
  std::uint32_t flag;
  bool is_house;
};
constexpr HouseholdDeficit household_deficits[] = {{c1c, flag::lacks_house, true},
                                                   {c3a, flag::lacks_water, false},
                                                   {c3b, flag::low_water, false},
                                                   {c5a, flag::lacks_toilet, false},
                                                   {c5b, flag::lacks_tank, false}};

/// Weights of income score, house score and own normal in the latent score of one deficit.
struct Loadings {
  double income, house, own;
};

Loadings loadings(const Future& f, bool is_house) {
  const double income_house = f[Param::corr_income_house];
  if (is_house) return {income_house, 0.0, std::sqrt(1.0 - income_house * income_house)};
  const double income = f[Param::corr_income_services];
  const double rest = (f[Param::corr_house_services] - income_house * income) /
                      std::sqrt(1.0 - income_house * income_house);
  const double own = std::sqrt(std::max(0.05, 1.0 - income * income - rest * rest));
  return {income, rest, own};
}

constexpr std::size_t n_units = 3;  ///< house, water, sanitation

/// Scratch of one RT.
struct Block {
  std::vector<double> income, house;          ///< scores
  std::array<std::vector<float>, std::size(household_deficits)> own;  ///< normals of the deficits
  std::vector<std::pair<double, std::size_t>> order;
  std::vector<sim::EntityKey> keys;
  std::vector<NewHousehold> wanted;
  std::vector<HouseholdRow> rows;
  std::vector<float> threshold, propensity;   ///< normals of the constant of engagement
  std::vector<double> lives;                  ///< by household and unit
  std::vector<std::array<std::vector<std::uint32_t>, 4>> words;  ///< by block, word, household

  void resize(std::size_t n) {
    const auto to = [n](auto&... columns) { (columns.resize(n), ...); };
    to(income, house, keys, wanted, rows, threshold, propensity);
    for (auto& column : own) column.resize(n);
    lives.resize(n_units * n);
  }
  /// Blocks `number` to `number + n` of all keys into the first n of `words`.
  void draw(const sim::Chance& chance, std::uint32_t number, std::uint32_t n) {
    if (words.size() < n) words.resize(n);
    for (std::uint32_t k = 0; k < n; ++k) {
      for (auto& word : words[k]) word.resize(keys.size());
      chance.blocks(keys, words[k][0], words[k][1], words[k][2], words[k][3], number + k);
    }
  }
  const std::vector<std::uint32_t>& word(std::size_t i) const { return words[i / 4][i % 4]; }
};

/// Gives deficit d to exactly the n rows with the lowest scores; ties by key.
void give(World& world, std::size_t rt, std::size_t d, const Loadings& weight, Block& block) {
  const HouseholdDeficit& deficit = household_deficits[d];
  const std::size_t first = world.rts.first_row[rt];
  const std::size_t n_rows = world.rts.n_rows[rt];
  const double share = world.rts.start_share[deficit.criterion][rt];
  const auto n = static_cast<std::size_t>(std::floor(share * static_cast<double>(n_rows) + 0.5));
  if (n == 0) return;
  block.order.clear();
  for (std::size_t i = 0; i < n_rows; ++i) {
    const double score = weight.income * block.income[i] + weight.house * block.house[i] +
                         weight.own * static_cast<double>(block.own[d][i]);
    block.order.emplace_back(score, i);
  }
  const auto before = [&](const auto& a, const auto& b) {
    if (a.first != b.first) return a.first < b.first;
    return world.households.record[first + a.second].key <
           world.households.record[first + b.second].key;
  };
  if (n < n_rows) {
    std::nth_element(block.order.begin(), block.order.begin() + static_cast<std::ptrdiff_t>(n - 1),
                     block.order.end(), before);
  }
  for (std::size_t i = 0; i < n; ++i) {
    world.households.flags[first + block.order[i].second] |= deficit.flag;
  }
}

/// Phases behind a unit at the start, from one uniform.
int phases_behind(double u, int n_phases_used) {
  int phase = 0;
  for (int p = 0; p + 1 < n_phases_used; ++p) {
    const bool is_past = phase == p && u >= phase_share(p, n_phases_used);
    u -= is_past ? phase_share(p, n_phases_used) : 0.0;
    phase += is_past ? 1 : 0;
  }
  return phase;
}

/// Remaining lives of what the households of an RT have. Each unit takes one word for its phase and
/// one for each phase that there is.
void age_units(World& world, std::size_t rt, const sim::Chance& chance, const UnitLives& lives,
               Block& block) {
  Households& h = world.households;
  const std::size_t first = world.rts.first_row[rt];
  const std::size_t n_phases_used = static_cast<std::size_t>(lives.phases());
  const std::size_t words_of_unit = 1 + n_phases_used;
  block.draw(chance, 0, static_cast<std::uint32_t>((n_units * words_of_unit + 3) / 4));
  const std::size_t n = block.keys.size();
  for (std::size_t what = 0; what < n_units; ++what) {
    const std::size_t word = what * words_of_unit;
    const auto uniform = [&](std::size_t k, std::size_t i) {
      return static_cast<double>(sim::uniform24(block.word(word + k)[i]));
    };
    for (std::size_t i = 0; i < n; ++i) {
      const int left = lives.phases() - phases_behind(uniform(0, i), lives.phases());
      double product = 1.0;
      for (std::size_t p = 0; p < n_phases_used; ++p) {
        product *= static_cast<int>(p) < left ? uniform(1 + p, i) : 1.0;
      }
      block.lives[what * n + i] = product;
    }
  }
  sim::logs(block.lives);
  constexpr std::uint32_t lacks[n_units] = {flag::lacks_house, flag::lacks_water,
                                            flag::lacks_toilet | flag::lacks_tank};
  const float tide = world.rts.tide[rt];
  float& next = world.rts.next_failure[rt];
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint32_t flags = h.flags[first + i];
    FailureAges& fails = h.fails[first + i];
    for (std::size_t what = 0; what < n_units; ++what) {
      const int unit = static_cast<int>(what);
      const double years = lives.years(block.lives[what * n + i], flags, unit, tide);
      if ((flags & lacks[what]) == 0) fails.of(unit) = static_cast<float>(years);
    }
    next = std::min(next, fails.least());
  }
}

/// What people are drawn from.
struct Origins {
  explicit Origins(const World& world)
      : traits(world), engagement(world.future), lives(world.future),
        house(loadings(world.future, true)), services(loadings(world.future, false)) {}

  TraitModel traits;
  EngagementConstant engagement;
  UnitLives lives;
  Loadings house, services;
};

void people_rt(World& world, std::size_t rt, const Origins& origins, Block& block) {
  Neighbourhoods& rts = world.rts;
  Households& h = world.households;
  const std::size_t n = rts.n_rows[rt];
  const std::size_t first = rts.first_row[rt];
  const bool is_ulu = world.sites.is_ulu[rts.site[rt]] != 0;
  const auto start_chance = [&](Draw decision) {
    return sim::Chance(world.future.seed(), static_cast<std::uint32_t>(decision),
                       sim::start_state);
  };
  const sim::Chance traits = start_chance(Draw::household_traits);
  block.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    block.keys[i] = sim::mix(rts.key[rt], i);
    block.wanted[i] = {.key = block.keys[i], .share_river = rts.share_river[rt], .is_ulu = is_ulu};
  }
  origins.traits.draw(traits, block.wanted, block.rows, block.income);
  block.draw(traits, engagement_block, 1);
  sim::normals(block.word(0), block.threshold);
  sim::normals(block.word(1), block.propensity);
  for (std::size_t i = 0; i < n; ++i) {
    HouseholdRow& row = block.rows[i];
    row.c0 = origins.engagement(block.threshold[i], block.propensity[i], row.flags);
    world.set_row(first + i, row);
    h.record[first + i].rt = static_cast<std::uint32_t>(rt);
  }
  block.draw(start_chance(Draw::deficit_assignment), 0, 2);
  for (std::size_t d = 0; d < block.own.size(); ++d) sim::normals(block.word(d), block.own[d]);
  for (std::size_t i = 0; i < n; ++i) block.house[i] = static_cast<double>(block.own[0][i]);
  for (std::size_t d = 0; d < std::size(household_deficits); ++d) {
    give(world, rt, d, household_deficits[d].is_house ? origins.house : origins.services, block);
  }
  rts.next_failure[rt] = no_failure;
  age_units(world, rt, start_chance(Draw::initial_ages), origins.lives, block);
  world.recount(rt);
}

/// Puts unfit owner-occupied houses on the official list: as many as the city's list has in the
/// sites, else the share rtlh_list_share. MODEL.md 8.5.
void list_unfit_houses(World& world) {
  Households& h = world.households;
  const sim::Chance chance(world.future.seed(), static_cast<std::uint32_t>(Draw::official_list),
                           sim::start_state);
  std::vector<std::pair<std::uint32_t, std::size_t>> candidates;
  for (std::size_t i = 0; i < h.size_rows(); ++i) {
    const std::uint32_t f = h.flags[i];
    if ((f & flag::alive) == 0 || (f & flag::lacks_house) == 0 || !is_owner(f)) continue;
    candidates.emplace_back(chance.block(h.record[i].key)[0], i);
  }
  world.start.owner_unfit = static_cast<double>(candidates.size());
  double wanted = world.future[Param::rtlh_list_share] * static_cast<double>(candidates.size());
  if (world.city->official_unfit_houses >= 0.0) {
    double all = 0.0;
    for (const SiteFacts& site : world.city->sites) all += std::max(0.0, site.area_ha);
    double here = 0.0;
    for (const float area : world.sites.area) here += static_cast<double>(area);
    wanted = world.city->official_unfit_houses * world.future[Param::house_money_in_sites] *
             (all > 0.0 ? std::min(1.0, here / all) : 1.0);
  }
  std::sort(candidates.begin(), candidates.end());
  const std::size_t n = std::min(candidates.size(),
                                 static_cast<std::size_t>(std::floor(wanted + 0.5)));
  for (std::size_t i = 0; i < n; ++i) h.flags[candidates[i].second] |= flag::listed;
  world.start.households_on_official_list = static_cast<double>(n);
}

void set_good(World& world, Stock stock, std::size_t rt, double units) {
  const int n = world.future.ageing_phases();
  for (int phase = 0; phase < n; ++phase) {
    world.rts.good[static_cast<std::size_t>(stock)][static_cast<std::size_t>(phase)][rt] =
        static_cast<float>(units * phase_share(phase, n));
  }
}

}  // namespace

void people(World& world) {
  Neighbourhoods& rts = world.rts;
  std::size_t rows = 0;
  for (std::size_t rt = 0; rt < rts.size(); ++rt) {
    const std::uint32_t n = rts.n_households[rt];
    rts.first_row[rt] = static_cast<std::uint32_t>(rows);
    rts.n_rows[rt] = n;
    rts.capacity[rt] = static_cast<std::uint32_t>(n + rows_to_spare(n));
    rows += rts.capacity[rt];
  }
  world.households.reserve(rows);
  world.households.resize(rows);
  const Origins origins(world);
  Block block;
  for (std::size_t rt = 0; rt < rts.size(); ++rt) people_rt(world, rt, origins, block);
  fit_populations(world);
  list_unfit_houses(world);
}

void stock_up(World& world) {
  Neighbourhoods& rts = world.rts;
  const Future& f = world.future;
  const double omega = f[Param::flood_drain_weight];
  const double life = f[Param::life_drain_uncleaned] * f[Param::life_factor];
  for (std::size_t rt = 0; rt < rts.size(); ++rt) {
    const auto share = [&](std::size_t k) { return double{rts.start_share[k][rt]}; };
    const double road = rts.ideal_road[rt];
    const double drain = rts.ideal_drain[rt];
    rts.miss_road[rt] = static_cast<float>(share(c2a) * road);
    rts.miss_drain[rt] = static_cast<float>(share(c4b) * drain);
    const double good_road = std::max(0.0, 1.0 - share(c2a) - share(c2b)) * road;
    const double good_drain = std::max(0.0, 1.0 - share(c4b) - share(c4c)) * drain;
    const double river = rts.share_river[rt];
    set_good(world, Stock::path_land, rt, (1.0 - river) * good_road);
    set_good(world, Stock::path_river, rt, river * good_road);
    set_good(world, Stock::drain, rt, good_drain);
    rts.irregular[rt] = static_cast<float>(share(c1a) * rts.buildings[rt]);
    rts.overdense_at_start[rt] = static_cast<float>(share(c1b));
    set_good(world, Stock::waste_kit, rt, (1.0 - share(c6a)) * rts.n_households[rt]);
    set_good(world, Stock::hydrant, rt, (1.0 - share(c7a)) * rts.buildings[rt]);
    set_good(world, Stock::extinguisher, rt, (1.0 - share(c7b)) * rts.buildings[rt]);
    rts.waste_service[rt] = static_cast<float>(1.0 - share(c6b));

    const double weight = f[Param::upkeep_board_weight];
    const double engaged = f.at_site(Param::part_initial_engaged,
                                     world.sites.key[rts.site[rt]]);
    const double upkeep = weight * world.sites.board[rts.site[rt]] + (1.0 - weight) * engaged;
    const double speed = 1.0 / life + f[Param::cleaning_rate] * upkeep;
    rts.clog[rt] = static_cast<float>(1.0 / (life * speed));
    const double bad =
        drain > 0.0 ? (share(c4b) + share(c4c)) + double{rts.clog[rt]} * good_drain / drain : 0.0;
    const double from_drains = omega * std::min(1.0, bad);
    const double flooded = share(c4a);
    double protected_share = 0.0;
    if (flooded >= from_drains) {
      rts.tide[rt] = static_cast<float>(
          std::clamp(1.0 - (1.0 - flooded) / (1.0 - from_drains), 0.0, 1.0));
    } else {
      protected_share = 1.0 - flooded / from_drains;
    }
    set_good(world, Stock::flood_works, rt, protected_share * rts.area[rt]);
  }
}

}  // namespace musi::models
