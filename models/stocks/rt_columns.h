#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "models/world.h"

/// What ageing and scoring read and write of RTs that stand side by side.
namespace musi::models {

/// Copies of RTs side by side. Loops over them always run over all `most` places, so that they
/// vectorise without a rest: places without an RT hold zeros or RTs of before.
struct alignas(64) RtTile {
  static constexpr std::size_t most = 64;
  template <class T>
  using Column = std::array<T, most>;

  /// Changed by ageing and scoring; `shares` and `score` are made anew.
  std::array<std::array<Column<float>, n_phases>, n_stocks> good;  ///< beyond `phases` zero
  Column<float> clog;
  std::array<Column<float>, n_criteria> shares;
  Column<std::int32_t> score;
  /// Only read.
  Column<float> years;  ///< on the community clock since the last refresh
  Column<float> upkeep_sum;
  Column<std::uint16_t> upkeep_months;
  Column<float> tide, area, buildings, buildings_at_start, overdense_at_start, irregular,
      ideal_road, miss_road, ideal_drain, miss_drain, waste_service;
  Column<std::uint32_t> n_households, n_unfit, n_no_water, n_low_water, n_no_toilet, n_no_tank;

  /// Copies in what ageing needs of these rows, at most `most`, in order. `phases`: of works.
  void take_works(const Neighbourhoods& rts, std::span<const std::uint32_t> rows, int phases);
  /// The same for what scoring needs besides.
  void take_rest(const Neighbourhoods& rts, std::span<const std::uint32_t> rows);
  /// Copies back what ageing has changed; the rows are aged to their present clocks.
  void give_works(Neighbourhoods& rts, std::span<const std::uint32_t> rows, int phases) const;
  /// The same for shares and score.
  void give_scores(Neighbourhoods& rts, std::span<const std::uint32_t> rows) const;
};

}  // namespace musi::models
