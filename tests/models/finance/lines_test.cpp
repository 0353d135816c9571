#include "models/finance/lines.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "models/allocation/rule.h"
#include "models/finance/budget.h"
#include "models/participation/influence.h"
#include "models/population/rare_events.h"
#include "models/programmes/pipeline.h"
#include "models/run.h"
#include "tests/support/money_run.h"

using namespace musi;
using namespace musi::models;

namespace {

using Lines = BudgetLine;

std::size_t at(BudgetLine line) { return static_cast<std::size_t>(line); }

/// Central values, no luck, no loss: the city's part of the money is 27.2 billion a year.
Scenario calm_scenario() {
  Scenario s = tests::tiny_scenario();
  s.clock = {2019, 2021};
  tests::lose_nothing(s);
  s.funding.lines = default_scenario().funding.lines;
  return s;
}
LineSpec& line(Scenario& s, BudgetLine l) { return s.funding.lines[at(l)]; }

World after(const Scenario& s, const City& city, sim::Month months) {
  World world = build_world_without_spin_up(s, city, 3);
  tests::run_money(world, 0, months);
  return world;
}

double bn(Rupiah amount) { return static_cast<double>(amount) * 1e-9; }
double effective(const World& world) { return bn(world.money.effective[0]); }

Rupiah all_lines(const World& world, std::size_t year) {
  Rupiah sum = 0;
  for (const auto& l : world.money.lines) sum += l[year];
  return sum;
}

/// Records by name without those in `but`, as bits: NaN counts as equal.
void require_same_record(const Scenario& a, const Scenario& b, const City& city,
                         const std::vector<std::string>& but) {
  const auto infos = series_of(a, city);
  const auto first = run_future(a, city, 7), second = run_future(b, city, 7);
  for (std::size_t i = 0; i < infos.size(); ++i) {
    if (std::find(but.begin(), but.end(), infos[i].name) != but.end()) continue;
    INFO(infos[i].name);
    REQUIRE(first.series[i].size() == second.series[i].size());
    for (std::size_t k = 0; k < first.series[i].size(); ++k) {
      const double x = first.series[i][k], y = second.series[i][k];
      REQUIRE((x == y || (std::isnan(x) && std::isnan(y))));
    }
  }
}

}  // namespace

TEST_CASE("the lines are those of the specification and sum to the crowded part", "[unit]") {
  double sum = 0.0;
  for (const LineInfo& l : budget_lines()) {
    sum += l.share_pct;
    CHECK(l.low <= l.central);
    CHECK(l.central <= l.high);
    CHECK(&info(l.line) == &l);
  }
  CHECK(sum == 100.0);
  CHECK(info(Lines::waterfront).share_pct == 0.0);
}

TEST_CASE("the office's money closes to the rupiah, and its index is the crowded share",
          "[property]") {
  const City city = tests::tiny_city();
  Scenario s = calm_scenario();
  s.clock = {2019, 2028};
  const World world = after(s, city, 120);
  for (std::size_t y = 0; y < 10; ++y) {
    const Money& m = world.money;
    REQUIRE(m.department[y] > 0);
    REQUIRE(m.department[y] == m.effective[y] + all_lines(world, y));
    Rupiah city_money = 0, works = 0;
    for (const SourceState& f : m.sources) {
      if (f.kind == SourceKind::city) city_money += f.voted[y];
    }
    for (std::size_t p = 0; p < s.programmes.size(); ++p) {
      if (s.programmes[p].line) works += m.programmes[p].voted[y];
    }
    // The October revision may move free money between programmes of the city: works stay below.
    REQUIRE(std::abs(static_cast<double>(city_money - m.effective[y])) <=
            0.1 * static_cast<double>(m.lines[at(Lines::strategic_infrastructure)][y]) + 2.0);
    REQUIRE(works >= 0);
    const double index = 1.0 - bn(m.effective[y]) / bn(m.department[y]);
    REQUIRE(index == Approx(0.70).epsilon(1e-6));
  }
}

TEST_CASE("a line that grows leaves less money for slums, one that shrinks leaves more",
          "[unit]") {
  const City city = tests::tiny_city();
  Scenario s = calm_scenario();
  const double usual = effective(after(s, city, 1));
  CHECK(usual == Approx(0.40 * 68).epsilon(1e-6));
  tests::set(line(s, Lines::cemetery).share_pct, 14);
  CHECK(effective(after(s, city, 1)) == Approx(usual * (1 - 0.77) / 0.3).epsilon(1e-6));
  tests::set(line(s, Lines::cemetery).share_pct, 0);
  CHECK(effective(after(s, city, 1)) == Approx(usual * (1 - 0.7 * 0.96) / 0.3).epsilon(1e-6));
  tests::set(line(s, Lines::street_lighting).share_pct, 900);
  const World nothing_left = after(s, city, 1);
  CHECK(effective(nothing_left) == 0.0);
  CHECK(nothing_left.money.department[0] == all_lines(nothing_left, 0));
}

TEST_CASE("a given budget of the office is divided between its lines and the slums", "[unit]") {
  const City city = tests::tiny_city();
  Scenario s = calm_scenario();
  tests::set(s.funding.department_budget_idr_bn, 50.0);
  const World world = after(s, city, 1);
  CHECK(bn(world.money.department[0]) == Approx(50.0).epsilon(1e-9));
  CHECK(effective(world) == Approx(15.0).epsilon(1e-6));
  CHECK(bn(world.money.lines[at(Lines::office_admin)][0]) == Approx(50 * 0.7 * 0.14));
}

TEST_CASE("a line without effect changes money alone; its usual share is no lever", "[property]") {
  const City city = tests::tiny_city();
  Scenario a = tests::tiny_scenario();
  a.uncertainty = true;
  a.clock = {2019, 2022};
  Scenario b = a;
  tests::set(line(b, Lines::cemetery).share_pct, 4);
  require_same_record(a, b, city, {});
  tests::set(line(b, Lines::cemetery).share_pct, 0);
  tests::set(line(b, Lines::apparatus_facilities).share_pct, 8);
  require_same_record(a, b, city, {"line_money"});
  for (LineSpec& l : a.funding.lines) l.effect.is_set = false;
  b = a;  // no effect at all: money of any line is as good as that of another
  tests::set(line(b, Lines::street_lighting).share_pct, 2);
  tests::set(line(b, Lines::parks).share_pct, 28);
  require_same_record(a, b, city, {"line_money"});
}

TEST_CASE("declared effects of lines move what they name", "[unit]") {
  const City city = tests::tiny_city();
  Scenario s = calm_scenario();
  const auto effects = [&] { return after(s, city, 1).money.line_effects; };
  const LineEffects usual = effects();
  const double dept = 0.4 * 68 / 0.3;  // IDR billion
  CHECK(usual.officer_factor == Approx(1 + 0.02 * dept * 0.7 * 0.02).epsilon(1e-6));
  CHECK(usual.verification_factor == Approx(0.98));
  CHECK(usual.booking_factor == Approx(1 - 0.05 * dept * 0.7 * 0.03).epsilon(1e-6));
  CHECK(usual.lead_months == Approx(1.0));
  CHECK(usual.lighting == 0.0);
  tests::set(line(s, Lines::office_admin).share_pct, 4);
  CHECK(effects().officer_factor < 0.4);  // 2.8 % of the budget instead of 8 %
  tests::set(line(s, Lines::office_admin).share_pct, 14);
  for (const Lines l : {Lines::discipline, Lines::capacity_building, Lines::reporting_system,
                        Lines::strategic_planning}) {
    tests::set(line(s, l).share_pct, 0);
  }
  CHECK(effects().verification_factor == 1.0);
  CHECK(effects().officer_factor == 1.0);
  CHECK(effects().booking_factor == 1.0);
  CHECK(effects().lead_months == 0.0);
}

TEST_CASE("street lighting engages in lit RTs only, and half its money lights half of them",
          "[statistical]") {
  const City city = tests::tiny_city(8);
  Scenario s = calm_scenario();
  tests::set(line(s, Lines::street_lighting).effect, 0.05);
  World world = build_world_without_spin_up(s, city, 3);
  tests::run_money(world, 0, 1);
  Influence(world).step(world, {.month = 0, .seed = 3});
  const auto light = world.rts.gamma[1];
  tests::set(line(s, Lines::street_lighting).share_pct, 11);
  World half = build_world_without_spin_up(s, city, 3);
  tests::run_money(half, 0, 1);
  Influence(half).step(half, {.month = 0, .seed = 3});
  int lit = 0;
  const int n = static_cast<int>(world.n_rts());
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    const bool is =
        engagement_from_light(half.money.line_effects, half.rts.light_rank[rt]) > 0.0;
    lit += is;
    CHECK(half.rts.gamma[1][rt] == Approx(light[rt] - (is ? 0.0f : 0.05f)).margin(1e-5));
    CHECK(consent_from_light(half, rt) == Approx(is ? 0.02 : 0.0));
  }
  CHECK(lit > n / 4);
  CHECK(lit < 3 * n / 4);
}

TEST_CASE("green space takes off flooded area beside the sites it names, nowhere else", "[unit]") {
  const City city = tests::tiny_city();
  Scenario s = calm_scenario();
  tests::keep_programmes(s, {});
  tests::set(line(s, Lines::green_space).effect, 0.2);
  const World without = after(s, city, 12);
  line(s, Lines::green_space).sites = {"T-1"};
  const World world = after(s, city, 12);
  const auto& c4a = world.rts.physical[index(Criterion::c4a)];
  const auto& before = without.rts.physical[index(Criterion::c4a)];
  double gain = 0.0;
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    if (world.rts.site[rt] == 1) gain += static_cast<double>(before[rt] - c4a[rt]);
    if (world.rts.site[rt] != 1) CHECK(before[rt] == c4a[rt]);
  }
  CHECK(gain > 0.0);
}

TEST_CASE("parks and a waterfront raise values, so more tenants leave", "[unit]") {
  const City city = tests::tiny_city();
  Scenario s = calm_scenario();
  tests::set(line(s, Lines::parks).effect, 0.02);
  line(s, Lines::parks).sites = {"T-0"};
  World world = after(s, city, 1);
  const RareEvents events(world);
  const auto leave = [&](std::size_t site) {
    return events.chances(world, world.sites.rts[site].front(), Tenure::rent, 0).leave;
  };
  CHECK(amenity(world, world.sites.rts[0].front()) == Approx(0.02));
  CHECK(amenity(world, world.sites.rts[1].front()) == 0.0);
  CHECK(leave(0) > leave(1));
  const double before = leave(1);
  world.rts.waterfront[world.sites.rts[1].front()] = 1;
  CHECK(amenity(world, world.sites.rts[1].front()) == Approx(0.15));
  CHECK(leave(1) > before);
  CHECK(leave(1) <= events.bound(Tenure::rent));
}

TEST_CASE("a waterfront builds on the river front near the centre only", "[unit]") {
  City city = tests::tiny_city();
  Scenario s = calm_scenario();
  tests::keep_programmes(s, {"waterfront"});
  tests::set(line(s, Lines::waterfront).share_pct, 6);
  const World world = after(s, city, 24);
  double marked = 0.0;
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    if (world.rts.waterfront[rt] == 0) continue;
    ++marked;
    CHECK(world.sites.is_strategic[world.rts.site[rt]] == 1);
  }
  CHECK(marked > 0.0);
  tests::set(line(s, Lines::waterfront).share_pct, 0);
  const World none = after(s, city, 24);
  CHECK(std::count(none.rts.waterfront.begin(), none.rts.waterfront.end(), 1) == 0);
}

TEST_CASE("strategic infrastructure builds its share inside sites, after its planning", "[unit]") {
  City city = tests::tiny_city();
  Scenario s = calm_scenario();
  tests::keep_programmes(s, {"strategic_infrastructure"});
  const ProgrammeSpec& works = tests::programme(s, "strategic_infrastructure");
  const auto p = static_cast<std::size_t>(&works - s.programmes.data());
  tests::set(line(s, Lines::strategic_infrastructure).effect, 30);
  const World world = after(s, city, 1);
  const Rupiah of_line = world.money.lines[at(Lines::strategic_infrastructure)][0];
  CHECK(bn(world.money.programmes[p].voted[0]) == Approx(0.3 * bn(of_line)).epsilon(1e-6));
  REQUIRE_FALSE(world.money.packages.empty());
  const double usual =
      times_of(world, world.money.packages[0], {.month = 0, .seed = 3}).procurement;
  tests::set(line(s, Lines::strategic_planning).effect, 0);
  const World unplanned = after(s, city, 1);
  CHECK(times_of(unplanned, unplanned.money.packages[0], {.month = 0, .seed = 3}).procurement ==
        Approx(usual - 1.0));
  tests::set(line(s, Lines::strategic_infrastructure).effect, 0);
  CHECK(after(s, city, 1).money.programmes[p].voted[0] == 0);
}
