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
  /// Calls f(place in the tile, RT) for each; over a range in a loop that vectorises.
  template <class Function>
  void for_each(Function&& f) const {
    const std::size_t n = rows_.size();
    if (is_range_) {
      const std::size_t first = rows_.front();
      for (std::size_t i = 0; i < n; ++i) f(i, first + i);
      return;
    }
    for (std::size_t i = 0; i < n; ++i) f(i, std::size_t{rows_[i]});
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
  const double* const now = rts.clock_community.data();
  const double* const then = rts.refreshed_community.data();
  from.for_each([&, to = years.data()](std::size_t i, std::size_t rt) {
    to[i] = static_cast<float>(now[rt] - then[rt]);
  });
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
  // One column after the other, as columns are copied.
  const auto copy = [&](std::vector<double>& column, const std::vector<double>& of) {
    to.for_each([out = column.data(), in = of.data()](std::size_t, std::size_t rt) {
      out[rt] = in[rt];
    });
  };
  copy(rts.refreshed_community, rts.clock_community);
  copy(rts.refreshed_calendar, rts.clock_calendar);
  to.for_each([out = rts.upkeep_sum.data()](std::size_t, std::size_t rt) { out[rt] = 0.0f; });
  to.for_each([out = rts.upkeep_months.data()](std::size_t, std::size_t rt) { out[rt] = 0; });
}

void RtTile::give_scores(Neighbourhoods& rts, std::span<const std::uint32_t> rows) const {
  const Rows to(rows);
  for (std::size_t k = 0; k < n_criteria; ++k) to.scatter(rts.physical[k], shares[k]);
  to.for_each([in = score.data(), out = rts.physical_score.data()](std::size_t i, std::size_t rt) {
    out[rt] = static_cast<std::uint8_t>(in[i]);
  });
}

}  // namespace musi::models
