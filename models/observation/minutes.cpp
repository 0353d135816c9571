#include "models/observation/minutes.h"

#include <algorithm>
#include <array>
#include <bit>

#include "models/observation/books.h"
#include "models/programmes/delivery.h"
#include "models/programmes/households.h"
#include "models/programmes/packages.h"
#include "models/programmes/unit_costs.h"
#include "models/relocation/homes.h"
#include "models/stocks/ageing.h"

namespace musi::models {
namespace {

constexpr int end_of_planning = 3;      ///< month of the year in which planning meetings end
constexpr int joint_months = 24;        ///< sources this close to each other work side by side
constexpr int prompt_months = 2;        ///< a package is booked in time
constexpr std::size_t cohort_years = 4; ///< cohorts are forgotten after

double million_of(Rupiah amount) { return static_cast<double>(amount) * 1e-6; }

/// Works on the notes of one month.
class Writer {
 public:
  Writer(World& world, const sim::Step& step)
      : world_(world),
        notes_(world.notes),
        step_(step),
        rates_(world.future),
        is_january_(sim::Clock::is_january(step.month)),
        month_of_year_(sim::Clock::month_of_year(step.month)),
        year_index_(static_cast<std::size_t>(sim::Clock::year_index(step.month))) {
    for (const ProgrammeSpec& programme : world.scenario->programmes) {
      is_mapped_.push_back(strategies_of(programme) != 0);
    }
  }

  void write() {
    notes_.delivered.resize(std::max(notes_.delivered.size(), year_index_ + 1));
    if (is_january_ || notes_.sites.empty()) begin_year();
    notes_.proposes.resize(world_.n_rts(), 0);
    notes_.paid_in_rt.resize(world_.n_rts(), 0.0);
    notes_.log.resize(world_.n_rts());
    if (month_of_year_ == end_of_planning) hold_meetings(2);
    has_open_.assign(world_.n_sites(), 0);
    for (Package& package : world_.money.packages) look_at(package);
    pay_for_services();
    count_facilitators();
    if (sim::Clock::is_december(step_.month)) end_year();
  }

 private:
  const ProgrammeSpec& spec_of(const Package& p) const {
    return world_.scenario->programmes[p.programme];
  }
  Tally& of_site(const Package& p) { return notes_.sites[p.site]; }
  Tally& of_programme(const Package& p) { return notes_.programmes[p.programme]; }

  /// The same count for the site and for the programme of a package.
  template <class Change>
  void count(const Package& p, Change&& change) {
    change(of_site(p));
    change(of_programme(p));
  }

  void begin_year() {
    const std::size_t n_programmes = world_.money.programmes.size();
    const bool is_first = notes_.proposes.empty();
    notes_.sites.assign(world_.n_sites() + 1, {});
    notes_.programmes.assign(n_programmes, {});
    notes_.paid_at.assign(n_programmes * (world_.n_sites() + 1), 0.0);
    notes_.paid_in_rt.assign(world_.n_rts(), 0.0);
    notes_.paid_by_month = {};
    notes_.units = {};
    notes_.seen_programme_paid.assign(n_programmes, 0.0);
    notes_.cost_per_hectare = world_.money.cost_per_hectare;
    notes_.site_score.assign(world_.n_sites(), 0.0);
    notes_.site_households.assign(world_.n_sites(), 0.0);
    for (std::size_t site = 0; site < world_.n_sites(); ++site) {
      double area = 0.0;
      for (const std::uint32_t rt : world_.sites.rts[site]) {
        const double ha = static_cast<double>(world_.rts.area[rt]);
        area += ha;
        notes_.site_score[site] += ha * world_.rts.ledger_score[rt];
        notes_.site_households[site] += world_.rts.n_households[rt];
      }
      if (area > 0.0) notes_.site_score[site] /= area;
    }
    notes_.proposes.resize(world_.n_rts(), 0);
    if (is_first) hold_meetings(1);  // the plan of the first year was made before the start
    for (std::uint8_t& bits : notes_.proposes) {
      if (!is_first) bits = static_cast<std::uint8_t>(bits >> 1);
    }
    if (year_index_ >= cohort_years) notes_.delivered[year_index_ - cohort_years] = {};
  }

  /// Residents of RTs with enough engaged households propose what their head alone proposes
  /// elsewhere. MODEL.md 5.2.
  void hold_meetings(std::uint8_t bit) {
    const double gate = world_.future[Param::part_gate_works];
    for (std::size_t rt = 0; rt < world_.n_rts(); ++rt) {
      if (engaged_share(world_, rt) >= gate) notes_.proposes[rt] |= bit;
    }
  }

  void look_at(Package& p) {
    // January opens the year of those, too, that stay until they are forgotten.
    if (p.note.is_settled && !is_january_) return;
    if (!p.note.is_known) announce(p);
    if (is_january_) open_year_of(p);
    if (p.cause == DelayCause::guideline) p.note.was_late = true;
    if (is_open(p)) {
      count(p, [&](Tally& t) { t.months_waited[static_cast<std::size_t>(p.stage)] += 1.0; });
      has_open_[p.site] = 1;
      if (p.stage < Stage::works) return;  // nothing is built or paid yet
    }
    const bool works = p.stage == Stage::works || p.stage == Stage::carried ||
                       p.stage == Stage::booked;
    if (works && !p.note.is_started) start(p);
    if (p.progress > p.seen.progress) {
      p.seen.progress = p.progress;
      p.seen.end_month = static_cast<std::uint16_t>(step_.month);
    }
    note_payment(p);
    if (is_open(p)) return;
    if (!p.note.is_closed) close(p);
    p.note.is_settled = p.committed == 0;
  }

  void announce(Package& p) {
    const ProgrammeSpec& programme = spec_of(p);
    const Future& f = world_.future;
    const int year = world_.scenario->clock.year(step_.month);
    const bool tender = programme.channel == Channel::contractor;
    p.note.is_known = true;
    const bool is_engaged = (notes_.proposes[p.rt] & 1) != 0;
    const Proposer proposer = proposer_of(programme.channel, programme.grain, is_engaged);
    p.note.planned_month = static_cast<std::uint8_t>(planned_payment_month(
        world_.money.sources[p.source].effective_month[year_index_],
        f.in_year(Param::verification_months, year),
        f.in_year(tender ? Param::procurement_contractor : Param::procurement_community, year),
        f.in_year(tender ? Param::construction_contractor : Param::construction_community, year),
        f[Param::payment_lag]));
    p.seen.due = p.committed;
    count(p, [&](Tally& t) {
      ++t.announced;
      t.by_engaged += is_engaged ? 1 : 0;
      t.proposed[static_cast<std::size_t>(proposer)] += million_of(p.cost_planned);
    });
  }

  /// What was carried over is due again; a carried package is to be paid by its December.
  void open_year_of(Package& p) {
    if (p.year == static_cast<int>(year_index_)) return;
    p.seen.due = p.committed;
    p.seen.paid_in_year = 0;
    p.note.planned_month = 12;
  }

  void start(Package& p) {
    p.note.is_started = true;
    p.seen.start_month = static_cast<std::uint16_t>(step_.month);
    count(p, [&](Tally& t) {
      ++t.started;
      t.verbal += p.verbal_start ? 1 : 0;
      t.reworked += p.reworked ? 1 : 0;
    });
  }

  void note_payment(Package& p) {
    const Rupiah amount = p.cost_paid - p.seen.paid;
    if (amount <= 0) return;
    p.seen.paid = p.cost_paid;
    p.seen.paid_in_year += amount;
    const double money = million_of(amount);
    const bool has_overhead = spec_of(p).channel != Channel::household_group;
    const double overhead = money * world_.future[Param::overhead_share];
    const bool is_mapped = is_mapped_[p.programme] != 0;
    count(p, [&](Tally& t) {
      t.paid += money;
      if (is_mapped) t.paid_mapped += money;
      if (month_of_year_ <= p.note.planned_month) t.paid_on_time += money;
      if (has_overhead) t.overhead += overhead;
      t.sources |= 1u << std::min<unsigned>(p.source, 31u);
    });
    pay_at(p.programme, p.site, money);
    double cost = 0.0;
    for (const PackageLine& line : p.lines) cost += million_of(line.cost);
    for (const PackageLine& line : p.lines) {
      if (cost > 0) notes_.paid_in_rt[line.rt] += money * million_of(line.cost) / cost;
    }
  }

  void pay_at(std::size_t programme, std::size_t site, double money) {
    notes_.paid_at[programme * (world_.n_sites() + 1) + site] += money;
    notes_.paid_by_month[static_cast<std::size_t>(month_of_year_ - 1)] += money;
    notes_.seen_programme_paid[programme] += money;
  }

  /// What a programme paid beside its packages: services, and works replayed. In time by nature.
  void pay_for_services() {
    for (std::size_t i = 0; i < notes_.programmes.size(); ++i) {
      const ProgrammeState& state = world_.money.programmes[i];
      const double money =
          million_of(state.paid[year_index_]) - notes_.seen_programme_paid[i];
      if (money < 1e-6) continue;
      for (Tally* t : {&notes_.programmes[i], &notes_.sites.back()}) {
        t->paid += money;
        t->paid_on_time += money;
        t->due += money;
        if (is_mapped_[i] != 0) t->paid_mapped += money;
        t->proposed[static_cast<std::size_t>(Proposer::city)] += money;
      }
      pay_at(i, world_.n_sites(), money);
    }
  }

  void close(Package& p) {
    p.note.is_closed = true;
    const bool is_booked = p.stage == Stage::booked;
    count(p, [&](Tally& t) {
      ++t.ended;
      t.in_order += is_booked && !p.verbal_start && !p.reworked ? 1 : 0;
      t.late_guideline += p.note.was_late ? 1 : 0;
    });
    if (is_booked) book(p);
  }

  void book(Package& p) {
    const bool is_prompt =
        p.seen.end_month == 0xFFFF ||
        step_.month - static_cast<int>(p.seen.end_month) <= prompt_months;
    const bool as_planned = is_booked_as_planned(world_, p, step_);
    const double leak = world_.future[Param::missing_spending_share] -
                        (world_.scenario->procedure.audit ? audit_effect : 0.0);
    const double there = 1.0 - std::max(0.0, leak);
    Meeting meeting;
    double promised = 0.0, delivered = 0.0, booked = 0.0, built = 0.0, helped = 0.0, missing = 0.0;
    for (const PackageLine& line : p.lines) {
      if (!(line.units_planned > 0.0f)) continue;
      const double units = static_cast<double>(line.units_planned);
      const double given = static_cast<double>(line.units_delivered);
      const double cost = million_of(line.cost);
      const double value = cost * p.progress_final;
      promised += cost;
      delivered += value * given / units;
      booked += as_planned ? value : value * given / units;
      built += value * std::max(there, given / units);
      helped += self_help_of(p, line) * p.progress_final;
      missing += value * (1.0 - given / units);
      notes_.units[0][line.item] += p.progress_final > 0 ? units / p.progress_final : units;
      notes_.units[1][line.item] += as_planned ? units : given;
      notes_.units[2][line.item] += given;
      meet_others(p, line, meeting);
      remember(p, line, value * given / units);
      keep_works(p, line);
    }
    count(p, [&](Tally& t) {
      t.promised += promised;
      t.delivered += delivered;
      t.met += delivered;
      t.booked += booked;
      t.built += built;
      t.self_help += helped;
      t.missing += missing;
      ++t.n_booked;
      t.booked_soon += is_prompt ? 1 : 0;
      t.joint += meeting.is_joint ? 1 : 0;
      t.conflicts += meeting.is_conflict ? 1 : 0;
    });
  }

  void meet_others(const Package& p, const PackageLine& line, Meeting& meeting) {
    const Item item = static_cast<Item>(line.item);
    if (facts(item).lacks != 0) return;  // no household gets the same thing twice
    const Meeting here = meet(notes_.log[line.rt], p.source, item, half_life(item, line.rt),
                              step_.month);
    meeting.is_joint = meeting.is_joint || here.is_joint;
    meeting.is_conflict = meeting.is_conflict || here.is_conflict;
  }

  void keep_works(const Package& p, const PackageLine& line) {
    if (!notes_.keeps_works || !(line.units_delivered > 0.0f)) return;
    WorksEntry entry;
    entry.site = p.site;
    entry.rt = line.rt;
    entry.programme = p.programme;
    entry.source = p.source;
    entry.start_month = p.seen.start_month;
    entry.end_month = static_cast<std::uint16_t>(step_.month);
    entry.item = line.item;
    entry.is_reworked = p.reworked;
    entry.units = static_cast<double>(line.units_delivered);
    entry.cost = million_of(line.cost) * p.progress_final;
    entry.self_help = self_help_of(p, line) * p.progress_final;
    notes_.works.push_back(entry);
  }

  /// Value that people add to community works: money stands for 1 - sigma of the cost.
  double self_help_of(const Package& p, const PackageLine& line) const {
    if (spec_of(p).channel != Channel::community) return 0.0;
    const double sigma = self_help(world_, line.rt);
    return million_of(line.cost) * sigma / (1.0 - sigma);
  }

  double half_life(Item item, std::size_t rt) const {
    const bool over_water = world_.rts.share_river[rt] >= 0.5f;
    const StockOfItem of = stock_of(item, over_water);
    if (!of.has_stock) return 0.0;
    const double rate =
        static_cast<double>(rates_.phase_rate[static_cast<std::size_t>(of.stock)]);
    return 0.5 * 12.0 * rates_.phases / rate;
  }

  void remember(const Package& p, const PackageLine& line, double value) {
    if (!(value > 0.0)) return;
    Cohort cohort{.rt = line.rt,
                  .site = p.site,
                  .programme = p.programme,
                  .item = line.item,
                  .month = static_cast<std::uint16_t>(step_.month),
                  .value = value,
                  .clock = world_.rts.clock_community[line.rt],
                  .households = {}};
    if (facts(static_cast<Item>(line.item)).lacks != 0) {
      const double share = static_cast<double>(line.units_delivered / line.units_planned);
      const auto n = static_cast<std::size_t>(
          share * static_cast<double>(line.households.size()) + 0.5);
      const auto last = line.households.begin() +
                        static_cast<std::ptrdiff_t>(std::min(n, line.households.size()));
      cohort.households.assign(line.households.begin(), last);
    }
    notes_.delivered[year_index_].push_back(std::move(cohort));
  }

  /// What facilitators give to sites with packages under way against what full support needs.
  void count_facilitators() {
    const double full = world_.future[Param::part_facilitator_months_full];
    for (std::size_t site = 0; site < world_.n_sites(); ++site) {
      if (has_open_[site] == 0) continue;
      double thousands = 0.0;
      for (const std::uint32_t rt : world_.sites.rts[site]) {
        thousands += world_.rts.n_households[rt] / 1000.0;
      }
      const double there = static_cast<double>(world_.sites.facilitator_months[site]);
      notes_.sites[site].facilitators += std::min(there, full) * thousands;
      notes_.sites[site].facilitators_needed += full * thousands;
    }
  }

  /// December: what was due and not paid, by the first cause.
  void end_year() {
    for (Package& p : world_.money.packages) {
      const Rupiah due = std::max(p.seen.due, p.seen.paid_in_year);
      const double missed = million_of(due - p.seen.paid_in_year);
      count(p, [&](Tally& t) {
        t.due += million_of(due);
        t.deviation[static_cast<std::size_t>(p.cause)] += missed;
      });
    }
    for (std::size_t i = 0; i < notes_.programmes.size(); ++i) {
      notes_.programmes[i].planned = million_of(world_.money.programmes[i].planned[year_index_]);
      notes_.programmes[i].voted = million_of(world_.money.programmes[i].voted[year_index_]);
    }
    notes_.load = world_.money.officer_load[year_index_];
  }

  World& world_;
  Notes& notes_;
  const sim::Step& step_;
  AgeingRates rates_;
  bool is_january_;
  int month_of_year_;
  std::size_t year_index_;
  std::vector<std::uint8_t> is_mapped_;  ///< by programme: it serves a strategy
  std::vector<std::uint8_t> has_open_;   ///< by site: a package is under way there
};

double surviving(const AgeingRates& rates, Stock stock, double years, double tide, double faulty) {
  const std::size_t s = static_cast<std::size_t>(stock);
  const double speed =
      rates.tide_speeds_up[s] ? 1.0 + static_cast<double>(rates.tide_gain) * tide : 1.0;
  std::array<double, n_phases> good{};
  good[0] = 1.0 - faulty;
  good[static_cast<std::size_t>(rates.phases - 1)] += faulty;
  age_phases(good, static_cast<double>(rates.phase_rate[s]) * years * speed, rates.phases);
  double sum = 0.0;
  for (const double g : good) sum += g;
  return sum;
}

/// Households of a cohort that have what they got: share of those served.
double served_still(const World& world, const Cohort& cohort, std::uint32_t lacks) {
  if (cohort.households.empty()) return 0.0;
  std::size_t well = 0;
  for (const sim::EntityKey key : cohort.households) {
    const std::size_t row = find_household(world, cohort.rt, key);
    const bool is_there = row < world.households.size_rows();
    well += is_there && (world.households.flags[row] & lacks) == 0 ? 1 : 0;
  }
  return static_cast<double>(well) / static_cast<double>(cohort.households.size());
}

}  // namespace

void Tally::add(const Tally& o) {
  paid += o.paid;
  paid_mapped += o.paid_mapped;
  paid_on_time += o.paid_on_time;
  overhead += o.overhead;
  due += o.due;
  planned += o.planned;
  voted += o.voted;
  self_help += o.self_help;
  missing += o.missing;
  built += o.built;
  met += o.met;
  promised += o.promised;
  booked += o.booked;
  delivered += o.delivered;
  facilitators += o.facilitators;
  facilitators_needed += o.facilitators_needed;
  announced += o.announced;
  by_engaged += o.by_engaged;
  ended += o.ended;
  in_order += o.in_order;
  started += o.started;
  verbal += o.verbal;
  reworked += o.reworked;
  late_guideline += o.late_guideline;
  n_booked += o.n_booked;
  booked_soon += o.booked_soon;
  joint += o.joint;
  conflicts += o.conflicts;
  sources |= o.sources;
  for (std::size_t i = 0; i < deviation.size(); ++i) deviation[i] += o.deviation[i];
  for (std::size_t i = 0; i < proposed.size(); ++i) proposed[i] += o.proposed[i];
  for (std::size_t i = 0; i < months_waited.size(); ++i) months_waited[i] += o.months_waited[i];
}

unsigned strategies_of(const ProgrammeSpec& p) {
  const auto is = [&](std::initializer_list<std::string_view> types) {
    return std::find(types.begin(), types.end(), p.type) != types.end();
  };
  if (p.line) return 0;  // a budget line of the office whose money happens to fall inside sites
  constexpr unsigned t1 = 1, t2 = 2, t3 = 4, t4 = 8, t5 = 16, t6 = 32;
  if (is({"livelihoods", "training"})) return t1 | t2 | t3 | t4;
  if (is({"bank_credit"})) return t2;
  if (is({"prevention", "facilitation", "upkeep", "complaints"})) return t6;
  if (is({"bsps", "bedah_rumah", "new_house", "disaster_rehab"})) return t1 | t2 | t3 | t4;
  const bool builds = p.channel == Channel::community || p.channel == Channel::contractor;
  if (builds || is({"waste"})) return t1 | t3 | t5;
  return 0;
}

StockOfItem stock_of(Item item, bool over_water) {
  switch (item) {
    case Item::road_surface:
    case Item::road_new: return {true, over_water ? Stock::path_river : Stock::path_land};
    case Item::drain_new:
    case Item::drain_rehab: return {true, Stock::drain};
    case Item::flood_works:
    case Item::river_wall: return {true, Stock::flood_works};
    case Item::waste_kit: return {true, Stock::waste_kit};
    case Item::fire_access: return {true, Stock::hydrant};
    case Item::fire_equipment: return {true, Stock::extinguisher};
    default: return {};
  }
}

double still_working(const World& world, const AgeingRates& rates, const Cohort& cohort) {
  const Item item = static_cast<Item>(cohort.item);
  if (facts(item).lacks != 0) return served_still(world, cohort, facts(item).lacks);
  const StockOfItem land = stock_of(item, false);
  if (!land.has_stock) return 1.0;  // moved buildings stay where they are
  const double years = world.rts.clock_community[cohort.rt] - cohort.clock;
  const double tide = static_cast<double>(world.rts.tide[cohort.rt]);
  const double faulty = facts(item).is_wet ? world.future[Param::wet_fault_share] : 0.0;
  const double on_land = surviving(rates, land.stock, years, tide, faulty);
  const StockOfItem river = stock_of(item, true);
  if (river.stock == land.stock) return on_land;
  const double share = static_cast<double>(world.rts.share_river[cohort.rt]);
  return (1.0 - share) * on_land + share * surviving(rates, river.stock, years, tide, faulty);
}

Meeting meet(ServiceLog& log, std::size_t source, Item item, double half_life_months, int month) {
  Meeting meeting;
  for (std::size_t i = 0; i < log.source.size(); ++i) {
    const bool is_other = log.source[i] != 0xFF && log.source[i] != source;
    meeting.is_joint = meeting.is_joint || (is_other && month - log.month[i] <= joint_months);
  }
  std::uint16_t& last = log.item_month[static_cast<std::size_t>(item)];
  const int since = month + 1 - static_cast<int>(last);
  // Lines of one package come in one month and are one delivery.
  meeting.is_conflict = meeting.is_joint && last > 0 && since > 0 &&
                        static_cast<double>(since) < half_life_months;
  last = static_cast<std::uint16_t>(month + 1);
  if (log.source[0] != source) {
    log.source[1] = log.source[0];
    log.month[1] = log.month[0];
    log.source[0] = static_cast<std::uint8_t>(source);
  }
  log.month[0] = static_cast<std::uint16_t>(month);
  return meeting;
}

void note_relocation(World& world, std::size_t row, sim::Month month) {
  const HouseholdRecord& household = world.households.record[row];
  if (world.notes.sites.empty() || household.repaired == never) return;
  if (month - static_cast<int>(household.repaired) >= 12 * repair_pause_years) return;
  Tally& t = world.notes.sites[world.rts.site[household.rt]];
  ++t.joint;
  ++t.conflicts;
}

void Minutes::step(World& world, const sim::Step& step) {
  if (!world.notes.are_taken) return;
  if (world.money.programmes.empty()) return;  // no books are kept
  Writer(world, step).write();
}

}  // namespace musi::models
