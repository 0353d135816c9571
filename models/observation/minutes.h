#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "models/programmes/need.h"
#include "models/stocks/ageing.h"
#include "sim/core/process.h"

/// Who wrote what down, when: the raw counts of the indicators of implementation, MODEL.md 22.
namespace musi::models {

/// Bit t of a programme type: it serves strategy T(t + 1) of the plan 2013-2018, MODEL.md 29.1.
/// 0 for a line that serves none.
unsigned strategies_of(const ProgrammeSpec& programme);

/// Who proposes a package: the city its area works and what serves no single RT; the subdistrict
/// contractor works in RTs; for community and household money the board where residents met, else
/// the kelurahan with the RT head alone. MODEL.md 5.2, 10.4, 22.
constexpr Proposer proposer_of(Channel channel, Grain grain, bool meeting_proposes) {
  if (grain == Grain::site || grain == Grain::city || channel == Channel::service) {
    return Proposer::city;
  }
  if (channel == Channel::contractor || channel == Channel::relocation) {
    return Proposer::subdistrict;
  }
  return meeting_proposes ? Proposer::board : Proposer::kelurahan;
}

/// Month of the year by which January's plan has a package paid: its money takes effect, then
/// verification, tender, works and the lag of payment; at most December. All in months.
constexpr int planned_payment_month(double effective, double verification, double procurement,
                                    double works, double payment_lag) {
  const double end = effective + verification + procurement + works + payment_lag;
  int month = 1;
  while (month < 12 && static_cast<double>(month) < end) ++month;
  return month;
}

/// Share of units of a cohort that still work after `years` on the community clock. [0-1]
double still_working(const World& world, const AgeingRates& rates, const Cohort& cohort);

/// Good units in a stock of an item's works; empty for items that leave none.
struct StockOfItem {
  bool has_stock = false;
  Stock stock = Stock::drain;
};
StockOfItem stock_of(Item item, bool over_water);

/// What a shared package, in an RT that two sources served within 24 months, found there.
struct Meeting {
  bool is_joint = false;    ///< another source was there within 24 months
  bool is_conflict = false; ///< and the same item, less than half its life ago
};
Meeting meet(ServiceLog& log, std::size_t source, Item item, double half_life_months, int month);

/// A house repaired less than ten years ago is left for good: one more conflict, P3. Call before
/// the household moves.
void note_relocation(World& world, std::size_t row, sim::Month month);

/// Last process of a month: reads packages and books, writes into World::notes only.
class Minutes final : public sim::Process<World> {
 public:
  explicit Minutes(const World&) {}
  std::string_view name() const override { return "minutes"; }
  void step(World& world, const sim::Step& step) override;
};

}  // namespace musi::models
