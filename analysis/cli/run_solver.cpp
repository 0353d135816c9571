#include "analysis/cli/run_solver.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "analysis/cli/progress.h"
#include "analysis/cli/resume.h"

namespace musi::cli {
namespace {

std::string value_text(const analysis::Variant& v, double value) {
  return analysis::lever_of(v.solve->path, v.solve->low, v.solve->high).text(value);
}

/// Takes over what an earlier run left, or starts anew. InputError `cannot_resume`.
void open_folder(analysis::Laboratory& laboratory, const std::string& folder, bool resume) {
  refuse_changes(folder, laboratory.keep_in(folder, {{"what", "solve_for"}}, resume));
}

}  // namespace

bool SolvedLevers::all_reached() const {
  return std::all_of(levers.begin(), levers.end(),
                     [](const analysis::Solved& s) { return s.answer.is_reachable; });
}

std::vector<std::string> to_solve(const analysis::ReadResult& read,
                                  const std::vector<std::string>& options) {
  std::vector<std::string> names;
  for (const analysis::Variant& v : read.variants) {
    const bool is_chosen = options.empty() ||
                           std::find(options.begin(), options.end(), v.name) != options.end() ||
                           std::find(options.begin(), options.end(), v.option) != options.end();
    if (v.solve && is_chosen) names.push_back(v.name);
  }
  return names;
}

SolvedLevers solve_levers(Terminal& terminal, const RunFlags& flags, analysis::ReadResult& read,
                          const std::string& folder, const sim::Cancellation& cancellation,
                          const std::function<void()>& watch) {
  SolvedLevers result;
  Progress* progress = nullptr;
  analysis::LaboratoryOptions options;
  options.series = analysis::series_to_solve();
  options.n_threads = flags.n_threads();
  options.cancellation = &cancellation;
  options.each_future = [&](std::size_t) {
    if (progress != nullptr) progress->done(0);
    watch();
  };
  analysis::Laboratory laboratory(read, options);
  open_folder(laboratory, folder, flags.resume);
  const std::string file = std::filesystem::path(read.file).filename().string();
  for (const std::string& name : to_solve(read, flags.options)) {
    const auto variant = std::find_if(read.variants.begin(), read.variants.end(),
                                      [&](const analysis::Variant& v) { return v.name == name; });
    const auto run = [&](std::size_t trial, double value) {
      Progress shown(terminal, file, {fmt::format("{} {}", name, value_text(*variant, value))},
                     laboratory.n_replicates(), 0, "solve");
      progress = &shown;
      const bool is_done = laboratory.run(trial, laboratory.n_replicates());
      progress = nullptr;
      return is_done;
    };
    const auto tried = [&](const analysis::Lever& lever, double value,
                           const analysis::Share& chance) {
      terminal.event("evaluation",
                     fmt::format("\"option\":{},\"values\":{{{}:{}}},\"chance_pct\":{:.6g},"
                                 "\"error_pct\":{:.6g}",
                                 json_text(name), json_text(lever.path), lever.text(value),
                                 100.0 * chance.estimate, 100.0 * chance.half_width));
      terminal.note(fmt::format("{} {}: {} = {}: {:.0f} % ± {:.0f}", clock_text(terminal.seconds()),
                                name, lever.path, lever.text(value), 100.0 * chance.estimate,
                                std::max(1.0, std::round(100.0 * chance.half_width))));
    };
    result.levers.push_back(solve(laboratory, *variant, run, tried));
    if (result.levers.back().answer.is_stopped) {
      result.is_stopped = true;
      break;
    }
  }
  result.n_computed = laboratory.n_computed();
  result.n_kept = laboratory.n_kept();
  if (result.is_stopped) return result;
  for (const analysis::Solved& s : result.levers) {
    const bool found = s.answer.is_reachable;
    lay_over(read, s.variant, s.value(), found ? s.answer.low : NAN, found ? s.answer.high : NAN);
  }
  return result;
}

std::string solved_text(const analysis::ReadResult& read, const std::string& lang) {
  const bool is_id = lang == "id";
  std::string text;
  for (const analysis::Variant& v : read.variants) {
    if (!v.solved) continue;
    const std::string& path = v.solve->path;
    const std::string value = value_text(v, v.solved->value);
    if (std::isnan(v.solved->low)) {
      text +=
          is_id
              ? fmt::format(
                    " {}: tidak ada {} dari {} sampai {} yang cukup; dijalankan "
                    "dengan yang terbaik, {}.\n",
                    v.name, path, value_text(v, v.solve->low), value_text(v, v.solve->high), value)
              : fmt::format(
                    " {}: no {} from {} to {} is enough; it was run with the best, "
                    "{}.\n",
                    v.name, path, value_text(v, v.solve->low), value_text(v, v.solve->high), value);
      continue;
    }
    text += fmt::format(fmt::runtime(is_id ? " {} memerlukan {} = {} (rentang 90 % {} sampai {}).\n"
                                           : " {} needs {} = {} (90 % range {} to {}).\n"),
                        v.name, path, value, value_text(v, v.solved->low),
                        value_text(v, v.solved->high));
  }
  return text;
}

std::string solved_json(const analysis::Variant& v) {
  if (!v.solved) return "";
  const bool found = !std::isnan(v.solved->low);
  return fmt::format(
      ",\"solved\":{{\"path\":{},\"value\":{},\"low\":{},\"high\":{},\"reachable\":{}}}",
      json_text(v.solve->path), value_text(v, v.solved->value),
      found ? fmt::format("{:.10g}", v.solved->low) : "null",
      found ? fmt::format("{:.10g}", v.solved->high) : "null", found);
}

}  // namespace musi::cli
