#include "models/start/deficits.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "models/draws.h"
#include "models/score/classes.h"
#include "models/start/survey.h"
#include "sim/core/check.h"
#include "sim/core/distributions.h"
#include "sim/core/portable_math.h"

namespace musi::models {
namespace {

namespace portable = sim::portable;

/// Positions of the sixteen criteria that the equations name.
enum : std::size_t {
  c1a, c1b, c1c, c2a, c2b, c3a, c3b, c4a, c4b, c4c, c5a, c5b, c6a, c6b, c7a, c7b
};

constexpr std::size_t largest_number_of_tries = 200;

/// E Q(Phi(Z + shift)), Z standard normal, by the midpoint rule on probabilities.
double mean_at(const City::DeficitTable& table, double shift,
               const std::vector<double>& normal_points) {
  double sum = 0.0;
  for (const double z : normal_points) sum += share_at(table, z + shift);
  return sum / static_cast<double>(normal_points.size());
}

/// Households lack whole numbers; the share follows the count.
float rounded(double share, double n) {
  return static_cast<float>(std::floor(share * n + 0.5) / n);
}

struct LatentModel {
  std::array<double, n_criteria> shift;
  double site_weight;  ///< of the site's normal
  double rt_weight;    ///< of the RT's normal
  CutRule rule;
};

/// One draw of the sixteen shares of an RT from the next sixteen words of its stream.
Shares draw_shares(const World& world, std::size_t rt, const LatentModel& model,
                   const std::array<double, n_criteria>& site_normal, sim::Stream& stream) {
  const City& city = *world.city;
  std::array<double, n_criteria> independent{};
  for (double& z : independent)
    z = static_cast<double>(portable::normal_quantile(stream.uniform()));
  Shares p{};
  const double n = world.rts.n_households[rt];
  for (std::size_t k = 0; k < n_criteria; ++k) {
    double correlated = 0.0;
    for (std::size_t j = 0; j <= k; ++j) {
      correlated += city.deficit_cholesky[k][j] * independent[j];
    }
    const double z = model.site_weight * site_normal[k] + model.rt_weight * correlated;
    p[k] = static_cast<float>(share_at(city.deficit_tables[k], z + model.shift[k]));
  }
  p[c2b] = std::min(p[c2b], 1.0f - p[c2a]);
  p[c4c] = std::min(p[c4c], 1.0f - p[c4b]);
  for (const std::size_t k : {c1c, c3a, c3b, c5a, c5b}) {
    p[k] = rounded(static_cast<double>(p[k]), n);
  }
  return p;
}

}  // namespace

double share_at(const City::DeficitTable& table, double z) {
  const double u = portable::normal_cdf(z);
  if (u < table.mass_at_zero) return 0.0;
  if (u >= 1.0 - table.mass_at_one) return 1.0;
  if (table.quantiles.empty()) return 0.0;
  const double rest = 1.0 - table.mass_at_zero - table.mass_at_one;
  const double position =
      (u - table.mass_at_zero) / rest * static_cast<double>(table.quantiles.size() - 1);
  const std::size_t i =
      std::min(static_cast<std::size_t>(position), table.quantiles.size() - 2);
  const double weight = position - static_cast<double>(i);
  return (1.0 - weight) * static_cast<double>(table.quantiles[i]) +
         weight * static_cast<double>(table.quantiles[i + 1]);
}

std::array<double, n_criteria> wanted_means(const City& city, const Future& future) {
  MUSI_EXPECT(city.deficits.size() == n_criteria && city.deficit_tables.size() == n_criteria);
  std::array<double, n_criteria> means{};
  for (std::size_t k = 0; k < n_criteria; ++k) {
    const City::DeficitRow& row = city.deficits[k];
    Uncertain shift;
    shift.path = "start.deficit_shift." + std::to_string(k);
    shift.value.kind = DistributionKind::triangular;
    shift.value.a = row.shift_low;
    shift.value.b = row.shift;
    shift.value.c = row.shift_high;
    means[k] = std::clamp(row.mean + future[Param::initial_shift_scale] * future.value(shift),
                          0.001, 0.97);
  }
  return means;
}

std::array<double, n_criteria> deficit_shifts(const City& city, const Future& future) {
  constexpr int n_points = 128;
  std::vector<double> points;
  for (int i = 0; i < n_points; ++i)
    points.push_back(portable::normal_quantile((i + 0.5) / n_points));
  const auto means = wanted_means(city, future);
  std::array<double, n_criteria> shifts{};
  for (std::size_t k = 0; k < n_criteria; ++k) {
    const City::DeficitTable& table = city.deficit_tables[k];
    if (table.quantiles.empty()) {  // 0 or 1: the mean has a closed form
      shifts[k] = portable::normal_quantile(means[k]) -
                  portable::normal_quantile(std::clamp(table.mass_at_one, 1e-9, 1.0 - 1e-9));
      continue;
    }
    double low = -6.0;
    double high = 6.0;
    for (int i = 0; i < 30; ++i) {
      const double middle = 0.5 * (low + high);
      (mean_at(table, middle, points) < means[k] ? low : high) = middle;
    }
    shifts[k] = 0.5 * (low + high);
  }
  return shifts;
}

void draw_deficits(World& world) {
  const Future& future = world.future;
  const double site_sd = future[Param::initial_deficit_site_sd];
  const double rt_sd = future[Param::initial_deficit_rt_sd];
  const double norm = std::sqrt(site_sd * site_sd + rt_sd * rt_sd);
  const LatentModel model{
      .shift = deficit_shifts(*world.city, future),
      .site_weight = site_sd / norm,
      .rt_weight = rt_sd / norm,
      .rule = world.scenario->score.law_cuts ? CutRule::law : CutRule::operational};
  const double accept = future[Param::initial_not_slum_accept];
  const sim::Chance chance(future.seed(), static_cast<std::uint32_t>(Draw::deficits),
                           sim::start_state);
  for (std::size_t s = 0; s < world.n_sites(); ++s) {
    if (take_shares(world, s, model.rule)) continue;
    sim::Stream site_stream(chance, world.sites.key[s]);
    std::array<double, n_criteria> site_normal{};
    for (double& z : site_normal) z = portable::normal_quantile(site_stream.fine_uniform());
    for (const std::uint32_t rt : world.sites.rts[s]) {
      sim::Stream stream(chance, world.rts.key[rt]);
      Shares shares{};
      for (std::size_t tries = 0; tries < largest_number_of_tries; ++tries) {
        shares = draw_shares(world, rt, model, site_normal, stream);
        const float luck = stream.uniform();
        if (class_of(score_total(shares, model.rule)) != SlumClass::not_slum || luck < accept)
          break;
        ++world.start.n_redrawn;
      }
      for (std::size_t k = 0; k < n_criteria; ++k) world.rts.start_share[k][rt] = shares[k];
    }
  }
}

}  // namespace musi::models
