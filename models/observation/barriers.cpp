#include "models/observation/barriers.h"

#include <algorithm>

namespace musi::models {
namespace {

bool land_is_clear(const World& world, std::size_t rt) {
  const LandStatus status = world.rts.land_status[rt];
  return status == LandStatus::clear ||
         (status == LandStatus::river_setback && world.scenario->setback_tolerated);
}

}  // namespace

Barrier first_barrier(std::uint16_t year_marks, bool land_is_clear, bool was_clear) {
  const auto has = [&](std::uint16_t bits) { return (year_marks & bits) != 0; };
  const bool delivered = has(mark::delivered);
  if (has(mark::refused_land) || (!land_is_clear && !delivered)) return Barrier::land;
  if (!has(mark::had_package) || has(mark::no_money)) return Barrier::money;
  if (has(mark::late_guideline)) return Barrier::guideline;
  if (has(mark::late_procurement)) return Barrier::procurement;
  if (has(mark::failed_gate)) return Barrier::participation;
  if (delivered) return Barrier::technical;
  return was_clear ? Barrier::regrowth : Barrier::procurement;
}

std::array<double, n_barriers> area_by_barrier(const World& world) {
  std::array<double, n_barriers> area{};
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    area[static_cast<std::size_t>(world.rts.first_barrier[rt])] +=
        static_cast<double>(world.rts.area[rt]);
  }
  area[static_cast<std::size_t>(Barrier::none)] = 0.0;
  return area;
}

void begin_year(World& world) {
  std::fill(world.rts.year_marks.begin(), world.rts.year_marks.end(), std::uint16_t{0});
  world.state.counts = YearCounts{};
}

Barriers::Barriers(const World&) {}

void Barriers::step(World& world, const sim::Step& step) {
  if (!sim::Clock::is_december(step.month)) return;
  Neighbourhoods& rts = world.rts;
  for (std::size_t rt = 0; rt < rts.size(); ++rt) {
    rts.first_barrier[rt] =
        rts.physical_class[rt] == Slum::not_slum
            ? Barrier::none
            : first_barrier(rts.year_marks[rt], land_is_clear(world, rt), rts.was_clear[rt] != 0);
  }
}

}  // namespace musi::models
