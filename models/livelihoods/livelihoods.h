#pragma once

#include <string_view>
#include <vector>

#include "models/livelihoods/savings.h"
#include "models/world.h"
#include "sim/core/process.h"

namespace musi::models {

/// Livelihood groups, courses and loans, MODEL.md 16.2, 16.3, 14.2. Incomes and savings change; no
/// criterion of the score does so directly: money acts through building by the household itself and
/// through the time cost of taking part.
///     group: formed and assessed in August, capital in September, mu += beta_i in December
///     beta_i = mean + s_beta (sqrt(0.3) Z_group + sqrt(0.7) Z_i), s_beta by business
///     it gives up with hazard 1 - surv^(1/5) a year, less if assessed; then mu -= beta_i
///     course: mu += effect from twelve months after it
///     loan: savings now, 1/36 of it a month out of savings; a default closes credit in the RT
/// Neglects hours of work, spill-overs to others' sales, interest, several loans of one household.
class Livelihoods final : public sim::Process<World> {
 public:
  struct Params {
    double mean = 0.0, sd = 0.25;    ///< of beta [log income]
    double survival_5y = 0.5;        ///< of groups that were not assessed
    double assessment_factor = 0.8;  ///< of their hazard
    double course_effect = 0.01;     ///< [log income]
    double default_share = 0.05;     ///< of loans
  };

  explicit Livelihoods(const World& world) : Livelihoods(world, params_of(world)) {}
  Livelihoods(const World& world, const Params& params) : params_(params), savings_(world) {}
  static Params params_of(const World& world);

  std::string_view name() const override { return "livelihoods"; }
  void step(World& world, const sim::Step& step) override;

 private:
  void form_groups(World& world, std::size_t programme, const sim::Step& step) const;
  void hand_out_capital(World& world, std::size_t programme, const sim::Step& step) const;
  void start(World& world, LivelihoodGroup& group, const sim::Step& step) const;
  void follow_groups(World& world, const sim::Step& step) const;
  void teach(World& world, std::size_t programme, const sim::Step& step) const;
  void finish_courses(World& world, const sim::Step& step) const;
  void lend(World& world, std::size_t programme, const sim::Step& step) const;
  void lend_again(World& world, const sim::Step& step) const;
  void grant(World& world, std::size_t row, double amount, std::uint32_t fund,
             const sim::Step& step) const;
  void collect(World& world, const sim::Step& step) const;

  Params params_;
  SavingsBook savings_;
};

inline constexpr int group_size_of_livelihoods = 10;  ///< [households]; source: seed_2
inline constexpr int assessment_month = 8;            ///< 7 to 12 August; source: seed_2
inline constexpr int capital_month = 9;               ///< a month after the assessment
inline constexpr int months_to_effect = 3;            ///< from the capital on; assumed
inline constexpr int course_months = 12;              ///< until a course shows in income; assumed
inline constexpr int closed_months = 24;              ///< without credit after a default; assumed

/// Factor of a business on the spread of its effect. Source: MODEL.md 16.3, assumed.
double spread_factor(Business business);

}  // namespace musi::models
