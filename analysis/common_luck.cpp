#include "analysis/common_luck.h"

#include "sim/core/check.h"
#include "sim/core/rng.h"

namespace musi::analysis {
namespace {

/// Design and run seeds come from the same number and must not meet.
constexpr std::uint64_t design_stream = 0x64657369676Eull;  // "design"
/// Keeps draws by path apart from the decisions of the model.
constexpr std::uint32_t by_path = 0x80000000u;

sim::DesignKind kind_of(models::Scenario::Sampling::Design design) {
  switch (design) {
    case models::Scenario::Sampling::Design::sobol:
      return sim::DesignKind::sobol;
    case models::Scenario::Sampling::Design::latin_hypercube:
      return sim::DesignKind::latin_hypercube;
    case models::Scenario::Sampling::Design::random:
      return sim::DesignKind::random;
  }
  return sim::DesignKind::sobol;
}

}  // namespace

CommonLuck::CommonLuck(const ReadResult& read) {
  MUSI_EXPECT(!read.variants.empty());
  for (const Variant& v : read.variants) {
    for (const models::Uncertain* input : v.scenario.design_inputs()) {
      dimension_of_.try_emplace(input->path, dimension_of_.size());
    }
  }
  const auto& sampling = read.variants.front().scenario.sampling;
  seed_ = sampling.seed;
  kind_ = kind_of(sampling.design);
  repeats_ = static_cast<std::size_t>(sampling.repeats_per_draw);
  const auto n_draws = (static_cast<std::size_t>(sampling.replicates) + repeats_ - 1) / repeats_;
  design_ = sim::Design(kind_, sim::mix(seed_, design_stream), dimension_of_.size(), n_draws);
  n_replicates_ = static_cast<std::size_t>(sampling.replicates);
}

std::uint64_t CommonLuck::run_seed(std::size_t replicate) const {
  return sim::run_seed(seed_, replicate);
}

std::vector<std::size_t> CommonLuck::dimensions(const models::Scenario& scenario) const {
  std::vector<std::size_t> dimensions;
  for (const models::Uncertain* input : scenario.design_inputs()) {
    const auto found = dimension_of_.find(input->path);
    dimensions.push_back(found == dimension_of_.end() ? none : found->second);
  }
  return dimensions;
}

std::vector<double> CommonLuck::point(const models::Scenario& scenario,
                                      const std::vector<std::size_t>& dimensions,
                                      std::size_t replicate) const {
  const std::vector<const models::Uncertain*> inputs = scenario.design_inputs();
  MUSI_EXPECT(inputs.size() == dimensions.size());
  std::vector<double> point;
  point.reserve(inputs.size());
  const std::size_t draw = replicate / repeats_;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i]->value.is_listed()) {
      const std::size_t n_rows = inputs[i]->value.list->size();
      point.push_back(models::uniform_at(draw % n_rows, n_rows));
      continue;
    }
    if (dimensions[i] != none) {
      point.push_back(design_.uniform(draw, dimensions[i]));
      continue;
    }
    const std::string& path = inputs[i]->path;
    const std::uint32_t decision = sim::fnv1a(path.data(), path.size()) | by_path;
    point.push_back(sim::Chance(run_seed(draw), decision, sim::start_state).fine_uniform(0));
  }
  return point;
}

}  // namespace musi::analysis
