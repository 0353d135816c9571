#include "analysis/calibration/emulator.h"

#include <eigen3/Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <set>

#include "sim/core/check.h"

namespace musi::analysis::calibration {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Runs per term: fewer would fit noise whatever the criterion says.
constexpr std::size_t runs_per_term = 8;
/// Terms after which the search goes on although the criterion rises, in case the next ones pay.
constexpr std::size_t patience = 3;

/// Legendre polynomials on [0,1] with mean 0 and variance 1.
double linear(double u) { return std::sqrt(3.0) * (2.0 * u - 1.0); }
double square(double u) {
  const double x = 2.0 * u - 1.0;
  return std::sqrt(5.0) * 0.5 * (3.0 * x * x - 1.0);
}

double value_of(const Term& term, std::span<const double> point) {
  if (term.degree == 1) return linear(point[term.first]);
  if (term.first == term.second) return square(point[term.first]);
  return linear(point[term.first]) * linear(point[term.second]);
}

std::vector<Term> single_terms(std::size_t n_inputs) {
  std::vector<Term> terms;
  for (std::uint32_t i = 0; i < n_inputs; ++i) {
    terms.push_back({i, i, 1});
    terms.push_back({i, i, 2});
  }
  return terms;
}

/// Products of an input that was chosen with any other: an input may matter through another alone.
std::vector<Term> products(const std::vector<Term>& chosen, std::size_t n_inputs) {
  std::set<std::uint32_t> inputs;
  for (const Term& term : chosen) inputs.insert({term.first, term.second});
  std::vector<Term> terms;
  for (const std::uint32_t a : inputs) {
    for (std::uint32_t b = 0; b < n_inputs; ++b) {
      const bool is_pair_seen_before = inputs.contains(b) && b <= a;
      if (!is_pair_seen_before) terms.push_back({std::min(a, b), std::max(a, b), 2});
    }
  }
  return terms;
}

MatrixXd columns_of(const std::vector<Term>& terms, const Points& points) {
  MatrixXd columns(static_cast<Index>(points.size()), static_cast<Index>(terms.size()));
  for (std::size_t t = 0; t < terms.size(); ++t) {
    for (std::size_t r = 0; r < points.size(); ++r) {
      columns(static_cast<Index>(r), static_cast<Index>(t)) = value_of(terms[t], points[r]);
    }
  }
  return columns;
}

/// Forward selection with Gram-Schmidt: candidates stay orthogonal to what was chosen.
class Selection {
 public:
  Selection(const Points& points, const VectorXd& outputs)
      : points_(points), n_(static_cast<double>(points.size())) {
    residual_ = outputs.array() - outputs.mean();
    basis_.push_back(VectorXd::Constant(outputs.size(), 1.0 / std::sqrt(n_)));
    total_ = residual_.squaredNorm();
    most_terms_ = points.size() / runs_per_term;
  }

  void add_from(const std::vector<Term>& candidates) {
    if (candidates.empty() || !(total_ > 0.0)) return;
    n_candidates_ += static_cast<double>(candidates.size());
    MatrixXd columns = columns_of(candidates, points_);
    const VectorXd norms = columns.colwise().squaredNorm();
    for (const VectorXd& b : basis_) columns -= b * (b.transpose() * columns);
    std::vector<Term> tried = chosen_;
    VectorXd residual = residual_;
    double best = criterion(residual.squaredNorm(), tried.size());
    std::vector<VectorXd> found;
    for (std::size_t worse = 0; worse < patience && tried.size() < most_terms_;) {
      const Index pick = strongest(columns, norms, residual);
      if (pick < 0) break;
      const VectorXd b = columns.col(pick).normalized();
      residual -= b * b.dot(residual);
      columns -= b * (b.transpose() * columns);
      found.push_back(b);
      tried.push_back(candidates[static_cast<std::size_t>(pick)]);
      const double now = criterion(residual.squaredNorm(), tried.size());
      if (now < best) {
        best = now;
        worse = 0;
        chosen_ = tried;
        residual_ = residual;
        basis_.insert(basis_.end(), found.begin(), found.end());
        found.clear();
      } else {
        ++worse;
      }
    }
  }

  const std::vector<Term>& chosen() const { return chosen_; }

 private:
  /// Extended Bayesian information criterion. Source: Chen and Chen 2008, gamma 1.
  double criterion(double rss, std::size_t n_terms) const {
    const double k = static_cast<double>(n_terms);
    return n_ * std::log(std::max(rss, 1e-12 * total_) / n_) + k * std::log(n_) +
           2.0 * k * std::log(n_candidates_);
  }

  /// Candidate that takes most of the residual; -1 if none is left that is not a sum of others.
  static Index strongest(const MatrixXd& columns, const VectorXd& norms,
                         const VectorXd& residual) {
    Index pick = -1;
    double most = 0.0;
    for (Index c = 0; c < columns.cols(); ++c) {
      const double norm = columns.col(c).squaredNorm();
      if (norm < 1e-8 * norms(c)) continue;
      const double along = columns.col(c).dot(residual);
      const double taken = along * along / norm;
      if (taken > most * (1.0 + 1e-12)) {
        most = taken;
        pick = c;
      }
    }
    return pick;
  }

  const Points& points_;
  double n_, total_ = 0.0, n_candidates_ = 0.0;
  std::size_t most_terms_ = 0;
  VectorXd residual_;
  std::vector<VectorXd> basis_;
  std::vector<Term> chosen_;
};

}  // namespace

Emulator Emulator::fit(const Points& points, std::span<const double> outputs) {
  MUSI_EXPECT(points.size() >= 10 && points.size() == outputs.size());
  const auto n = static_cast<Index>(points.size());
  VectorXd y(n);
  for (Index r = 0; r < n; ++r) y(r) = outputs[static_cast<std::size_t>(r)];
  MUSI_EXPECT(y.allFinite());
  Selection selection(points, y);
  selection.add_from(single_terms(points.front().size()));
  selection.add_from(products(selection.chosen(), points.front().size()));

  Emulator emulator;
  emulator.terms_ = selection.chosen();
  MatrixXd design(n, static_cast<Index>(emulator.terms_.size()) + 1);
  design << VectorXd::Ones(n), columns_of(emulator.terms_, points);
  const MatrixXd inverse =
      (design.transpose() * design)
          .ldlt()
          .solve(MatrixXd::Identity(design.cols(), design.cols()));
  const VectorXd coefficients = inverse * (design.transpose() * y);
  const VectorXd residual = y - design * coefficients;
  emulator.noise_ = residual.squaredNorm() / static_cast<double>(n - design.cols());
  const VectorXd leverage = (design * inverse).cwiseProduct(design).rowwise().sum();
  double left_out = 0.0;
  for (Index r = 0; r < n; ++r) {
    const double error = residual(r) / std::max(1e-9, 1.0 - leverage(r));
    left_out += error * error;
  }
  const double total = (y.array() - y.mean()).square().sum();
  emulator.predicted_share_ = total > 0.0 ? 1.0 - left_out / total : 0.0;
  emulator.coefficients_.assign(coefficients.data(), coefficients.data() + coefficients.size());
  emulator.inverse_.assign(inverse.data(), inverse.data() + inverse.size());
  std::set<std::size_t> active;
  for (const Term& term : emulator.terms_) active.insert({term.first, term.second});
  emulator.active_.assign(active.begin(), active.end());
  return emulator;
}

Prediction Emulator::at(std::span<const double> point) const {
  const std::size_t n = terms_.size() + 1;
  std::vector<double> x{1.0};
  x.reserve(n);
  for (const Term& term : terms_) x.push_back(value_of(term, point));
  Prediction prediction;
  double spread = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    prediction.mean += coefficients_[i] * x[i];
    double row = 0.0;
    for (std::size_t k = 0; k < n; ++k) row += inverse_[i * n + k] * x[k];
    spread += row * x[i];
  }
  prediction.variance = noise_ * std::max(0.0, spread);
  return prediction;
}

}  // namespace musi::analysis::calibration
