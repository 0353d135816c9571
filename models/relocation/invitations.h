#pragma once

#include <optional>
#include <vector>

#include "models/programmes/need.h"
#include "sim/core/process.h"

/// Whom relocation programmes ask, and what they can build and buy, MODEL.md 14.2 and 17.
namespace musi::models {

/// First item of models/relocation in the menu of a programme, if any. A programme that has one
/// delivers nothing else.
inline std::optional<Item> relocation_item(const ProgrammeSpec& programme) {
  for (const MenuEntry& entry : programme.menu) {
    if (facts(entry.item).is_relocation) return entry.item;
  }
  return std::nullopt;
}

/// Will this programme ever look at this RT: eligible land; under the letter of the law every RT of
/// a site that is to be resettled counts as land that is not clear.
inline bool may_serve_rt(const World& world, const ProgrammeSpec& programme, std::size_t rt) {
  constexpr unsigned not_clear = 0xE;
  const unsigned land = 1u << static_cast<int>(world.rts.land_status[rt]);
  if ((programme.eligible_land & land) != 0) return true;
  const bool resettled =
      world.scenario->letter_of_law && world.sites.is_legal[world.rts.site[rt]] == 0;
  return resettled && (programme.eligible_land & not_clear) != 0;
}

/// Is there anything for a relocation programme in this site: room for low-income houses, land that
/// is not clear, homes without roads.
bool has_relocation_work(const World& world, const ProgrammeSpec& programme, std::size_t site);

/// True if this money [IDR million] and these units pay for no home of the programme in this RT,
/// nor for anything else: nobody need be asked.
bool cannot_pay_for_homes(const World& world, const ProgrammeSpec& programme, std::size_t rt,
                          double money, double units, const sim::Step& step);

/// Low-income houses that still fit on the land bought in a site, after what stands there and what
/// open packages other than `self` have planned. [houses]
double room_for_homes(const World& world, std::size_t site, sim::EntityKey self);

/// Rows of households of an RT that may be asked and say yes this year, each with the chance
/// e_r^exponent, in the order of service. `item`: a home, or land_m2 for owners. Left out: those
/// whom other open packages than `self` have chosen, and those who were relocated before.
std::vector<std::uint32_t> consenting(const World& world, const ProgrammeSpec& programme,
                                      std::size_t rt, Item item, sim::EntityKey self,
                                      const sim::Step& step);

/// Does anybody consent: in the RT, or for packages of site grain in its site?
bool somebody_consents(const World& world, const ProgrammeSpec& programme, std::size_t rt,
                       const sim::Step& step);

/// Money that a relocation programme could use now, in an RT or, for packages of site grain, in its
/// site. [IDR million]
double usable_relocation_money(const World& world, const ProgrammeSpec& programme, std::size_t rt,
                               const sim::Step& step);

/// Lines of a package of a relocation programme for this much money [IDR million] and at most this
/// many units. Marks RTs that get no homes for lack of land.
std::vector<PackageLine> relocation_lines(World& world, const Package& package, double money,
                                          double most_units, const sim::Step& step);

}  // namespace musi::models
