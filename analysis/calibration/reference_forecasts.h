#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

/// Forecasts that know nothing of slums: what a model must beat to be worth its trouble.
namespace musi::analysis::calibration {

/// A number known at a time [years].
struct Known {
  double time = 0.0, value = 0.0;
};

/// Straight line by least squares; nothing for fewer than two different times.
std::optional<double> linear_forecast(std::span<const Known> known, double time);
/// A constant share a year: straight line through the logarithms by least squares. Nothing for
/// fewer than two different times, or values that are not above 0.
std::optional<double> exponential_forecast(std::span<const Known> known, double time);
/// Logistic fall from, or rise to, a ceiling: straight line through the logits by least squares,
/// with the ceiling (above the largest value, up to 20 times as high) at which the squared errors
/// of the values are least. Nothing for fewer than three different times, or values not above 0.
std::optional<double> logistic_forecast(std::span<const Known> known, double time);

struct ReferenceForecast {
  std::string name;  ///< linear, exponential, logistic
  std::optional<double> value;
};
/// All three.
std::vector<ReferenceForecast> reference_forecasts(std::span<const Known> known, double time);

}  // namespace musi::analysis::calibration
