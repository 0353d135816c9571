#include "models/programmes/pipeline.h"

#include <algorithm>
#include <array>

#include "models/allocation/rule.h"
#include "models/draws.h"
#include "models/finance/guideline.h"
#include "models/programmes/households.h"
#include "models/programmes/packages.h"
#include "models/programmes/prospects.h"
#include "models/relocation/invitations.h"
#include "models/site_facts.h"
#include "sim/core/portable_math.h"
#include "sim/core/quantile_columns.h"

namespace musi::models {
namespace {

namespace portable = sim::portable;

constexpr double time_spread = 0.15;  ///< [sd of log]; assumed

std::size_t year_of(const sim::Step& step) {
  return static_cast<std::size_t>(sim::Clock::year_index(step.month));
}

const ProgrammeSpec& spec_of(const World& world, const Package& package) {
  return world.scenario->programmes[package.programme];
}

/// Homes are built by contractors too.
bool is_tendered(const ProgrammeSpec& programme) {
  return programme.channel == Channel::contractor || programme.channel == Channel::relocation;
}

sim::Chance chance_of_times(const sim::Step& step) {
  return {step.seed, static_cast<std::uint32_t>(Draw::package_times), sim::start_state};
}

/// How much longer than usual this takes the package. [sd]
float luck_of(const Package& package, PackageTime time, const sim::Step& step) {
  const auto which = static_cast<std::size_t>(time);
  if (package.has_time_luck) return package.time_luck[which];
  return portable::normal_quantile(
      sim::uniform24(chance_of_times(step).block(package.key)[which]));
}

void blame(Package& package, DelayCause cause) {
  if (package.cause == DelayCause::none) package.cause = cause;
}

/// Area works and drains cross the borders of sites; offices of one subdistrict must agree.
bool crosses_borders(const World& world, const Package& package) {
  const ProgrammeSpec& programme = spec_of(world, package);
  if (programme.grain != Grain::site && programme.type != "drainage_flood") return false;
  const auto& sites = world.city->sites;
  const SiteFacts& here = site_facts(world, package.site);
  return std::any_of(sites.begin(), sites.end(), [&](const SiteFacts& other) {
    return &other != &here && other.kecamatan == here.kecamatan;
  });
}

bool is_event_year(const World& world, int year) {
  const auto& years = world.city->event_years;
  return std::find(years.begin(), years.end(), year) != years.end();
}

/// Where a programme tried in vain this month, so that the search never repeats.
struct Tried {
  std::vector<std::uint8_t> rts;
  std::vector<std::uint8_t> sites;  ///< those of which all slum RTs were tried
  bool is_all = false;              ///< no RT is left
};

/// Only a group's gate asks whom its programme serves.
const Service* service_of_gate(Prospects& prospects, const Package& package) {
  const bool asks = spec_of(prospects.world(), package).gate == Gate::group;
  return asks ? prospects.service(package.programme) : nullptr;
}

/// Moves the package to the next RT in the order of a site where the gate is passed and there is
/// something to do. False if there is none.
bool move_within(World& world, Prospects& prospects, Package& package, std::uint32_t site,
                 const Means& means, Tried& tried) {
  const ProgrammeSpec& programme = spec_of(world, package);
  const bool has_gate = !is_outside_office(world, package);
  const Service* const service = service_of_gate(prospects, package);
  for (const std::uint32_t rt : prospects.rts_in_order(site)) {
    if (tried.rts[rt] != 0) continue;
    tried.rts[rt] = 1;
    if (!may_serve_rt(world, programme, rt)) continue;
    if (finds_nothing(world, prospects, package, rt, means)) continue;
    if (has_open_package(world, package.programme, rt)) continue;
    if (has_gate && !passes_gate(world, programme, rt, prospects.step(), service)) continue;
    package.site = site;
    package.rt = rt;
    const Filled filled = fill(world, prospects, package);
    if (filled == Filled::yes) return true;
    if (filled == Filled::nothing_in_site) break;
  }
  tried.sites[site] = 1;
  return false;
}

/// The same in its own site, then in the next sites of its programme.
bool move_to_next_rt(World& world, Prospects& prospects, Package& package, Tried& tried) {
  const auto home_site = package.site, home_rt = package.rt;
  tried.rts.resize(world.n_rts(), 0);
  tried.sites.resize(world.n_sites(), 0);
  tried.rts[home_rt] = 1;
  const Means means = means_of(world, package, prospects.step());
  const bool leaves_home = spec_of(world, package).grain == Grain::site;
  const auto find_in = [&](std::uint32_t site) {
    if (tried.sites[site] != 0 || !answers_for(world, package.source, site)) return false;
    return move_within(world, prospects, package, site, means, tried);
  };
  bool found = !leaves_home && find_in(home_site);
  for (const std::uint32_t site : world.money.programmes[package.programme].site_order) {
    if (found) break;
    if (site != home_site) found = find_in(site);
  }
  if (found) {
    const auto row = static_cast<std::size_t>(&package - world.money.packages.data());
    leave_place(world, row, home_site, home_rt);
    place_package(world, row);
    return true;
  }
  package.site = home_site;
  package.rt = home_rt;
  package.lines.clear();
  return false;
}

/// Draws the luck with time of packages that were just announced, side by side.
void draw_times(World& world, const sim::Step& step) {
  std::vector<Package*> announced;
  std::vector<sim::EntityKey> keys;
  for (Package& package : world.money.packages) {
    if (package.stage != Stage::listed) continue;
    announced.push_back(&package);
    keys.push_back(package.key);
  }
  keys.resize(sim::in_whole_vectors(keys.size()));
  std::array<std::vector<std::uint32_t>, 4> words;
  for (auto& word : words) word.resize(keys.size());
  chance_of_times(step).blocks(keys, words[0], words[1], words[2], words[3]);
  std::vector<float> z(keys.size());
  for (std::size_t time = 0; time < n_package_times; ++time) {
    sim::normals(words[time], z);
    for (std::size_t i = 0; i < announced.size(); ++i) announced[i]->time_luck[time] = z[i];
  }
  for (Package* package : announced) package->has_time_luck = true;
}

/// Stages that the pipeline ends. Most packages are at work or have ended.
constexpr bool may_move(Stage stage) {
  constexpr auto bit = [](Stage s) { return 1u << static_cast<unsigned>(s); };
  constexpr unsigned moving = bit(Stage::carried) | bit(Stage::listed) |
                              bit(Stage::waiting_guideline) | bit(Stage::verification) |
                              bit(Stage::procurement);
  return (moving & bit(stage)) != 0;
}

class Mover {
 public:
  Mover(World& world, const sim::Step& step)
      : world_(world),
        step_(step),
        prospects_(world, step, &world.need_luck),
        now_(sim::Clock::month_of_year(step.month)),
        tried_(world.scenario->programmes.size()) {}

  void move(Package& package) {
    if (package.stage == Stage::carried) package.stage = Stage::works;
    if (package.stage == Stage::listed) announce(package);
    if (package.stage == Stage::waiting_guideline) wait(package);
    if (package.stage == Stage::verification) verify(package);
    if (package.stage == Stage::procurement) procure(package);
  }

 private:
  std::uint16_t& marks(const Package& package) { return world_.rts.year_marks[package.rt]; }

  double effective_month(const Package& package) const {
    return world_.money.sources[package.source].effective_month[year_of(step_)];
  }

  /// R = max(J, B); a verbal start does not wait for the guideline.
  void announce(Package& package) {
    const double guideline =
        is_outside_office(world_, package)
            ? 0.0
            : world_.money.programmes[package.programme].guideline_month[year_of(step_)];
    const double effective = effective_month(package);
    package.verbal_start = world_.scenario->procedure.verbal_start && guideline > effective;
    const bool is_late = guideline > effective && !package.verbal_start;
    if (is_late) blame(package, DelayCause::guideline);
    package.ready = is_late ? guideline : effective;
    package.stage = Stage::waiting_guideline;
  }

  void wait(Package& package) {
    const bool has_money = package.committed > 0 || world_.scenario->funding.unlimited;
    if (!has_money && now_ >= effective_month(package)) {
      marks(package) |= mark::no_money;
      world_.money.unmet[year_of(step_)] += package.cost_planned;
      package.cause = DelayCause::budget;
      close_package(world_, package, Stage::cancelled);
      return;
    }
    if (now_ < package.ready) return;
    const double load = world_.money.officer_load[year_of(step_)];
    if (load > 1.0 && !is_outside_office(world_, package)) blame(package, DelayCause::staff);
    package.ready += time_of(world_, package, PackageTime::verification, step_);
    package.stage = Stage::verification;
  }

  void verify(Package& package) {
    const ProgrammeSpec& programme = spec_of(world_, package);
    if (!package.gate_passed) {
      package.gate_passed = is_outside_office(world_, package) ||
                            passes_gate(world_, programme, package.rt, step_,
                                        service_of_gate(prospects_, package));
      if (!package.gate_passed) {
        marks(package) |= mark::failed_gate;
        blame(package, DelayCause::participation);
        if (++package.gate_tests < gate_months) return;
        find_next_rt(package, DelayCause::participation);
        return;
      }
      package.ready += package.gate_tests;  // each month of waiting delays the start by one
    }
    if (now_ < package.ready) return;
    if (fill(world_, prospects_, package) != Filled::yes) {
      const bool refused = (marks(package) & mark::refused_land) != 0;
      find_next_rt(package, refused ? DelayCause::land : DelayCause::window);
      return;
    }
    tender(package, package.ready);
  }

  /// Money that finds no RT is free again: it waits for October.
  void find_next_rt(Package& package, DelayCause cause) {
    blame(package, cause);
    Tried& tried = tried_[package.programme];
    if (tried.is_all || !move_to_next_rt(world_, prospects_, package, tried)) {
      tried.is_all = true;
      drop(world_, package, cause, step_);
      return;
    }
    package.gate_passed = true;
    tender(package, std::max(package.ready, now_));
  }

  void tender(Package& package, double verified) {
    package.ready = verified + time_of(world_, package, PackageTime::procurement, step_);
    package.stage = Stage::procurement;
  }

  void procure(Package& package) {
    const double stop = world_.future[Param::works_stop_month];
    if (package.ready >= stop) {
      const bool tender = is_tendered(spec_of(world_, package));
      blame(package, tender ? DelayCause::procurement : DelayCause::window);
    }
    if (now_ < package.ready || package.ready >= stop) return;
    const int year = world_.scenario->clock.year(step_.month);
    if (year > spec_of(world_, package).end_year) return;
    package.start = package.ready;
    package.span = time_of(world_, package, PackageTime::works, step_);
    const double feasible = feasible_share(package.start, package.span, stop);
    package.progress_allowed =
        hurried_share(feasible, world_.future[Param::late_work_lost_share]);
    if (feasible < 1.0) blame(package, DelayCause::window);
    if (package.verbal_start) rework(package);
    package.stage = Stage::works;
  }

  /// Works begun before the guideline may have to be done again: less is built for the money.
  void rework(Package& package) {
    const sim::Chance chance(step_.seed, static_cast<std::uint32_t>(Draw::rework),
                             sim::start_state);
    package.reworked = chance.fine_uniform(package.key) <
                       world_.future[Param::verbal_start_rework_chance];
    if (!package.reworked) return;
    blame(package, DelayCause::rework);
    const double rest = 1.0 - world_.future[Param::verbal_start_rework_cost];
    for (PackageLine& line : package.lines) {
      line.units_planned *= static_cast<float>(rest);
      const double n = static_cast<double>(line.households.size()) * rest;
      line.households.resize(static_cast<std::size_t>(n));
    }
  }

  World& world_;
  const sim::Step& step_;
  Prospects prospects_;
  double now_;
  std::vector<Tried> tried_;  ///< by programme
};

}  // namespace

double time_of(const World& world, const Package& package, PackageTime time,
               const sim::Step& step) {
  const Future& f = world.future;
  const ProgrammeSpec& programme = spec_of(world, package);
  const int year = world.scenario->clock.year(step.month);
  const bool tender = is_tendered(programme);
  double months = 0.0;
  switch (time) {
    case PackageTime::verification:
      if (is_outside_office(world, package)) return 0.0;
      months = f.in_year(Param::verification_months, year);
      if (crosses_borders(world, package)) months *= 1.0 + f[Param::cross_border_delay];
      months *= world.money.line_effects.verification_factor;
      months *= std::max(1.0, world.money.officer_load[year_of(step)]);
      break;
    case PackageTime::procurement:
      if (is_outside_office(world, package)) return 0.0;
      months = f.in_year(
          tender ? Param::procurement_contractor : Param::procurement_community, year);
      if (tender && is_event_year(world, year)) months *= f[Param::event_year_tender_factor];
      if (programme.line == BudgetLine::strategic_infrastructure) {
        months += world.money.line_effects.lead_months;
      }
      break;
    case PackageTime::works:
      months = f.in_year(
          tender ? Param::construction_contractor : Param::construction_community, year);
      break;
  }
  if (!world.scenario->uncertainty) return months;
  return months * portable::exp(time_spread * static_cast<double>(luck_of(package, time, step)));
}

PackageTimes times_of(const World& world, const Package& package, const sim::Step& step) {
  const auto of = [&](PackageTime time) { return time_of(world, package, time, step); };
  return {of(PackageTime::verification), of(PackageTime::procurement), of(PackageTime::works)};
}

bool passes_gate(const World& world, const ProgrammeSpec& programme, std::size_t rt,
                 const sim::Step& step, const Service* service) {
  switch (programme.gate) {
    case Gate::none: return true;
    case Gate::engaged_share: {
      const int year = world.scenario->clock.year(step.month);
      const double gate =
          programme.gate_engaged_pct.is_set
              ? world.future.value(programme.gate_engaged_pct, world.rts.key[rt], year) * 0.01
              : world.future[Param::part_gate_works];
      return engaged_share(world, rt) >= gate;
    }
    case Gate::group: {
      const double least = world.future[Param::part_group_min];
      if (world.rts.n_unfit[rt] < least) return false;
      const std::size_t whole = whole_households(least);
      if (service != nullptr) return group_size(world, rt, *service, step, whole) >= whole;
      const Service own(world, programme, programme.menu.front().item, step);
      return group_size(world, rt, own, step, whole) >= whole;
    }
    case Gate::consent:
      return relocation_item(programme) ? somebody_consents(world, programme, rt, step)
                                        : engaged_share(world, rt) > 0.0;
    case Gate::land_clear: return is_buildable(world, rt);
  }
  return true;
}

void Pipeline::step(World& world, const sim::Step& step) {
  Mover mover(world, step);
  for (Package& package : world.money.packages) {
    if (!may_move(package.stage)) continue;
    const bool is_new = package.stage == Stage::listed && !package.has_time_luck;
    if (is_new && world.scenario->uncertainty) draw_times(world, step);
    mover.move(package);
  }
}

}  // namespace musi::models
