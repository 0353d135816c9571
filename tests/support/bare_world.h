#pragma once

#include <functional>

#include "models/stocks/clocks.h"
#include "models/stocks/refresh.h"
#include "models/world.h"
#include "tests/support/tiny_world.h"

/// Worlds made by hand: one site, empty RTs, nobody lives there.
namespace musi::tests {

/// Owns what a World points to. Not movable.
class BareWorld {
 public:
  /// `n_rts` RTs of 1 ha with 100 buildings and 400 m of ideal road and drain, no good units, no
  /// households. `change` may alter the scenario before the future is drawn.
  explicit BareWorld(std::size_t n_rts,
                     const std::function<void(models::Scenario&)>& change = {})
      : city(tiny_city(1)), scenario(changed(change)),
        world(scenario, city, models::Future(scenario, city, 1)) {
    world.sites.resize(1);
    world.sites.key[0] = city.sites[0].key;
    models::Neighbourhoods& r = world.rts;
    r.resize(n_rts);
    for (std::size_t rt = 0; rt < n_rts; ++rt) {
      r.key[rt] = sim::mix(world.sites.key[0], rt);
      r.area[rt] = 1.0f;
      r.buildings[rt] = r.buildings_at_start[rt] = 100.0f;
      r.ideal_road[rt] = r.ideal_drain[rt] = 400.0f;
      world.sites.rts[0].push_back(static_cast<std::uint32_t>(rt));
    }
    world.zero.reached_month.fill(-1);
    world.state.next_decree_year = 9999;
  }
  BareWorld(const BareWorld&) = delete;
  BareWorld& operator=(const BareWorld&) = delete;

  /// Gives an RT without rows `n` households; all lack nothing. The first RT that is settled has
  /// rows 0 to n - 1.
  void settle(std::size_t rt, std::size_t n) {
    world.rts.first_row[rt] = static_cast<std::uint32_t>(world.households.size_rows());
    world.rts.capacity[rt] = static_cast<std::uint32_t>(n);
    world.households.resize(world.households.size_rows() + n);
    for (std::size_t i = 0; i < n; ++i) {
      const sim::EntityKey key = sim::mix(world.rts.key[rt], i);
      const std::size_t row =
          world.add_row(rt, {.key = key, .flags = models::with_size(models::flag::alive, 4)});
      world.count_household(row, +1);
    }
  }
  std::vector<float>& good(models::Stock stock, std::size_t phase = 0) {
    return world.rts.good[static_cast<std::size_t>(stock)][phase];
  }
  /// Sets the physical class of an RT as a refresh would.
  void put_class(std::size_t rt, models::Slum slum) {
    constexpr std::uint8_t scores[] = {0, 20, 40, 62};
    world.rts.physical_class[rt] = slum;
    world.rts.physical_score[rt] = scores[static_cast<std::size_t>(slum)];
  }

  models::City city;
  models::Scenario scenario;
  models::World world;

 private:
  static models::Scenario changed(const std::function<void(models::Scenario&)>& change) {
    models::Scenario s = tiny_scenario();
    if (change) change(s);
    return s;
  }
};

}  // namespace musi::tests
