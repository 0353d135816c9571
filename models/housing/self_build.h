#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "models/population/income.h"
#include "models/world.h"
#include "sim/core/process.h"

namespace musi::models {

class UnitLives;

/// Self-help building, MODEL.md 16.1: a visited household that lacks sanitation, water or a fit
/// house and has saved 0.8 of the cost invests with chance 1 - exp(-h / (12 psi)),
///     h = logistic(c0 + c1 min(2, savings/cost) + c2 certificate + c3 fit_share + c4 works)
/// a year. Each deficit is tried in order of cost with its own number; the cost leaves the savings,
/// family and own labour give the rest. A house step gives enough space with chance 1/2. A negative
/// c4 is the crowding-out variant. Neglects credit and hired labour.
class SelfBuild {
 public:
  enum What : std::uint8_t { house = 0, water = 1, sanitation = 2 };
  struct Params {
    double c0 = -4.0, c1 = 1.0;  ///< [logit]
    double c2 = 0.0;             ///< certificate [logit]
    double c3 = 0.0;             ///< all neighbours' houses fit [logit]
    double c4 = 0.0;             ///< public works within 36 months [logit]
    double revision = 0.25;      ///< psi [1/month]
    double cost_house = 8.0, cost_sanitation = 6.0;        ///< [IDR million]
    double cost_water_poor = 0.3, cost_water = 1.3;        ///< [IDR million]
    double poor_income = 4.0;    ///< limit of the lower fee [IDR million a month]
    IncomeProcess income;
  };

  explicit SelfBuild(const World& world) : SelfBuild(params_of(world)) {}
  explicit SelfBuild(const Params& params);
  static Params params_of(const World& world);

  /// Deficits that each kind of investment ends.
  static constexpr std::array<std::uint32_t, 3> lacks{flag::lacks_house,
                                                      flag::lacks_water | flag::low_water,
                                                      flag::lacks_toilet | flag::lacks_tank};
  /// Savings from which each kind may be tried [IDR million].
  const std::array<float, 3>& least_savings() const { return least_; }
  /// A bound on the chance of any kind per visit, in 256ths. A byte of chance below it is a first
  /// trial, which turns most away; who passes builds with chance / bound.
  std::uint32_t tries_of_256() const { return tries_of_256_; }
  /// A visited household that may build, and the deficits (of `lacks`) that passed the first trial.
  struct Candidate {
    std::uint32_t row;
    std::uint32_t kinds;
  };
  struct Investment {
    std::uint32_t row;
    What what;
    bool gives_space;
    float cost;
  };
  /// Lets the visited households decide and appends what they will build.
  void decide(const World& world, const sim::Step& step, std::span<const Candidate> candidates,
              std::vector<Investment>& investments) const;
  /// Builds it, once all of the month have decided: all read the fit houses as they were before.
  void carry_out(World& world, const sim::Step& step,
                 std::span<const Investment> investments) const;

 private:
  /// `poor_log_income`: up to here the fee for water is the lower one.
  void decide_one(const World& world, sim::Month month, double poor_log_income,
                  const Candidate& candidate, const std::array<float, 4>& u,
                  std::vector<Investment>& investments) const;
  /// Chance per visit at an index [logit].
  double chance_at(double index) const;
  /// trial < chance_at(index), from bounds on the chance where they tell.
  bool succeeds(double trial, double index) const;
  /// `log_life`: of `draw_lives`, for the new unit.
  void carry_out(World& world, const Investment& investment, const UnitLives& lives,
                 double log_life) const;
  /// Kinds in order of cost, the cheapest first.
  static std::array<What, 3> by_cost(const std::array<double, 3>& cost);

  Params params_;
  /// Costs by What and their order: for those who pay the full fee for water and for the poor.
  std::array<std::array<double, 3>, 2> cost_{};
  std::array<std::array<What, 3>, 2> order_{};
  std::array<float, 3> least_{};  ///< savings below which a deficit is not tried [IDR million]
  std::uint32_t tries_of_256_ = 256;
  double keenest_ = 0.0;          ///< largest index of all households [logit]
  /// Upper bounds by index, from the keenest down, each a lower one of the step above: nearly all
  /// trials end without an exponential.
  static constexpr double steps_per_logit = 32.0;
  std::array<float, 512> most_likely_at_{};
};

}  // namespace musi::models
