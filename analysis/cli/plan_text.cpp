#include "analysis/cli/plan_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "analysis/cli/terminal.h"
#include "analysis/headline.h"

namespace musi::cli {
namespace {

using analysis::Experiment;
using analysis::number_text;

std::string count(double n, const std::string& lang) { return number_text(n, 0, lang); }
std::string count(std::size_t n, const std::string& lang) {
  return count(static_cast<double>(n), lang);
}

std::string base_name(const std::string& path) {
  return std::filesystem::path(path).filename().string();
}

/// "59 sites, 1,412 RT, 56,100 households"; what a city does not state is drawn and left out here.
std::string city_words(const Experiment& experiment, const std::string& lang) {
  const auto& sites = experiment.read().city->city->sites;
  double rt = 0.0, households = 0.0;
  bool has_rt = true, has_households = true;
  for (const models::SiteFacts& site : sites) {
    has_rt = has_rt && site.n_rt > 0;
    has_households = has_households && site.households > 0;
    rt += site.n_rt;
    households += site.households;
  }
  const bool is_id = lang == "id";
  std::string text = fmt::format("{} {}", sites.size(), is_id ? "lokasi" : "sites");
  if (has_rt) text += fmt::format(", {} RT", count(rt, lang));
  if (has_households) {
    text += fmt::format(", {} {}", count(households, lang), is_id ? "rumah tangga" : "households");
  }
  return text;
}

/// "8 options x 500 futures".
std::string size_words(const Experiment& experiment, const std::string& lang) {
  const std::size_t n = experiment.variants().size();
  const bool is_id = lang == "id";
  return fmt::format("{} {} x {} {}", n,
                     is_id    ? "opsi"
                     : n == 1 ? "option"
                              : "options",
                     count(experiment.n_replicates(), lang), is_id ? "kemungkinan" : "futures");
}

std::string thread_words(std::size_t n, const std::string& lang) {
  return fmt::format("{} {}", n, lang == "id" ? "utas" : n == 1 ? "thread" : "threads");
}

std::string duration_words(double seconds, const std::string& lang) {
  const bool is_id = lang == "id";
  if (seconds < 1.0) return is_id ? "di bawah 1 detik" : "under a second";
  if (seconds < 90.0) return fmt::format("{:.0f} {}", seconds, is_id ? "detik" : "s");
  if (seconds < 5400.0) return fmt::format("{:.0f} {}", seconds / 60.0, is_id ? "menit" : "min");
  return fmt::format("{:.1f} {}", seconds / 3600.0, is_id ? "jam" : "h");
}

std::string mib_words(double mib, const std::string& lang) {
  return number_text(mib < 10.0 ? std::ceil(mib) : mib, 0, lang) + " MiB";
}

}  // namespace

std::string plan_text(const Experiment& experiment, std::size_t n_threads,
                      const std::string& lang) {
  const bool is_id = lang == "id";
  const models::Scenario& s = experiment.variants().front()->scenario;
  std::string text = base_name(experiment.read().file);
  for (const std::string& base : experiment.read().extends) {
    text += fmt::format("  {} {}", is_id ? "memperluas" : "extends", base_name(base));
  }
  return text + fmt::format("   {}\n{}, {} {}-{}   {} {}   {}", city_words(experiment, lang),
                            size_words(experiment, lang), is_id ? "bulanan" : "monthly",
                            s.clock.start_year, s.clock.end_year, is_id ? "benih" : "seed",
                            s.sampling.seed, thread_words(n_threads, lang));
}

std::string plan_line(const Experiment& experiment, std::size_t n_threads,
                      const std::string& lang) {
  return fmt::format("{}: {}, {} {}, {}", base_name(experiment.read().file),
                     size_words(experiment, lang), lang == "id" ? "benih" : "seed",
                     experiment.variants().front()->scenario.sampling.seed,
                     thread_words(n_threads, lang));
}

std::string cost_text(const Experiment& experiment, std::size_t n_threads,
                      const std::string& lang) {
  const bool is_id = lang == "id";
  const analysis::Estimate e = experiment.estimate(n_threads);
  const analysis::Plan& plan = experiment.read().plan;
  return fmt::format(
      fmt::runtime(is_id ? "{} kali jalan, sekitar {}; memori sekitar {}, berkas hasil sekitar {}\n"
                           "{} masukan tak pasti, {} tanpa sumber"
                         : "{} runs, about {}; about {} of memory, result file about {}\n"
                           "{} uncertain inputs, {} without source"),
      count(experiment.n_runs(), lang), duration_words(e.seconds, lang),
      mib_words(e.memory_mib, lang), mib_words(e.file_mib, lang), plan.n_uncertain,
      plan.n_unsourced);
}

/// Searches and early stops make the number of runs a guess.
bool is_exact(const Experiment& experiment) {
  const auto& variants = experiment.variants();
  return !experiment.read().stop_half_width_pct &&
         std::none_of(variants.begin(), variants.end(),
                      [](const auto* v) { return v->solve.has_value(); });
}

std::string plan_fields(const Experiment& experiment, std::size_t n_threads) {
  const analysis::Estimate e = experiment.estimate(n_threads);
  const analysis::Plan& plan = experiment.read().plan;
  return fmt::format(
      "\"file\":{},\"options\":{},\"levels\":{},\"sweep_points\":{},\"replicates\":{},\"runs\":{},"
      "\"runs_exact\":{},\"memory_mib\":{:.0f},\"file_mib\":{:.1f},\"guess_s\":{:.1f},"
      "\"seed\":{}",
      json_text(experiment.read().file), plan.n_options, plan.n_levels, plan.n_sweep_points,
      experiment.n_replicates(), experiment.n_runs(), is_exact(experiment), e.memory_mib,
      e.file_mib, e.seconds, experiment.variants().front()->scenario.sampling.seed);
}

}  // namespace musi::cli
