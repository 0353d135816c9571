#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "models/world.h"
#include "sim/core/rng.h"

namespace musi::models {

/// Whether the rank of a standard normal lies below p: `normal_cdf(score) < p`. The function itself
/// is asked only where the score is next to the limit.
class RankBelow {
 public:
  explicit RankBelow(double p);
  bool operator()(double score) const {
    if ((score >= surely_) & (score <= surely_not_)) [[unlikely]] return is_below(score);
    return score < surely_;
  }

 private:
  bool is_below(double score) const;

  double p_, surely_, surely_not_;
};

/// A household that is to be drawn.
struct NewHousehold {
  sim::EntityKey key = 0;
  float share_river = 0.0f;  ///< of its RT
  bool is_ulu = false;       ///< bank of its site
};

/// Uniforms below which a household has a trait, unless said otherwise.
struct TraitLimits {
  float primary, tertiary;             ///< education: class 1 below, class 3 from
  float wood_on_river, wood_on_land;
  float raft, informal, elders, crowded;
  std::array<float, largest_household - 1> more_persons;  ///< from which there is one more
};

/// Spread of log income, and what tenure has to do with it.
struct IncomeLaw {
  double sd, deviation_sd;             ///< with and without the classes of education
  double tenure_correlation, tenure_rest;
};

struct TraitColumns;

/// Traits of households from the distributions of the start, MODEL.md 8.3 and 9. Uniform numbers
/// are compared in single precision, with limits that give the answers of double precision.
class TraitModel {
 public:
  explicit TraitModel(const World& world);

  /// Education, income, group, tenure, size, material, savings (up to two years of saving;
  /// assumed), each household from the first twelve words of `chance` at its key. `income_scores`:
  /// standard normal ranks of income, for the copula of deficits. `c0` is left out. Shapes: one
  /// length.
  void draw(const sim::Chance& chance, std::span<const NewHousehold> wanted,
            std::span<HouseholdRow> rows, std::span<double> income_scores) const;

 private:
  static constexpr std::size_t n_classes = 3;  ///< of education, from 1

  HouseholdRow household(sim::EntityKey key, const TraitColumns& columns, std::size_t i) const;

  TraitLimits limits_;
  IncomeLaw income_;
  std::array<float, 2> certified_;         ///< owners with a certificate: Ilir, Ulu
  RankBelow squats_, does_not_own_;
  std::array<std::array<float, 2>, n_classes> mu_;    ///< by education and group
  std::array<std::array<double, 2>, n_classes> monthly_income_;  ///< [IDR million]
  double savings_rate_;
};

/// Block of Draw::household_traits, start state, that the constant of engagement reads.
inline constexpr std::uint32_t engagement_block = 8;

/// Constant part c0 of the engagement index, MODEL.md 10.1, from the standard normals of the first
/// two words of that block.
class EngagementConstant {
 public:
  explicit EngagementConstant(const Future& future);
  float operator()(float threshold_normal, float propensity_normal, std::uint32_t flags) const;

 private:
  double threshold_mean_, neighbour_weight_, intercept_, propensity_sd_;
  std::array<double, 2> owner_;  ///< of others, of owners [logit]
};

/// Lives of household units on the calendar clock, MODEL.md 15.1: house, water, sanitation by
/// `what` 0, 1, 2. Erlang: minus the logarithm of a product of as many uniforms as the unit has
/// phases left.
class UnitLives {
 public:
  explicit UnitLives(const Future& future);
  /// [years] in an RT with this tide.
  double years(double log_of_product, std::uint32_t flags, int what, float tide) const;
  int phases() const { return phases_; }

 private:
  int phases_;
  double tide_gain_;
  std::array<double, 5> scale_;  ///< brick, timber, raft, water, sanitation [years]
};

}  // namespace musi::models
