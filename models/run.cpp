#include "models/run.h"

#include "models/allocation/allocation.h"
#include "models/build_world.h"
#include "models/finance/calendar.h"
#include "models/finance/year_end.h"
#include "models/hazards/fire.h"
#include "models/hazards/flood.h"
#include "models/indicators/recorder.h"
#include "models/livelihoods/livelihoods.h"
#include "models/observation/barriers.h"
#include "models/observation/books.h"
#include "models/observation/minutes.h"
#include "models/observation/zero.h"
#include "models/participation/influence.h"
#include "models/participation/institutions.h"
#include "models/population/moves.h"
#include "models/population/plain_rare_events.h"
#include "models/population/plain_visits.h"
#include "models/population/rare_events.h"
#include "models/population/visits.h"
#include "models/programmes/delivery.h"
#include "models/programmes/pipeline.h"
#include "models/programmes/replay.h"
#include "models/programmes/services.h"
#include "models/relocation/relocations.h"
#include "models/stocks/clocks.h"
#include "models/stocks/failures.h"
#include "models/stocks/refresh.h"

namespace musi::models {

namespace {

/// What households do, by waiting times or, for comparison, by trials every month: MODEL.md 7.
void add_households(sim::Schedule<World>& month, const World& world) {
  using enum sim::Cadence;
  const char* const looks = "households look at income, savings, engagement and house";
  const char* const wishes = "households wish to leave, split or build";
  if (world.scenario->sampling.plain_evaluation) {
    month.add<PlainVisits>(monthly, looks, world);
    month.add<PlainRareEvents>(monthly, wishes, world);
  } else {
    month.add<Visits>(monthly, looks, world);
    month.add<RareEvents>(monthly, wishes, world);
  }
}

}  // namespace

sim::Schedule<World> standard_schedule(const World& world) {
  using enum sim::Cadence;
  sim::Schedule<World> month;
  month.add<Calendar>(monthly, "the year's dates and money are drawn", world);
  month.add<Floods>(monthly, "floods wear down works and houses", world);
  month.add<Influence>(monthly, "neighbours, boards and facilitators weigh on households", world);
  add_households(month, world);
  month.add<Fires>(monthly, "wooden houses catch fire", world);
  month.add<Moves>(monthly, "moves are settled", world);
  month.add<Institutions>(monthly, "boards, disappointment and facilitators change", world);
  month.add<Allocation>(monthly, "sites are ordered and packages announced", world);
  month.add<Services>(monthly, "facilitators, upkeep, legalisation and supervision are paid",
                      world);
  month.add<Livelihoods>(monthly, "livelihood groups, courses and loans take their course", world);
  month.add<Replay>(monthly, "works of the past are delivered as they were", world);
  month.add<Pipeline>(monthly, "packages pass guideline, verification and procurement", world);
  month.add<Delivery>(monthly, "works are built, paid and booked", world);
  month.add<Clocks>(monthly, "works grow older", world);
  month.add<Failures>(monthly, "houses, water and toilets fail", world);
  month.add<Relocations>(monthly, "relocated households move, stay or come back", world);
  month.add<Refresh>(monthly, "stocks and scores are brought up to date", world);
  month.add<YearEnd>(december, "unspent money is returned or carried over", world);
  month.add<BrokenPromises>(december, "promises are compared with deliveries", world);
  month.add<Books>(december, "ledger, decree and published figure are kept", world);
  month.add<ZeroWatch>(quarterly, "the definitions of zero are checked", world);
  month.add<Barriers>(december, "the first barrier of each RT is named", world);
  month.add<Minutes>(monthly, "what was proposed, paid and built is written down", world);
  return month;
}

sim::RunRecord run_future(const Scenario& scenario, const City& city, std::uint64_t run_seed,
                          std::span<const double> design, bool keeps_works,
                          const sim::Cancellation* cancellation) {
  const auto is_given_up = [&] {
    return cancellation != nullptr && cancellation->reason() != sim::StopReason::none;
  };
  if (is_given_up()) return {};
  World world = build_world(scenario, city, run_seed, design);
  world.notes.keeps_works = keeps_works;
  const sim::Schedule<World> schedule = standard_schedule(world);
  RunRecorder recorder(world);
  for (sim::Month t = 0; t < scenario.clock.n_months(); ++t) {
    if (is_given_up()) return {};
    world.month = t;
    schedule.run(world, {.month = t, .seed = run_seed});
    if (scenario.outputs.quarterly && sim::Clock::ends_quarter(t)) recorder.quarter(world);
    if (sim::Clock::is_december(t)) recorder.december(world);
  }
  return recorder.finish(world);
}

}  // namespace musi::models
