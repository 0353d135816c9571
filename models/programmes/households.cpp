#include "models/programmes/households.h"

#include <algorithm>
#include <tuple>

#include "models/draws.h"
#include "models/programmes/detection.h"
#include "sim/core/portable_math.h"

namespace musi::models {
namespace {

double income_limit(const World& world, const ProgrammeSpec& programme, Item item) {
  if (item != Item::house_repair_grant) return programme.income_max_idr_mn;
  return std::min(programme.income_max_idr_mn,
                  world.future[Param::repair_grant_income_limit]);
}

}  // namespace

bool is_eligible(const World& world, std::size_t row, const ProgrammeSpec& programme, Item item,
                 sim::Month month) {
  const Households& h = world.households;
  const std::uint32_t f = h.flags[row];
  if ((f & flag::alive) == 0 || (f & facts(item).lacks) == 0) return false;
  if ((programme.eligible_tenure >> static_cast<int>(tenure_of(f)) & 1) == 0) return false;
  if ((programme.eligible_group >> static_cast<int>(group_of(f)) & 1) == 0) return false;
  if (facts(item).is_house) {
    const bool recent = h.repaired[row] != never &&
                        month - static_cast<int>(h.repaired[row]) < 12 * repair_pause_years;
    if (recent) return false;
    const bool beyond_repair = (f & flag::failed_twice) != 0;
    if (beyond_repair != (item == Item::house_new)) return false;
  }
  const double log_income = static_cast<double>(h.mu[row]) + static_cast<double>(h.dy[row]);
  const double limit = income_limit(world, programme, item);
  return limit > 1e8 || log_income <= sim::portable::log(std::max(limit, 1e-6));
}

std::vector<std::uint32_t> households_in_order(const World& world, std::size_t rt,
                                               const ProgrammeSpec& programme, Item item,
                                               const sim::Step& step) {
  const Households& h = world.households;
  std::vector<std::uint32_t> rows;
  const std::size_t first = world.rts.first_row[rt];
  for (std::size_t i = first; i < first + world.rts.n_rows[rt]; ++i) {
    if (is_eligible(world, i, programme, item, step.month) && is_known(world, i, item, step)) {
      rows.push_back(static_cast<std::uint32_t>(i));
    }
  }
  const std::uint32_t list = facts(item).is_house ? flag::listed : 0;
  const auto place = [&](std::uint32_t i) {
    const std::uint32_t f = h.flags[i];
    return std::tuple((f & list) == 0, (f & flag::engaged) == 0, h.mu[i] + h.dy[i], h.key[i]);
  };
  std::sort(rows.begin(), rows.end(),
            [&](std::uint32_t a, std::uint32_t b) { return place(a) < place(b); });
  return rows;
}

std::size_t group_size(const World& world, std::size_t rt, const ProgrammeSpec& programme,
                       Item item, const sim::Step& step) {
  const double engaged = engaged_share(world, rt);
  std::size_t n = 0;
  for (const std::uint32_t row : households_in_order(world, rt, programme, item, step)) {
    const double u = static_cast<double>(
        step.yearly_chance(Draw::group_join).uniform(world.households.key[row]));
    n += (world.households.flags[row] & flag::engaged) != 0 || u < engaged;
  }
  return n;
}

}  // namespace musi::models
