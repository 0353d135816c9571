#include "analysis/shared_runs.h"

#include <algorithm>

#include "models/first_difference.h"

namespace musi::analysis {
namespace {

/// Options of a group at most: records of all wait in memory while a round is computed, and
/// hundreds of points of a sweep gain nothing more from one start in common than dozens.
constexpr std::size_t largest_group = 16;
/// Groups that an option is compared with; options that share much follow one another.
constexpr std::size_t open_groups = 8;

}  // namespace

SharedRuns::SharedRuns(const Experiment& experiment,
                       std::function<bool(std::size_t, std::size_t)> is_wanted,
                       std::function<void()> after_run, const sim::Cancellation* cancellation)
    : experiment_(experiment),
      is_wanted_(std::move(is_wanted)),
      after_run_(std::move(after_run)),
      cancellation_(cancellation),
      groups_(experiment.variants().size()) {
  find_groups();
  if (!difference_.empty()) stages_.resize(experiment.n_runs(), Stage::open);
}

void SharedRuns::find_groups() {
  const auto& variants = experiment_.variants();
  const auto compare = [&](std::size_t a, std::size_t b) {
    return models::first_difference(variants[a]->scenario, variants[b]->scenario);
  };
  std::vector<std::vector<std::size_t>> all;
  for (std::size_t o = 0; o < variants.size(); ++o) {
    const std::size_t first = all.size() > open_groups ? all.size() - open_groups : 0;
    const auto fits = std::find_if(
        all.begin() + static_cast<std::ptrdiff_t>(first), all.end(), [&](const auto& group) {
          return group.size() < largest_group &&
                 compare(group.front(), o) != models::nothing_in_common;
        });
    if (fits == all.end()) {
      all.push_back({o});
      continue;
    }
    for (const std::size_t other : *fits) {
      difference_[{o, other}] = difference_[{other, o}] = compare(other, o);
    }
    fits->push_back(o);
  }
  for (const auto& group : all) {
    for (const std::size_t o : group) groups_[o] = group;
  }
}

bool SharedRuns::claim(const Place& place) {
  const std::lock_guard lock(mutex_);
  return std::exchange(stage(place), Stage::begun) == Stage::open;
}

sim::RunRecord SharedRuns::alone(const Place& place) {
  sim::RunRecord record = experiment_.run(place.first, place.second);
  if (after_run_) after_run_();
  return record;
}

sim::RunRecord SharedRuns::run(std::size_t option, std::size_t replicate) {
  const Place place{option, replicate};
  if (groups_[option].size() == 1) return alone(place);
  if (!claim(place)) {
    {
      const std::lock_guard lock(mutex_);
      if (auto found = waiting_.extract(place)) return std::move(found.mapped());
      stage(place) = Stage::not_awaited;
    }
    return alone(place);  // rather than wait for a thread that has begun with it
  }
  std::vector<std::size_t> others;
  for (const std::size_t o : groups_[option]) {
    if (o != option && is_wanted_(o, replicate)) others.push_back(o);
  }
  models::RunInParts begun = experiment_.begin(option, replicate);
  for (const std::size_t o : others) experiment_.prepare(begun, o, replicate);
  return go_on(std::move(begun), option, std::move(others), replicate);
}

sim::RunRecord SharedRuns::go_on(models::RunInParts run, std::size_t leader,
                                 std::vector<std::size_t> others, std::size_t replicate) {
  while (!others.empty()) {
    sim::Month month = experiment_.n_months();
    for (const std::size_t o : others) month = std::min(month, first_difference(leader, o));
    run.advance(month);
    const auto leave = std::stable_partition(others.begin(), others.end(), [&](std::size_t o) {
      return first_difference(leader, o) > month;
    });
    branch(run, {leave, others.end()}, replicate);
    others.erase(leave, others.end());
  }
  run.advance(experiment_.n_months());
  sim::RunRecord record = experiment_.end(run, leader);
  if (after_run_) after_run_();
  return record;
}

void SharedRuns::branch(const models::RunInParts& run, std::vector<std::size_t> options,
                        std::size_t replicate) {
  const bool is_stopped =
      cancellation_ != nullptr && cancellation_->reason() != sim::StopReason::none;
  // The first that is open leads the others.
  while (!options.empty() && !is_stopped) {
    const std::size_t leader = options.front();
    options.erase(options.begin());
    if (!claim({leader, replicate})) continue;
    keep({leader, replicate},
         go_on(experiment_.branch(run, leader), leader, std::move(options), replicate));
    return;
  }
}

void SharedRuns::keep(const Place& place, sim::RunRecord record) {
  const std::lock_guard lock(mutex_);
  if (stage(place) != Stage::not_awaited) waiting_[place] = std::move(record);
}

}  // namespace musi::analysis
