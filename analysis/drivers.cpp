#include "analysis/drivers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sim/core/check.h"
#include "sim/core/error.h"

namespace musi::analysis {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
using Kind = CompareMetric::Kind;

/// Two-sided p-value of a standard normal number.
double p_of(double z) { return std::isnan(z) ? 1.0 : std::erfc(std::abs(z) / std::sqrt(2.0)); }

/// Difference of two shares, in percent. Source: Newcombe 1998, method 10.
void share_effect(const std::vector<double>& low, const std::vector<double>& high, DriverRow& row) {
  const auto count = [](const std::vector<double>& values) {
    return static_cast<std::size_t>(
        std::count_if(values.begin(), values.end(), [](double v) { return v > 50.0; }));
  };
  const std::size_t n_low = count(low), n_high = count(high);
  const Share a = share(n_low, low.size()), b = share(n_high, high.size());
  const double d = b.estimate - a.estimate;
  row.effect = {100.0 * d, 100.0 * (d - std::hypot(b.estimate - b.low, a.high - a.estimate)),
                100.0 * (d + std::hypot(b.high - b.estimate, a.estimate - a.low))};
  const double n_a = static_cast<double>(low.size()), n_b = static_cast<double>(high.size());
  const double pooled = static_cast<double>(n_low + n_high) / (n_a + n_b);
  const double error = std::sqrt(pooled * (1.0 - pooled) * (1.0 / n_a + 1.0 / n_b));
  row.p_value = error > 0.0 ? p_of(d / error) : 1.0;
}

/// Difference of two means with unequal variances.
void mean_effect(const std::vector<double>& low, const std::vector<double>& high, DriverRow& row) {
  const double d = row.high - row.low;
  const double sd_low = standard_deviation(low), sd_high = standard_deviation(high);
  const double error = std::sqrt(sd_low * sd_low / static_cast<double>(low.size()) +
                                 sd_high * sd_high / static_cast<double>(high.size()));
  row.effect = {d, d - z95 * error, d + z95 * error};
  row.p_value = error > 0.0 ? p_of(d / error) : d == 0.0 ? 1.0 : 0.0;
}

/// Ranks from 1, equal values with their mean rank.
std::vector<double> ranks(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return values[a] != values[b] ? values[a] < values[b] : a < b;
  });
  std::vector<double> ranks(values.size());
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i;
    while (end < order.size() && values[order[end]] == values[order[i]]) ++end;
    for (std::size_t k = i; k < end; ++k) {
      ranks[order[k]] = 0.5 * static_cast<double>(i + 1 + end);
    }
    i = end;
  }
  return ranks;
}

/// From this rank correlation on two inputs of a finite design count as moving together.
constexpr double twin_correlation = 0.5;

/// Ranked rows that stand out: which larger one moves with each? `values`: of each path.
void add_twins(std::vector<DriverRow>& rows, const ResultInputs& inputs) {
  std::vector<std::size_t> larger;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (!rows[r].stands_out) continue;
    const auto values_of = [&](const std::string& path) -> const std::vector<double>& {
      const auto at = std::find(inputs.paths.begin(), inputs.paths.end(), path);
      return inputs.values[static_cast<std::size_t>(at - inputs.paths.begin())];
    };
    for (const std::size_t l : larger) {
      const double c = rank_correlation(values_of(rows[r].path), values_of(rows[l].path));
      if (std::abs(c) < std::max(twin_correlation, std::abs(rows[r].twin_correlation))) continue;
      rows[r].twin = rows[l].path;
      rows[r].twin_correlation = c;
    }
    larger.push_back(r);
  }
}

/// A group of neighbouring futures, or several joined.
struct Level {
  double x = 0.0, y = 0.0, weight = 0.0;
};

/// Isotonic (rising) fit by pooling neighbours that violate the order.
void make_rising(std::vector<Level>& levels) {
  std::vector<Level> pooled;
  std::vector<std::size_t> sizes;
  for (const Level& level : levels) {
    pooled.push_back(level);
    sizes.push_back(1);
    while (pooled.size() > 1 && pooled[pooled.size() - 2].y > pooled.back().y) {
      const Level last = pooled.back();
      pooled.pop_back();
      const std::size_t n = sizes.back();
      sizes.pop_back();
      Level& before = pooled.back();
      before.y = (before.y * before.weight + last.y * last.weight) / (before.weight + last.weight);
      before.weight += last.weight;
      sizes.back() += n;
    }
  }
  std::size_t i = 0;
  for (std::size_t p = 0; p < pooled.size(); ++p) {
    for (std::size_t k = 0; k < sizes[p]; ++k) levels[i++].y = pooled[p].y;
  }
}

}  // namespace

std::optional<DriverRow> regional_row(std::span<const double> input,
                                      std::span<const double> outcome, bool is_share) {
  MUSI_EXPECT(input.size() == outcome.size());
  std::vector<double> known;
  for (std::size_t i = 0; i < input.size(); ++i) {
    if (!std::isnan(input[i]) && !std::isnan(outcome[i])) known.push_back(input[i]);
  }
  if (known.size() < 2) return std::nullopt;
  const double p[] = {0.25, 0.75};
  const std::vector<double> q = quantiles(known, p);  // sorts
  if (known.front() == known.back()) return std::nullopt;
  const bool is_common = q[0] == q[1];  // more than half of the futures share one value
  const auto is_low = [&](double x) {
    return is_common && known.front() < q[0] ? x < q[0] : x <= q[0];
  };
  const auto is_high = [&](double x) {
    return is_common && known.back() > q[1] ? x > q[1] : x >= q[1];
  };
  std::vector<double> low, high;
  for (std::size_t i = 0; i < input.size(); ++i) {
    if (std::isnan(input[i]) || std::isnan(outcome[i])) continue;
    if (is_low(input[i])) {
      low.push_back(outcome[i]);
    } else if (is_high(input[i])) {
      high.push_back(outcome[i]);
    }
  }
  if (low.empty() || high.empty()) return std::nullopt;
  DriverRow row;
  row.low = mean(low);
  row.high = mean(high);
  is_share ? share_effect(low, high, row) : mean_effect(low, high, row);
  return row;
}

std::optional<double> tipping_value(std::span<const double> input, std::span<const double> outcome,
                                    double level_pct) {
  MUSI_EXPECT(input.size() == outcome.size());
  constexpr std::size_t smallest_group = 20, most_groups = 10;
  const std::size_t n = input.size();
  const std::size_t n_groups = std::min(most_groups, n / smallest_group);
  if (n_groups < 2) return std::nullopt;
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return input[a] != input[b] ? input[a] < input[b] : a < b;
  });
  std::vector<Level> levels;
  for (std::size_t g = 0; g < n_groups; ++g) {
    const std::size_t begin = g * n / n_groups, end = (g + 1) * n / n_groups;
    Level level;
    level.weight = static_cast<double>(end - begin);
    for (std::size_t i = begin; i < end; ++i) {
      level.x += input[order[i]] / level.weight;
      level.y += outcome[order[i]] / level.weight;
    }
    levels.push_back(level);
  }
  double covariance = 0.0;
  const double middle = (static_cast<double>(n_groups) - 1.0) / 2.0;
  for (std::size_t g = 0; g < n_groups; ++g) {
    covariance += (static_cast<double>(g) - middle) * levels[g].y;
  }
  const double sign = covariance < 0.0 ? -1.0 : 1.0;
  for (Level& level : levels) level.y *= sign;
  make_rising(levels);
  const double wanted = sign * level_pct;
  for (std::size_t g = 0; g + 1 < levels.size(); ++g) {
    const Level &a = levels[g], &b = levels[g + 1];
    if (a.y > wanted || b.y <= wanted || b.x <= a.x) continue;
    return a.x + (b.x - a.x) * (wanted - a.y) / (b.y - a.y);
  }
  return std::nullopt;
}

void mark_discoveries(std::vector<DriverRow>& rows, double rate) {
  std::vector<double> p;
  for (const DriverRow& row : rows) p.push_back(row.p_value);
  std::sort(p.begin(), p.end());
  double limit = -1.0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    const double bound = rate * static_cast<double>(i + 1) / static_cast<double>(p.size());
    if (p[i] <= bound) limit = p[i];
  }
  for (DriverRow& row : rows) row.stands_out = row.p_value <= limit;
}

void add_tipping(DriverRow& row, std::span<const double> input, std::span<const double> outcome,
                 double wished_pct) {
  if (!row.stands_out) return;
  for (const double level : {50.0, wished_pct}) {
    if (const auto value = tipping_value(input, outcome, level)) {
      row.tipping = Tipping{*value, level};
      return;
    }
  }
}

double rank_correlation(std::span<const double> a, std::span<const double> b) {
  MUSI_EXPECT(a.size() == b.size());
  const std::vector<double> x = ranks(a), y = ranks(b);
  const double mean_x = mean(x), mean_y = mean(y);
  double xy = 0.0, xx = 0.0, yy = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mean_x) * (y[i] - mean_y);
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    yy += (y[i] - mean_y) * (y[i] - mean_y);
  }
  return xx > 0.0 && yy > 0.0 ? xy / std::sqrt(xx * yy) : 0.0;
}

void rank(std::vector<DriverRow>& rows) {
  const auto size = [](const DriverRow& row) {
    if (row.total) return row.total->estimate;
    if (row.screening) return row.screening->estimate;
    return std::abs(row.effect.estimate);
  };
  std::stable_sort(rows.begin(), rows.end(),
                   [&](const DriverRow& a, const DriverRow& b) { return size(a) > size(b); });
}

ResultInputs inputs_of(const Results& results, std::size_t option) {
  ResultInputs inputs;
  if (!results.has("input") || !results.has("input_value")) return inputs;
  inputs.paths = results.file().texts("input");
  inputs.units = results.file().texts("input_units");
  const std::vector<double> all = results.series("input_value", option);
  const std::size_t k = inputs.paths.size();
  MUSI_EXPECT(all.size() == results.n_replicates() * k);
  inputs.values.assign(k, std::vector<double>(results.n_replicates()));
  for (std::size_t i = 0; i < all.size(); ++i) inputs.values[i % k][i / k] = all[i];
  return inputs;
}

CompareMetric driver_metric(const std::string& text, int headline_year, int spent_from,
                            int spent_to) {
  std::string full = text;
  if (text.empty()) full = fmt::format("chance_by:{}", headline_year);
  if (text == "paid_idr_bn") full = fmt::format("paid_idr_bn:{}..{}", spent_from, spent_to);
  return parse_metric(full);
}

bool is_share(const CompareMetric& metric) {
  return metric.kind == Kind::chance_by || metric.kind == Kind::not_reached_pct;
}

std::string unit_of(const CompareMetric& metric) {
  switch (metric.kind) {
    case Kind::restricted_mean_years:
      return "years";
    case Kind::slum_area_ha:
      return "ha";
    case Kind::paid_idr_bn:
      return "IDR billion";
    default:
      return "percent";
  }
}

std::vector<DriverRow> regional_drivers(const Results& results, std::size_t option,
                                        const CompareMetric& metric, double wished_pct) {
  const ResultInputs inputs = inputs_of(results, option);
  if (inputs.paths.empty()) {
    throw sim::IoError(
        "no_inputs", fmt::format("'{}' holds no uncertain inputs: nothing varies", results.path()));
  }
  const std::vector<double> outcome =
      metric_values(results, option, metric, results.years().front(), results.years().back());
  std::vector<DriverRow> rows;
  std::vector<std::size_t> of;
  for (std::size_t i = 0; i < inputs.paths.size(); ++i) {
    std::optional<DriverRow> row = regional_row(inputs.values[i], outcome, is_share(metric));
    if (!row) continue;
    row->path = inputs.paths[i];
    row->unit = inputs.units[i];
    rows.push_back(std::move(*row));
    of.push_back(i);
  }
  mark_discoveries(rows);
  for (std::size_t r = 0; r < rows.size() && is_share(metric); ++r) {
    add_tipping(rows[r], inputs.values[of[r]], outcome, wished_pct);
  }
  rank(rows);
  add_twins(rows, inputs);
  return rows;
}

}  // namespace musi::analysis
