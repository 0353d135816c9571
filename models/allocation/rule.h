#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "models/stocks/refresh.h"
#include "models/world.h"
#include "sim/core/process.h"

/// In what order sites and RTs are served, MODEL.md 13.
namespace musi::models {

/// What officials know about a site in January, from the ledger.
struct SiteView {
  std::uint32_t site = 0;
  double score = 0.0;         ///< of its slum RTs, shares weighted by area [points]
  double area = 0.0;          ///< of its slum RTs [ha]
  double engaged = 0.0;       ///< [0-1]
  double clear_land = 0.0;    ///< area share of its slum RTs on clear land [0-1]
  double persons_worse = 0.0; ///< in heavy and medium RTs
  double persons = 0.0;       ///< in slum RTs
  double points_per_rupiah = 0.0;  ///< [points ha per IDR million]
  int rank = 10;              ///< priority code, 1 first; 10: not slum
  double noise = 0.0;         ///< standard normal, of this year
};

/// Slum RT on paper: in the ledger and above the exit rule.
inline bool is_slum_on_paper(const World& world, std::size_t rt) {
  if (world.rts.in_ledger[rt] == 0) return false;
  const Slum slum = world.rts.ledger_class[rt];
  // Most are slums by their class alone.
  return slum != Slum::not_slum ||
         counts_as_slum(*world.scenario, slum, world.rts.ledger, rt);
}

/// Views of all sites with slum RTs on paper. Also writes Sites::priority_rank and renewal. Without
/// `with_cost` the points per rupiah stay 0: they take long and only one rule reads them.
std::vector<SiteView> view_sites(World& world, const sim::Step& step, bool with_cost = true);

/// One rule: how it orders, in the words of the scenario.
struct AllocationRuleInfo {
  AllocationRule rule;
  std::string_view word;
  std::string_view doc;
};
std::span<const AllocationRuleInfo> allocation_rules();

/// Sites in the order in which a rule serves them; `programme` may be null. Rules with a bound on
/// open sites leave the others out.
std::vector<std::uint32_t> order_sites(const World& world, AllocationRule rule,
                                       const std::vector<SiteView>& views,
                                       const ProgrammeSpec* programme, const sim::Step& step);

/// May this source pay in this site? With strict authority only if its size is the source's.
bool answers_for(const World& world, std::size_t source, std::size_t site);

/// Slum RTs of a site in the order in which they are served.
std::vector<std::uint32_t> order_rts(const World& world, std::size_t site, RtOrder order,
                                     const sim::Step& step);

}  // namespace musi::models
