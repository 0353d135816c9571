#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// A cheap stand-in for one output of the simulator.
namespace musi::analysis::calibration {

/// Points of the unit cube of the inputs. Shape: [run][input].
using Points = std::vector<std::vector<double>>;

/// One product of Legendre polynomials, at most quadratic: of one input, or of two.
struct Term {
  std::uint32_t first = 0, second = 0;  ///< inputs; equal for a square
  std::uint8_t degree = 1;              ///< 1: first alone; 2: square or product
  bool operator==(const Term&) const = default;
};

struct Prediction {
  double mean = 0.0;
  double variance = 0.0;  ///< of the mean: how well the emulator itself is known
};

/// Quadratic regression on those inputs that matter, with residual variance.
///
/// Terms enter one by one, the one that explains most first (orthogonal least squares, Chen,
/// Billings and Luo 1989): first single inputs and their squares, then products with
/// an input that entered. They stop at the least extended Bayesian information criterion (Chen and
/// Chen 2008), which charges for the number of candidates, so that noise in two hundred inputs is
/// not taken for an effect. The residual variance holds the chance between futures, all inputs left
/// out and what is not quadratic.
class Emulator {
 public:
  /// `outputs`: one number per point. At least 10 points, all finite.
  static Emulator fit(const Points& points, std::span<const double> outputs);

  Prediction at(std::span<const double> point) const;
  /// Variance of one run about the mean.
  double noise_variance() const { return noise_; }
  /// Inputs that entered, rising.
  const std::vector<std::size_t>& active() const { return active_; }
  /// Share of the variance of the outputs that runs left out are predicted with (leave one out);
  /// below 0 if a constant does better.
  double predicted_share() const { return predicted_share_; }
  std::size_t n_terms() const { return terms_.size(); }

 private:
  std::vector<Term> terms_;
  std::vector<double> coefficients_;  ///< the constant first
  std::vector<double> inverse_;       ///< of the normal matrix; [term, term], constant first
  std::vector<std::size_t> active_;
  double noise_ = 0.0, predicted_share_ = 0.0;
};

}  // namespace musi::analysis::calibration
