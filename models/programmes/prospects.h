#pragma once

#include <optional>
#include <span>
#include <vector>

#include "models/programmes/composition.h"
#include "models/programmes/households.h"
#include "models/programmes/need.h"
#include "models/programmes/unit_costs.h"
#include "sim/core/noted_values.h"
#include "sim/core/process.h"

/// What programmes could do where.
namespace musi::models {

/// An item that a programme could bring to an RT, and to which households.
struct Choice {
  Offer offer;
  std::vector<std::uint32_t> rows;  ///< household rows; empty for other items
};

/// Memory in which lines are drawn up, kept from one to the next.
struct Draft {
  std::vector<Offer> offers;
  std::vector<Portion> portions;
};

/// Prospects of programmes in RTs and the order of the RTs of a site, each worked out when it is
/// first asked for. Holds for one step, and only as long as households, stocks and ledger stay as
/// they are: packages may change.
class Prospects {
 public:
  /// `luck`: of the world, if errors in needs shall be remembered over the year.
  Prospects(const World& world, const sim::Step& step, NeedLuck* luck = nullptr);

  const World& world() const { return world_; }
  const sim::Step& step() const { return step_; }
  Draft& draft() { return draft_; }
  /// Does an RT need anything from the menu of a programme, given by its index, other packages left
  /// aside?
  bool is_needed(std::size_t programme, std::size_t rt) { return of(programme, rt).is_needed; }
  /// False if an RT surely needs nothing from the menu: nobody there lacks it or has a claim.
  bool may_need(std::size_t programme, std::size_t rt);
  /// Does the RT need something from the menu that its land does not allow?
  bool is_refused(std::size_t programme, std::size_t rt);
  /// Do this money [IDR million] and these units pay for one unit of anything on the menu, or a
  /// part of a unit where parts are built? Spares the search for needs where they do not.
  bool may_buy(std::size_t programme, std::size_t rt, double money, double units);
  /// What the menu could still bring once other open packages have their parts; `self` names the
  /// package that asks and is left aside. To be used before the next call, and free to change.
  std::span<Choice> choices(std::size_t programme, std::size_t rt, sim::EntityKey self);
  /// Households that the only item of a menu could still serve in an RT, as choices() lists them.
  /// Remembered until another package asks: others may not change their lines in between.
  std::size_t households_left(std::size_t programme, std::size_t rt, sim::EntityKey self);
  /// The only choice of a menu, but not whom it would serve; of no need if there is none.
  Offer offer_left(std::size_t programme, std::size_t rt, sim::EntityKey self);
  /// Money that the menu could use in an RT next to the open packages there, at most `most`: once
  /// that is reached, nothing more is looked for. [IDR million]
  double usable_money(std::size_t programme, std::size_t rt, double most);
  /// Whom the first item of a programme's menu serves; null if it is no item of households.
  const Service* service(std::size_t programme);
  /// Slum RTs of a site in the scenario's order.
  const std::vector<std::uint32_t>& rts_in_order(std::size_t site);

 private:
  struct MenuItem {
    Item item;
    double weight;
    Price price;
    std::optional<Service> service;      ///< of household items
  };
  /// An item in an RT, and whom it could serve there: rows_[first_row ...].
  struct Found {
    Offer offer;
    std::size_t first_row, n_rows;
  };
  /// All that the menu of a programme could bring to an RT, other packages left aside:
  /// found_[first ...].
  struct Prospect {
    std::uint32_t first;
    std::uint16_t n;
    bool is_needed;  ///< some offer has a need
  };
  struct OfProgramme {
    bool is_known = false;
    bool has_works_of_rts = false;       ///< an item that is not counted in households
    bool has_parts = false;              ///< an item of which parts of a unit are built
    std::vector<MenuItem> menu;          ///< works only
    sim::NotedValues<Prospect> of_rt;    ///< new until somebody asks
  };
  struct OfSite {
    bool is_known = false;
    std::vector<std::uint32_t> rts;
  };

  OfProgramme& programme(std::size_t index) {
    OfProgramme& p = programmes_[index];
    if (!p.is_known) begin(index);
    return p;
  }
  void begin(std::size_t index);
  Prospect of(std::size_t programme, std::size_t rt);
  Prospect look(const OfProgramme& programme, std::size_t rt);
  Found look(const MenuItem& item, std::size_t rt);
  bool is_allowed(Item item, std::size_t rt, bool buildable) const;
  std::span<const Found> found(const Prospect& prospect) const {
    return std::span(found_).subspan(prospect.first, prospect.n);
  }
  std::span<const std::uint32_t> rows(const Found& found) const {
    return std::span(rows_).subspan(found.first_row, found.n_rows);
  }
  void list_planned_lines(std::size_t programme, std::size_t rt, sim::EntityKey self);
  void list_planned_households(Item item);
  bool is_planned(std::uint32_t row) const;
  double left_of(const Offer& offer) const;
  std::size_t count_left(const Found& found);

  const World& world_;
  sim::Step step_;
  Beliefs beliefs_;
  Draft draft_;
  std::vector<OfProgramme> programmes_;
  std::vector<Found> found_;
  std::vector<std::uint32_t> rows_;
  std::vector<OfSite> sites_;
  std::vector<std::uint64_t> kinds_;           ///< what each programme may bring: bits of kind_of
  std::vector<Choice> choices_;                ///< the last answer, so that its memory serves again
  std::vector<const PackageLine*> planned_;    ///< lines of open packages that were asked for last
  std::vector<sim::EntityKey> served_;         ///< households in these lines, for one item
  sim::EntityKey asker_ = 0;                   ///< who asked for households left
  std::size_t asking_programme_ = 0;
  sim::NotedValues<std::uint32_t> left_;       ///< what the asker was told, by RT
  std::uint64_t served_bits_ = 0;              ///< by their keys modulo 64: most others differ
};

}  // namespace musi::models
