#include "analysis/survival.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "sim/core/check.h"

namespace musi::analysis {
namespace {

/// Rounding of products of many factors: curves meant to meet 1 - p are this near to it.
constexpr double rounding = 1e-9;

/// Regularised upper incomplete gamma function: series for small x, else continued fraction.
/// Source: Numerical Recipes, section 6.2.
double upper_gamma(double a, double x) {
  if (x <= 0.0) return 1.0;
  const double factor = std::exp(-x + a * std::log(x) - std::lgamma(a));
  if (x < a + 1.0) {
    double term = 1.0 / a, sum = term;
    for (double k = a + 1.0; std::abs(term) > 1e-16 * sum; k += 1.0) {
      term *= x / k;
      sum += term;
    }
    return 1.0 - sum * factor;
  }
  constexpr double tiny = 1e-300;
  double b = x + 1.0 - a, c = 1.0 / tiny, d = 1.0 / b, h = d;
  for (int i = 1; i < 10'000; ++i) {
    const double an = -i * (i - a);
    b += 2.0;
    d = an * d + b;
    if (std::abs(d) < tiny) d = tiny;
    c = b + an / c;
    if (std::abs(c) < tiny) c = tiny;
    d = 1.0 / d;
    h *= d * c;
    if (std::abs(d * c - 1.0) < 1e-15) break;
  }
  return factor * h;
}

std::size_t n_at_risk(const std::vector<Lifetime>& group, double time) {
  return static_cast<std::size_t>(
      std::count_if(group.begin(), group.end(), [&](const Lifetime& l) { return l.time >= time; }));
}

std::size_t n_events(const std::vector<Lifetime>& group, double time) {
  return static_cast<std::size_t>(std::count_if(
      group.begin(), group.end(), [&](const Lifetime& l) { return l.reached && l.time == time; }));
}

/// Solves A x = b for a symmetric positive definite matrix by elimination; a row whose pivot
/// vanishes carries no information and gets 0.
std::vector<double> solve(std::vector<double> a, std::vector<double> b) {
  const std::size_t n = b.size();
  std::vector<std::uint8_t> is_empty(n);
  for (std::size_t k = 0; k < n; ++k) {
    is_empty[k] = a[k * n + k] < 1e-12;
    if (is_empty[k]) continue;
    for (std::size_t row = k + 1; row < n; ++row) {
      const double factor = a[row * n + k] / a[k * n + k];
      for (std::size_t column = k; column < n; ++column) {
        a[row * n + column] -= factor * a[k * n + column];
      }
      b[row] -= factor * b[k];
    }
  }
  std::vector<double> x(n);
  for (std::size_t k = n; k-- > 0;) {
    if (is_empty[k]) continue;
    double rest = b[k];
    for (std::size_t column = k + 1; column < n; ++column) rest -= a[k * n + column] * x[column];
    x[k] = rest / a[k * n + k];
  }
  return x;
}

/// Intervals from a left end to the next right end without another left end between: only they can
/// hold shares of the estimate.
std::vector<ShareBetween> innermost(std::span<const SeenBetween> times) {
  std::set<double> lefts, rights;
  for (const SeenBetween& t : times) {
    MUSI_EXPECT(t.after < t.until);
    lefts.insert(t.after);
    rights.insert(t.until);
  }
  std::vector<ShareBetween> found;
  for (auto left = lefts.begin(); left != lefts.end(); ++left) {
    const auto right = rights.upper_bound(*left);
    if (right == rights.end()) continue;
    const auto next = std::next(left);
    if (next == lefts.end() || *next >= *right) found.push_back({*left, *right, 0.0});
  }
  return found;
}

/// First and one past the last of the innermost intervals that lie inside of a time.
std::pair<std::size_t, std::size_t> held_by(const std::vector<ShareBetween>& shares,
                                            const SeenBetween& time) {
  std::size_t first = 0;
  while (first < shares.size() && shares[first].after < time.after) ++first;
  std::size_t last = first;
  while (last < shares.size() && shares[last].until <= time.until) ++last;
  return {first, last};
}

}  // namespace

std::vector<Lifetime> lifetimes(std::span<const double> years, double last_year) {
  std::vector<Lifetime> result;
  for (const double year : years) {
    const bool reached = !std::isnan(year) && year <= last_year;
    result.push_back({reached ? year : last_year, reached});
  }
  return result;
}

std::vector<SurvivalStep> kaplan_meier(std::span<const Lifetime> lifetimes) {
  std::vector<Lifetime> sorted(lifetimes.begin(), lifetimes.end());
  std::sort(sorted.begin(), sorted.end(),
            [](const Lifetime& a, const Lifetime& b) { return a.time < b.time; });
  std::vector<SurvivalStep> curve;
  double survival = 1.0, greenwood = 0.0;
  for (std::size_t i = 0; i < sorted.size();) {
    SurvivalStep step;
    step.time = sorted[i].time;
    step.at_risk = sorted.size() - i;
    for (; i < sorted.size() && sorted[i].time == step.time; ++i) {
      ++(sorted[i].reached ? step.events : step.censored);
    }
    const auto at_risk = static_cast<double>(step.at_risk);
    const auto events = static_cast<double>(step.events);
    survival *= 1.0 - events / at_risk;
    greenwood += step.events < step.at_risk ? events / (at_risk * (at_risk - events)) : 0.0;
    step.survival = survival;
    step.standard_error = survival * std::sqrt(greenwood);
    curve.push_back(step);
  }
  return curve;
}

double share_reached(std::span<const SurvivalStep> curve, double time) {
  double survival = 1.0;
  for (const SurvivalStep& step : curve) {
    if (step.time > time) break;
    survival = step.survival;
  }
  return 1.0 - survival;
}

double share_not_reached(std::span<const SurvivalStep> curve) {
  return curve.empty() ? 1.0 : curve.back().survival;
}

double restricted_mean(std::span<const SurvivalStep> curve, double start, double horizon) {
  MUSI_EXPECT(horizon >= start);
  double area = 0.0, from = start, survival = 1.0;
  for (const SurvivalStep& step : curve) {
    const double until = std::clamp(step.time, start, horizon);
    area += survival * (until - from);
    from = until;
    survival = step.survival;
  }
  return area + survival * (horizon - from);
}

double restricted_mean_error(std::span<const SurvivalStep> curve, double start, double horizon) {
  const double whole = restricted_mean(curve, start, horizon);
  double variance = 0.0;
  for (std::size_t i = 0; i < curve.size(); ++i) {
    const SurvivalStep& step = curve[i];
    if (step.time > horizon || step.events == 0 || step.events == step.at_risk) continue;
    const double right = whole - restricted_mean(curve.first(i + 1), start,
                                                 std::max(start, step.time));
    const auto n = static_cast<double>(step.at_risk), d = static_cast<double>(step.events);
    variance += right * right * d / (n * (n - d));
  }
  return std::sqrt(variance);
}

std::optional<double> time_of_share(std::span<const SurvivalStep> curve, double p) {
  for (const SurvivalStep& step : curve) {
    if (step.events > 0 && step.survival <= 1.0 - p + rounding) return step.time;
  }
  return std::nullopt;
}

std::vector<SeenBetween> seen_yearly(std::span<const double> years, double last_year) {
  std::vector<SeenBetween> times;
  for (const double year : years) {
    const bool is_seen = !std::isnan(year) && year <= last_year;
    times.push_back(is_seen ? SeenBetween{year - 1.0, year} : SeenBetween{.after = last_year});
  }
  return times;
}

std::vector<ShareBetween> turnbull(std::span<const SeenBetween> times) {
  std::vector<ShareBetween> shares = innermost(times);
  for (ShareBetween& s : shares) s.share = 1.0 / static_cast<double>(shares.size());
  // Equal times count once with their number: yearly data have few.
  std::map<std::pair<double, double>, double> counts;
  for (const SeenBetween& t : times) counts[{t.after, t.until}] += 1.0;
  constexpr int most_rounds = 100'000;
  constexpr double settled = 1e-13;
  for (int round = 0; round < most_rounds; ++round) {
    std::vector<double> expected(shares.size());
    for (const auto& [time, count] : counts) {
      const auto [first, last] = held_by(shares, {time.first, time.second});
      double sum = 0.0;
      for (std::size_t k = first; k < last; ++k) sum += shares[k].share;
      for (std::size_t k = first; k < last; ++k) expected[k] += count * shares[k].share / sum;
    }
    double change = 0.0;
    for (std::size_t k = 0; k < shares.size(); ++k) {
      const double share = expected[k] / static_cast<double>(times.size());
      change = std::max(change, std::abs(share - shares[k].share));
      shares[k].share = share;
    }
    if (change < settled) break;
  }
  return shares;
}

MeanBetween restricted_mean_between(std::span<const ShareBetween> shares, double start,
                                    double horizon) {
  MUSI_EXPECT(horizon >= start);
  MeanBetween mean;
  for (const ShareBetween& s : shares) {
    mean.low += s.share * (std::clamp(s.after, start, horizon) - start);
    mean.high += s.share * (std::clamp(s.until, start, horizon) - start);
  }
  return mean;
}

LogRank log_rank(std::span<const std::vector<Lifetime>> groups) {
  MUSI_EXPECT(groups.size() >= 2);
  const std::size_t n = groups.size() - 1;  // the last group follows from the others
  std::set<double> times;
  for (const auto& group : groups) {
    for (const Lifetime& lifetime : group) {
      if (lifetime.reached) times.insert(lifetime.time);
    }
  }
  std::vector<double> excess(n), variance(n * n);
  for (const double time : times) {
    std::vector<double> at_risk;
    double total = 0.0, events = 0.0;
    for (const auto& group : groups) {
      at_risk.push_back(static_cast<double>(n_at_risk(group, time)));
      total += at_risk.back();
      events += static_cast<double>(n_events(group, time));
    }
    const double spread = total > 1.0 ? events * (total - events) / (total - 1.0) : 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      const double part = at_risk[i] / total;
      excess[i] += static_cast<double>(n_events(groups[i], time)) - events * part;
      for (std::size_t k = 0; k < n; ++k) {
        variance[i * n + k] += spread * part * ((i == k ? 1.0 : 0.0) - at_risk[k] / total);
      }
    }
  }
  const std::vector<double> weights = solve(variance, excess);
  LogRank result;
  result.degrees_of_freedom = n;
  for (std::size_t i = 0; i < n; ++i) result.chi_squared += excess[i] * weights[i];
  result.p_value = upper_gamma(static_cast<double>(n) / 2.0, result.chi_squared / 2.0);
  return result;
}

}  // namespace musi::analysis
