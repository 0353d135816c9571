#include "models/stocks/rt_columns.h"

#include "sim/core/check.h"

namespace musi::models {
namespace {

/// `Rts`: Neighbourhoods, or a store with columns of the same names.
template <class Rts>
RtColumns columns_of(Rts& rts, std::size_t first) {
  const auto at = [first](auto& column) { return column.data() + first; };
  RtColumns c{.clock_community = at(rts.clock_community),
              .clock_calendar = at(rts.clock_calendar),
              .refreshed_community = at(rts.refreshed_community),
              .refreshed_calendar = at(rts.refreshed_calendar),
              .good = {},
              .clog = at(rts.clog),
              .upkeep_sum = at(rts.upkeep_sum),
              .upkeep_months = at(rts.upkeep_months),
              .tide = at(rts.tide),
              .area = at(rts.area),
              .buildings = at(rts.buildings),
              .buildings_at_start = at(rts.buildings_at_start),
              .overdense_at_start = at(rts.overdense_at_start),
              .irregular = at(rts.irregular),
              .ideal_road = at(rts.ideal_road),
              .miss_road = at(rts.miss_road),
              .ideal_drain = at(rts.ideal_drain),
              .miss_drain = at(rts.miss_drain),
              .waste_service = at(rts.waste_service),
              .n_households = at(rts.n_households),
              .n_unfit = at(rts.n_unfit),
              .n_no_water = at(rts.n_no_water),
              .n_low_water = at(rts.n_low_water),
              .n_no_toilet = at(rts.n_no_toilet),
              .n_no_tank = at(rts.n_no_tank),
              .physical = {},
              .physical_score = at(rts.physical_score)};
  for (std::size_t stock = 0; stock < n_stocks; ++stock) {
    for (std::size_t p = 0; p < n_phases; ++p) c.good[stock][p] = at(rts.good[stock][p]);
  }
  for (std::size_t k = 0; k < n_criteria; ++k) c.physical[k] = at(rts.physical[k]);
  return c;
}

/// Calls copy(column of x, the same of y) for what ageing changes.
template <class Copy>
void for_each_aged(const RtColumns& x, const RtColumns& y, Copy&& copy) {
  copy(x.refreshed_community, y.refreshed_community);
  copy(x.refreshed_calendar, y.refreshed_calendar);
  for (std::size_t stock = 0; stock < n_stocks; ++stock) {
    for (std::size_t p = 0; p < n_phases; ++p) copy(x.good[stock][p], y.good[stock][p]);
  }
  copy(x.clog, y.clog);
  copy(x.upkeep_sum, y.upkeep_sum);
  copy(x.upkeep_months, y.upkeep_months);
}

/// The same for what is only read.
template <class Copy>
void for_each_read(const RtColumns& x, const RtColumns& y, Copy&& copy) {
  copy(x.clock_community, y.clock_community);
  copy(x.clock_calendar, y.clock_calendar);
  copy(x.tide, y.tide);
  copy(x.area, y.area);
  copy(x.buildings, y.buildings);
  copy(x.buildings_at_start, y.buildings_at_start);
  copy(x.overdense_at_start, y.overdense_at_start);
  copy(x.irregular, y.irregular);
  copy(x.ideal_road, y.ideal_road);
  copy(x.miss_road, y.miss_road);
  copy(x.ideal_drain, y.ideal_drain);
  copy(x.miss_drain, y.miss_drain);
  copy(x.waste_service, y.waste_service);
  copy(x.n_households, y.n_households);
  copy(x.n_unfit, y.n_unfit);
  copy(x.n_no_water, y.n_no_water);
  copy(x.n_low_water, y.n_low_water);
  copy(x.n_no_toilet, y.n_no_toilet);
  copy(x.n_no_tank, y.n_no_tank);
}

}  // namespace

RtColumns columns_from(Neighbourhoods& rts, std::size_t first) { return columns_of(rts, first); }

RtColumns RtTile::columns() { return columns_of(store_, 0); }

void RtTile::take(Neighbourhoods& rts, std::span<const std::uint32_t> rows) {
  MUSI_EXPECT(rows.size() <= most);
  const auto gather = [&](auto* to, const auto* from) {
    for (std::size_t i = 0; i < rows.size(); ++i) to[i] = from[rows[i]];
  };
  const RtColumns all = columns_from(rts, 0), here = columns();
  for_each_aged(here, all, gather);
  for_each_read(here, all, gather);
}

void RtTile::give_back(Neighbourhoods& rts, std::span<const std::uint32_t> rows) {
  MUSI_EXPECT(rows.size() <= most);
  const auto scatter = [&](auto* to, const auto* from) {
    for (std::size_t i = 0; i < rows.size(); ++i) to[rows[i]] = from[i];
  };
  const RtColumns all = columns_from(rts, 0), here = columns();
  for_each_aged(all, here, scatter);
  for (std::size_t k = 0; k < n_criteria; ++k) scatter(all.physical[k], here.physical[k]);
  scatter(all.physical_score, here.physical_score);
}

}  // namespace musi::models
