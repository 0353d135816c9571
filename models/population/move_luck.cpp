#include "models/population/move_luck.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "models/draws.h"
#include "models/population/synthesis.h"
#include "models/population/traits.h"
#include "sim/core/key_tile.h"
#include "sim/core/quantile_columns.h"
#include "sim/core/rng.h"

namespace musi::models {
namespace {

/// Households that are drawn side by side.
constexpr std::size_t tile = 64;

using KeyTile = sim::KeyTile<tile>;

/// Calls visit(keys of a tile, where they begin) for all tiles.
template <class Visit>
void for_each_tile(std::span<const sim::EntityKey> keys, Visit&& visit) {
  for (std::size_t first = 0; first < keys.size(); first += tile) {
    visit(keys.subspan(first, std::min(tile, keys.size() - first)), first);
  }
}

}  // namespace

std::vector<MoveLuck> luck_of_moves(std::span<const sim::EntityKey> keys, const sim::Step& step) {
  std::vector<MoveLuck> luck(keys.size());
  const sim::Chance traits(step.seed, static_cast<std::uint32_t>(Draw::household_traits),
                           sim::start_state);
  KeyTile drawn;
  std::array<float, tile> threshold, propensity;
  std::array<double, 2 * tile> logs;
  for_each_tile(keys, [&](std::span<const sim::EntityKey> part, std::size_t first) {
    const std::size_t n = part.size();
    std::copy(part.begin(), part.end(), drawn.keys.begin());
    drawn.draw(traits, n, engagement_block);
    sim::normals(std::span(drawn.words[0]).first(n), threshold);
    sim::normals(std::span(drawn.words[1]).first(n), propensity);
    drawn.draw(step.chance(Draw::revision), n);
    for (std::size_t i = 0; i < n; ++i) {
      logs[i] = static_cast<double>(sim::uniform24(drawn.words[0][i]));
    }
    drawn.draw(step.chance(Draw::rare_wait), n);
    for (std::size_t i = 0; i < n; ++i) {
      logs[n + i] = sim::fine_uniform_of(drawn.words[0][i], drawn.words[1][i]);
    }
    sim::logs(std::span(logs).first(2 * n));
    for (std::size_t i = 0; i < n; ++i) {
      luck[first + i] = {threshold[i], propensity[i], logs[i], logs[n + i]};
    }
  });
  return luck;
}

std::vector<BuildingLuck> luck_of_buildings(std::span<const sim::EntityKey> keys, int phases,
                                            const sim::Step& step) {
  std::vector<BuildingLuck> luck(keys.size());
  const sim::Chance deficits = step.chance(Draw::deficit_assignment);
  KeyTile drawn;
  std::array<double, tile> logs;
  for_each_tile(keys, [&](std::span<const sim::EntityKey> part, std::size_t first) {
    const std::size_t n = part.size();
    std::copy(part.begin(), part.end(), drawn.keys.begin());
    for (std::size_t word = 0; word < luck[first].deficits.size(); ++word) {
      if (word % 4 == 0) drawn.draw(deficits, n, static_cast<std::uint32_t>(word / 4));
      for (std::size_t i = 0; i < n; ++i) {
        luck[first + i].deficits[word] = sim::uniform24(drawn.words[word % 4][i]);
      }
    }
    drawn.draw(step.chance(Draw::new_unit_place), n);
    for (std::size_t i = 0; i < n; ++i) luck[first + i].place = sim::uniform24(drawn.words[0][i]);
    for (int what = 0; what < 3; ++what) {
      for (std::size_t i = 0; i < n; ++i) drawn.keys[i] = unit_key(part[i], what);
      draw_lives(step.seed, step.month, std::span(drawn.keys).first(n), phases,
                 std::span(logs).first(n));
      for (std::size_t i = 0; i < n; ++i) {
        luck[first + i].log_lives[static_cast<std::size_t>(what)] = logs[i];
      }
    }
  });
  return luck;
}

}  // namespace musi::models
