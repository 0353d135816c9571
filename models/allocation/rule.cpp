#include "models/allocation/rule.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <tuple>

#include "models/draws.h"
#include "models/programmes/need.h"
#include "models/programmes/unit_costs.h"
#include "models/score/priority.h"
#include "models/site_facts.h"
#include "models/stocks/refresh.h"
#include "sim/core/portable_math.h"

namespace musi::models {
namespace {

namespace portable = sim::portable;

constexpr int not_slum_rank = 10;
constexpr int open_sites_of_concentrate = 10;

CitySize city_size(SizeClass size) { return static_cast<CitySize>(size); }

/// Money that would lift all deficits of an RT that menu C can lift. [IDR million]
double cost_of_needs(const World& world, std::size_t rt, int year) {
  constexpr Item items[] = {Item::road_surface, Item::road_new,  Item::drain_new,
                            Item::drain_rehab,  Item::flood_works, Item::water_connection,
                            Item::toilet_tank,  Item::waste_kit,  Item::fire_access};
  double cost = 0.0;
  for (const Item item : items) {
    cost += true_need(world, rt, item) * unit_cost(world, rt, item, year);
  }
  return cost;
}

struct SiteSums {
  double area = 0.0, clear = 0.0, cost = 0.0;
  std::array<double, n_criteria> share{};
};

void add_rt(const World& world, std::size_t rt, int year, bool with_cost, SiteView& view,
            SiteSums& sums) {
  const Neighbourhoods& r = world.rts;
  const double area = static_cast<double>(r.area[rt]);
  sums.area += area;
  if (is_buildable(world, rt)) sums.clear += area;
  if (with_cost) sums.cost += cost_of_needs(world, rt, year);
  for (std::size_t k = 0; k < n_criteria; ++k) {
    sums.share[k] += area * static_cast<double>(r.ledger[k][rt]);
  }
  view.persons += r.n_persons[rt];
  if (r.ledger_class[rt] >= Slum::medium) view.persons_worse += r.n_persons[rt];
}

/// Engaged share and density of all households of the site.
void view_people(const World& world, std::size_t site, SiteView& view, double& density) {
  double households = 0.0, engaged = 0.0, persons = 0.0, area = 0.0;
  for (const std::uint32_t rt : world.sites.rts[site]) {
    households += world.rts.n_households[rt];
    engaged += world.rts.n_engaged[0][rt] + world.rts.n_engaged[1][rt];
    persons += world.rts.n_persons[rt];
    area += static_cast<double>(world.rts.area[rt]);
  }
  view.engaged = households > 0 ? engaged / households : 0.0;
  density = area > 0 ? persons / area : 0.0;
}

/// A site whose average is below 16 points still has slum RTs: it counts as light.
SlumClass class_on_paper(const SiteView& view) {
  const auto slum = static_cast<SlumClass>(class_of(static_cast<int>(view.score)));
  return std::max(slum, SlumClass::light);
}

int priority_rank(const World& world, std::size_t site, const SiteView& view, double density) {
  const int points = consideration_points(
      world.sites.is_strategic[site] != 0, density,
      view.engaged >= world.future[Param::part_gate_works], city_size(world.city->size_class));
  const auto code = priority_code(class_on_paper(view), consideration_of(points),
                                  world.sites.is_legal[site] != 0);
  return code ? code->rank : not_slum_rank;
}

using Key = std::tuple<double, double, double>;  ///< larger is served first

struct Context {
  const World& world;
  const ProgrammeSpec* programme;
  int year;
  double noise_sd;
};

double log_size(const Context& c, const SiteView& v) {
  return portable::log(std::max(1e-9, v.score * v.area)) + c.noise_sd * v.noise;
}

Key official(const Context& c, const SiteView& v) {
  return {-static_cast<double>(v.rank), log_size(c, v), 0.0};
}
Key worst_first(const Context&, const SiteView& v) { return {v.score, v.area, 0.0}; }
Key cost_effect(const Context&, const SiteView& v) { return {v.points_per_rupiah, v.area, 0.0}; }
Key readiness(const Context&, const SiteView& v) { return {v.engaged * v.clear_land, v.area, 0.0}; }
Key equity(const Context&, const SiteView& v) { return {v.persons_worse, v.persons, 0.0}; }
Key lottery(const Context&, const SiteView& v) { return {v.noise, 0.0, 0.0}; }
Key river_first(const Context& c, const SiteView& v) {
  const bool river = site_facts(c.world, v.site).river_frontage;
  return {river ? 1.0 : 0.0, -static_cast<double>(v.rank), log_size(c, v)};
}

const std::string& kecamatan_of(const World& world, std::size_t site) {
  return site_facts(world, site).kecamatan;
}

/// House repairs in the subdistrict in the twelve months before January.
bool had_houses_last_year(const World& world, const std::string& kecamatan) {
  const int now = world.month;
  for (const HouseholdRecord& household : world.households.record) {
    const int repaired = household.repaired;
    if (repaired == never || repaired < now - 12 || repaired >= now) continue;
    if (kecamatan_of(world, world.rts.site[household.rt]) == kecamatan) return true;
  }
  return false;
}

/// 1: the subdistrict's turn; -1: it had its houses last year; 0: neither.
double turn_of(const Context& c, const std::string& kecamatan) {
  bool turn = false;
  for (const RotationRow& row : c.world.city->rotation) {
    const bool concerns = row.programme == "all" ||
                          (c.programme != nullptr && (row.programme == c.programme->id ||
                                                      row.programme == c.programme->type));
    if (row.year == c.year && row.kecamatan == kecamatan && concerns) turn = true;
  }
  if (turn) return 1.0;
  const bool houses = c.programme != nullptr && c.programme->channel == Channel::household_group;
  return houses && had_houses_last_year(c.world, kecamatan) ? -1.0 : 0.0;
}

Key fixed_order(const Context& c, const SiteView& v) {
  const auto& order = c.world.scenario->allocation.fixed_order;
  const auto at = std::find(order.begin(), order.end(), site_facts(c.world, v.site).site_id);
  return {-static_cast<double>(at - order.begin()), -static_cast<double>(v.rank), log_size(c, v)};
}

/// Sites in work first, the longest first; new ones only while fewer than the bound are open.
Key concentrate(const Context& c, const SiteView& v) {
  const std::uint16_t since = c.world.sites.served_since[v.site];
  return {since == never ? -1e6 : -static_cast<double>(since), -static_cast<double>(v.rank),
          log_size(c, v)};
}

std::vector<std::pair<Key, std::uint32_t>> keyed(const Context& c, AllocationRule rule,
                                                 const std::vector<SiteView>& views) {
  std::map<std::string, double> turns;
  std::vector<std::pair<Key, std::uint32_t>> keys;
  for (const SiteView& v : views) {
    Key key = official(c, v);
    switch (rule) {
      case AllocationRule::official:
      case AllocationRule::spread: break;
      case AllocationRule::worst_first: key = worst_first(c, v); break;
      case AllocationRule::cost_effect: key = cost_effect(c, v); break;
      case AllocationRule::readiness: key = readiness(c, v); break;
      case AllocationRule::equity: key = equity(c, v); break;
      case AllocationRule::river_first: key = river_first(c, v); break;
      case AllocationRule::lottery: key = lottery(c, v); break;
      case AllocationRule::fixed_order: key = fixed_order(c, v); break;
      case AllocationRule::concentrate:
      case AllocationRule::douse: key = concentrate(c, v); break;
      case AllocationRule::rotation: {
        const std::string& kecamatan = kecamatan_of(c.world, v.site);
        const auto [turn, is_new] = turns.try_emplace(kecamatan, 0.0);
        if (is_new) turn->second = turn_of(c, kecamatan);
        if (turn->second < 0.0) continue;
        key = {turn->second, std::get<0>(key), std::get<1>(key)};
        break;
      }
    }
    keys.emplace_back(key, v.site);
  }
  // Where every subdistrict had its houses last year there is no turn to wait for.
  if (keys.empty() && !views.empty()) return keyed(c, AllocationRule::official, views);
  return keys;
}

/// At most one site of each subdistrict: the first of the order.
std::vector<std::uint32_t> one_per_kecamatan(const World& world,
                                             const std::vector<std::uint32_t>& order) {
  std::vector<std::uint32_t> chosen;
  for (const std::uint32_t site : order) {
    const bool taken = std::any_of(chosen.begin(), chosen.end(), [&](std::uint32_t other) {
      return kecamatan_of(world, other) == kecamatan_of(world, site);
    });
    if (!taken) chosen.push_back(site);
  }
  return chosen;
}

constexpr std::size_t highest_score = 5 * n_criteria;

/// The turn of an RT with this score on paper, at most highest_score: low turns are served first.
std::size_t turn_of_score(RtOrder order, std::size_t score) {
  constexpr std::size_t near = 22;
  if (order == RtOrder::score_desc) return highest_score - score;
  return score <= near ? score : near + 1 + highest_score - score;
}

/// Slum RTs of a site by the turn of their scores, then by key. There are few scores: RTs are
/// counted by turn and laid out, each before those of its turn that have a larger key.
std::vector<std::uint32_t> order_by_score(const World& world, std::size_t site, RtOrder order) {
  const Neighbourhoods& r = world.rts;
  struct Listed {
    std::uint32_t rt, turn;
  };
  std::array<std::uint32_t, highest_score + 2> first{};  // by turn, counted one ahead
  std::vector<Listed> slum;
  slum.reserve(world.sites.rts[site].size());
  for (const std::uint32_t rt : world.sites.rts[site]) {
    if (!is_slum_on_paper(world, rt)) continue;
    const auto turn = static_cast<std::uint32_t>(turn_of_score(order, r.ledger_score[rt]));
    slum.push_back({rt, turn});
    ++first[turn + 1];
  }
  std::partial_sum(first.begin(), first.end(), first.begin());
  std::vector<std::uint32_t> rts(slum.size());
  auto end = first;  // by turn, of those laid out
  for (const auto [rt, turn] : slum) {
    std::size_t at = end[turn]++;
    for (; at > first[turn] && r.key[rt] < r.key[rts[at - 1]]; --at) rts[at] = rts[at - 1];
    rts[at] = rt;
  }
  return rts;
}

constexpr AllocationRuleInfo rules[] = {
    {AllocationRule::official, "official", "priority code, then score times area, with politics"},
    {AllocationRule::worst_first, "worst_first", "highest score first"},
    {AllocationRule::cost_effect, "cost_effect", "most points removed per rupiah first"},
    {AllocationRule::readiness, "readiness", "engaged share times clear land"},
    {AllocationRule::equity, "equity", "most persons in heavy and medium neighbourhoods first"},
    {AllocationRule::river_first, "river_first", "river front first, then official"},
    {AllocationRule::rotation, "rotation", "subdistricts by turn, then official"},
    {AllocationRule::concentrate, "concentrate", "finish open sites, at most ten at once"},
    {AllocationRule::douse, "douse", "one site per subdistrict until it is clear"},
    {AllocationRule::spread, "spread", "equal money to every site"},
    {AllocationRule::lottery, "lottery", "by chance"},
    {AllocationRule::fixed_order, "fixed_order", "a list, then official"},
};

}  // namespace

std::vector<SiteView> view_sites(World& world, const sim::Step& step, bool with_cost) {
  const int year = world.scenario->clock.year(step.month);
  std::vector<SiteView> views;
  views.reserve(world.n_sites());
  for (std::size_t site = 0; site < world.n_sites(); ++site) {
    SiteView view;
    view.site = static_cast<std::uint32_t>(site);
    SiteSums sums;
    for (const std::uint32_t rt : world.sites.rts[site]) {
      if (is_slum_on_paper(world, rt)) add_rt(world, rt, year, with_cost, view, sums);
    }
    world.sites.priority_rank[site] = not_slum_rank;
    world.sites.renewal[site] = 0;
    if (!(sums.area > 0)) continue;
    Shares mean{};
    for (std::size_t k = 0; k < n_criteria; ++k) {
      mean[k] = static_cast<float>(sums.share[k] / sums.area);
    }
    view.score = score_total(mean, cut_rule(*world.scenario));
    view.area = sums.area;
    view.clear_land = sums.clear / sums.area;
    view.points_per_rupiah = sums.cost > 0 ? view.score * view.area / sums.cost : 0.0;
    double density = 0.0;
    view_people(world, site, view, density);
    view.rank = priority_rank(world, site, view, density);
    view.noise = portable::normal_quantile(
        step.yearly_chance(Draw::site_noise).fine_uniform(world.sites.key[site]));
    world.sites.priority_rank[site] = static_cast<std::uint8_t>(view.rank);
    const auto handling = handling_of(class_on_paper(view), world.sites.is_legal[site] != 0,
                                      HandlingMode::letter_of_law);
    world.sites.renewal[site] = handling == Handling::renewal;
    views.push_back(view);
  }
  return views;
}

bool answers_for(const World& world, std::size_t source, std::size_t site) {
  if (!world.scenario->allocation.strict_authority) return true;
  const SourceSpec& s = world.scenario->funding.sources[source];
  const double area = static_cast<double>(world.sites.area[site]);
  return area >= s.authority_min_ha && area < s.authority_max_ha;
}

std::span<const AllocationRuleInfo> allocation_rules() { return rules; }

std::vector<std::uint32_t> order_sites(const World& world, AllocationRule rule,
                                       const std::vector<SiteView>& views,
                                       const ProgrammeSpec* programme, const sim::Step& step) {
  const Context context{world, programme, world.scenario->clock.year(step.month),
                        world.future[Param::alloc_noise]};
  auto keys = keyed(context, rule, views);
  std::sort(keys.begin(), keys.end(), [&](const auto& a, const auto& b) {
    if (a.first != b.first) return a.first > b.first;
    return world.sites.key[a.second] < world.sites.key[b.second];
  });
  std::vector<std::uint32_t> order;
  for (const auto& [key, site] : keys) order.push_back(site);
  if (rule == AllocationRule::douse) order = one_per_kecamatan(world, order);
  std::size_t most = static_cast<std::size_t>(
      std::max(0, world.scenario->allocation.max_sites_at_once));
  if (most == 0 && rule == AllocationRule::concentrate) most = open_sites_of_concentrate;
  if (most > 0 && order.size() > most) order.resize(most);
  return order;
}

std::vector<std::uint32_t> order_rts(const World& world, std::size_t site, RtOrder order,
                                     const sim::Step& step) {
  if (order == RtOrder::score_desc || order == RtOrder::near_threshold) {
    return order_by_score(world, site, order);
  }
  const Neighbourhoods& r = world.rts;
  std::vector<std::tuple<double, sim::EntityKey, std::uint32_t>> keys;
  keys.reserve(world.sites.rts[site].size());
  for (const std::uint32_t rt : world.sites.rts[site]) {
    if (!is_slum_on_paper(world, rt)) continue;
    const double key = order == RtOrder::readiness
                           ? -engaged_share(world, rt) * (is_buildable(world, rt) ? 1.0 : 0.0)
                           : step.yearly_chance(Draw::site_noise).fine_uniform(r.key[rt]);
    keys.emplace_back(key, r.key[rt], rt);
  }
  std::sort(keys.begin(), keys.end());
  std::vector<std::uint32_t> rows;
  for (const auto& key : keys) rows.push_back(std::get<2>(key));
  return rows;
}

}  // namespace musi::models
