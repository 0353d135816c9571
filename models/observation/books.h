#pragma once

#include <string_view>

#include "models/money.h"
#include "models/programmes/items.h"
#include "models/score/classes.h"
#include "models/world.h"
#include "sim/core/process.h"

namespace musi::models {

/// Books a completed package in the ledger, MODEL.md 20.2: numerators fall by the planned units
/// with chance report_book_planned_chance, else by the delivered units. Draws Draw::ledger_booking.
/// RTs that the ledger does not hold are skipped.
void book(World& world, const Package& package, const sim::Step& step);

/// True if a package that is completed this month is booked with its planned units.
bool is_booked_as_planned(const World& world, const Package& package, const sim::Step& step);

/// By how much `units` of an item lower the sixteen shares of an RT on paper, MODEL.md 14.1, with
/// side effects. Items that need another count (systems, kits) are converted to households.
Shares booked_reduction(const World& world, std::size_t rt, Item item, double units);

/// Books at the start: ledger = physical; the decree lists every RT, also those below 16 points;
/// the published figure is the decree's area; the baseline of the tolerance definition. Call after
/// the first refresh.
void initial_books(World& world);

/// Published area from the area of a book: multiplicative error, less what was taken out
/// administratively; never below 0. MODEL.md 20.4. [ha]
double published_area(double book_area, double log_error, double admin_removed);
/// Error of the figure published in a December [log]: the first number of that month's
/// Draw::report_noise of the city, times `log_sd`. MODEL.md 20.4.
double report_error(sim::Stream& luck, double log_sd);

/// Year of the first decree after `after_year`: scripted years, then every `interval` years.
int next_decree_year(const City& city, int start_year, int interval, int after_year);

/// Hectares that an official target path takes off in a year from `last` [ha]; 0 without a path.
/// `base`: area at the baseline [ha].
double official_reduction(const TargetPath& path, double base, double last, int year);

/// December: re-measurement, decree when due, published figure. MODEL.md section 20.
class Books final : public sim::Process<World> {
 public:
  explicit Books(const World& world);
  std::string_view name() const override { return "books"; }
  void step(World& world, const sim::Step& step) override;

 private:
  void remeasure_some(World& world, const sim::Step& step) const;
  void issue_decree(World& world, const sim::Step& step) const;
  void publish(World& world, const sim::Step& step) const;

  struct Params {
    ReportingMode mode;
    double remeasure_rate;
    double decree_verify;
    double redelineation_sd;
    int decree_interval;   ///< [years]
    double log_sd;
    double admin_removal;  ///< [ha/year]
    double plan_chance;
    TargetPath target;
  };
  Params p_;
};

}  // namespace musi::models
