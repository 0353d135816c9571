#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/core/clock.h"
#include "sim/core/rng.h"

namespace musi::sim {

/// The month in which processes act, and its luck.
struct Step {
  Month month = 0;
  std::uint64_t seed = 0;  ///< run seed

  /// Numbers of one decision in this month. `Draw` is an enumeration of decision ids.
  template <class Draw>
  constexpr Chance chance(Draw decision) const {
    return Chance(seed, static_cast<std::uint32_t>(decision), month);
  }
  /// Numbers of one decision of this year: addressed by January.
  template <class Draw>
  constexpr Chance yearly_chance(Draw decision) const {
    return Chance(seed, static_cast<std::uint32_t>(decision), 12 * Clock::year_index(month));
  }
};

/// One rule that acts once a step. Holds parameters only; all state is in the world.
template <class World>
class Process {
 public:
  virtual ~Process() = default;
  virtual std::string_view name() const = 0;
  virtual void step(World& world, const Step& step) = 0;
};

/// When a process acts.
enum class Cadence { monthly, quarterly, january, december };

constexpr bool is_due(Cadence cadence, Month month) {
  switch (cadence) {
    case Cadence::quarterly: return Clock::ends_quarter(month);
    case Cadence::january: return Clock::is_january(month);
    case Cadence::december: return Clock::is_december(month);
    case Cadence::monthly: break;
  }
  return true;
}

/// The processes of a model in the order in which they act within a month; printable.
template <class World>
class Schedule {
 public:
  struct Entry {
    Cadence cadence;
    std::string label;  ///< in the field's words, readable aloud
    std::unique_ptr<Process<World>> process;
  };

  template <class P, class... Args>
  void add(Cadence cadence, std::string label, Args&&... args) {
    entries_.push_back(
        {cadence, std::move(label), std::make_unique<P>(std::forward<Args>(args)...)});
  }
  const std::vector<Entry>& entries() const { return entries_; }

  /// Lets every process that is due act, in order.
  void run(World& world, const Step& step) const {
    for (const Entry& entry : entries_) {
      if (is_due(entry.cadence, step.month)) entry.process->step(world, step);
    }
  }

 private:
  std::vector<Entry> entries_;
};

}  // namespace musi::sim
