#include "models/population/rare_events.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <vector>

#include "models/draws.h"
#include "models/finance/lines.h"
#include "models/population/due.h"
#include "models/stocks/ageing.h"
#include "sim/core/distributions.h"
#include "sim/core/parallel.h"
#include "sim/core/portable_math.h"

namespace musi::models {
namespace {

namespace portable = sim::portable;

/// Weight of river places in the rate of new units.
constexpr double place_weight(double share_river) { return 1.0 + 2.0 * share_river; }

/// Monthly chance of a yearly one.
double monthly(double yearly) {
  return 1.0 - portable::pow(1.0 - std::clamp(yearly, 0.0, 0.999), 1.0 / 12.0);
}

/// Mean place weight of the city's households.
double mean_place_weight(const World& world) {
  double sum = 0.0, households = 0.0;
  for (std::size_t rt = 0; rt < world.n_rts(); ++rt) {
    const double n = world.rts.n_households[rt];
    sum += n * place_weight(world.rts.share_river[rt]);
    households += n;
  }
  return households > 0.0 ? sum / households : 1.0;
}

/// This RT or a neighbour by ordinal has had works that attract newcomers.
bool attracts(const World& world, std::size_t rt, sim::Month month) {
  const Neighbourhoods& rts = world.rts;
  if (month < rts.attracts_until[rt]) return true;
  const std::vector<std::uint32_t>& members = world.sites.rts[rts.site[rt]];
  const std::size_t i = rts.ordinal[rt];
  return (i > 0 && month < rts.attracts_until[members[i - 1]]) ||
         (i + 1 < members.size() && month < rts.attracts_until[members[i + 1]]);
}

bool is_tenant(Tenure tenure) { return tenure == Tenure::rent || tenure == Tenure::squat; }

}  // namespace

double value_gain(const World& world, std::size_t rt, double full_paving) {
  const Neighbourhoods& rts = world.rts;
  const double ideal = rts.ideal_road[rt];
  if (ideal <= 0.0) return 0.0;
  const double good = std::min(1.0, double{good_units(rts, Stock::path_land, rt) +
                                           good_units(rts, Stock::path_river, rt)} / ideal);
  const double at_start = std::max(0.0, 1.0 - double{rts.start_share[3][rt]} -
                                            double{rts.start_share[4][rt]});
  return full_paving * (good - at_start);
}

RareEvents::RareEvents(const Params& params)
    : params_(params),
      calm_(monthly(params.renter_out)),
      owner_leaves_{monthly(params.owner_out), monthly(params.owner_out * params.owner_factor)},
      split_(monthly(params.split)) {
  const double keenest =
      portable::exp(std::abs(params.value_slope * (params.value_gain + params.amenity)));
  const double others = monthly(params.split) +
                        monthly(params.new_unit * place_weight(1.0) + params.attraction);
  const double owner =
      monthly(params.owner_out * std::max(1.0, params.owner_factor)) + others;
  const double tenant = monthly(params.renter_out * keenest) + others;
  for (std::size_t i = 0; i < bounds_.size(); ++i) {
    bounds_[i] = is_tenant(static_cast<Tenure>(i)) ? tenant : owner;
    log_of_rest_[i] = bounds_[i] < 1.0 ? portable::log(1.0 - bounds_[i]) : 0.0;
  }
}

RareEvents::Params RareEvents::params_of(const World& world) {
  const Future& f = world.future;
  return {.owner_out = f[Param::owner_out_rate],
          .renter_out = f[Param::renter_out_rate],
          .owner_factor = f[Param::owner_out_factor],
          .value_gain = f[Param::value_gain_full_paving],
          .value_slope = f[Param::renter_out_value_slope],
          .amenity = greatest_amenity(world),
          .split = f[Param::household_growth_city],
          .new_unit = f[Param::new_informal_rate] / mean_place_weight(world),
          .attraction = f[Param::new_informal_attraction],
          .prevention_effect = f[Param::prevention_effect]};
}

RareEvents::Chances RareEvents::chances(const World& world, std::size_t rt, Tenure tenure,
                                        sim::Month month) const {
  Chances c;
  if (is_tenant(tenure)) {
    const double risen =
        params_.value_slope * (value_gain(world, rt, params_.value_gain) + amenity(world, rt));
    c.leave = monthly(params_.renter_out * portable::exp(risen));
  } else {
    const bool works = month < world.rts.works_until[rt];
    c.leave = owner_leaves_[works ? 1 : 0];
  }
  c.split = split_;
  const double prevention = params_.prevention_effect *
                            static_cast<double>(world.sites.prevention[world.rts.site[rt]]);
  c.new_unit = monthly(params_.new_unit * place_weight(world.rts.share_river[rt]) *
                           std::clamp(1.0 - prevention, 0.0, 1.0) +
                       (attracts(world, rt, month) ? params_.attraction : 0.0));
  return c;
}

int RareEvents::wait(const World& world, sim::EntityKey key, Tenure tenure,
                     sim::Month month) const {
  const sim::Chance chance(world.future.seed(), static_cast<std::uint32_t>(Draw::rare_wait),
                           month);
  return wait_of(chance.fine_uniform(key), tenure);
}

/// sim::geometric_wait with the logarithm of the bound worked out before.
int RareEvents::wait_of(double u, Tenure tenure) const {
  constexpr int limit = never - 1;
  const double p = bound(tenure);
  if (p >= 1.0) return 1;
  if (p <= 0.0) return limit;
  const double w = std::floor(portable::log(u) / log_of_rest_[static_cast<std::size_t>(tenure)]);
  return w >= static_cast<double>(limit - 1) ? limit : 1 + static_cast<int>(w);
}

void RareEvents::step(World& world, const sim::Step& step) {
  Households& h = world.households;
  const sim::Chance kind = step.chance(Draw::rare_kind);
  const sim::Chance waiting = step.chance(Draw::rare_wait);
  constexpr std::size_t batch = 32;
  /// A household whose month has come, its chances and its number [1/month].
  struct Candidate {
    std::uint32_t row;
    Chances chances;
    double u, bound;
  };
  const auto consider = [&](std::span<const std::uint32_t> rows, std::vector<Candidate>& found) {
    std::array<sim::EntityKey, batch> keys;
    std::array<std::array<std::uint32_t, batch>, 4> wait_words, kind_words;
    const std::size_t whole = sim::in_whole_vectors(rows.size());
    std::fill(keys.begin(), keys.begin() + whole, 0);
    for (std::size_t i = 0; i < rows.size(); ++i) keys[i] = h.record[rows[i]].key;
    const auto drawn = std::span(keys).first(whole);
    waiting.blocks(drawn, wait_words[0], wait_words[1], wait_words[2], wait_words[3]);
    kind.blocks(drawn, kind_words[0], kind_words[1], kind_words[2], kind_words[3]);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::uint32_t row = rows[i];
      const Tenure tenure = tenure_of(h.flags[row]);
      const double u = sim::fine_uniform_of(wait_words[0][i], wait_words[1][i]);
      h.next_rare[row] = static_cast<std::uint16_t>(
          std::min(step.month + wait_of(u, tenure), never - 1));
      found.push_back({row, chances(world, h.record[row].rt, tenure, step.month),
                       sim::fine_uniform_of(kind_words[0][i], kind_words[1][i]) * bound(tenure),
                       bound(tenure)});
    }
  };
  const std::vector<std::size_t> blocks = row_blocks(h.record);
  std::vector<std::vector<Candidate>> candidates(blocks.size() - 1);
  sim::for_each_index(candidates.size(), [&](std::size_t b) {
    for_each_due(h.next_rare, blocks[b], blocks[b + 1], static_cast<std::uint16_t>(step.month),
                 [&](std::span<const std::uint32_t> rows) {
                   for (std::size_t first = 0; first < rows.size(); first += batch) {
                     consider(rows.subspan(first, std::min(batch, rows.size() - first)),
                              candidates[b]);
                   }
                 });
  });
  world.wishes.clear();
  for (const auto& of_block : candidates) {
    for (const Candidate& c : of_block) {
      if (c.chances.total() > c.bound * (1.0 + 1e-12)) ++world.state.counts.bound_crossings;
      decide(world, c.row, c.chances, c.u);
    }
  }
}

void RareEvents::decide(World& world, std::uint32_t row, const Chances& chances, double u) const {
  if (u >= chances.total()) return;
  const Households& h = world.households;
  MoveWish wish{
      .kind = MoveWish::Kind::leave, .key = h.record[row].key, .row = row, .rt = h.record[row].rt};
  if (u >= chances.leave) {
    wish.kind = u < chances.leave + chances.split ? MoveWish::Kind::split
                                                  : MoveWish::Kind::new_unit;
  } else if (is_tenant(tenure_of(h.flags[row])) && u >= calm_) {
    ++world.state.counts.displaced;  // would have stayed at the old values
  }
  world.wishes.push_back(wish);
}

void draw_first_rare(World& world) {
  Households& h = world.households;
  const RareEvents events(world);
  for (std::size_t i = 0; i < h.size_rows(); ++i) {
    h.next_rare[i] = never;
    if ((h.flags[i] & flag::alive) == 0) continue;
    const int wait = events.wait(world, h.record[i].key, tenure_of(h.flags[i]), sim::start_state);
    h.next_rare[i] = static_cast<std::uint16_t>(std::min(wait - 1, never - 1));
  }
}

}  // namespace musi::models
