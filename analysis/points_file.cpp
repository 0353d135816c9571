#include "analysis/points_file.h"

#include <fmt/format.h>

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
  std::vector<const Variant*> variants;
  const std::size_t n = laboratory.n_replicates();
  for (std::size_t t = 0; t < trials.size(); ++t) {
    const Variant& v = laboratory.variant(trials[t]);
    const std::string name = fmt::format("point-{:04}", t + 1);
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

}  // namespace musi::analysis
