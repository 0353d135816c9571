#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "models/population/move_luck.h"
#include "models/population/rare_events.h"
#include "models/population/synthesis.h"
#include "models/population/traits.h"
#include "models/world.h"
#include "sim/core/distributions.h"
#include "sim/core/process.h"

namespace musi::models {

/// Settles the wishes of a month, MODEL.md 9 and 18, sorted by key: leavers vacate their dwellings;
/// a dwelling is taken with refill_share by a seeker from another slum RT, else by a newcomer, and
/// keeps its state and tenure; splits take a vacant dwelling of the RT, else share the building if
/// it is not crowded yet, else build; new units stand in the RT of their origin or, if it is full,
/// in a new RT at the edge of the site. Relocated households that come back seek among the others
/// and build if they find nothing. Households are conserved:
///     after - before = splits + arrived + returned - left
class Moves final : public sim::Process<World> {
 public:
  struct Params {
    double to_other_slum = 0.0;          ///< share of leavers
    double to_new_plot = 0.1;            ///< share of leavers
    double refill = 0.0;
    double irregular = 0.0;              ///< chance of a new building
    double path_loss = 0.0;              ///< [m a building]
    double deficit_add = 0.0;            ///< on the start shares
    double max_density = 400.0;          ///< [persons/ha]
    double crowded = 0.0;                ///< share of new units
    double elder_share = 0.0;            ///< of newcomers where elders are appointed
    double revision = 0.25;              ///< psi [1/month]
  };

  explicit Moves(const World& world);
  std::string_view name() const override { return "moves"; }
  void step(World& world, const sim::Step& step) override;

 private:
  struct Seeker {
    HouseholdRow household;
    std::uint32_t rt;
    bool comes_back = false;  ///< from a new place
  };
  struct Vacated {
    sim::EntityKey key;
    std::uint32_t row;
  };
  struct Leavers {
    std::vector<Vacated> taken;    ///< dwellings that somebody takes this month
    std::vector<Seeker> seekers;   ///< look for a dwelling in another slum RT
    std::vector<Seeker> builders;  ///< build on an informal plot
    std::vector<HouseholdRef> settled;  ///< who of them may stand in tables, and where it is now
  };

  Leavers vacate(World& world, const sim::Step& step) const;
  void let_emptied_dwellings(World& world, Leavers& leavers) const;
  void bring_back(World& world, const sim::Step& step, Leavers& leavers) const;
  static void settle(World& world, const Seeker& seeker, std::size_t rt, Leavers& leavers);
  void refill(World& world, const sim::Step& step, Leavers& leavers) const;
  void found(World& world, const sim::Step& step) const;
  void split(World& world, const sim::Step& step, std::size_t rt, std::size_t parent,
             HouseholdRow young, const MoveLuck& luck) const;
  void move_builders(World& world, const sim::Step& step, Leavers& leavers) const;
  std::size_t build(World& world, const sim::Step& step, HouseholdRow household, std::size_t origin,
                    const MoveLuck& luck, const BuildingLuck& building) const;
  void occupy(World& world, const sim::Step& step, std::size_t row, HouseholdRow household,
              const MoveLuck& luck) const;
  std::vector<HouseholdRow> draw(const World& world, const sim::Step& step,
                                 std::span<const Newcomer> newcomers) const;
  void settle_in(const sim::Step& step, HouseholdRow& household, const MoveLuck& luck) const;
  std::size_t place_for(World& world, std::size_t rt, sim::Month month) const;
  void take_path(World& world, std::size_t rt, double metres) const;

  Params params_;
  RareEvents rare_events_;
  TraitModel traits_;
  EngagementConstant engagement_;
  UnitLives lives_;
  sim::GeometricLaw revisions_;  ///< of waits
};

/// New RTs take this many units, MODEL.md 18.
inline constexpr std::uint32_t units_per_new_rt = 30;

/// Takes the household of a row out of all counters; its dwelling stays, empty, with a key of its
/// own and its state and tenure.
void vacate_dwelling(World& world, std::size_t row, sim::Month month);

/// An RT that was opened after the start.
bool is_new(const Neighbourhoods& rts, std::size_t rt);

/// Opens a new RT at the edge of a site beside `origin`, outside ledger and decree, with the start
/// shares, tide, land and ties of `origin` and no public equipment. It has no ground yet: each unit
/// brings its own, see add_ground. Returns its row.
std::size_t open_rt(World& world, std::size_t site, std::size_t origin, sim::Month month);

/// Ground of one more unit of a new RT: the site's area per household, with paths and drains as
/// the start shares and `deficit_add` leave them.
void add_ground(World& world, std::size_t rt, double deficit_add);

}  // namespace musi::models
