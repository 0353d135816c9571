#include "models/population/synthesis.h"

#include <algorithm>
#include <cmath>

#include "models/draws.h"
#include "models/population/traits.h"
#include "sim/core/distributions.h"
#include "sim/core/portable_math.h"

namespace musi::models {
namespace {

namespace portable = sim::portable;

constexpr double education_variance = 0.073;  ///< of log income between classes, MODEL.md 9
constexpr double education_mean = -0.0425;
constexpr double threshold_sd = 0.2;          ///< spread of social thresholds; assumed

double education_offset(int edu) { return edu == 1 ? -0.35 : edu == 3 ? 0.40 : 0.0; }

}  // namespace

TraitModel::TraitModel(const World& world) {
  const Future& f = world.future;
  primary = f[Param::initial_edu_primary];
  tertiary = f[Param::initial_edu_tertiary];
  log_median = portable::log(f[Param::income_median]);
  income_sd = f[Param::income_log_sd];
  deviation_sd = std::sqrt(std::max(0.0, income_sd * income_sd - education_variance));
  river_gap = f[Param::initial_river_income_gap];
  owners = f[Param::initial_owner_share];
  squatters = f[Param::initial_squatter_share];
  tenure_correlation = f[Param::corr_income_tenure];
  certified[0] = f[Param::land_certified_share_ilir];
  certified[1] = f[Param::land_certified_share_ulu];
  wood[0] = f[Param::initial_wood_share_river];
  wood[1] = f[Param::initial_wood_share_land];
  raft = f[Param::initial_raft_share];
  informal = f[Param::initial_informal_share];
  crowded = f[Param::initial_crowded_share];
  elders = f[Param::part_initial_leaders];
  mean_size = f[Param::household_size];
  savings_rate = f[Param::savings_rate];
}

TraitWords trait_words(const sim::Chance& chance, sim::EntityKey key) {
  TraitWords words;
  for (std::uint32_t number = 0; number < n_trait_blocks; ++number) {
    const sim::Block block = chance.block(key, number);
    std::copy(block.begin(), block.end(), words.begin() + 4 * number);
  }
  return words;
}

HouseholdRow draw_traits(const TraitModel& m, double share_river, bool is_ulu, sim::EntityKey key,
                         const TraitWords& words, double& income_score) {
  std::size_t next = 0;
  const auto uniform = [&] { return sim::uniform24(words[next++]); };
  HouseholdRow h;
  h.key = key;
  h.flags = flag::alive;
  const double u_edu = uniform();
  h.edu = u_edu < m.primary ? 1 : u_edu >= 1.0 - m.tertiary ? 3 : 2;
  const double dy = m.deviation_sd * portable::normal_quantile(uniform());
  h.dy = h.dy_now = static_cast<float>(dy);
  income_score = (education_offset(h.edu) - education_mean + dy) / m.income_sd;
  const bool on_land = uniform() >= static_cast<float>(share_river);
  if (on_land) h.flags |= flag::land_group;
  h.mu = static_cast<float>(m.log_median + education_offset(h.edu) -
                            (on_land ? 0.0 : m.river_gap));
  const double tenure_score =
      m.tenure_correlation * income_score +
      std::sqrt(1.0 - m.tenure_correlation * m.tenure_correlation) *
          static_cast<double>(portable::normal_quantile(uniform()));
  const double rank = portable::normal_cdf(tenure_score);
  const double u_certificate = uniform();
  Tenure tenure = Tenure::rent;
  if (rank < m.squatters) {
    tenure = Tenure::squat;
  } else if (rank >= 1.0 - m.owners) {
    tenure = u_certificate < m.certified[is_ulu ? 1 : 0] ? Tenure::title : Tenure::informal_own;
  }
  h.flags |= static_cast<std::uint32_t>(tenure) << flag::tenure_shift;
  h.size = static_cast<std::uint8_t>(
      std::min(12, 1 + sim::poisson_quantile(uniform(), m.mean_size - 1.0)));
  if (uniform() < m.wood[on_land ? 1 : 0]) h.flags |= flag::wood;
  if (uniform() < m.raft && !on_land) h.flags |= flag::raft;
  if (uniform() < m.informal) h.flags |= flag::informal;
  if (uniform() < m.elders) h.flags |= flag::elder;
  const double months_saved = 24.0 * uniform();
  h.savings = static_cast<float>(
      std::min(30.0, months_saved * m.savings_rate * portable::exp(double{h.mu})));
  if (uniform() < m.crowded) h.flags |= flag::crowded;
  return h;
}

HouseholdRow draw_newcomer(const World& world, const TraitModel& model, std::size_t rt,
                           sim::EntityKey key, sim::Month month, bool informal) {
  const sim::Chance chance(world.future.seed(), static_cast<std::uint32_t>(Draw::newcomer_traits),
                           month);
  double income_score = 0.0;
  const std::size_t site = world.rts.site[rt];
  HouseholdRow h = draw_traits(model, world.rts.share_river[rt], world.sites.is_ulu[site] != 0, key,
                               trait_words(chance, key), income_score);
  if (informal && tenure_of(h.flags) == Tenure::title) {
    h.flags = (h.flags & ~flag::tenure_mask) |
              (static_cast<std::uint32_t>(Tenure::informal_own) << flag::tenure_shift);
  }
  return h;
}

double life_of(const World& world, std::uint32_t flags, int what) {
  const Future& f = world.future;
  Param life = Param::life_brick_house;
  if (what == 1) life = Param::life_pipe;
  if (what == 2) life = Param::life_septic;
  if (what == 0 && (flags & flag::wood) != 0) life = Param::life_timber_stilt_house;
  if (what == 0 && (flags & flag::raft) != 0) life = Param::life_raft_float;
  return f[life] * f[Param::life_factor];
}

double remaining_life(const World& world, std::size_t rt, std::uint32_t flags, int what,
                      int phases_left, sim::Stream& stream) {
  const int n = world.future.ageing_phases();
  double product = 1.0;
  for (int i = 0; i < n; ++i) {
    const double u = static_cast<double>(stream.uniform());
    if (i < phases_left) product *= u;
  }
  double years = -life_of(world, flags, what) / n * portable::log(product);
  if (what == 0) {
    years /= 1.0 + (world.future[Param::tide_hazard_factor] - 1.0) *
                       static_cast<double>(world.rts.tide[rt]);
  }
  return years;
}

float draw_life(const World& world, std::size_t rt, std::uint32_t flags, sim::EntityKey key,
                sim::Month month, int what) {
  // Each kind of unit reads its own key, so that the blocks of its stream stay apart.
  const sim::Chance chance(world.future.seed(), static_cast<std::uint32_t>(Draw::unit_life), month);
  sim::Stream stream(chance, sim::mix(key, what));
  return static_cast<float>(
      remaining_life(world, rt, flags, what, world.future.ageing_phases(), stream));
}

float engagement_constant(const World& world, sim::EntityKey key, std::uint32_t flags) {
  const Future& f = world.future;
  const sim::Block words =
      sim::Chance(f.seed(), static_cast<std::uint32_t>(Draw::household_traits), sim::start_state)
          .block(key, engagement_block);
  return engagement_constant(f, words[0], words[1], flags);
}

float engagement_constant(const Future& f, std::uint32_t word0, std::uint32_t word1,
                          std::uint32_t flags) {
  double threshold = f[Param::part_threshold_mean] +
                     threshold_sd * portable::normal_quantile(sim::uniform24(word0));
  threshold = (flags & flag::elder) != 0 ? 0.0 : std::clamp(threshold, 0.0, 1.0);
  const double weight = f.theory() == ParticipationTheory::independent
                            ? 0.0
                            : f[Param::part_neighbour_weight];
  const double propensity = portable::normal_quantile(sim::uniform24(word1));
  const double owner = is_owner(flags) ? 1.0 : 0.0;
  return static_cast<float>(f[Param::part_intercept] - weight * threshold +
                            f[Param::logit_owner] * (owner - 0.65) +
                            f[Param::part_household_sd] *
                                std::sqrt(f[Param::part_systematic_household]) * propensity);
}

}  // namespace musi::models
