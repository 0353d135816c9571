#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "models/programmes/need.h"
#include "sim/core/process.h"

/// Works as they were: rows of works.csv are delivered in their months, MODEL.md 25.2.
namespace musi::models {

/// True in months before Scenario::replay_until: there is no own budget and no allocation.
bool is_replayed(const World& world, sim::Month month);

/// Programme of a row, by id or by a word of csv_rows; source of money by id. Indices in the
/// scenario's lists.
std::optional<std::size_t> programme_of(const Scenario& scenario, const WorksRow& row);
std::optional<std::size_t> source_of(const Scenario& scenario, const WorksRow& row);

/// Items that a row can deliver; moves of households are not.
bool is_replayable(Item item);

/// Delivers, books and pays the rows of the month. Nothing is lost, nobody is asked, and units
/// beyond the true deficit are paid without effect (Money::wasted).
class Replay final : public sim::Process<World> {
 public:
  explicit Replay(const World&) {}
  std::string_view name() const override { return "replay"; }
  void step(World& world, const sim::Step& step) override;
};

}  // namespace musi::models
