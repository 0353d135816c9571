#include "models/start/households.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "models/draws.h"
#include "models/population/traits.h"
#include "models/start/survey.h"
#include "sim/core/best_level.h"
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

/// Scratch of a batch of RTs; columns by household.
struct Batch {
  std::vector<double> income, house;          ///< scores
  std::array<std::vector<float>, std::size(household_deficits)> own;  ///< normals of the deficits
  std::vector<std::pair<double, std::size_t>> order;
  std::vector<sim::EntityKey> keys;
  std::vector<NewHousehold> wanted;
  std::vector<HouseholdRow> rows;
  std::vector<float> threshold, propensity;   ///< normals of the constant of engagement
  std::vector<double> luck, phase;            ///< of a unit: rest of a uniform, phases behind
  std::vector<double> lives;                  ///< by household and unit
  std::vector<std::array<std::vector<std::uint32_t>, 4>> words;  ///< by block, word, household

  void resize(std::size_t n) {
    const auto to = [n](auto&... columns) { (columns.resize(n), ...); };
    to(income, house, keys, wanted, rows, threshold, propensity, luck, phase);
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

/// Consecutive RTs that are drawn together.
struct Rts {
  std::size_t first, last;
};

/// Calls visit(rt, place of its first household in the batch).
template <class Visit>
void for_each_rt(const World& world, Rts rts, Visit&& visit) {
  std::size_t place = 0;
  for (std::size_t rt = rts.first; rt < rts.last; ++rt) {
    visit(rt, place);
    place += world.rts.n_rows[rt];
  }
}

/// Gives deficit d to exactly the n rows of an RT with the lowest scores; ties by key.
void give(World& world, std::size_t rt, std::size_t place, std::size_t d, const Loadings& weight,
          Batch& batch) {
  const HouseholdDeficit& deficit = household_deficits[d];
  const std::size_t first = world.rts.first_row[rt];
  const std::size_t n_rows = world.rts.n_rows[rt];
  const double share = world.rts.start_share[deficit.criterion][rt];
  const auto n = static_cast<std::size_t>(std::floor(share * static_cast<double>(n_rows) + 0.5));
  if (n == 0) return;
  batch.order.resize(n_rows);
  for (std::size_t i = 0; i < n_rows; ++i) {
    const std::size_t k = place + i;
    const double score = weight.income * batch.income[k] + weight.house * batch.house[k] +
                         weight.own * static_cast<double>(batch.own[d][k]);
    batch.order[i] = {score, i};
  }
  const auto before = [&](const auto& a, const auto& b) {
    if (a.first != b.first) return a.first < b.first;
    return batch.keys[place + a.second] < batch.keys[place + b.second];
  };
  if (n < n_rows) {
    std::nth_element(batch.order.begin(), batch.order.begin() + static_cast<std::ptrdiff_t>(n - 1),
                     batch.order.end(), before);
  }
  for (std::size_t i = 0; i < n; ++i) {
    world.households.flags[first + batch.order[i].second] |= deficit.flag;
  }
}

/// For each household the product of uniforms behind the life that one of its units has left. The
/// unit's first word tells the phases behind it, the others the lives of the phases to come. Loops
/// without branches, which vectorise.
void draw_products(Batch& batch, std::size_t word, std::size_t n_phases_used,
                   std::span<double> products) {
  constexpr double more_than_luck = 2.0;
  const std::size_t n = products.size();
  double* const luck = batch.luck.data();
  double* const phase = batch.phase.data();
  const auto uniforms = [&](std::size_t k) { return batch.word(word + k).data(); };
  double* const product = products.data();
  const std::uint32_t* drawn = uniforms(0);
  for (std::size_t i = 0; i < n; ++i) {
    luck[i] = static_cast<double>(sim::uniform24(drawn[i]));
    phase[i] = 0.0;
    product[i] = 1.0;
  }
  const int phases = static_cast<int>(n_phases_used);
  for (int p = 0; p + 1 < phases; ++p) {
    const double share = phase_share(p, phases), here = p;
    sim::at_best_level([&]() MUSI_LOOP {
      for (std::size_t i = 0; i < n; ++i) {
        const double limit = phase[i] == here ? share : more_than_luck;
        const double past = luck[i] >= limit ? 1.0 : 0.0;
        luck[i] -= past * share;
        phase[i] += past;
      }
    });
  }
  for (int p = 0; p < phases; ++p) {
    drawn = uniforms(1 + static_cast<std::size_t>(p));
    const double last_with_it = phases - p - 1;
    sim::at_best_level([&]() MUSI_LOOP {
      for (std::size_t i = 0; i < n; ++i) {
        const double u = static_cast<double>(sim::uniform24(drawn[i]));
        product[i] *= phase[i] <= last_with_it ? u : 1.0;
      }
    });
  }
}

/// Remaining lives of what the households of these RTs have. Each unit takes one word for its phase
/// and one for each phase that there is.
void age_units(World& world, Rts rts, const sim::Chance& chance, const UnitLives& lives,
               Batch& batch) {
  Households& h = world.households;
  const std::size_t n_phases_used = static_cast<std::size_t>(lives.phases());
  const std::size_t words_of_unit = 1 + n_phases_used;
  batch.draw(chance, 0, static_cast<std::uint32_t>((n_units * words_of_unit + 3) / 4));
  const std::size_t n = batch.keys.size();
  for (std::size_t what = 0; what < n_units; ++what) {
    draw_products(batch, what * words_of_unit, n_phases_used,
                  std::span(batch.lives).subspan(what * n, n));
  }
  sim::logs(batch.lives);
  constexpr std::uint32_t lacks[n_units] = {flag::lacks_house, flag::lacks_water,
                                            flag::lacks_toilet | flag::lacks_tank};
  for_each_rt(world, rts, [&](std::size_t rt, std::size_t place) {
    const std::size_t first = world.rts.first_row[rt];
    const float tide = world.rts.tide[rt];
    float next = no_failure;
    for (std::size_t i = 0; i < world.rts.n_rows[rt]; ++i) {
      const std::uint32_t flags = h.flags[first + i];
      FailureAges fails;
      for (std::size_t what = 0; what < n_units; ++what) {
        const int unit = static_cast<int>(what);
        const double years = lives.years(batch.lives[what * n + place + i], flags, unit, tide);
        if ((flags & lacks[what]) == 0) fails.of(unit) = static_cast<float>(years);
      }
      h.fails[first + i] = fails;
      next = std::min(next, fails.least());
    }
    world.rts.next_failure[rt] = next;
  });
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

void people_rts(World& world, Rts batch_rts, const Origins& origins, Batch& batch) {
  Neighbourhoods& rts = world.rts;
  const auto start_chance = [&](Draw decision) {
    return sim::Chance(world.future.seed(), static_cast<std::uint32_t>(decision),
                       sim::start_state);
  };
  const sim::Chance traits = start_chance(Draw::household_traits);
  std::size_t n = 0;
  for_each_rt(world, batch_rts, [&](std::size_t rt, std::size_t) { n += rts.n_rows[rt]; });
  batch.resize(n);
  for_each_rt(world, batch_rts, [&](std::size_t rt, std::size_t place) {
    const bool is_ulu = world.sites.is_ulu[rts.site[rt]] != 0;
    for (std::size_t i = 0; i < rts.n_rows[rt]; ++i) {
      const sim::EntityKey key = sim::mix(rts.key[rt], i);
      batch.keys[place + i] = key;
      batch.wanted[place + i] = {
          .key = key, .share_river = rts.share_river[rt], .is_ulu = is_ulu};
    }
  });
  origins.traits.draw(traits, batch.wanted, batch.rows, batch.income);
  batch.draw(traits, engagement_block, 1);
  sim::normals(batch.word(0), batch.threshold);
  sim::normals(batch.word(1), batch.propensity);
  for_each_rt(world, batch_rts, [&](std::size_t rt, std::size_t place) {
    for (std::size_t i = 0; i < rts.n_rows[rt]; ++i) {
      HouseholdRow& household = batch.rows[place + i];
      household.c0 = origins.engagement(batch.threshold[place + i], batch.propensity[place + i],
                                        household.flags);
      const std::size_t row = rts.first_row[rt] + i;
      world.set_household(row, household);
      world.households.record[row].rt = static_cast<std::uint32_t>(rt);
    }
  });
  batch.draw(start_chance(Draw::deficit_assignment), 0, 2);
  for (std::size_t d = 0; d < batch.own.size(); ++d) sim::normals(batch.word(d), batch.own[d]);
  std::copy(batch.own[0].begin(), batch.own[0].end(), batch.house.begin());
  for_each_rt(world, batch_rts, [&](std::size_t rt, std::size_t place) {
    for (std::size_t d = 0; d < std::size(household_deficits); ++d) {
      const bool is_house = household_deficits[d].is_house;
      give(world, rt, place, d, is_house ? origins.house : origins.services, batch);
    }
  });
  age_units(world, batch_rts, start_chance(Draw::initial_ages), origins.lives, batch);
  for (std::size_t rt = batch_rts.first; rt < batch_rts.last; ++rt) world.recount(rt);
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
    rts.n_rows[rt] = rts.rows_at_rest[rt] = n;
    rts.capacity[rt] = static_cast<std::uint32_t>(n + rows_to_spare(n));
    rows += rts.capacity[rt];
  }
  rts.ordered_rows = rows;
  world.households.reserve(rows);
  world.households.resize(rows);
  const Origins origins(world);
  constexpr std::size_t enough = 256;  // households side by side
  Batch batch;
  for (Rts part{0, 0}; part.last < rts.size(); part.first = part.last) {
    std::size_t n = 0;
    while (part.last < rts.size() && n < enough) n += rts.n_rows[part.last++];
    people_rts(world, part, origins, batch);
  }
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
