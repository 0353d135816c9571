#include "models/indicators/works_rows.h"

#include <map>
#include <tuple>

#include "models/indicators/groups.h"
#include "sim/core/check.h"

namespace musi::models {
namespace {

using Key = std::tuple<std::int32_t, std::int32_t, std::int32_t, std::int32_t, std::int32_t,
                       std::int32_t, std::int32_t>;
struct Sum {
  double units = 0.0, cost = 0.0, self_help = 0.0, reworked = 0.0;
};

std::int32_t month_or_none(std::uint16_t month) {
  return month == never ? -1 : static_cast<std::int32_t>(month);
}

}  // namespace

std::vector<float> works_rows(const World& world) {
  std::vector<std::int32_t> site_row(world.n_sites(), -1), rt_row(world.n_rts(), -1);
  std::size_t site = 0;
  for (std::size_t i = 0; i < world.city->sites.size() && site < world.n_sites(); ++i) {
    if (world.sites.key[site] == world.city->sites[i].key) {
      site_row[site++] = static_cast<std::int32_t>(i);
    }
  }
  for_each_surveyed_rt(world, [&](std::size_t row, std::size_t rt) {
    rt_row[rt] = static_cast<std::int32_t>(row);
  });
  std::map<Key, Sum> joined;
  for (const WorksEntry& w : world.notes.works) {
    Sum& sum = joined[{site_row[w.site], rt_row[w.rt], month_or_none(w.start_month),
                       static_cast<std::int32_t>(w.programme), static_cast<std::int32_t>(w.item),
                       month_or_none(w.end_month), static_cast<std::int32_t>(w.source)}];
    sum.units += w.units;
    sum.cost += w.cost;
    sum.self_help += w.self_help;
    sum.reworked += w.is_reworked ? w.cost : 0.0;
  }
  std::vector<float> rows;
  rows.reserve(joined.size() * works_columns);
  for (const auto& [key, sum] : joined) {
    const auto& [s, rt, start, programme, item, end, source] = key;
    for (const std::int32_t whole : {s, rt, programme, source, start, end, item}) {
      rows.push_back(static_cast<float>(whole));
    }
    const double reworked = sum.cost > 0.0 ? sum.reworked / sum.cost : 0.0;
    for (const double number : {sum.units, sum.cost, sum.self_help, reworked}) {
      rows.push_back(static_cast<float>(number));
    }
  }
  return rows;
}

std::vector<WorksRowOut> works_from(std::span<const float> numbers) {
  MUSI_EXPECT(numbers.size() % works_columns == 0);
  std::vector<WorksRowOut> rows;
  const auto whole = [&](std::size_t i) { return static_cast<std::int32_t>(numbers[i]); };
  for (std::size_t i = 0; i < numbers.size(); i += works_columns) {
    rows.push_back({whole(i), whole(i + 1), whole(i + 2), whole(i + 3), whole(i + 4), whole(i + 5),
                    whole(i + 6), numbers[i + 7], numbers[i + 8], numbers[i + 9],
                    numbers[i + 10]});
  }
  return rows;
}

}  // namespace musi::models
