#include <algorithm>
#include <array>
#include <cmath>

#include "models/build_world.h"
#include "models/participation/influence.h"
#include "models/population/visits.h"
#include "models/programmes/need.h"
#include "models/programmes/unit_costs.h"
#include "tests/support/crowd.h"
#include "tests/support/dip.h"
#include "tests/support/moments.h"
#include "tests/support/money_run.h"
#include "tests/validation/evidence.h"
#include "tests/validation/hindcast.h"

/// MODEL.md section 26, targets 25 to 27, 30, 31 and 34: who takes part and what it does.

namespace musi::tests {

using namespace musi::models;

namespace {

constexpr double most_errors = 4.0;  ///< standard errors that tell a sign

/// Influence and visits alone.
void take_part(World& world, int months) {
  Influence influence(world);
  Visits visits(world);
  for (sim::Month t = 0; t < months; ++t) {
    const sim::Step step{.month = t, .seed = world.future.seed()};
    influence.step(world, step);
    visits.step(world, step);
  }
}

void start_trials(World& world) {
  Households& h = world.households;
  for (std::size_t i = 0; i < h.size_rows(); ++i) {
    if ((h.flags[i] & flag::alive) == 0) continue;
    h.next_revision[i] = static_cast<std::uint16_t>(
        Visits::first_wait(world, h.record[i].key, sim::start_state) - 1);
  }
}

double share_in(const World& world, std::size_t rt) {
  const double n = world.rts.n_households[rt];
  return n > 0.0 ? (double(world.rts.n_engaged[0][rt]) + double(world.rts.n_engaged[1][rt])) / n
                 : 0.0;
}

double share_of_city(const World& world) {
  double engaged = 0.0, households = 0.0;
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    engaged += share_in(world, rt) * world.rts.n_households[rt];
    households += world.rts.n_households[rt];
  }
  return engaged / households;
}

// Two states of an RT -----------------------------------------------------------------------------

struct DipResult {
  double dip = 0.0, p = 1.0;
};

/// Shares of RTs are steps of one household; each is spread over its step, because ties alone make
/// a dip.
DipResult dip_of(const World& world, std::size_t fewest_households) {
  const sim::Chance spread(25, 3, 0);
  std::vector<double> shares;
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    const double n = world.rts.n_households[rt];
    if (n < static_cast<double>(fewest_households)) continue;
    shares.push_back(share_in(world, rt) + (spread.fine_uniform(world.rts.key[rt]) - 0.5) / n);
  }
  const double dip = Dip(shares)();
  return {dip, dip_p_value(dip, shares.size(), 300)};
}

/// Engaged shares of RTs at their tipping point after three years: b_0 stands where half of the
/// households would take part if half of their neighbours did.
DipResult shares_at_tipping_point(double neighbour_weight) {
  static const City city = tiny_city(1);
  static const Scenario s = tiny_scenario();
  const double theta = 0.4;
  World world = crowd(s, city,
                      {.n_rts = 400, .per_rt = 60,
                       .c0 = static_cast<float>(-0.5 * neighbour_weight)});
  Future& f = world.future;
  for (const Param p : {Param::part_benefit_weight, Param::part_cost_weight,
                        Param::logit_received_help, Param::logit_owner,
                        Param::part_facilitation_weight, Param::part_social_capital_weight,
                        Param::part_disappointment_weight, Param::part_adjacent_weight,
                        Param::part_household_sd}) {
    f.set(p, 0.0);
  }
  f.set(Param::part_threshold_mean, theta);
  f.set(Param::part_neighbour_weight, neighbour_weight);
  const sim::Chance ways(25, 2, 0);
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    world.rts.A[rt] = sim::portable::normal_quantile(ways.uniform(world.rts.key[rt]));
  }
  engage_share(world, 0.5);
  start_trials(world);
  take_part(world, 36);
  return dip_of(world, 1);
}

/// The same in Palembang as it stands.
DipResult shares_of_palembang(double neighbour_weight) {
  Scenario s = palembang().central;
  fix(s, Param::part_neighbour_weight, neighbour_weight);
  World world = build_world(s, palembang().city, 25);
  live(world, 36, [](const World&, sim::Month) {});
  return dip_of(world, 20);
}

std::vector<Target> two_states() {
  const auto row = [](const char* number, const char* pattern, const DipResult& strong,
                      const DipResult& weak) {
    return Target{.number = number,
                  .pattern = pattern,
                  .value = strong.p,
                  .high = 0.01,
                  .unit = "p of one mode",
                  .use = Use::prediction,
                  .likely_reason = "with the central b_0 and threshold RTs of Palembang stay on "
                                   "the low side of the tipping point also at b_m = 5",
                  .spread = fmt::format("dip {:.3f}; at b_m = 1 dip {:.3f}, p {:.2f}", strong.dip,
                                        weak.dip, weak.p)};
  };
  return {row("25a", "engaged share of 400 RTs at the tipping point, b_m = 5: dip test",
              shares_at_tipping_point(5.0), shares_at_tipping_point(1.0)),
          row("25b", "engaged share of the RTs of Palembang, b_m = 5: dip test",
              shares_of_palembang(5.0), shares_of_palembang(1.0))};
}

// Facilitators come and go ------------------------------------------------------------------------

/// Engaged share of the city in the months of 2019 to 2030, with money for facilitators alone, who
/// are there from 2021 to 2025.
std::vector<double> with_facilitators(const City& city, std::uint64_t seed) {
  Scenario s = tiny_scenario();
  s.clock = {2019, 2030};
  keep_programmes(s, {"facilitation"});
  set(programme(s, "facilitation").share_pct, 100.0);
  set(s.funding.total_idr_bn_per_year, 20.0);
  set(s.participation.facilitators_number, 8.0);
  s.participation.facilitators_start_year = 2021;
  s.participation.facilitators_end_year = 2025;
  World world = build_world(s, city, seed);
  std::vector<double> shares;
  live(world, 144, [&](const World& w, sim::Month) { shares.push_back(share_of_city(w)); });
  return shares;
}

std::vector<Target> come_and_go(std::size_t futures) {
  const City city = tiny_city(8);
  const auto all = side_by_side<std::vector<double>>(
      futures, [&](std::size_t i) { return with_facilitators(city, sim::run_seed(26, i)); });
  const auto change = [&](std::size_t from, std::size_t to) {
    std::vector<double> differences;
    for (const auto& shares : all) differences.push_back(100.0 * (shares[to] - shares[from]));
    return moments(differences);
  };
  const Moments rise = change(23, 83), fall = change(83, 143);
  const Moments first = change(23, 26), second = change(26, 29);
  const auto error = [](const Moments& m) { return m.sd / std::sqrt(m.n); };
  const std::string why = "the weight of facilitation is assumed";
  return {{.number = "26a",
           .pattern = "engaged households: change in five years with facilitators",
           .value = rise.mean,
           .low = most_errors * error(rise),
           .high = 1e9,
           .unit = "points",
           .use = Use::prediction,
           .likely_reason = why},
          {.number = "26b",
           .pattern = "engaged households: change in five years after they left",
           .value = fall.mean,
           .low = -1e9,
           .high = -most_errors * error(fall),
           .unit = "points",
           .use = Use::prediction,
           .likely_reason = why},
          {.number = "26c",
           .pattern = "an S: the second quarter brings more than the first",
           .value = second.mean - first.mean,
           .low = 0.0,
           .high = 1e9,
           .unit = "points",
           .use = Use::prediction,
           .likely_reason = "facilitation acts through the board, which has a quarter of its "
                            "strength at the start: the first quarter already rises steeply",
           .spread = fmt::format("first {:+.2f}, second {:+.2f}", first.mean, second.mean)}};
}

// Facilitation and social capital -----------------------------------------------------------------

/// Engaged share of each RT with facilitators less that without, after three years.
Moments effect_of_facilitators(double social_capital, bool office_staff) {
  static const City city = tiny_city(1);
  Scenario s = tiny_scenario();
  s.participation.department_only = office_staff;
  fix(s, Param::part_facilitation_social_capital, 1.0);
  fix(s, Param::part_facilitation_weight, 2.2);
  std::vector<double> shares[2];
  for (const bool there : {false, true}) {
    World world = crowd(s, city, {.n_rts = 120, .per_rt = 150, .c0 = -1.5f});
    std::fill(world.rts.sc.begin(), world.rts.sc.end(), static_cast<float>(social_capital));
    world.sites.board[0] = 0.7f;
    world.sites.facilitator_months[0] = there ? 4.0f : 0.0f;
    engage_share(world, 0.08);
    start_trials(world);
    take_part(world, 36);
    for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
      shares[there ? 1 : 0].push_back(100.0 * share_in(world, rt));
    }
  }
  for (std::size_t i = 0; i < shares[0].size(); ++i) shares[1][i] -= shares[0][i];
  return moments(shares[1]);
}

std::vector<Target> facilitation_signs() {
  const Moments high = effect_of_facilitators(2.0, false);
  const Moments low = effect_of_facilitators(-2.0, false);
  const Moments office = effect_of_facilitators(2.0, true);
  const auto error = [](const Moments& m) { return m.sd / std::sqrt(m.n); };
  const std::string why = "an error of the program: the sign follows from the equation";
  return {{.number = "27a",
           .pattern = "effect of facilitators where social capital is high",
           .value = high.mean,
           .low = most_errors * error(high),
           .high = 1e9,
           .unit = "points",
           .use = Use::prediction,
           .likely_reason = why,
           .spread = fmt::format("standard error {:.2f}", error(high))},
          {.number = "27b",
           .pattern = "effect of facilitators where social capital is low",
           .value = low.mean,
           .low = -1e9,
           .high = -most_errors * error(low),
           .unit = "points",
           .use = Use::prediction,
           .likely_reason = why,
           .spread = fmt::format("standard error {:.2f}", error(low))},
          {.number = "27c",
           .pattern = "effect with office staff only",
           .value = office.mean,
           .unit = "points",
           .use = Use::prediction,
           .likely_reason = why}};
}

// Who takes part ----------------------------------------------------------------------------------

/// The engaged in Palembang at the end of 2021: all, the poorest and the richest fifth. [%]
struct Turnout {
  double all = 0.0, poorest = 0.0, richest = 0.0;
};

Turnout turnout(std::uint64_t seed) {
  Scenario s = palembang().uncertain;
  World world = build_world(s, palembang().city, seed);
  live(world, 36, [](const World&, sim::Month) {});
  std::vector<std::pair<float, bool>> households;
  for (std::size_t i = 0; i < world.households.size_rows(); ++i) {
    const std::uint32_t f = world.households.flags[i];
    if ((f & flag::alive) == 0) continue;
    households.emplace_back(world.households.record[i].mu + world.households.record[i].dy,
                            (f & flag::engaged) != 0);
  }
  std::sort(households.begin(), households.end());
  const auto percent = [&](std::size_t from, std::size_t to) {
    double engaged = 0.0;
    for (std::size_t i = from; i < to; ++i) engaged += households[i].second ? 1.0 : 0.0;
    return 100.0 * engaged / static_cast<double>(to - from);
  };
  const std::size_t n = households.size();
  return {percent(0, n), percent(0, n / 5), percent(n - n / 5, n)};
}

std::vector<Target> poor_give_less_time(std::size_t futures) {
  const auto all = side_by_side<Turnout>(
      futures, [](std::size_t i) { return turnout(sim::run_seed(30, i)); });
  std::vector<double> gaps, shares;
  for (const Turnout& t : all) {
    gaps.push_back(t.poorest - t.richest);
    shares.push_back(t.all / 100.0);
  }
  const Moments gap = moments(gaps);
  return {{.number = "30a",
           .pattern = "engaged: poorest fifth less richest fifth",
           .value = gap.mean,
           .low = -1e9,
           .high = -most_errors * gap.sd / std::sqrt(gap.n),
           .unit = "points",
           .use = Use::prediction,
           .likely_reason = "the poor lack more, so that works promise them more: the benefit "
                            "outweighs the cost of time",
           .spread = range_of(gaps)},
          {.number = "30b",
           .pattern = "turnout of communal work: engaged households at the end of 2021",
           .value = moments(shares).mean,
           .low = 0.1,
           .high = 0.4,
           .unit = "",
           .use = Use::prediction,
           .likely_reason = "participation weights are assumed",
           .spread = range_of(shares)}};
}

/// Self-help in community works as a share of their cost, by money, 2019 to 2023.
double self_help_share(std::uint64_t seed) {
  World world = build_world(palembang().uncertain, palembang().city, seed);
  double money = 0.0, helped = 0.0;
  std::vector<sim::EntityKey> begun;
  live(world, 60, [&](const World& w, sim::Month) {
    for (const Package& p : w.money.packages) {
      const ProgrammeSpec& programme = w.scenario->programmes[p.programme];
      if (programme.channel != Channel::community || p.stage != Stage::works) continue;
      if (std::find(begun.begin(), begun.end(), p.key) != begun.end()) continue;
      begun.push_back(p.key);
      for (const PackageLine& line : p.lines) {
        const double cost = static_cast<double>(line.cost);
        const double share = self_help(w, line.rt);
        money += cost / (1.0 - share);
        helped += cost * share / (1.0 - share);
      }
    }
  });
  return money > 0.0 ? helped / money : std::nan("");
}

Target self_help_in_works(std::size_t futures) {
  const auto shares = side_by_side<double>(
      futures, [](std::size_t i) { return self_help_share(sim::run_seed(31, i)); });
  return {.number = "31",
          .pattern = "self-help in community works",
          .value = moments(shares).mean,
          .low = 0.04,
          .high = 0.24,
          .unit = "of their cost",
          .use = Use::calibration,
          .likely_reason = "works go where more than the gate take part",
          .spread = range_of(shares)};
}

// Lasting abstention ------------------------------------------------------------------------------

/// A city where participation alone decides: ample grants, sound works, nobody moves.
Scenario participation_decides(double lasting_pct) {
  Scenario s = tiny_scenario();
  s.clock = {2019, 2034};
  lose_nothing(s);
  keep_programmes(s, {"kotaku_community"});
  s.funding.unlimited = true;
  s.setback_tolerated = true;
  s.hazards.fire = s.hazards.flood = false;
  auto& works = programme(s, "kotaku_community");
  works.menu = menu_of_works();
  works.facilitators_included = false;
  fix(s, Param::alloc_rt_per_site, 1000);
  for (const Param p : {Param::household_growth_city, Param::new_informal_rate,
                        Param::new_informal_attraction, Param::land_unclear_share,
                        Param::part_neighbour_weight, Param::part_disappointment_weight,
                        Param::social_capital_site_sd, Param::social_capital_rt_sd}) {
    fix(s, p, 0.0);
  }
  fix(s, Param::life_factor, 1000.0);
  fix(s, Param::part_rt_sd, 0.8);
  fix(s, Param::part_systematic_rt, lasting_pct);
  return s;
}

/// Year of physical zero; 2035 if it did not come.
std::vector<double> zero_years(const City& city, double lasting_pct, std::size_t futures) {
  const Scenario s = participation_decides(lasting_pct);
  const std::size_t zero = series_named(s, city, "zero_year");
  return side_by_side<double>(futures, [&](std::size_t i) {
    const auto record = run_future(s, city, sim::run_seed(34, i));
    const double year = record.series[zero][static_cast<std::size_t>(ZeroDefinition::Z1)];
    return std::isfinite(year) ? year : 2035.0;
  });
}

std::vector<Target> lasting_abstention(std::size_t futures) {
  City city = tiny_city(4);
  for (SiteFacts& site : city.sites) site.unclear_land_share = 0.0;
  city.prepare();
  const auto fresh = zero_years(city, 0.0, futures);
  const auto lasting = zero_years(city, 100.0, futures);
  const auto reached = [](const std::vector<double>& years) {
    double n = 0.0;
    for (const double y : years) n += y < 2035.0 ? 1.0 : 0.0;
    return n / static_cast<double>(years.size());
  };
  std::vector<double> chance, later;
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    chance.push_back((lasting[i] < 2035.0 ? 1.0 : 0.0) - (fresh[i] < 2035.0 ? 1.0 : 0.0));
    later.push_back(lasting[i] - fresh[i]);
  }
  const Moments lower = moments(chance), longer = moments(later);
  return {{.number = "34a",
           .pattern = "P(zero in 16 years): lasting abstention less a fresh one each year",
           .value = lower.mean,
           .low = -1e9,
           .high = -most_errors * lower.sd / std::sqrt(lower.n),
           .unit = "",
           .use = Use::verification,
           .likely_reason = "an error of the program",
           .spread = fmt::format("{:.2f} against {:.2f}", reached(lasting), reached(fresh))},
          {.number = "34b",
           .pattern = "years to zero within 16 years: lasting less fresh",
           .value = longer.mean,
           .low = most_errors * longer.sd / std::sqrt(longer.n),
           .high = 1e9,
           .unit = "years",
           .use = Use::verification,
           .likely_reason = "an error of the program",
           .spread = fmt::format("ninth decile {:.0f} against {:.0f}", quantile(lasting, 0.9),
                                 quantile(fresh, 0.9))}};
}

}  // namespace

std::vector<Target> engagement_targets(const Effort& effort) {
  std::vector<Target> all = two_states();
  const auto add = [&](const std::vector<Target>& rows) {
    all.insert(all.end(), rows.begin(), rows.end());
  };
  const std::size_t futures = std::max<std::size_t>(6, effort.futures / 2);
  add(come_and_go(futures));
  add(facilitation_signs());
  add(poor_give_less_time(futures));
  all.push_back(self_help_in_works(futures));
  add(lasting_abstention(effort.pairs / 2));
  return all;
}

}  // namespace musi::tests
