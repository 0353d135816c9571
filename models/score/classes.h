#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "models/score/criteria.h"

namespace musi::models {

/// Which cuts turn a share into points.
enum class CutRule : std::uint8_t {
  operational,  ///< of a working city database, whose recorded points of 2019 they reproduce
  law,          ///< as printed in the regulation
};

/// Smallest shares that earn 1, 3 and 5 points. [fraction]
struct Cuts {
  double one, three, five;
};

/// Source: score_cuts.csv.
constexpr Cuts cuts(CutRule rule) {
  return rule == CutRule::operational ? Cuts{0.24995, 0.50995, 0.75995} : Cuts{0.25, 0.51, 0.76};
}

/// Points of one criterion: 0, 1, 3 or 5; the lower end of a cut is included. [points]
constexpr int points(double share, CutRule rule) {
  const Cuts c = cuts(rule);
  return int{share >= c.one} + 2 * int{share >= c.three} + 2 * int{share >= c.five};
}

/// The same in the precision of the columns: cuts are rounded like the shares, so that 51 of 100
/// earns the same points in both forms.
constexpr int points(float share, CutRule rule) {
  const Cuts c = cuts(rule);
  return int{share >= static_cast<float>(c.one)} + 2 * int{share >= static_cast<float>(c.three)} +
         2 * int{share >= static_cast<float>(c.five)};
}

/// The sixteen shares of one RT as the simulation holds them. [fraction]
using Shares = std::array<float, n_criteria>;

/// Sum of points over all criteria given: 16 (at most 80 points) or 19 (95).
int total(std::span<const double> shares, CutRule rule);

/// The same for the sixteen columns of one RT, without branches.
constexpr int score_total(std::span<const float, n_criteria> shares, CutRule rule) {
  int sum = 0;
  for (std::size_t k = 0; k < n_criteria; ++k) sum += points(shares[k], rule);
  return sum;
}

enum class SlumClass : std::uint8_t { not_slum, light, medium, heavy };

/// Smallest totals of the classes. [points]
struct ClassLimits {
  int light, medium, heavy, maximum;
};

/// Source: classes.csv.
constexpr ClassLimits class_limits(Regulation regulation) {
  return regulation == Regulation::permen_2018 ? ClassLimits{16, 38, 60, 80}
                                               : ClassLimits{19, 45, 71, 95};
}

constexpr SlumClass class_of(int total_points, Regulation regulation = Regulation::permen_2018) {
  const ClassLimits limits = class_limits(regulation);
  return static_cast<SlumClass>(int{total_points >= limits.light} +
                                int{total_points >= limits.medium} +
                                int{total_points >= limits.heavy});
}

std::string_view name_en(SlumClass slum_class);  ///< "heavy" … "not_slum"
std::string_view name_id(SlumClass slum_class);  ///< "berat" … "tidak kumuh"

/// Mean share of the criteria of each aspect. [fraction, aspect 1 to 7]
/// `shares` holds 16 or 19 values in the order of Criterion; else ContractError.
std::array<double, n_aspects> aspect_means(std::span<const double> shares);
std::array<double, n_aspects> aspect_means(const Shares& shares);

/// Mean of the seven aspect means. [fraction]
double sectoral_mean(std::span<const double> shares);
double sectoral_mean(const Shares& shares);
/// The same for as many neighbourhoods as `means` holds, from columns of shares by criterion.
void sectoral_means(std::span<const float* const, n_criteria> shares, std::span<double> means);

/// Part of the sectoral mean that was removed: min(1, (before - after) / before); 0 when nothing
/// was lacking before, negative when it got worse. Source: motorkawanku.
double contribution(double before, double after);

/// When an RT leaves the slum area.
enum class ExitRule : std::uint8_t {
  score,               ///< total below the light class
  score_and_services,  ///< and each core service reaches 80 %; source: kotaku_kumuh_page
};

/// Share served in each core service: 1 - mean share of its aspect. [fraction]
struct ServedShares {
  double road, water, drainage, wastewater, waste;
};

ServedShares served_shares(std::span<const double> shares);
ServedShares served_shares(const Shares& shares);

/// All five services at 80 % or more; 1e-6 is forgiven for rounding.
bool services_reach_exit(const ServedShares& served);

/// Not slum and, if the rule asks for it, served.
bool leaves_slum(SlumClass slum_class, const ServedShares& served, ExitRule rule);

}  // namespace musi::models
