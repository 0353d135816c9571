#include "models/population/synthesis.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "models/draws.h"
#include "models/population/traits.h"
#include "sim/core/best_level.h"
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

/// A tile of households, column by column, filled up to whole vectors.
struct TraitColumns {
  template <class T>
  using Column = std::array<T, tile>;

  std::array<Column<std::uint32_t>, n_words> words;
  Column<float> deviation_normal, tenure_normal;
  Column<float> share_river, certified;  ///< where they are to live
  Column<std::uint32_t> flags;           ///< without tenure
  Column<float> dy;
  Column<double> income_score, tenure_score;

  float uniform(Word word, std::size_t i) const { return sim::uniform24(words[word][i]); }
  std::uint32_t below(Word word, std::size_t i, float limit) const {
    return uniform(word, i) < limit ? 1u : 0u;
  }
};

namespace {

/// Scores, and flags of all that needs uniforms alone, of the first n households, in loops without
/// branches.
MUSI_BODY void draw_columns(TraitColumns& c, const TraitLimits& limits, const IncomeLaw& income,
                            std::size_t n) {
  std::array<std::uint32_t, tile> persons;
  std::fill_n(persons.begin(), n, 1u);
  for (const float from : limits.more_persons) {
    for (std::size_t i = 0; i < n; ++i) persons[i] += 1u - c.below(size, i, from);
  }
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint32_t primary = c.below(education, i, limits.primary);
    const std::uint32_t edu = 3u - primary - (primary | c.below(education, i, limits.tertiary));
    c.flags[i] = flag::alive | persons[i] << flag::size_shift | edu << flag::edu_shift;
  }
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint32_t on_river = c.below(group, i, c.share_river[i]);
    const std::uint32_t is_wooden = (on_river & c.below(wood, i, limits.wood_on_river)) |
                                    ((1u - on_river) & c.below(wood, i, limits.wood_on_land));
    c.flags[i] |= (1u - on_river) * flag::land_group | is_wooden * flag::wood |
                  (on_river & c.below(raft, i, limits.raft)) * flag::raft |
                  c.below(informal, i, limits.informal) * flag::informal |
                  c.below(elder, i, limits.elders) * flag::elder |
                  c.below(crowded, i, limits.crowded) * flag::crowded;
  }
  for (std::size_t i = 0; i < n; ++i) {
    const double dy = income.deviation_sd * static_cast<double>(c.deviation_normal[i]);
    const double score = (education_offset(edu_of(c.flags[i])) - education_mean + dy) / income.sd;
    c.dy[i] = static_cast<float>(dy);
    c.tenure_score[i] = income.tenure_correlation * score +
                        income.tenure_rest * static_cast<double>(c.tenure_normal[i]);
    c.income_score[i] = score;
  }
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
  income_ = {.sd = f[Param::income_log_sd],
             .deviation_sd = 0.0,
             .tenure_correlation = f[Param::corr_income_tenure],
             .tenure_rest = 0.0};
  income_.deviation_sd =
      std::sqrt(std::max(0.0, income_.sd * income_.sd - education_variance));
  income_.tenure_rest =
      std::sqrt(1.0 - income_.tenure_correlation * income_.tenure_correlation);
  limits_ = {.primary = not_below(f[Param::initial_edu_primary]),
             .tertiary = not_below(1.0 - f[Param::initial_edu_tertiary]),
             .wood_on_river = not_below(f[Param::initial_wood_share_river]),
             .wood_on_land = not_below(f[Param::initial_wood_share_land]),
             .raft = not_below(f[Param::initial_raft_share]),
             .informal = not_below(f[Param::initial_informal_share]),
             .elders = not_below(f[Param::part_initial_leaders]),
             .crowded = not_below(f[Param::initial_crowded_share]),
             .more_persons = {}};
  certified_ = {not_below(f[Param::land_certified_share_ilir]),
                not_below(f[Param::land_certified_share_ulu])};
  const double more = f[Param::household_size] - 1.0;  // Poisson, by inversion
  double p = portable::exp(-more);
  double sum = p;
  for (std::size_t k = 0; k < limits_.more_persons.size(); ++k) {
    limits_.more_persons[k] = above(sum);
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

/// What is looked up household by household.
HouseholdRow TraitModel::household(sim::EntityKey key, const TraitColumns& columns,
                                   std::size_t i) const {
  const std::uint32_t flags = columns.flags[i];
  const auto edu_class = static_cast<std::size_t>(edu_of(flags) - 1);
  const auto land = static_cast<std::size_t>(group_of(flags));
  const double tenure_score = columns.tenure_score[i];
  const Tenure owned = columns.below(certificate, i, columns.certified[i]) != 0
                           ? Tenure::title
                           : Tenure::informal_own;
  const std::array<Tenure, 4> by_rank{owned, Tenure::rent, Tenure::squat, Tenure::squat};
  const std::size_t rank =
      (squats_(tenure_score) ? 2u : 0u) | (does_not_own_(tenure_score) ? 1u : 0u);
  HouseholdRow h;
  h.key = key;
  h.flags = flags | static_cast<std::uint32_t>(by_rank[rank]) << flag::tenure_shift;
  h.dy = h.dy_now = columns.dy[i];
  h.mu = mu_[edu_class][land];
  const double months_saved = 24.0 * static_cast<double>(columns.uniform(saved, i));
  h.savings = static_cast<float>(
      std::min(30.0, months_saved * savings_rate_ * monthly_income_[edu_class][land]));
  return h;
}

void TraitModel::draw(const sim::Chance& chance, std::span<const NewHousehold> wanted,
                      std::span<HouseholdRow> rows, std::span<double> income_scores) const {
  MUSI_EXPECT(rows.size() == wanted.size() && income_scores.size() == wanted.size());
  TraitColumns columns;
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
    sim::normals(std::span(w[deviation]).first(whole), columns.deviation_normal);
    sim::normals(std::span(w[tenure]).first(whole), columns.tenure_normal);
    for (std::size_t i = 0; i < whole; ++i) {
      const NewHousehold& of = wanted[first + std::min(i, n - 1)];
      columns.share_river[i] = of.share_river;
      columns.certified[i] = certified_[of.is_ulu ? 1 : 0];
    }
    sim::at_best_level([&]() MUSI_LOOP { draw_columns(columns, limits_, income_, whole); });
    for (std::size_t i = 0; i < n; ++i) {
      rows[first + i] = household(keys[i], columns, i);
      income_scores[first + i] = columns.income_score[i];
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
