#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

#include "models/indicators/recorder.h"
#include "models/participation/influence.h"
#include "models/population/visits.h"
#include "models/run.h"
#include "models/stocks/ageing.h"
#include "tests/support/crowd.h"
#include "tests/support/money_run.h"
#include "tests/support/statistics.h"

/// Limits of the structure, reached by parameters alone, against their closed forms: the threshold
/// rule, the logit without interaction, no decay, no gate; and a run beside its difference
/// equations.

using namespace musi;
using namespace musi::models;

namespace {

constexpr double psi = 0.25;

/// Parameters under which only b_0 and the neighbours act.
void leave_neighbours_only(Scenario& s, double b0, double bm) {
  for (const Param p :
       {Param::part_benefit_weight, Param::part_cost_weight, Param::logit_received_help,
        Param::logit_owner, Param::part_household_sd, Param::part_rt_sd,
        Param::part_facilitation_weight, Param::part_social_capital_weight,
        Param::part_disappointment_weight, Param::part_adjacent_weight}) {
    tests::fix(s, p, 0.0);
  }
  tests::fix(s, Param::part_intercept, b0);
  tests::fix(s, Param::part_neighbour_weight, bm);
  tests::fix(s, Param::part_revision_rate, 100.0 * psi);
}

void take_part(World& world, int months) {
  Influence influence(world);
  Visits visits(world);
  for (sim::Month t = 0; t < months; ++t) {
    const sim::Step step{.month = t, .seed = world.future.seed()};
    influence.step(world, step);
    visits.step(world, step);
  }
}

/// All trials from month 0 on.
void start_trials(World& world) {
  Households& h = world.households;
  for (std::size_t i = 0; i < h.size_rows(); ++i) {
    if ((h.flags[i] & flag::alive) == 0) continue;
    h.next_revision[i] = static_cast<std::uint16_t>(
        Visits::first_wait(world, h.record[i].key, sim::start_state) - 1);
  }
}

double engaged_of_city(const World& world) {
  double engaged = 0.0, households = 0.0;
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    engaged += double(world.rts.n_engaged[0][rt]) + double(world.rts.n_engaged[1][rt]);
    households += double(world.rts.n_households[rt]);
  }
  return engaged / households;
}

double logistic(double x) { return 1.0 / (1.0 + std::exp(-x)); }

/// Names of the series in which two records differ in any bit.
std::vector<std::string> differences(const Scenario& s, const City& city, const sim::RunRecord& a,
                                     const sim::RunRecord& b) {
  std::vector<std::string> names;
  const auto infos = series_of(s, city);
  for (std::size_t i = 0; i < infos.size(); ++i) {
    const std::size_t bytes = a.series[i].size() * sizeof(double);
    if (std::memcmp(a.series[i].data(), b.series[i].data(), bytes) != 0) {
      names.push_back(infos[i].name);
    }
  }
  return names;
}

/// Nobody is born, moves, builds or repairs; nothing happens from outside.
void stand_still(Scenario& s) {
  for (const Param p : {Param::household_growth_city, Param::owner_out_rate,
                        Param::renter_out_rate, Param::new_informal_rate,
                        Param::new_informal_attraction, Param::private_initiative_chance}) {
    tests::fix(s, p, 0.0);
  }
  tests::fix(s, Param::self_c0, -60.0);
  s.hazards.fire = s.hazards.flood = false;
}

}  // namespace

TEST_CASE("the threshold rule settles exactly where Granovetter's curve crosses first",
          "[property]") {
  // With b_0 = 0.3 b_m a household joins when the engaged share exceeds its threshold less 0.3. The
  // share then climbs from nobody to the smallest m with m = F(m + 0.3), whoever revises when.
  const City city = tests::tiny_city(1);
  for (const double push : {0.05, 0.2, 0.3}) {
    Scenario s = tests::tiny_scenario();
    s.clock = {2019, 2058};
    s.theory = ParticipationTheory::threshold;
    leave_neighbours_only(s, push * 4.0, 4.0);
    constexpr std::size_t n = 5000;
    World world = tests::crowd(s, city, {.per_rt = n});
    const sim::Chance luck(3, 9, 0);
    std::vector<double> thresholds;
    for (std::size_t i = 0; i < n; ++i) {
      const double theta = std::clamp(0.4 + 0.2 * sim::portable::normal_quantile(luck.fine_uniform(
                                                      world.households.record[i].key)),
                                      0.0, 1.0);
      world.households.record[i].c0 = static_cast<float>(4.0 * (push - theta));
      thresholds.push_back(-double{world.households.record[i].c0} /
                           4.0);  // as the household stores it
    }
    std::sort(thresholds.begin(), thresholds.end());
    std::size_t joined = 0;
    while (true) {  // m -> F(m + push)
      const double m = static_cast<double>(joined) / n;
      const auto next = static_cast<std::size_t>(
          std::lower_bound(thresholds.begin(), thresholds.end(), m) - thresholds.begin());
      if (next <= joined) break;
      joined = next;
    }
    start_trials(world);
    take_part(world, 400);
    INFO("push " << push << ": " << joined << " by the curve");
    CHECK(std::abs(engaged_of_city(world) * n - static_cast<double>(joined)) <= 1.0);
  }
}

TEST_CASE("without neighbours every RT of a built city takes part as the logit says",
          "[statistical]") {
  const City city = tests::tiny_city(12);
  Scenario s = tests::tiny_scenario();
  leave_neighbours_only(s, -1.2, 0.0);
  World world = build_world(s, city, 4);
  take_part(world, 36);
  const double n = static_cast<double>(world.n_households());
  tests::require_share(engaged_of_city(world) * n, n, logistic(-1.2));
}

TEST_CASE("b_m = 0 is the independent logit in every recorded series of a whole run",
          "[property]") {
  const City city = tests::tiny_city(3);
  Scenario zero = tests::tiny_scenario();
  tests::fix(zero, Param::part_neighbour_weight, 0.0);
  Scenario independent = zero;
  independent.theory = ParticipationTheory::independent;
  tests::fix(independent, Param::part_neighbour_weight, 3.0);
  // The theory leaves the thresholds out as well: c0 holds b_m theta.
  const auto a = run_future(zero, city, 5), b = run_future(independent, city, 5);
  CHECK(differences(zero, city, a, b) == std::vector<std::string>{});
}

TEST_CASE("without decay and change nothing moves for ten years", "[property]") {
  const City city = tests::tiny_city(4);
  Scenario s = tests::tiny_scenario();
  stand_still(s);
  tests::set(s.funding.scale_pct, 0.0);
  tests::fix(s, Param::life_factor, 1e9);
  for (const Param p : {Param::cleaning_rate, Param::decay_6b}) tests::fix(s, p, 0.0);
  World world = build_world(s, city, 6);
  const auto start = world.rts.physical;
  const auto flags = world.households.flags;
  const auto schedule = standard_schedule(world);
  for (sim::Month t = 0; t < 120; ++t) {
    world.month = t;
    schedule.run(world, {.month = t, .seed = 6});
  }
  for (std::size_t k = 0; k < n_criteria; ++k) {
    for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
      INFO("criterion " << k << ", RT " << rt);
      CHECK(std::abs(world.rts.physical[k][rt] - start[k][rt]) < 2e-4f);
    }
  }
  const std::uint32_t lacks = flag::lacks_house | flag::lacks_water | flag::lacks_toilet |
                              flag::lacks_tank | flag::crowded;
  for (std::size_t i = 0; i < flags.size(); ++i) {
    CHECK((world.households.flags[i] & lacks) == (flags[i] & lacks));
  }
  CHECK(world.state.counts.house_failures == 0);
}

TEST_CASE("a gate of zero is no gate in every recorded series of a whole run", "[property]") {
  const City city = tests::tiny_city(4);
  Scenario open = tests::tiny_scenario();
  tests::keep_programmes(open, {"kotaku_community", "sanimas"});
  // The priority of a site counts participation against the same share: it is 0 in both.
  tests::fix(open, Param::part_gate_works, 0.0);
  Scenario none = open;
  for (ProgrammeSpec& p : none.programmes) {
    if (p.gate == Gate::engaged_share) p.gate = Gate::none;
  }
  const auto a = run_future(open, city, 7), b = run_future(none, city, 7);
  CHECK(differences(open, city, a, b) == std::vector<std::string>{});
  const auto infos = series_of(open, city);
  for (std::size_t i = 0; i < infos.size(); ++i) {
    if (infos[i].name != "barrier_participation") continue;
    for (const double ha : a.series[i]) CHECK(ha == 0.0);
  }
}

TEST_CASE("a late guideline cuts the works of its year to the share of the equation",
          "[property]") {
  // Nothing lost, nothing hurried: what is built by December over what was planned is
  // A = clamp((11.5 - (max(J, B) + v + q)) / span, 0, 1). From month 4 to 6.5 it halves.
  const City city = tests::tiny_city(6);
  const auto built = [&](double month, const char* programme) {
    Scenario s = tests::tiny_scenario();
    tests::lose_nothing(s);
    tests::keep_programmes(s, {programme});
    tests::fix(s, Param::late_work_lost_share, 100.0);
    tests::fix(s, Param::verification_months, 1.5);
    for (ProgrammeSpec& p : s.programmes) {
      p.gate = Gate::none;
      p.guideline = Guideline::ministry_works;
    }
    s.procedure.october_reallocation = false;
    tests::set(s.procedure.guideline_month, month);
    for (SourceSpec& source : s.funding.sources) tests::set(source.effective_month, 2.0);
    World world = build_world_without_spin_up(s, city, 8);
    tests::engage_all(world);
    tests::run_money(world, 0, 11);
    const std::vector<Package> before = world.money.packages;  // December cuts what is returned
    tests::run_money(world, 11, 12);
    double planned = 0.0, delivered = 0.0;
    for (std::size_t p = 0; p < before.size(); ++p) {
      for (std::size_t l = 0; l < before[p].lines.size(); ++l) {
        const PackageLine& line = before[p].lines[l];
        if (!(line.units_planned > 0.0f)) continue;
        const float units = world.money.packages[p].lines[l].units_delivered;
        planned += static_cast<double>(line.cost);
        delivered += static_cast<double>(line.cost) *
                     static_cast<double>(units / line.units_planned);
      }
    }
    REQUIRE(planned > 0.0);
    return delivered / planned;
  };
  for (const double month : {4.0, 5.0, 6.5, 7.0, 8.0, 9.0}) {
    INFO("month " << month);
    const double community = std::clamp((11.5 - (month + 1.5 + 1.0)) / 5.0, 0.0, 1.0);
    const double contractor = std::clamp((11.5 - (month + 1.5 + 2.5)) / 6.0, 0.0, 1.0);
    CHECK(built(month, "cash_for_work") == Approx(community).margin(0.02));
    CHECK(built(month, "neighbourhood_roads") == Approx(contractor).margin(0.02));
  }
  CHECK(built(6.5, "cash_for_work") / built(4.0, "cash_for_work") == Approx(0.5).margin(0.02));
}

namespace {

/// A city of equal households and RTs that lack drains alone; money grows by a plan.
struct EqualCity {
  static constexpr int years = 16;
  static constexpr double b0 = 0.2, bm = 3.0, theta = 0.4, gate = 0.45, start = 0.12;
  static constexpr double money_bn = 30.0, cost_mn_per_ha = 400.0, growth = 0.06, pull = 0.3;

  City city = tests::tiny_city(10);
  Scenario scenario = tests::tiny_scenario();

  EqualCity() {
    for (SiteFacts& site : city.sites) {
      site.area_ha = 172.984;
      site.n_rt = 40;
      site.kelurahan_area_ha = 1000;
      site.persons_per_ha = 60.0;
      site.unclear_land_share = 0;
    }
    city.start_area_ha[2019] = 1729.84;
    city.prepare();
    Scenario& s = scenario;
    s.clock = {2019, 2019 + years - 1};
    tests::lose_nothing(s);
    stand_still(s);
    leave_neighbours_only(s, b0, bm);
    s.start.rt_count_from_table = true;
    tests::keep_programmes(s, {"drainage_flood"});
    auto& works = tests::programme(s, "drainage_flood");
    works.menu = {{Item::drain_new, 1.0}};
    works.gate = Gate::engaged_share;
    tests::set(works.gate_engaged_pct, 100.0 * gate);
    tests::set(works.sites_per_year, 10);
    tests::set(s.funding.total_idr_bn_per_year, money_bn);
    for (SourceSpec& source : s.funding.sources) {
      tests::set(source.share_pct, source.id == "apbd_city" ? 100.0 : 0.0);
      tests::set(source.effective_month, 0.0);
      source.carry_rule = CarryRule::return_;
    }
    for (const Param p : {Param::initial_rt_area_log_sd, Param::verification_months,
                          Param::procurement_contractor, Param::report_book_planned_chance}) {
      tests::fix(s, p, 0.0);
    }
    tests::fix(s, Param::drain_new, 1.0);
    tests::fix(s, Param::construction_contractor, 1.0);
    tests::fix(s, Param::budget_growth, 100.0 * growth);
    tests::fix(s, Param::budget_pull, 100.0 * pull);
    s.procedure.october_reallocation = false;
  }

  World build() const {
    World world = build_world_without_spin_up(scenario, city, 4);
    std::fill(world.rts.land_status.begin(), world.rts.land_status.end(), LandStatus::clear);
    std::fill(world.sites.cost_factor.begin(), world.sites.cost_factor.end(), 1.0f);
    for (HouseholdRecord& r : world.households.record) r.c0 = static_cast<float>(b0 - bm * theta);
    for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
      world.rts.ideal_drain[rt] = world.rts.miss_drain[rt] = world.rts.area[rt] * 400.0f;
      for (auto& phase : world.rts.good[static_cast<std::size_t>(Stock::drain)]) phase[rt] = 0.0f;
      refresh(world, rt);
      for (std::size_t k = 0; k < n_criteria; ++k) world.rts.ledger[k][rt] = 0.0f;
      for (const Criterion c :
           {Criterion::c1a, Criterion::c3a, Criterion::c5a, Criterion::c7b}) {
        world.rts.ledger[index(c)][rt] = 1.0f;
      }
      world.rts.ledger_score[rt] = 20;
      world.rts.ledger_class[rt] = Slum::light;
    }
    tests::engage_share(world, start);
    start_trials(world);
    return world;
  }
};

}  // namespace

TEST_CASE("without heterogeneity a run follows its three difference equations within 2 %",
          "[validation]") {
  using E = EqualCity;
  const EqualCity equal;
  World world = equal.build();
  Influence influence(world);
  Visits visits(world);
  double twin_engaged = E::start, twin_area = 1729.84;
  double twin_log_money = std::log(E::money_bn);
  double at_verification = 0.0;
  int years_with_works = 0;
  const auto schedule = tests::money_schedule(world);
  for (sim::Month t = 0; t < 12 * E::years; ++t) {
    world.month = t;
    const sim::Step step{.month = t, .seed = world.future.seed()};
    influence.step(world, step);
    visits.step(world, step);
    schedule.run(world, step);
    // e <- e + psi (logit(b_0 + b_m (e - theta)) - e)
    twin_engaged +=
        psi * (logistic(E::b0 + E::bm * (twin_engaged - E::theta)) - twin_engaged);
    if (t % 12 == 1) at_verification = twin_engaged;
    INFO("month " << t);
    CHECK(std::abs(engaged_of_city(world) - twin_engaged) < 0.02);
    if (!sim::Clock::is_december(t)) continue;
    const auto year = static_cast<std::size_t>(sim::Clock::year_index(t));
    // ln B <- ln B + g + phi (ln B* - ln B);  A <- A - B / c where the gate is passed
    if (year > 0) {
      twin_log_money += E::growth + E::pull * (std::log(E::money_bn) - twin_log_money);
    }
    const bool open = at_verification >= E::gate;
    if (open) twin_area -= std::exp(twin_log_money) * 1e3 / E::cost_mn_per_ha;
    twin_area = std::max(0.0, twin_area);
    double voted = 0.0, area = 0.0;
    for (const SourceState& source : world.money.sources) {
      voted += static_cast<double>(source.voted[year]) * 1e-9;
    }
    for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
      area += static_cast<double>(world.rts.area[rt] * world.rts.miss_drain[rt] /
                                  world.rts.ideal_drain[rt]);
    }
    INFO("year " << year << ": area " << area << " beside " << twin_area << ", engaged "
                 << engaged_of_city(world) << " beside " << twin_engaged);
    CHECK(voted == Approx(std::exp(twin_log_money)).epsilon(0.02));
    CHECK(std::abs(area - twin_area) < 0.02 * 1729.84);
    years_with_works += open ? 1 : 0;
  }
  CHECK(years_with_works > 5);
  CHECK(years_with_works < E::years);  // the gate was closed at first
}
