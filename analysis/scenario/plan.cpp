#include "analysis/scenario/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace musi::analysis {
namespace {

std::string parent_of(const std::string& path) {
  const std::size_t dot = path.rfind('.');
  return dot == std::string::npos ? "" : path.substr(0, dot);
}

std::string last_word(const std::string& path) {
  const std::size_t dot = path.rfind('.');
  return dot == std::string::npos ? path : path.substr(dot + 1);
}

/// `missing` is reported although the key is there under a wrong name.
bool explains(const sim::Problem& other, const sim::Problem& missing) {
  return (other.code == "unknown_key" || other.code == "wrong_unit") &&
         other.place.file == missing.place.file && other.suggestion == last_word(missing.path) &&
         parent_of(other.path) == parent_of(missing.path);
}

}  // namespace

void count_inputs(const std::vector<Variant>& variants, Plan& plan) {
  std::map<std::string, bool> inputs;  // path: has a source in every variant
  for (const Variant& v : variants) {
    plan.replicates = static_cast<std::uint64_t>(v.scenario.sampling.replicates);
    plan.seed = v.scenario.sampling.seed;
    plan.runs += plan.replicates;
    for (const models::Uncertain* input : v.scenario.uncertain_inputs()) {
      const bool sourced = !input->source.empty() && input->source != "expert_prior";
      const auto [at, added] = inputs.emplace(input->path, sourced);
      if (!added) at->second = at->second && sourced;
    }
  }
  plan.n_uncertain = inputs.size();
  for (const auto& [path, sourced] : inputs) {
    if (!sourced) plan.unsourced.push_back(path);
  }
  plan.n_unsourced = plan.unsourced.size();
}

void drop_consequences(sim::io::Problems& problems) {
  sim::io::Problems kept;
  for (const sim::Problem& p : problems.all()) {
    const bool follows = p.code == "missing_key" &&
                         std::any_of(problems.all().begin(), problems.all().end(),
                                     [&](const sim::Problem& other) { return explains(other, p); });
    if (!follows) kept.add(p);
  }
  problems = std::move(kept);
}

ReadResult read_city_folder(const std::string& path) {
  ReadResult result;
  result.file = path;
  const auto folder = find_folder(path, {});
  if (!folder) throw sim::IoError("cannot_open", fmt::format("no folder '{}'", path));
  result.city = read_city(*folder, result.inputs, result.problems);
  if (result.city) {
    result.name = result.city->city->name;
    result.plan.n_sites = result.city->city->sites.size();
    result.plan.n_synthetic_areas = result.city->n_synthetic_areas;
  }
  drop_consequences(result.problems);
  result.problems.sort();
  return result;
}

}  // namespace musi::analysis
