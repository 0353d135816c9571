#include "models/stocks/refresh.h"

#include <algorithm>
#include <numeric>
#include <span>
#include <vector>

#include "models/stocks/rt_columns.h"
#include "sim/core/best_level.h"

namespace musi::models {
namespace {

constexpr std::size_t most = RtTile::most;

constexpr std::size_t at(Criterion criterion) { return static_cast<std::size_t>(criterion); }

/// Quotient within 0 to 1; nothing to divide by gives no points (rules.csv).
constexpr float clamp01(float x) { return x < 0.0f ? 0.0f : (x > 1.0f ? 1.0f : x); }
constexpr float ratio(float numerator, float denominator) {
  const float quotient = numerator / (denominator > 0.0f ? denominator : 1.0f);
  return denominator > 0.0f ? clamp01(quotient) : 0.0f;
}
/// Share without what serves `good` units.
constexpr float unserved(float good, float denominator) {
  return denominator > 0.0f ? 1.0f - ratio(good, denominator) : 0.0f;
}

/// What shares and points depend on beside the RTs.
struct Yardstick {
  explicit Yardstick(const World& world)
      : drain_weight(static_cast<float>(world.future[Param::flood_drain_weight])),
        density_limit(static_cast<float>(units_over_dense(*world.city))),
        rule(cut_rule(*world.scenario)) {}

  float drain_weight, density_limit;
  CutRule rule;
};

/// Writes the sixteen shares of a tile of RTs and their score, criterion by criterion, so that
/// loops vectorise.
class ShareWriter {
 public:
  MUSI_BODY ShareWriter(RtTile& rts, const Yardstick& by) : rts_(rts), by_(by) {}

  MUSI_BODY void write() {
    rts_.score = {};
    buildings();
    roads();
    drains();
    households();
  }

 private:
  template <class Function>
  MUSI_BODY void put(Criterion criterion, Function&& share_of) {
    auto& shares = rts_.shares[at(criterion)];
    for (std::size_t i = 0; i < most; ++i) shares[i] = share_of(i);
    for (std::size_t i = 0; i < most; ++i) rts_.score[i] += points(shares[i], by_.rule);
  }
  /// Good units of all phases of the RT at place i.
  MUSI_BODY float good(Stock stock, std::size_t i) const {
    static_assert(n_phases == 4);
    const auto& phase = rts_.good[static_cast<std::size_t>(stock)];
    return phase[0][i] + phase[1][i] + phase[2][i] + phase[3][i];
  }

  MUSI_BODY void buildings() {
    const RtTile& r = rts_;
    put(Criterion::c1a, [&](std::size_t i) { return ratio(r.irregular[i], r.buildings[i]); });
    put(Criterion::c1b, [&](std::size_t i) {
      const float room = r.area[i] * by_.density_limit;
      const float added = r.buildings[i] - r.buildings_at_start[i];
      return clamp01(r.overdense_at_start[i] + (room > 0.0f ? added / room : 0.0f));
    });
    put(Criterion::c7a,
        [&](std::size_t i) { return unserved(good(Stock::hydrant, i), r.buildings[i]); });
    put(Criterion::c7b,
        [&](std::size_t i) { return unserved(good(Stock::extinguisher, i), r.buildings[i]); });
  }

  MUSI_BODY void roads() {
    const RtTile& r = rts_;
    put(Criterion::c2a, [&](std::size_t i) { return ratio(r.miss_road[i], r.ideal_road[i]); });
    put(Criterion::c2b, [&](std::size_t i) {
      const float surfaced = good(Stock::path_land, i) + good(Stock::path_river, i);
      return ratio(r.ideal_road[i] - r.miss_road[i] - surfaced, r.ideal_road[i]);
    });
  }

  MUSI_BODY void drains() {
    const RtTile& r = rts_;
    put(Criterion::c4a, [&](std::size_t i) {
      const float ideal = r.ideal_drain[i];
      const float bad = ratio(ideal - good(Stock::drain, i) * (1.0f - r.clog[i]), ideal);
      const float guarded = ratio(good(Stock::flood_works, i), r.area[i]);
      return clamp01(flooded_share(guarded, r.tide[i], by_.drain_weight, bad));
    });
    put(Criterion::c4b, [&](std::size_t i) { return ratio(r.miss_drain[i], r.ideal_drain[i]); });
    put(Criterion::c4c, [&](std::size_t i) {
      return ratio(r.ideal_drain[i] - r.miss_drain[i] - good(Stock::drain, i), r.ideal_drain[i]);
    });
  }

  MUSI_BODY void households() {
    const RtTile& r = rts_;
    lacking(Criterion::c1c, r.n_unfit);
    lacking(Criterion::c3a, r.n_no_water);
    lacking(Criterion::c3b, r.n_low_water);
    lacking(Criterion::c5a, r.n_no_toilet);
    lacking(Criterion::c5b, r.n_no_tank);
    put(Criterion::c6a, [&](std::size_t i) {
      return unserved(good(Stock::waste_kit, i), count(r.n_households, i));
    });
    put(Criterion::c6b, [&](std::size_t i) {
      return count(r.n_households, i) > 0.0f ? clamp01(1.0f - r.waste_service[i]) : 0.0f;
    });
  }
  MUSI_BODY void lacking(Criterion criterion, const RtTile::Column<std::uint32_t>& counter) {
    put(criterion, [&](std::size_t i) {
      return ratio(count(counter, i), count(rts_.n_households, i));
    });
  }

  MUSI_BODY static float count(const RtTile::Column<std::uint32_t>& counter, std::size_t i) {
    return static_cast<float>(static_cast<std::int32_t>(counter[i]));
  }

  RtTile& rts_;
  const Yardstick by_;
};

void score_tile(RtTile& rts, const Yardstick& by) {
  sim::at_best_level([&]() MUSI_LOOP { ShareWriter(rts, by).write(); });
}

/// Books the class of an RT and the hectares that crossed the line.
void move_to_class(World& world, std::size_t rt, Slum next) {
  Neighbourhoods& rts = world.rts;
  const bool was_slum = rts.physical_class[rt] != Slum::not_slum;
  const bool is_slum = next != Slum::not_slum;
  if (was_slum && !is_slum) {
    world.state.counts.cleared_ha += static_cast<double>(rts.area[rt]);
    rts.was_clear[rt] = 1;
  } else if (!was_slum && is_slum && rts.was_clear[rt] != 0) {
    world.state.counts.relapsed_ha += static_cast<double>(rts.area[rt]);
  }
  rts.physical_class[rt] = next;
}

void settle(World& world, std::size_t rt) {
  Neighbourhoods& rts = world.rts;
  rts.touched[rt] = 0;
  const Slum next = static_cast<Slum>(class_of(rts.physical_score[rt]));
  if (next != rts.physical_class[rt]) move_to_class(world, rt, next);
}

/// RTs from anywhere, in the order of their rows.
void refresh_rows(World& world, std::span<const std::uint32_t> rows, const AgeingRates& rates) {
  RtTile tile{};
  const Yardstick by(world);
  for (std::size_t first = 0; first < rows.size(); first += most) {
    const auto part = rows.subspan(first, std::min(most, rows.size() - first));
    tile.take_works(world.rts, part, rates.phases);
    tile.take_rest(world.rts, part);
    age_tile(tile, rates);
    score_tile(tile, by);
    tile.give_works(world.rts, part, rates.phases);
    tile.give_scores(world.rts, part);
  }
  for (const std::uint32_t rt : rows) settle(world, rt);
}

}  // namespace

double units_over_dense(const City& city) {
  const bool large =
      city.size_class == SizeClass::metropolitan || city.size_class == SizeClass::large;
  return large ? 250.0 : 200.0;
}

void refresh(World& world, std::size_t rt) {
  const std::uint32_t row = static_cast<std::uint32_t>(rt);
  refresh_rows(world, {&row, 1}, AgeingRates(world.future));
}

void refresh(World& world) {
  std::vector<std::uint32_t> rows(world.n_rts());
  std::iota(rows.begin(), rows.end(), 0u);
  refresh_rows(world, rows, AgeingRates(world.future));
}

float bad_drain_share(const Neighbourhoods& rts, std::size_t rt) {
  const float ideal = rts.ideal_drain[rt];
  const float working = good_units(rts, Stock::drain, rt) * (1.0f - rts.clog[rt]);
  return ratio(ideal - working, ideal);
}

double denominator(const World& world, std::size_t rt, std::size_t criterion) {
  const Neighbourhoods& rts = world.rts;
  switch (static_cast<Criterion>(criterion)) {
    case Criterion::c1a:
    case Criterion::c7a:
    case Criterion::c7b: return static_cast<double>(rts.buildings[rt]);
    case Criterion::c1b:
    case Criterion::c4a: return static_cast<double>(rts.area[rt]);
    case Criterion::c2a:
    case Criterion::c2b: return static_cast<double>(rts.ideal_road[rt]);
    case Criterion::c4b:
    case Criterion::c4c: return static_cast<double>(rts.ideal_drain[rt]);
    default: return static_cast<double>(rts.n_households[rt]);
  }
}

Shares shares_of(const std::array<std::vector<float>, n_criteria>& book, std::size_t rt) {
  Shares shares{};
  for (std::size_t k = 0; k < n_criteria; ++k) shares[k] = book[k][rt];
  return shares;
}

CutRule cut_rule(const Scenario& scenario) {
  return scenario.score.law_cuts ? CutRule::law : CutRule::operational;
}

Standing standing_of(const Shares& shares, CutRule rule) {
  const int total = score_total(shares, rule);
  return {static_cast<std::uint8_t>(total), static_cast<Slum>(class_of(total))};
}

bool counts_as_slum(const Scenario& scenario, Slum slum,
                    const std::array<std::vector<float>, n_criteria>& book, std::size_t rt) {
  if (slum != Slum::not_slum) return true;
  return scenario.score.exit_needs_services &&
         !services_reach_exit(served_shares(shares_of(book, rt)));
}

Refresh::Refresh(const World& world) : rates_(world.future) {}

void Refresh::step(World& world, const sim::Step& step) {
  const bool all = sim::Clock::ends_quarter(step.month);
  std::vector<std::uint32_t> rows(world.n_rts());
  std::size_t n = 0;
  for (std::size_t rt = 0; rt < rows.size(); ++rt) {
    rows[n] = static_cast<std::uint32_t>(rt);
    n += all || world.rts.touched[rt] != 0 ? 1 : 0;
  }
  refresh_rows(world, std::span(rows).first(n), rates_);
}

}  // namespace musi::models
