#include "models/stocks/refresh.h"

#include <algorithm>
#include <span>
#include <vector>

#include "models/stocks/rt_columns.h"

namespace musi::models {
namespace {

constexpr std::size_t tile = rt_tile;

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

/// Good units of all phases of a tile of RTs.
using Tile = std::array<float, tile>;
Tile good_of(const RtColumns& rts, Stock stock, std::size_t n) {
  const auto& phases = rts.good[static_cast<std::size_t>(stock)];
  Tile sum;  // many calls are for few RTs: the rest is not touched
  std::fill_n(sum.begin(), n, 0.0f);
  for (std::size_t p = 0; p < n_phases; ++p) {
    const float* column = phases[p];
    for (std::size_t i = 0; i < n; ++i) sum[i] += column[i];
  }
  return sum;
}

/// Writes the sixteen shares of a tile of RTs, criterion by criterion, so that loops vectorise.
class ShareWriter {
 public:
  ShareWriter(const World& world, const RtColumns& rts, std::size_t n)
      : rts_(rts),
        n_(n),
        drain_weight_(static_cast<float>(world.future[Param::flood_drain_weight])),
        density_limit_(static_cast<float>(units_over_dense(*world.city))) {}

  void write() {
    buildings();
    roads();
    drains();
    households();
  }

 private:
  template <class Function>
  void put(Criterion criterion, Function&& share) {
    float* column = rts_.physical[at(criterion)];
    for (std::size_t i = 0; i < n_; ++i) column[i] = share(i);
  }

  void buildings() {
    const float* n = rts_.buildings;
    const float* n_start = rts_.buildings_at_start;
    const float* area = rts_.area;
    const float* dense = rts_.overdense_at_start;
    const float* irregular = rts_.irregular;
    const Tile hydrants = good_of(rts_, Stock::hydrant, n_);
    const Tile equipped = good_of(rts_, Stock::extinguisher, n_);
    put(Criterion::c1a, [&](std::size_t i) { return ratio(irregular[i], n[i]); });
    put(Criterion::c1b, [&](std::size_t i) {
      const float room = area[i] * density_limit_;
      return clamp01(dense[i] + (room > 0.0f ? (n[i] - n_start[i]) / room : 0.0f));
    });
    put(Criterion::c7a, [&](std::size_t i) { return unserved(hydrants[i], n[i]); });
    put(Criterion::c7b, [&](std::size_t i) { return unserved(equipped[i], n[i]); });
  }

  void roads() {
    const float* ideal = rts_.ideal_road;
    const float* missing = rts_.miss_road;
    const Tile land = good_of(rts_, Stock::path_land, n_);
    const Tile river = good_of(rts_, Stock::path_river, n_);
    put(Criterion::c2a, [&](std::size_t i) { return ratio(missing[i], ideal[i]); });
    put(Criterion::c2b, [&](std::size_t i) {
      return ratio(ideal[i] - missing[i] - (land[i] + river[i]), ideal[i]);
    });
  }

  void drains() {
    const float* ideal = rts_.ideal_drain;
    const float* missing = rts_.miss_drain;
    const float* clog = rts_.clog;
    const float* tide = rts_.tide;
    const float* area = rts_.area;
    const Tile good = good_of(rts_, Stock::drain, n_);
    const Tile guarded = good_of(rts_, Stock::flood_works, n_);
    put(Criterion::c4a, [&](std::size_t i) {
      const float bad = ratio(ideal[i] - good[i] * (1.0f - clog[i]), ideal[i]);
      return clamp01(flooded_share(ratio(guarded[i], area[i]), tide[i], drain_weight_, bad));
    });
    put(Criterion::c4b, [&](std::size_t i) { return ratio(missing[i], ideal[i]); });
    put(Criterion::c4c,
        [&](std::size_t i) { return ratio(ideal[i] - missing[i] - good[i], ideal[i]); });
  }

  void households() {
    Tile n;
    for (std::size_t i = 0; i < n_; ++i) n[i] = count(rts_.n_households, i);
    const auto lacking = [&](Criterion criterion, const std::uint32_t* counter) {
      put(criterion, [&](std::size_t i) { return ratio(count(counter, i), n[i]); });
    };
    lacking(Criterion::c1c, rts_.n_unfit);
    lacking(Criterion::c3a, rts_.n_no_water);
    lacking(Criterion::c3b, rts_.n_low_water);
    lacking(Criterion::c5a, rts_.n_no_toilet);
    lacking(Criterion::c5b, rts_.n_no_tank);
    const Tile kits = good_of(rts_, Stock::waste_kit, n_);
    const float* service = rts_.waste_service;
    put(Criterion::c6a, [&](std::size_t i) { return unserved(kits[i], n[i]); });
    put(Criterion::c6b,
        [&](std::size_t i) { return n[i] > 0.0f ? clamp01(1.0f - service[i]) : 0.0f; });
  }

  static float count(const std::uint32_t* counter, std::size_t i) {
    return static_cast<float>(static_cast<std::int32_t>(counter[i]));
  }

  RtColumns rts_;
  std::size_t n_;
  float drain_weight_, density_limit_;
};

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

void score_tile(const RtColumns& rts, std::size_t n, CutRule rule) {
  std::array<int, tile> total;
  std::fill_n(total.begin(), n, 0);
  for (const float* share : rts.physical) {
    for (std::size_t i = 0; i < n; ++i) total[i] += points(share[i], rule);
  }
  for (std::size_t i = 0; i < n; ++i) rts.physical_score[i] = static_cast<std::uint8_t>(total[i]);
}

/// Shares and score of RTs side by side; ages first.
void refresh_columns(const World& world, const RtColumns& rts, std::size_t n,
                     const AgeingRates& rates) {
  age_columns(rts, n, rates);
  ShareWriter(world, rts, n).write();
  score_tile(rts, n, cut_rule(*world.scenario));
}

void settle(World& world, std::size_t rt) {
  world.rts.touched[rt] = 0;
  move_to_class(world, rt, static_cast<Slum>(class_of(world.rts.physical_score[rt])));
}

void refresh_range(World& world, std::size_t first, std::size_t last, const AgeingRates& rates) {
  for (std::size_t start = first; start < last; start += tile) {
    refresh_columns(world, columns_from(world.rts, start), std::min(tile, last - start), rates);
  }
  for (std::size_t rt = first; rt < last; ++rt) settle(world, rt);
}

/// RTs from anywhere, in the order of their rows.
void refresh_some(World& world, std::span<const std::uint32_t> rows, const AgeingRates& rates) {
  RtTile some;
  for (std::size_t first = 0; first < rows.size(); first += RtTile::most) {
    const auto part = rows.subspan(first, std::min(RtTile::most, rows.size() - first));
    some.take(world.rts, part);
    refresh_columns(world, some.columns(), part.size(), rates);
    some.give_back(world.rts, part);
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
  refresh_range(world, rt, rt + 1, AgeingRates(world.future));
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
  if (sim::Clock::ends_quarter(step.month)) {
    refresh_range(world, 0, world.n_rts(), rates_);
    return;
  }
  std::vector<std::uint32_t> touched;
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    if (world.rts.touched[rt] != 0) touched.push_back(static_cast<std::uint32_t>(rt));
  }
  refresh_some(world, touched, rates_);
}

}  // namespace musi::models
