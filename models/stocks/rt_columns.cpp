#include "models/stocks/rt_columns.h"

#include <algorithm>

#include "sim/core/check.h"

namespace musi::models {
namespace {

/// Rows of a tile. Those that follow one another are copied as a whole.
class Rows {
 public:
  explicit Rows(std::span<const std::uint32_t> rows) : rows_(rows) {
    MUSI_EXPECT(!rows.empty() && rows.size() <= RtTile::most);
    is_range_ = rows.back() - rows.front() + 1 == rows.size();
  }

  template <class T>
  void gather(RtTile::Column<T>& to, const std::vector<T>& from) const {
    if (is_range_) {
      std::copy_n(from.data() + rows_.front(), rows_.size(), to.data());
      return;
    }
    for (std::size_t i = 0; i < rows_.size(); ++i) to[i] = from[rows_[i]];
  }
  template <class T>
  void scatter(std::vector<T>& to, const RtTile::Column<T>& from) const {
    if (is_range_) {
      std::copy_n(from.data(), rows_.size(), to.data() + rows_.front());
      return;
    }
    for (std::size_t i = 0; i < rows_.size(); ++i) to[rows_[i]] = from[i];
  }

 private:
  std::span<const std::uint32_t> rows_;
  bool is_range_;
};

}  // namespace

void RtTile::take_works(const Neighbourhoods& rts, std::span<const std::uint32_t> rows,
                        int phases) {
  const Rows from(rows);
  for (std::size_t stock = 0; stock < n_stocks; ++stock) {
    for (std::size_t p = 0; p < static_cast<std::size_t>(phases); ++p) {
      from.gather(good[stock][p], rts.good[stock][p]);
    }
  }
  from.gather(clog, rts.clog);
  from.gather(upkeep_sum, rts.upkeep_sum);
  from.gather(upkeep_months, rts.upkeep_months);
  from.gather(tide, rts.tide);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t rt = rows[i];
    years[i] = static_cast<float>(rts.clock_community[rt] - rts.refreshed_community[rt]);
  }
}

void RtTile::take_rest(const Neighbourhoods& rts, std::span<const std::uint32_t> rows) {
  const Rows from(rows);
  from.gather(area, rts.area);
  from.gather(buildings, rts.buildings);
  from.gather(buildings_at_start, rts.buildings_at_start);
  from.gather(overdense_at_start, rts.overdense_at_start);
  from.gather(irregular, rts.irregular);
  from.gather(ideal_road, rts.ideal_road);
  from.gather(miss_road, rts.miss_road);
  from.gather(ideal_drain, rts.ideal_drain);
  from.gather(miss_drain, rts.miss_drain);
  from.gather(waste_service, rts.waste_service);
  from.gather(n_households, rts.n_households);
  from.gather(n_unfit, rts.n_unfit);
  from.gather(n_no_water, rts.n_no_water);
  from.gather(n_low_water, rts.n_low_water);
  from.gather(n_no_toilet, rts.n_no_toilet);
  from.gather(n_no_tank, rts.n_no_tank);
}

void RtTile::give_works(Neighbourhoods& rts, std::span<const std::uint32_t> rows,
                        int phases) const {
  const Rows to(rows);
  for (std::size_t stock = 0; stock < n_stocks; ++stock) {
    for (std::size_t p = 0; p < static_cast<std::size_t>(phases); ++p) {
      to.scatter(rts.good[stock][p], good[stock][p]);
    }
  }
  to.scatter(rts.clog, clog);
  for (const std::uint32_t rt : rows) {
    rts.refreshed_community[rt] = rts.clock_community[rt];
    rts.refreshed_calendar[rt] = rts.clock_calendar[rt];
    rts.upkeep_sum[rt] = 0.0f;
    rts.upkeep_months[rt] = 0;
  }
}

void RtTile::give_scores(Neighbourhoods& rts, std::span<const std::uint32_t> rows) const {
  const Rows to(rows);
  for (std::size_t k = 0; k < n_criteria; ++k) to.scatter(rts.physical[k], shares[k]);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rts.physical_score[rows[i]] = static_cast<std::uint8_t>(score[i]);
  }
}

}  // namespace musi::models
