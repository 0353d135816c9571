#include "analysis/solve.h"

#include <algorithm>
#include <cmath>

#include "analysis/scenario/variants.h"
#include "sim/core/check.h"

namespace musi::analysis {

std::vector<std::string> series_to_solve() {
  return {"zero_year", "slum_area", "start_area", "start_area_not_slum"};
}

Trials meets_wish(const SolveFor& question, const Outcomes& outcomes,
                  const std::string& definition) {
  Trials meets;
  if (question.chance_pct) {
    for (const double year : outcomes.zero_years(definition)) {
      meets.push_back(year <= question.by_year);
    }
    return meets;
  }
  const std::vector<double> area = outcomes.in_year("slum_area", question.by_year);
  const std::vector<double> listed = outcomes.series("start_area");
  const std::vector<double> below = outcomes.series("start_area_not_slum");
  for (std::size_t r = 0; r < area.size(); ++r) {
    const double start = listed[r] - below[r];
    meets.push_back(area[r] <= *question.area_pct_of_start / 100.0 * start);
  }
  return meets;
}

Solved solve(Laboratory& laboratory, const Variant& variant,
             const std::function<bool(std::size_t trial, double value)>& run,
             const std::function<void(const Lever&, double value, const Share&)>& tried) {
  MUSI_EXPECT(variant.solve.has_value());
  Solved solved;
  solved.variant = variant.name;
  solved.question = *variant.solve;
  solved.lever = lever_of(variant.solve->path, variant.solve->low, variant.solve->high);
  const std::string definition = laboratory.experiment().question().definition;
  GoalQuestion question{.low = solved.lever.low,
                        .high = solved.lever.high,
                        .step = solved.lever.step(),
                        .wanted = variant.solve->chance_pct.value_or(50.0) / 100.0};
  const EvaluateGoal evaluate = [&](double value) -> std::optional<Trials> {
    const std::size_t trial =
        laboratory.add({.variant = variant.name, .values = {solved.lever.at(value, "solved")}});
    if (!run(trial, value)) return std::nullopt;
    Trials meets = meets_wish(solved.question, laboratory.outcomes(trial), definition);
    const auto n = static_cast<std::size_t>(std::count(meets.begin(), meets.end(), 1));
    tried(solved.lever, value, share(n, meets.size()));
    return meets;
  };
  solved.answer = find_goal(question, evaluate, variant.scenario.sampling.seed);
  return solved;
}

void lay_over(ReadResult& read, const std::string& name, double value, double low, double high) {
  MUSI_EXPECT(read.maker != nullptr);
  for (Variant& v : read.variants) {
    if (v.name != name) continue;
    const Lever lever = lever_of(v.solve->path, v.solve->low, v.solve->high);
    sim::io::Problems problems;
    Variant found = read.maker->make(name, {lever.at(value, "solved")}, *read.city, problems);
    problems.throw_if_errors();
    found.solved = SolvedValue{value, low, high};
    v = std::move(found);
    return;
  }
  throw sim::ContractError("no variant is called '" + name + "'");
}

}  // namespace musi::analysis
