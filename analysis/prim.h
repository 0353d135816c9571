#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <vector>

/// Where futures fail: boxes in the space of the uncertain inputs, found by the patient rule
/// induction method (PRIM). Sources: Friedman and Fisher 1999; Bryant and Lempert 2010 (coverage,
/// density, quasi-p-values, resampling); Kwakkel and Jaxa-Rozen 2016 (objective for inputs with few
/// values).
namespace musi::analysis {

/// Values of the inputs and whether each future fails.
struct PrimData {
  std::vector<std::vector<double>> inputs;  ///< [input][future]; inputs with NaN are not used
  std::vector<std::uint8_t> fails;          ///< [future] 0 or 1
};

/// One restriction of a box; an end that is not restricted is infinite.
struct BoxLimit {
  std::size_t input = 0;
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  /// Chance of at least as many failures in the box if this restriction told nothing: one-sided
  /// binomial test against the box without it. Not a p-value of an experiment: the restriction was
  /// searched for, hence "quasi".
  double quasi_p = 1.0;
  std::size_t n_found = 0;  ///< resamples whose box restricts the same ends of this input

  bool holds(double value) const { return value >= low && value <= high; }
};

struct Box {
  std::vector<BoxLimit> limits;   ///< by input
  std::size_t n_futures = 0;      ///< of all, inside
  std::size_t n_failures = 0;     ///< of all failures, inside
  std::size_t n_new_futures = 0;  ///< inside, and in no box before
  std::size_t n_new_failures = 0;
  /// Failures among the futures that resamples left out and their own boxes hold: how dense such a
  /// box is where it was not searched. NaN if there are none.
  double left_out_density = std::numeric_limits<double>::quiet_NaN();
  bool passes = false;  ///< dense enough, and every restriction significant and stable
};

struct PrimOptions {
  double peel = 0.05;            ///< share of the futures in the box that one step removes
  double min_mass = 0.05;        ///< smallest box, as share of all futures
  std::size_t min_futures = 10;  ///< smallest box
  std::size_t max_limits = 3;
  std::size_t max_boxes = 3;
  double min_density = 0.7;   ///< failures among the futures of a box, see wanted_density
  double min_coverage = 0.5;  ///< failures inside the boxes, of all failures
  double max_quasi_p = 0.05;
  std::size_t n_resamples = 50;
  double min_found = 0.5;  ///< share of resamples that must find a restriction again
  std::uint64_t seed = 0;
  /// Asked and told between pieces of work: done, of all. False stops the search.
  std::function<bool(std::size_t done, std::size_t total)> go_on = {};
};

struct PrimAnswer {
  std::size_t n_futures = 0, n_failures = 0;
  double wanted_density = 0.0;
  std::vector<Box> boxes;  ///< those that pass; else the best one, which does not
  double coverage = 0.0;   ///< failures inside the passing boxes, of all
  bool is_enough = false;  ///< the passing boxes cover enough
  bool is_stopped = false;
};

/// Density that a box must have: `min_density`; where so many futures fail anyway, half way from
/// their share to 1, since the whole space would pass else.
double wanted_density(double share_of_failures, double min_density);

/// One box in weighted futures: peeling of all inputs, choice of the box with the greatest harmonic
/// mean of coverage and density among those that are dense enough (if none is, the densest),
/// dropping of the inputs that matter least until `max_limits` are left, peeling of these alone,
/// pasting, and dropping of ends that do not pay. Weight 0: the future is not there. Empty if
/// nothing can be peeled.
std::vector<BoxLimit> find_box(const PrimData& data, std::span<const std::uint32_t> weights,
                               double wanted_density, const PrimOptions& options);

/// Up to `max_boxes` boxes, each searched in the futures that no box before holds. The same for any
/// number of threads.
PrimAnswer find_failures(const PrimData& data, const PrimOptions& options);

/// P(X >= k) of a binomial number with n trials and chance p.
double binomial_tail(std::size_t k, std::size_t n, double p);

}  // namespace musi::analysis
