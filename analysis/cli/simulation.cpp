#include "analysis/cli/simulation.h"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "analysis/cli/progress.h"
#include "analysis/cli/stop_rule.h"
#include "analysis/shared_runs.h"

namespace musi::cli {

Simulated Simulation::run(Terminal& terminal, sim::Recorder& recorder,
                          const sim::Cancellation& cancellation,
                          const std::function<void()>& watch) const {
  const auto is_kept = [&](std::size_t option, std::size_t replicate) {
    return kept != nullptr && kept->has(option, replicate);
  };
  StopRule until_exact(recorder, experiment);
  std::vector<std::string> names;
  for (const analysis::Variant* v : experiment.variants()) names.push_back(v->name);
  std::size_t n_kept = 0;
  for (std::size_t o = 0; o < names.size(); ++o) {
    for (std::size_t r = 0; r < experiment.n_replicates(); ++r) n_kept += is_kept(o, r);
  }
  Progress progress(terminal, std::filesystem::path(experiment.read().file).filename().string(),
                    names, experiment.n_replicates(), n_kept);
  sim::Cancellation here;  // by the user, the time limit, or because it is exact enough
  const auto pass_on = [&] {
    if (cancellation.reason() != sim::StopReason::none) here.request(cancellation.reason());
  };
  analysis::SharedRuns runs(
      experiment,
      [&](std::size_t option, std::size_t replicate) { return !is_kept(option, replicate); },
      [&] {
        watch();
        pass_on();
      },
      &here);
  sim::RunPlan plan;
  plan.n_options = names.size();
  plan.n_replicates = experiment.n_replicates();
  plan.batch = batch;
  plan.run = [&](std::size_t option, std::size_t replicate) {
    return is_kept(option, replicate) ? kept->record(option, replicate)
                                      : runs.run(option, replicate);
  };
  Simulated simulated;
  sim::EnsembleOptions options;
  options.n_threads = n_threads;
  options.cancellation = &here;
  options.progress = [&](std::size_t n_done, std::size_t) {
    const auto at = plan.position(n_done - 1);
    simulated.n_computed += !is_kept(at.option, at.replicate);
    progress.done(at.option);
    pass_on();
    if (until_exact.n_enough() > 0) here.request(sim::StopReason::time_limit);
  };
  pass_on();
  const auto start = std::chrono::steady_clock::now();
  simulated.report = run_ensemble(plan, until_exact, options);
  simulated.n_enough = until_exact.n_enough();
  simulated.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return simulated;
}

std::string enough_text(std::size_t n_enough, std::size_t n_planned, const std::string& lang) {
  return fmt::format(
      fmt::runtime(lang == "id" ? "cukup tepat setelah {} dari {} kemungkinan (sampling.stop_early)"
                                : "exact enough after {} of {} futures (sampling.stop_early)"),
      n_enough, n_planned);
}

std::string stop_words(sim::StopReason reason, const std::string& lang) {
  const bool is_id = lang == "id";
  if (reason == sim::StopReason::time_limit) {
    return is_id ? "batas waktu tercapai" : "time limit reached";
  }
  return is_id ? "dihentikan" : "stopped";
}

}  // namespace musi::cli
