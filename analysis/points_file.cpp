#include "analysis/points_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "analysis/levers.h"
#include "sim/core/check.h"
#include "sim/core/record_store.h"

namespace musi::analysis {
namespace {

const char* const kept[] = {"zero_year", "paid_total", "slum_area"};

std::vector<sim::SeriesInfo> infos_of(const Experiment& experiment) {
  std::vector<sim::SeriesInfo> infos;
  for (const char* name : kept) {
    for (const sim::SeriesInfo& info : experiment.series()) {
      if (info.name == name) infos.push_back(info);
    }
  }
  MUSI_EXPECT(infos.size() == std::size(kept));
  return infos;
}

/// `[{"variant": "current", "values": [["funding.scale_pct", "50"]]}]`, a point each.
std::string points_text(const Laboratory& laboratory, const std::vector<std::size_t>& trials) {
  auto points = nlohmann::ordered_json::array();
  for (const std::size_t t : trials) {
    const Trial& trial = laboratory.trial(t);
    auto values = nlohmann::ordered_json::array();
    for (const Override& value : trial.values) values.push_back({value.path, value.value});
    points.push_back({{"variant", trial.variant}, {"values", std::move(values)}});
  }
  return points.dump();
}

constexpr const char* name_of_points = "point-";

}  // namespace

void write_points(const Laboratory& laboratory, const std::vector<std::size_t>& trials,
                  const std::vector<std::string>& titles, const std::string& path,
                  const std::string& flags, bool replace) {
  MUSI_EXPECT(!trials.empty() && trials.size() == titles.size());
  const Experiment& experiment = laboratory.experiment();
  ResultInput input = experiment.result_outline();
  input.options.clear();
  input.inputs.clear();
  input.provenance.resolved_yaml.clear();
  input.provenance.flags = flags;
  input.provenance.points = points_text(laboratory, trials);
  std::vector<const Variant*> variants;
  const std::size_t n = laboratory.n_replicates();
  for (std::size_t t = 0; t < trials.size(); ++t) {
    const Variant& v = laboratory.variant(trials[t]);
    const std::string name = fmt::format("{}{:04}", name_of_points, t + 1);
    input.options.push_back({.name = name,
                             .base = v.option,
                             .level = v.level,
                             .title_en = titles[t],
                             .title_id = titles[t],
                             .kind = "sweep"});
    input.provenance.resolved_yaml += fmt::format("--- # option {}\n{}", name, v.resolved);
    variants.push_back(&v);
  }
  input.levers = levers_of(variants);
  sim::RecordStore records(infos_of(experiment), experiment.lengths(), trials.size(), n);
  for (std::size_t t = 0; t < trials.size(); ++t) {
    const Outcomes outcomes = laboratory.outcomes(trials[t]);
    MUSI_EXPECT(outcomes.n_replicates() == n);
    std::vector<std::vector<double>> series;
    for (const char* name : kept) series.push_back(outcomes.series(name));
    for (std::size_t r = 0; r < n; ++r) {
      sim::RunRecord record;
      for (const std::vector<double>& values : series) {
        const auto width = static_cast<std::ptrdiff_t>(values.size() / n);
        const auto from = values.begin() + static_cast<std::ptrdiff_t>(r) * width;
        record.series.emplace_back(from, from + width);
      }
      records.write(t, r, std::move(record));
    }
  }
  write_result(path, input, records,
               replace ? sim::io::Existing::replace : sim::io::Existing::refuse);
}

std::vector<SavedPoint> saved_points(const Results& results) {
  if (!results.has("option_kind")) return {};
  const auto kinds = results.file().texts("option_kind");
  const auto& names = results.options();
  const bool are_points = std::all_of(names.begin(), names.end(), [&](const std::string& name) {
    return name.starts_with(name_of_points);
  });
  if (!are_points || std::find(kinds.begin(), kinds.end(), "sweep") == kinds.end()) return {};
  const auto stated =
      results.has("provenance/points")
          ? nlohmann::json::parse(results.provenance_text("points"), nullptr, false)
          : nlohmann::json();
  if (!stated.is_array() || stated.size() != names.size()) {
    throw sim::IoError("not_in_result",
                       fmt::format("'{}' does not say what its points were; run `musi frontier` "
                                   "again",
                                   results.path()));
  }
  const auto titles = results.file().texts("option_title_en");
  std::vector<SavedPoint> points;
  for (std::size_t i = 0; i < names.size(); ++i) {
    SavedPoint point{.trial = {.variant = stated[i].at("variant").get<std::string>()},
                     .title = titles.at(i)};
    for (const auto& value : stated[i].at("values")) {
      point.trial.values.push_back(
          {.path = value.at(0).get<std::string>(), .value = value.at(1).get<std::string>()});
    }
    points.push_back(std::move(point));
  }
  return points;
}

}  // namespace musi::analysis
