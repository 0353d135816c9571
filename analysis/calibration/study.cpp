#include "analysis/calibration/study.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/scenario/draws.h"
#include "analysis/statistics.h"
#include "models/future.h"

namespace musi::analysis::calibration {
namespace {

/// The rivals of one switch that the scenario leaves open, and which of them a future has.
struct Rivals {
  std::string name;
  std::vector<std::string> words;
  std::function<std::size_t(const models::Future&)> which;
};

std::vector<Rivals> open_switches(const models::Scenario& s) {
  std::vector<Rivals> open;
  if (s.theory == models::ParticipationTheory::sampled) {
    open.push_back({"structure.participation_theory",
                    {"logit_neighbours", "independent", "threshold"},
                    [](const models::Future& f) {
                      return static_cast<std::size_t>(f.theory()) - 1;
                    }});
  }
  if (s.private_response == models::PrivateResponse::sampled) {
    open.push_back({"structure.private_response",
                    {"crowd_in", "crowd_out"},
                    [](const models::Future& f) { return f.crowds_out() ? 1u : 0u; }});
  }
  if (s.ageing_phases == 0) {
    open.push_back({"structure.ageing_phases",
                    {"1", "2", "3", "4"},
                    [](const models::Future& f) {
                      return static_cast<std::size_t>(f.ageing_phases()) - 1;
                    }});
  }
  return open;
}

}  // namespace

Band band_of(std::span<const double> values) {
  return {quantile(values, 0.05), quantile(values, 0.5), quantile(values, 0.95)};
}

std::string draws_csv(const ReadingResult& result, const std::vector<std::string>& paths,
                      const std::function<double(std::size_t, double)>& value) {
  std::string text = draw_column;
  for (const std::size_t input : result.columns) text += "," + paths[input];
  text += "\n";
  std::size_t number = 0;
  for (const std::size_t run : result.fit.acceptance.accepted) {
    text += fmt::format("{}", ++number);
    for (const std::size_t input : result.columns) {
      const bool is_zero = result.zero_input == input;
      text += fmt::format(
          ",{}", is_zero ? 0.0 : value(input, result.fit.kept.points[run][input]));
    }
    text += "\n";
  }
  return text;
}

std::vector<StructureShare> structure_shares(const models::Scenario& scenario,
                                             const models::City& city,
                                             const std::vector<std::uint64_t>& prior,
                                             const std::vector<std::uint64_t>& accepted) {
  std::vector<StructureShare> shares;
  for (const Rivals& rivals : open_switches(scenario)) {
    const std::size_t first = shares.size();
    for (const std::string& word : rivals.words) shares.push_back({rivals.name + ": " + word});
    const auto count = [&](const std::vector<std::uint64_t>& seeds, double StructureShare::* part) {
      for (const std::uint64_t seed : seeds) {
        const models::Future future(scenario, city, seed);
        shares[first + rivals.which(future)].*part += 1.0 / static_cast<double>(seeds.size());
      }
    };
    count(prior, &StructureShare::prior);
    count(accepted, &StructureShare::accepted);
  }
  return shares;
}

}  // namespace musi::analysis::calibration
