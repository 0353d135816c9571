#include "analysis/calibration/reference_forecasts.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace musi::analysis::calibration {
namespace {

constexpr double highest_ceiling = 20.0;  ///< times the largest value
constexpr double nearest_ceiling = 1e-3;  ///< above it, as a share
constexpr int n_ceilings = 400;

struct Line {
  double at_zero = 0.0, slope = 0.0, middle = 0.0;
  double at(double time) const { return at_zero + slope * (time - middle); }
};

Line line_through(std::span<const Known> points) {
  const double n = static_cast<double>(points.size());
  Line line;
  for (const Known& p : points) {
    line.middle += p.time / n;
    line.at_zero += p.value / n;
  }
  double xx = 0.0, xy = 0.0;
  for (const Known& p : points) {
    xx += (p.time - line.middle) * (p.time - line.middle);
    xy += (p.time - line.middle) * (p.value - line.at_zero);
  }
  line.slope = xy / xx;
  return line;
}

bool has_times(std::span<const Known> known, std::size_t n) {
  std::set<double> times;
  for (const Known& k : known) times.insert(k.time);
  return times.size() >= n;
}

bool all_positive(std::span<const Known> known) {
  return std::all_of(known.begin(), known.end(), [](const Known& k) { return k.value > 0.0; });
}

Line logit_line(std::span<const Known> known, double ceiling) {
  std::vector<Known> logits;
  for (const Known& k : known) {
    logits.push_back({k.time, std::log(k.value / (ceiling - k.value))});
  }
  return line_through(logits);
}

double logistic_at(const Line& line, double ceiling, double time) {
  return ceiling / (1.0 + std::exp(-line.at(time)));
}

double squared_error(std::span<const Known> known, double ceiling) {
  const Line line = logit_line(known, ceiling);
  double sum = 0.0;
  for (const Known& k : known) {
    const double error = logistic_at(line, ceiling, k.time) - k.value;
    sum += error * error;
  }
  return sum;
}

/// Best of a fine grid, then golden section around it; the ceiling as log of its excess.
double best_ceiling(std::span<const Known> known) {
  double largest = 0.0;
  for (const Known& k : known) largest = std::max(largest, k.value);
  const auto ceiling = [&](double x) { return largest * (1.0 + std::exp(x)); };
  const double from = std::log(nearest_ceiling), to = std::log(highest_ceiling - 1.0);
  const double step = (to - from) / n_ceilings;
  int best = 0;
  for (int i = 1; i <= n_ceilings; ++i) {
    if (squared_error(known, ceiling(from + i * step)) <
        squared_error(known, ceiling(from + best * step))) {
      best = i;
    }
  }
  double low = from + std::max(0, best - 1) * step;
  double high = from + std::min(n_ceilings, best + 1) * step;
  constexpr double golden = 0.6180339887498949;
  for (int i = 0; i < 60; ++i) {
    const double a = high - golden * (high - low), b = low + golden * (high - low);
    if (squared_error(known, ceiling(a)) < squared_error(known, ceiling(b))) {
      high = b;
    } else {
      low = a;
    }
  }
  return ceiling(0.5 * (low + high));
}

}  // namespace

std::optional<double> linear_forecast(std::span<const Known> known, double time) {
  if (!has_times(known, 2)) return std::nullopt;
  return line_through(known).at(time);
}

std::optional<double> exponential_forecast(std::span<const Known> known, double time) {
  if (!has_times(known, 2) || !all_positive(known)) return std::nullopt;
  std::vector<Known> logs(known.begin(), known.end());
  for (Known& k : logs) k.value = std::log(k.value);
  return std::exp(line_through(logs).at(time));
}

std::optional<double> logistic_forecast(std::span<const Known> known, double time) {
  if (!has_times(known, 3) || !all_positive(known)) return std::nullopt;
  const double ceiling = best_ceiling(known);
  return logistic_at(logit_line(known, ceiling), ceiling, time);
}

std::vector<ReferenceForecast> reference_forecasts(std::span<const Known> known, double time) {
  return {{"linear", linear_forecast(known, time)},
          {"exponential", exponential_forecast(known, time)},
          {"logistic", logistic_forecast(known, time)}};
}

}  // namespace musi::analysis::calibration
