#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "models/world.h"

/// What ageing and scoring read and write of RTs that stand side by side.
namespace musi::models {

/// Columns of RTs in a row: element i belongs to the RT at place i.
struct RtColumns {
  double *clock_community, *clock_calendar, *refreshed_community, *refreshed_calendar;
  std::array<std::array<float*, n_phases>, n_stocks> good;
  float *clog, *upkeep_sum;
  std::uint16_t* upkeep_months;
  float *tide, *area, *buildings, *buildings_at_start, *overdense_at_start, *irregular, *ideal_road,
      *miss_road, *ideal_drain, *miss_drain, *waste_service;
  std::uint32_t *n_households, *n_unfit, *n_no_water, *n_low_water, *n_no_toilet, *n_no_tank;
  std::array<float*, n_criteria> physical;
  std::uint8_t* physical_score;
};

/// The RTs of the world from row `first` on.
RtColumns columns_from(Neighbourhoods& rts, std::size_t first);

/// Copies of RTs from anywhere, side by side, so that loops over them vectorise.
class RtTile {
 public:
  static constexpr std::size_t most = 64;

  /// Copies these rows in, at most `most`; shares and score are left out, since they are made anew.
  void take(Neighbourhoods& rts, std::span<const std::uint32_t> rows);
  /// Copies back what ageing and scoring change.
  void give_back(Neighbourhoods& rts, std::span<const std::uint32_t> rows);
  RtColumns columns();

 private:
  template <class T>
  using Column = std::array<T, most>;

  struct Store {  ///< named as in Neighbourhoods
    Column<double> clock_community, clock_calendar, refreshed_community, refreshed_calendar;
    std::array<std::array<Column<float>, n_phases>, n_stocks> good;
    Column<float> clog, upkeep_sum;
    Column<std::uint16_t> upkeep_months;
    Column<float> tide, area, buildings, buildings_at_start, overdense_at_start, irregular,
        ideal_road, miss_road, ideal_drain, miss_drain, waste_service;
    Column<std::uint32_t> n_households, n_unfit, n_no_water, n_low_water, n_no_toilet, n_no_tank;
    std::array<Column<float>, n_criteria> physical;
    Column<std::uint8_t> physical_score;
  };
  Store store_;
};

}  // namespace musi::models
