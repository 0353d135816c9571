#include "models/stocks/refresh.h"

#include <algorithm>

namespace musi::models {
namespace {

constexpr std::size_t tile = 256;

constexpr std::size_t at(Criterion criterion) { return static_cast<std::size_t>(criterion); }

/// Quotient within 0 to 1; nothing to divide by gives no points (rules.csv).
constexpr float ratio(float numerator, float denominator) {
  if (!(denominator > 0.0f) || !(numerator > 0.0f)) return 0.0f;
  return numerator < denominator ? numerator / denominator : 1.0f;
}

constexpr float clamp01(float x) { return x < 0.0f ? 0.0f : (x > 1.0f ? 1.0f : x); }

float limit_per_hectare(const City& city) {
  return city.size_class == SizeClass::metropolitan || city.size_class == SizeClass::large
             ? 250.0f
             : 200.0f;
}

class ShareWriter {
 public:
  explicit ShareWriter(World& world)
      : rts_(world.rts),
        drain_weight_(static_cast<float>(world.future[Param::flood_drain_weight])),
        density_limit_(limit_per_hectare(*world.city)) {}

  void write(std::size_t rt) {
    buildings(rt);
    roads(rt);
    drains(rt);
    services(rt);
  }

 private:
  void put(Criterion criterion, std::size_t rt, float share) {
    rts_.physical[at(criterion)][rt] = share;
  }

  void buildings(std::size_t rt) {
    const float n = rts_.buildings[rt];
    const float room = rts_.area[rt] * density_limit_;
    const float added = room > 0.0f ? (n - rts_.buildings_at_start[rt]) / room : 0.0f;
    put(Criterion::c1a, rt, ratio(rts_.irregular[rt], n));
    put(Criterion::c1b, rt, clamp01(rts_.overdense_at_start[rt] + added));
    put(Criterion::c7a, rt,
        n > 0.0f ? 1.0f - ratio(good_units(rts_, Stock::hydrant, rt), n) : 0.0f);
    put(Criterion::c7b, rt,
        n > 0.0f ? 1.0f - ratio(good_units(rts_, Stock::extinguisher, rt), n) : 0.0f);
  }

  void roads(std::size_t rt) {
    const float ideal = rts_.ideal_road[rt];
    const float good =
        good_units(rts_, Stock::path_land, rt) + good_units(rts_, Stock::path_river, rt);
    put(Criterion::c2a, rt, ratio(rts_.miss_road[rt], ideal));
    put(Criterion::c2b, rt, ratio(ideal - rts_.miss_road[rt] - good, ideal));
  }

  void drains(std::size_t rt) {
    const float ideal = rts_.ideal_drain[rt];
    const float good = good_units(rts_, Stock::drain, rt);
    const float protected_share = ratio(good_units(rts_, Stock::flood_works, rt), rts_.area[rt]);
    put(Criterion::c4a, rt,
        clamp01(flooded_share(protected_share, rts_.tide[rt], drain_weight_,
                              bad_drain_share(rts_, rt))));
    put(Criterion::c4b, rt, ratio(rts_.miss_drain[rt], ideal));
    put(Criterion::c4c, rt, ratio(ideal - rts_.miss_drain[rt] - good, ideal));
  }

  void services(std::size_t rt) {
    const float households = static_cast<float>(rts_.n_households[rt]);
    const auto lacking = [&](Criterion criterion, const std::vector<std::uint32_t>& counter) {
      put(criterion, rt, ratio(static_cast<float>(counter[rt]), households));
    };
    lacking(Criterion::c1c, rts_.n_unfit);
    lacking(Criterion::c3a, rts_.n_no_water);
    lacking(Criterion::c3b, rts_.n_low_water);
    lacking(Criterion::c5a, rts_.n_no_toilet);
    lacking(Criterion::c5b, rts_.n_no_tank);
    const bool anyone = households > 0.0f;
    put(Criterion::c6a, rt,
        anyone ? 1.0f - ratio(good_units(rts_, Stock::waste_kit, rt), households) : 0.0f);
    put(Criterion::c6b, rt, anyone ? clamp01(1.0f - rts_.waste_service[rt]) : 0.0f);
  }

  Neighbourhoods& rts_;
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

void score_tile(World& world, std::size_t first, std::size_t n, CutRule rule) {
  Neighbourhoods& rts = world.rts;
  std::array<int, tile> total{};
  for (std::size_t k = 0; k < n_criteria; ++k) {
    const float* share = rts.physical[k].data() + first;
    for (std::size_t i = 0; i < n; ++i) total[i] += points(share[i], rule);
  }
  for (std::size_t i = 0; i < n; ++i) {
    rts.physical_score[first + i] = static_cast<std::uint8_t>(total[i]);
    rts.touched[first + i] = 0;
    move_to_class(world, first + i, static_cast<Slum>(class_of(total[i])));
  }
}

void refresh_range(World& world, std::size_t first, std::size_t last, const AgeingRates& rates) {
  age_stocks(world, first, last, rates);
  ShareWriter writer(world);
  const CutRule rule = cut_rule(*world.scenario);
  for (std::size_t start = first; start < last; start += tile) {
    const std::size_t n = std::min(tile, last - start);
    for (std::size_t i = 0; i < n; ++i) writer.write(start + i);
    score_tile(world, start, n, rule);
  }
}

}  // namespace

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
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    if (world.rts.touched[rt] != 0) refresh_range(world, rt, rt + 1, rates_);
  }
}

}  // namespace musi::models
