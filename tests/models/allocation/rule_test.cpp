#include "models/allocation/rule.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <tuple>
#include <vector>

#include "models/build_world.h"
#include "tests/support/statistics.h"
#include "tests/support/tiny_world.h"

using namespace musi;
using namespace musi::models;

namespace {

/// Six sites whose views differ in what each rule looks at. Even sites lie on the river and in the
/// subdistrict East.
struct HandMade {
  City city = tests::tiny_city(6);
  Scenario scenario = tests::tiny_scenario();
  std::vector<SiteView> views;

  HandMade() {
    tests::fix(scenario, Param::alloc_noise, 0.0);
    for (std::uint32_t i = 0; i < 6; ++i) {
      SiteView v;
      v.site = i;
      v.rank = 3;
      v.score = 20;
      v.area = 10;
      views.push_back(v);
    }
  }
  std::vector<std::uint32_t> order(AllocationRule rule, World& world,
                                   const ProgrammeSpec* programme = nullptr) const {
    return order_sites(world, rule, views, programme, sim::Step{0, 1});
  }
  World world() { return build_world_without_spin_up(scenario, city, 1); }
};

using Order = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("the official order goes by priority, then by score times area", "[unit]") {
  HandMade h;
  h.views[4].rank = 1;
  h.views[1].rank = 2;
  for (std::uint32_t i = 0; i < 6; ++i) h.views[i].area = 10.0 + i;
  World world = h.world();
  REQUIRE(h.order(AllocationRule::official, world) == Order{4, 1, 5, 3, 2, 0});
  REQUIRE(h.order(AllocationRule::spread, world) == Order{4, 1, 5, 3, 2, 0});
  REQUIRE(h.order(AllocationRule::river_first, world) == Order{4, 2, 0, 1, 5, 3});
}

TEST_CASE("each simple rule orders by what its name says", "[unit]") {
  HandMade h;
  const Order wanted{2, 5, 0, 1, 4, 3};
  for (std::size_t place = 0; place < 6; ++place) {
    SiteView& v = h.views[wanted[place]];
    const double better = 6.0 - static_cast<double>(place);
    v.score = better;
    v.points_per_rupiah = better;
    v.engaged = 0.1 * better;
    v.clear_land = 1.0;
    v.persons_worse = better;
    v.noise = better;
  }
  World world = h.world();
  for (const auto rule : {AllocationRule::worst_first, AllocationRule::cost_effect,
                          AllocationRule::readiness, AllocationRule::equity,
                          AllocationRule::lottery}) {
    REQUIRE(h.order(rule, world) == wanted);
  }
  h.views[2].clear_land = 0.0;
  REQUIRE(h.order(AllocationRule::readiness, world).back() == 2);
}

TEST_CASE("rotation serves the subdistrict whose turn it is, and skips houses the year after",
          "[unit]") {
  HandMade h;
  h.city.rotation = {{2019, "West", "all"}};
  World world = h.world();
  Order order = h.order(AllocationRule::rotation, world);
  for (std::size_t i = 0; i < 3; ++i) REQUIRE(h.city.sites[order[i]].kecamatan == "West");
  h.city.rotation.clear();
  ProgrammeSpec houses;
  houses.channel = Channel::household_group;
  world.month = 12;
  const std::size_t row = world.rts.first_row[world.sites.rts[0][0]];
  world.households.record[row].repaired = 5;  // East
  order = order_sites(world, AllocationRule::rotation, h.views, &houses, sim::Step{12, 1});
  REQUIRE(order.size() == 3);  // left out, not only last
  for (const std::uint32_t site : order) REQUIRE(h.city.sites[site].kecamatan == "West");
}

TEST_CASE("concentrate stays in open sites and douse takes one per subdistrict", "[unit]") {
  HandMade h;
  World world = h.world();
  world.sites.served_since[3] = 2;
  world.sites.served_since[1] = 5;
  h.views[4].rank = 1;
  REQUIRE(h.order(AllocationRule::concentrate, world).at(0) == 3);
  REQUIRE(h.order(AllocationRule::concentrate, world).at(1) == 1);
  REQUIRE(h.order(AllocationRule::concentrate, world).at(2) == 4);
  REQUIRE(h.order(AllocationRule::douse, world) == Order{3, 4});
  h.scenario.allocation.max_sites_at_once = 2;
  REQUIRE(h.order(AllocationRule::concentrate, world) == Order{3, 1});
}

TEST_CASE("a fixed order comes first and the others follow by priority", "[unit]") {
  HandMade h;
  h.scenario.allocation.fixed_order = {"T-5", "T-0"};
  h.views[2].rank = 1;
  World world = h.world();
  const Order order = h.order(AllocationRule::fixed_order, world);
  REQUIRE(order[0] == 5);
  REQUIRE(order[1] == 0);
  REQUIRE(order[2] == 2);
}

TEST_CASE("every rule of the scenario has an order, and no site comes twice", "[property]") {
  REQUIRE(allocation_rules().size() == 12);
  HandMade h;
  World world = h.world();
  const auto views = view_sites(world, sim::Step{0, 1});
  REQUIRE_FALSE(views.empty());
  for (const AllocationRuleInfo& info : allocation_rules()) {
    Order order = order_sites(world, info.rule, views, nullptr, sim::Step{0, 1});
    REQUIRE_FALSE(order.empty());
    std::sort(order.begin(), order.end());
    REQUIRE(std::adjacent_find(order.begin(), order.end()) == order.end());
  }
  for (const SiteView& v : views) {
    REQUIRE(v.rank >= 1);
    REQUIRE(v.rank <= 9);
    REQUIRE(world.sites.priority_rank[v.site] == v.rank);
  }
}

TEST_CASE("neighbourhoods are ordered by score, by nearness to the limit, readiness or chance",
          "[unit]") {
  HandMade h;
  World world = h.world();
  const auto& rts = world.sites.rts[0];
  const std::uint8_t scores[] = {30, 17, 40, 22, 60, 16, 25, 19};
  for (std::size_t i = 0; i < rts.size(); ++i) {
    world.rts.ledger_score[rts[i]] = scores[i % 8];
    world.rts.ledger_class[rts[i]] = class_of(scores[i % 8]);
  }
  const sim::Step january{0, 1};
  const auto worst = order_rts(world, 0, RtOrder::score_desc, january);
  REQUIRE(worst.size() == rts.size());
  for (std::size_t i = 1; i < worst.size(); ++i) {
    REQUIRE(world.rts.ledger_score[worst[i - 1]] >= world.rts.ledger_score[worst[i]]);
  }
  const auto near = order_rts(world, 0, RtOrder::near_threshold, january);
  REQUIRE(world.rts.ledger_score[near.front()] <= 17);
  for (std::size_t i = 1; i < near.size(); ++i) {
    const bool is_near = world.rts.ledger_score[near[i]] <= 22;
    if (is_near) REQUIRE(world.rts.ledger_score[near[i - 1]] <= 22);
  }
  world.rts.in_ledger[near.front()] = 0;
  REQUIRE(order_rts(world, 0, RtOrder::random, january).size() == rts.size() - 1);
}

TEST_CASE("neighbourhoods of one score go by key, whatever the scores", "[property]") {
  HandMade h;
  World world = h.world();
  const auto& rts = world.sites.rts[0];
  std::size_t n_wrong = 0;
  for (std::uint64_t trial = 0; trial < 50; ++trial) {
    for (const std::uint32_t rt : rts) {
      const std::uint64_t word = sim::mix(world.rts.key[rt], trial);
      world.rts.ledger_score[rt] = static_cast<std::uint8_t>(16 + word % (trial % 12 + 1));
      world.rts.ledger_class[rt] = class_of(world.rts.ledger_score[rt]);
      world.rts.in_ledger[rt] = word / 256 % 8 != 0;
    }
    for (const RtOrder order : {RtOrder::score_desc, RtOrder::near_threshold}) {
      std::vector<std::tuple<int, sim::EntityKey, std::uint32_t>> plain;
      for (const std::uint32_t rt : rts) {
        if (!is_slum_on_paper(world, rt)) continue;
        const int score = world.rts.ledger_score[rt];
        const bool is_near = order == RtOrder::near_threshold && score <= 22;
        plain.emplace_back(is_near ? score - 1000 : -score, world.rts.key[rt], rt);
      }
      std::sort(plain.begin(), plain.end());
      std::vector<std::uint32_t> expected;
      for (const auto& place : plain) expected.push_back(std::get<2>(place));
      n_wrong += order_rts(world, 0, order, sim::Step{0, 1}) != expected;
    }
  }
  CHECK(n_wrong == 0);
}
