#include "models/population/synthesis.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "models/draws.h"
#include "models/population/traits.h"
#include "sim/core/check.h"
#include "sim/core/distributions.h"
#include "sim/core/portable_math.h"
#include "sim/core/key_tile.h"
#include "sim/core/quantile_columns.h"

namespace musi::models {
namespace {

namespace portable = sim::portable;

constexpr double education_variance = 0.073;  ///< of log income between classes, MODEL.md 9
constexpr double education_mean = -0.0425;
constexpr double threshold_sd = 0.2;          ///< spread of social thresholds; assumed

constexpr double education_offset(int edu) { return edu == 1 ? -0.35 : edu == 3 ? 0.40 : 0.0; }

/// Households that are drawn side by side.
constexpr std::size_t tile = 64;

/// Words of a household in the order in which they are drawn.
enum Word : std::size_t {
  education, deviation, group, tenure, certificate, size, wood, raft, informal, elder, saved,
  crowded, n_words
};
constexpr std::uint32_t words_per_block = 4;

constexpr float infinity = std::numeric_limits<float>::infinity();

/// The least number of single precision that is not below p: u < p and u >= p stay as they are for
/// every u of single precision.
float not_below(double p) {
  const float nearest = static_cast<float>(p);
  return static_cast<double>(nearest) < p ? std::nextafter(nearest, infinity) : nearest;
}

/// The least number of single precision above p.
float above(double p) {
  const float least = not_below(p);
  return static_cast<double>(least) > p ? least : std::nextafter(least, infinity);
}

constexpr std::uint32_t if_set(bool condition, std::uint32_t flag) { return condition ? flag : 0u; }

Param life_param(std::uint32_t flags, int what) {
  if (what == 1) return Param::life_pipe;
  if (what == 2) return Param::life_septic;
  if ((flags & flag::raft) != 0) return Param::life_raft_float;
  return (flags & flag::wood) != 0 ? Param::life_timber_stilt_house : Param::life_brick_house;
}

/// Factor of the logarithm of a product of uniforms [years].
double life_scale(const Future& f, std::uint32_t flags, int what) {
  return -(f[life_param(flags, what)] * f[Param::life_factor]) / f.ageing_phases();
}

/// Tides wear houses down.
double tide_gain(const Future& f) { return f[Param::tide_hazard_factor] - 1.0; }
double slowed(double years, int what, double gain, float tide) {
  return what == 0 ? years / (1.0 + gain * static_cast<double>(tide)) : years;
}

}  // namespace

RankBelow::RankBelow(double p)
    : p_(p),
      surely_(-std::numeric_limits<double>::infinity()),
      surely_not_(std::numeric_limits<double>::infinity()) {
  constexpr double margin = 1e-6, steep_enough = 5.0;  // ranks there differ by 1e-12, errors 1e-15
  if (p <= 0.0) surely_not_ = -std::numeric_limits<double>::infinity();
  if (p <= 0.0 || p >= 1.0) return;
  const double limit = portable::normal_quantile(p);
  if (std::abs(limit) > steep_enough) return;
  surely_ = limit - margin;
  surely_not_ = limit + margin;
}

bool RankBelow::is_below(double score) const { return portable::normal_cdf(score) < p_; }

TraitModel::TraitModel(const World& world)
    : squats_(world.future[Param::initial_squatter_share]),
      does_not_own_(1.0 - world.future[Param::initial_owner_share]) {
  const Future& f = world.future;
  primary_ = not_below(f[Param::initial_edu_primary]);
  tertiary_ = not_below(1.0 - f[Param::initial_edu_tertiary]);
  income_sd_ = f[Param::income_log_sd];
  deviation_sd_ = std::sqrt(std::max(0.0, income_sd_ * income_sd_ - education_variance));
  tenure_correlation_ = f[Param::corr_income_tenure];
  tenure_rest_ = std::sqrt(1.0 - tenure_correlation_ * tenure_correlation_);
  certified_ = {not_below(f[Param::land_certified_share_ilir]),
                not_below(f[Param::land_certified_share_ulu])};
  wood_ = {not_below(f[Param::initial_wood_share_river]),
           not_below(f[Param::initial_wood_share_land])};
  raft_ = not_below(f[Param::initial_raft_share]);
  informal_ = not_below(f[Param::initial_informal_share]);
  elders_ = not_below(f[Param::part_initial_leaders]);
  crowded_ = not_below(f[Param::initial_crowded_share]);
  const double more = f[Param::household_size] - 1.0;  // Poisson, by inversion
  double p = portable::exp(-more);
  double sum = p;
  for (std::size_t k = 0; k < more_persons_.size(); ++k) {
    more_persons_[k] = above(sum);
    p *= more / static_cast<double>(k + 1);
    sum += p;
  }
  const double log_median = portable::log(f[Param::income_median]);
  for (std::size_t c = 0; c < n_classes; ++c) {
    for (const std::size_t land : {0u, 1u}) {
      mu_[c][land] = static_cast<float>(log_median + education_offset(static_cast<int>(c) + 1) -
                                        (land != 0 ? 0.0 : f[Param::initial_river_income_gap]));
      monthly_income_[c][land] = portable::exp(double{mu_[c][land]});
    }
  }
  savings_rate_ = f[Param::savings_rate];
}

/// Words and normals of a tile of households.
struct TraitModel::Columns {
  std::array<std::array<std::uint32_t, tile>, n_words> words;
  std::array<float, tile> deviation_normal, tenure_normal;

  float uniform(Word word, std::size_t i) const { return sim::uniform24(words[word][i]); }
};

HouseholdRow TraitModel::household(const NewHousehold& wanted, const Columns& columns,
                                   std::size_t i, double& income_score) const {
  const auto below = [&](Word word, float limit) { return columns.uniform(word, i) < limit; };
  HouseholdRow h;
  h.key = wanted.key;
  const int edu = below(education, primary_) ? 1 : below(education, tertiary_) ? 2 : 3;
  const double dy = deviation_sd_ * static_cast<double>(columns.deviation_normal[i]);
  h.dy = h.dy_now = static_cast<float>(dy);
  income_score = (education_offset(edu) - education_mean + dy) / income_sd_;
  const bool on_land = !below(group, wanted.share_river);
  const double tenure_score = tenure_correlation_ * income_score +
                              tenure_rest_ * static_cast<double>(columns.tenure_normal[i]);
  const Tenure owned = below(certificate, certified_[wanted.is_ulu ? 1 : 0])
                           ? Tenure::title
                           : Tenure::informal_own;
  const bool squats = squats_(tenure_score);
  const bool rents = does_not_own_(tenure_score);
  const Tenure held = squats ? Tenure::squat : rents ? Tenure::rent : owned;
  std::uint32_t persons = 1;
  for (const float from : more_persons_) persons += below(size, from) ? 0 : 1;
  h.flags = flag::alive | persons << flag::size_shift |
            (static_cast<std::uint32_t>(edu) << flag::edu_shift) |
            if_set(on_land, flag::land_group) |
            (static_cast<std::uint32_t>(held) << flag::tenure_shift) |
            if_set(below(wood, wood_[on_land ? 1 : 0]), flag::wood) |
            if_set(below(raft, raft_) && !on_land, flag::raft) |
            if_set(below(informal, informal_), flag::informal) |
            if_set(below(elder, elders_), flag::elder) |
            if_set(below(crowded, crowded_), flag::crowded);
  const auto edu_class = static_cast<std::size_t>(edu - 1);
  h.mu = mu_[edu_class][on_land ? 1 : 0];
  const double months_saved = 24.0 * static_cast<double>(columns.uniform(saved, i));
  h.savings = static_cast<float>(std::min(
      30.0, months_saved * savings_rate_ * monthly_income_[edu_class][on_land ? 1 : 0]));
  return h;
}

void TraitModel::draw(const sim::Chance& chance, std::span<const NewHousehold> wanted,
                      std::span<HouseholdRow> rows, std::span<double> income_scores) const {
  MUSI_EXPECT(rows.size() == wanted.size() && income_scores.size() == wanted.size());
  Columns columns;
  std::array<sim::EntityKey, tile> keys;
  for (std::size_t first = 0; first < wanted.size(); first += tile) {
    const std::size_t n = std::min(tile, wanted.size() - first);
    const std::size_t whole = sim::in_whole_vectors(n);
    for (std::size_t i = 0; i < n; ++i) keys[i] = wanted[first + i].key;
    std::fill(keys.begin() + n, keys.begin() + whole, 0);
    auto& w = columns.words;
    for (std::uint32_t block = 0; block < n_words / words_per_block; ++block) {
      const std::size_t k = words_per_block * block;
      chance.blocks(std::span(keys).first(whole), w[k], w[k + 1], w[k + 2], w[k + 3], block);
    }
    sim::normals(std::span(w[deviation]).first(n), columns.deviation_normal);
    sim::normals(std::span(w[tenure]).first(n), columns.tenure_normal);
    for (std::size_t i = 0; i < n; ++i) {
      rows[first + i] = household(wanted[first + i], columns, i, income_scores[first + i]);
    }
  }
}

void draw_newcomers(const World& world, const TraitModel& model,
                    std::span<const Newcomer> newcomers, sim::Month month,
                    std::span<HouseholdRow> rows) {
  MUSI_EXPECT(rows.size() == newcomers.size());
  const sim::Chance chance(world.future.seed(), static_cast<std::uint32_t>(Draw::newcomer_traits),
                           month);
  std::vector<NewHousehold> wanted(newcomers.size());
  for (std::size_t i = 0; i < newcomers.size(); ++i) {
    const std::uint32_t rt = newcomers[i].rt;
    wanted[i] = {.key = newcomers[i].key,
                 .share_river = world.rts.share_river[rt],
                 .is_ulu = world.sites.is_ulu[world.rts.site[rt]] != 0};
  }
  std::vector<double> income_scores(newcomers.size());
  model.draw(chance, wanted, rows, income_scores);
  for (std::size_t i = 0; i < newcomers.size(); ++i) {
    if (!newcomers[i].is_informal || tenure_of(rows[i].flags) != Tenure::title) continue;
    rows[i].flags = (rows[i].flags & ~flag::tenure_mask) |
                    (static_cast<std::uint32_t>(Tenure::informal_own) << flag::tenure_shift);
  }
}

UnitLives::UnitLives(const Future& future)
    : phases_(future.ageing_phases()),
      tide_gain_(tide_gain(future)),
      scale_{life_scale(future, 0, 0), life_scale(future, flag::wood, 0),
             life_scale(future, flag::raft, 0), life_scale(future, 0, 1),
             life_scale(future, 0, 2)} {}

double UnitLives::years(double log_of_product, std::uint32_t flags, int what, float tide) const {
  const std::size_t house = (flags & flag::raft) != 0 ? 2 : (flags & flag::wood) != 0 ? 1 : 0;
  const std::size_t kind = what == 0 ? house : static_cast<std::size_t>(what) + 2;
  return slowed(scale_[kind] * log_of_product, what, tide_gain_, tide);
}

float draw_life(const World& world, std::size_t rt, std::uint32_t flags, sim::EntityKey key,
                sim::Month month, int what) {
  const Future& f = world.future;
  const sim::Chance chance(f.seed(), static_cast<std::uint32_t>(Draw::unit_life), month);
  const sim::Block words = chance.block(unit_key(key, what));
  double product = 1.0;
  for (int i = 0; i < f.ageing_phases(); ++i) {
    product *= static_cast<double>(sim::uniform24(words[static_cast<std::size_t>(i)]));
  }
  const double years = life_scale(f, flags, what) * portable::log(product);
  return static_cast<float>(slowed(years, what, tide_gain(f), world.rts.tide[rt]));
}

void draw_lives(std::uint64_t seed, sim::Month month, std::span<const sim::EntityKey> unit_keys,
                int phases, std::span<double> logs) {
  MUSI_EXPECT(phases >= 1 && phases <= static_cast<int>(words_per_block));
  MUSI_EXPECT(logs.size() == unit_keys.size());
  const sim::Chance chance(seed, static_cast<std::uint32_t>(Draw::unit_life), month);
  sim::KeyTile<tile> drawn;
  for (std::size_t first = 0; first < unit_keys.size(); first += tile) {
    const auto part = unit_keys.subspan(first, std::min(tile, unit_keys.size() - first));
    std::copy(part.begin(), part.end(), drawn.keys.begin());
    drawn.draw(chance, part.size());
    for (std::size_t i = 0; i < part.size(); ++i) {
      double product = 1.0;
      for (std::size_t phase = 0; phase < static_cast<std::size_t>(phases); ++phase) {
        product *= static_cast<double>(sim::uniform24(drawn.words[phase][i]));
      }
      logs[first + i] = product;
    }
  }
  sim::logs(logs);
}

EngagementConstant::EngagementConstant(const Future& f)
    : threshold_mean_(f[Param::part_threshold_mean]),
      neighbour_weight_(f.theory() == ParticipationTheory::independent
                            ? 0.0
                            : f[Param::part_neighbour_weight]),
      intercept_(f[Param::part_intercept]),
      propensity_sd_(f[Param::part_household_sd] * std::sqrt(f[Param::part_systematic_household])),
      owner_{f[Param::logit_owner] * (0.0 - 0.65), f[Param::logit_owner] * (1.0 - 0.65)} {}

float EngagementConstant::operator()(float threshold_normal, float propensity_normal,
                                     std::uint32_t flags) const {
  const double drawn = threshold_mean_ + threshold_sd * static_cast<double>(threshold_normal);
  const double threshold = (flags & flag::elder) != 0 ? 0.0 : std::clamp(drawn, 0.0, 1.0);
  return static_cast<float>(intercept_ - neighbour_weight_ * threshold +
                            owner_[is_owner(flags) ? 1 : 0] +
                            propensity_sd_ * static_cast<double>(propensity_normal));
}

float engagement_constant(const World& world, sim::EntityKey key, std::uint32_t flags) {
  const Future& f = world.future;
  const sim::Block words =
      sim::Chance(f.seed(), static_cast<std::uint32_t>(Draw::household_traits), sim::start_state)
          .block(key, engagement_block);
  return EngagementConstant(f)(portable::normal_quantile(sim::uniform24(words[0])),
                               portable::normal_quantile(sim::uniform24(words[1])), flags);
}

}  // namespace musi::models
