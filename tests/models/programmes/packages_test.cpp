#include "models/programmes/packages.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>
#include <set>
#include <utility>
#include <vector>

#include "models/build_world.h"
#include "models/draws.h"
#include "models/programmes/detection.h"
#include "models/programmes/households.h"
#include "models/programmes/pipeline.h"
#include "models/programmes/prospects.h"
#include "models/programmes/unit_costs.h"
#include "models/run.h"
#include "models/stocks/refresh.h"
#include "tests/support/months.h"
#include "tests/support/tiny_world.h"

/// Short ways through packages and prospects find what the long ways would.

using namespace musi;
using namespace musi::models;

namespace {

using Found = std::set<std::pair<sim::EntityKey, const PackageLine*>>;

void find_lines(const Package& package, std::size_t rt, Found& found) {
  for (const PackageLine& line : package.lines) {
    if (is_open(package) && line.rt == rt) found.emplace(package.key, &line);
  }
}

/// Lets a tiny city live the first n months and asks for each programme and RT what could be done
/// there, in the months with this rest by `every`: visit(world, prospects, programme, rt).
template <class Visit>
void for_each_prospect(int n, int every, int rest, Visit&& visit) {
  const City city = tests::tiny_city();
  const Scenario s = tests::tiny_scenario();
  World world = build_world(s, city, 5);
  tests::let_pass(standard_schedule(world), world, 0, n, [&](sim::Month month) {
    if (month % every != rest) return;
    Prospects prospects(world, {.month = month, .seed = world.future.seed()});
    for (std::size_t programme = 0; programme < s.programmes.size(); ++programme) {
      for (std::size_t rt = 0; rt < world.n_rts(); ++rt) visit(world, prospects, programme, rt);
    }
  });
}

}  // namespace

TEST_CASE("what is planned in an RT is found by its place as by looking at all packages",
          "[property]") {
  const City city = tests::tiny_city();
  const Scenario s = tests::tiny_scenario();
  World world = build_world(s, city, 5);
  std::size_t n_lines = 0, n_open = 0, n_wrong = 0;
  tests::let_pass(standard_schedule(world), world, 0, 60, [&](sim::Month) {
    for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
      Found by_place, by_search;
      for_each_package_at(world, rt, [](std::size_t) { return true; },
                          [&](const Package& p) { find_lines(p, rt, by_place); });
      for (const Package& p : world.money.packages) find_lines(p, rt, by_search);
      n_lines += by_search.size();
      n_wrong += by_place != by_search;
      for (std::size_t programme = 0; programme < s.programmes.size(); ++programme) {
        bool is_there = false;
        for (const Package& p : world.money.packages) {
          is_there = is_there || (p.rt == rt && p.programme == programme && is_open(p));
        }
        n_open += is_there;
        n_wrong += has_open_package(world, programme, rt) != is_there;
      }
    }
  });
  CHECK(n_wrong == 0);
  CHECK(n_lines > 1000);
  CHECK(n_open > 1000);
}

TEST_CASE("a package that takes more money does not plan a household twice", "[property]") {
  const City city = tests::tiny_city();
  const Scenario s = tests::tiny_scenario();
  World world = build_world(s, city, 5);
  std::size_t n_added = 0, n_twice = 0;
  tests::let_pass(standard_schedule(world), world, 0, 60, [&](sim::Month) {
    for (const Package& package : world.money.packages) {
      if (!is_open(package)) continue;
      std::set<std::pair<sim::EntityKey, std::uint32_t>> planned;
      for (const PackageLine& line : package.lines) {
        n_added += line.added_at > 0.0f && !line.households.empty();
        const std::uint32_t lacks = facts(static_cast<Item>(line.item)).lacks;
        for (const sim::EntityKey key : line.households) {
          n_twice += planned.emplace(key, lacks).second ? 0 : 1;
        }
      }
    }
  });
  CHECK(n_twice == 0);
  CHECK(n_added > 10);
}

TEST_CASE("packages take as long with the luck of their announcement as with luck drawn alone",
          "[property]") {
  const City city = tests::tiny_city();
  Scenario s = tests::tiny_scenario();
  s.uncertainty = true;
  World world = build_world(s, city, 5);
  std::size_t n = 0, n_wrong = 0;
  tests::let_pass(standard_schedule(world), world, 0, 13, [&](sim::Month month) {
    const sim::Step step{.month = month, .seed = world.future.seed()};
    for (const Package& package : world.money.packages) {
      Package alone = package;
      alone.has_time_luck = false;
      const PackageTimes a = times_of(world, package, step), b = times_of(world, alone, step);
      n += package.has_time_luck;
      n_wrong += a.verification != b.verification || a.procurement != b.procurement ||
                 a.works != b.works;
    }
  });
  CHECK(n > 100);
  CHECK(n_wrong == 0);
}

TEST_CASE("where money or units buy nothing, looking for needs would have found nothing to buy",
          "[property]") {
  std::size_t n_spared = 0, n_bought = 0, n_missed = 0;
  for_each_prospect(30, 6, 5, [&](const World& world, Prospects& prospects, std::size_t programme,
                                  std::size_t rt) {
    const Scenario& s = *world.scenario;
    const sim::Chance chance(7, 1, prospects.step().month);
    for (std::size_t i = 0; i < 48; ++i) {
      // From a tenth of the cheapest household item to the price of a shared system.
      const double money = 0.03 * std::pow(1.25, static_cast<double>(i));
      const double units = i % 4 == 0 ? 0.4 : i % 4 == 1 ? 1.0 : 9.0;
      std::vector<Offer> offers;
      for (const Choice& c : prospects.choices(programme, rt, 0)) {
        offers.push_back(c.offer);
        offers.back().need = std::min(offers.back().need, units);
      }
      sim::Stream stream(chance, rt);
      std::vector<Portion> portions;
      compose(s.allocation.composition, offers, money, cut_rule(s), stream, portions);
      const bool buys = !portions.empty();
      const bool may = prospects.may_buy(programme, rt, money, units);
      n_bought += buys;
      n_spared += !may;
      n_missed += buys && !may;
    }
  });
  CHECK(n_missed == 0);
  CHECK(n_bought > 1000);
  CHECK(n_spared > 1000);
}

TEST_CASE("where a package is said to find nothing, it finds nothing and marks nothing",
          "[property]") {
  const City city = tests::tiny_city();
  const Scenario s = tests::tiny_scenario();
  World world = build_world(s, city, 5);
  std::size_t n_spared = 0, n_asked = 0, n_wrong = 0;
  tests::let_pass(standard_schedule(world), world, 0, 30, [&](sim::Month month) {
    if (month % 4 != 2) return;
    const sim::Step step{.month = month, .seed = world.future.seed()};
    for (std::size_t i = 0; i < world.money.packages.size(); ++i) {
      for (std::size_t rt = i % 7; rt < world.n_rts(); rt += 7) {
        World copy = world;
        Package& package = copy.money.packages[i];
        package.rt = static_cast<std::uint32_t>(rt);
        package.site = copy.rts.site[rt];
        package.lines.clear();
        // A hundredth of what it has bound often pays for nothing.
        unbind(copy, package, package.committed - package.committed / (i % 2 == 0 ? 100 : 1), step);
        Prospects prospects(copy, step);
        const Means means = means_of(copy, package, step);
        const bool is_spared = finds_nothing(copy, prospects, package, rt, means);
        const auto marks = copy.rts.year_marks;
        const bool is_filled = fill(copy, prospects, package) == Filled::yes;
        ++n_asked;
        n_spared += is_spared;
        n_wrong += is_spared && (is_filled || copy.rts.year_marks != marks);
      }
    }
  });
  CHECK(n_wrong == 0);
  CHECK(n_spared > 300);
  CHECK(n_asked > n_spared + 300);
}

TEST_CASE("an item is needed where something is truly lacking", "[property]") {
  const City city = tests::tiny_city();
  const Scenario s = tests::tiny_scenario();
  World world = build_world(s, city, 5);
  std::size_t n_needed = 0, n_not = 0, n_wrong = 0;
  tests::let_pass(standard_schedule(world), world, 0, 30, [&](sim::Month month) {
    if (month % 3 != 2) return;
    for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
      for (std::size_t i = 0; i < n_items; ++i) {
        const auto item = static_cast<Item>(i);
        const bool is_needed = lacks_any(world, rt, item);
        (is_needed ? n_needed : n_not) += 1;
        n_wrong += is_needed != (true_need(world, rt, item) > 0.0);
      }
    }
  });
  CHECK(n_wrong == 0);
  CHECK(n_needed > 1000);
  CHECK(n_not > 1000);
}

TEST_CASE("the list of an RT holds just those whose deficits are known", "[property]") {
  const City city = tests::tiny_city();
  const Scenario s = tests::tiny_scenario();
  World world = build_world(s, city, 5);
  const sim::Step step{.month = 14, .seed = world.future.seed()};
  const Item item = Item::toilet_tank;
  std::size_t n_listed = 0, n_other = 0;
  const auto check = [&] {
    std::vector<std::uint32_t> rows(world.households.size_rows()), known;
    std::iota(rows.begin(), rows.end(), 0);
    for (const std::uint32_t row : rows) {
      if (row < 5 || is_known(world, row, item, step)) known.push_back(row);
    }
    n_listed += known.size();
    n_other += rows.size() - known.size();
    Detector(world, item, step).keep_listed(world.households, rows, 5);
    CHECK(rows == known);
  };
  check();
  // All with one chance: none, all, and just what some household draws.
  world.future.set(Param::part_head_bias, 0.0);
  const auto deficit = static_cast<std::uint32_t>(*facts(item).lowers);
  for (std::size_t i = 0; i < 20; ++i) {
    const sim::Block words = step.yearly_chance(Draw::detection)
                                 .block(world.households.record[7 * i].key, deficit);
    const double drawn = static_cast<double>(sim::uniform24(words[0]));
    const double chance = i == 0 ? 0.0 : i == 1 ? 1.0 : drawn;
    world.future.set(Param::part_detection_rt_head, chance);
    world.future.set(Param::part_detection_direct, chance);
    check();
  }
  CHECK(n_listed > 100);
  CHECK(n_other > 100);
}

TEST_CASE("nobody is served and no group forms where that is said beforehand", "[property]") {
  std::size_t n_served = 0, n_spared = 0, n_groups = 0, n_wrong = 0;
  for_each_prospect(30, 3, 2, [&](const World& world, Prospects& prospects, std::size_t programme,
                                  std::size_t rt) {
    const Service* service = prospects.service(programme);
    if (service == nullptr) return;
    const ProgrammeSpec& spec = world.scenario->programmes[programme];
    std::size_t n = 0;
    for (std::size_t i = 0; i < world.rts.n_rows[rt] && !spec.after_disasters; ++i) {
      const std::size_t row = world.rts.first_row[rt] + i;
      const Item item = spec.menu.front().item;
      n += is_eligible(world, row, spec, item, prospects.step().month) &&
           is_known(world, row, item, prospects.step());
    }
    n_wrong += !spec.after_disasters && service->households_in(world, rt).size() != n;
    n_wrong += !service->may_serve(world, rt) && !service->households_in(world, rt).empty();
    (service->may_serve(world, rt) ? n_served : n_spared) += 1;
    const std::size_t size = group_size(world, rt, *service, prospects.step());
    for (const std::size_t least : {1, 3, 5, 9}) {
      const std::size_t bounded = group_size(world, rt, *service, prospects.step(), least);
      n_wrong += bounded != (size >= least ? size : 0);
      n_groups += bounded > 0;
    }
  });
  CHECK(n_wrong == 0);
  CHECK(n_served > 1000);
  CHECK(n_spared > 100);
  CHECK(n_groups > 100);
}

TEST_CASE("errors in needs that are remembered are those drawn each time", "[property]") {
  const City city = tests::tiny_city();
  const Scenario s = tests::tiny_scenario();
  World world = build_world(s, city, 5);
  std::size_t n = 0, n_wrong = 0;
  tests::let_pass(standard_schedule(world), world, 0, 30, [&](sim::Month month) {
    const sim::Step step{.month = month, .seed = world.future.seed()};
    const Beliefs beliefs(world, step, &world.need_luck);
    for (std::size_t rt = month % 3; rt < world.n_rts(); rt += 3) {
      for (const Item item : {Item::road_surface, Item::drain_new, Item::fire_access,
                              Item::waste_service, Item::realignment}) {
        const double need = beliefs.need(rt, item);
        n_wrong += need != believed_need(world, rt, item, step);
        n += need > 0.0;
      }
    }
  });
  CHECK(n_wrong == 0);
  CHECK(n > 1000);
}

TEST_CASE("households left for an item are those that it could choose", "[property]") {
  std::size_t n_left = 0, n_wrong = 0;
  for_each_prospect(30, 2, 1, [&](const World& world, Prospects& prospects, std::size_t programme,
                                  std::size_t rt) {
    const auto& menu = world.scenario->programmes[programme].menu;
    if (menu.size() != 1 || menu.front().item != Item::shared_sanitation) return;
    for (const sim::EntityKey self : {sim::EntityKey{0}, world.money.packages.front().key}) {
      std::size_t n = 0;
      for (const Choice& c : prospects.choices(programme, rt, self)) n += c.rows.size();
      n_left += n;
      n_wrong += prospects.households_left(programme, rt, self) != n;
    }
  });
  CHECK(n_wrong == 0);
  CHECK(n_left > 1000);
}

TEST_CASE("the money that a menu can use is that of all its choices, up to what is asked for",
          "[property]") {
  std::size_t n_bounded = 0, n_whole = 0, n_wrong = 0;
  for_each_prospect(26, 6, 1, [&](const World&, Prospects& prospects, std::size_t programme,
                                  std::size_t rt) {
    double all = 0.0;
    for (const Choice& c : prospects.choices(programme, rt, 0)) {
      if (c.offer.need > 0.0) all += c.offer.need * c.offer.price;
    }
    for (const double most : {1.0, 100.0, 1e9}) {
      n_wrong += prospects.usable_money(programme, rt, most) != std::min(all, most);
      n_bounded += all > most;
      n_whole += all > 0.0 && all <= most;
    }
  });
  CHECK(n_wrong == 0);
  CHECK(n_bounded > 100);
  CHECK(n_whole > 100);
}
