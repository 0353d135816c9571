#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "models/housing/self_build.h"
#include "models/population/income.h"
#include "models/world.h"
#include "sim/core/distributions.h"
#include "sim/core/process.h"

namespace musi::models {

/// Months to the next success of monthly trials: 1 + floor(ln U / ln(1 - p)), from one word.
class GeometricWait {
 public:
  explicit GeometricWait(double p);
  int operator()(std::uint32_t word) const {
    const std::uint8_t w = table_[word >> 20];
    return w != 0 ? w : exact(word);
  }

 private:
  int exact(std::uint32_t word) const;

  double p_;
  std::array<std::uint8_t, 4096> table_;  ///< by the leading 12 bits; 0: not one value, or long
};

/// Index terms of one RT [logit]. Aligned: found by a shift.
struct alignas(16) RtTerms {
  std::array<float, n_groups> base;  ///< influence and the needs that all households share
  float per_need;                    ///< b_B trust / 6
};

/// Visits: households that are due look at their income, savings, engagement and house, in this
/// order, MODEL.md 7.1, 9, 10.1, 16.1:
///     dy = phi^n dy + s_y sqrt(1 - phi^2n) Z
///     savings = min(30, savings + rate exp(mu) (G(t) - G(last visit)))
///     P = logistic(c0 + Gamma + b_B B - b_C C + b_H H + s_a sqrt(1 - rho) Z)
/// Each household reconsiders with chance psi a month; the waiting time is drawn at each visit.
class Visits final : public sim::Process<World> {
 public:
  static constexpr float most_savings = 30.0f;  ///< [IDR million]; assumed
  enum class Rule : std::uint8_t { logit, threshold, fixed };
  struct Params {
    double revision = 0.25;                   ///< psi [1/month]
    Rule rule = Rule::logit;
    double fixed_share = 0.0;                 ///< of Rule::fixed
    double benefit = 0.0, cost = 0.0, helped = 0.0;  ///< b_B, b_C, b_H [logit]
    double passing_sd = 0.0;                  ///< s_a sqrt(1 - rho_h) [logit]
    double savings_rate = 0.0;
    double income_median = 2.5;               ///< [IDR million a month]
    IncomeProcess income;
    int n_months = 1;                         ///< horizon
  };

  explicit Visits(const World& world);
  Visits(const World& world, const Params& params);
  static Params params_of(const World& world);

  std::string_view name() const override { return "visits"; }
  void step(World& world, const sim::Step& step) override;
  /// A month of the spin-up: `next_revision` counts from month -visit_offset, nobody invests.
  void spin_up_step(World& world, const sim::Step& step) const;
  /// What all visits of a month read besides the household's own columns.
  struct MonthTerms {
    std::vector<RtTerms> of_rt;
    std::vector<VisitGap> gaps;  ///< by HouseholdRecord::last_visit
  };
  MonthTerms terms_of(const World& world, const sim::Step& step) const;
  /// Visits the households `rows` now, whoever chose them, with words of `chance`, and writes those
  /// that may build to `candidates`, which has room for all. Returns how many. The
  /// lower bytes of the words, which nothing else reads, are the first trials of building.
  /// `shift`: month to which `next_revision` counts as 0, negated.
  std::size_t visit_rows(World& world, const sim::Step& step, int shift, const MonthTerms& terms,
                         const sim::Chance& chance, std::span<const std::uint32_t> rows,
                         SelfBuild::Candidate* candidates) const;
  const SelfBuild& self_build() const { return self_build_; }

  /// First month of revision for a household that arrives in `month` or, before the spin-up, for
  /// trials from `month` + 1 on.
  static int first_wait(const World& world, sim::EntityKey key, sim::Month month);
  /// The law of these waits, from the logarithm of the first word of Draw::revision.
  static sim::GeometricLaw law_of_waits(const Future& future);

 private:
  template <Rule rule>
  std::size_t visit_rows(World& world, const sim::Step& step, int shift, const MonthTerms& terms,
                         const sim::Chance& chance, std::span<const std::uint32_t> rows,
                         SelfBuild::Candidate* candidates) const;

  Params params_;
  IncomeTables tables_;
  GeometricWait wait_;
  SelfBuild self_build_;
};

}  // namespace musi::models
