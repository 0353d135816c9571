#include <algorithm>

#include "models/draws.h"
#include "models/observation/books.h"
#include "models/programmes/need.h"
#include "models/stocks/refresh.h"

namespace musi::models {
namespace {

/// Sizes and side effects of MODEL.md 14.1. Side effects are shares of the RT's denominator.
constexpr double buildings_per_extinguisher = 5.0;
constexpr double hectares_per_metre_of_wall = 0.02;
constexpr double surface_side_effect = 0.30;  ///< on 1a and 7a, per share of road surfaced
constexpr double new_road_side_effect = 1.0;  ///< on 1a and 7a, per share of road built
constexpr double water_side_effect = 0.10;    ///< on 7a, per share connected

class Reduction {
 public:
  Reduction(const World& world, std::size_t rt, double units)
      : world_(world), rt_(rt), units_(units) {}

  /// Lowers a criterion by `per_unit` numerator units for each unit delivered.
  Reduction& by(Criterion criterion, double per_unit = 1.0) {
    const double size = denominator(world_, rt_, index(criterion));
    if (size > 0.0) add(criterion, units_ * per_unit / size);
    return *this;
  }
  /// Lowers a criterion by the share of `of` that was delivered, times `factor`.
  Reduction& beside(Criterion of, Criterion criterion, double factor, double per_unit = 1.0) {
    const double size = denominator(world_, rt_, index(of));
    if (size > 0.0) add(criterion, factor * units_ * per_unit / size);
    return *this;
  }
  Reduction& whole(Criterion criterion) {
    add(criterion, units_);
    return *this;
  }
  Shares shares() const { return shares_; }

 private:
  void add(Criterion criterion, double share) {
    shares_[index(criterion)] += static_cast<float>(share);
  }

  const World& world_;
  std::size_t rt_;
  double units_;
  Shares shares_{};
};

void lower_ledger(World& world, std::size_t rt, const Shares& by) {
  for (std::size_t k = 0; k < n_criteria; ++k) {
    if (by[k] > 0.0f) world.rts.ledger[k][rt] = std::max(0.0f, world.rts.ledger[k][rt] - by[k]);
  }
}

}  // namespace

Shares booked_reduction(const World& world, std::size_t rt, Item item, double units) {
  using C = Criterion;
  Reduction r(world, rt, units);
  const double system = world.future[Param::sanimas_households];
  switch (item) {
    case Item::road_surface:
      return r.by(C::c2b)
          .beside(C::c2b, C::c1a, surface_side_effect)
          .beside(C::c2b, C::c7a, surface_side_effect)
          .shares();
    case Item::road_new:
      return r.by(C::c2a)
          .beside(C::c2a, C::c1a, new_road_side_effect)
          .beside(C::c2a, C::c7a, new_road_side_effect)
          .shares();
    case Item::drain_new: return r.by(C::c4b).shares();
    case Item::drain_rehab: return r.by(C::c4c).shares();
    case Item::flood_works: return r.by(C::c4a).shares();
    case Item::river_wall: return r.by(C::c4a, hectares_per_metre_of_wall).shares();
    case Item::water_connection:
      return r.by(C::c3a).by(C::c3b).beside(C::c3a, C::c7a, water_side_effect).shares();
    case Item::sewer_connection:
    case Item::toilet_tank: return r.by(C::c5a).by(C::c5b).shares();
    case Item::shared_sanitation: return r.by(C::c5a, system).by(C::c5b, system).shares();
    case Item::waste_kit: return r.by(C::c6a, households_per_kit).shares();
    case Item::waste_service: return r.by(C::c6b).shares();
    case Item::fire_access: return r.whole(C::c7a).whole(C::c7b).shares();
    case Item::fire_equipment: return r.by(C::c7b, buildings_per_extinguisher).shares();
    case Item::house_repair_grant:
    case Item::house_repair_city: return r.by(C::c1c).shares();
    case Item::house_new: {
      if (!is_renewal(world, rt)) return r.by(C::c1c).shares();
      const double buildings = buildings_per_dwelling(world, rt);
      return r.by(C::c1c)
          .by(C::c1a, buildings)
          .by(C::c1b, buildings / units_over_dense(*world.city))
          .shares();
    }
    case Item::realignment:
      return r.by(C::c1a).by(C::c1b, 1.0 / units_over_dense(*world.city)).shares();
    case Item::drain_cleaning:
    case Item::legalisation:
    case Item::upkeep_fund:
    case Item::facilitator_month:
    case Item::patrol_month:
    case Item::complaint_desk:
    case Item::low_income_house:  // who moves leaves the book at once, models/relocation
    case Item::rental_flat:
    case Item::land_m2:
    case Item::estate_service:
    case Item::livelihood_member:
    case Item::training_month:
    case Item::loan: break;  // no criterion of the score
  }
  return r.shares();
}

bool is_booked_as_planned(const World& world, const Package& package, const sim::Step& step) {
  const double luck = step.chance(Draw::ledger_booking).fine_uniform(package.key);
  return luck < world.future[Param::report_book_planned_chance] *
                    world.money.line_effects.booking_factor;
}

void book(World& world, const Package& package, const sim::Step& step) {
  const bool as_planned = is_booked_as_planned(world, package, step);
  const CutRule rule = cut_rule(*world.scenario);
  for (std::size_t i = 0; i < package.lines.size(); ++i) {
    const PackageLine& line = package.lines[i];
    if (world.rts.in_ledger[line.rt] == 0) continue;
    const float units = as_planned ? line.units_planned : line.units_delivered;
    lower_ledger(world, line.rt,
                 booked_reduction(world, line.rt, static_cast<Item>(line.item),
                                  static_cast<double>(units)));
    world.rts.measured[line.rt] = static_cast<std::uint16_t>(step.month);
    const bool is_last = i + 1 == package.lines.size() || package.lines[i + 1].rt != line.rt;
    if (!is_last) continue;  // those that follow lower it further
    const Standing standing = standing_of(shares_of(world.rts.ledger, line.rt), rule);
    world.rts.ledger_score[line.rt] = standing.score;
    world.rts.ledger_class[line.rt] = standing.slum;
  }
}

}  // namespace musi::models
