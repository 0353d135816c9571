#include "models/indicators/implementation/evaluate.h"

#include <algorithm>
#include <bit>

#include "models/finance/ledger.h"
#include "models/observation/minutes.h"

namespace musi::models::implementation {
namespace {

constexpr int months_to_judge = 36;  ///< P6 looks at what was delivered so long ago

double& at(Measures& m, Measure measure) { return m[static_cast<std::size_t>(measure)]; }

Measures nothing() {
  Measures m{};
  m.fill(undefined);
  return m;
}

double idr_bn(double idr_mn) { return idr_mn * 1e-3; }

/// Measures that follow from the counts alone.
void from_counts(const Tally& t, Measures& m) {
  at(m, Measure::P2) = share(t.paid_mapped, t.paid);
  at(m, Measure::P3) = coordination(t.conflicts, t.joint);
  at(m, Measure::P4) = share(t.met, t.built);
  at(m, Measure::P5) = evenness(t.proposed);
  at(m, Measure::P5_engaged) = share(t.by_engaged, t.announced);
  at(m, Measure::B1_net) = 1.0 - share(t.overhead, t.paid);
  at(m, Measure::B2) = share(t.paid_on_time, t.due);
  at(m, Measure::B4) = 1.0 - share(t.verbal, t.started);
  at(m, Measure::B5) = share_explained(t.deviation);
  double missed = 0.0;
  for (const double d : t.deviation) missed += d;
  at(m, Measure::B5_money) = idr_bn(missed);
  at(m, Measure::B5_units) = 1.0 - share(t.delivered, t.promised);
  at(m, Measure::B5_missing) = idr_bn(t.missing);
  const auto cause = [&](Measure measure, DelayCause c) {
    at(m, measure) = idr_bn(t.deviation[static_cast<std::size_t>(c)]);
  };
  cause(Measure::B5_budget, DelayCause::budget);
  cause(Measure::B5_guideline, DelayCause::guideline);
  cause(Measure::B5_staff, DelayCause::staff);
  cause(Measure::B5_procurement, DelayCause::procurement);
  cause(Measure::B5_participation, DelayCause::participation);
  cause(Measure::B5_land, DelayCause::land);
  cause(Measure::B5_window, DelayCause::window);
  cause(Measure::B5_rework, DelayCause::rework);
  cause(Measure::B5_unknown, DelayCause::none);
  at(m, Measure::S1) = share(t.in_order, t.ended);
  at(m, Measure::S2_facilitators) = share(t.facilitators, t.facilitators_needed);
  at(m, Measure::S3) = documentation(t.booked, t.delivered);
  at(m, Measure::S3_prompt) = share(t.booked_soon, t.n_booked);
  at(m, Measure::S4_delayed) = share(t.late_guideline, t.ended);
  at(m, Measure::S4_verbal) = share(t.verbal, t.started);
}

void compose(Measures& m) {
  const auto of = [&](Measure measure) { return at(m, measure); };
  const std::array programme{of(Measure::P1), of(Measure::P2), of(Measure::P3),
                             of(Measure::P4), of(Measure::P5), of(Measure::P6)};
  const std::array budget{of(Measure::B1), of(Measure::B2), of(Measure::B3), of(Measure::B4),
                          of(Measure::B5)};
  const double late = of(Measure::S4);
  const std::array procedure{of(Measure::S1), of(Measure::S2), of(Measure::S3),
                             late == late ? timeliness(late) : undefined};
  at(m, Measure::programme) = composite(programme);
  at(m, Measure::budget) = composite(budget);
  at(m, Measure::procedure) = composite(procedure);
}

/// Sites by what they need in January.
RankedPlaces rank_sites(const World& world, std::span<const std::size_t> sites) {
  std::vector<double> score, need;
  score.reserve(sites.size());
  need.reserve(sites.size());
  for (const std::size_t site : sites) {
    score.push_back(world.notes.site_score[site]);
    need.push_back(world.notes.site_score[site] * world.notes.site_households[site]);
  }
  return {score, need};
}

/// P1 over some sites, which were ranked, and the money that went there.
void follow_need(const World& world, std::span<const std::size_t> sites,
                 const RankedPlaces& ranked, std::span<const double> money, Measures& m) {
  std::vector<double> per_hectare, paid;
  per_hectare.reserve(sites.size());
  paid.reserve(sites.size());
  for (const std::size_t site : sites) {
    const double area = static_cast<double>(world.sites.area[site]);
    per_hectare.push_back(area > 0.0 ? money[site] / area : 0.0);
    paid.push_back(money[site]);
  }
  at(m, Measure::P1) = ranked.correlation_with_score(per_hectare);
  at(m, Measure::P1_top_third) = ranked.share_in_top_third(paid);
}

std::vector<std::size_t> all_sites(const World& world) {
  std::vector<std::size_t> sites(world.n_sites());
  for (std::size_t i = 0; i < sites.size(); ++i) sites[i] = i;
  return sites;
}

/// Row of a site of the world in the city's table.
std::vector<std::size_t> rows_in_table(const World& world) {
  std::vector<std::size_t> rows;
  std::size_t site = 0;
  for (std::size_t i = 0; i < world.city->sites.size() && site < world.n_sites(); ++i) {
    if (world.sites.key[site] != world.city->sites[i].key) continue;
    rows.push_back(i);
    ++site;
  }
  return rows;
}

/// Age of entries and hectares behind the guideline.
void look_at_rts(const World& world, std::span<const std::size_t> sites, Measures& m) {
  double months = 0.0, n = 0.0, hectares = 0.0;
  for (const std::size_t site : sites) {
    for (const std::uint32_t rt : world.sites.rts[site]) {
      if (world.rts.first_barrier[rt] == Barrier::guideline) {
        hectares += static_cast<double>(world.rts.area[rt]);
      }
      if (world.rts.in_ledger[rt] == 0) continue;
      months += world.month - static_cast<int>(world.rts.measured[rt]);
      n += 1.0;
    }
  }
  at(m, Measure::P6_age) = share(months / 12.0, n);
  at(m, Measure::S4_hectares) = hectares;
}

void count_offices(const World& world, std::span<const std::size_t> sites, Measures& m) {
  double offices = 0.0, served = 0.0;
  for (const std::size_t site : sites) {
    const int n = std::popcount(world.notes.sites[site].sources);
    offices += n;
    served += n > 0 ? 1.0 : 0.0;
  }
  at(m, Measure::P3_offices) = share(offices, served);
}

double voted_in(const World& world, std::size_t year, std::vector<Rupiah> SourceState::* column) {
  double sum = 0.0;
  for (const SourceState& source : world.money.sources) {
    sum += static_cast<double>((source.*column)[year]) * 1e-6;
  }
  return sum;
}

/// What only the whole city has: its books, its officers, the mean guideline.
void judge_city(const World& world, std::size_t year, Measures& m) {
  bool is_closed = true;
  for (const SourceState& source : world.money.sources) {
    is_closed = is_closed && ledger::is_closed(source, year);
  }
  at(m, Measure::B1) = is_closed ? 1.0 : 0.0;
  const double voted = voted_in(world, year, &SourceState::voted);
  const double released = voted + voted_in(world, year, &SourceState::carried_in);
  double on_time = 0.0;
  for (const Tally& t : world.notes.sites) on_time += t.paid_on_time;
  at(m, Measure::B2) = share(on_time, released);
  at(m, Measure::B3) = commitment(voted, voted_in(world, year, &SourceState::planned));
  if (year > 0) {
    at(m, Measure::B3_steady) = steadiness(voted, voted_in(world, year - 1, &SourceState::voted));
  }
  double due = 0.0;
  for (const Tally& t : world.notes.sites) due += t.due;
  if (world.notes.cost_per_hectare > 0.0) {
    at(m, Measure::B5_hectares) =
        due / world.notes.cost_per_hectare - world.state.counts.cleared_ha;
  }
  at(m, Measure::S2) = staffing(world.notes.load);
  double months = 0.0, n = 0.0;
  for (std::size_t p = 0; p < world.money.programmes.size(); ++p) {
    const ProgrammeSpec& spec = world.scenario->programmes[p];
    const bool waits = spec.guideline != Guideline::none;
    if (!waits || world.notes.programmes[p].announced == 0) continue;
    months += world.money.programmes[p].guideline_month[year];
    n += 1.0;
  }
  at(m, Measure::S4) = share(months, n);
}

}  // namespace

std::vector<std::string> places(const City& city) {
  std::vector<std::string> names{"city"};
  for (const SiteFacts& site : city.sites) {
    if (std::find(names.begin() + 1, names.end(), site.kecamatan) == names.end()) {
      names.push_back(site.kecamatan);
    }
  }
  return names;
}

LookBack look_back(const World& world) {
  LookBack past{std::vector<LookBack::Value>(world.n_sites()),
                std::vector<LookBack::Value>(world.scenario->programmes.size())};
  if (world.month < months_to_judge) return past;
  const AgeingRates rates(world.future);
  const auto year =
      static_cast<std::size_t>(sim::Clock::year_index(world.month - months_to_judge));
  if (year >= world.notes.delivered.size()) return past;
  for (const Cohort& cohort : world.notes.delivered[year]) {
    const double works = cohort.value * still_working(world, rates, cohort);
    for (auto* sum : {&past.of_site[cohort.site], &past.of_programme[cohort.programme]}) {
      sum->delivered += cohort.value;
      sum->works += works;
    }
  }
  return past;
}

Services services_in(const World& world, std::size_t rt, std::uint32_t with_sanitation) {
  const auto good = [&](Criterion missing) {
    return 1.0 - static_cast<double>(world.rts.physical[index(missing)][rt]);
  };
  const double n = world.rts.n_households[rt];
  const double water = n - static_cast<double>(world.rts.n_no_water[rt]);
  const double sanitation = with_sanitation;
  const double path = std::max(0.0, good(Criterion::c2a) + good(Criterion::c2b) - 1.0);
  const double drain = std::max(0.0, good(Criterion::c4b) + good(Criterion::c4c) - 1.0);
  const double waste = std::min(good(Criterion::c6a), good(Criterion::c6b));
  return {.served = {water, sanitation, n * path, n * drain, n * waste}, .households = n};
}

Services services_of(const World& world, std::span<const Services> in_rt,
                     std::span<const std::size_t> sites) {
  Services sum;
  for (const std::size_t site : sites) {
    for (const std::uint32_t rt : world.sites.rts[site]) {
      for (std::size_t k = 0; k < sum.served.size(); ++k) sum.served[k] += in_rt[rt].served[k];
      sum.households += in_rt[rt].households;
    }
  }
  return sum;
}

std::vector<Measures> by_place(const World& world, std::size_t year_index, const LookBack& past,
                               std::span<const std::uint32_t> with_sanitation) {
  const std::vector<std::string> names = places(*world.city);
  std::vector<Measures> all(names.size(), nothing());
  if (world.notes.sites.empty()) return all;
  const std::vector<std::size_t> rows = rows_in_table(world);
  std::vector<Services> in_rt;
  in_rt.reserve(world.n_rts());
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    in_rt.push_back(services_in(world, rt, with_sanitation[rt]));
  }
  std::vector<double> money(world.n_sites(), 0.0);
  for (std::size_t site = 0; site < money.size(); ++site) {
    money[site] = world.notes.sites[site].paid;
  }
  for (std::size_t place = 0; place < names.size(); ++place) {
    std::vector<std::size_t> sites;
    for (std::size_t site = 0; site < rows.size(); ++site) {
      const bool here = place == 0 || world.city->sites[rows[site]].kecamatan == names[place];
      if (here) sites.push_back(site);
    }
    if (sites.empty()) continue;
    Tally sum;
    double delivered = 0.0, stands = 0.0;
    for (const std::size_t site : sites) {
      sum.add(world.notes.sites[site]);
      delivered += past.of_site[site].delivered;
      stands += past.of_site[site].works;
    }
    if (place == 0) sum.add(world.notes.sites.back());
    Measures& m = all[place];
    from_counts(sum, m);
    follow_need(world, sites, rank_sites(world, sites), money, m);
    count_offices(world, sites, m);
    look_at_rts(world, sites, m);
    at(m, Measure::P6) = share(stands, delivered);
    if (place == 0) judge_city(world, year_index, m);
    const Services services = services_of(world, in_rt, sites);
    at(m, Measure::spm_index) = spm_index(services.served, services.households);
    compose(m);
  }
  return all;
}

std::vector<Measures> by_programme(const World& world, std::size_t year, const LookBack& past) {
  const std::size_t n = world.scenario->programmes.size();
  std::vector<Measures> all(n, nothing());
  if (world.notes.programmes.empty()) return all;
  const std::vector<std::size_t> sites = all_sites(world);
  const RankedPlaces ranked = rank_sites(world, sites);
  const std::size_t width = world.n_sites() + 1;
  for (std::size_t p = 0; p < n; ++p) {
    const Tally& t = world.notes.programmes[p];
    const bool is_idle = !(t.paid > 0.0) && !(t.voted > 0.0) && t.announced == 0 && t.ended == 0;
    if (is_idle) continue;
    Measures& m = all[p];
    from_counts(t, m);
    const auto money = std::span(world.notes.paid_at).subspan(p * width, width - 1);
    follow_need(world, sites, ranked, money, m);
    at(m, Measure::P6) = share(past.of_programme[p].works, past.of_programme[p].delivered);
    const ProgrammeState& state = world.money.programmes[p];
    at(m, Measure::B3) = commitment(t.voted, t.planned);
    if (year > 0) {
      at(m, Measure::B3_steady) =
          steadiness(t.voted, static_cast<double>(state.voted[year - 1]) * 1e-6);
    }
    if (world.scenario->programmes[p].guideline != Guideline::none) {
      at(m, Measure::S4) = state.guideline_month[year];
    }
    at(m, Measure::S2_facilitators) = undefined;
    compose(m);
  }
  return all;
}

}  // namespace musi::models::implementation
