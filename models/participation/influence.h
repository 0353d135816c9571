#pragma once

#include <string_view>

#include "models/world.h"
#include "sim/core/process.h"

namespace musi::models {

/// b_m of the participation theory in force: 0 where households decide independently.
double neighbour_weight(const Future& future);

/// Influence term of each RT and culture group, MODEL.md 10.1, from last month's state:
///     Gamma = b_m m + b_F F w_g (1 + g_SC sc) + b_S sc - b_D D + s_r (sqrt(rho) A + sqrt(1-rho) E)
///     m = (1-h) m_own + h m_other + k (m_adjacent - m_own)
/// An absent group takes the share of the other. Adjacent are the neighbours by ordinal in the
/// site. E is drawn anew each January. Neglects ties across sites.
class Influence final : public sim::Process<World> {
 public:
  struct Params {
    double neighbours = 0.0;            ///< b_m [logit]
    double permeability = 0.0;          ///< h
    double elder_permeability = 0.0;    ///< added to h where elders are appointed
    double adjacent = 0.0;              ///< k
    double facilitation = 0.0;          ///< b_F [logit], with the factor of `department_only`
    double social_capital_gain = 0.0;   ///< g_SC
    double river_receptivity = 1.0;     ///< w of the river group
    double social_capital = 0.0;        ///< b_S [logit]
    double disappointment = 0.0;        ///< b_D [logit]
    double rt_sd = 0.0, lasting = 0.0;  ///< s_r [logit], rho_r
    double months_full = 1.0;           ///< kappa, facilitator-months per 1,000 households
  };

  explicit Influence(const World& world);
  explicit Influence(const Params& params) : params_(params) {}

  std::string_view name() const override { return "influence"; }
  /// Writes Neighbourhoods::gamma, and E in January.
  void step(World& world, const sim::Step& step) override;
  const Params& params() const { return params_; }

 private:
  Params params_;
};

/// F° = min(1, x / kappa): how fully a site is staffed with facilitators [0-1].
double facilitation_intensity(const World& world, std::size_t site, double months_full);

}  // namespace musi::models
