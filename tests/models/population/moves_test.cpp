#include "models/population/moves.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "models/participation/influence.h"
#include "models/population/visits.h"
#include "models/stocks/ageing.h"
#include "models/stocks/clocks.h"
#include "models/stocks/refresh.h"
#include "tests/support/crowd.h"
#include "tests/support/statistics.h"

using namespace musi;
using namespace musi::models;

namespace {

const City city = tests::tiny_city(4);
const Scenario scenario = tests::tiny_scenario();

/// Counters of a copy after a recount equal the kept ones.
void require_counters(const World& world) {
  World copy = world;
  for (std::size_t rt = 0; rt < copy.n_rts(); ++rt) copy.recount(rt);
  REQUIRE(copy.rts.n_households == world.rts.n_households);
  REQUIRE(copy.rts.n_persons == world.rts.n_persons);
  REQUIRE(copy.rts.n_unfit == world.rts.n_unfit);
  REQUIRE(copy.rts.n_no_water == world.rts.n_no_water);
  REQUIRE(copy.rts.n_low_water == world.rts.n_low_water);
  REQUIRE(copy.rts.n_no_toilet == world.rts.n_no_toilet);
  REQUIRE(copy.rts.n_no_tank == world.rts.n_no_tank);
  REQUIRE(copy.rts.n_crowded == world.rts.n_crowded);
  REQUIRE(copy.rts.n_group == world.rts.n_group);
  REQUIRE(copy.rts.n_engaged == world.rts.n_engaged);
}

void run(World& world, int months) {
  Influence influence(world);
  Visits visits(world);
  RareEvents rare_events(world);
  Moves moves(world);
  for (sim::Month t = 0; t < months; ++t) {
    const sim::Step step{.month = t, .seed = world.future.seed()};
    world.month = t;
    influence.step(world, step);
    visits.step(world, step);
    rare_events.step(world, step);
    moves.step(world, step);
  }
}

/// Only one kind of rare event, at a yearly rate.
void only(World& world, Param kind, double rate) {
  for (const Param p : {Param::owner_out_rate, Param::renter_out_rate,
                        Param::household_growth_city, Param::new_informal_rate,
                        Param::new_informal_attraction}) {
    world.future.set(p, p == kind ? rate : 0.0);
  }
}

}  // namespace

TEST_CASE("blocks that close ranks keep every household, its neighbourhood and its place",
          "[property]") {
  World world = build_world(scenario, city, 33);
  const auto blocks = [](const World& w) {
    std::vector<std::vector<sim::EntityKey>> keys(w.n_rts());
    for (std::size_t rt = 0; rt < w.n_rts(); ++rt) {
      for (std::size_t i = 0; i < w.rts.n_rows[rt]; ++i) {
        const std::size_t row = w.rts.first_row[rt] + i;
        REQUIRE(w.households.record[row].rt == rt);
        keys[rt].push_back(w.households.record[row].key);
      }
    }
    return keys;
  };
  // Blocks grow until many have moved to the end: all of them, then every third, which get more
  // rows to spare than the others, then all but those.
  std::uint64_t n_added = 0;
  for (const auto grows : {+[](std::size_t) { return true; },
                           +[](std::size_t rt) { return rt % 3 == 0; },
                           +[](std::size_t rt) { return rt % 3 != 0; }}) {
    const std::vector<std::uint32_t> n_before = world.rts.n_rows;
    bool has_closed = false;
    while (!has_closed) {
      const std::size_t rt = n_added++ % world.n_rts();
      if (!grows(rt)) continue;
      HouseholdRow newcomer = world.row(world.rts.first_row[rt]);
      newcomer.key = sim::mix(newcomer.key, n_added);
      world.count_household(world.add_row(rt, newcomer), +1);
      const auto before = blocks(world);
      const std::size_t rows = world.households.size_rows();
      world.close_ranks();
      REQUIRE(blocks(world) == before);
      has_closed = world.households.size_rows() < rows;
    }
    require_counters(world);
    std::size_t used = 0, grown = 0;
    for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
      used += world.rts.n_rows[rt];
      grown += world.rts.n_rows[rt] - n_before[rt];
    }
    const std::size_t spare = world.households.size_rows() - used;
    REQUIRE(spare <= used / 32 + 2 * world.n_rts() + grown + grown / 4);
    REQUIRE(std::count_if(world.households.record.begin(), world.households.record.end(),
                          [](const HouseholdRecord& r) { return r.key == 0; }) ==
            static_cast<std::ptrdiff_t>(spare));
  }
}

TEST_CASE("households are conserved and counted through sixty months", "[property]") {
  World world = build_world(scenario, city, 31);
  world.future.set(Param::renter_out_rate, 0.4);
  world.future.set(Param::household_growth_city, 0.05);
  world.future.set(Param::new_informal_rate, 0.05);
  draw_first_rare(world);
  const auto before = static_cast<std::int64_t>(world.n_households());
  run(world, 60);
  const YearCounts& c = world.state.counts;
  const auto after = static_cast<std::int64_t>(world.n_households());
  REQUIRE(after - before == c.splits + c.arrived - c.left);
  REQUIRE(c.left > 0);
  REQUIRE(c.moved > 0);
  REQUIRE(c.splits > 0);
  REQUIRE(c.new_units > 0);
  REQUIRE(c.refilled <= c.vacated);
  REQUIRE(c.bound_crossings == 0);
  require_counters(world);
}

TEST_CASE("no two households share a key and every row lies in its RT's block", "[property]") {
  World world = build_world(scenario, city, 32);
  world.future.set(Param::renter_out_rate, 0.6);
  world.future.set(Param::household_growth_city, 0.1);
  draw_first_rare(world);
  run(world, 48);
  std::set<sim::EntityKey> keys;
  std::size_t rows = 0;
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    const std::size_t first = world.rts.first_row[rt];
    for (std::size_t row = first; row < first + world.rts.n_rows[rt]; ++row) {
      REQUIRE(world.households.record[row].rt == rt);
      REQUIRE(world.households.record[row].key != 0);
      keys.insert(world.households.record[row].key);
      const bool alive = (world.households.flags[row] & flag::alive) != 0;
      REQUIRE((world.households.next_revision[row] != never) == alive);
      REQUIRE((world.households.next_rare[row] != never) == alive);
      if (alive) REQUIRE(world.households.next_revision[row] >= 48);
      ++rows;
    }
  }
  REQUIRE(keys.size() == rows);
}

TEST_CASE("no candidate month comes before the bound of its rows, while blocks move",
          "[property]") {
  World world = build_world(scenario, city, 37);
  world.future.set(Param::renter_out_rate, 0.4);
  world.future.set(Param::household_growth_city, 0.1);
  world.future.set(Param::new_informal_rate, 0.2);
  world.future.set(Param::max_density, 1e9);
  draw_first_rare(world);
  RareEvents rare_events(world);
  Moves moves(world);
  const Households& h = world.households;
  const std::size_t rows_at_start = h.size_rows();
  std::size_t n_passed_over = 0;
  for (sim::Month t = 0; t < 48; ++t) {
    const sim::Step step{.month = t, .seed = world.future.seed()};
    rare_events.step(world, step);
    moves.step(world, step);
    REQUIRE(h.rare_from.size() * Households::rows_per_rare_from >= h.size_rows());
    for (std::size_t row = 0; row < h.size_rows(); ++row) {
      REQUIRE(h.next_rare[row] > t);
      REQUIRE(h.rare_from[row / Households::rows_per_rare_from] <= h.next_rare[row]);
    }
    n_passed_over += static_cast<std::size_t>(std::count_if(
        h.rare_from.begin(), h.rare_from.end(), [&](std::uint16_t from) { return from > t + 1; }));
  }
  REQUIRE(n_passed_over > 0);
  REQUIRE(h.size_rows() > rows_at_start);
}

TEST_CASE("bounds of chances give every candidate the answer of the chances themselves",
          "[property]") {
  World world = build_world(scenario, city, 35);
  Neighbourhoods& rts = world.rts;
  for (const double slope : {0.0, 1.0, 3.0, -2.0}) {
    world.future.set(Param::renter_out_value_slope, slope);
    world.future.set(Param::new_informal_rate, slope == 1.0 ? 0.4 : 0.01);
    const RareEvents events(world);
    std::size_t n_same = 0, n = 0;
    for (std::size_t rt = 0; rt < rts.size(); ++rt) {
      rts.works_until[rt] = static_cast<std::uint16_t>(rt % 2 == 0 ? 100 : 0);
      rts.attracts_until[rt] = static_cast<std::uint16_t>(rt % 5 == 0 ? 100 : 0);
      rts.waterfront[rt] = rt % 3 == 0 ? 1 : 0;
      for (int t = 0; t < 4; ++t) {
        const auto tenure = static_cast<Tenure>(t);
        const RareEvents::Chances chances = events.chances(world, rt, tenure, 50);
        const auto check = [&](double u) {
          bool crosses = false;
          n_same += events.kind_of(world, rt, tenure, 50, u, crosses) ==
                            RareEvents::kind_of(chances, u)
                        ? 1
                        : 0;
          ++n;
        };
        for (int i = 0; i < 200; ++i) check((i + 0.5) / 200.0 * events.bound(tenure));
        for (const double limit :
             {chances.leave, chances.leave + chances.split, chances.total()}) {
          check(limit);
          check(std::nextafter(limit, 0.0));
          check(std::nextafter(limit, 1.0));
          check(limit * (1.0 + 1e-10));
          check(limit * (1.0 - 1e-10));
        }
      }
    }
    CHECK(n_same == n);
  }
}

TEST_CASE("tenants leave at their yearly rate", "[statistical]") {
  const std::uint32_t tenant = flag::alive | flag::land_group |
                               (static_cast<std::uint32_t>(Tenure::rent) << flag::tenure_shift);
  World world = tests::crowd(scenario, city, {.n_rts = 4, .per_rt = 50'000, .flags = tenant});
  only(world, Param::renter_out_rate, 0.10);
  draw_first_rare(world);
  RareEvents events(world);
  double wishes = 0.0;
  for (sim::Month t = 0; t < 12; ++t) {
    events.step(world, {.month = t, .seed = 3});
    wishes += static_cast<double>(world.wishes.size());
  }
  // Wishes are not settled, so each month has 200,000 trials. 3 per cent off is caught.
  const double monthly = 1.0 - std::pow(0.9, 1.0 / 12.0);
  tests::require_share(wishes, 12.0 * 200'000, monthly);
  REQUIRE(world.state.counts.bound_crossings == 0);
}

TEST_CASE("owners stay longer after works, tenants leave faster where values rise",
          "[statistical]") {
  for (const Tenure tenure : {Tenure::title, Tenure::rent}) {
    const std::uint32_t flags = flag::alive | flag::land_group |
                                (static_cast<std::uint32_t>(tenure) << flag::tenure_shift);
    World world = tests::crowd(scenario, city, {.n_rts = 2, .per_rt = 100'000, .flags = flags});
    only(world, tenure == Tenure::title ? Param::owner_out_rate : Param::renter_out_rate, 0.06);
    world.future.set(Param::owner_out_factor, 0.7);
    world.future.set(Param::value_gain_full_paving, 0.25);
    world.future.set(Param::renter_out_value_slope, 3.0);
    for (std::size_t rt = 0; rt < 2; ++rt) {  // paved from nothing to half
      world.rts.works_until[rt] = 36;
      world.rts.good[static_cast<std::size_t>(Stock::path_land)][0][rt] = 200.0f;
    }
    draw_first_rare(world);
    RareEvents events(world);
    double wishes = 0.0;
    for (sim::Month t = 0; t < 12; ++t) {
      events.step(world, {.month = t, .seed = 3});
      wishes += static_cast<double>(world.wishes.size());
    }
    const double factor = tenure == Tenure::title ? 0.7 : std::exp(3.0 * 0.25 * 0.5);
    const double monthly = 1.0 - std::pow(1.0 - 0.06 * factor, 1.0 / 12.0);
    tests::require_share(wishes, 12.0 * 200'000, monthly);
    if (tenure == Tenure::rent) {
      const double calm = 1.0 - std::pow(0.94, 1.0 / 12.0);
      tests::require_share(static_cast<double>(world.state.counts.displaced), wishes,
                           (monthly - calm) / monthly);
    }
    REQUIRE(world.state.counts.bound_crossings == 0);
  }
}

TEST_CASE("new units come at their rate, less where prevented, more beside treated RTs",
          "[statistical]") {
  struct Case {
    double prevention, attraction, expected;
  };
  for (const Case& c : {Case{0.0, 0.0, 0.02}, Case{1.0, 0.0, 0.01}, Case{0.0, 0.03, 0.05}}) {
    World world = tests::crowd(scenario, city, {.n_rts = 2, .per_rt = 100'000});
    only(world, Param::new_informal_rate, 0.02);
    world.future.set(Param::new_informal_attraction, c.attraction);
    world.future.set(Param::prevention_effect, 0.5);
    world.sites.prevention[0] = static_cast<float>(c.prevention);
    world.rts.attracts_until[0] = 60;  // the second RT is adjacent
    world.rts.share_river[0] = world.rts.share_river[1] = 0.4f;
    draw_first_rare(world);
    RareEvents events(world);
    double wishes = 0.0;
    for (sim::Month t = 0; t < 12; ++t) {
      events.step(world, {.month = t, .seed = 3});
      for (const MoveWish& wish : world.wishes) {
        REQUIRE(wish.kind == MoveWish::Kind::new_unit);
        wishes += 1.0;
      }
    }
    tests::require_share(wishes, 12.0 * 200'000, 1.0 - std::pow(1.0 - c.expected, 1.0 / 12.0));
    REQUIRE(world.state.counts.bound_crossings == 0);
  }
}

TEST_CASE("households split at their rate and share the building once", "[statistical]") {
  World world = tests::crowd(scenario, city, {.per_rt = 40'000});
  only(world, Param::household_growth_city, 0.10);
  world.rts.area[0] = 1e6f;
  draw_first_rare(world);
  const double before = static_cast<double>(world.n_households());
  run(world, 1);
  const YearCounts& c = world.state.counts;
  const double monthly = 1.0 - std::pow(0.9, 1.0 / 12.0);
  tests::require_share(static_cast<double>(c.splits), before, monthly);
  REQUIRE(c.new_units == 0);  // nobody was crowded before
  REQUIRE(world.rts.n_crowded[0] == 2 * c.splits);
  run(world, 60);
  REQUIRE(c.new_units > 0);  // the crowded build
  REQUIRE(world.rts.buildings[0] == 40'000.0f + static_cast<float>(c.new_units));
  require_counters(world);
}

TEST_CASE("a dwelling keeps its state and tenure when its household changes", "[property]") {
  World world = build_world(scenario, city, 33);
  only(world, Param::renter_out_rate, 0.9);
  world.future.set(Param::refill_share, 1.0);
  world.future.set(Param::self_c0, -1e6);  // nobody repairs
  draw_first_rare(world);
  const Households before = world.households;
  World settled = world;
  RareEvents events(settled);
  Moves moves(settled);
  events.step(settled, {.month = 0, .seed = 5});
  moves.step(settled, {.month = 0, .seed = 5});
  std::size_t changed = 0;
  constexpr std::uint32_t kept = flag::tenure_mask | flag::wood | flag::raft | flag::lacks_house |
                                 flag::lacks_water | flag::low_water | flag::lacks_toilet |
                                 flag::lacks_tank | flag::crowded | flag::listed;
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    if (world.rts.first_row[rt] != settled.rts.first_row[rt]) continue;
    const std::size_t first = world.rts.first_row[rt];
    for (std::size_t row = first; row < first + world.rts.n_rows[rt]; ++row) {
      REQUIRE((settled.households.flags[row] & kept) == (before.flags[row] & kept));
      REQUIRE(settled.households.fails[row].house == before.fails[row].house);
      REQUIRE((settled.households.flags[row] & flag::alive) != 0);
      changed += settled.households.record[row].key != before.record[row].key;
    }
  }
  REQUIRE(changed > 10);
  require_counters(settled);
}

TEST_CASE("units of a full RT stand in new RTs of thirty, outside ledger and decree",
          "[property]") {
  World world = build_world(scenario, city, 34);
  only(world, Param::new_informal_rate, 0.3);
  world.future.set(Param::max_density, 1.0);  // every RT is full
  draw_first_rare(world);
  const std::size_t n_rts = world.n_rts();
  const std::size_t households = world.n_households();
  run(world, 12);
  const YearCounts& c = world.state.counts;
  REQUIRE(world.n_rts() > n_rts);
  REQUIRE(c.new_rts == static_cast<std::int64_t>(world.n_rts() - n_rts));
  REQUIRE(world.n_households() == households + static_cast<std::size_t>(c.new_units));
  std::size_t in_new = 0;
  for (std::size_t rt = n_rts; rt < world.n_rts(); ++rt) {
    REQUIRE(world.rts.n_rows[rt] <= units_per_new_rt);
    REQUIRE(world.rts.in_ledger[rt] == 0);
    REQUIRE(world.rts.in_decree[rt] == 0);
    const std::size_t site = world.rts.site[rt];
    REQUIRE(world.sites.rts[site][world.rts.ordinal[rt]] == rt);
    REQUIRE(world.rts.key[rt] == sim::mix(world.sites.key[site], world.rts.ordinal[rt]));
    REQUIRE(world.rts.area[rt] > 0.0f);
    refresh(world, rt);
    for (std::size_t k = 0; k < n_criteria; ++k) {
      REQUIRE(world.rts.physical[k][rt] >= 0.0f);
      REQUIRE(world.rts.physical[k][rt] <= 1.0f);
    }
    in_new += world.rts.n_rows[rt];
  }
  REQUIRE(in_new == static_cast<std::size_t>(c.new_units));
  for (std::size_t s = 0; s < world.n_sites(); ++s) {  // only the last new RT has room
    for (std::size_t i = 0; i + 1 < world.sites.rts[s].size(); ++i) {
      const std::uint32_t rt = world.sites.rts[s][i];
      if (rt >= n_rts) REQUIRE(world.rts.n_rows[rt] == units_per_new_rt);
    }
  }
  require_counters(world);
}

TEST_CASE("new units lack what their RT lacked at the start and more", "[statistical]") {
  World world = tests::crowd(scenario, city, {.per_rt = 100'000});
  only(world, Param::new_informal_rate, 0.9);
  world.future.set(Param::new_unit_deficit_add, 0.15);
  world.future.set(Param::new_building_irregular, 0.7);
  world.rts.area[0] = 1e6f;
  world.rts.start_share[2][0] = 0.2f;
  world.rts.start_share[10][0] = 0.9f;
  draw_first_rare(world);
  run(world, 1);
  const double n = static_cast<double>(world.state.counts.new_units);
  REQUIRE(n > 5000);
  tests::require_share(world.rts.n_unfit[0], n, 0.35);
  tests::require_share(world.rts.n_no_water[0], n, 0.15);
  REQUIRE(world.rts.n_no_toilet[0] == n);
  tests::require_share(static_cast<double>(world.rts.irregular[0]), n, 0.7);
  const std::size_t end = world.rts.first_row[0] + world.rts.n_rows[0];
  for (std::size_t row = world.rts.first_row[0]; row < end; ++row) {
    if (world.households.record[row].mu == 0.9f) continue;  // lived there before
    const std::uint32_t flags = world.households.flags[row];
    REQUIRE(tenure_of(flags) != Tenure::title);
    const bool will_fail = world.households.fails[row].house < no_failure;
    REQUIRE(will_fail == ((flags & flag::lacks_house) == 0));
  }
}

TEST_CASE("a new building takes path and leaves the rest whole", "[property]") {
  World world = build_world(scenario, city, 35);
  only(world, Param::new_informal_rate, 0.9);
  world.future.set(Param::new_building_path_loss, 3.0);
  world.future.set(Param::max_density, 1e9);
  draw_first_rare(world);
  run(world, 24);
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    double good = 0.0;
    for (const Stock stock : {Stock::path_land, Stock::path_river}) {
      for (const auto& phase : world.rts.good[static_cast<std::size_t>(stock)]) {
        REQUIRE(phase[rt] >= 0.0f);
        good += double{phase[rt]};
      }
    }
    REQUIRE(world.rts.miss_road[rt] <= world.rts.ideal_road[rt]);
    REQUIRE(good + double{world.rts.miss_road[rt]} <= double{world.rts.ideal_road[rt]} * 1.0001);
  }
}

TEST_CASE("path that a building takes is the same whether works aged before or age after it",
          "[property]") {
  World before = build_world(scenario, city, 36);
  only(before, Param::new_informal_rate, 0.9);
  before.future.set(Param::new_building_path_loss, 3.0);
  before.future.set(Param::max_density, 1e9);
  draw_first_rare(before);
  Clocks clocks(before);
  const AgeingRates rates(before.future);
  age_stocks(before, 0, before.n_rts(), rates);
  for (sim::Month t = 0; t < 2; ++t) clocks.step(before, {.month = t, .seed = 5});
  World after = before;
  age_stocks(before, 0, before.n_rts(), rates);
  for (World* world : {&before, &after}) {
    const sim::Step step{.month = 2, .seed = 5};
    RareEvents(*world).step(*world, step);
    Moves(*world).step(*world, step);
    clocks.step(*world, step);
    age_stocks(*world, 0, world->n_rts(), rates);
  }
  REQUIRE(before.state.counts.new_units > 10);
  REQUIRE(after.rts.miss_road == before.rts.miss_road);
  for (const Stock stock : {Stock::path_land, Stock::path_river}) {
    for (std::size_t phase = 0; phase < n_phases; ++phase) {
      const auto& x = before.rts.good[static_cast<std::size_t>(stock)][phase];
      const auto& y = after.rts.good[static_cast<std::size_t>(stock)][phase];
      for (std::size_t rt = 0; rt < x.size(); ++rt) {
        REQUIRE(y[rt] == Approx(x[rt]).epsilon(1e-5).margin(1e-5));
      }
    }
  }
}

TEST_CASE("the same seed gives the same people after five years", "[property]") {
  World a = build_world(scenario, city, 36);
  World b = build_world(scenario, city, 36);
  run(a, 60);
  run(b, 60);
  REQUIRE(a.households.record == b.households.record);
  REQUIRE(a.households.flags == b.households.flags);
  REQUIRE(a.rts.irregular == b.rts.irregular);
}
