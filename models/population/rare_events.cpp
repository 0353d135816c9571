#include "models/population/rare_events.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <optional>
#include <span>
#include <vector>

#include "models/draws.h"
#include "models/finance/lines.h"
#include "models/population/due.h"
#include "models/population/row_words.h"
#include "models/stocks/ageing.h"
#include "sim/core/ask_for.h"
#include "sim/core/equal_bits.h"
#include "sim/core/parallel.h"
#include "sim/core/portable_math.h"
#include "sim/core/quantile_columns.h"

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

/// Rows of candidate months that share a bound.
constexpr std::size_t per_bound = Households::rows_per_rare_from;

/// Whole groups of rows that share a bound, within [begin, end).
struct Groups {
  Groups(std::size_t begin, std::size_t end)
      : first((begin + per_bound - 1) / per_bound), last(std::max(first, end / per_bound)) {}

  bool holds(std::size_t row) const { return row / per_bound >= first && row / per_bound < last; }

  std::size_t first, last;
};

/// Candidates of this month among the rows of one group, written to `rows`; the bound of the others
/// is worked out anew. Returns how many there are.
std::size_t candidates_of(Households& h, std::size_t group, std::uint16_t now,
                          std::uint32_t* rows) {
  const std::size_t first = group * per_bound;
  const std::uint16_t* const due = h.next_rare.data() + first;
  h.rare_from[group] = sim::least_other<per_bound>(due, now);
  std::size_t n = 0;
  for (std::uint64_t bits = sim::equal_bits<per_bound>(due, now); bits != 0; bits &= bits - 1) {
    const auto i = static_cast<std::size_t>(std::countr_zero(bits));
    rows[n++] = static_cast<std::uint32_t>(first + i);
  }
  return n;
}

/// As for_each_due, for the rows [begin, end) of `next_rare`; groups of rows without a candidate
/// are passed over, so far as their bounds tell.
template <class Visit>
void for_each_candidate(Households& h, std::size_t begin, std::size_t end, std::uint16_t now,
                        Visit&& visit) {
  constexpr std::size_t most = 256, together = 64;
  std::array<std::uint32_t, most + together> rows;
  std::size_t n = 0;
  const auto flush = [&] {
    if (n > 0) visit(std::span<const std::uint32_t>(rows.data(), n));
    n = 0;
  };
  const Groups groups(begin, end);
  n += rows_due(h.next_rare, begin, std::min(end, groups.first * per_bound), now, rows.data());
  for (std::size_t first = groups.first; first < groups.last; first += together) {
    const std::size_t wanted = std::min(together, groups.last - first);
    std::uint64_t bits = 0;
    if (wanted == together) {
      bits = sim::at_most_bits(h.rare_from.data() + first, now);
    } else {
      for (std::size_t i = 0; i < wanted; ++i) {
        bits |= std::uint64_t{h.rare_from[first + i] <= now} << i;
      }
    }
    const auto for_each_group = [&](auto&& use) {
      for (std::uint64_t left = bits; left != 0; left &= left - 1) {
        use(first + static_cast<std::size_t>(std::countr_zero(left)));
      }
    };
    for_each_group([&](std::size_t g) { __builtin_prefetch(&h.next_rare[g * per_bound]); });
    for_each_group([&](std::size_t g) {
      if (n >= most) flush();
      n += candidates_of(h, g, now, rows.data() + n);
    });
  }
  flush();
  n = rows_due(h.next_rare, std::max(begin, groups.last * per_bound), end, now, rows.data());
  flush();
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
  const double new_units = params.new_unit * place_weight(1.0) + params.attraction;
  largest_yearly_ = std::clamp(std::max(params.renter_out * keenest, new_units), 1e-6, 0.999);
  later_terms_ = (12.0 * monthly(largest_yearly_) / largest_yearly_ - 1.0) / largest_yearly_;
  // Paved paths are a share of all, so that without parks no more than this can have risen.
  const double paving = std::abs(params.value_slope * params.value_gain);
  tenants_leave_ = {monthly_range(params.renter_out * portable::exp(-paving)).low,
                    monthly_range(params.renter_out * portable::exp(paving)).high};
  const double others = monthly(params.split) + monthly(new_units);
  const double owner =
      monthly(params.owner_out * std::max(1.0, params.owner_factor)) + others;
  const double tenant = monthly(params.renter_out * keenest) + others;
  for (std::size_t i = 0; i < bounds_.size(); ++i) {
    bounds_[i] = is_tenant(static_cast<Tenure>(i)) ? tenant : owner;
    laws_[i] = sim::GeometricLaw(bounds_[i], never - 1);
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

double RareEvents::tenants_leave_rate(const World& world, std::size_t rt) const {
  const double risen =
      params_.value_slope * (value_gain(world, rt, params_.value_gain) + amenity(world, rt));
  return params_.renter_out * portable::exp(risen);
}

double RareEvents::quiet_new_unit_rate(const World& world, std::size_t rt) const {
  const double prevention = params_.prevention_effect *
                            static_cast<double>(world.sites.prevention[world.rts.site[rt]]);
  return params_.new_unit * place_weight(world.rts.share_river[rt]) *
         std::clamp(1.0 - prevention, 0.0, 1.0);
}

double RareEvents::new_unit_rate(const World& world, std::size_t rt, sim::Month month) const {
  return quiet_new_unit_rate(world, rt) +
         (attracts(world, rt, month) ? params_.attraction : 0.0);
}

RareEvents::Chances RareEvents::chances(const World& world, std::size_t rt, Tenure tenure,
                                        sim::Month month) const {
  const bool works = month < world.rts.works_until[rt];
  return {.leave = is_tenant(tenure) ? monthly(tenants_leave_rate(world, rt))
                                     : owner_leaves_[works ? 1 : 0],
          .split = split_,
          .new_unit = monthly(new_unit_rate(world, rt, month))};
}

RareEvents::Range RareEvents::leave_range(const World& world, std::size_t rt, Tenure tenure,
                                          sim::Month month) const {
  if (is_tenant(tenure)) return monthly_range(tenants_leave_rate(world, rt));
  const double exact = owner_leaves_[month < world.rts.works_until[rt] ? 1 : 0];
  return {exact, exact};
}

RareEvents::Range RareEvents::monthly_range(double yearly) const {
  // 1 - (1 - x)^(1/12) = x/12 (1 + 11/24 x + ...), no term negative: the first two are a lower
  // bound, and with the others as they are at the largest x an upper one.
  constexpr double slack = 1e-9, smallest = 1e-14;
  if (!(yearly >= 0.0 && yearly <= largest_yearly_)) return {0.0, 1.0};
  const double first = yearly / 12.0;
  return {first * (1.0 + 11.0 / 24.0 * yearly) * (1.0 - slack) - smallest,
          first * (1.0 + later_terms_ * yearly) * (1.0 + slack) + smallest};
}

RareEvents::Kind RareEvents::kind_of(const Chances& chances, double u) {
  if (u >= chances.total()) return Kind::none;
  if (u < chances.leave) return Kind::leave;
  return u < chances.leave + chances.split ? Kind::split : Kind::new_unit;
}

/// The answer if any chances within these ranges give it and stay within `limit`.
std::optional<RareEvents::Kind> RareEvents::kind_within(Range leave, Range new_unit, double limit,
                                                        double u) const {
  constexpr double slack = 1e-12;
  const double most = (leave.high + split_ + new_unit.high) * (1.0 + slack);
  if (most > limit) return std::nullopt;
  if (u >= most) return Kind::none;
  if (u < leave.low) return Kind::leave;
  if (u < leave.high) return std::nullopt;
  if (u < (leave.low + split_) * (1.0 - slack)) return Kind::split;
  const bool after_splits = u >= (leave.high + split_) * (1.0 + slack);
  if (after_splits && u < (leave.low + split_ + new_unit.low) * (1.0 - slack)) {
    return Kind::new_unit;
  }
  return std::nullopt;
}

/// Most answers follow from what holds for all RTs, others from bounds of the chances; the rest
/// takes powers.
RareEvents::Kind RareEvents::kind_of(const World& world, std::size_t rt, Tenure tenure,
                                     sim::Month month, double u, bool& crosses) const {
  const double limit = bound(tenure);
  const double quiet = quiet_new_unit_rate(world, rt);
  const Range any_new_unit{monthly_range(quiet).low,
                           monthly_range(quiet + params_.attraction).high};
  const bool is_plain_tenant = is_tenant(tenure) && amenity(world, rt) == 0.0;
  Range leave = is_plain_tenant ? tenants_leave_ : leave_range(world, rt, tenure, month);
  if (const auto kind = kind_within(leave, any_new_unit, limit, u)) return *kind;
  if (is_plain_tenant) leave = leave_range(world, rt, tenure, month);
  const Range new_unit = monthly_range(new_unit_rate(world, rt, month));
  if (const auto kind = kind_within(leave, new_unit, limit, u)) return *kind;
  const Chances exact = chances(world, rt, tenure, month);
  crosses = exact.total() > limit * (1.0 + 1e-12);
  return kind_of(exact, u);
}

void RareEvents::step(World& world, const sim::Step& step) {
  Households& h = world.households;
  const sim::Chance kind = step.chance(Draw::rare_kind);
  const sim::Chance waiting = step.chance(Draw::rare_wait);
  constexpr std::size_t batch = 32;
  const auto consider = [&](std::span<const std::uint32_t> rows, const Groups& own, Found& found) {
    std::array<sim::EntityKey, batch> keys;
    std::array<std::array<std::uint32_t, batch>, 4> wait_words, kind_words;
    const std::size_t whole = sim::in_whole_vectors(rows.size());
    std::fill(keys.begin() + rows.size(), keys.begin() + whole, 0);
    for (std::size_t i = 0; i < rows.size(); ++i) keys[i] = h.record[rows[i]].key;
    const auto drawn = std::span(keys).first(whole);
    waiting.blocks(drawn, wait_words[0], wait_words[1], wait_words[2], wait_words[3]);
    kind.blocks(drawn, kind_words[0], kind_words[1], kind_words[2], kind_words[3]);
    std::array<double, batch> log_u;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      log_u[i] = sim::fine_uniform_of(wait_words[0][i], wait_words[1][i]);
    }
    sim::logs(std::span(log_u).first(rows.size()));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::uint32_t row = rows[i];
      const Tenure tenure = tenure_of(h.flags[row]);
      const auto due = static_cast<std::uint16_t>(
          std::min(step.month + wait(log_u[i], tenure), never - 1));
      h.next_rare[row] = due;
      if (own.holds(row)) {
        std::uint16_t& from = h.rare_from[row / per_bound];
        from = std::min(from, due);
      }
      const double u = sim::fine_uniform_of(kind_words[0][i], kind_words[1][i]) * bound(tenure);
      bool crosses = false;
      const Kind what = kind_of(world, h.record[row].rt, tenure, step.month, u, crosses);
      found.crossings += crosses ? 1 : 0;
      note(world, row, what, u, found);
    }
  };
  const std::vector<std::size_t> blocks = row_blocks(h.record);
  std::vector<Found> found(blocks.size() - 1);
  sim::for_each_index(found.size(), [&](std::size_t b) {
    const Groups own(blocks[b], blocks[b + 1]);
    for_each_candidate(
        h, blocks[b], blocks[b + 1], static_cast<std::uint16_t>(step.month),
        [&](std::span<const std::uint32_t> rows) {
          for (const std::uint32_t row : rows) {
            sim::ask_for(&h.record[row]);
            sim::ask_for(&h.flags[row]);
          }
          for (std::size_t first = 0; first < rows.size(); first += batch) {
            consider(rows.subspan(first, std::min(batch, rows.size() - first)), own, found[b]);
          }
        });
  });
  // Groups on the edge of blocks belong to nobody: their bound stays open.
  for (const std::size_t edge : blocks) {
    if (edge / per_bound < h.rare_from.size()) h.rare_from[edge / per_bound] = 0;
  }
  world.wishes.clear();
  for (const Found& of_block : found) take(world, of_block);
}

void RareEvents::note(const World& world, std::uint32_t row, Kind kind, double u,
                      Found& found) const {
  if (kind == Kind::none) return;
  const Households& h = world.households;
  const bool leaves = kind == Kind::leave;
  found.wishes.push_back({.kind = leaves                ? MoveWish::Kind::leave
                                  : kind == Kind::split ? MoveWish::Kind::split
                                                        : MoveWish::Kind::new_unit,
                          .key = h.record[row].key,
                          .row = row,
                          .rt = h.record[row].rt});
  // Would have stayed at the old values.
  found.displaced += leaves && is_tenant(tenure_of(h.flags[row])) && u >= calm_ ? 1 : 0;
}

void RareEvents::take(World& world, const Found& found) {
  world.wishes.insert(world.wishes.end(), found.wishes.begin(), found.wishes.end());
  world.state.counts.displaced += found.displaced;
  world.state.counts.bound_crossings += found.crossings;
}

void RareEvents::decide(World& world, std::uint32_t row, const Chances& chances, double u) const {
  Found found;
  note(world, row, kind_of(chances, u), u, found);
  take(world, found);
}

void draw_first_rare(World& world) {
  Households& h = world.households;
  const RareEvents events(world);
  const sim::Chance chance(world.future.seed(), static_cast<std::uint32_t>(Draw::rare_wait),
                           sim::start_state);
  for_each_tile_of_words(h, chance, [&](std::size_t first, std::size_t n, const RowWords& drawn) {
    std::array<double, tile_of_words> u;
    for (std::size_t i = 0; i < n; ++i) {
      u[i] = sim::fine_uniform_of(drawn.words[0][i], drawn.words[1][i]);
    }
    sim::logs(std::span(u).first(n));
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t row = first + i;
      h.next_rare[row] = never;
      if ((h.flags[row] & flag::alive) == 0) continue;
      const int wait = events.wait(u[i], tenure_of(h.flags[row]));
      h.next_rare[row] = static_cast<std::uint16_t>(std::min(wait - 1, never - 1));
    }
  });
  std::fill(h.rare_from.begin(), h.rare_from.end(), std::uint16_t{0});
}

}  // namespace musi::models
