#include "models/run.h"

#include <algorithm>
#include <utility>

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
#include "sim/core/check.h"

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

bool has_same_parameters(const Future& a, const Future& b) {
  for (std::size_t i = 0; i < n_params; ++i) {
    if (a[static_cast<Param>(i)] != b[static_cast<Param>(i)]) return false;
  }
  return a.theory() == b.theory() && a.crowds_out() == b.crowds_out() &&
         a.ageing_phases() == b.ageing_phases();
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

/// What makes a run that of its scenario: the drawn numbers and the processes.
struct RunInParts::Way {
  const Scenario* scenario;
  Future future;
  sim::Schedule<World> schedule;
};

struct RunInParts::State {
  World world;
  std::shared_ptr<const Way> way;
  std::vector<std::shared_ptr<const Way>> others;  ///< that it can branch to
  RunScope scope;
  RunRecorder recorder;
  sim::Month next = 0;  ///< the month to come

  State(World start, const RunScope& how_much)
      : world(std::move(start)),
        way(way_from_here()),
        scope(how_much),
        recorder(world, scope.headline_until.has_value()) {
    world.notes.are_taken = !scope.headline_until;
    world.notes.keeps_works = scope.keeps_works;
  }
  State(const State& past, std::shared_ptr<const Way> other) : State(past) {
    way = std::move(other);
    world.scenario = way->scenario;
    world.future = way->future;
  }
  State(const State&) = default;

  std::shared_ptr<const Way> way_from_here() const {
    return std::make_shared<const Way>(
        Way{world.scenario, world.future, standard_schedule(world)});
  }

  /// Nothing that was asked for can change any more.
  bool is_answered() const {
    return scope.headline_until && next >= *scope.headline_until &&
           world.zero.reached_month[index(world.scenario->zero.headline)] >= 0;
  }
};

RunInParts::RunInParts(const Scenario& scenario, const City& city, std::uint64_t run_seed,
                       std::span<const double> design, const RunScope& scope)
    : state_(std::make_unique<State>(build_world(scenario, city, run_seed, design), scope)) {
  MUSI_EXPECT(!scope.headline_until || !scope.keeps_works);
}

RunInParts::RunInParts(std::unique_ptr<State> state) : state_(std::move(state)) {}
RunInParts::~RunInParts() = default;
RunInParts::RunInParts(RunInParts&&) noexcept = default;
RunInParts& RunInParts::operator=(RunInParts&&) noexcept = default;

void RunInParts::prepare(const Scenario& scenario, std::span<const double> design) {
  MUSI_EXPECT(state_->next == 0);
  World& world = state_->world;
  world.scenario = &scenario;
  world.future = Future(scenario, *world.city, world.future.seed(), design);
  MUSI_EXPECT(has_same_parameters(world.future, state_->way->future));
  MUSI_EXPECT(state_->recorder.fits(world));
  state_->others.push_back(state_->way_from_here());
  world.scenario = state_->way->scenario;
  world.future = state_->way->future;
}

bool RunInParts::advance(sim::Month end, const sim::Cancellation* cancellation) {
  World& world = state_->world;
  RunRecorder& recorder = state_->recorder;
  MUSI_EXPECT(end <= world.scenario->clock.n_months());
  for (sim::Month& t = state_->next; t < end && !state_->is_answered(); ++t) {
    if (cancellation != nullptr && cancellation->reason() != sim::StopReason::none) return false;
    world.month = t;
    state_->way->schedule.run(world, {.month = t, .seed = world.future.seed()});
    if (world.scenario->outputs.quarterly && sim::Clock::ends_quarter(t)) recorder.quarter(world);
    if (sim::Clock::is_december(t)) recorder.december(world);
  }
  return true;
}

RunInParts RunInParts::branch(const Scenario& scenario) const {
  const auto found = std::find_if(state_->others.begin(), state_->others.end(),
                                  [&](const auto& way) { return way->scenario == &scenario; });
  MUSI_EXPECT(found != state_->others.end());
  return RunInParts(std::make_unique<State>(*state_, *found));
}

sim::RunRecord RunInParts::finish() {
  MUSI_EXPECT(state_->is_answered() ||
              state_->next == state_->world.scenario->clock.n_months());
  return state_->recorder.finish(state_->world);
}

sim::RunRecord run_future(const Scenario& scenario, const City& city, std::uint64_t run_seed,
                          std::span<const double> design, const RunScope& scope,
                          const sim::Cancellation* cancellation) {
  if (cancellation != nullptr && cancellation->reason() != sim::StopReason::none) return {};
  RunInParts run(scenario, city, run_seed, design, scope);
  if (!run.advance(scenario.clock.n_months(), cancellation)) return {};
  return run.finish();
}

}  // namespace musi::models
