#include "models/city.h"

#include <algorithm>
#include <cmath>

#include "models/beta.h"
#include "sim/core/check.h"

namespace musi::models {

double City::price_level(int year) const {
  MUSI_EXPECT(!price_index.empty());
  const auto at = [&](int y) {
    const auto above = price_index.lower_bound(y);
    if (above == price_index.end()) return price_index.rbegin()->second;
    if (above->first == y || above == price_index.begin()) return above->second;
    const auto below = std::prev(above);
    const double weight =
        static_cast<double>(y - below->first) / static_cast<double>(above->first - below->first);
    return below->second + weight * (above->second - below->second);
  };
  return at(year) / at(2019);
}

namespace {

/// Lower triangle L with L L' = (1 - shrink) R + shrink I; empty if R is not positive definite.
std::vector<std::vector<double>> cholesky(const std::vector<std::vector<double>>& r,
                                          double shrink) {
  const std::size_t n = r.size();
  std::vector<std::vector<double>> l(n, std::vector<double>(n, 0.0));
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = i == j ? 1.0 : (1.0 - shrink) * r[i][j];
      for (std::size_t k = 0; k < j; ++k) sum -= l[i][k] * l[j][k];
      if (i != j) {
        l[i][j] = sum / l[j][j];
        continue;
      }
      if (sum < 1e-9) return {};
      l[i][i] = std::sqrt(sum);
    }
  }
  return l;
}

constexpr std::size_t n_knots = 257;

City::DeficitTable table_of(const City::DeficitRow& row) {
  City::DeficitTable table;
  table.mass_at_zero = row.share_zero;
  table.mass_at_one = row.share_one;
  const double rest = 1.0 - row.share_zero - row.share_one;
  if (row.sd <= 0.0 || rest < 1e-6) {  // 0 or 1 only
    table.mass_at_zero = 1.0 - table.mass_at_one;
    return table;
  }
  const double mean = std::clamp((row.mean - row.share_one) / rest, 0.01, 0.99);
  const double variance = std::min(row.sd * row.sd, 0.95 * mean * (1.0 - mean));
  const double sum = mean * (1.0 - mean) / variance - 1.0;
  table.quantiles = beta_quantiles(mean * sum, (1.0 - mean) * sum, n_knots);
  return table;
}

}  // namespace

std::array<double, n_criteria> SurveyedRt::shares() const {
  std::array<double, n_criteria> all{};
  for (std::size_t k = 0; k < n_criteria; ++k) all[k] = share(numerator[k], denominator[k]).value;
  return all;
}

const std::vector<std::size_t>& City::survey_of(const std::string& site_id) const {
  static const std::vector<std::size_t> none;
  const auto found = surveyed_sites.find(site_id);
  return found == surveyed_sites.end() ? none : found->second;
}

void City::prepare() {
  surveyed_sites.clear();
  for (std::size_t i = 0; i < surveyed.size(); ++i) {
    surveyed_sites[surveyed[i].site_id].push_back(i);
  }
  deficit_tables.clear();
  for (const DeficitRow& row : deficits) deficit_tables.push_back(table_of(row));
  // Correlations that were measured pair by pair need not form a positive definite matrix.
  for (double shrink = 0.0; deficit_cholesky.empty() && shrink < 1.0; shrink += 0.01) {
    deficit_cholesky = cholesky(deficit_correlations, shrink);
  }
}

}  // namespace musi::models
