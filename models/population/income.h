#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "models/future.h"
#include "models/world.h"
#include "sim/core/check.h"
#include "sim/core/clock.h"
#include "sim/core/portable_math.h"

namespace musi::models {

/// Deviation of log income from its permanent part, MODEL.md 9:
///     dy(t+1) = phi dy(t) + s_y sqrt(1 - phi^2) Z
/// Neglects the difference between saved and borrowed shocks.
struct IncomeProcess {
  double phi = 1.0;     ///< monthly persistence, r^(1/36)
  double sd = 0.0;      ///< s_y, stationary [log]
  double growth = 0.0;  ///< real growth of all incomes [1/year]

  /// Source of r: rank correlation of incomes three years apart (tnp2k_wp3_2018).
  static IncomeProcess of(double correlation_3y, double stationary_sd, double growth) {
    MUSI_EXPECT(correlation_3y > 0.0 && correlation_3y <= 1.0);
    return {sim::portable::pow(correlation_3y, 1.0 / 36.0), stationary_sd, growth};
  }
  static IncomeProcess of(const Future& future) {
    return of(future[Param::income_rank_correlation_3y],
              stationary_sd(future[Param::income_log_sd]), future[Param::income_growth_real]);
  }
  /// s_y: spread inside slums without the variance between education classes, 0.073.
  static double stationary_sd(double log_sd) {
    return std::sqrt(std::max(0.0, log_sd * log_sd - 0.073));
  }
  /// Factor of dy after n months without a visit.
  double factor_after(int months) const {
    return sim::portable::pow(phi, static_cast<double>(months));
  }
  /// Standard deviation gained in n months without a visit [log].
  double sd_after(int months) const {
    return sd * std::sqrt(1.0 - sim::portable::pow(phi, 2.0 * static_cast<double>(months)));
  }
  /// g(t): level of all incomes, 1 at month 0.
  double level(sim::Month month) const {
    return sim::portable::pow(1.0 + growth, static_cast<double>(month) / 12.0);
  }
};

/// What n months without a visit do to income and savings. Aligned: found by a shift.
struct alignas(16) VisitGap {
  float factor = 1.0f;  ///< of dy
  float sd = 0.0f;      ///< of the normal added to dy [log]
  float gain = 0.0f;    ///< sum of g over the months [months]
};

/// Tables of a run, months -visit_offset to n_months.
class IncomeTables {
 public:
  IncomeTables(const IncomeProcess& process, int n_months) : process_(process) {
    const int n = n_months + visit_offset + 1;
    cumulative_.reserve(static_cast<std::size_t>(n) + 1);
    double sum = 0.0;
    for (int i = 0; i <= n; ++i) {
      cumulative_.push_back(sum);
      elapsed_.push_back({static_cast<float>(process.factor_after(i)),
                          static_cast<float>(process.sd_after(i)), 0.0f});
      sum += process.level(i - visit_offset);
    }
  }

  /// G(t): sum of g over all months before t, counted from month -visit_offset.
  double cumulative(sim::Month month) const {
    return cumulative_.at(static_cast<std::size_t>(month + visit_offset));
  }
  /// What has passed at `month`, by month of the last visit (as stored: 0 is month -visit_offset).
  void fill(sim::Month month, std::vector<VisitGap>& table) const {
    const std::size_t now = static_cast<std::size_t>(month + visit_offset);
    MUSI_EXPECT(now < elapsed_.size());
    table.resize(now + 1);
    for (std::size_t last = 0; last <= now; ++last) {
      table[last] = elapsed_[now - last];
      table[last].gain = static_cast<float>(cumulative_[now] - cumulative_[last]);
    }
  }
  const IncomeProcess& process() const { return process_; }

 private:
  IncomeProcess process_;
  std::vector<double> cumulative_;
  std::vector<VisitGap> elapsed_;
};

}  // namespace musi::models
