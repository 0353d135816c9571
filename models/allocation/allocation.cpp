#include "models/allocation/allocation.h"

#include <algorithm>
#include <map>
#include <utility>

#include "models/allocation/adaptive.h"
#include "models/allocation/rule.h"
#include "models/finance/budget.h"
#include "models/finance/guideline.h"
#include "models/programmes/catalogue.h"
#include "models/programmes/households.h"
#include "models/programmes/packages.h"
#include "models/programmes/pipeline.h"
#include "models/programmes/prospects.h"
#include "models/programmes/replay.h"
#include "models/programmes/unit_costs.h"
#include "models/relocation/invitations.h"
#include "models/site_facts.h"

namespace musi::models {
namespace {

constexpr int october = 10;
constexpr double smallest_package = 1.0;   ///< [IDR million]
/// A contract grows by at most this share in the October revision. Assumed.
constexpr double largest_addition = 0.5;
constexpr double no_limit = 1e9;

std::size_t year_of(const sim::Step& step) {
  return static_cast<std::size_t>(sim::Clock::year_index(step.month));
}

bool contains(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// The rule itself bounds the sites, or takes all.
bool serves_all_sites(AllocationRule rule) {
  return rule == AllocationRule::spread || rule == AllocationRule::douse;
}

std::size_t whole_sites(double sites_per_year) {
  return static_cast<std::size_t>(std::max(1.0, sites_per_year));
}

/// Brings works in packages, beside which it may offer loans and training.
bool brings_works(const ProgrammeSpec& programme) {
  return works_share(programme) > 0.0 &&
         std::all_of(programme.menu.begin(), programme.menu.end(), [](const MenuEntry& entry) {
           return is_works(entry.item) || is_aid(entry.item);
         });
}

/// RTs in which a house was lost, by row.
std::vector<std::uint32_t> rts_with_losses(const World& world) {
  std::vector<std::uint32_t> rts;
  for (const DisasterLoss& loss : world.support.losses) rts.push_back(loss.who.rt);
  std::sort(rts.begin(), rts.end());
  rts.erase(std::unique(rts.begin(), rts.end()), rts.end());
  return rts;
}

/// Cuts the packages of one programme in January.
class Announcer {
 public:
  /// `bound`: money of packages of this year and programme, by source; kept up to date.
  Announcer(World& world, std::size_t programme, Prospects& prospects, std::vector<Rupiah>& bound)
      : world_(world),
        prospects_(prospects),
        spec_(world.scenario->programmes[programme]),
        state_(world.money.programmes[programme]),
        programme_(programme),
        key_(programme_key(spec_.id)),
        step_(prospects.step()),
        share_for_works_(share_for_works()),
        bound_(bound),
        unlimited_(world.scenario->funding.unlimited) {}

  /// `part`: of the plan and of the voted money.
  void announce(std::vector<std::uint32_t> sites, double part = 1.0) {
    std::erase_if(sites,
                  [&](std::uint32_t s) { return !is_eligible_site(world_, spec_, s); });
    if (spec_.after_disasters) sites = sites_with_losses(std::move(sites));
    state_.site_order = sites;
    if (sites.empty()) return;
    payers_ = payers_of(*world_.scenario, spec_);
    plan_ = state_.plan_by_source;
    for (Rupiah& amount : plan_) {
      amount = static_cast<Rupiah>(static_cast<double>(amount) * share_for_works_ * part);
    }
    may_bind_ = state_.left_by_source;
    for (Rupiah& amount : may_bind_) {
      if (part < 1.0) amount = static_cast<Rupiah>(static_cast<double>(amount) * part);
    }
    if (spec_.after_disasters) return rehabilitate(sites);
    double plan = 0.0;
    for (const Rupiah amount : plan_) plan += static_cast<double>(amount) * 1e-6;
    if (unlimited_) plan = no_limit;
    const std::size_t n = std::min(sites.size(), sites_a_year(world_, spec_, sites.size(), step_));
    const double per_site = plan / static_cast<double>(n);
    for (std::size_t i = 0; i < n && left_in_plan() >= smallest_package; ++i) {
      serve_site(sites[i], per_site);
    }
  }

 private:
  /// House repair also serves kelurahan without slum sites, and a board lends and teaches: that
  /// part is voted but not for works in sites.
  double share_for_works() const {
    if (spec_.after_disasters) return 1.0;
    if (spec_.channel == Channel::household_group) {
      return world_.future[Param::house_money_in_sites];
    }
    return works_share(spec_);
  }

  /// The sites of those who may claim, in the order of the programme, then the others.
  std::vector<std::uint32_t> sites_with_losses(std::vector<std::uint32_t> order) const {
    std::vector<std::uint8_t> has_loss(world_.n_sites(), 0), is_listed(world_.n_sites(), 0);
    for (const DisasterLoss& loss : world_.support.losses) {
      has_loss[world_.rts.site[loss.who.rt]] = 1;
    }
    for (const std::uint32_t site : order) is_listed[site] = 1;
    for (std::uint32_t site = 0; site < world_.n_sites(); ++site) {
      if (is_listed[site] == 0 && is_eligible_site(world_, spec_, site)) order.push_back(site);
    }
    std::erase_if(order, [&](std::uint32_t site) { return has_loss[site] == 0; });
    return order;
  }

  /// Every RT with a claim, whether slum on paper or not.
  void rehabilitate(const std::vector<std::uint32_t>& sites) {
    const std::vector<std::uint32_t> claims = rts_with_losses(world_);
    for (const std::uint32_t site : sites) {
      for (const std::uint32_t rt : claims) {
        if (world_.rts.site[rt] != site) continue;
        if (left_in_plan() < smallest_package) return;
        if (has_open_package(world_, programme_, rt)) continue;
        const double cost = size_of(rt, left_in_plan());
        if (cost >= smallest_package) add(site, rt, cost);
      }
    }
  }

  bool spreads() const {
    return spec_.targeting.value_or(world_.scenario->allocation.rule) == AllocationRule::spread;
  }

  double left_in_plan() const {
    if (unlimited_) return no_limit;
    double left = 0.0;
    for (const std::size_t f : payers_) left += static_cast<double>(plan_[f]) * 1e-6;
    return left;
  }

  double bound_of(const Uncertain& u, double otherwise) const {
    if (!u.is_set || unlimited_) return otherwise;
    return world_.future.value(u, key_, world_.scenario->clock.year(step_.month));
  }

  void serve_site(std::size_t site, double money) {
    // Equal money for every site knows no smallest grant.
    const double least = spreads() ? 0.0 : bound_of(spec_.min_package_idr_mn, 0.0);
    const double most = bound_of(spec_.max_package_idr_mn, no_limit);
    const auto& rts = prospects_.rts_in_order(site);
    if (rts.empty()) return;
    if (relocation_item(spec_)) return relocate(site, rts, std::clamp(money, least, most));
    if (spec_.grain == Grain::site) {
      add(site, rts.front(), std::clamp(money, least, most));
      return;
    }
    const double k = std::min(world_.future[Param::alloc_rt_per_site],
                              static_cast<double>(rts.size()));
    // A kelurahan grant is bounded as a whole, a contract by itself.
    const bool is_grant = spec_.channel == Channel::community;
    double left = is_grant ? std::clamp(money, least, most) : money;
    const double part = is_grant ? left / k : std::clamp(money / k, least, most);
    std::size_t n = 0;
    for (const std::uint32_t rt : rts) {
      if (left < smallest_package || (is_grant && n >= static_cast<std::size_t>(k))) return;
      if (has_open_package(world_, programme_, rt)) continue;
      if (!may_serve_rt(world_, spec_, rt)) continue;
      const double cost = size_of(rt, std::min(part, left));
      if (cost < smallest_package) continue;
      left -= cost;
      ++n;
      add(site, rt, cost);
    }
  }

  /// Homes by RT, land and places by site; never more than people consent to and land has room for.
  void relocate(std::size_t site, const std::vector<std::uint32_t>& rts, double money) {
    double left = std::min(money, left_in_plan());
    const int year = world_.scenario->clock.year(step_.month);
    if (relocation_item(spec_) == Item::low_income_house) {
      left = std::min(left, room_for_homes(world_, site, 0) *
                                money_per_unit(world_, spec_, rts.front(),
                                               Item::low_income_house, year));
    }
    for (const std::uint32_t rt : rts) {
      if (left < smallest_package) return;
      if (has_open_package(world_, programme_, rt)) continue;
      const double cost = std::min(left, usable_relocation_money(world_, spec_, rt, step_));
      if (cost < smallest_package) continue;
      left -= cost;
      add(site, rt, cost);
      if (spec_.grain == Grain::site) return;
    }
  }

  /// Money for one RT: not more than it seems to need; groups and systems have their own size.
  double size_of(std::size_t rt, double money) {
    const int year = world_.scenario->clock.year(step_.month);
    const Item first = spec_.menu.front().item;
    if (spec_.channel == Channel::household_group) {
      const double least = spec_.gate == Gate::group ? world_.future[Param::part_group_min] : 0.0;
      if (facts(first).is_house && world_.rts.n_unfit[rt] < least) return 0.0;
      const Service* service = prospects_.service(programme_);
      if (service == nullptr) return 0.0;
      const double n = static_cast<double>(spec_.after_disasters
                                               ? service->households_in(world_, rt).size()
                                               : group_size(world_, rt, *service, step_,
                                                            whole_households(least)));
      if (n < least) return 0.0;
      const double most = world_.future[Param::part_group_max];
      return std::min(n, most) * money_per_unit(world_, spec_, rt, first, year);
    }
    if (first == Item::shared_sanitation && spec_.menu.size() == 1) {
      return money_per_unit(world_, spec_, rt, first, year);
    }
    return prospects_.usable_money(programme_, rt, money);
  }

  /// The first payer with money in the plan pays the whole package.
  void add(std::size_t site, std::size_t rt, double cost) {
    for (const std::size_t f : payers_) {
      if (!answers_for(world_, f, site)) continue;
      Rupiah amount = rupiah_of_million(cost);
      if (!unlimited_) amount = std::min(amount, plan_[f]);
      if (amount < rupiah_of_million(smallest_package)) continue;
      if (!unlimited_) plan_[f] -= amount;
      announce_package(site, rt, f, amount);
      return;
    }
  }

  void announce_package(std::size_t site, std::size_t rt, std::size_t source, Rupiah cost) {
    Package& package = world_.money.packages.emplace_back();
    package.key = sim::mix(key_, world_.rts.key[rt],
                           world_.scenario->clock.year(step_.month), 0);
    package.programme = static_cast<std::uint16_t>(programme_);
    package.source = static_cast<std::uint16_t>(source);
    package.site = static_cast<std::uint32_t>(site);
    package.rt = static_cast<std::uint32_t>(rt);
    package.cost_planned = cost;
    package.year = static_cast<int>(year_of(step_));
    if (!unlimited_) {
      const Rupiah wanted = std::min(money_for(source, cost), may_bind_[source]);
      const Rupiah bound = bind(world_, package, wanted, step_);
      may_bind_[source] -= bound;
      bound_[source] += bound;
    }
    world_.rts.year_marks[rt] |= mark::had_package;
    ++world_.sites.promised[site];
    auto& since = world_.sites.served_since[site];
    since = std::min(since, static_cast<std::uint16_t>(step_.month));
    place_package(world_, world_.money.packages.size() - 1);
  }

  /// Voted money reaches the first packages, the part that is meant for works in sites.
  Rupiah money_for(std::size_t source, Rupiah wanted) const {
    const double elsewhere = 1.0 - share_for_works_;
    if (!(elsewhere > 0.0)) return wanted;
    const Rupiah left = state_.left_by_source[source];
    const auto kept = static_cast<Rupiah>(static_cast<double>(left + bound_[source]) * elsewhere);
    return std::clamp<Rupiah>(left - kept, 0, wanted);
  }

  World& world_;
  Prospects& prospects_;
  const ProgrammeSpec& spec_;
  ProgrammeState& state_;
  std::size_t programme_;
  sim::EntityKey key_;            ///< of the programme
  const sim::Step& step_;
  double share_for_works_;
  std::vector<Rupiah>& bound_;
  bool unlimited_;
  std::vector<std::size_t> payers_;
  std::vector<Rupiah> plan_;
  std::vector<Rupiah> may_bind_;  ///< voted money that this announcement may still use
};

/// Money that is bound to packages of this year, by programme and source.
std::vector<std::vector<Rupiah>> bound_this_year(const World& world, const sim::Step& step) {
  std::vector bound(world.scenario->programmes.size(),
                    std::vector<Rupiah>(world.money.sources.size(), 0));
  for (const Package& p : world.money.packages) {
    if (p.year == static_cast<int>(year_of(step))) bound[p.programme][p.source] += p.committed;
  }
  return bound;
}

/// Work of the year's funded packages over what the officers can start in a year. Small contracts
/// of a programme without a package size are tendered together, site by site.
double load_of_officers(const World& world, const sim::Step& step) {
  const Scenario& s = *world.scenario;
  const int year = s.clock.year(step.month);
  double work = 0.0;
  std::vector<std::uint8_t> tendered(s.programmes.size() * world.n_sites(), 0);
  for (const Package& p : world.money.packages) {
    const bool runs = is_open(p) && (p.committed > 0 || s.funding.unlimited);
    if (!runs || p.year != static_cast<int>(year_of(step))) continue;
    if (is_outside_office(world, p)) continue;
    const ProgrammeSpec& programme = s.programmes[p.programme];
    const bool is_small = !programme.min_package_idr_mn.is_set &&
                          (programme.channel == Channel::contractor ||
                           programme.channel == Channel::service);
    if (is_small && std::exchange(tendered[p.programme * world.n_sites() + p.site], 1) != 0) {
      continue;
    }
    work += world.future.value(s.programmes[p.programme].staff_load_officer_months, 0, year);
  }
  const double capacity = world.future.value(s.procedure.officers, 0, year) *
                          world.future[Param::officer_rate] *
                          world.money.line_effects.officer_factor * 12.0;
  return capacity > 0 ? work / capacity : (work > 0 ? 1e3 : 0.0);
}

/// True if some programme orders its sites by this rule.
bool any_rule_is(const Scenario& s, AllocationRule rule) {
  return s.allocation.rule == rule ||
         std::any_of(s.programmes.begin(), s.programmes.end(),
                     [&](const ProgrammeSpec& p) { return p.targeting == rule; });
}

/// Money that rebuilding all houses with a claim would take. [IDR million]
double cost_of_claims(const World& world, std::size_t p, const sim::Step& step) {
  const ProgrammeSpec& programme = world.scenario->programmes[p];
  const Item item = programme.menu.front().item;
  const Service service(world, programme, item, step);
  const Price price(world, programme, item, world.scenario->clock.year(step.month));
  double cost = 0.0;
  for (const std::uint32_t rt : rts_with_losses(world)) {
    if (!is_eligible_site(world, programme, world.rts.site[rt])) continue;
    const auto n = service.households_in(world, rt).size();
    if (n == 0) continue;
    cost += static_cast<double>(n) * price.in(rt);
  }
  return cost;
}

/// The first claim on house money: the revised plan gives what lost houses need, beyond their own
/// programme's money, out of the other house programmes of its payers.
void claim_house_money(World& world, std::size_t p, const sim::Step& step) {
  const Scenario& s = *world.scenario;
  if (s.funding.unlimited || world.support.losses.empty()) return;
  ProgrammeState& own = world.money.programmes[p];
  double wanted = cost_of_claims(world, p, step);
  for (const Rupiah left : own.left_by_source) wanted -= static_cast<double>(left) * 1e-6;
  for (const std::size_t f : payers_of(s, s.programmes[p])) {
    for (std::size_t other = 0; other < s.programmes.size() && wanted > 0.0; ++other) {
      const ProgrammeSpec& giver = s.programmes[other];
      if (giver.channel != Channel::household_group || giver.after_disasters) continue;
      ProgrammeState& from = world.money.programmes[other];
      const Rupiah taken = std::min(from.left_by_source[f], rupiah_of_million(wanted));
      const std::size_t y = year_of(step);
      const auto move = [&](Rupiah& there, Rupiah& here) {
        there -= taken;
        here += taken;
      };
      move(from.left_by_source[f], own.left_by_source[f]);
      move(from.plan_by_source[f], own.plan_by_source[f]);
      move(from.voted[y], own.voted[y]);
      move(from.planned[y], own.planned[y]);
      wanted -= static_cast<double>(taken) * 1e-6;
    }
  }
}

/// Sites that the programmes of a package serve together this year: the first of the general rule.
std::vector<std::uint32_t> package_sites(const World& world, const std::vector<SiteView>& views,
                                         const sim::Step& step) {
  const Scenario& s = *world.scenario;
  if (std::none_of(s.programmes.begin(), s.programmes.end(),
                   [](const ProgrammeSpec& p) { return p.joins_package; })) {
    return {};
  }
  auto order = order_sites(world, s.allocation.rule, views, nullptr, step);
  if (serves_all_sites(s.allocation.rule)) return order;
  order.resize(std::min(
      order.size(), whole_sites(world.future.value(s.allocation.sites_per_year, 0,
                                                   s.clock.year(step.month)))));
  return order;
}

/// Programmes in the order in which they announce: those with the first claim before the others.
std::vector<std::size_t> order_of_claims(const Scenario& s) {
  std::vector<std::size_t> order;
  for (const bool first : {true, false}) {
    for (std::size_t p = 0; p < s.programmes.size(); ++p) {
      if (s.programmes[p].after_disasters == first) order.push_back(p);
    }
  }
  return order;
}

/// Orders of sites of one January. Those of most rules are the same for all programmes.
class SiteOrders {
 public:
  SiteOrders(const World& world, const std::vector<SiteView>& views, const sim::Step& step)
      : world_(world), views_(views), step_(step) {}

  std::vector<std::uint32_t> of(AllocationRule rule, const ProgrammeSpec& programme) {
    const bool looks_at_more = rule == AllocationRule::rotation ||
                               rule == AllocationRule::concentrate ||
                               rule == AllocationRule::douse;
    if (looks_at_more) return order_sites(world_, rule, views_, &programme, step_);
    const auto [known, is_new] = known_.try_emplace(rule);
    if (is_new) known->second = order_sites(world_, rule, views_, &programme, step_);
    return known->second;
  }

 private:
  const World& world_;
  const std::vector<SiteView>& views_;
  const sim::Step& step_;
  std::map<AllocationRule, std::vector<std::uint32_t>> known_;
};

void plan_year(World& world, const sim::Step& step) {
  const Scenario& s = *world.scenario;
  forget_closed_packages(world);
  std::erase_if(world.support.losses, [&](const DisasterLoss& loss) {
    return step.month >= loss.month + claim_months;
  });
  const auto views = view_sites(world, step, any_rule_is(s, AllocationRule::cost_effect));
  const bool concentrates = moves_money_to_concentrate(world, step);
  const auto together = package_sites(world, views, step);
  SiteOrders orders(world, views, step);
  Prospects prospects(world, step, &world.need_luck);
  auto bound = bound_this_year(world, step);
  for (const std::size_t p : order_of_claims(s)) {
    world.money.programmes[p].site_order.clear();
    const ProgrammeSpec& programme = s.programmes[p];
    if (!is_active(programme, s.clock.year(step.month))) continue;
    const auto rule = programme.targeting.value_or(s.allocation.rule);
    auto order = programme.joins_package ? together : orders.of(rule, programme);
    if (!brings_works(programme)) {
      world.money.programmes[p].site_order = std::move(order);
      continue;
    }
    if (programme.after_disasters) claim_house_money(world, p, step);
    double spread = 1.0;
    if (concentrates && is_spreading(rule) && !programme.after_disasters) {
      spread = 1.0 - share_to_concentrate;
      Announcer(world, p, prospects, bound[p])
          .announce(orders.of(AllocationRule::concentrate, programme),
                    share_to_concentrate);
    }
    Announcer(world, p, prospects, bound[p]).announce(std::move(order), spread);
  }
  world.money.officer_load[year_of(step)] = load_of_officers(world, step);
}

/// Earliest start of a package if nothing else goes wrong. [elapsed months]
double expected_start(const World& world, const Package& package, const sim::Step& step) {
  const PackageTimes times = times_of(world, package, step);
  const double now = sim::Clock::month_of_year(step.month) - 1.0;
  switch (package.stage) {
    case Stage::waiting_guideline:
      return std::max(now, package.ready) + times.verification + times.procurement;
    case Stage::verification: return std::max(now, package.ready) + times.procurement;
    default: return package.ready;
  }
}

bool can_take_more(const World& world, const Package& p) {
  const ProgrammeSpec& programme = world.scenario->programmes[p.programme];
  return p.stage == Stage::works && p.progress_allowed >= 1.0 && p.progress < 0.9 &&
         programme.grain != Grain::site && programme.channel != Channel::household_group;
}

/// Gives free money of each source and programme to packages of that source that still grow: those
/// of the same programme first, then any.
void revise(World& world, const sim::Step& step) {
  const double stop = world.future[Param::works_stop_month];
  for (Package& p : world.money.packages) {
    const bool waits = p.stage == Stage::waiting_guideline || p.stage == Stage::verification ||
                       p.stage == Stage::procurement;
    if (!waits || expected_start(world, p, step) < stop) continue;
    const SourceState& source = world.money.sources[p.source];
    const bool may_cross = world.scenario->procedure.multi_year_contract ||
                           source.carry_rule == CarryRule::split_years;
    if (!may_cross) drop(world, p, DelayCause::window, step);
  }
  Prospects prospects(world, step, &world.need_luck);
  std::vector<std::uint8_t> gives;
  for (const ProgrammeSpec& p : world.scenario->programmes) gives.push_back(brings_works(p));
  for (Package& taker : world.money.packages) {
    if (!can_take_more(world, taker)) continue;
    Rupiah most = static_cast<Rupiah>(largest_addition * static_cast<double>(taker.cost_planned));
    for (std::size_t p = 0; p < world.money.programmes.size() && most > 0; ++p) {
      // The own programme has the first turn; the rotation keeps the order fixed.
      const std::size_t giver = (taker.programme + p) % world.money.programmes.size();
      if (gives[giver] == 0) continue;
      Rupiah& free = world.money.programmes[giver].left_by_source[taker.source];
      const Rupiah offered = std::min(free, most);
      if (offered < rupiah_of_million(smallest_package)) continue;
      free -= offered;
      Rupiah& own = world.money.programmes[taker.programme].left_by_source[taker.source];
      own += offered;
      const Rupiah used = top_up(world, prospects, taker, offered);
      own -= offered - used;
      free += offered - used;
      most -= used;
      // The revised budget votes the money to the programme that spends it.
      world.money.programmes[giver].voted[year_of(step)] -= used;
      world.money.programmes[taker.programme].voted[year_of(step)] += used;
      if (used < offered) break;
    }
  }
}

}  // namespace

std::size_t sites_a_year(const World& world, const ProgrammeSpec& programme, std::size_t all,
                         const sim::Step& step) {
  const Scenario& s = *world.scenario;
  if (programme.joins_package) return all;  // the sites of the package are chosen already
  const auto rule = programme.targeting.value_or(s.allocation.rule);
  if (serves_all_sites(rule)) return all;
  const int year = s.clock.year(step.month);
  const Uncertain& own = programme.sites_per_year;
  const double n = own.is_set ? world.future.value(own, programme_key(programme.id), year)
                              : world.future.value(s.allocation.sites_per_year, 0, year);
  return whole_sites(n);
}

bool is_eligible_site(const World& world, const ProgrammeSpec& p, std::size_t site) {
  const SiteFacts& facts_of_site = site_facts(world, site);
  const bool relocates = relocation_item(p).has_value();
  if (world.scenario->letter_of_law && relocates == (world.sites.is_legal[site] != 0)) return false;
  if (relocates && !has_relocation_work(world, p, site)) return false;
  if (contains(p.excluded_sites, facts_of_site.site_id)) return false;
  if (p.type == "waterfront" && world.sites.is_strategic[site] == 0) return false;
  if (!p.eligible_kecamatan.empty() && !contains(p.eligible_kecamatan, facts_of_site.kecamatan)) {
    return false;
  }
  if (!p.eligible_sites.empty()) return contains(p.eligible_sites, facts_of_site.site_id);
  if (p.grain == Grain::site && p.channel == Channel::contractor) {
    const auto payers = payers_of(*world.scenario, p);
    const double least =
        payers.empty() ? 0.0 : world.scenario->funding.sources[payers.front()].authority_min_ha;
    if (static_cast<double>(world.sites.area[site]) < least) return false;
  }
  if (p.eligible_class.empty()) return true;
  Slum worst = Slum::not_slum;
  for (const std::uint32_t rt : world.sites.rts[site]) {
    worst = std::max(worst, world.rts.ledger_class[rt]);
  }
  return std::find(p.eligible_class.begin(), p.eligible_class.end(), static_cast<int>(worst)) !=
         p.eligible_class.end();
}

void Allocation::step(World& world, const sim::Step& step) {
  if (is_replayed(world, step.month)) return;
  const bool is_first_own = world.scenario->replays && step.month == world.scenario->replay_until;
  if (sim::Clock::is_january(step.month) || is_first_own) plan_year(world, step);
  const bool revises = sim::Clock::month_of_year(step.month) == october &&
                       world.scenario->procedure.october_reallocation;
  if (revises && !world.scenario->funding.unlimited) revise(world, step);
}

}  // namespace musi::models
