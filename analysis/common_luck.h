#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "analysis/scenario/reader.h"
#include "models/scenario.h"
#include "sim/core/design.h"

namespace musi::analysis {

/// The luck of all futures of a file: future 17 has the same run seed and, for each uncertain
/// input, the same point of the design in every option, level and point of a search. Inputs are
/// found by their path, so a value that makes one of them certain moves no other.
class CommonLuck {
 public:
  /// `read` must be ok(). The design has one dimension for each input that is uncertain in any
  /// variant of the file, whichever of them are run.
  explicit CommonLuck(const ReadResult& read);

  std::size_t n_replicates() const { return n_replicates_; }
  /// One point for each draw of the inputs: sampling.repeats_per_draw futures share it.
  const sim::Design& design() const { return design_; }
  /// True if the first futures stay the same when futures are added.
  bool has_stable_prefixes() const { return sim::Design::has_stable_prefixes(kind_); }
  std::uint64_t run_seed(std::size_t replicate) const;
  /// Dimension of the design for each of scenario.design_inputs(); `none` for an input that no
  /// variant of the file has: it is drawn at random by its own name.
  std::vector<std::size_t> dimensions(const models::Scenario& scenario) const;
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  /// Uniforms for scenario.design_inputs(). `dimensions` as above. Inputs that sampling.draws lists
  /// get the uniform of their row: row 5 for future 5, or for the fifth group of repeats.
  std::vector<double> point(const models::Scenario& scenario,
                            const std::vector<std::size_t>& dimensions,
                            std::size_t replicate) const;

 private:
  std::uint64_t seed_ = 0;
  std::size_t repeats_ = 1, n_replicates_ = 0;
  sim::DesignKind kind_ = sim::DesignKind::sobol;
  std::map<std::string, std::size_t> dimension_of_;
  sim::Design design_{sim::DesignKind::random, 0, 0, 0};
};

}  // namespace musi::analysis
