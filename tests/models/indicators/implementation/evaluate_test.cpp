#include "models/indicators/implementation/evaluate.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "models/build_world.h"
#include "models/indicators/groups.h"
#include "models/indicators/works_rows.h"
#include "models/observation/minutes.h"
#include "models/run.h"
#include "tests/support/bare_world.h"
#include "tests/support/columns.h"
#include "tests/support/money_run.h"

using namespace musi;
using namespace musi::models;
using Meter = implementation::Measure;

namespace {

double of(const implementation::Measures& m, Meter measure) {
  return m[static_cast<std::size_t>(measure)];
}

/// The money half of a run with its minutes.
struct MoneyHalf {
  explicit MoneyHalf(const std::function<void(Scenario&)>& change = {})
      : city(tests::tiny_city(4)), scenario(tests::tiny_scenario()) {
    tests::lose_nothing(scenario);
    tests::set(scenario.funding.total_idr_bn_per_year, 8.0);
    if (change) change(scenario);
    world.emplace(build_world_without_spin_up(scenario, city, 5));
    tests::engage_all(*world);
  }
  void years(int n) {
    Minutes minutes(*world);
    tests::run_money(*world, 0, 12 * n, [&](sim::Month month) {
      minutes.step(*world, {.month = month, .seed = world->future.seed()});
    });
  }
  implementation::Measures city_measures(std::size_t year = 0) {
    return implementation::by_place(*world, year, implementation::look_back(*world),
                                    people_stats(*world).with_sanitation)
        .front();
  }

  City city;
  Scenario scenario;
  std::optional<World> world;
};

}  // namespace

TEST_CASE("Who proposes follows from channel, grain and the residents' meeting", "[unit]") {
  CHECK(proposer_of(Channel::community, Grain::rt, true) == Proposer::board);
  CHECK(proposer_of(Channel::community, Grain::rt, false) == Proposer::kelurahan);
  CHECK(proposer_of(Channel::household_group, Grain::household, true) == Proposer::board);
  CHECK(proposer_of(Channel::contractor, Grain::rt, true) == Proposer::subdistrict);
  CHECK(proposer_of(Channel::contractor, Grain::site, true) == Proposer::city);
  CHECK(proposer_of(Channel::service, Grain::rt, true) == Proposer::city);
}

TEST_CASE("January plans payment after money, verification, tender, works and lag", "[unit]") {
  CHECK(planned_payment_month(1.0, 1.0, 1.0, 4.0, 1.0) == 8);
  CHECK(planned_payment_month(1.5, 1.0, 1.0, 4.0, 1.0) == 9);
  CHECK(planned_payment_month(4.0, 2.0, 4.0, 6.0, 2.0) == 12);
}

TEST_CASE("Two sources in an RT conflict if the same item comes back before half its life",
          "[unit]") {
  ServiceLog log;
  CHECK_FALSE(meet(log, 0, Item::drain_new, 60.0, 5).is_joint);
  const Meeting other_item = meet(log, 1, Item::waste_kit, 30.0, 10);
  CHECK(other_item.is_joint);
  CHECK_FALSE(other_item.is_conflict);
  CHECK(meet(log, 1, Item::drain_new, 60.0, 12).is_conflict);
  CHECK_FALSE(meet(log, 0, Item::drain_new, 3.0, 20).is_conflict);  // half a life is over
  CHECK_FALSE(meet(log, 0, Item::drain_new, 60.0, 20).is_conflict); // the same delivery
  ServiceLog late;
  meet(late, 0, Item::drain_new, 60.0, 5);
  CHECK_FALSE(meet(late, 1, Item::drain_new, 60.0, 30).is_joint);   // 25 months apart
}

TEST_CASE("Programmes serve the strategies of the plan, land and flats serve none", "[unit]") {
  Scenario s = default_scenario();
  CHECK(strategies_of(tests::programme(s, "prevention")) == 32u);
  CHECK(strategies_of(tests::programme(s, "bsps")) == 15u);
  CHECK(strategies_of(tests::programme(s, "neighbourhood_roads")) == 21u);
  CHECK(strategies_of(tests::programme(s, "legalise")) == 0u);
}

TEST_CASE("The share of works that still stand falls with the clock of the RT", "[unit]") {
  tests::BareWorld bare(1);
  const AgeingRates rates(bare.world.future);
  Cohort cohort{.rt = 0, .site = 0, .programme = 0,
                .item = static_cast<std::uint8_t>(Item::road_surface), .month = 0, .value = 1.0,
                .clock = 0.0, .households = {}};
  CHECK(still_working(bare.world, rates, cohort) == Approx(1.0));
  bare.world.rts.clock_community[0] = 3.0;
  const double three = still_working(bare.world, rates, cohort);
  bare.world.rts.clock_community[0] = 30.0;
  const double thirty = still_working(bare.world, rates, cohort);
  CHECK(three > 0.8);
  CHECK(thirty < three);
  // What the stocks of the RT keep is the same share.
  auto& good = bare.good(Stock::path_land);
  good[0] = 100.0f;
  age_stocks(bare.world, 0);
  CHECK(static_cast<double>(good_units(bare.world.rts, Stock::path_land, 0)) ==
        Approx(100.0 * thirty).epsilon(1e-3));
}

TEST_CASE("Households count as served until what they got fails", "[unit]") {
  tests::BareWorld bare(1);
  bare.settle(0, 4);
  const AgeingRates rates(bare.world.future);
  Cohort cohort{.rt = 0, .site = 0, .programme = 0,
                .item = static_cast<std::uint8_t>(Item::water_connection), .month = 0, .value = 1.0,
                .clock = 0.0,
                .households = tests::column_of(bare.world.households, &HouseholdRecord::key)};
  CHECK(still_working(bare.world, rates, cohort) == 1.0);
  bare.world.change_flags(2, flag::lacks_water | flag::low_water, 0);
  CHECK(still_working(bare.world, rates, cohort) == Approx(0.75));
}

TEST_CASE("Services of a hand-made RT: three of four households have water, half the path is good",
          "[unit]") {
  tests::BareWorld bare(1);
  bare.settle(0, 4);
  bare.world.change_flags(0, flag::lacks_water, 0);
  auto& physical = bare.world.rts.physical;
  for (auto& share : physical) share[0] = 0.0f;
  physical[index(Criterion::c2a)][0] = 0.25f;
  physical[index(Criterion::c2b)][0] = 0.25f;
  physical[index(Criterion::c6b)][0] = 1.0f;
  const implementation::Services in_rt[] = {implementation::services_in(
      bare.world, 0, people_stats(bare.world).with_sanitation[0])};
  const std::vector<std::size_t> sites{0};
  const auto services = implementation::services_of(bare.world, in_rt, sites);
  CHECK(services.households == 4.0);
  CHECK(services.served[0] == 3.0);
  CHECK(services.served[1] == 4.0);
  CHECK(services.served[2] == Approx(2.0));
  CHECK(services.served[3] == Approx(4.0));
  CHECK(services.served[4] == Approx(0.0));
  CHECK(implementation::spm_index(services.served, services.households) == Approx(13.0 / 20.0));
}

TEST_CASE("Without losses what is built is met, booked and documented", "[unit]") {
  MoneyHalf run;
  run.years(1);
  const auto m = run.city_measures();
  CHECK(of(m, Meter::B1) == 1.0);
  CHECK(of(m, Meter::B1_net) == Approx(1.0));
  CHECK(of(m, Meter::B3) == Approx(1.0));
  CHECK(of(m, Meter::B4) == Approx(1.0));
  CHECK(of(m, Meter::P5_engaged) == Approx(1.0));
  CHECK(of(m, Meter::S3) > 0.95);
  CHECK(of(m, Meter::S4_verbal) == 0.0);
  CHECK(of(m, Meter::P2) > 0.9);
  CHECK(of(m, Meter::P2) <= 1.0);
  CHECK(std::isnan(of(m, Meter::P6)));         // nothing is three years old
  CHECK(std::isnan(of(m, Meter::B3_steady)));  // there is no year before
}

TEST_CASE("Money of places and programmes adds up to what the sources paid", "[property]") {
  MoneyHalf run;
  run.years(2);
  double sites = 0.0, programmes = 0.0, months = 0.0, paid = 0.0;
  for (const Tally& t : run.world->notes.sites) sites += t.paid;
  for (const Tally& t : run.world->notes.programmes) programmes += t.paid;
  for (const double m : run.world->notes.paid_by_month) months += m;
  for (const SourceState& s : run.world->money.sources) {
    paid += static_cast<double>(s.paid[1]) * 1e-6;
  }
  REQUIRE(paid > 100.0);
  CHECK(sites == Approx(paid));
  CHECK(programmes == Approx(paid));
  CHECK(months == Approx(paid));
  for (const Tally& t : run.world->notes.sites) {
    CHECK(t.paid_on_time <= t.paid + 1e-9);
    CHECK(t.delivered <= t.built + 1e-6);
    CHECK(t.in_order <= t.ended);
  }
}

TEST_CASE("What is paid after a package was booked is noted, and then nothing is left to note",
          "[property]") {
  MoneyHalf run;
  Minutes minutes(*run.world);
  int n_booked_first = 0, n_settled = 0;
  tests::run_money(*run.world, 0, 24, [&](sim::Month month) {
    minutes.step(*run.world, {.month = month, .seed = run.world->future.seed()});
    for (const Package& p : run.world->money.packages) {
      REQUIRE(p.seen.paid == p.cost_paid);
      REQUIRE(p.seen.progress == p.progress);
      REQUIRE(p.note.is_settled == (p.note.is_closed && p.committed == 0));
      n_booked_first += p.note.is_closed && p.committed > 0;
      n_settled += p.note.is_settled;
    }
  });
  CHECK(n_booked_first > 0);
  CHECK(n_settled > 0);
}

TEST_CASE("Cohorts lie by their year and are forgotten after four", "[unit]") {
  MoneyHalf run;
  run.years(6);
  const auto& delivered = run.world->notes.delivered;
  REQUIRE(delivered.size() == 6);
  for (std::size_t year = 0; year < delivered.size(); ++year) {
    CHECK(delivered[year].empty() == (year < 2));
    for (const Cohort& cohort : delivered[year]) {
      REQUIRE(sim::Clock::year_index(cohort.month) == static_cast<int>(year));
    }
  }
  double value = 0.0, looked_at = 0.0;
  for (const Cohort& cohort : delivered[2]) value += cohort.value;
  for (const auto& site : implementation::look_back(*run.world).of_site) {
    looked_at += site.delivered;
  }
  CHECK(looked_at == Approx(value));
}

TEST_CASE("A verbal start under a late guideline lowers B4 and S1 and raises S4", "[unit]") {
  const auto late = [](Scenario& s) { s.procedure.preset = GuidelinePreset::late; };
  MoneyHalf waits(late);
  MoneyHalf talks([&](Scenario& s) {
    late(s);
    s.procedure.verbal_start = true;
  });
  waits.years(1);
  talks.years(1);
  const auto a = waits.city_measures(), b = talks.city_measures();
  CHECK(of(a, Meter::B4) == 1.0);
  CHECK(of(b, Meter::B4) < 1.0);
  CHECK(of(b, Meter::S4_verbal) > 0.0);
  CHECK(of(b, Meter::S1) < of(a, Meter::S1));
  CHECK(of(a, Meter::S4) == of(b, Meter::S4));
  CHECK(of(a, Meter::S4_delayed) > 0.0);
}

TEST_CASE("A later guideline pays less on time and explains more by the guideline",
          "[property]") {
  const auto with = [](GuidelinePreset preset) {
    MoneyHalf run([&](Scenario& s) { s.procedure.preset = preset; });
    run.years(1);
    return run.city_measures();
  };
  const auto early = with(GuidelinePreset::early), late = with(GuidelinePreset::very_late);
  CHECK(of(late, Meter::S4) > of(early, Meter::S4));
  CHECK(of(late, Meter::B2) <= of(early, Meter::B2));
  CHECK(of(late, Meter::B5_guideline) > of(early, Meter::B5_guideline));
}

TEST_CASE("Without engaged households the heads propose alone", "[unit]") {
  MoneyHalf run;
  for (std::size_t i = 0; i < run.world->households.size_rows(); ++i) {
    if ((run.world->households.flags[i] & flag::alive) != 0) {
      run.world->change_flags(i, 0, flag::engaged);
    }
  }
  run.years(1);
  const auto m = run.city_measures();
  CHECK(of(m, Meter::P5_engaged) == 0.0);
  CHECK(run.world->notes.sites[0].proposed[static_cast<std::size_t>(Proposer::board)] == 0.0);
}

TEST_CASE("Places are the city and its subdistricts, and their counts are those of their sites",
          "[unit]") {
  MoneyHalf run;
  run.years(1);
  const auto names = implementation::places(run.city);
  const auto past = implementation::look_back(*run.world);
  const auto all = implementation::by_place(*run.world, 0, past,
                                            people_stats(*run.world).with_sanitation);
  REQUIRE(names.size() == all.size());
  CHECK(names.front() == "city");
  CHECK(std::isnan(of(all.back(), Meter::B1)));  // only the city has books
  CHECK_FALSE(std::isnan(of(all.back(), Meter::spm_index)));
  const auto programmes = implementation::by_programme(*run.world, 0, past);
  CHECK(programmes.size() == run.scenario.programmes.size());
}

TEST_CASE("Minutes change no number of a run", "[property]") {
  MoneyHalf with, without;
  with.years(2);
  tests::run_money(*without.world, 0, 24);
  for (std::size_t f = 0; f < with.world->money.sources.size(); ++f) {
    REQUIRE(with.world->money.sources[f].paid == without.world->money.sources[f].paid);
  }
  REQUIRE(with.world->rts.physical == without.world->rts.physical);
  REQUIRE(with.world->rts.ledger == without.world->rts.ledger);
  REQUIRE(with.world->households.flags == without.world->households.flags);
}

TEST_CASE("The works programme holds what was booked, joined and in order", "[unit]") {
  MoneyHalf run;
  run.world->notes.keeps_works = true;
  run.years(2);
  const auto rows = works_from(works_rows(*run.world));
  REQUIRE(!rows.empty());
  double listed = 0.0, kept = 0.0;
  for (const WorksRowOut& row : rows) {
    CHECK(row.site >= 0);
    CHECK(row.rt == -1);
    CHECK(row.end_month >= row.start_month);
    listed += static_cast<double>(row.cost);
  }
  for (const WorksEntry& w : run.world->notes.works) kept += w.cost;
  CHECK(rows.size() <= run.world->notes.works.size());
  CHECK(listed == Approx(kept).epsilon(1e-5));
}
