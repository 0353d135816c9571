#pragma once

#include <algorithm>
#include <span>

#include "models/programmes/need.h"
#include "sim/core/process.h"

/// What a package holds and what happens to its money.
namespace musi::models {

class Prospects;

/// Is the package still on its way (not booked, returned or cancelled)?
constexpr bool is_open(const Package& p) {
  return p.stage != Stage::booked && p.stage != Stage::returned && p.stage != Stage::cancelled;
}

/// Works of other offices and universities: they pass no guideline, gate, officer or tender of
/// this office. MODEL.md 18.
inline bool is_outside_office(const World& world, const Package& package) {
  const auto& sources = world.money.sources;
  return package.source < sources.size() &&
         sources[package.source].kind == SourceKind::partner;
}

/// Progress of works at an elapsed month of its year, at most what is allowed in it. [0-1]
inline double progress_at(const Package& package, double elapsed) {
  const double p = package.span > 0 ? (elapsed - package.start) / package.span
                                    : (elapsed >= package.start ? 1.0 : 0.0);
  return std::clamp(p, 0.0, std::min(package.progress_allowed, package.progress_final));
}

/// Ends a package: it stands nowhere any more, and its stage is one that is not open.
void close_package(World& world, Package& package, Stage stage);

/// Enters an open package, by its row, under its site and RT; `leave_place` takes it out again.
void place_package(World& world, std::size_t row);
void leave_place(World& world, std::size_t row, std::size_t site, std::size_t rt);

/// Calls visit(package) for the open packages that may have lines in an RT, in the order in which
/// they were placed, of programmes of which concerns(programme) is true.
template <class Concerns, class Visit>
void for_each_package_at(const World& world, std::size_t rt, Concerns&& concerns, Visit&& visit) {
  const PlacesOfPackages& places = world.money.places;
  const std::span<const PlacedPackage> none;
  const std::size_t site = world.rts.site[rt];
  const auto here = rt < places.of_rt.size() ? std::span(places.of_rt[rt]) : none;
  const auto wide = site < places.wide_of_site.size() ? std::span(places.wide_of_site[site]) : none;
  std::size_t w = 0;
  const auto visit_wide_before = [&](std::uint32_t turn) {
    for (; w < wide.size() && wide[w].turn < turn; ++w) {
      const bool is_asked = wide[w].has_lines && concerns(wide[w].programme);
      if (is_asked) visit(world.money.packages[wide[w].row]);
    }
  };
  for (const PlacedPackage& placed : here) {
    if (placed.has_other_rts || !placed.has_lines || !concerns(placed.programme)) continue;
    visit_wide_before(placed.turn);
    visit(world.money.packages[placed.row]);
  }
  visit_wide_before(places.next_turn);
}

/// True if an open package of this programme stands in this RT.
bool has_open_package(const World& world, std::size_t programme, std::size_t rt);

enum class Filled : std::uint8_t {
  yes,
  nothing_in_rt,
  nothing_in_site,  ///< and so from any other RT of the site
};

/// What a package may spend in this step. [IDR million; units of its items]
struct Means {
  double money, units;
};
Means means_of(const World& world, const Package& package, const sim::Step& step);

/// True if `fill` would surely find nothing in this RT, and mark nothing there: nobody lacks
/// anything, or the means do not pay for one unit. Spares gates and searches for needs.
bool finds_nothing(const World& world, Prospects& prospects, const Package& package,
                   std::size_t rt, const Means& means);

/// Fills a package with items and households by believed need, and gives money it cannot use back
/// to its programme. Items that the land does not allow are left out and marked.
Filled fill(World& world, Prospects& prospects, Package& package);
/// The same for one package alone.
Filled fill(World& world, Package& package, const sim::Step& step);

/// Adds works worth up to `money` in the RT of the package; gives the money used.
Rupiah top_up(World& world, Prospects& prospects, Package& package, Rupiah money);

/// Binds free money of the programme to a package; gives the amount, at most `wanted`.
Rupiah bind(World& world, Package& package, Rupiah wanted, const sim::Step& step);
/// Frees `amount` of its bound money for its programme.
void unbind(World& world, Package& package, Rupiah amount, const sim::Step& step);
/// Pays up to `amount` of its bound money.
void pay_package(World& world, Package& package, Rupiah amount, const sim::Step& step);

/// Works are done: booked in the ledger, counted for its site. Bound money stays to be paid.
void complete(World& world, Package& package, const sim::Step& step);

/// Ends a package without works; its money is free again.
void drop(World& world, Package& package, DelayCause cause, const sim::Step& step);

/// Forgets packages that ended and are paid. January.
void forget_closed_packages(World& world);

}  // namespace musi::models
